"""The page of the gates: every initiative past intake beside its gates, unit by unit or where it hurts first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gates.querysets import InitiativeQuerySet
from gates.stages import Stage
from readiness.portfolio.figures import GateCell
from readiness.portfolio.frame import Frame, frame_of
from readiness.portfolio.gates import asked, figures
from readiness.portfolio.gates.asked import Folding, Order, address
from readiness.portfolio.gates.behind import asks
from readiness.portfolio.gates.cells import Lines, Row, group_head, heads, legend, row_of, troubles
from readiness.portfolio.gates.folding import Group, Part, lines_of, parts_between
from readiness.portfolio.questions import State
from readiness.ui.local import number
from readiness.ui.saying import content

PAGE_SIZE = 50


@require_safe
def gates(request: HttpRequest) -> HttpResponse:
    frame = frame_of(request, "portfolio-gates")
    coverage = figures.coverage(frame.rows)
    columns = coverage.columns
    order = asked.order_of(request.GET, [column.gate for column in columns])
    table = _Table(
        frame,
        figures.computed_on(frame.rows, coverage.framework),
        coverage.framework,
        columns,
        order,
        asked.folding_of(request.GET) if order.grouped else Folding(),
    )
    cells = figures.counts(table.rows, coverage.framework, columns).get("", [])
    number_of_page = request.GET.get("page")
    page, lines = (
        table.grouped(number_of_page) if order.grouped else table.flat(number_of_page, coverage.shown)
    )
    everything = figures.Unit("", "", coverage.shown)
    context = {
        "frame": frame,
        "coverage": coverage,
        "framework_name": content(coverage.name),
        "heads": heads(columns),
        "lines": lines,
        "total": group_head(everything, cells, coverage.framework, frame.scope, _("All of them")),
        "troubles": troubles(cells, coverage.framework, frame.scope),
        "legend": legend(),
        "order": order,
        "orders": _orders(columns, order),
        "grouped": order.grouped,
        "folding": table.folding,
        "fold_all": table.address(Folding(every=True)),
        "unfold_all": table.address(Folding()),
        "pager": table.pager(page),
        "links": _links(frame, coverage),
    }
    return render(request, "portfolio/gates.html", context)


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows that are shown, and how they are asked for."""

    frame: Frame
    rows: InitiativeQuerySet
    framework: str
    columns: Sequence[figures.GateColumn]
    order: Order
    folding: Folding

    def flat(self, asked_page: str | None, count: int) -> tuple[Page, list[Lines]]:
        """One order over all units. How many there are is known already, so they are not counted again."""
        page = Paginator(range(count), PAGE_SIZE).get_page(asked_page)
        found = figures.ordered(self.rows, self.framework, self.order, self.frame.today)
        start = max(page.start_index() - 1, 0)
        keys = list(found.values_list("pk", flat=True)[start : page.end_index()])
        return page, [Lines(None, self._shown(keys))]

    def grouped(self, asked_page: str | None) -> tuple[Page, list[Lines]]:
        """Unit by unit. Only the rows of those units that stand on the page are put in order."""
        units = figures.units(self.rows)
        if self.order.down:
            units.reverse()
        groups = [Group(unit.key, unit.size, self.folding.folds(unit.key)) for unit in units]
        page = Paginator(range(lines_of(groups)), PAGE_SIZE).get_page(asked_page)
        parts = parts_between(groups, max(page.start_index() - 1, 0), page.end_index())
        by_unit = self._rows_of([part for part in parts if not part.group.folded])
        keys = [part.group.key for part in parts]
        cells = figures.counts(self.rows, self.framework, self.columns, keys)
        named = {unit.key: unit for unit in units}
        return page, [
            self._lines(part, named[part.group.key], cells.get(part.group.key, []), by_unit, place)
            for place, part in enumerate(parts)
        ]

    def _lines(
        self,
        part: Part,
        unit: figures.Unit,
        cells: list[GateCell],
        by_unit: dict[str, list[Row]],
        place: int,
    ) -> Lines:
        return Lines(
            head=group_head(unit, cells, self.framework, self.frame.scope),
            rows=by_unit.get(unit.key, []),
            folded=part.group.folded,
            goes_on=part.goes_on,
            fold=self.address(self.folding.turned(unit.key)),
            target=f"unit-{place}",
        )

    def _rows_of(self, parts: list[Part]) -> dict[str, list[Row]]:
        """The rows of these parts, which follow one another: two queries and one a relation."""
        found = figures.within_units(self.rows, [part.group.key for part in parts])
        start = parts[0].first if parts else 0
        keys = found.values_list("pk", flat=True)[start : start + sum(part.rows for part in parts)]
        by_unit: dict[str, list[Row]] = {}
        for row in self._shown(list(keys)):
            by_unit.setdefault(row.initiative.business_unit_key, []).append(row)
        return by_unit

    def _shown(self, keys: list[int]) -> list[Row]:
        found = figures.with_gates(self.rows, self.framework, keys)
        return [row_of(initiative, self.columns, self.frame.today) for initiative in found]

    def address(self, folding: Folding, page: int = 1) -> str:
        return address(self.frame.path, self.frame.scope, self.order, folding, page)

    def pager(self, page: Page) -> dict[str, str]:
        """Where some are folded, pages are counted, since a head is no initiative."""
        if self.folding.any:
            words = _("Page %(page)s of %(pages)s") % {
                "page": number(f"{page.number:,}"),
                "pages": number(f"{page.paginator.num_pages:,}"),
            }
        else:
            words = _("%(start_index)s–%(end_index)s of %(count)s") % {
                "start_index": number(f"{page.start_index():,}"),
                "end_index": number(f"{page.end_index():,}"),
                "count": number(f"{page.paginator.count:,}"),
            }
        before = self.address(self.folding, page.previous_page_number()) if page.has_previous() else ""
        after = self.address(self.folding, page.next_page_number()) if page.has_next() else ""
        return {"summary": words, "previous": before, "next": after}


def _orders(columns: Sequence[figures.GateColumn], chosen: Order) -> list[tuple[str, str, bool]]:
    """(value, words, chosen?) of each order, in the direction that is mostly wanted, and what is chosen in any case."""
    gates = [
        (asked.gate_sort(one.gate), _("%(gate)s, where it hurts first") % {"gate": content(one.name)})
        for one in columns
    ]
    offered = [
        (asked.UNIT, _("By unit")),
        (asked.NAME, _("By name")),
        (asked.SCORE, _("Lowest readiness first")),
        (f"-{asked.SCORE}", _("Highest readiness first")),
        (f"-{asked.DAYS}", _("Longest in its stage first")),
        (asked.DAYS, _("Shortest in its stage first")),
        *gates,
    ]
    value = chosen.asked or asked.UNIT
    if value not in dict(offered):
        words = dict(offered)[chosen.name]
        offered.append((value, _("%(order)s, the other way round") % {"order": words}))
    return [(one, words, one == value) for one, words in offered]


def _links(frame: Frame, coverage: figures.Coverage) -> dict[str, object]:
    """The lists behind what is shown and what is left out."""
    scope = frame.scope
    return {
        "shown": scope.listing(behind=asks(coverage.framework)),
        "intake": scope.listing(stage=Stage.INTAKE.value),
        "elsewhere": [
            (content(one.name), one.count, scope.listing(behind=asks(one.framework)))
            for one in coverage.elsewhere
        ],
        "ended": scope.listing(state=State.ENDED),
    }
