"""Sentences that know what they are made of: English at heart, kept with their parts, said in other languages."""

import copy
import json
import pickle
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from checklists.said import Said, capitalised, content, joined, listed, restored, said, said_of, stored_parts
from gates.promises import Comparator, criterion_words
from readiness.ui import saying
from readiness.ui.saying import say
from tests import pseudo

DAY = date(2026, 5, 3)
MET = said("Met")
GATE = said("the {name} gate", name=content("Data"))
SENTENCES = [
    (said("Every critical item is Met."), "Every critical item is Met."),
    (said("{given} counts instead.", given=MET), "Met counts instead."),
    (
        said("the automated check was good until {day}", day=DAY),
        "the automated check was good until 3 May 2026",
    ),
    (said_of("for {count} week", "for {count} weeks", 1), "for 1 week"),
    (said_of("for {count} week", "for {count} weeks", 4), "for 4 weeks"),
    (capitalised(said("{gate} is locked.", gate=GATE)), "The Data gate is locked."),
    (joined([said("Met"), "{not} a part", ""], ", "), "Met, {not} a part, "),
    (listed(["Ada", "Bob", MET]), "Ada, Bob and Met"),
    (said("{value} % on {day}", value=Decimal("40.00"), day=DAY), "40 % on 3 May 2026"),
]


@pytest.fixture
def _made_up(settings: Any, tmp_path: Path) -> Iterator[None]:
    pseudo.write(tmp_path)
    settings.LANGUAGES = [("en", "English"), (pseudo.LANGUAGE, "Made up"), ("de", "Deutsch")]
    settings.LOCALE_PATHS = [tmp_path]
    saying._contents.cache_clear()
    with translation.override(pseudo.LANGUAGE):
        yield
    saying._contents.cache_clear()


@pytest.mark.parametrize(("sentence", "english"), SENTENCES)
def test_its_value_is_the_english_sentence(sentence: str, english: str) -> None:
    assert sentence == english
    assert json.loads(json.dumps({"message": sentence})) == {"message": english}
    with translation.override("en"):
        assert say(sentence) == english


@pytest.mark.parametrize(("sentence", "english"), SENTENCES)
def test_it_comes_back_with_its_parts(sentence: str, english: str) -> None:
    kept = json.loads(json.dumps(stored_parts(sentence)))
    for again in (restored(english, kept), copy.deepcopy(sentence), pickle.loads(pickle.dumps(sentence))):  # noqa: S301
        assert isinstance(again, Said)
        assert again == english
        assert again.stored() == kept


@pytest.mark.parametrize(
    "kept",
    [
        None, {}, [], "x", {"template": 1}, {"template": "another"}, {"template": "{gone}", "parts": {"other": 1}},
        {"template": "{day}", "parts": {"day": {"day": "yesterday"}}}, {"template": "{"}, {"template": "x", "parts": 3},
    ],
)  # fmt: skip
def test_parts_that_do_not_make_it_leave_the_text_alone(kept: object) -> None:
    again = restored("As it was.", kept)
    assert again == "As it was."
    assert not isinstance(again, Said)


@pytest.mark.usefixtures("_made_up")
def test_it_is_said_in_the_readers_language_part_by_part() -> None:
    assert say(said("{given} counts instead.", given=MET)) == "⟦Met⟧⟦ counts instead.⟧"
    assert say(said_of("for {count} week", "for {count} weeks", 4)) == "⟦for ⟧4⟦ weeks⟧"
    assert say(content("Source quality proven")) == "⟦Source quality proven⟧"
    assert say(content("What we call it here")) == "What we call it here"
    assert say(joined([MET, "typed by a person"], ", ")) == "⟦Met⟧, typed by a person"
    assert say("An older row.") == "An older row."
    assert say(None) is None
    words = criterion_words("Use", "%", Comparator.UNDER, Decimal("1250.5"), 28, "")
    assert say(words) == "Use⟦ under ⟧1,250.5 % ⟦for ⟧4⟦ weeks⟧"


def test_a_number_is_kept_alike_however_many_zeros_it_came_with() -> None:
    kept = [said("{value} %", value=Decimal(number)).stored() for number in ("30", "30.0000", "3E+1")]
    assert kept == [{"template": "{value} %", "parts": {"value": {"number": "30"}}}] * 3


def test_days_and_numbers_in_it_are_those_of_the_language() -> None:
    sentence = said("{value} % on {day}", value=Decimal("84000.5"), day=DAY)
    with translation.override("de"):
        assert say(sentence) == "84.000,5 % am 3. Mai 2026"


@pytest.mark.parametrize("translated", ["{nobody} was here", "{", "{0}"])
def test_a_broken_translation_falls_back_to_english(monkeypatch: pytest.MonkeyPatch, translated: str) -> None:
    monkeypatch.setattr(translation, "gettext", lambda _text: translated)
    assert say(said("{name} is away.", name="Ada")) == "Ada is away."
