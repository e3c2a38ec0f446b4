"""WCAG 2.2 AA over the pairs of tokens that stand on each other: 4.5 for text, 3 for what is not text."""

import re

import pytest

from readiness.ui.parts import Tone
from tests.unit.ui.colours import STATIC, THEMES, contrast, mixed, tokens

GROUNDS = ("bg", "surface", "raised", "sunken", "hover")
TEXT, SHAPE = 4.5, 3.0
COLOURS = tokens()

TEXT_ON_GROUND = [(text, ground) for text in ("text", "text-soft", "text-faint") for ground in GROUNDS]
TONE_TEXT = [(f"{tone}-text", ground) for tone in Tone for ground in (*GROUNDS, f"{tone}-soft")]
ON_SOLID = [(f"{tone}-on", f"{tone}-solid") for tone in Tone] + [("accent-on", "accent-press")]
TEXT_ON_SOFT = [(text, f"{tone}-soft") for tone in Tone for text in ("text", "text-soft")]
SHAPES = [(f"{tone}-solid", ground) for tone in Tone for ground in ("surface", "bg")]
SHAPES += [(f"series-{number}", "surface") for number in range(1, 7)]
SHAPES += [("control-line", ground) for ground in ("surface", "bg")]
SHAPES += [("focus", ground) for ground in GROUNDS]


def test_black_on_white_is_21_and_a_colour_on_itself_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#4a51c9", "#4a51c9") == 1


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND + TONE_TEXT + ON_SOLID + TEXT_ON_SOFT)
def test_text_can_be_read_on_its_ground(theme: str, text: str, ground: str) -> None:
    assert contrast(COLOURS[theme][text], COLOURS[theme][ground]) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_and_controls_stand_out_from_their_ground(theme: str, shape: str, ground: str) -> None:
    assert contrast(COLOURS[theme][shape], COLOURS[theme][ground]) >= SHAPE


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("tone", Tone)
def test_figures_can_be_read_at_every_intensity_of_a_heat_map(theme: str, tone: Tone) -> None:
    css = (STATIC / "components" / "chart_heat_map.css").read_text()
    percents = [int(found) for found in re.findall(r"var\(--tone-solid\) (\d+)%, var\(--surface\)", css)]
    assert len(percents) == 4
    colours = COLOURS[theme]
    for percent in percents:
        ground = mixed(colours[f"{tone}-solid"], colours["surface"], percent)
        assert contrast(colours["text"], ground) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
def test_the_initials_of_a_person_can_be_read(theme: str) -> None:
    colours = COLOURS[theme]
    for number in range(1, 7):
        series = colours[f"series-{number}"]
        ground = mixed(series, colours["surface"], 16)
        assert contrast(mixed(series, colours["text"], 55), ground) >= TEXT


def test_no_style_sheet_but_the_tokens_names_a_colour() -> None:
    for sheet in STATIC.rglob("*.css"):
        if sheet.name not in ("tokens.css", "print.css"):
            assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(|hsl\(", sheet.read_text()), sheet.name


def test_every_custom_property_that_is_used_is_defined() -> None:
    sheets = [sheet.read_text() for sheet in STATIC.rglob("*.css")]
    defined = {name for sheet in sheets for name in re.findall(r"(--[\w-]+):", sheet)}
    used = {name for sheet in sheets for name in re.findall(r"var\((--[\w-]+)", sheet)}
    assert used - defined == set()
