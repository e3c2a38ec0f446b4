"""The portfolio's figures as the charts take them."""

from collections.abc import Sequence
from urllib.parse import urlencode

from gates.stages import Stage
from readiness.portfolio.figures import FunnelStage, GateCell, Outcomes, ScoreBin, UnitRow
from readiness.standing.definitions import root_causes
from readiness.standing.words import STAGE_WORDS
from readiness.ui.charts import Bar, Cell, Column, FunnelStep, HeatRow, Segment
from readiness.ui.plots import Bin


def listing_url(**asked: str) -> str:
    """The list of initiatives with these filters."""
    return "/initiatives/?" + urlencode({name: value for name, value in asked.items() if value})


def funnel_steps(stages: Sequence[FunnelStage], unit: str) -> list[FunnelStep]:
    steps = []
    for number, found in enumerate(stages):
        before = stages[number - 1].reached if number else 0
        steps.append(
            FunnelStep(
                label=STAGE_WORDS[found.stage].label,
                value=found.reached,
                note=f"{found.now} in it now",
                rate=f"{round(100 * found.reached / before)} %" if before else "",
                href=listing_url(stage=found.stage.value, unit=unit),
            )
        )
    return steps


def heat_columns(rows: Sequence[UnitRow]) -> list[Column]:
    return [Column(label=cell.name) for cell in rows[0].cells] if rows else []


def heat_rows(rows: Sequence[UnitRow]) -> list[HeatRow]:
    return [
        HeatRow(
            label=row.unit,
            hint=f"{row.initiatives} running",
            href=listing_url(unit=row.unit_key, state="running")
            if row.unit_key and "\x00" not in row.unit_key
            else "",
            cells=[_heat_cell(cell) for cell in row.cells],
        )
        for row in rows
    ]


def _heat_cell(cell: GateCell) -> Cell:
    share = cell.passed / cell.total if cell.total else 0
    level = 0 if not cell.passed else min(4, 1 + int(share * 4 * 0.999))
    words = [f"{cell.passed} of {cell.total}"]
    if cell.lapsed:
        words.append(f"{cell.lapsed} lapsed")
    if cell.in_review:
        words.append(f"{cell.in_review} in review")
    icon = "warning" if cell.lapsed else "clock" if cell.in_review else ""
    return Cell(label=", ".join(words), level=level, tone="good", icon=icon)


def bins(found: Sequence[ScoreBin]) -> list[Bin]:
    return [Bin(low=one.low, high=one.high, count=one.count) for one in found]


def cause_bars(counted: Sequence[tuple[str, int]]) -> list[Bar]:
    causes = root_causes()
    return [Bar(label=causes[slug].name, value=count, hint=causes[slug].sentence) for slug, count in counted]


def outcome_segments(found: Outcomes) -> list[Segment]:
    segments = [
        Segment(label="Live", value=found.live, tone="good", href=listing_url(stage=Stage.LIVE.value)),
        Segment(label="Stopped on agreed criteria", value=found.stopped_on_criteria, tone="info"),
        Segment(label="Stopped by decision", value=found.stopped_by_decision, tone="neutral"),
        Segment(label="Faded out", value=found.faded_out, tone="warning"),
        Segment(
            label="Retired", value=found.retired, tone="muted", href=listing_url(stage=Stage.RETIRED.value)
        ),
    ]
    return [segment for segment in segments if segment.value]
