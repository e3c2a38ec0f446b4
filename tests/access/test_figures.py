"""Nobody's figures count what they may not see: every figure of every page, report and endpoint, person by person.

What a person is told is held, byte for byte, against what they are told once all that they may not see has been taken
out of the database.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from gates.models import Initiative
from readiness.portfolio.behind import QUESTIONS as UNDERSTOOD
from readiness.portfolio.behind import found_behind
from readiness.portfolio.scope import Scope
from readiness.reports import making
from tests.access.cast import EVERYBODY, OUTSIDE
from tests.access.figures import (
    ENDPOINTS,
    FILTERS,
    NARROWED,
    PAGES,
    QUESTIONS,
    Told,
    kept_as_html,
    parts_of,
    reported,
    shared_view,
    told_at,
)
from tests.access.hanging import hanging_on_one
from tests.access.portfolios import AT, OTHERS, PORTFOLIOS, SEES, TODAY, Portfolios, found, without
from tests.built_once import built_once

# One worker has them all: the world is built once.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("figures")]

OUTSIDERS = [who for who in EVERYBODY if SEES[who] != set(PORTFOLIOS)]
INSIDERS = [who for who in EVERYBODY if SEES[who] == set(PORTFOLIOS)]
EACH_KIND = (*PAGES, *ENDPOINTS)
SIGN_IN = ("302", "401")

Honest = Callable[[str], Told]

NO_FIGURES = {
    "published": "what others published, as quoted",
    "What others have published": "the same in the report",
    "How to read on": "where the report's figures lead",
    "symptoms": "on the page of causes: the names of the symptoms, whose figures stand on their own page",
    "A new report": "a form",
    "My reports": "the files of the person themselves",
    "Each month by mail": "a form",
}
"""Parts of pages and reports that say the same whatever there is, and why."""
THEIR_OWN = {"waits", "Your initiatives"}
OF_ALL = {"Running", "Stalled"}
"""Parts of home: what speaks of a person's own initiatives, and what everybody is told of all they may see."""


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Portfolios]:
    """The present stands still. What would be laid out as a PDF is kept as it is, and so can be read."""
    with pytest.MonkeyPatch.context() as still, django_db_blocker.unblock():
        still.setattr(timezone, "now", lambda: AT)
        still.setattr(making, "_lay_out", kept_as_html)
        with built_once(found) as portfolios:
            yield portfolios


def told(scene: Portfolios, who: str) -> Told:
    """Everything that every door tells this person."""
    said = told_at(scene, who, (*EACH_KIND, *NARROWED))
    if who in OUTSIDE:
        return said
    return said | reported(scene.cast, who, AT) | {"a shared view": shared_view(scene, who)}


@pytest.fixture(scope="module")
def honest(scene: Portfolios) -> Callable[[str], Told]:
    """What everybody is told while all there is stands there, asked once."""
    return cache(partial(told, scene))


def of_everybody(part: str, words: str) -> str:
    """A part of a page without what it says of the reader: of the decisions, which are theirs and so stand first."""
    if part != "decide":
        return words
    said = re.sub(r"(?:\d+|none) of which waits? for you", "", words)
    said = re.sub(r"You decide\.|\w+ was named to decide; you may as well\.|\w+ decides\.", "", said)
    return " ".join(sorted(word for word in said.split() if word != "yours"))


def differing(one: Told, other: Told) -> set[str]:
    assert one.keys() == other.keys()
    return {door for door in one if one[door] != other[door]}


@pytest.mark.parametrize("who", OUTSIDERS)
def test_what_one_may_not_see_counts_in_no_figure(scene: Portfolios, honest: Honest, who: str) -> None:
    before = honest(who)
    with without(scene.hidden_from(who)):
        assert differing(before, told(scene, who)) == set()
    refused = {door for door, said in before.items() if said.startswith(SIGN_IN)}
    assert refused == (set(before) if who in OUTSIDE else set())


@pytest.mark.parametrize("who", [who for who in INSIDERS if who != "elsa"])
def test_who_sees_all_is_told_one_and_the_same(scene: Portfolios, honest: Honest, who: str) -> None:
    pages = [door for door in PAGES if not door.name.startswith("symptom ")]
    hers, theirs = honest("elsa"), told_at(scene, who, (*pages, *ENDPOINTS))
    for door in pages:
        figures, others = (parts_of(said[door.name]) for said in (hers, theirs))
        for part in OF_ALL if door.name == "home" else figures.keys() - NO_FIGURES.keys():
            told_them, told_her = (said[part].replace(who.capitalize(), "Elsa") for said in (others, figures))
            assert of_everybody(part, told_them) == of_everybody(part, told_her), (door.name, part)
    for door in ENDPOINTS:
        assert theirs[door.name] == hers[door.name], door.name


def test_every_figure_counts_for_who_sees_all(scene: Portfolios, honest: Honest) -> None:
    """Else the tests above would be content with figures that nothing can change: each part of each page moves."""
    before = honest("elsa")
    with without(scene.of[OTHERS]):
        after = told(scene, "elsa")
    assert set(before) - differing(before, after) == set()
    still = {
        (door, part)
        for door in (*(page.name for page in PAGES), "report pdf", "monthly mail")
        for part, words in parts_of(before[door]).items()
        if words == parts_of(after[door]).get(part)
    }
    meanings = {
        (door, part) for door, part in still if door == "portfolio-causes" and part.startswith("cause-")
    }
    own = {(door, part) for door, part in still if door == "home" and part in THEIR_OWN}
    assert {part for _door, part in still - meanings - own} <= NO_FIGURES.keys()
    narrowed = {door.name for door in NARROWED if not door.url.startswith("/api/")}
    assert {door for door in narrowed if parts_of(before[door]) == parts_of(after[door])} == set()
    for door in ("api-portfolio", "api-symptoms", "api-money", "api-survival"):
        documents = (json.loads(said[door].split("\n", 2)[2]) for said in (before, after))
        one, other = documents
        same = {key for key in one if one[key] == other[key]}
        assert same <= {"from", "to", "as_of", "currency"}, door


@pytest.mark.parametrize("who", [who for who in OUTSIDERS if who not in OUTSIDE])
def test_a_figure_that_counts_all_there_is_would_be_seen(
    scene: Portfolios, honest: Honest, seen_by_rule: Callable[[Any], None], who: str
) -> None:
    """On every page, in every report and by every endpoint somebody would be told of what is hidden from them."""
    right = honest(who)
    seen_by_rule(lambda rows, user: rows)
    leaking = told_at(scene, who, EACH_KIND) | (reported(scene.cast, who, AT) if who == "omar" else {})
    assert {door for door, said in leaking.items() if said == right[door]} == set()


def test_what_is_taken_away_leaves_no_row(scene: Portfolios) -> None:
    gone = scene.hidden_from("nils")
    rows: Any = [model._base_manager.filter(**{f"{path}__in": gone}) for model, path in hanging_on_one()]
    assert sum(each.exists() for each in rows) > 20
    with without(gone):
        assert [each.model.__name__ for each in rows if each.exists()] == []
    assert sum(each.exists() for each in rows) > 20


def test_no_filter_and_no_question_is_left_out(scene: Portfolios) -> None:
    assert set(FILTERS) == set(Scope.__dataclass_fields__)
    assert {asked.partition(":")[0] for asked in QUESTIONS} == set(UNDERSTOOD)
    answers = {asked: found_behind(Initiative.objects.all(), asked, TODAY) for asked in QUESTIONS}
    assert [asked for asked, answer in answers.items() if answer is None or not answer.rows.exists()] == []
