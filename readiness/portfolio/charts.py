"""The portfolio's figures as the charts take them."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gates.models import LessonOutcome, Role
from gates.promises import ValueStatus
from gates.stages import Stage
from readiness.portfolio.currency import Sum
from readiness.portfolio.figures import (
    OTHERS,
    CauseCount,
    FunnelStage,
    GateCell,
    Headline,
    Outcomes,
    Reviews,
    Stalled,
    UnitRow,
)
from readiness.portfolio.questions import State
from readiness.portfolio.scope import Scope
from readiness.portfolio.scores import ScoreBin
from readiness.portfolio.value import MarkCounts, Monthly
from readiness.standing.definitions import root_causes
from readiness.standing.words import STAGE_WORDS
from readiness.ui.charts import LEVELS, Bar, Cell, Column, FunnelStep, HeatRow, Segment, heat_level
from readiness.ui.lazily import gettext_lazy
from readiness.ui.markup import figure
from readiness.ui.plots import Bin
from readiness.ui.rounding import half_up
from readiness.ui.saying import content


def funnel_steps(stages: Sequence[FunnelStage], scope: Scope) -> list[FunnelStep]:
    """``rate``: how many of those that reached a stage reached the next one."""
    steps = []
    for place, found in enumerate(stages):
        following = stages[place + 1].reached if place + 1 < len(stages) else None
        steps.append(
            FunnelStep(
                label=STAGE_WORDS[found.stage].label,
                value=found.reached,
                href=scope.listing(behind=f"reached:{found.stage.value}") if found.reached else "",
                note=_("%(now)s in it now") % {"now": figure(found.now)},
                rate=f"{half_up(100 * following / found.reached, 0)} %"
                if found.reached and following is not None
                else "",
                note_href=scope.listing(stage=found.stage.value) if found.now else "",
            )
        )
    return steps


def reviews_hint(found: Reviews) -> str:
    """On how many initiatives they wait, where that is another number, and how long the oldest has; "" without any."""
    if not found.oldest:
        return ""
    days = found.oldest[0].days
    oldest = ngettext("the oldest for %(days)s day", "the oldest for %(days)s days", days) % {
        "days": figure(days)
    }
    if found.initiatives == found.count:
        return oldest
    on = ngettext("on %(count)s initiative", "on %(count)s initiatives", found.initiatives)
    return f"{on % {'count': figure(found.initiatives)}}, {oldest}"


def heat_columns(rows: Sequence[UnitRow]) -> list[Column]:
    return (
        [Column(label=content(cell.name), short=short_name(content(cell.name))) for cell in rows[0].cells]
        if rows
        else []
    )


def short_name(name: str) -> str:
    """A name as a phone has room for it: "Architecture" is "Arch."."""
    return name if len(name) <= 5 else f"{name[:4]}."


def heat_rows(rows: Sequence[UnitRow], scope: Scope) -> list[HeatRow]:
    return [
        HeatRow(
            label=row.unit,
            hint=_("%(initiatives)s past intake") % {"initiatives": figure(row.initiatives)},
            href=scope.listing(unit=row.unit_key, state=State.PAST_INTAKE)
            if row.unit_key not in ("", OTHERS)
            else "",
            cells=[heat_cell(cell) for cell in row.cells],
        )
        for row in rows
    ]


def heat_cell(cell: GateCell) -> Cell:
    words = [
        _("%(passed)s of %(total)s passed") % {"passed": figure(cell.passed), "total": figure(cell.total)}
    ]
    if cell.lapsed:
        words.append(_("%(lapsed)s lapsed") % {"lapsed": figure(cell.lapsed)})
    if cell.in_review:
        words.append(_("%(in_review)s in review") % {"in_review": figure(cell.in_review)})
    return Cell(
        label=", ".join(words),
        display=_("%(passed)s of %(total)s") % {"passed": figure(cell.passed), "total": figure(cell.total)}
        if cell.total
        else "–",
        short=f"{figure(cell.passed)}/{figure(cell.total)}" if cell.total else "",
        level=min(heat_level(cell.passed, cell.total), LEVELS),
        tone="good",
        icon="warning" if cell.lapsed else "clock" if cell.in_review else "",
    )


def bins(found: Sequence[ScoreBin]) -> list[Bin]:
    return [Bin(low=one.low, high=one.high, count=one.count) for one in found]


def cause_bars(counted: Sequence[CauseCount], scope: Scope) -> list[Bar]:
    causes = root_causes()
    return [
        Bar(
            label=content(causes[one.root_cause].name),
            value=one.initiatives,
            hint=f"{_confirmed(one)} {content(causes[one.root_cause].sentence)}",
            href=scope.listing(cause=one.root_cause),
        )
        for one in counted
    ]


def _confirmed(found: CauseCount) -> str:
    """ "Suspected.", "3 confirmed, 2 suspected.", "Confirmed." """
    if not found.confirmed:
        return _("Suspected.")
    suspected = found.initiatives - found.confirmed
    if not suspected:
        return _("Confirmed.")
    return _("%(confirmed)s confirmed, %(suspected)s suspected.") % {
        "confirmed": figure(found.confirmed),
        "suspected": figure(suspected),
    }


def outcome_segments(found: Outcomes, scope: Scope) -> list[Segment]:
    live, retired = Stage.LIVE.value, Stage.RETIRED.value

    def stopped(label: str, value: int, tone: str, outcome: LessonOutcome) -> Segment:
        return Segment(
            label=label, value=value, tone=tone, href=scope.listing(behind=f"ended:{outcome.value}")
        )

    segments = [
        Segment(label=_("Live"), value=found.live, tone="good", href=scope.listing(stage=live)),
        stopped(
            _("Stopped on agreed criteria"), found.stopped_on_criteria, "info", LessonOutcome.AGREED_CRITERIA
        ),
        stopped(_("Stopped by decision"), found.stopped_by_decision, "neutral", LessonOutcome.DECIDED),
        stopped(_("Faded out"), found.faded_out, "warning", LessonOutcome.FADED_OUT),
        Segment(label=_("Retired"), value=found.retired, tone="muted", href=scope.listing(stage=retired)),
    ]
    return [segment for segment in segments if segment.value]


VALUE_SEGMENTS = {
    ValueStatus.ABOVE: (gettext_lazy("Above"), "info"),
    ValueStatus.ON: (gettext_lazy("On"), "good"),
    ValueStatus.BELOW: (gettext_lazy("Below"), "warning"),
    ValueStatus.UNMEASURED: (gettext_lazy("Not measured"), "muted"),
}


def value_segments(found: MarkCounts) -> list[Segment]:
    """The measurements that are due at one mark, held against the promise."""
    return [
        Segment(label=label, value=found.counts[status], tone=tone)
        for status, (label, tone) in VALUE_SEGMENTS.items()
        if found.counts[status]
    ]


def monthly_words(found: Monthly) -> str:
    """ "12,000 of 20,000 EUR promised a month, measured by 2 of 3 KPIs"."""
    words = ngettext("%(measured)s of %(kpis)s KPI", "%(measured)s of %(kpis)s KPIs", found.kpis)
    kpis = words % {"measured": found.measured, "kpis": found.kpis}
    realised = figure(found.realised, 0)
    return _("%(realised)s of %(promised)s promised a month, measured by %(kpis)s") % {
        "realised": realised,
        "promised": money(found.promised, found.currency),
        "kpis": kpis,
    }


def money_segments(found: Headline) -> list[Segment]:
    """What was spent on running initiatives: on those that move, and on those that are stalled."""
    moving = found.spent - found.spent_stalled
    return [
        Segment(label=_("Moving"), value=float(moving), tone="good", display=money(moving, found.currency)),
        Segment(
            label=_("Stalled"),
            value=float(found.spent_stalled),
            tone="critical",
            display=money(found.spent_stalled, found.currency),
        ),
    ]


def money(amount: Decimal, currency: str) -> str:
    """Whole units of a currency: "3,418,000 EUR"."""
    return f"{figure(amount, 0)} {currency}".strip()


def stalled_cause(found: Stalled) -> str:
    """The root cause of its gravest flag, and whether anybody confirmed it; "" where it has none."""
    if not found.cause:
        return ""
    words = {"cause": content(root_causes()[found.cause].name)}
    return (_("%(cause)s, confirmed") if found.is_confirmed else _("%(cause)s, suspected")) % words


def whom_to_ask(found: Stalled) -> str:
    """By name and role; "" where nobody is named."""
    if found.who is None:
        return ""
    return f"{found.who.user.name} ({Role(found.who.role).label})"


def ready_hint(found: Headline) -> str:
    """The tile counts those that can go; what went already is said beside it."""
    if not found.ready_live:
        return _("every gate passed, not yet live")
    return ngettext(
        "every gate passed, not yet live; %(count)s live one holds them all",
        "every gate passed, not yet live; %(count)s live ones hold them all",
        found.ready_live,
    ) % {"count": figure(found.ready_live)}


def conditional_hint(found: Headline) -> str:
    if not found.conditional_live:
        return _("ready with conditions, not yet live")
    return ngettext(
        "ready with conditions, not yet live; %(count)s more is live",
        "ready with conditions, not yet live; %(count)s more are live",
        found.conditional_live,
    ) % {"count": figure(found.conditional_live)}


def roughly(whole: Sum, estimated: Sum) -> str:
    """A burn in words: "about 295,198 EUR" where some part of it is estimated."""
    amount = money(whole.amount, whole.currency)
    return _("about %(amount)s") % {"amount": amount} if estimated.amount else amount
