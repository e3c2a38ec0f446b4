"""The figures of time as their page shows them: in words, as parts of charts, with the lists behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from readiness.portfolio.courses import Outcome, Untimed
from readiness.portfolio.durations import LEAST_EVENTS, LEAST_WATCHED, Cohort, Production, Spread, StageTime
from readiness.portfolio.durations_behind import OUTCOME_WORDS, UNTIMED_WORDS, quarter_words
from readiness.portfolio.scope import Scope
from readiness.portfolio.survival import Incidence, Step, watched_on
from readiness.standing.words import STAGE_WORDS
from readiness.ui.columns import Stack
from readiness.ui.curves import AxisMark, Curve
from readiness.ui.markup import figure
from readiness.ui.rounding import half_up

MONTH = 365.25 / 12
WEEKS_UP_TO = 183
MOST_MARKS = 7
STEPS = (1, 2, 3, 6, 12, 24, 36, 60, 120, 240)


@dataclass(frozen=True, slots=True)
class Count:
    """A figure with its list, "" where there is nothing to list."""

    label: str
    value: int
    url: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The curves of time to production, with what is said about them. ``end``, and where the marks stand, in days."""

    curves: list[Curve]
    marks: list[AxisMark]
    end: int
    x_label: str
    heads: list[str]
    rows: list[tuple[str, list[str]]]
    half: str
    drawn_until: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A day named on the axis: short below it, and in full in the table."""

    day: int
    label: str
    words: str


class StageCounts(NamedTuple):
    """Of one stage: who is in it now, of these who is beyond its plan, without one or undated, and who was in it."""

    now: Count
    beyond: Count
    unplanned: Count
    undated: Count
    over: Count


@dataclass(frozen=True, slots=True)
class Told:
    """What the curves say at one mark of the axis, and how many are still watched there."""

    mark: Mark
    live: Step
    ended: Step
    watched: int


def production_shown(found: Production, scope: Scope) -> dict[str, object]:
    """The way to production as the page and the report show it: its counts, and the curve where there is one."""
    return {
        "production": found,
        "outcomes": outcome_counts(found, scope),
        "untimed": untimed_counts(found, scope),
        "drawn": drawn(found),
        "least": LEAST_EVENTS,
    }


def outcome_counts(found: Production, scope: Scope) -> list[Count]:
    return [
        Count(
            str(words),
            found.outcomes.get(outcome, 0),
            _timed(scope, outcome.value, found.outcomes.get(outcome, 0)),
        )
        for outcome, words in OUTCOME_WORDS.items()
    ]


def untimed_counts(found: Production, scope: Scope) -> list[Count]:
    """Those that are not on the curve, where there are any."""
    return [
        Count(str(words), found.untimed[why], _timed(scope, why.value, found.untimed[why]))
        for why, words in UNTIMED_WORDS.items()
        if found.untimed.get(why)
    ]


def _timed(scope: Scope, what: str, count: int) -> str:
    return scope.listing(behind=f"timed:{what}") if count else ""


def drawn(found: Production) -> Drawn | None:
    """None where too few went live for a curve."""
    if found.live is None or found.ended is None:
        return None
    told = told_on(found)
    in_weeks = found.last_day <= WEEKS_UP_TO
    return Drawn(
        curves=[
            Curve(name=str(OUTCOME_WORDS[Outcome.LIVE]), steps=_steps(found.live)),
            Curve(name=str(OUTCOME_WORDS[Outcome.ENDED]), steps=_steps(found.ended), series=2),
        ],
        marks=[AxisMark(at=one.mark.day, label=one.mark.label, below=figure(one.watched)) for one in told],
        end=found.last_day,
        x_label=_("Weeks since the first day in intake")
        if in_weeks
        else _("Months since the first day in intake"),
        heads=[
            _("After"),
            str(OUTCOME_WORDS[Outcome.LIVE]),
            _("95 % band"),
            str(OUTCOME_WORDS[Outcome.ENDED]),
            _("95 % band"),
            _("Still watched"),
        ],
        rows=[(one.mark.words, [*_cells(one.live), *_cells(one.ended), figure(one.watched)]) for one in told],
        half=half_words(found.live, found.last_day),
        drawn_until=_("Drawn as long as %(least)s of them are still watched: %(days)s days.")
        % {"least": LEAST_WATCHED, "days": figure(found.last_day)},
    )


def told_on(found: Production) -> list[Told]:
    """The figures of the curve at each mark of its axis; none where there is no curve."""
    if found.live is None or found.ended is None:
        return []
    marks = axis(found.last_day)
    watched = watched_on(found.spells, [mark.day for mark in marks])
    return [
        Told(mark, found.live.at(mark.day), found.ended.at(mark.day), count)
        for mark, count in zip(marks, watched, strict=True)
    ]


def axis(last_day: int) -> list[Mark]:
    """The days to name: every so many weeks up to half a year, then every so many months."""
    unit = 7.0 if last_day <= WEEKS_UP_TO else MONTH
    whole = int(last_day / unit + 1e-9)
    every = next((step for step in STEPS if whole // step < MOST_MARKS), STEPS[-1])
    return [_mark(count, round(count * unit), weeks=unit == 7) for count in range(0, whole + 1, every)]


def _mark(count: int, day: int, *, weeks: bool) -> Mark:
    said = (
        ngettext("%(count)s week", "%(count)s weeks", count)
        if weeks
        else ngettext("%(count)s month", "%(count)s months", count)
    ) % {"count": figure(count)}
    days = ngettext("%(days)s day", "%(days)s days", day) % {"days": figure(day)}
    return Mark(day, figure(count), f"{said} ({days})")


def half_words(live: Incidence, last_day: int) -> str:
    """When half of them are live, in days, with the 95 % interval that the band gives; else where the drawing ends."""
    day = live.reaches(0.5)
    if day is None:
        return _("The curve does not reach 50 %%: it is at %(share)s after %(days)s days.") % {
            "share": percent(live.at(last_day).share),
            "days": figure(last_day),
        }
    early, late = live.reaches_between(0.5)
    between = (
        _("95 %%: from %(early)s to %(late)s days") % {"early": figure(early), "late": figure(late)}
        if late is not None
        else _("95 %%: from %(early)s days on, the end not in sight") % {"early": figure(early)}
    )
    return _("Half of what was begun is live after %(days)s days, about %(months)s months (%(between)s).") % {
        "days": figure(day),
        "months": figure(day / MONTH),
        "between": between,
    }


def percent(share: float) -> str:
    return f"{figure(half_up(100 * share))} %"


def _steps(found: Incidence) -> list[tuple[float, float, float, float]]:
    """Only where the line itself or its band moves."""
    return [(step.day, step.share, step.low, step.high) for step in found.steps]


def _cells(step: Step) -> list[str]:
    return [
        percent(step.share),
        _("%(low)s to %(high)s") % {"low": percent(step.low), "high": percent(step.high)},
    ]


def stage_rows(found: Sequence[StageTime], scope: Scope) -> list[dict[str, object]]:
    return [_stage_row(one, scope) for one in found]


def stage_counts(found: StageTime, scope: Scope) -> StageCounts:
    name = found.stage.value

    def behind(label: str, count: int, what: str) -> Count:
        return Count(label, count, scope.listing(behind=f"time:{name}.{what}") if count else "")

    return StageCounts(
        now=Count(_("In it now"), found.now, scope.listing(stage=name) if found.now else ""),
        beyond=behind(_("Beyond the plan"), found.beyond_plan, "beyond"),
        unplanned=behind(_("Without a plan"), found.unplanned, "unplanned"),
        undated=behind(_("Since an unknown day"), found.unknown, "undated"),
        over=behind(_("Has been through it"), found.initiatives, "over"),
    )


def _stage_row(found: StageTime, scope: Scope) -> dict[str, object]:
    return {
        "stage": STAGE_WORDS[found.stage],
        **stage_counts(found, scope)._asdict(),
        "days": _spread_words(found.days),
        "completed": _spread_words(found.completed),
        "stays": found.stays,
        "unclear": found.unclear,
    }


def _spread_words(found: Spread | None) -> dict[str, str] | None:
    """ "94", and "from 40 to 180"."""
    if found is None:
        return None
    between = _("the middle half from %(low)s to %(high)s") % {
        "low": figure(found.low),
        "high": figure(found.high),
    }
    return {"median": figure(found.median), "between": between}


def cohort_rows(found: Sequence[Cohort], scope: Scope) -> list[dict[str, object]]:
    return [_cohort_row(one, scope) for one in found]


def _cohort_row(found: Cohort, scope: Scope) -> dict[str, object]:
    name = f"to-{found.quarter.name}" if found.earlier else found.quarter.name

    def cell(count: int, what: str = "") -> dict[str, object]:
        asked = f"began:{name}.{what}" if what else f"began:{name}"
        return {
            "count": count,
            "share": percent(float(half_up(count / found.began, 2))) if what else "",
            "url": scope.listing(behind=asked) if count else "",
        }

    said = quarter_words(found.quarter)
    return {
        "label": _("Up to %(quarter)s") % {"quarter": said} if found.earlier else said,
        "young": found.young,
        "began": cell(found.began),
        "pilot": cell(found.pilot, "pilot"),
        "live": cell(found.live, Outcome.LIVE.value),
        "ended": cell(found.ended, Outcome.ENDED.value),
        "running": cell(found.running, Outcome.RUNNING.value),
    }


def cohort_names() -> list[str]:
    return [str(OUTCOME_WORDS[one]) for one in (Outcome.LIVE, Outcome.RUNNING, Outcome.ENDED)]


def cohort_stacks(found: Sequence[Cohort]) -> list[Stack]:
    """The single quarters from the oldest to the newest, in the order of ``cohort_names``."""
    return [
        Stack(label=quarter_words(one.quarter), values=[one.live, one.running, one.ended])
        for one in reversed(found)
        if not one.earlier
    ]


def not_begun(found: Production) -> int:
    """Of how many the first day in intake is not known."""
    return found.untimed.get(Untimed.NO_START, 0)
