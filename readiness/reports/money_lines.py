"""What a report says of money, a figure a line, and as tables of their own: the sums of the page of money."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gates.budget import cents
from readiness.portfolio.books import spent
from readiness.portfolio.charts import money, roughly
from readiness.portfolio.currency import Sum, Worth, last_of_month
from readiness.portfolio.value_money import against_cost
from readiness.reports.contents import Contents
from readiness.reports.tables import Column, Plain, Row
from readiness.ui.local import short_day
from readiness.ui.rounding import half_up

LINES = (
    "planned", "spent", "burn", "stalled", "stalled_burn", "faded_out", "stopped", "stopped_somehow"
)  # fmt: skip


def money_rows(found: Contents) -> Iterator[Row]:
    """Each sum, and how many are in none as a rate is missing."""
    part, currency = _("Money"), found.accounts.rates.into
    names = {
        "planned": _("Planned for running initiatives"),
        "spent": _("Spent on running initiatives"),
        "burn": _("Burn a month of running initiatives"),
        "stalled": _("Spent on stalled ones"),
        "stalled_burn": _("Burn a month of stalled ones"),
        "faded_out": _("Spent on what faded out"),
        "stopped": _("Spent on what was stopped otherwise"),
        "stopped_somehow": _("Spent on what was stopped, not known how"),
    }
    for code in LINES:
        one = found.accounts.sums[code]
        yield part, names[code], _amount(one), currency, _behind(found, f"money:{code}", one)
        if one.left_out:
            name = _("%(figure)s: in no sum, no rate of their currency") % {"figure": names[code]}
            yield part, name, one.left_out, "", found.scope.listing(behind=f"not_converted:{code}")
    for name, code in (
        (_("Of the burn of running ones booked by month"), "burn_booked"),
        (_("Of the burn of running ones estimated"), "burn_estimated"),
        (_("Of the burn of stalled ones booked by month"), "stalled_burn_booked"),
        (_("Of the burn of stalled ones estimated"), "stalled_burn_estimated"),
    ):
        one = found.accounts.sums[code]
        yield part, name, _amount(one), currency, _behind(found, f"money:{code}", one)


def value_rows(found: Contents) -> Iterator[Row]:
    """What is claimed a month, and what of it is proved."""
    part, currency, accounts = _("Value"), found.accounts.rates.into, found.accounts
    for name, code, one in (
        (_("Promised a month"), "promised", accounts.promised),
        (_("Measured a month"), "measured", accounts.measured),
        (_("Promised, and not measured"), "unmeasured", accounts.unmeasured),
    ):
        yield part, name, _amount(one), currency, _behind(found, f"value:{code}", one)


def _behind(found: Contents, asked: str, one: Sum) -> str:
    return found.scope.listing(behind=asked) if one.is_known else ""


def _amount(one: Sum) -> Decimal | None:
    """In cents; what is not known is empty, and no zero."""
    return cents(one.amount) if one.is_known else None


def _worth(one: Worth | None) -> Decimal | None:
    return None if one is None or one.value is None else cents(one.value)


def part_columns(found: Contents) -> list[Column]:
    heads = [_("Planned"), _("Spent"), _("Burn a month"), _("In stalled ones"), _("Burn a month of stalled ones"),
             _("Faded out"), _("Stopped otherwise"), _("Stopped, not known how")]  # fmt: skip
    return [
        Column(_("By"), 16), Column(_("Name"), 30), Column(_("Initiatives"), 11),
        *(Column(f"{head} ({found.accounts.rates.into})", 16) for head in heads),
        Column(_("Some of it in no sum: no rate"), 16),
    ]  # fmt: skip


def part_lines(found: Contents) -> Iterator[list[Plain]]:
    """All of it, then by stage, then by unit."""
    accounts = found.accounts
    yield [_("All"), "", len(accounts.kept), *_amounts(accounts.sums), accounts.left_out.left_out]
    for by, parts in (
        (_("Stage"), accounts.stages),
        (pgettext("of an organisation", "Unit"), accounts.units),
    ):
        for part in parts:
            yield [by, part.name, part.initiatives, *_amounts(part.lines), part.left_out]


def _amounts(sums: Mapping[str, Sum]) -> list[Plain]:
    return [_amount(sums[code]) for code in LINES]


def spent_columns(found: Contents) -> list[Column]:
    currency = found.accounts.rates.into
    return [
        Column(_("End of"), 18), Column(_("Spent, %(currency)s") % {"currency": currency}, 18),
        Column(_("Initiatives"), 12), Column(_("In no sum: no rate"), 16),
    ]  # fmt: skip


def spent_lines(found: Contents) -> Iterator[list[Plain]]:
    """The last twelve months, the latest first, of all that spent anything in them; the current one up to today."""
    today = found.accounts.rates.today
    for one in reversed(found.accounts.months.shown):
        yield [
            min(last_of_month(one.month), today),
            _amount(one.spent),
            one.spent.counted,
            one.spent.left_out,
        ]


def value_columns(found: Contents) -> list[Column]:
    currency = found.accounts.rates.into
    heads = [_("Spent so far"), _("Promised a month"), _("Measured a month"), _("Promised, and not measured")]
    return [
        Column(_("Reference"), 11), Column(_("Initiative"), 38), Column(_("Business unit"), 20),
        *(Column(f"{head} ({currency})", 18) for head in heads),
        Column(_("Months that pay for it"), 14),
    ]  # fmt: skip


def value_lines(found: Contents) -> Iterator[list[Plain]]:
    """Each live initiative that promises value in money, those that cost most first."""
    accounts, promise = found.accounts, found.accounts.promise
    pay = {one.book.key: one for one in against_cost(accounts.kept, promise, accounts.rates)}
    live = [book for book in accounts.kept if book.key in promise.promised]
    costs = {book.key: _worth(spent(book, accounts.rates)) for book in live}
    for book in sorted(live, key=lambda one: (-(costs[one.key] or 0), one.key)):
        against = pay.get(book.key)
        months = against.months if against else None
        yield [
            book.ref, book.name, book.unit, costs[book.key],
            *(_worth(of_it.get(book.key)) for of_it in (promise.promised, promise.measured, promise.unmeasured)),
            None if months is None else half_up(months),
        ]  # fmt: skip


def in_short(found: Contents) -> list[tuple[str, str]]:
    """What a board asks of money first, as (name, amount): without what is not known."""
    accounts = found.accounts
    burn, estimated = (accounts.sums[code] for code in ("stalled_burn", "stalled_burn_estimated"))
    told = (
        (_("Planned for running initiatives"), accounts.sums["planned"]),
        (_("Spent on running initiatives"), accounts.sums["spent"]),
        (_("Spent on stalled ones"), accounts.sums["stalled"]),
        (_("Burn a month of stalled ones"), burn),
        (_("Promised a month"), accounts.promised),
        (_("Measured a month"), accounts.measured),
    )
    return [
        (name, roughly(one, estimated) if one is burn else money(one.amount, one.currency))
        for name, one in told
        if one.is_known
    ]


def as_of(found: Contents) -> str:
    """Of which day the rates are."""
    words = {"currency": found.accounts.rates.into, "day": short_day(found.accounts.rates.today)}
    return _("%(currency)s, at the rates known on %(day)s") % words
