"""The causes as their page shows them: what each counts, beside units and technologies, and what it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from readiness.portfolio.causes.behind import named
from readiness.portfolio.causes.figures import ANY, RESOLVED_DAYS, Cause, Column, Matrix
from readiness.portfolio.scope import Scope
from readiness.portfolio.symptom_views import STATES
from readiness.portfolio.symptoms.answers import State, Symptom
from readiness.portfolio.symptoms.words import DEFINITIONS
from readiness.standing.definitions import Quoted, root_causes
from readiness.standing.words import Word
from readiness.ui.charts import heat_level
from readiness.ui.markup import figure
from readiness.ui.saying import content, say

STRONGEST = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """How many initiatives, the list of them, and how strong a cell is."""

    count: int
    href: str
    label: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class CauseRow:
    """``anchor`` is where its meaning stands on the page, "" where it has none."""

    name: str
    anchor: str
    figures: list[Figure]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    name: str
    anchor: str
    cells: list[Figure]


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """``total``: its initiatives with any open flag."""

    name: str
    total: Figure


@dataclass(frozen=True, slots=True)
class Table:
    """A matrix; ``left_out`` says what is together in its last column, "" where nothing is."""

    columns: list[MatrixColumn]
    rows: list[MatrixRow]
    left_out: str


@dataclass(frozen=True, slots=True)
class SymptomLine:
    title: str
    href: str
    state: Word


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a cause means, the question behind it and what helps; figures only as quoted. ``symptoms`` point to it."""

    anchor: str
    name: str
    sentence: str
    ask: str
    countermeasure: str
    quotes: list[Quoted]
    symptoms: list[SymptomLine]


def in_order(found: Mapping[str, Cause]) -> list[Cause]:
    """What most initiatives are held up by comes first; a lesson that names no cause last."""
    places = {slug: place for place, slug in enumerate(root_causes())}
    there = [cause for cause in found.values() if cause.is_there]
    return sorted(
        there,
        key=lambda one: (one.slug == "", -one.open, -one.stopped, places.get(one.slug, len(places))),
    )


def cause_rows(causes: Sequence[Cause], scope: Scope) -> list[CauseRow]:
    """Open, of these confirmed and suspected, stopped for it, resolved lately."""
    most = max((cause.open for cause in causes), default=0)
    return [_cause_row(cause, scope, most) for cause in causes]


def _cause_row(cause: Cause, scope: Scope, most: int) -> CauseRow:
    slug = cause.slug
    return CauseRow(
        name=named(slug),
        anchor=_anchor(slug),
        figures=[
            Figure(
                cause.open, scope.listing(cause=slug), _("Open"), min(heat_level(cause.open, most), STRONGEST)
            ),
            Figure(cause.confirmed, scope.listing(behind=f"confirmed:{slug}"), _("Confirmed")),
            Figure(cause.suspected, scope.listing(behind=f"suspected:{slug}"), _("Suspected")),
            Figure(cause.stopped, scope.listing(behind=f"stopped_for:{slug}"), _("Stopped for it")),
            Figure(
                cause.resolved,
                scope.listing(behind=f"resolved:{slug}"),
                _("Resolved in %(days)s days") % {"days": RESOLVED_DAYS},
            ),
        ],
    )


def table(found: Matrix, causes: Sequence[Cause], scope: Scope) -> Table:
    """Every cause that is open somewhere beside the columns that are shown, and the further ones as one."""
    columns: list[Column | None] = [*found.columns, *([None] if found.others else [])]
    names = [_column_name(found, column) for column in columns]
    most = max((count for (cause, _key), count in found.counts.items() if cause != ANY), default=0)

    def cell(cause: str, column: Column | None, label: str) -> Figure:
        count = found.counts.get((cause, column.key if column else None), 0)
        return Figure(
            count, _cell_url(found.by, cause, column, scope), label, min(heat_level(count, most), STRONGEST)
        )

    return Table(
        columns=[
            MatrixColumn(name, cell(ANY, column, name)) for name, column in zip(names, columns, strict=True)
        ],
        rows=[
            MatrixRow(
                named(cause.slug),
                _anchor(cause.slug),
                [cell(cause.slug, column, name) for name, column in zip(names, columns, strict=True)],
            )
            for cause in causes
            if cause.open
        ],
        left_out=_left_out(found),
    )


def _cell_url(by: str, cause: str, column: Column | None, scope: Scope) -> str:
    if column is None:
        return scope.listing(behind=f"beyond:{by}/{cause}")
    if not column.key:
        return scope.listing(behind=f"unnamed:{by}/{cause}")
    if cause == ANY:
        return scope.listing(behind="flagged:", **{by: column.key})
    return scope.listing(cause=cause, **{by: column.key})


def _column_name(found: Matrix, column: Column | None) -> str:
    if column is None:
        count = {"count": figure(found.others)}
        return (
            ngettext("%(count)s further unit", "%(count)s further units", found.others)
            if found.by == "unit"
            else ngettext("%(count)s further technology", "%(count)s further technologies", found.others)
        ) % count
    if column.name:
        return column.name
    return _("No unit named") if found.by == "unit" else _("No technology named")


def _left_out(found: Matrix) -> str:
    if not found.others:
        return ""
    named = [column for column in found.columns if column.key]
    count = {"shown": figure(len(named)), "others": figure(found.others)}
    if found.by == "unit":
        return (
            _("The %(shown)s units with the most such initiatives; %(others)s more are one column.") % count
        )
    return (
        _("The %(shown)s technologies with the most such initiatives; %(others)s more are one column.")
        % count
    )


def symptom_lines(found: Sequence[Symptom], addresses: Mapping[str, str]) -> list[SymptomLine]:
    """What shows comes first. ``addresses`` of the symptoms' pages by code."""
    order = list(STATES)
    return [_symptom_line(one, addresses) for one in sorted(found, key=lambda one: order.index(one.state))]


def _symptom_line(found: Symptom, addresses: Mapping[str, str]) -> SymptomLine:
    return SymptomLine(say(DEFINITIONS[found.code].title), addresses[found.code.value], STATES[found.state])


def meanings(
    causes: Sequence[Cause], found: Sequence[Symptom], addresses: Mapping[str, str]
) -> list[Meaning]:
    """Of each of these causes; the symptoms that show and point to it are among it."""
    told = root_causes()
    return [
        Meaning(
            anchor=_anchor(cause.slug),
            name=content(told[cause.slug].name),
            sentence=content(told[cause.slug].sentence),
            ask=content(told[cause.slug].ask),
            countermeasure=content(told[cause.slug].countermeasure),
            quotes=[one for one in (told[cause.slug].research, told[cause.slug].rule_of_thumb) if one],
            symptoms=[
                _symptom_line(one, addresses)
                for one in found
                if one.state == State.PRESENT and DEFINITIONS[one.code].root_cause == cause.slug
            ],
        )
        for cause in causes
        if cause.slug in told
    ]


def _anchor(slug: str) -> str:
    return f"cause-{slug}" if slug in root_causes() else ""
