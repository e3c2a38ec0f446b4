"""KPIs, readings and amendments in words."""

from decimal import Decimal

from checklists.scoring import plain_date
from gates.models import LIMIT_FIELDS, Kpi, KpiDue, KpiKind, KpiSignal, Reading
from gates.promises import Direction, ValueStatus
from readiness.standing.kpis import Against, KpiState
from readiness.standing.words import Word

LIMIT_NAMES = {
    "baseline": "Baseline",
    "target": "Target",
    "go_limit": "Go limit",
    "stop_limit": "Stop limit",
}
DIRECTION_WORDS = {Direction.UP.value: "Higher is better", Direction.DOWN.value: "Lower is better"}
FIELD_NAMES = LIMIT_NAMES | {
    "kind": "Kind",
    "unit": "Unit",
    "direction": "Direction",
    "signal": "What it tells",
    "added": "Added",
}
_OPTIONS = {
    "kind": dict(KpiKind.choices),
    "direction": DIRECTION_WORDS,
    "signal": dict(KpiSignal.choices),
    "due": dict(KpiDue.choices),
}

AGAINST_WORDS = {
    Against.TARGET: Word("At the target or better", "good", "check-circle"),
    Against.GO: Word("At the go limit or better", "good", "check"),
    Against.BETWEEN: Word("Short of the go limit", "warning", "partial"),
    Against.STOP: Word("At the stop limit or beyond", "critical", "stop"),
}
NO_STOP_YET = Word("Clear of the stop limit", "info", "info")
SHORT_OF_TARGET = Word("Short of the target", "warning", "partial")

VALUE_WORDS = {
    ValueStatus.NOT_DUE: Word("Not due yet", "muted", "clock"),
    ValueStatus.UNMEASURED: Word("Unmeasured", "warning", "unanswered"),
    ValueStatus.BELOW: Word("Below the promise", "critical", "arrow-down"),
    ValueStatus.ON: Word("On the promise", "good", "check"),
    ValueStatus.ABOVE: Word("Above the promise", "good", "arrow-up"),
}


def figure(value: Decimal) -> str:
    """A value as people read it: 40000.0000 is "40,000"."""
    return f"{value.normalize() + 0:,f}"


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


def reading_words(reading: Reading, unit: str) -> str:
    """ "31 minutes on 12 March 2026"."""
    return f"{amount(reading.value, unit)} on {plain_date(reading.on)}"


def change_words(field: str, before: str | None, after: str | None, unit: str) -> str:
    """One field of an amendment: "Target: 20 minutes to 25 minutes"."""
    if field == "added":
        return "Added after the promises were locked."
    return f"{FIELD_NAMES.get(field, field)}: {_value(field, before, unit)} to {_value(field, after, unit)}."


def _value(field: str, text: str | None, unit: str) -> str:
    if text is None:
        return "nothing"
    if field in LIMIT_FIELDS:
        return amount(Decimal(text), unit)
    return str(_OPTIONS.get(field, {}).get(text, text))


def due_words(kpi: Kpi) -> str:
    return str(_OPTIONS["due"].get(kpi.due, ""))


def signal_words(kpi: Kpi) -> str:
    return str(_OPTIONS["signal"].get(kpi.signal, ""))
