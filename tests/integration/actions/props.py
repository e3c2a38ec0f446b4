"""Days, evidence and questions that the tests of acts and gates share.

The walks begin on START, a Monday; moments and days are named by how many days later they are.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from checklists.models import Evidence, Item
from gates.models import Decision, Initiative
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.errors import Refused
from readiness.actions.gates import Promise, decide_gate, submit_gate
from readiness.actions.pieces import Piece
from readiness.audit.recording import Actor
from readiness.standing.models import GateStanding, Standing
from readiness.standing.outcome import Outcome
from readiness.standing.recompute import fresh_outcome, judge_now

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
LESSON = {
    "tried": "Sorting invoices by their layout.",
    "did_not_work": "Every supplier changes theirs.",
    "outcome": "decided",
}
WRITTEN = ("checklists", "gates", "accounts", "audit", "standing")
CONTENT = ("Framework", "Gate", "Item")

UNUSUAL_TEXTS = {
    "an emoji": "Triage 🚀👩‍👩‍👧‍👦",
    "right-to-left text": "فرز الفواتير",
    "a script": "<script>alert('x')</script>",
    "quotes and a percent sign": """O'Hara "100 %" \\ ; DROP TABLE gates_initiative; --""",
}


def on(day: int, hour: int = 9) -> datetime:
    """A moment of that day."""
    return START.replace(hour=hour) + timedelta(days=day)


def the_day(day: int) -> date:
    return on(day).date()


def act(user: User) -> Actor:
    return Actor.person(user)


def link(code: str = "DATA-1", day: int = 0, expires: int | None = None, **content: Any) -> Piece:
    """A link of that day; ``expires`` is a day as well."""
    given = {"title": f"Proof of {code}", "url": f"https://wiki.example.com/{code}"} | content
    return Piece("link", the_day(day), expires_on=None if expires is None else the_day(expires), **given)


def say(
    initiative: Initiative,
    by: User,
    code: str,
    answer: str | None,
    day: int = 0,
    *pieces: Piece,
    proof: bool = False,
    **change: Any,
) -> Outcome:
    """Answer one item on that day, with these pieces behind it; ``proof``: with a link of that day."""
    evidence = (*pieces, *([link(code, day)] if proof else []))
    made = AnswerChange(code, answer, evidence=evidence, **change)
    return record_answers(initiative.pk, [made], act(by), on(day))


def answer_checkpoint(
    initiative: Initiative, by: User, gate: str, answer: str = "met", day: int = 0
) -> Outcome:
    codes = Item.objects.filter(gate__slug=gate, gate__framework__slug="poc-checkpoints")
    changes = [AnswerChange(code, answer) for code in codes.values_list("code", flat=True)]
    return record_answers(initiative.pk, changes, act(by), on(day))


def submit(initiative: Initiative, gate: str, by: User, day: int = 0, note: str = "Please look.") -> Outcome:
    return submit_gate(initiative.pk, gate, note, act(by), on(day))[1]


def decide(
    initiative: Initiative,
    gate: str,
    by: User,
    decision: str = "pass",
    day: int = 0,
    *promises: Promise,
    rationale: str = "Looked at every item.",
    lesson: Mapping[str, Any] | None = None,
    hold: Mapping[str, Any] | None = None,
) -> Decision:
    made, _ = decide_gate(initiative.pk, gate, decision, rationale, act(by), on(day), promises, lesson, hold)
    return made


def pass_checkpoint(initiative: Initiative, gate: str, lead: User, reviewer: User, day: int = 0) -> Decision:
    answer_checkpoint(initiative, lead, gate, day=day)
    submit(initiative, gate, lead, day)
    return decide(initiative, gate, reviewer, day=day)


def promise(owner: User, due: int = 30, text: str = "Write the runbook.") -> Promise:
    return Promise(text, owner.username, the_day(due))


def standing(initiative: Initiative, day: int | None = None) -> Standing:
    """As stored; with ``day`` as it is on that day, computed where its time has come."""
    if day is not None:
        return fresh_outcome(initiative.pk, on(day)).standing
    return Standing.objects.get(initiative=initiative)


def gate(initiative: Initiative, slug: str, day: int | None = None) -> GateStanding:
    if day is not None:
        fresh_outcome(initiative.pk, on(day))
    return GateStanding.objects.get(initiative=initiative, gate=slug)


def status(initiative: Initiative, slug: str, day: int | None = None) -> str:
    return gate(initiative, slug, day).status


def statuses(initiative: Initiative, day: int | None = None, framework: str = "five-gate") -> list[str]:
    """Of one framework's gates, in order."""
    if day is not None:
        fresh_outcome(initiative.pk, on(day))
    found = GateStanding.objects.filter(initiative=initiative, framework=framework).order_by("position")
    return list(found.values_list("status", flat=True))


def flags(initiative: Initiative, day: int) -> dict[str, str]:
    """Open flags on that day: code -> severity."""
    return {flag.code: flag.severity for flag in fresh_outcome(initiative.pk, on(day)).flags}


def effective(initiative: Initiative, code: str, day: int = 0) -> tuple[str, str]:
    """What counts of an item on that day, and why where it is not what was declared."""
    for state in judge_now(initiative.pk, on(day)).gates:
        for item in state.items:
            if item.item.code == code:
                return item.effective.value.value, item.effective.why
    raise AssertionError(f"there is no item {code}")


def evidence(initiative: Initiative, code: str) -> list[Evidence]:
    rows = Evidence.objects.filter(assessment__passage__initiative=initiative, item__code=code)
    return list(rows.order_by("pk"))


def blockers_of(blockers: Any) -> list[tuple[str, str | None, str | None]]:
    """(code, gate, item) of blockers as raised or as stored."""
    plain = [one if isinstance(one, dict) else vars_of(one) for one in blockers]
    return [(str(one["code"]), one["gate"], one["item"]) for one in plain]


def vars_of(blocker: Any) -> dict[str, Any]:
    return {"code": blocker.code.value, "gate": blocker.gate, "item": blocker.item}


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row that an act can write."""
    models = [model for label in WRITTEN for model in apps.get_app_config(label).get_models()]
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in models
        if model.__name__ not in CONTENT
    }


@contextmanager
def rehearsal() -> Iterator[None]:
    """What is done within is undone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def refused(kind: type[Refused], code: str | None = None) -> Iterator[Any]:
    """What is done within is refused in this way, and nothing at all is changed by it."""
    before = everything()
    with pytest.raises(kind) as caught, transaction.atomic():
        yield caught
    assert type(caught.value) is kind
    if code is not None:
        assert caught.value.code == code
    assert everything() == before


def errors(caught: Any) -> list[tuple[str, str]]:
    """(field, code) of everything that is wrong, in order."""
    return [(error.field, error.code) for error in caught.value.errors]
