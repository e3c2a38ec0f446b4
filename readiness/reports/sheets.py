"""A report as a workbook and as a table. Whatever people typed stays text: no cell of it is ever a formula."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from gates.stages import Stage
from readiness.portfolio.charts import money, stalled_cause, whom_to_ask
from readiness.portfolio.figures import Stalled
from readiness.portfolio.figures import stalled as stalled_ones
from readiness.reports import money_lines, past_lines
from readiness.reports.contents import Contents
from readiness.reports.lines import BATCH, columns, figures_of, lines
from readiness.reports.over_time import OverTime, over_time
from readiness.reports.tables import Column, Plain
from readiness.standing.definitions import flag_rules
from readiness.standing.words import STAGE_WORDS
from readiness.ui.cells import TRIGGERS
from readiness.ui.lines import csv_line
from readiness.ui.local import short_moment
from readiness.ui.paper import tokens
from readiness.ui.saying import content

CELL_MAX = 32_000
"""What a cell of a workbook holds is a little more; the rest of a longer text is left out."""
STALLED_MAX = 10_000
MONEY, SCORE, DAY = "#,##0.00", "0.0", "yyyy-mm-dd"
Told = Callable[[int], None]
"""Hears how many initiatives are written."""


def write_csv(found: Contents, to: Path, told: Told) -> None:
    """The initiatives, one a line, in UTF-8 with a mark by which spreadsheets know it."""
    with to.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(column.name for column in columns()))
        for count, line in enumerate(lines(found), start=1):
            file.write(csv_line(line))
            if count % BATCH == 0:
                told(count)


def write_figures(found: Contents, to: Path) -> None:
    """Every figure, one a line, with the list behind it, as a CSV."""
    with to.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(column.name for column in _figure_columns()))
        file.writelines(map(csv_line, _figures(found, over_time(found))))


def write_xlsx(found: Contents, to: Path, told: Told) -> None:
    """What it is, the figures, how long it takes, how it went, the initiatives, money, the stalled ones, the gates.

    The curve of time to production has a sheet where there is one.
    """
    book, past = Workbook(write_only=True), over_time(found)
    _about(book, found)
    _sheet(book, _("Figures"), _figure_columns(), _figures(found, past))
    curve = past_lines.production_lines(past)
    if curve:
        _sheet(book, _("Time to production"), past_lines.production_columns(), curve)
    _sheet(book, _("Time in stage"), past_lines.stage_columns(), past_lines.stage_lines(past))
    _sheet(book, _("Readiness over time"), past_lines.month_columns(past), past_lines.month_lines(past))
    lately = past_lines.lately_lines(past, found, settings.FIVEGATES_URL)
    _sheet(book, _("Since last month"), past_lines.lately_columns(past), lately)
    _sheet(book, _("Initiatives"), columns(), _counted(lines(found), told))
    _sheet(book, _("Money"), money_lines.part_columns(found), money_lines.part_lines(found))
    _sheet(book, _("Spent by month"), money_lines.spent_columns(found), money_lines.spent_lines(found))
    _sheet(book, _("Value"), money_lines.value_columns(found), money_lines.value_lines(found))
    _sheet(book, _("Stalled"), _stalled_columns(), map(_stalled, _all_stalled(found)))
    _sheet(book, _("Gates"), _gate_columns(), _gates(found))
    book.save(to)


def _figure_columns() -> list[Column]:
    return [
        Column(_("Part"), 22), Column(_("Figure"), 44), Column(_("Value"), 16), Column(_("In"), 10),
        Column(_("The list behind it"), 80),
    ]  # fmt: skip


def _figures(found: Contents, past: OverTime) -> Iterable[list[Plain]]:
    return ([one.part, one.name, one.value, one.of, one.url] for one in figures_of(found, past))


def _counted(rows: Iterable[list[Plain]], told: Told) -> Iterable[list[Plain]]:
    for count, row in enumerate(rows, start=1):
        yield row
        if count % BATCH == 0:
            told(count)


def _about(book: Workbook, found: Contents) -> None:
    """Whose view this is, of when, and through which filters: without it figures travel without their basis."""
    rows: list[list[Plain]] = [
        [_("Organisation"), found.organisation.name],
        [_("As of"), f"{short_moment(found.at)} ({found.organisation.time_zone})"],
        [_("Made for"), found.person.name],
        [_("Counts"), _("what this person may see, and nothing else")],
        *[list[Plain]((name, words)) for name, words in found.filters],
        [_("Initiatives"), found.basis.total],
        [_("Imported, speaking of an earlier day"), found.basis.imported],
        [_("Sums of money are in"), money_lines.as_of(found)],
        [_("In some sum missing: no rate of their currency"), found.accounts.left_out.left_out],
        [_("Spent on stalled initiatives"), money(found.headline.spent_stalled, found.headline.currency)],
    ]
    _sheet(book, _("About"), [Column(_("What"), 36), Column(_("Value"), 60)], rows)


def _sheet(book: Workbook, title: str, heads: list[Column], rows: Iterable[list[Plain]]) -> None:
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for number, head in enumerate(heads, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = head.width
    sheet.append([_head(sheet, head.name) for head in heads])
    count = 1
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{count}"


def _head(sheet: Any, name: str) -> Any:
    cell = _text(sheet, name)
    cell.font = Font(bold=True, color=tokens()["surface"][1:])
    cell.fill = PatternFill("solid", fgColor=tokens()["accent-text"][1:])
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _cell(sheet: Any, value: Plain) -> Any:
    """A value as what it is: numbers and days as such, and text as text, however it begins."""
    if isinstance(value, str):
        clean = ILLEGAL_CHARACTERS_RE.sub("", value)[:CELL_MAX]
        return _text(sheet, clean) if clean.startswith(TRIGGERS) or clean in ERROR_CODES else clean
    if isinstance(value, Decimal):
        return _number(sheet, value, SCORE if value.as_tuple().exponent == -1 else MONEY)
    if isinstance(value, date):
        return _number(sheet, value, DAY)
    return value


def _text(sheet: Any, text: str) -> Any:
    cell: Any = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.quotePrefix = True  # it stays text, also when somebody edits it
    return cell


def _number(sheet: Any, value: Decimal | date, form: str) -> Any:
    cell: Any = WriteOnlyCell(sheet, value=value)  # type: ignore[arg-type]  # it takes a Decimal and a day
    cell.number_format = form
    return cell


def _stalled_columns() -> list[Column]:
    return [
        Column(_("Reference"), 11), Column(_("Initiative"), 38), Column(_("Business unit"), 20), Column(_("Stage"), 12),
        Column(_("Days in stage"), 13), Column(_("Spent"), 14), Column(_("Currency"), 9),
        Column(_("Why it is stalled"), 60), Column(_("Flagged since"), 14), Column(_("Root cause"), 30),
        Column(_("Whom to ask"), 34),
    ]  # fmt: skip


def _all_stalled(found: Contents) -> list[Stalled]:
    return stalled_ones(found.rows, found.today, STALLED_MAX)


def _stalled(found: Stalled) -> list[Plain]:
    one = found.initiative
    reasons = "; ".join(content(flag_rules()[flag.code].title) for flag in found.flags)
    return [
        one.ref, one.name, one.business_unit, str(STAGE_WORDS[Stage(one.stage)].label), found.days, one.budget_spent,
        one.currency, reasons, found.since, stalled_cause(found), whom_to_ask(found),
    ]  # fmt: skip


def _gate_columns() -> list[Column]:
    return [
        Column(_("Business unit"), 28), Column(_("Gate"), 18), Column(_("Past intake"), 12), Column(_("Passed"), 10),
        Column(_("Lapsed"), 10), Column(_("In review"), 10),
    ]  # fmt: skip


def _gates(found: Contents) -> Iterable[list[Plain]]:
    for row in found.gates:
        for cell in row.cells:
            if not cell.total:
                continue  # a gate of a framework that nothing of the unit is computed on
            yield [row.unit, content(cell.name), cell.total, cell.passed, cell.lapsed, cell.in_review]
