"""Where everything goes in a schedule: planned and actual spans over days. Percentages, as in `charts.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from readiness.ui.charts import LEAST_SEEN, rounded
from readiness.ui.parts import Tone, Toned
from readiness.ui.plots import Tick, anchor, date_ticks


@dataclass(frozen=True, kw_only=True)
class Span(Toned):
    """One row: planned from its first through its last day, and begun on a day (through ``until``, else today).

    Any day may be missing. ``status`` says in a word how it stands.
    """

    label: str
    starts_on: date | None = None
    ends_on: date | None = None
    began_on: date | None = None
    until: date | None = None
    status: str = ""
    tone: str = Tone.NEUTRAL
    icon: str = "auto"


@dataclass(frozen=True)
class Stretch:
    x: float
    width: float


@dataclass(frozen=True)
class PlacedSpan:
    span: Span
    planned: Stretch | None
    actual: Stretch | None


@dataclass(frozen=True)
class Schedule:
    """``today``: where today lies, None outside the days that are drawn."""

    spans: list[PlacedSpan]
    ticks: list[Tick]
    today: float | None


def schedule(spans: Sequence[Span], today: date) -> Schedule:
    """Rows over one shared axis, from the first to the last day that any of them knows; a day is one day wide."""
    days = [day for span in spans for day in _days(span)]
    if not days:
        return Schedule([PlacedSpan(span, None, None) for span in spans], [], None)
    first = min(days)
    last = max([*days, today] if any(span.began_on and not span.until for span in spans) else days)
    whole = (last - first).days + 1

    def stretch(start: date | None, end: date | None) -> Stretch | None:
        """From a first through a last day; of a day alone where the other is not known."""
        start, end = start or end, end or start
        if start is None or end is None or end < start:
            return None
        width = max((end - start).days + 1, whole * LEAST_SEEN / 100)
        x = min((start - first).days, whole - width)
        return Stretch(rounded(x / whole * 100), rounded(width / whole * 100))

    placed = [
        PlacedSpan(
            span,
            stretch(span.starts_on, span.ends_on),
            stretch(span.began_on, span.until or max(today, span.began_on)) if span.began_on else None,
        )
        for span in spans
    ]
    marks = [
        (rounded((day - first).days / whole * 100), label) for day, label in date_ticks(first, last, most=5)
    ]
    at = rounded(((today - first).days + 0.5) / whole * 100)
    return Schedule(
        placed,
        [Tick(x, label, anchor(x)) for x, label in marks],
        at if first <= today <= last else None,
    )


def _days(span: Span) -> list[date]:
    return [day for day in (span.starts_on, span.ends_on, span.began_on, span.until) if day is not None]
