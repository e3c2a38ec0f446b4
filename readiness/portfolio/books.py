"""The money of each initiative as it is recorded, in a fixed number of queries, and what it is worth."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db.models import Sum as Together
from django.utils.functional import SimpleLazyObject

from gates.budget import BURN_MONTHS, Kind, Spent, months_since, of_full_months
from gates.models import Spending, StageEntry
from gates.querysets import InitiativeQuerySet
from gates.stages import ENDED, Stage
from readiness.accounts.models import Organisation, Rate
from readiness.portfolio.currency import Amount, Rates, Worth, last_of_month, worth


@dataclass(frozen=True, slots=True)
class Book:
    """One initiative. ``months``: what each month cost, the oldest first; none where only a sum was entered.

    ``outcome``: how it was stopped, "" where it was not or where no lesson says it. ``stood``: the stage in which it
    is, of an ended one that in which it was before. ``last_day``: today, of an imported one the day of its file.
    """

    key: int
    name: str
    unit: str
    unit_key: str
    stage: Stage
    stood: Stage | None
    stalled: bool
    outcome: str
    currency: str
    planned: Decimal | None
    spent: Decimal | None
    months: tuple[Spent, ...]
    started_on: date | None
    last_day: date

    @property
    def running(self) -> bool:
        return self.stage not in ENDED

    @property
    def ref(self) -> str:
        return f"AI-{self.key:04d}"


def rates_of(organisation: Organisation, today: date) -> Rates:
    """What is known into the organisation's currency; one query, when the first rate is needed."""

    def entered() -> dict[str, list[tuple[date, Decimal]]]:
        known: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
        rows = Rate.objects.filter(into=organisation.currency).order_by("on")
        for currency, on, rate in rows.values_list("currency", "on", "rate"):
            known[currency].append((on, rate))
        return known

    return Rates(organisation.currency, today, cast("Mapping[str, Any]", SimpleLazyObject(entered)))


def books(rows: InitiativeQuerySet, today: date) -> list[Book]:
    """By primary key; three queries."""
    months, stays = _months(rows), _stays(rows)
    columns = rows.order_by("pk").values_list(
        "pk", "name", "business_unit", "business_unit_key", "stage", "standing__stalled", "lesson__outcome",
        "currency", "budget_planned", "budget_spent", "as_of",
    )  # fmt: skip
    return [
        Book(
            key=key,
            name=name,
            unit=unit,
            unit_key=unit_key,
            stage=Stage(stage),
            stood=Stage(stage) if Stage(stage) not in ENDED else _stood(stays[key]),
            stalled=bool(stalled),
            outcome=(outcome or "") if stage == Stage.STOPPED.value else "",
            currency=currency,
            planned=planned,
            spent=spent,
            months=tuple(months[key]),
            started_on=stays[key][0][1] if stays[key] else None,
            last_day=min(as_of or today, today),
        )
        for (
            key,
            name,
            unit,
            unit_key,
            stage,
            stalled,
            outcome,
            currency,
            planned,
            spent,
            as_of,
        ) in columns
    ]


def planned(book: Book, rates: Rates) -> Worth | None:
    """What its budget is worth today; None where none is known."""
    return None if book.planned is None else worth([Amount(book.planned, book.currency)], rates)


def spent(book: Book, rates: Rates) -> Worth | None:
    """What was spent is worth: month by month where it is entered so, else as of today. None where it is not known."""
    return None if book.spent is None else worth(spent_amounts(book.spent, book.currency, book.months), rates)


def burn(book: Book, rates: Rates) -> Worth | None:
    """What it burns a month (``gates.budget.burn``), in cents. None where it has ended, or too little is known."""
    if not book.running:
        return None
    if book.months:
        of_it = of_full_months(book.months, book.last_day)
        return worth(of_months(of_it, book.currency), rates).over(Decimal(BURN_MONTHS))
    if book.spent is None or book.started_on is None:
        return None
    whole = worth([Amount(book.spent, book.currency)], rates)
    return whole.over(months_since(book.started_on, book.last_day))


def spent_amounts(whole: Decimal, currency: str, months: Iterable[Spent]) -> list[Amount]:
    return of_months(months, currency) or [Amount(whole, currency)]


def of_months(months: Iterable[Spent], currency: str) -> list[Amount]:
    return [Amount(one.amount, currency, last_of_month(one.month)) for one in months]


def months_in_other_currencies(rows: InitiativeQuerySet, rates: Rates) -> dict[int, list[Spent]]:
    """What each month cost of those that need a rate; one query."""
    return _months(rows.exclude(currency__in=["", rates.into]))


def _months(rows: InitiativeQuerySet) -> dict[int, list[Spent]]:
    """All kinds together, by primary key and month."""
    found: dict[int, list[Spent]] = defaultdict(list)
    entries = Spending.objects.filter(initiative__in=rows.order_by().values("pk")).order_by("month")
    for key, month, amount in entries.values_list("initiative", "month").annotate(amount=Together("amount")):
        found[key].append(Spent(month, Kind.OTHER, amount))
    return found


def _stays(rows: InitiativeQuerySet) -> dict[int, list[tuple[str, date | None]]]:
    """The stages that each was in, with the day on which it entered them."""
    found: dict[int, list[tuple[str, date | None]]] = defaultdict(list)
    stays = StageEntry.objects.filter(initiative__in=rows.order_by().values("pk")).order_by("pk")
    for key, stage, entered_on in stays.values_list("initiative", "stage", "entered_on"):
        found[key].append((stage, entered_on))
    return found


def _stood(stays: list[tuple[str, date | None]]) -> Stage | None:
    """The last stage before the end; None where it is not known."""
    return next((Stage(stage) for stage, _on in reversed(stays) if Stage(stage) not in ENDED), None)
