"""The money of a portfolio as a whole, read once: what its page shows and what a report tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gates.querysets import InitiativeQuerySet
from gates.stages import Stage
from readiness.portfolio import money
from readiness.portfolio.books import Book, books
from readiness.portfolio.currency import Rates, Sum
from readiness.portfolio.value_money import Promises, promises, summed


@dataclass(frozen=True, slots=True)
class Accounts:
    """Every sum is in the organisation's currency, at the rates known on the day of ``rates``.

    ``kept``: the money of each initiative. ``sums``: by the codes of ``money.LINES``. ``left_out``: who is in some sum
    missing. ``live`` initiatives, some of which ``promise``.
    """

    rates: Rates
    kept: Sequence[Book]
    sums: Mapping[str, Sum]
    left_out: Sum
    months: money.Months
    units: Sequence[money.Part]
    stages: Sequence[money.Part]
    live: int
    promise: Promises

    @property
    def promised(self) -> Sum:
        """A month, by all that is live."""
        return summed(self.promise.promised, self.rates)

    @property
    def measured(self) -> Sum:
        return summed(self.promise.measured, self.rates)

    @property
    def unmeasured(self) -> Sum:
        """What those KPIs promise of which nothing was measured since the launch."""
        return summed(self.promise.unmeasured, self.rates)


def accounts(rows: InitiativeQuerySet, today: date, rates: Rates) -> Accounts:
    """In a fixed number of queries."""
    kept = books(rows, today)
    return Accounts(
        rates=rates,
        kept=kept,
        sums=money.all_lines(kept, rates),
        left_out=money.left_out(kept, rates),
        months=money.months(kept, rates),
        units=money.by_unit(kept, rates),
        stages=money.by_stage(kept, rates),
        live=sum(book.stage == Stage.LIVE for book in kept),
        promise=promises(rows.filter(stage=Stage.LIVE.value), today, rates),
    )
