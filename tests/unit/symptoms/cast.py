"""Rows of a portfolio, made in a line each."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from gates.promises import Direction, Limits
from gates.stages import Stage
from readiness.portfolio.symptoms.facts import Case, PilotKpi, Stay

TODAY = date(2026, 3, 15)
A_YEAR_AGO = date(2025, 3, 15)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def case(key: int, stage: str = "pilot", **facts: Any) -> Case:
    given = {"unit_key": "finance", "entered_on": date(2020, 1, 1)} | facts
    return Case(key=key, stage=Stage(stage), **given)


def stay(key: int, entered_on: date | None, stage: str = "pilot", left_on: date | None = None) -> Stay:
    return Stay(key, Stage(stage), entered_on, left_on)


def kpi(
    key: int,
    latest: str | None = None,
    go: str | None = "10",
    *,
    business: bool = True,
    counts_users: bool = False,
    used: bool = False,
    down: bool = False,
) -> PilotKpi:
    limits = Limits(
        direction=Direction.DOWN if down else Direction.UP, go_limit=None if go is None else Decimal(go)
    )
    return PilotKpi(key, business, counts_users, limits, None if latest is None else Decimal(latest), used)


def users(key: int, *, used: bool) -> PilotKpi:
    return kpi(key, go=None, business=False, counts_users=True, used=used)
