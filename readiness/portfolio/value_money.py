"""Value in money a month of the live initiatives, promised and measured, in the organisation's currency.

What is counted is the same as in ``readiness.portfolio.value``; how it is converted, ``readiness.portfolio.currency``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gates.promises import promised_limit
from gates.querysets import InitiativeQuerySet
from gates.stages import Stage
from readiness.accounts.models import Organisation
from readiness.portfolio.books import Book, rates_of, spent
from readiness.portfolio.currency import Amount, Rates, Sum, Worth, total, worth
from readiness.portfolio.found import Found, Question
from readiness.portfolio.value import live_kpis
from readiness.ui.lazily import gettext_lazy


@dataclass(frozen=True, slots=True)
class Promises:
    """Of each live initiative with a KPI of value in money, by primary key: amounts a month.

    ``measured``: what those KPIs bring that were measured since the launch; ``unmeasured``: what the others promise.
    An initiative without such a KPI is not in there.
    """

    promised: Mapping[int, Worth]
    measured: Mapping[int, Worth]
    unmeasured: Mapping[int, Worth]
    kpis: int
    measured_kpis: int


@dataclass(frozen=True, slots=True)
class Against:
    """What a live initiative has cost so far, beside the value a month; ``partly``: a KPI of it is not measured."""

    book: Book
    cost: Decimal
    measured: Decimal
    partly: bool

    @property
    def months(self) -> Decimal | None:
        """So many months of this value are what it has cost; None where it brings none."""
        return self.cost / self.measured if self.measured > 0 else None


def promises(live: InitiativeQuerySet, today: date, rates: Rates) -> Promises:
    """Of live initiatives; two queries. A promise is of no day, a reading of its own."""
    kpis = [
        (kpi, limit)
        for kpi in live_kpis(live, today, rates.into)
        if kpi.currency and (limit := promised_limit(kpi.promised, by_target=True)) is not None
    ]
    promised = [(kpi.initiative, Amount(limit, kpi.currency)) for kpi, limit in kpis]
    measured = [
        (kpi.initiative, Amount(kpi.latest.value, kpi.currency, kpi.latest.on))
        for kpi, _limit in kpis
        if kpi.latest
    ]
    open_ones = [(kpi.initiative, Amount(limit, kpi.currency)) for kpi, limit in kpis if not kpi.latest]
    return Promises(
        promised=_worths(promised, rates),
        measured=_worths(measured, rates),
        unmeasured=_worths(open_ones, rates),
        kpis=len(kpis),
        measured_kpis=len(measured),
    )


def _worths(amounts: Iterable[tuple[int, Amount]], rates: Rates) -> dict[int, Worth]:
    by_initiative: dict[int, list[Amount]] = {}
    for key, amount in amounts:
        by_initiative.setdefault(key, []).append(amount)
    return {key: worth(of_it, rates) for key, of_it in by_initiative.items()}


def summed(found: Mapping[int, Worth], rates: Rates) -> Sum:
    return total(found.values(), rates)


def against_cost(kept: Iterable[Book], found: Promises, rates: Rates) -> list[Against]:
    """Live ones of which cost and value are both known and can be converted, those that cost most first."""
    rows = []
    for book in kept:
        cost, brings = spent(book, rates), found.measured.get(book.key)
        if book.stage != Stage.LIVE or cost is None or brings is None:
            continue
        if cost.value is not None and brings.value is not None:
            rows.append(Against(book, cost.value, brings.value, book.key in found.unmeasured))
    return sorted(rows, key=lambda one: (-one.cost, one.book.key))


_WORDS = {
    "promised": gettext_lazy("Live, value in money promised"),
    "measured": gettext_lazy("Live, value in money measured"),
    "unmeasured": gettext_lazy("Live, promised value in money not measured"),
}


def _value(rows: InitiativeQuerySet, argument: str, today: date) -> Found | None:
    """``argument``: which of the three sums of ``Promises``; those that are in it."""
    if argument not in _WORDS:
        return None
    live = rows.filter(stage=Stage.LIVE.value)
    found = getattr(promises(live, today, rates_of(Organisation.get(), today)), argument)
    keys = [key for key, one in found.items() if one.value is not None]
    return Found(rows.filter(pk__in=keys), str(_WORDS[argument]))


BEHIND: Mapping[str, Question] = {"value": _value}
