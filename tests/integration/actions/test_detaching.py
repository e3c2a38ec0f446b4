"""A framework that was attached by mistake is taken away again, as long as nothing was done in it."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from checklists.models import Assessment
from gates.models import Initiative, Passage
from readiness.accounts.models import User
from readiness.actions import frameworks
from readiness.actions.answers import withdraw_evidence
from readiness.actions.assignments import assign, unassign
from readiness.actions.checks import Report, report_check
from readiness.actions.comments import add_comment
from readiness.actions.errors import Conflict, NotAllowed, NotFound
from readiness.actions.frameworks import attach_framework, detach_framework
from readiness.actions.starting import choose_starting
from readiness.actions.waivers import grant_waiver
from readiness.audit.models import Event
from readiness.standing.models import GateStanding, HistoryPoint
from tests.fixtures import create
from tests.integration.actions.exiting import criterion_of
from tests.integration.actions.props import act, evidence, on, refused, say, standing, submit, the_day
from tests.own_frameworks import own_text, published

pytestmark = pytest.mark.django_db

USUAL = ["poc-checkpoints", "five-gate", "environment-gap"]


@pytest.fixture
def one(lena: User, ravi: User) -> Initiative:
    """With checkpoints of the house and what guards the step to rollout beside the five gates."""
    points = own_text(
        "points", shape=[("start", 2)], kind="checkpoints", more="", required=None, evidence="required"
    )
    published(points)
    published(own_text("house"))
    initiative = create(lena, on(0))
    for slug in ("points", "house"):
        attach_framework(initiative.pk, slug, act(lena), on(1))
    return initiative


def slugs(initiative: Initiative) -> list[str]:
    return list(initiative.passages.order_by("position").values_list("framework_slug", flat=True))


def detach(initiative: Initiative, by: User, slug: str = "points", day: int = 2) -> None:
    detach_framework(initiative.pk, slug, act(by), on(day))


def test_what_nobody_answered_goes_with_all_that_was_computed_of_it(one: Initiative, lena: User) -> None:
    before = Assessment.objects.count()
    version = Initiative.objects.get(pk=one.pk).version
    detach(one, lena)
    assert slugs(one) == [*USUAL, "house"]
    assert Assessment.objects.count() == before - 1
    assert not GateStanding.objects.filter(initiative=one, framework="points").exists()
    assert "START-1" not in standing(one).effective
    event = Event.objects.filter(initiative_id=one.pk).latest("seq")
    assert (event.verb, event.actor) == ("framework.detached", lena)
    assert event.data["framework"] == "points"
    assert event.data["version"] == "1.0"
    assert Initiative.objects.get(pk=one.pk).version == version + 1


def test_what_it_held_up_holds_up_nothing_any_more(one: Initiative, lena: User) -> None:
    assert {each["framework"] for each in standing(one).blockers} >= {"five-gate", "house"}
    detach(one, lena, "house")
    assert "house" not in {each["framework"] for each in standing(one).blockers}
    assert HistoryPoint.objects.filter(initiative=one).latest("pk").framework == "five-gate"


def test_it_can_be_attached_again_and_stands_at_the_end(one: Initiative, lena: User) -> None:
    detach(one, lena)
    attach_framework(one.pk, "points", act(lena), on(3))
    assert slugs(one) == [*USUAL, "house", "points"]
    assert len(set(one.passages.values_list("position", flat=True))) == 5


DONE: dict[str, Callable[[Initiative, User, User], Any]] = {
    "an answer": lambda one, lena, ravi: say(one, lena, "START-1", "partial", 1),
    "a note": lambda one, lena, ravi: say(one, lena, "START-1", None, 1, note="We ask."),
    "an answer taken back": lambda one, lena, ravi: [
        say(one, lena, "START-1", answer, 1) for answer in ("met", "unanswered")
    ],
    "evidence that was withdrawn": lambda one, lena, ravi: [
        say(one, lena, "START-1", None, 1, proof=True),
        withdraw_evidence(one.pk, evidence(one, "START-1")[0].pk, act(lena), on(1)),
    ],
    "a check": lambda one, lena, ravi: report_check(
        one.pk, Report("START-1", "tests", "pass", on(1)), act(lena), on(1)
    ),
    "a submission": lambda one, lena, ravi: submit(one, "start", lena, 1),
    "a waiver": lambda one, lena, ravi: grant_waiver(
        one.pk, "START-2", "Small.", the_day(30), act(ravi), on(1)
    ),
    "an assignment that ended": lambda one, lena, ravi: unassign(
        one.pk,
        assign(one.pk, "START-1", "lena", the_day(9), act(lena), on(1)).pk,
        act(lena),
        on(1),
        done=True,
    ),
    "a remark": lambda one, lena, ravi: add_comment(one.pk, "Look.", act(ravi), on(1), gate="start"),
    "an exit criterion": lambda one, lena, ravi: criterion_of(
        one, lena, ravi, 1, checkpoint="start", window_days=None
    ),
}


@pytest.mark.parametrize("done", DONE)
def test_what_something_was_done_in_stays(one: Initiative, lena: User, ravi: User, done: str) -> None:
    DONE[done](one, lena, ravi)
    with refused(Conflict, "in_use"):
        detach(one, lena)
    assert "points" in slugs(one)
    # What was done in the one is none of the other.
    detach(one, lena, "house")


def test_whatever_hangs_on_a_passage_is_asked_for() -> None:
    """A table that is added later is thought of here."""
    hanging = {link.related_model for of in (Passage, Assessment) for link in of._meta.related_objects}
    assert hanging - {Passage} == {
        frameworks.Answer,
        frameworks.Assignment,
        frameworks.CheckResult,
        frameworks.Decision,
        frameworks.Evidence,
        frameworks.Snapshot,
        frameworks.Submission,
        frameworks.Waiver,
        frameworks.Writing,
    }


@pytest.mark.parametrize("slug", USUAL)
def test_what_the_initiative_began_with_stays(one: Initiative, lena: User, slug: str) -> None:
    """Else a team could do away with the checkpoint that holds it."""
    with refused(Conflict, "begun_with"):
        detach(one, lena, slug)
    assert slug in slugs(one)


def test_also_where_it_was_the_choice_of_the_organisation(ada: User, lena: User) -> None:
    published(own_text("points", shape=[("start", 1)], kind="checkpoints", more="", required=None))
    choose_starting(["five-gate", "points"], act(ada), on(0))
    one = create(lena, on(0))
    choose_starting(["five-gate"], act(ada), on(0))
    with refused(Conflict, "begun_with"):
        detach(one, lena)


@pytest.mark.parametrize("slug", ["conversational-ai", "no-such", "", "x\x00", "\ud800"])
def test_what_it_does_not_have_cannot_be_taken_away(one: Initiative, lena: User, slug: str) -> None:
    with refused(NotFound):
        detach(one, lena, slug)


def test_only_the_team_takes_away(
    one: Initiative, omar: User, ravi: User, elsa: User, iris: User, ada: User
) -> None:
    for by in (omar, ravi, elsa, iris, ada):
        with refused(NotAllowed, "not_allowed"):
            detach(one, by)


def test_the_second_of_the_same_framework_counts_in_its_own_initiative_only(
    one: Initiative, lena: User
) -> None:
    other = create(lena, on(0))
    attach_framework(other.pk, "points", act(lena), on(1))
    say(other, lena, "START-1", "met", 1)
    detach(one, lena)
    with refused(Conflict, "in_use"):
        detach(other, lena)


def test_what_was_attached_before_there_was_a_mark_is_marked_by_the_migration(
    one: Initiative, lena: User
) -> None:
    Passage.objects.update(attached_at=None)
    with refused(Conflict, "begun_with"):
        detach(one, lena)
    import_module("gates.migrations.0013_starting_frameworks").mark_the_attached(apps, None)
    marked = {row.framework_slug: row.attached_at for row in one.passages.all()}
    assert marked == {**dict.fromkeys(USUAL), "points": on(1), "house": on(1)}
    detach(one, lena)
