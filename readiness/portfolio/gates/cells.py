"""The gates of initiatives as a page shows them: a row for each, and heads that count those of a unit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gates.models import Initiative
from gates.rules import PASSED_STATUSES, GateStatus
from gates.stages import Stage
from readiness.portfolio.charts import heat_cell, short_name
from readiness.portfolio.figures import GateCell, days_in_stage
from readiness.portfolio.gates.asked import gate_sort
from readiness.portfolio.gates.behind import STATES, asks
from readiness.portfolio.gates.figures import WHERE_IT_HURTS, GateColumn, Unit
from readiness.portfolio.scope import Scope
from readiness.standing.links import gate_url, initiative_url, why_url
from readiness.standing.models import GateStanding
from readiness.standing.words import GATE_WORDS, STAGE_WORDS, Word
from readiness.ui.charts import Cell, heat_level
from readiness.ui.local import within
from readiness.ui.markup import figure
from readiness.ui.saying import content

STRONGEST = 3


@dataclass(frozen=True, slots=True)
class Head:
    """A column: ``short`` is what a phone has room for."""

    label: str
    short: str
    sort: str


@dataclass(frozen=True, slots=True)
class Box:
    """One gate of one initiative. ``said`` is all of it in words; ``href`` leads to its reasons."""

    word: Word
    level: int
    met: str
    said: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """``days`` in its stage, days on hold not counted, None if not known. A box is None where it has no such gate."""

    initiative: Initiative
    url: str
    why_url: str
    stage: Word
    days: int | None
    boxes: list[Box | None]

    @property
    def days_words(self) -> str:
        if self.days is None:
            return ""
        return ngettext("%(days)s day", "%(days)s days", self.days) % {"days": figure(self.days)}


@dataclass(frozen=True, slots=True)
class GroupHead:
    """A unit, or all of them: how many initiatives it has, and how many passed each gate."""

    name: str
    size: int
    href: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of one unit on a page; ``head`` None where they are not grouped. ``fold`` folds it, or unfolds it."""

    head: GroupHead | None
    rows: list[Row]
    folded: bool = False
    goes_on: bool = False
    fold: str = ""
    target: str = ""


def heads(columns: Sequence[GateColumn]) -> list[Head]:
    names = [(column.gate, content(column.name)) for column in columns]
    return [Head(name, short_name(name), gate_sort(gate)) for gate, name in names]


def row_of(initiative: Initiative, columns: Sequence[GateColumn], today: date) -> Row:
    """Of an initiative with its standing, its gate standings on the framework of the page and its holds at hand."""
    standings = {standing.gate: standing for standing in initiative.gate_standings.all()}
    return Row(
        initiative=initiative,
        url=initiative_url(initiative.ref),
        why_url=why_url(initiative.ref),
        stage=STAGE_WORDS[Stage(initiative.stage)],
        days=days_in_stage(initiative, today),
        boxes=[_box(initiative, column, standings.get(column.gate)) for column in columns],
    )


def _box(initiative: Initiative, column: GateColumn, standing: GateStanding | None) -> Box | None:
    if standing is None or not standing.status:
        return None
    status = GateStatus(standing.status)
    word = GATE_WORDS[status]
    counted = {"met": figure(standing.met), "total": figure(standing.total)}
    said = {"gate": content(column.name), "state": word.label}
    return Box(
        word=word,
        level=_level(status, standing.met, standing.total),
        met=f"{counted['met']}/{counted['total']}",
        said=_("%(gate)s: %(state)s, %(met)s of %(total)s met") % (said | counted),
        href=gate_url(initiative.ref, column.gate),
    )


def _level(status: GateStatus, met: int, total: int) -> int:
    """How strong a box is: its colour is its state, its strength how much of it is met."""
    return STRONGEST if status in PASSED_STATUSES else min(max(heat_level(met, total), 1), STRONGEST)


def group_head(
    unit: Unit, cells: Sequence[GateCell], framework: str, scope: Scope, unnamed: str | None = None
) -> GroupHead:
    """The head of a unit. ``unnamed``: what stands there where no unit is named."""
    named = {"unit": unit.key} if unit.key else {}
    no_unit = not unit.key and unnamed is None
    return GroupHead(
        name=unit.name or unnamed or _("No unit named"),
        size=unit.size,
        href=scope.listing(behind=asks(framework, unnamed=no_unit), **named),
        cells=[
            replace(
                heat_cell(cell),
                href=scope.listing(behind=asks(framework, cell.gate, "passed", unnamed=no_unit), **named),
                level=min(heat_level(cell.passed, cell.total), STRONGEST),
            )
            for cell in cells
        ],
    )


@dataclass(frozen=True, slots=True)
class Trouble:
    """How many initiatives stand at a gate in a state that somebody should look at, and the list of them."""

    words: str
    href: str
    word: Word


def troubles(cells: Sequence[GateCell], framework: str, scope: Scope) -> list[Trouble]:
    """Over all that is shown: what lapsed and what waits for a decision, gate by gate."""
    found = []
    for state, status in (("lapsed", GateStatus.LAPSED), ("in_review", GateStatus.IN_REVIEW)):
        for cell in cells:
            count = getattr(cell, state)
            if count and status in STATES[state]:
                words = _("%(gate)s %(state)s: %(count)s") % {
                    "gate": content(cell.name),
                    "state": within(GATE_WORDS[status].label),
                    "count": figure(count),
                }
                found.append(
                    Trouble(
                        words, scope.listing(behind=asks(framework, cell.gate, state)), GATE_WORDS[status]
                    )
                )
    return found


def legend() -> list[Word]:
    """Every state of a gate that a running initiative can have, what is passed first."""
    return [GATE_WORDS[status] for status in reversed(WHERE_IT_HURTS) if status != GateStatus.STOPPED]
