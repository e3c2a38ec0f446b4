"""Whatever people do, in whatever order, with days and sweeps in between: what was computed step by step is what comes
out when everything is computed at once, and a second time changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklists.models import Evidence
from gates.models import Condition, Initiative
from readiness.actions.answers import AnswerChange, record_answers, withdraw_evidence
from readiness.actions.conditions import confirm_condition, keep_condition, reopen_condition
from readiness.actions.errors import Refused
from readiness.actions.frameworks import attach_framework
from readiness.actions.gates import Promise, decide_gate, submit_gate
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.initiatives import edit_initiative
from readiness.actions.material_changes import declare_material_change
from readiness.actions.organisation import edit_organisation, set_thresholds
from readiness.actions.people import deactivate_person, reactivate_person
from readiness.actions.stages import move_stage
from readiness.actions.waivers import grant_waiver
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor, verify
from readiness.standing.models import GateStanding, HistoryPoint, Standing
from readiness.standing.sweeping import all_batches, recompute_due, recompute_these
from tests.fixtures import FIVE_GATES, answer_all, create, person
from tests.integration.standing.pictures import day, picture, unlike_what_stands

pytestmark = pytest.mark.django_db

GATES = (*FIVE_GATES[:3], "checkpoint-0", "checkpoint-1")
ITEMS = ("DATA-1", "DATA-2", "ARCH-3", "INTG-1", "CP0-1")
ANSWERS = ("met", "partial", "not_met", "unanswered")
ZONES = ("UTC", "Pacific/Auckland", "America/Los_Angeles")
LESSON = {"tried": "It.", "did_not_work": "It did not.", "outcome": "decided"}


class World:
    """A few initiatives and the people around them; ``at`` is now."""

    def __init__(self) -> None:
        self.at = day(0)
        self.lena, self.mia = person("lena", lead=True, unit="Finance"), person("mia", unit="Finance")
        self.ravi = person("ravi", reviewer=True)
        self.lead, self.reviewer = Actor.person(self.lena), Actor.person(self.ravi)
        people = {"business_owner": "mia"}
        self.all = [create(self.lena, self.at, stage=stage, people=people) for stage in ("poc", "pilot")]

    def framework_of(self, gate: str) -> str:
        return "poc-checkpoints" if gate.startswith("checkpoint") else "five-gate"

    def condition(self, one: Initiative) -> int:
        found = Condition.objects.filter(decision__passage__initiative=one).last()
        return found.pk if found else 0

    def evidence(self, one: Initiative, code: str) -> int:
        found = Evidence.objects.filter(assessment__passage__initiative=one, item__code=code).last()
        return found.pk if found else 0


Act = Callable[[World, Initiative, int], object]


def _gate(number: int) -> str:
    return GATES[number % len(GATES)]


def _days(world: World, number: int) -> datetime:
    return world.at + timedelta(days=number)


def _answer_gate(world: World, one: Initiative, number: int) -> object:
    gate = _gate(number)
    return answer_all(one, world.lena, "met", world.framework_of(gate), [gate], world.at)


def _submit(world: World, one: Initiative, number: int) -> object:
    return submit_gate(one.pk, _gate(number), "", world.lead, world.at)


def _decide(world: World, one: Initiative, number: int) -> object:
    kind = ("pass", "pass", "pass_with_conditions", "return")[number % 4]
    promises = [Promise("Write it down.", "mia", _days(world, 20).date())] if "with" in kind else []
    for gate in GATES:
        try:
            return decide_gate(one.pk, gate, kind, "Looked.", world.reviewer, world.at, promises)
        except Refused:
            continue
    return None


def _pass(world: World, one: Initiative, number: int) -> object:
    _answer_gate(world, one, number)
    _submit(world, one, number)
    return decide_gate(one.pk, _gate(number), "pass", "Looked.", world.reviewer, world.at)


def _say(world: World, one: Initiative, number: int) -> object:
    change = AnswerChange(ITEMS[number % len(ITEMS)], ANSWERS[number // len(ITEMS) % len(ANSWERS)])
    return record_answers(one.pk, [change], world.lead, world.at)


def _pass_time(world: World, one: Initiative, number: int) -> None:
    world.at += timedelta(days=(1, 7, 31, 62)[number % 4])


def _move(world: World, one: Initiative, number: int) -> object:
    to = ("intake", "poc", "pilot", "stopped")[number % 4]
    lesson = LESSON if to == "stopped" else None
    return move_stage(one.pk, to, world.lead, world.at, "Because.", lesson)


def _person(world: World, one: Initiative, number: int) -> object:
    return (deactivate_person, reactivate_person)[number % 2]("mia", COMMAND, world.at)


def _threshold(world: World, one: Initiative, number: int) -> object:
    return set_thresholds("no_activity", {("", "days"): Decimal(number + 1)}, COMMAND, world.at)


ACTS: dict[str, Act] = {
    "answer a gate": _answer_gate,
    "say": _say,
    "pass a gate": _pass,
    "submit": _submit,
    "decide": _decide,
    "withdraw": lambda world, one, number: withdraw_evidence(
        one.pk, world.evidence(one, ITEMS[number % len(ITEMS)]), world.lead, world.at
    ),
    "waive": lambda world, one, number: grant_waiver(
        one.pk, "DATA-2", "Known.", _days(world, number).date(), world.reviewer, world.at
    ),
    "keep": lambda world, one, _: keep_condition(one.pk, world.condition(one), "Done.", world.lead, world.at),
    "confirm": lambda world, one, _: confirm_condition(
        one.pk, world.condition(one), world.reviewer, world.at
    ),
    "reopen": lambda world, one, _: reopen_condition(
        one.pk, world.condition(one), "No.", world.reviewer, world.at
    ),
    "hold": lambda world, one, number: set_hold(
        one.pk, "A contract.", _days(world, number).date(), world.lead, world.at
    ),
    "lift": lambda world, one, _: lift_hold(one.pk, world.lead, world.at),
    "move": _move,
    "plan": lambda world, one, number: edit_initiative(
        one.pk, {"plan": {"poc_days": number + 1, "pilot_days": number + 1}}, world.lead, world.at
    ),
    "change": lambda world, one, number: declare_material_change(
        one.pk, "model", "Another.", [_gate(number)], world.lead, world.at
    ),
    "attach": lambda world, one, _: attach_framework(one.pk, "conversational-ai", world.lead, world.at),
    "a person comes or goes": _person,
    "a threshold changes": _threshold,
    "the zone changes": lambda world, _, number: edit_organisation(
        "Ours", ZONES[number % len(ZONES)], "EUR", COMMAND, world.at
    ),
    "time passes": _pass_time,
    "the sweep comes": lambda world, one, number: recompute_due(world.at),
    "somebody recomputes": lambda world, one, number: recompute_these([one.pk], world.at),
}
# What moves an initiative on is drawn more often, so that there is something to lose.
OFTEN = (
    "pass a gate",
    "pass a gate",
    "say",
    "say",
    "submit",
    "decide",
    "time passes",
    "time passes",
    "the sweep comes",
)
STEPS = st.tuples(st.sampled_from([*ACTS, *OFTEN]), st.integers(0, 1), st.integers(0, 59))


@contextmanager
def undone() -> Iterator[World]:
    """A world that leaves no trace, so that the next example begins afresh."""
    with transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def play(world: World, steps: list[tuple[str, int, int]]) -> None:
    for name, which, number in steps:
        try:
            ACTS[name](world, world.all[which], number)
        except Refused:
            continue  # a refusal changes nothing either


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, min_size=8, max_size=40))
def test_step_by_step_is_the_same_as_all_at_once(steps: list[tuple[str, int, int]]) -> None:
    with undone() as world:
        play(world, steps)
        recompute_due(world.at)
        assert unlike_what_stands(world.at) == []

        by_steps = picture("as_of", "due_on")
        for batch in all_batches():
            recompute_these(batch, world.at)
        assert picture("as_of", "due_on") == by_steps
        at_once = picture()
        for batch in all_batches():
            recompute_these(batch, world.at)
        assert picture() == at_once
        _holds(world)


def _holds(world: World) -> None:
    """What no order of things may break."""
    moments = list(Standing.objects.values_list("computed_at", flat=True))
    assert len(moments) == len(set(moments))
    for one in world.all:
        last = HistoryPoint.objects.filter(initiative=one).latest("pk")
        stands = Standing.objects.get(initiative=one)
        assert (last.score, last.verdict, last.flags_open) == (
            stands.score,
            stands.verdict,
            stands.flags_open,
        )
    assert verify() == (Event.objects.count(), None)


def test_the_acts_get_as_far_as_what_they_are_to_try() -> None:
    """The steps are drawn at random; here is one row of them, up to a submission behind a gate that lapsed."""
    steps = [("pass a gate", 1, 0), ("answer a gate", 1, 1), ("submit", 1, 1), ("say", 1, 5)]
    with undone() as world:
        play(world, steps)
        rows = GateStanding.objects.filter(initiative=world.all[1], gate__in=("data", "architecture"))
        assert dict(rows.values_list("gate", "status")) == {"data": "lapsed", "architecture": "locked"}
