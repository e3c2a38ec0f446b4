"""The portfolio's figures as the charts take them."""

from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import urlencode

from gates.promises import ValueStatus
from gates.stages import Stage
from readiness.portfolio.figures import (
    OTHERS,
    CauseCount,
    FunnelStage,
    GateCell,
    Headline,
    Outcomes,
    ScoreBin,
    UnitRow,
)
from readiness.portfolio.questions import State
from readiness.portfolio.value import MarkCounts, Monthly
from readiness.standing.definitions import root_causes
from readiness.standing.words import STAGE_WORDS
from readiness.ui.charts import LEVELS, Bar, Cell, Column, FunnelStep, HeatRow, Segment, heat_level
from readiness.ui.markup import figure
from readiness.ui.plots import Bin


def listing_url(**asked: str) -> str:
    """The list of initiatives with these filters."""
    return "/initiatives/?" + urlencode({name: value for name, value in asked.items() if value})


def funnel_steps(stages: Sequence[FunnelStage], unit: str) -> list[FunnelStep]:
    """``rate``: how many of those that reached a stage reached the next one."""
    steps = []
    for number, found in enumerate(stages):
        following = stages[number + 1].reached if number + 1 < len(stages) else None
        steps.append(
            FunnelStep(
                label=STAGE_WORDS[found.stage].label,
                value=found.reached,
                note=f"{figure(found.now)} in it now",
                rate=f"{round(100 * following / found.reached)} %"
                if found.reached and following is not None
                else "",
                href=listing_url(stage=found.stage.value, unit=unit),
            )
        )
    return steps


def heat_columns(rows: Sequence[UnitRow]) -> list[Column]:
    return [Column(label=cell.name, short=_short(cell.name)) for cell in rows[0].cells] if rows else []


def _short(name: str) -> str:
    """A name as a phone has room for it: "Architecture" is "Arch."."""
    return name if len(name) <= 5 else f"{name[:4]}."


def heat_rows(rows: Sequence[UnitRow]) -> list[HeatRow]:
    return [
        HeatRow(
            label=row.unit,
            hint=f"{figure(row.initiatives)} past intake",
            href=listing_url(unit=row.unit_key, state=State.PAST_INTAKE)
            if row.unit_key not in ("", OTHERS)
            else "",
            cells=[_heat_cell(cell) for cell in row.cells],
        )
        for row in rows
    ]


def _heat_cell(cell: GateCell) -> Cell:
    words = [f"{figure(cell.passed)} of {figure(cell.total)} passed"]
    if cell.lapsed:
        words.append(f"{figure(cell.lapsed)} lapsed")
    if cell.in_review:
        words.append(f"{figure(cell.in_review)} in review")
    return Cell(
        label=", ".join(words),
        display=f"{figure(cell.passed)} of {figure(cell.total)}" if cell.total else "–",
        level=min(heat_level(cell.passed, cell.total), LEVELS),
        tone="good",
        icon="warning" if cell.lapsed else "clock" if cell.in_review else "",
    )


def bins(found: Sequence[ScoreBin]) -> list[Bin]:
    return [Bin(low=one.low, high=one.high, count=one.count) for one in found]


def cause_bars(counted: Sequence[CauseCount], unit: str) -> list[Bar]:
    causes = root_causes()
    return [
        Bar(
            label=causes[one.root_cause].name,
            value=one.initiatives,
            hint=f"{_confirmed(one)} {causes[one.root_cause].sentence}",
            href=listing_url(cause=one.root_cause, unit=unit),
        )
        for one in counted
    ]


def _confirmed(found: CauseCount) -> str:
    """ "Suspected.", "3 confirmed, 2 suspected.", "Confirmed." """
    if not found.confirmed:
        return "Suspected."
    suspected = found.initiatives - found.confirmed
    if not suspected:
        return "Confirmed."
    return f"{figure(found.confirmed)} confirmed, {figure(suspected)} suspected."


def outcome_segments(found: Outcomes, unit: str) -> list[Segment]:
    live, retired = Stage.LIVE.value, Stage.RETIRED.value
    segments = [
        Segment(label="Live", value=found.live, tone="good", href=listing_url(stage=live, unit=unit)),
        Segment(label="Stopped on agreed criteria", value=found.stopped_on_criteria, tone="info"),
        Segment(label="Stopped by decision", value=found.stopped_by_decision, tone="neutral"),
        Segment(label="Faded out", value=found.faded_out, tone="warning"),
        Segment(
            label="Retired", value=found.retired, tone="muted", href=listing_url(stage=retired, unit=unit)
        ),
    ]
    return [segment for segment in segments if segment.value]


VALUE_SEGMENTS = {
    ValueStatus.ABOVE: ("Above", "info"),
    ValueStatus.ON: ("On", "good"),
    ValueStatus.BELOW: ("Below", "warning"),
    ValueStatus.UNMEASURED: ("Not measured", "muted"),
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
    kpis = f"{found.measured} of {found.kpis} KPI{'' if found.kpis == 1 else 's'}"
    return f"{found.realised:,.0f} of {money(found.promised, found.currency)} promised a month, measured by {kpis}"


def money_segments(found: Headline) -> list[Segment]:
    """What was spent on running initiatives: on those that move, and on those that are stalled."""
    moving = found.spent - found.spent_stalled
    return [
        Segment(label="Moving", value=float(moving), tone="good", display=money(moving, found.currency)),
        Segment(
            label="Stalled",
            value=float(found.spent_stalled),
            tone="critical",
            display=money(found.spent_stalled, found.currency),
        ),
    ]


def money(amount: Decimal, currency: str) -> str:
    """Whole units of a currency: "3,418,000 EUR"."""
    return f"{amount:,.0f} {currency}".strip()
