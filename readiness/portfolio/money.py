"""Money over the portfolio: planned, spent, burning, stalled, and gone with what was stopped.

Everything is in the organisation's currency, by the one rule of ``readiness.portfolio.currency``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gates.budget import first_of_month
from gates.models import LessonOutcome
from gates.querysets import InitiativeQuerySet
from gates.stages import LADDER, Stage
from readiness.accounts.models import Organisation
from readiness.portfolio.books import (
    Book,
    books,
    burn,
    months_in_other_currencies,
    of_months,
    planned,
    rates_of,
    spent,
    spent_amounts,
)
from readiness.portfolio.currency import Rates, Sum, Worth, total, worth
from readiness.portfolio.found import Found, Question
from readiness.standing.words import STAGE_WORDS
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import month as month_words

MONTHS_SHOWN = 12
UNITS_SHOWN = 12
TOP_SHOWN = 10
STAGES = LADDER[:5]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of money: of which initiatives, and what of each."""

    words: str | Promise
    speaks_of: Callable[[Book], bool]
    money: Callable[[Book, Rates], Worth | None]


def _stopped(book: Book) -> bool:
    return book.stage == Stage.STOPPED


LINES: Mapping[str, Line] = {
    "planned": Line(gettext_lazy("Running, planned budget known"), lambda book: book.running, planned),
    "spent": Line(gettext_lazy("Running, spending known"), lambda book: book.running, spent),
    "burn": Line(gettext_lazy("Running, burn known"), lambda book: book.running, burn),
    "burn_booked": Line(
        gettext_lazy("Running, burn booked by month"), lambda book: book.running and bool(book.months), burn
    ),
    "burn_estimated": Line(
        gettext_lazy("Running, burn estimated"), lambda book: book.running and not book.months, burn
    ),
    "stalled": Line(gettext_lazy("Stalled, spending known"), lambda book: book.stalled, spent),
    "stalled_burn": Line(gettext_lazy("Stalled, burn known"), lambda book: book.stalled, burn),
    "stalled_burn_booked": Line(
        gettext_lazy("Stalled, burn booked by month"), lambda book: book.stalled and bool(book.months), burn
    ),
    "stalled_burn_estimated": Line(
        gettext_lazy("Stalled, burn estimated"), lambda book: book.stalled and not book.months, burn
    ),
    "faded_out": Line(
        gettext_lazy("Faded out, spending known"),
        lambda book: _stopped(book) and book.outcome == LessonOutcome.FADED_OUT,
        spent,
    ),
    "stopped": Line(
        gettext_lazy("Stopped by decision or on agreed criteria, spending known"),
        lambda book: _stopped(book) and book.outcome not in ("", LessonOutcome.FADED_OUT),
        spent,
    ),
    "stopped_somehow": Line(
        gettext_lazy("Stopped, not known how, spending known"),
        lambda book: _stopped(book) and not book.outcome,
        spent,
    ),
}
"""Every figure by its code, as it stands in the address of its list.

A burn is booked where months are entered; else it is estimated: what was spent, spread over the time since the start.
"""


def line_worths(code: str, kept: Iterable[Book], rates: Rates) -> dict[int, Worth]:
    """What is known of the initiatives that a figure speaks of, by primary key."""
    line = LINES[code]
    found = {book.key: line.money(book, rates) for book in kept if line.speaks_of(book)}
    return {key: one for key, one in found.items() if one is not None}


def line_sum(code: str, kept: Iterable[Book], rates: Rates) -> Sum:
    return total(line_worths(code, kept, rates).values(), rates)


def all_lines(kept: Sequence[Book], rates: Rates) -> dict[str, Sum]:
    return {code: line_sum(code, kept, rates) for code in LINES}


def burn_of_stalled(rows: InitiativeQuerySet, today: date, rates: Rates) -> tuple[Sum, Sum]:
    """What the stalled ones burn a month, and the part of it that is estimated; ``rates`` as ``rates_of`` gives them.

    In the organisation's currency (``.currency``); ``.counted`` initiatives are in it, ``.left_out`` are not, as a rate
    is missing. Those of which no burn is known are in neither. Three queries; ``rates_of`` is one more.
    """
    kept = books(rows.stalled(), today)
    return line_sum("stalled_burn", kept, rates), line_sum("stalled_burn_estimated", kept, rates)


def spent_running(rows: InitiativeQuerySet, rates: Rates) -> tuple[Sum, Sum]:
    """What was spent on running initiatives, and on the stalled ones of them.

    One query; the months, whose days decide the rate, are one more where there is another currency.
    """
    running = rows.running()
    known = running.filter(budget_spent__isnull=False).order_by()
    spent = list(known.values_list("pk", "budget_spent", "currency", "standing__stalled"))
    one_currency = all(rates.needs_none(currency) for _, _, currency, _ in spent)
    months = {} if one_currency else months_in_other_currencies(running, rates)
    found: list[tuple[bool, Worth]] = [
        (bool(stalled), worth(spent_amounts(whole, currency, months.get(key, ())), rates))
        for key, whole, currency, stalled in spent
    ]
    return total((one for _, one in found), rates), total((one for stalled, one in found if stalled), rates)


@dataclass(frozen=True, slots=True)
class Month:
    """What one month cost, of every initiative that has an entry in it. ``month`` is its first day."""

    month: date
    spent: Sum


@dataclass(frozen=True, slots=True)
class Months:
    """``left_out``: so many initiatives are not in each of them, as a rate is missing."""

    shown: tuple[Month, ...]
    left_out: int


def months(kept: Sequence[Book], rates: Rates) -> Months:
    """The last twelve, the current one as the last, from the first on in which anything is entered."""
    this_month = first_of_month(rates.today)
    worths = {
        month: month_worths(month, kept, rates)
        for month in (first_of_month(this_month, back) for back in range(1 - MONTHS_SHOWN, 1))
    }
    first = min((month for month, found in worths.items() if found), default=None)
    shown = [(month, found) for month, found in worths.items() if first is not None and month >= first]
    missing = {key for _, found in shown for key, one in found.items() if one.value is None}
    return Months(tuple(Month(month, total(found.values(), rates)) for month, found in shown), len(missing))


def month_worths(month: date, kept: Iterable[Book], rates: Rates) -> dict[int, Worth]:
    """What a month cost, of each that spent anything in it."""
    found = {}
    for book in kept:
        of_it = [one for one in book.months if one.month == month and one.amount]
        if of_it:
            found[book.key] = worth(of_months(of_it, book.currency), rates)
    return found


@dataclass(frozen=True, slots=True)
class Part:
    """The figures of one business unit or stage. ``key``: the unit's, or the stage's value; None: the rest of them.

    ``left_out`` of its initiatives are not in some figure, as a rate is missing.
    """

    key: str | None
    name: str
    initiatives: int
    lines: Mapping[str, Sum]
    left_out: int

    @property
    def weight(self) -> tuple[object, ...]:
        whole = sum(self.lines[code].amount for code in ("spent", "faded_out", "stopped", "stopped_somehow"))
        return (-whole, -self.initiatives, self.key or "")


def by_unit(kept: Sequence[Book], rates: Rates) -> list[Part]:
    """Those that cost most first; beyond so many the rest is one row."""
    units: dict[str, list[Book]] = {}
    for book in kept:
        units.setdefault(book.unit_key, []).append(book)
    parts = [
        _part(key, max(book.unit for book in of_it) or _("No unit named"), of_it, rates)
        for key, of_it in units.items()
    ]
    parts.sort(key=lambda part: part.weight)
    if len(parts) <= UNITS_SHOWN + 1:
        return parts
    shown = {part.key for part in parts[:UNITS_SHOWN]}
    rest = [book for book in kept if book.unit_key not in shown]
    name = _("%(count)s further units") % {"count": len(parts) - UNITS_SHOWN}
    return [*parts[:UNITS_SHOWN], _part(None, name, rest, rates)]


def by_stage(kept: Sequence[Book], rates: Rates) -> list[Part]:
    """By the stage in which each is, and ended ones by that in which they were before."""
    found = []
    for stage in (*STAGES, None):
        of_it = [book for book in kept if book.stood == stage]
        if of_it:
            name = str(STAGE_WORDS[stage].label) if stage else _("Stage not known")
            found.append(_part(stage.value if stage else UNKNOWN, name, of_it, rates))
    return found


UNKNOWN = "unknown"


def _part(key: str | None, name: str, of_it: Sequence[Book], rates: Rates) -> Part:
    return Part(key, name, len(of_it), all_lines(of_it, rates), left_out(of_it, rates).left_out)


@dataclass(frozen=True, slots=True)
class Dear:
    """One of those that cost most; ``spent`` in the organisation's currency."""

    book: Book
    spent: Worth
    planned: Worth | None
    burn: Worth | None


def dearest(kept: Iterable[Book], rates: Rates) -> list[Dear]:
    """Running or ended, by what was spent; those that cannot be converted are not among them."""
    found = []
    for book in kept:
        cost = spent(book, rates)
        if cost is not None and cost.value:
            found.append(Dear(book, cost, planned(book, rates), burn(book, rates)))
    found.sort(key=lambda one: (-(one.spent.value or 0), one.book.key))
    return found[:TOP_SHOWN]


def left_out(kept: Sequence[Book], rates: Rates) -> Sum:
    """Every initiative with money that some figure here leaves out, each once. Its amount says nothing."""
    found = []
    for book in kept:
        missing: dict[str, date] = {}
        amounts = [planned(book, rates), spent(book, rates), burn(book, rates)]
        amounts.append(worth(of_months(book.months, book.currency), rates))
        for one in amounts:
            for currency, day in (one.missing if one else {}).items():
                missing[currency] = min(missing.get(currency, day), day)
        if missing:
            found.append(Worth(None, missing))
    return total(found, rates)


# --- The initiatives behind a figure ---------------------------------------------------------------------------


def _money(rows: InitiativeQuerySet, argument: str, today: date) -> Found | None:
    """``argument``: a line of ``LINES``, and after a point the stage in which they stand or stood: "spent.pilot"."""
    return _of_line(rows, argument, today, counted=True)


def _not_converted(rows: InitiativeQuerySet, argument: str, today: date) -> Found | None:
    """The same of those that are left out of it; without a line: of any."""
    if argument:
        return _of_line(rows, argument, today, counted=False)
    rates = rates_of(Organisation.get(), today)
    keys = [book.key for book in books(rows, today) if left_out([book], rates).left_out]
    return Found(rows.filter(pk__in=keys), _("No rate for their currency"))


def _of_line(rows: InitiativeQuerySet, argument: str, today: date, *, counted: bool) -> Found | None:
    code, _point, stage = argument.partition(".")
    if code not in LINES or stage not in {"", UNKNOWN, *(one.value for one in STAGES)}:
        return None
    kept = books(rows, today)
    if stage:
        kept = [book for book in kept if (book.stood.value if book.stood else UNKNOWN) == stage]
    found = line_worths(code, kept, rates_of(Organisation.get(), today))
    words = str(LINES[code].words)
    if not counted:
        words = _("%(figure)s: no rate for their currency") % {"figure": words}
    keys = [key for key, one in found.items() if (one.value is not None) == counted]
    return Found(rows.filter(pk__in=keys), words)


def _month(rows: InitiativeQuerySet, argument: str, today: date) -> Found | None:
    """Those that spent something in a month, "2026-03", whether or not it could be converted."""
    try:
        month = date.fromisoformat(f"{argument}-01")
    except ValueError:
        return None
    keys = month_worths(month, books(rows, today), rates_of(Organisation.get(), today))
    return Found(rows.filter(pk__in=list(keys)), _("Spent in %(month)s") % {"month": month_words(month)})


BEHIND: Mapping[str, Question] = {"money": _money, "not_converted": _not_converted, "spent_in": _month}
