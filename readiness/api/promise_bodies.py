"""What the bodies of writes about KPIs, readings and amendments may hold."""

from typing import Any, ClassVar

from gates.models import KpiDue, KpiKind, KpiSignal
from gates.promises import Direction
from readiness.actions.kpis import NAME_MAX, UNIT_MAX
from readiness.actions.readings import NOTE_MAX
from readiness.actions.texts import REASON_MAX
from readiness.api.bodies import USERNAME_MAX
from readiness.api.fields import Day, Many, Measure, Shape, Text, Word

READINGS_MAX = 5000
DIRECTIONS = [one.value for one in Direction]


class KpiFacts(Shape):
    """What a PATCH may change. What is absent stays as it is.

    Once the KPI is locked, a change of anything but `name`, `owner` and `due` is an amendment and needs a `reason`.
    """

    example: ClassVar[dict[str, Any]] = {"owner": "elsa", "target": "25"}

    told_only = frozenset(
        {
            "id",
            "locked_at",
            "promised",
            "amendments",
            "latest_reading",
            "value_checks",
            "created_at",
            "readiness",
        }
    )

    name = Text(NAME_MAX, required=False)
    kind = Word(KpiKind.values, required=False)
    unit = Text(UNIT_MAX, required=False)
    direction = Word(DIRECTIONS, required=False, help_text="Which way is better.")
    signal = Word(
        KpiSignal.values, required=False, allow_null=True, help_text="What it tells a rule, where one asks."
    )
    due = Word(KpiDue.values, required=False, allow_null=True)
    owner = Text(USERNAME_MAX, hold=True, required=False, allow_null=True)
    baseline = Measure(required=False, allow_null=True)
    target = Measure(required=False, allow_null=True)
    go_limit = Measure(required=False, allow_null=True)
    stop_limit = Measure(required=False, allow_null=True)
    reason = Text(REASON_MAX, required=False, help_text="Why a locked promise is amended.")


class NewKpi(KpiFacts):
    """What a POST may hold. After the promises were locked it is locked at once, and needs a `reason`."""

    example = {
        "name": "Handling time",
        "kind": "business",
        "unit": "minutes",
        "direction": "down",
        "due": "end_of_pilot",
        "owner": "elsa",
        "baseline": "42",
        "target": "20",
        "go_limit": "28",
        "stop_limit": "38",
    }

    name = Text(NAME_MAX)


class ReadingBody(Shape):
    """One reading: a value on a day."""

    told_only = frozenset({"id", "source", "by", "received_at", "withdrawn_at", "withdrawn_reason"})

    on = Day()
    value = Measure()
    note = Text(NOTE_MAX, required=False)


class NewReadings(ReadingBody):
    """One reading, or many under `readings`: all of them, or none with every error listed."""

    example: ClassVar[dict[str, Any]] = {"on": "2026-11-01", "value": "31.5", "note": "Week 44"}

    on = Day(required=False)
    value = Measure(required=False)
    readings = Many(READINGS_MAX, child=ReadingBody(), required=False)


class WithdrawalBody(Shape):
    """Why it is withdrawn."""

    example: ClassVar[dict[str, Any]] = {"reason": "A test batch was counted in."}

    reason = Text(REASON_MAX)
