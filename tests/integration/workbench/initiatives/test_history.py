"""What happened, in words: every kind of event there is, and pages of them."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

import readiness
from checklists.models import Item
from gates.models import Condition, Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.conditions import keep_condition
from readiness.actions.gates import decide_gate, submit_gate
from readiness.actions.initiatives import edit_initiative
from readiness.actions.pieces import Piece
from readiness.actions.spending import set_spending
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.standing.recompute import recompute_batch
from readiness.workbench.initiatives.history import entry, recent
from readiness.workbench.initiatives.sayings import VERBS, said
from tests.fixtures import answer_all, create, pages, pass_gate, person, promise
from tests.integration.workbench.initiatives.scenes import LONG, SCRIPT, overrun
from tests.integration.workbench.initiatives.test_page import in_every_trouble
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db


CALLS = r'(?:record\(|finish\(|append\(|Deed\(|_save\()[^"]*?"([a-z_]+\.[a-z_]+)"'


def history(initiative: Initiative, by: User, query: str = "") -> Node:
    response = pages(by).get(f"/initiatives/{initiative.ref}/history/{query}")
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def lines(page: Node) -> list[str]:
    return [line.text for line in page.one("ol", class_="timeline").all("li")]


def last_said(initiative: Initiative) -> Any:
    return entry(recent(initiative, 1)[0])


def test_every_kind_of_event_that_the_product_records_has_words() -> None:
    """A verb that is written somewhere in the code and not known here would be shown by its name."""
    written = set()
    for file in Path(readiness.__file__).parent.rglob("*.py"):
        if "migrations" not in file.parts and file.name != "sayings.py":
            text = file.read_text(encoding="utf-8")
            for call in re.finditer(CALLS, text):
                if "FieldError" not in call[0]:
                    written.add(call[1])
    assert len(written) > 25
    assert written <= VERBS, written - VERBS


def test_one_that_is_not_known_is_named_by_its_verb() -> None:
    assert said("robot.danced", {}).title == "Robot danced"


def test_everything_that_happened_is_told_without_a_gap(lena: User, ravi: User) -> None:
    """Whatever acts and rules have written can be read, and none of it as data."""
    in_every_trouble(lena, ravi)
    for event in Event.objects.all():
        told = entry(event)
        assert told.title and told.who
        for words in (told.title, told.body):
            assert not re.search(r"[{}\[\]]|None|\w_\w", words), f"{event.verb}: {words}"


def test_every_page_of_an_initiative_is_headed_by_its_own_name_below_that_of_the_initiative(
    lena: User, initiative: Initiative
) -> None:
    """In the same place, below the same tabs; where there are checklists to choose from, below these too."""
    below = {
        "": "Overview", "why/": "Why it is not ready", "canvas/": "Canvas", "promises/": "Promises",
        "roadmap/": "Roadmap", "budget/": "Budget", "people/": "People", "comments/": "Comments",
        "history/": "History", "edit/": "Edit the facts", "checklist/data/": "Checklist: Data",
        "gates/data/": "Gate: Data", "profile/environment-gap/": "PoC-to-production gap",
    }  # fmt: skip
    within = dict.fromkeys(("why/", "edit/"), "Overview")
    within |= dict.fromkeys(("checklist/data/", "gates/data/", "profile/environment-gap/"), "Checklist")
    for path, heading in below.items():
        page = read(pages(lena).get(f"/initiatives/{initiative.ref}/{path}"))
        header = (
            page.one("header", class_="initiative-header")
            if path == ""
            else page.one("main").all("header")[0]
        )
        assert complaints(page) == [], path
        assert [one.text for one in page.all("h1")] == [heading]
        assert header.one("p", class_="initiative-header__of").one("a").text == initiative.name
        tabs = header.one("nav", aria_label="Pages of this initiative")
        assert len(tabs.all("a")) == 9
        marked = [
            (one.text, one.attrs["aria-current"]) for one in tabs.all("a") if "aria-current" in one.attrs
        ]
        assert marked == [(within[path], "true") if path in within else (heading, "page")], path
        lists = header.all("nav", aria_label="Checklists of this initiative")
        assert len(lists) == (path in ("checklist/data/", "profile/environment-gap/")), path
    small = read(pages(lena).get(f"/initiatives/{initiative.ref}/hold/"))
    assert small.one("h1").text == "Put on hold"
    assert small.one("p", class_="initiative-header__of").text == initiative.name


def test_it_stands_below_the_same_tabs_score_and_track_as_the_other_pages(
    lena: User, initiative: Initiative
) -> None:
    header = history(initiative, lena).one("header", class_="initiative-header initiative-header--short")
    budget = read(pages(lena).get(f"/initiatives/{initiative.ref}/budget/"))
    there = budget.one("header", class_="initiative-header initiative-header--short")
    tabs = [link.text for link in header.one("nav", class_="tabs").all("a")]
    assert tabs == [link.text for link in there.one("nav", class_="tabs").all("a")] and "Budget" in tabs
    assert header.one("nav", class_="tabs").one("a", aria_current="page").text == "History"
    assert header.by_id("header-score").text == there.by_id("header-score").text != ""
    assert header.one("ol", class_="track").text == there.one("ol", class_="track").text


class TestWords:
    def test_spending_is_told_with_what_the_whole_was_before_and_after(self, lena: User) -> None:
        initiative = create(lena, budget={"spent": "201000", "currency": "EUR"})
        set_spending(initiative.pk, date(2026, 3, 1), {"data": "1000.50"}, Actor.person(lena), clock.now())
        assert last_said(initiative).body.splitlines()[:2] == [
            "Data: nothing to 1,000.50 EUR.",
            "Spent so far: 201,000 EUR to 1,000.50 EUR.",
        ]
        with translation.override("de"):
            assert "201.000 EUR" in last_said(initiative).body

    def test_spending_of_an_older_event_is_told_without_the_whole(self) -> None:
        data = {"month": "2026-03", "changed": {"data": [None, "1000.00"]}, "spent": "1000.00"}
        assert said("spending.set", data).body == "Data: nothing to 1,000."

    def test_answers_are_told_by_what_was_said(self, lena: User, initiative: Initiative) -> None:
        answer_all(initiative, lena, gates=["data"])
        told = last_said(initiative)
        assert told.title == "Answered 4 items"
        assert "Met: DATA-1, DATA-2, DATA-3 and DATA-4. Evidence for DATA-1" in told.body
        assert "Data: open to ready to submit. Score from 0.0 to 20.0." in told.body

    def test_a_note_alone_is_told_as_one(self, lena: User, initiative: Initiative) -> None:
        changes = [AnswerChange("DATA-1", note="Soon.")]
        record_answers(initiative.pk, changes, Actor.person(lena), clock.now())
        assert (last_said(initiative).title, last_said(initiative).body) == (
            "Note written",
            "DATA-1: Note: Soon.",
        )

    def test_items_people_evidence_conditions_and_words_are_named(
        self, lena: User, ravi: User, initiative: Initiative
    ) -> None:
        by = Actor.person(lena)
        person("mia")
        piece = Piece("link", clock.now().date(), "Profiling of May", "https://wiki.example.com/may")
        change = AnswerChange("DATA-1", "met", note="Looked at twice.", evidence=(piece,))
        record_answers(initiative.pk, [change], by, clock.now())
        edit_initiative(initiative.pk, {"people": {"deputy": "mia"}}, by, clock.now())
        answer_all(initiative, lena, gates=["data"])
        submit_gate(initiative.pk, "data", "All four are shown.", by, clock.now())
        decide_gate(
            initiative.pk,
            "data",
            "pass_with_conditions",
            "Good.",
            Actor.person(ravi),
            clock.now(),
            [promise(lena)],
        )
        condition = Condition.objects.get()
        keep_condition(initiative.pk, condition.pk, "It is in the wiki.", by, clock.now())
        told = " ".join(lines(history(initiative, lena)))
        title = Item.objects.get(code="DATA-1").title
        for words in (
            f"DATA-1 {title}: Unanswered to Met. Evidence: “Profiling of May”. Note: Looked at twice.",
            "Deputy: nothing to Mia.",
            "Condition: Write the runbook. (Lena, until ",
            "All four are shown.",
            "Data: Write the runbook. It is in the wiki.",
        ):
            assert words in told

    def test_a_person_with_the_username_of_a_gate_keeps_their_own_name(
        self, lena: User, ravi: User, initiative: Initiative
    ) -> None:
        dana = person("data", lead=True)
        User.objects.filter(pk=dana.pk).update(name="Dana Tamm")
        by = Actor.person(lena)
        edit_initiative(initiative.pk, {"people": {"deputy": "data"}}, by, clock.now())
        answer_all(initiative, lena, gates=["data"])
        submit_gate(initiative.pk, "data", "All four are shown.", by, clock.now())
        conditions = [promise(dana)]
        reviewer = Actor.person(ravi)
        decide_gate(initiative.pk, "data", "pass_with_conditions", "Good.", reviewer, clock.now(), conditions)
        assert "Condition: Write the runbook. (Dana Tamm, until " in " ".join(
            lines(history(initiative, lena))
        )

    def test_edits_are_told_with_both_values_unless_they_are_long(
        self, lena: User, initiative: Initiative
    ) -> None:
        facts = {"vendor": "Papyra", "business_problem": LONG[:200], "budget": {"spent": "12.50"}}
        edit_initiative(initiative.pk, facts, Actor.person(lena), clock.now())
        assert last_said(initiative).body.splitlines() == [
            "Business problem: changed.",
            "Vendor: nothing to Papyra.",
            "Spent: nothing to 12.50.",
        ]

    def test_a_decision_is_told_in_the_words_of_its_kind(
        self, lena: User, ravi: User, initiative: Initiative
    ) -> None:
        answer_all(initiative, lena, framework="poc-checkpoints", gates=["checkpoint-0"])
        pass_gate(initiative, "checkpoint-0", lena, ravi)
        told = last_said(initiative)
        assert told.title == "Checkpoint “Before the PoC”: go"
        assert "Looked at every item." in told.body
        assert (told.who, told.tone) == ("Ravi", "good")

    def test_what_time_has_done_is_told_by_what_came_of_it(self, lena: User) -> None:
        initiative = overrun(lena)
        told = last_said(initiative)
        assert told.who == "Passing of time"
        assert told.title == "Now stalled"
        assert "Flag opened: longer in this stage than planned." in told.body


class TestPages:
    def test_the_newest_stand_first_and_the_first_last(self, lena: User, initiative: Initiative) -> None:
        edit_initiative(initiative.pk, {"vendor": "Papyra"}, Actor.person(lena), clock.now())
        told = lines(history(initiative, lena))
        assert told[0].startswith("Facts edited") and told[-1].startswith("Entered")

    def test_it_is_read_page_by_page_without_a_gap_or_a_double(
        self, lena: User, initiative: Initiative
    ) -> None:
        for number in range(60):
            edit_initiative(initiative.pk, {"vendor": f"V{number}"}, Actor.person(lena), clock.now())
        first = history(initiative, lena)
        older = first.all("a", rel="next")[0].attrs["href"]
        second = history(initiative, lena, older)
        told = lines(first) + lines(second)
        assert len(told) == 61
        assert [line for line in told if "V59." in line] == [told[0]]
        assert not second.all("a", rel="next")
        assert second.all("a", rel="prev")

    @pytest.mark.parametrize("before", ["", "x", "-1", "0", "9" * 30, "%00", "1e3", "٣"])
    def test_a_place_that_is_none_is_no_error(self, lena: User, initiative: Initiative, before: str) -> None:
        response = pages(lena).get(f"/initiatives/{initiative.ref}/history/?before={before}")
        assert response.status_code == 200

    def test_what_people_wrote_is_shown_as_it_is(self, lena: User, initiative: Initiative) -> None:
        edit_initiative(initiative.pk, {"vendor": SCRIPT}, Actor.person(lena), clock.now())
        recompute_batch([initiative.pk], clock.now())
        response = pages(lena).get(f"/initiatives/{initiative.ref}/history/")
        assert SCRIPT not in response.content.decode()
        assert f"Vendor: nothing to {SCRIPT}." in read(response).text
