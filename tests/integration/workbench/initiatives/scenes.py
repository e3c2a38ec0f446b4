"""Initiatives in many situations, and strings that break pages that are careless."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.gates import submit_gate
from readiness.actions.holds import set_hold
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from readiness.standing.models import Standing
from readiness.standing.recompute import recompute_batch
from tests.fixtures import answer_all, create, make_ready, today

SCRIPT = '<script>alert("&")</script>'
RTL = "שלום عالم"
EMOJI = "👩‍🚀🚀"
LONG = "x" * 10_000
LESSON = {"tried": "Sorting by layout.", "did_not_work": "Layouts change.", "outcome": "decided"}
UNITS = ("Claims", "Sales", "Finance", "Legal")


def ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def caught_up(initiative: Initiative) -> Initiative:
    """The same, with what time has done since computed, as the workers would have."""
    recompute_batch([initiative.pk], clock.now(), only_if_due=True)
    return initiative


def many(lead: User, reviewer: User, count: int) -> list[Initiative]:
    """So many, in every situation there is: overrun, on hold, waiting, ready (one), stopped, of the team only."""
    made = []
    for number in range(count):
        unit = UNITS[number % len(UNITS)]
        name = f"Initiative {number:02d}"
        made.append(_one(number % 6, lead, reviewer, name=name, business_unit=unit))
    return made


def _one(kind: int, lead: User, reviewer: User, **facts: str) -> Initiative:
    by = Actor.person(lead)
    if kind == 0:
        return overrun(lead, **facts)
    if kind == 1:
        return held(lead, **facts)
    if kind == 2:
        initiative = create(lead, ago(20), **facts)
        answer_all(initiative, lead, gates=["data"])
        submit_gate(initiative.pk, "data", "", by, clock.now())
    elif kind == 3 and not Standing.objects.filter(verdict="ready").exists():
        initiative = create(lead, ago(40), stage="pilot", budget={"spent": "1000.00"}, **facts)
        make_ready(initiative, lead, reviewer)
    elif kind == 4:
        initiative = create(lead, ago(30), **facts)
        move_stage(initiative.pk, "stopped", by, clock.now(), "", LESSON)
    else:
        initiative = create(lead, ago(3), visibility="team", **facts)
        record_answers(initiative.pk, [AnswerChange("DATA-1", "partial")], by, clock.now())
    return initiative


def overrun(lead: User, days: int = 300, **facts: object) -> Initiative:
    """In the pilot far beyond its plan of 90 days, and nothing done since: stalled, critical."""
    given = {"plan": {"pilot_days": 90}, "budget": {"planned": "9000.00", "spent": "5000.00"}}
    since = today() - timedelta(days=days)
    return caught_up(create(lead, ago(days), stage="pilot", stage_since=since, **(given | facts)))


def held(lead: User, reason: str = "Waiting for the vendor.", **facts: object) -> Initiative:
    """Put on hold forty days ago, to be looked at again ten days ago."""
    initiative = create(lead, ago(90), stage="pilot", **facts)
    by = Actor.person(lead)
    set_hold(initiative.pk, reason, today() - timedelta(days=10), by, ago(40))
    return caught_up(initiative)


def copies(initiative: Initiative, count: int) -> None:
    """So many more rows like it, with a standing each: enough to fill pages, and quickly there."""

    def columns(row: Model, *left_out: str) -> dict[str, Any]:
        names = [column.attname for column in row._meta.concrete_fields]
        return {name: getattr(row, name) for name in names if name not in left_out}

    made = Initiative.objects.bulk_create(Initiative(**columns(initiative, "id")) for _ in range(count))
    standing = columns(initiative.standing, "initiative_id")
    Standing.objects.bulk_create(Standing(initiative=row, **standing) for row in made)
