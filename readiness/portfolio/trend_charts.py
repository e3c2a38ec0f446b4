"""The trend, the gap and what is ahead as the charts and tables take them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from readiness.portfolio.ahead import ANY as ANY_DAY
from readiness.portfolio.ahead import BY_ITS_END, OPEN_ENDED, Ahead, Expected, Period, Step
from readiness.portfolio.forecast_words import WHY_NOT, without_forecast
from readiness.portfolio.gap import ANY, Gaps, UnitGap, gap_words
from readiness.portfolio.past.behind import highest, mark_words, was_behind
from readiness.portfolio.past.marks import BANDS, Counted, Mark, band_mark, verdict_mark
from readiness.portfolio.scope import Scope
from readiness.portfolio.trend import Trend
from readiness.standing.forecast import NoForecast
from readiness.standing.links import why_url
from readiness.standing.verdict import Verdict
from readiness.standing.words import VERDICT_WORDS
from readiness.ui.charts import Bar
from readiness.ui.columns import Stack
from readiness.ui.local import day_of_month, short_month
from readiness.ui.markup import figure
from readiness.ui.plots import Line, MonthEnds

BAND_MARKS = tuple(band_mark(low) for low, _high in BANDS)
VERDICT_TONES = {
    verdict_mark(verdict): VERDICT_WORDS[verdict].tone
    for verdict in (Verdict.READY, Verdict.CONDITIONAL, Verdict.NOT_READY)
}
VERDICT_MARKS = tuple(VERDICT_TONES)

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that leads to the list behind it; ``href`` "" where there is nothing to show."""

    words: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One end of a month with its figures in the order of the heads."""

    label: str
    figures: list[tuple[str, Figure]]


def months_shown(found: Trend, today: date, scope: Scope) -> dict[str, object]:
    """The ends of the months as the page and the report draw and list them."""
    bands, verdicts = marks_shown(found, BAND_MARKS), marks_shown(found, VERDICT_MARKS)
    return {
        "trend": found,
        "bands": stacks(found, bands, today),
        "band_names": names(bands),
        "verdicts": stacks(found, verdicts, today),
        "verdict_names": names(verdicts),
        "verdict_tones": [VERDICT_TONES.get(mark, "muted") for mark in verdicts],
        "stalled_lines": stalled_lines(found),
        "median_lines": median_lines(found),
        "month_ends": MonthEnds(today),
        "month_rows": month_rows(found, today, scope),
    }


def gaps_shown(found: Gaps, scope: Scope) -> dict[str, object]:
    return {
        "gap": found,
        "gap_bars": gap_bars(found, scope),
        "unit_bars": unit_bars(found, scope),
        "largest": largest_rows(found),
        "all_gaps": scope.listing(behind=f"gap:{ANY}"),
    }


def ahead_shown(found: Ahead, scope: Scope, step: Step) -> dict[str, object]:
    return {
        "ahead": found,
        "ahead_lines": ahead_lines(found),
        "period_ends": MonthEnds(),
        "ahead_rows": ahead_rows(found, scope, step),
        "all_expected": scope.listing(behind=f"expected:{ANY_DAY}"),
        "open_ended": scope.listing(behind=f"expected:{OPEN_ENDED}"),
        "why_bars": why_bars(found, scope),
    }


def stacks(found: Trend, marks: Sequence[str], today: date) -> list[Stack]:
    """Where there is more than a year, its number tells one March from another."""
    years, named = len(found.days) > MONTHS_A_YEAR + 1, MonthEnds(today).name
    return [
        Stack(
            label=named(one.day),
            values=[one.of(mark) for mark in marks],
            short=day_of_month(one.day) if one.day == today else _mark(one.day, years),
        )
        for one in found.days
    ]


def _mark(day: date, with_year: bool) -> str:
    """ "Mar", or "03/26" where there are several: short enough to stand beside each other on a phone."""
    return f"{day:%m/%y}" if with_year else short_month(day)


def marks_shown(found: Trend, marks: Sequence[str]) -> list[str]:
    """With what was not recorded, where there was any."""
    return [*marks, Mark.UNRECORDED.value] if found.any_unrecorded else list(marks)


def names(marks: Sequence[str]) -> list[str]:
    return [mark_words(mark) for mark in marks]


def stalled_lines(found: Trend) -> list[Line]:
    return [Line(name=_("Stalled"), points=[(one.day, one.of(Mark.STALLED)) for one in found.days], series=3)]


def median_lines(found: Trend) -> list[Line]:
    """The days before anything was recorded are left out."""
    points = [(one.day, float(one.median)) for one in found.days if one.median is not None]
    return [Line(name=_("Median score"), points=points)] if points else []


def marks_listed(found: Trend) -> list[str]:
    """What a month is told by, in the order of the heads; the median stands behind the first."""
    return [Mark.RUNNING.value, *marks_shown(found, BAND_MARKS), *VERDICT_MARKS, Mark.STALLED.value]


def month_rows(found: Trend, today: date, scope: Scope) -> list[MonthRow]:
    """The latest first."""
    marks, named = marks_listed(found), MonthEnds(today).name

    def row(one: Counted) -> MonthRow:
        cells = [
            (head_words(mark), Figure(figure(one.of(mark)), listed(scope, mark, one.day, one.of(mark))))
            for mark in marks
        ]
        median = (_("Median score"), Figure(figure(one.median, 1)))
        return MonthRow(named(one.day), [cells[0], median, *cells[1:]])

    return [row(one) for one in reversed(found.days)]


def head_words(mark: str) -> str:
    """A mark above a column: a band by its scores alone."""
    bands = {band_mark(low): f"{low}–{highest(low)}" for low, _high in BANDS}
    return bands.get(mark) or (_("Not recorded") if mark == Mark.UNRECORDED else mark_words(mark))


def listed(scope: Scope, mark: str, day: date, count: int, without: str = "") -> str:
    return scope.listing(behind=was_behind(mark, day, without)) if count else ""


def gap_bars(found: Gaps, scope: Scope) -> list[Bar]:
    return [
        Bar(
            label=begun(gap_words(one.code)),
            value=one.count,
            href=scope.listing(behind=f"gap:{one.code}") if one.count else "",
        )
        for one in found.bins
    ]


def unit_bars(found: Gaps, scope: Scope) -> list[Bar]:
    return [
        Bar(
            label=one.unit or _("No unit named"),
            value=float(one.mean),
            display=figure(one.mean, 2),
            hint=_("%(with_gap)s of %(initiatives)s have one") % _unit_words(one),
            href=scope.listing(unit=one.key, behind=f"gap:{ANY}") if one.key and one.with_gap else "",
        )
        for one in found.units
    ]


def _unit_words(one: UnitGap) -> dict[str, str]:
    return {"with_gap": figure(one.with_gap), "initiatives": figure(one.initiatives)}


def points(value: Decimal) -> str:
    """ "1.5", as points are counted."""
    return figure(value, 1) if value != value.to_integral_value() else figure(value, 0)


def largest_rows(found: Gaps) -> list[dict[str, object]]:
    return [
        {
            "initiative": one,
            "url": why_url(one.ref),
            "declared": points(one.standing.declared_points),
            "allowed": points(one.standing.points),
            "gap": points(one.standing.optimism_gap),
            "total": figure(one.standing.total),
        }
        for one in found.largest
    ]


def ahead_lines(found: Ahead) -> list[Line]:
    """How many will have got there by the end of each period, as the three ends of their ranges have it."""
    if not found.expected:
        return []

    def points_of(which: str) -> list[tuple[date, float]]:
        return [(one.period.last, getattr(one, which)) for one in found.periods]

    return [
        Line(name=_("At the earliest"), points=points_of("early"), series=2, dashed=True),
        Line(name=_("Expected"), points=points_of("middle"), series=1),
        Line(name=_("At the latest"), points=points_of("late"), series=3, dashed=True),
    ]


def ahead_rows(found: Ahead, scope: Scope, step: Step) -> list[dict[str, object]]:
    """The periods in which anything is expected or the range has moved; what has passed stands first."""
    rows: list[dict[str, object]] = []
    if found.passed:
        behind = f"expected:passed.{step.value}"
        rows.append(_ahead_row(_("Earlier"), found.passed, scope, behind, None))
    before: tuple[int, int, int] | None = None
    for one in found.periods:
        reached = (one.early, one.middle, one.late)
        if reached != before:
            behind = f"expected:{one.period.code}"
            rows.append(_ahead_row(short_period(one.period), one.on, scope, behind, one))
        before = reached
    if found.later:
        behind = f"expected:later.{step.value}"
        rows.append(_ahead_row(_("Later"), found.later, scope, behind, None))
    return rows


def _ahead_row(label: str, count: int, scope: Scope, behind: str, one: Expected | None) -> dict[str, object]:
    def leading(number: int, to: str) -> Figure:
        return Figure(figure(number), scope.listing(behind=to) if number else "")

    ends = {
        end: leading(getattr(one, end), f"expected:{end}.{one.period.last:%Y-%m}") if one else Figure("–")
        for end in BY_ITS_END
    }
    return {"label": label, "on": leading(count, behind), **ends}


def short_period(period: Period) -> str:
    """ "Jan 2027", or "Jan to Mar 2027"."""
    last = short_month(period.last, with_year=True)
    if period.first.month == period.last.month:
        return last
    return _("%(first)s to %(last)s") % {"first": short_month(period.first), "last": last}


def why_bars(found: Ahead, scope: Scope) -> list[Bar]:
    """Why the others have none, the most frequent first, in the words of their own pages."""
    ordered = sorted(found.none.items(), key=lambda one: (-one[1], list(NoForecast).index(one[0])))
    return [
        Bar(
            label=begun(WHY_NOT[why]),
            value=count,
            hint=without_forecast(why.value, found.needed),
            href=scope.listing(behind=f"no_forecast:{why.value}"),
        )
        for why, count in ordered
    ]


def begun(words: str) -> str:
    """The words as they begin a line."""
    text = str(words)
    return text[:1].upper() + text[1:]
