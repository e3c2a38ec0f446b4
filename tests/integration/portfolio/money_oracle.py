"""Money computed again from the rows, entry by entry and day by day, and rows at random in three currencies."""

import calendar
from collections.abc import Callable, Iterable
from datetime import date, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from gates.models import Initiative, Spending
from readiness import clock
from readiness.accounts.models import Rate, User
from readiness.standing.models import Standing
from tests.integration.portfolio.raw import Raw

KINDS = ("data", "infrastructure", "integration", "change", "other")
CURRENCIES = ("EUR", "EUR", "USD", "CHF", "")


class Told(NamedTuple):
    """What is compared: the sum, and the initiatives that are in it and that are left out."""

    amount: Decimal
    within: set[int]
    without: set[int]


class Purse:
    """Converts as the rules say, by looking at every rate there is."""

    def __init__(self, own: str, today: date) -> None:
        self.own, self.today, self.rates = own, today, list(Rate.objects.all())

    def rate(self, currency: str, on: date) -> Decimal | None:
        if currency.strip() in ("", self.own):
            return Decimal(1)
        day = on if on < self.today else self.today
        known = {one.on: one.rate for one in self.rates if (one.currency, one.into) == (currency, self.own)}
        while day.year > 2000:
            if day in known:
                return known[day]
            day -= timedelta(days=1)
        return None

    def together(self, parts: Iterable[tuple[Decimal, str, date]]) -> Decimal | None:
        found = Decimal(0)
        for amount, currency, on in parts:
            rate = self.rate(currency, on)
            if amount != 0 and rate is None:
                return None
            found += amount * (rate or 0)
        return found


def end_of(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


class MoneyOracle:
    def __init__(self, rows: Iterable[Initiative], own: str, today: date) -> None:
        self.rows, self.purse, self.today = list(rows), Purse(own, today), today
        self.entries = {row.pk: list(row.spending.all()) for row in self.rows}

    def planned(self, row: Initiative) -> Decimal | str | None:
        if row.budget_planned is None:
            return "unknown"
        return self.purse.together([(row.budget_planned, row.currency, self.today)])

    def spent(self, row: Initiative) -> Decimal | str | None:
        if row.budget_spent is None:
            return "unknown"
        entries = self.entries[row.pk]
        if not entries:
            return self.purse.together([(row.budget_spent, row.currency, self.today)])
        return self.purse.together((one.amount, row.currency, end_of(one.month)) for one in entries)

    def burn(self, row: Initiative) -> Decimal | str | None:
        if row.stage in ("retired", "stopped"):
            return "unknown"
        until = min(row.as_of, self.today) if row.as_of else self.today
        entries = self.entries[row.pk]
        if entries:
            whole, month = set[tuple[int, int]](), (until.year, until.month)
            while len(whole) < 3:
                month = (month[0], month[1] - 1) if month[1] > 1 else (month[0] - 1, 12)
                whole.add(month)
            of_it = [one for one in entries if (one.month.year, one.month.month) in whole]
            found = self.purse.together((one.amount, row.currency, end_of(one.month)) for one in of_it)
            return None if found is None else (found / 3).quantize(Decimal("0.01"), ROUND_HALF_UP)
        starts = [stay.entered_on for stay in row.stage_entries.order_by("pk")][:1]
        if row.budget_spent is None or not starts or starts[0] is None:
            return "unknown"
        found = self.purse.together([(row.budget_spent, row.currency, self.today)])
        months = max(Decimal((until - starts[0]).days) * 12 / Decimal("365.25"), Decimal(1))
        return None if found is None else (found / months).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def told(self, speaks_of: Callable[[Initiative], bool], money: Callable[[Initiative], object]) -> Told:
        amount, within, without = Decimal(0), set[int](), set[int]()
        for row in self.rows:
            found = money(row) if speaks_of(row) else "unknown"
            if isinstance(found, Decimal):
                amount, within = amount + found, within | {row.pk}
            elif found is None:
                without.add(row.pk)
        return Told(amount, within, without)

    def all(self) -> dict[str, Told]:
        return {
            "planned": self.told(_running, self.planned),
            "spent": self.told(_running, self.spent),
            "burn": self.told(_running, self.burn),
            **self._parts("burn", _running),
            "stalled": self.told(_stalled, self.spent),
            "stalled_burn": self.told(_stalled, self.burn),
            **self._parts("stalled_burn", _stalled),
            "faded_out": self.told(lambda row: _outcome(row) == "faded_out", self.spent),
            "stopped": self.told(lambda row: _outcome(row) in ("decided", "agreed_criteria"), self.spent),
            "stopped_somehow": self.told(lambda row: _outcome(row) == "unknown", self.spent),
        }

    def _parts(self, code: str, speaks_of: Callable[[Initiative], bool]) -> dict[str, Told]:
        """What is booked, and what is not."""
        return {
            f"{code}_booked": self.told(lambda row: speaks_of(row) and self.entries[row.pk] != [], self.burn),
            f"{code}_estimated": self.told(
                lambda row: speaks_of(row) and self.entries[row.pk] == [], self.burn
            ),
        }

    def month(self, month: date) -> Told:
        def cost(row: Initiative) -> Decimal | str | None:
            of_it = [one for one in self.entries[row.pk] if one.month == month]
            if not sum(one.amount for one in of_it):
                return "unknown"
            return self.purse.together((one.amount, row.currency, end_of(month)) for one in of_it)

        return self.told(lambda row: True, cost)


def _running(row: Initiative) -> bool:
    return row.stage not in ("retired", "stopped")


def _stalled(row: Initiative) -> bool:
    return bool(Standing.objects.filter(initiative=row, stalled=True))


def _outcome(row: Initiative) -> str:
    if row.stage != "stopped":
        return ""
    lesson = getattr(row, "lesson", None)
    return lesson.outcome if lesson else "unknown"


class RawMoney(Raw):
    """Initiatives of three currencies and of none, with months, sums or nothing; and rates with holes."""

    def __init__(self, seed: int, today: date, zone: tzinfo, lead: User, reviewer: User) -> None:
        super().__init__(seed, today, zone, lead, reviewer)
        for currency in ("USD", "CHF"):
            for days in {self.random.choice((-2, 0, 1, 40, 95, 200, 500)) for _ in range(3)}:
                self.rate(currency, today - timedelta(days=days))
        self.rate("USD", today - timedelta(days=800), into="GBP")

    def rate(self, currency: str, on: date, into: str = "EUR") -> None:
        worth = Decimal(self.random.randint(1, 30_000)) / 10_000
        Rate.objects.create(currency=currency, into=into, on=on, rate=worth, entered_at=clock.now())

    def money(self, count: int) -> None:
        self.initiatives(count)
        for row in Initiative.objects.all():
            self._money(row)

    def _money(self, row: Initiative) -> None:
        some = self.random
        row.currency = some.choice(CURRENCIES)
        row.budget_planned = some.choice((None, Decimal(0), Decimal(some.randint(1, 900_00)) / 100))
        row.as_of = some.choice((None, None, None, self.day(200)))
        if some.random() < 0.5:
            row.budget_spent = self._entries(row)
        row.save()
        if row.stage in ("poc", "pilot", "rollout"):
            self._standing(row, stalled=some.random() < 0.4)
        else:
            self._standing(row, stalled=False)

    def _entries(self, row: Initiative) -> Decimal:
        found = Decimal(0)
        for back in self.random.sample(range(15), self.random.randint(1, 8)):
            number = self.today.year * 12 + self.today.month - 1 - back
            month = date(number // 12, number % 12 + 1, 1)
            for kind in self.random.sample(KINDS, self.random.randint(1, 3)):
                amount = Decimal(self.random.choice((0, 1, 333, self.random.randint(1, 900_000)))) / 100
                Spending.objects.create(initiative=row, month=month, kind=kind, amount=amount)
                found += amount
        return found

    def _standing(self, row: Initiative, *, stalled: bool) -> None:
        zeros = (
            "score", "points", "declared_points", "optimism_gap", "total", "met", "partial", "not_met", "unanswered",
            "required_met",
        )  # fmt: skip
        Standing.objects.create(
            initiative=row, stage=row.stage, framework="five-gate", framework_version="1", threshold_met=False,
            verdict="not_ready", stalled=stalled, as_of=self.today, computed_at=clock.now(), **dict.fromkeys(zeros, 0),
        )  # fmt: skip
