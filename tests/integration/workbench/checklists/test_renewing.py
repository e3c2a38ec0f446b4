"""Evidence that runs out: what its card says, and how it is renewed."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from checklists.models import Evidence
from gates.models import Initiative
from gates.stages import Stage
from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.actions.answers import AnswerChange, record_answers, withdraw_evidence
from readiness.actions.pieces import Piece
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from tests.fixtures import pages, today
from tests.integration.workbench.markup import Node, complaints, read

MAX_AGE = 60  # of DATA-1, in days, as the framework says
HTMX = {"hx-request": "true"}
LESSON = {"tried": "Sorting by layout.", "did_not_work": "Layouts change.", "outcome": "decided"}


def give(initiative: Initiative, by: User, age: int = 0, kind: str = "link", **more: Any) -> Evidence:
    given = {"title": f"Report of {age} days ago"} | (
        {"url": "https://wiki.example.com/report"} if kind == "link" else {"stated_by": "Marta, head of data"}
    )
    piece = Piece(kind, today() - timedelta(days=age), **(given | more))
    record_answers(initiative.pk, [AnswerChange("DATA-1", evidence=(piece,))], Actor.person(by), clock.now())
    return Evidence.objects.filter(assessment__passage__initiative=initiative).latest("pk")


def card(initiative: Initiative, by: User) -> Node:
    return read(pages(by).get(f"/initiatives/{initiative.ref}/checklist/data/")).by_id("DATA-1-pieces")


def renewable(shown: Node) -> list[str]:
    return [node.attrs["href"] for node in shown.all("a") if node.text.startswith("Renew")]


def path(initiative: Initiative, piece: Evidence) -> str:
    return f"/initiatives/{initiative.ref}/evidence/{piece.pk}/renew/"


@pytest.mark.parametrize(
    ("age", "words", "allows", "asked"),
    [
        (MAX_AGE - 15, "Good for 15 more days", "Allows Met", False),
        (MAX_AGE - 14, "Good for 14 more days", "Allows Met", True),
        (MAX_AGE, "Good today for the last day", "Allows Met", True),
        (MAX_AGE + 1, "Ran out 1 day ago", "Allows Partial", True),
        (2 * MAX_AGE, "Ran out 60 days ago", "Allows Partial", True),
        (2 * MAX_AGE + 1, "Ran out 61 days ago", "Allows Not met", True),
    ],
)
def test_a_piece_says_for_how_long_it_holds_and_is_renewed_where_it_ends_soon(
    initiative: Initiative, lena: User, age: int, words: str, allows: str, asked: bool
) -> None:
    piece = give(initiative, lena, age)
    shown = card(initiative, lena)
    assert words in shown.text and allows in shown.text
    assert [href.split("#")[0] for href in renewable(shown)] == ([path(initiative, piece)] if asked else [])


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_the_days_that_are_left_are_those_of_the_organisation(
    initiative: Initiative, lena: User, zone: str
) -> None:
    """The two zones never have the same day."""
    ends = today() + timedelta(days=10)
    give(initiative, lena, age=5, expires_on=ends)
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": zone})
    left = (ends - clock.day_in(ZoneInfo(zone), clock.now())).days
    assert f"Good for {left} more days" in card(initiative, lena).text


def test_where_another_piece_holds_for_long_nothing_is_to_be_renewed(
    initiative: Initiative, lena: User
) -> None:
    give(initiative, lena, MAX_AGE + 1)
    assert len(renewable(card(initiative, lena))) == 1
    withdrawn = give(initiative, lena, 0)
    assert renewable(card(initiative, lena)) == []
    withdraw_evidence(initiative.pk, withdrawn.pk, Actor.person(lena), clock.now())
    assert len(renewable(card(initiative, lena))) == 1


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_renewing_opens_the_form_with_the_same_address_for_today(
    initiative: Initiative, lena: User, htmx: bool
) -> None:
    piece = give(initiative, lena, MAX_AGE + 1)
    page = read(pages(lena).get(path(initiative, piece), headers=HTMX if htmx else {}))
    form = page if htmx else page.by_id("DATA-1-add")
    values = {
        name: form.one("input", name=name).attrs.get("value", "")
        for name in ("url", "title", "effective_on", "expires_on")
    }
    assert values == {"url": piece.url, "title": piece.title, "effective_on": str(today()), "expires_on": ""}
    assert "autofocus" in form.one("input", name="url").attrs
    assert htmx or complaints(page) == []
    sent = {"kind": "link", "version": "1"} | values
    pages(lena).post(f"/initiatives/{initiative.ref}/answers/DATA-1/evidence/", sent)
    assert Evidence.objects.filter(assessment__passage__initiative=initiative).count() == 2
    assert renewable(card(initiative, lena)) == []


def test_from_home_and_the_next_action_one_lands_at_the_form_with_what_the_last_piece_says(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    give(initiative, lena, 3 * MAX_AGE, url="https://wiki.example.com/old")
    piece = give(initiative, lena, MAX_AGE + 1)
    record_answers(initiative.pk, [AnswerChange("DATA-1", "met")], Actor.person(lena), clock.now())
    place = f"/initiatives/{initiative.ref}/checklist/data/?renew=DATA-1#DATA-1-add"
    assert read(pages(lena).get("/")).links_to(place)
    assert read(pages(lena).get(f"/initiatives/{initiative.ref}/")).links_to(place)
    page = read(pages(lena).get(place.split("#")[0]))
    form = page.by_id("DATA-1-add")
    assert complaints(page) == []
    told = [form.one("input", name=name).attrs["value"] for name in ("url", "title", "effective_on")]
    assert told == [piece.url, piece.title, str(today())]
    assert "Renewing" not in page.by_id("DATA-2-add").text
    for asked in ("DATA-2", "NOPE", ""):
        assert "Renewing" not in read(pages(lena).get(f"{place.split('?')[0]}?renew={asked}")).text
    reader = read(pages(ravi).get(place.split("#")[0]))
    assert reader.by_id("DATA-1-add").text == ""


def test_a_statement_is_renewed_in_its_words(initiative: Initiative, lena: User) -> None:
    piece = give(initiative, lena, MAX_AGE + 1, kind="statement")
    form = read(pages(lena).get(path(initiative, piece))).by_id("DATA-1-add")
    assert form.chosen("kind") == "statement"
    assert form.one("textarea", name="statement").text == piece.title
    assert form.one("input", name="stated_by").attrs["value"] == "Marta, head of data"


def test_who_only_reads_is_not_asked_to_renew(initiative: Initiative, lena: User, ravi: User) -> None:
    piece = give(initiative, lena, MAX_AGE + 1)
    assert renewable(card(initiative, ravi)) == []
    assert pages(ravi).get(path(initiative, piece)).status_code == 403


def test_on_an_ended_initiative_nothing_counts_down(initiative: Initiative, lena: User) -> None:
    piece = give(initiative, lena, MAX_AGE - 3)
    move_stage(initiative.pk, Stage.STOPPED, Actor.person(lena), clock.now(), "", LESSON)
    assert "Good for" not in card(initiative, lena).text
    assert pages(lena).get(path(initiative, piece)).headers["Location"] == f"/initiatives/{initiative.ref}/"
