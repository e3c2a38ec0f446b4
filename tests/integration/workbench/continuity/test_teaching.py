"""What worked: left by the team of a live initiative, said better later, and found."""

from typing import Any

import pytest

from gates.lessons import holding, library
from gates.models import Initiative, Lesson, WhatWorked
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.errors import Conflict, Invalid, NotAllowed
from readiness.actions.flags import confirm_cause
from readiness.actions.gates import submit_gate
from readiness.actions.initiatives import edit_initiative
from readiness.actions.lessons import LESSON_MAX
from readiness.actions.stages import move_stage
from readiness.actions.teaching import leave_what_worked
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.standing.models import Flag
from tests.fixtures import create, pages, person
from tests.integration.actions.exiting import criterion_of, trip
from tests.integration.actions.props import on
from tests.integration.workbench.continuity.scenes import live, page_at, shown, stopped, url
from tests.integration.workbench.initiatives.scenes import EMOJI, SCRIPT

pytestmark = pytest.mark.django_db

TOLD = {"made_it_work": "Clerks labelled weekly.", "reusable": "The masking.", "advice": ""}


def leave(initiative: Initiative, by: User, **given: Any) -> WhatWorked:
    return leave_what_worked(initiative.pk, given or TOLD, Actor.person(by), clock.now())


@pytest.fixture
def routing(lena: User, ada: User) -> Initiative:
    """Live, and lena's."""
    return live(lena, ada)


class TestTheAct:
    def test_it_is_left_once_and_then_said_better(self, lena: User, routing: Initiative) -> None:
        leave(routing, lena)
        leave(routing, lena, advice="Begin small.")
        leave(routing, lena, advice="Begin small.")
        row = WhatWorked.objects.get()
        assert (row.made_it_work, row.reusable, row.advice) == (
            "Clerks labelled weekly.",
            "The masking.",
            "Begin small.",
        )
        told = Event.objects.filter(verb__startswith="what_worked.").order_by("seq")
        assert [event.verb for event in told] == ["what_worked.left", "what_worked.revised"]
        assert told[1].data["changed"] == {"advice": ["", "Begin small."]}

    def test_a_retired_one_may_still_teach(self, lena: User, routing: Initiative) -> None:
        move_stage(routing.pk, "retired", Actor.person(lena), clock.now())
        assert leave(routing, lena).initiative == routing

    @pytest.mark.parametrize("stage", ["intake", "poc", "pilot"])
    def test_before_it_is_live_there_is_nothing_to_tell(self, lena: User, stage: str) -> None:
        with pytest.raises(Conflict) as refused:
            leave(create(lena, stage=stage), lena)
        assert refused.value.code == "not_live"

    def test_only_the_team_tells(self, omar: User, elsa: User, routing: Initiative) -> None:
        for by in (person("adam", admin=True), omar, elsa):
            with pytest.raises(NotAllowed):
                leave(routing, by)

    def test_every_wrong_field_is_named(self, lena: User, routing: Initiative) -> None:
        with pytest.raises(Invalid) as refused:
            leave(routing, lena, made_it_work=" ", reusable="a\x00", advice="x" * (LESSON_MAX + 1))
        assert [(error.field, error.code) for error in refused.value.errors] == [
            ("made_it_work", "required"),
            ("reusable", "null_characters"),
            ("advice", "too_long"),
        ]
        assert not WhatWorked.objects.exists()

    def test_it_is_found_by_the_name_that_its_initiative_has_now(
        self, lena: User, routing: Initiative
    ) -> None:
        leave(routing, lena)
        assert holding(library(lena), "routing") and holding(library(lena), "LABELLED")
        edit_initiative(routing.pk, {"name": "Post sorting"}, Actor.person(lena), clock.now())
        assert holding(library(lena), "sorting") and not holding(library(lena), "routing")


class TestThePage:
    def test_the_overview_of_a_live_one_offers_it_and_shows_it(
        self, lena: User, omar: User, routing: Initiative
    ) -> None:
        place, overview = url(routing, "what-worked/"), url(routing, "")
        assert page_at(lena, overview).links_to(place)
        assert not page_at(omar, overview).links_to(place)
        response = pages(lena).post(place, TOLD | {"advice": f"{SCRIPT} {EMOJI}"})
        assert response["Location"] == url(routing, "#what-worked")
        told = page_at(omar, overview).by_id("what-worked").text
        assert "Clerks labelled weekly." in told and f"{SCRIPT} {EMOJI}" in told
        assert "Say it better" in page_at(lena, overview).by_id("what-worked").text
        assert page_at(lena, place).one("textarea", name="reusable").text == "The masking."

    def test_what_was_typed_stays_when_it_is_refused(self, lena: User, routing: Initiative) -> None:
        sent = {"made_it_work": "", "reusable": "Kept."}
        page = shown(pages(lena).post(url(routing, "what-worked/"), sent), 422)
        assert page.has_id("id_made_it_work_error")
        assert page.one("textarea", name="reusable").text == "Kept."

    def test_before_it_is_live_it_leads_back(self, lena: User, initiative: Initiative) -> None:
        place = url(initiative, "what-worked/")
        assert pages(lena).get(place)["Location"] == url(initiative, "")
        page = shown(pages(lena).post(place, TOLD), 409)
        assert page.one("textarea", name="made_it_work").text == "Clerks labelled weekly."


class TestStopping:
    def test_the_endings_are_told_apart_and_the_cause_is_asked(
        self, lena: User, initiative: Initiative
    ) -> None:
        page = page_at(lena, url(initiative, "stop/"))
        cards = [card.text for card in page.all("label", class_="radio-card")]
        assert [card[:12] for card in cards] == ["Stopped by d", "Faded out It"]
        assert "nobody decided" in cards[1]
        assert "Confirmed root cause" in page.text
        assert page.one("select", name="root_cause").all("option", selected="") == [
            page.one("select", name="root_cause").all("option")[0]
        ]

    def test_the_cause_that_somebody_confirmed_is_offered(self, lena: User) -> None:
        row = create(lena, stage="pilot")
        flag = Flag.objects.filter(initiative=row).first()
        assert flag is not None
        confirm_cause(flag.pk, "data_quality", Actor.person(lena), clock.now())
        chosen = page_at(lena, url(row, "stop/")).one("select", name="root_cause").one("option", selected="")
        assert chosen.attrs["value"] == "data_quality"

    def test_and_in_the_lesson_of_the_reviewer_and_of_an_exit_that_was_reached(
        self, lena: User, ravi: User, elsa: User
    ) -> None:
        row = create(lena, on(0), stage="pilot")
        criterion = criterion_of(row, lena, elsa)
        trip(criterion, lena)
        submit_gate(row.pk, "checkpoint-0", "", Actor.person(lena), on(28))
        pages_asked = [
            (elsa, url(row, f"promises/exits/{criterion.pk}/decision/")),
            (ravi, url(row, "gates/checkpoint-0/decide/")),
        ]
        for by, path in pages_asked:
            blank = page_at(by, path).one("select", name="lesson-root_cause").one("option", selected="")
            assert blank.attrs["value"] == ""
        flag = Flag.objects.get(initiative=row, code="no_business_owner")
        confirm_cause(flag.pk, "data_quality", Actor.person(lena), on(28))
        for by, path in pages_asked:
            chosen = page_at(by, path).one("select", name="lesson-root_cause").one("option", selected="")
            assert chosen.attrs["value"] == "data_quality"
        sent = {"decision": "return", "rationale": "", "lesson-root_cause": "governance"}
        page = shown(pages(ravi).post(pages_asked[1][1], sent), 422)
        chosen = page.one("select", name="lesson-root_cause").one("option", selected="")
        assert chosen.attrs["value"] == "governance", "what somebody chose is kept"

    def test_one_that_is_retired_still_asks_what_worked(self, lena: User, routing: Initiative) -> None:
        move_stage(routing.pk, "retired", Actor.person(lena), clock.now())
        assert page_at(lena, url(routing, "")).links_to(url(routing, "what-worked/"))

    def test_a_stop_from_either_door_can_be_found(self, lena: User, ravi: User) -> None:
        row = stopped(lena)
        assert Lesson.objects.get(initiative=row).search_key
        assert list(holding(library(lena), "handwriting")) == [row]
        assert page_at(lena, url(row, "")).has_id("lesson")
