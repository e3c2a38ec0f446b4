"""The list of initiatives behind a figure of money: what each spent and burns, and their order by it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from gates.querysets import InitiativeQuerySet
from readiness.accounts.models import Organisation
from readiness.portfolio import money
from readiness.portfolio.books import Book, books, burn, rates_of, spent
from readiness.portfolio.charts import money as amount_words
from readiness.portfolio.currency import Rates, Worth

BY_SPENT, BY_BURN = "spent", "burn"


@dataclass(frozen=True, slots=True)
class Purse:
    """What one initiative spent and burns a month, in words; "–" where it is not known.

    ``estimated``: no month tells its burn.
    """

    spent: str
    burn: str
    estimated: bool


@dataclass(frozen=True, slots=True)
class Purses:
    """Those of every initiative behind the figure. ``usual``: the order of its list where none is asked for."""

    usual: str
    currency: str
    kept: Mapping[int, Book]
    rates: Rates

    def of(self, key: int) -> Purse:
        book = self.kept[key]
        a_month = burn(book, self.rates)
        return Purse(
            _words(spent(book, self.rates), self.rates),
            _words(a_month, self.rates),
            not book.months and a_month is not None,
        )

    def keys(self, sort: str) -> list[int]:
        """By "spent" or "-burn"; equal ones by key, and what is not known last."""
        what: Callable[[Book, Rates], Worth | None] = spent if sort.removeprefix("-") == BY_SPENT else burn
        amounts: dict[int, Decimal | None] = {}
        for book in self.kept.values():
            found = what(book, self.rates)
            amounts[book.key] = found.value if found else None
        known = [key for key, amount in amounts.items() if amount is not None]
        known.sort(key=lambda key: amounts[key] or 0, reverse=sort.startswith("-"))
        return known + [key for key, amount in amounts.items() if amount is None]


def is_of_money(behind: str) -> bool:
    """Whether what stands in an address as "money:burn" asks for a figure of money."""
    return behind.partition(":")[0] in money.BEHIND


def purses(rows: InitiativeQuerySet, behind: str, today: date) -> Purses:
    """Of these initiatives; four queries."""
    rates = rates_of(Organisation.get(), today)
    usual = BY_BURN if "burn" in behind else BY_SPENT
    return Purses(f"-{usual}", rates.into, {one.key: one for one in books(rows, today)}, rates)


def _words(found: Worth | None, rates: Rates) -> str:
    if found is None:
        return "–"
    return _("no rate") if found.value is None else amount_words(found.value, rates.into)
