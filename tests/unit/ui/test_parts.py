"""Components refuse what does not exist, so that a typo fails a test and not a page."""

import re

import pytest

from readiness.ui.icons import ICONS
from readiness.ui.parts import TONE_ICONS, Entry, Link, Step, Tone, icon_of, parts, tone_of
from tests.unit.ui.colours import STATIC


def test_the_sprite_and_the_list_of_icons_agree() -> None:
    symbols = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    assert symbols - {"logo"} == set(ICONS)


def test_every_tone_has_an_icon_of_its_own_shape_for_what_must_not_be_confused() -> None:
    assert set(TONE_ICONS) == set(Tone)
    telling = [TONE_ICONS[tone] for tone in (Tone.GOOD, Tone.WARNING, Tone.CRITICAL, Tone.INFO, Tone.MUTED)]
    assert len(set(telling)) == len(telling)


def test_an_unknown_tone_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(ValueError, match="'purple' is no tone; there are neutral, muted"):
        tone_of("purple")


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(ValueError, match="'unicorn' is no icon"):
        icon_of("unicorn")


def test_an_icon_left_to_its_tone_is_drawn_with_it() -> None:
    assert Step(name="a", status="b", tone="good").icon == "check"
    assert Step(name="a", status="b", tone="good", icon="lock").icon == "lock"
    assert Step(name="a", status="b", tone="good", icon="").icon == ""


def test_parts_come_as_dicts_or_as_themselves() -> None:
    link = Link(label="Home")
    assert parts(Link, [link, {"label": "Home"}]) == [link, link]


def test_a_misspelt_key_is_refused() -> None:
    with pytest.raises(TypeError, match="subtitel"):
        parts(Entry, [{"title": "a", "subtitel": "b"}])
