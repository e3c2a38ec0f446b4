"""KPIs, readings and amendments in words."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from gates.models import LIMIT_FIELDS, Kpi, KpiDue, KpiKind, KpiSignal, Reading
from gates.promises import Direction, Measured, ValueStatus
from readiness.standing.kpis import Against, KpiState
from readiness.standing.words import Word
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import long_day, number

LIMIT_NAMES = {
    "baseline": gettext_lazy("Baseline"),
    "target": gettext_lazy("Target"),
    "go_limit": gettext_lazy("Go limit"),
    "stop_limit": gettext_lazy("Stop limit"),
}
DIRECTION_WORDS = {
    Direction.UP.value: gettext_lazy("Higher is better"),
    Direction.DOWN.value: gettext_lazy("Lower is better"),
}
FIELD_NAMES = LIMIT_NAMES | {
    "kind": gettext_lazy("Kind"),
    "unit": gettext_lazy("Unit"),
    "direction": gettext_lazy("Direction"),
    "signal": gettext_lazy("What it tells"),
    "added": gettext_lazy("Added"),
}
_OPTIONS: dict[str, dict[Any, Any]] = {
    "kind": dict(KpiKind.choices),
    "direction": DIRECTION_WORDS,
    "signal": dict(KpiSignal.choices),
    "due": dict(KpiDue.choices),
}

AGAINST_WORDS = {
    Against.TARGET: Word(gettext_lazy("At the target or better"), "good", "check-circle"),
    Against.GO: Word(gettext_lazy("At the go limit or better"), "good", "check"),
    Against.BETWEEN: Word(gettext_lazy("Short of the go limit"), "warning", "partial"),
    Against.STOP: Word(gettext_lazy("At the stop limit or beyond"), "critical", "stop"),
}
NO_STOP_YET = Word(gettext_lazy("Clear of the stop limit"), "info", "info")
SHORT_OF_TARGET = Word(gettext_lazy("Short of the target"), "warning", "partial")

VALUE_WORDS = {
    ValueStatus.NOT_DUE: Word(gettext_lazy("Not due yet"), "muted", "clock"),
    ValueStatus.UNMEASURED: Word(gettext_lazy("Unmeasured"), "warning", "unanswered"),
    ValueStatus.BELOW: Word(gettext_lazy("Below the promise"), "critical", "arrow-down"),
    ValueStatus.ON: Word(gettext_lazy("On the promise"), "good", "check"),
    ValueStatus.ABOVE: Word(gettext_lazy("Above the promise"), "good", "arrow-up"),
}


def figure(value: Decimal) -> str:
    """A value as people read it: 40000.0000 is "40,000"."""
    return number(f"{value.normalize() + 0:,f}")


def amount(value: Decimal | None, unit: str) -> str:
    """A value with its unit; "" where there is none."""
    return "" if value is None else f"{figure(value)} {unit}".strip()


def against_word(state: KpiState) -> Word | None:
    """Where the latest reading lies among the limits that are known; None where there is nothing to compare."""
    found = state.latest_against
    if found is None:
        return None
    if found == Against.BETWEEN and state.kpi.go_limit is None:
        return SHORT_OF_TARGET if state.kpi.target is not None else NO_STOP_YET
    return AGAINST_WORDS[found]


def reading_words(reading: Reading | Measured, unit: str) -> str:
    """ "31 minutes on 12 March 2026"."""
    return _("%(amount)s on %(day)s") % {"amount": amount(reading.value, unit), "day": long_day(reading.on)}


def change_words(field: str, before: str | None, after: str | None, unit: str) -> str:
    """One field of an amendment: "Target: 20 minutes to 25 minutes"."""
    if field == "added":
        return _("Added after the promises were locked.")
    return _("%(get)s: %(field)s to %(field2)s.") % {
        "get": FIELD_NAMES.get(field, field),
        "field": _value(field, before, unit),
        "field2": _value(field, after, unit),
    }


def _value(field: str, text: str | None, unit: str) -> str:
    if text is None:
        return _("nothing")
    if field in LIMIT_FIELDS:
        return amount(Decimal(text), unit)
    return str(_OPTIONS.get(field, {}).get(text, text))


def due_words(kpi: Kpi) -> str:
    return str(_OPTIONS["due"].get(kpi.due, ""))


def signal_words(kpi: Kpi) -> str:
    return str(_OPTIONS["signal"].get(kpi.signal, ""))
