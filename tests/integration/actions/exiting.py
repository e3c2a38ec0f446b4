"""KPIs, readings and exit criteria for the tests of exits. Days as in ``props``."""

from typing import Any

from gates.models import ExitCriterion, ExitTrigger, Initiative, Kpi
from readiness.accounts.models import User
from readiness.actions.exits import add_criterion, decide_exit
from readiness.actions.kpis import create_kpi
from readiness.actions.readings import NewReading, add_reading
from readiness.standing.exits import ExitState
from readiness.standing.recompute import judge_now
from tests.integration.actions.props import act, on, the_day

LEARNED = {"tried": "Reminders in the tool.", "did_not_work": "Nobody opened it after the second week."}


def kpi_of(initiative: Initiative, by: User, day: int = -1, name: str = "Weekly use", **facts: Any) -> Kpi:
    given = {"name": name, "unit": "%", "direction": "up"} | facts
    return create_kpi(initiative.pk, given, act(by), on(day), "It was forgotten.")[0]


def terms(kpi: Kpi, decider: User, **other: Any) -> dict[str, Any]:
    """Under 30 for four weeks: stop."""
    standard = {"comparator": "under", "limit": "30", "window_days": 28, "action": "stop"}
    return {"kpi": kpi.pk, "decider": decider.username, **standard} | other


def criterion_of(
    initiative: Initiative, by: User, decider: User, day: int = -1, kpi: Kpi | None = None, **other: Any
) -> ExitCriterion:
    kpi = kpi or kpi_of(initiative, by, day)
    given = terms(kpi, decider, **other)
    return add_criterion(initiative.pk, given, act(by), on(day), "It was forgotten.")[0]


def read(criterion: ExitCriterion, by: User, value: object, day: int) -> None:
    given = NewReading(the_day(day), value)
    add_reading(criterion.initiative_id, criterion.kpi_id, given, act(by), on(day))


def trip(criterion: ExitCriterion, by: User, day: int = 28, value: object = "20") -> ExitTrigger:
    """Two low readings, four weeks apart: on this day it triggers."""
    read(criterion, by, value, day - 28)
    read(criterion, by, value, day)
    return ExitTrigger.objects.get(criterion=criterion, decided_at__isnull=True)


def decide(criterion: ExitCriterion, by: User, decision: str, day: int = 28, **given: Any) -> ExitTrigger:
    if decision != "stop":
        given = {"reason": "We looked at it together."} | given
    return decide_exit(criterion.initiative_id, criterion.pk, decision, act(by), on(day), **given)[0]


def state(criterion: ExitCriterion, day: int) -> ExitState:
    """As it is judged on that day, from the facts alone."""
    found = judge_now(criterion.initiative_id, on(day)).exits
    return next(one for one in found if one.criterion.pk == criterion.pk)
