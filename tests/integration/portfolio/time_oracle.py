"""How long things take, computed again row by row and day by day, without anything of the code under test."""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from gates.models import Initiative, StageEntry

WAY = ["intake", "poc", "pilot", "rollout", "live", "retired"]
ENDS = ("stopped", "retired")


class Way(NamedTuple):
    """What the rows say of one initiative; ``why``: what is missing for the curve, else ""."""

    key: int
    outcome: str
    start: date | None
    days: int
    why: str


class InStage(NamedTuple):
    now: int
    unknown: int
    beyond: int
    unplanned: int
    days: list[int]
    over: list[int]
    keys: set[int]
    unclear: int


class TimeOracle:
    def __init__(self, rows: Iterable[Initiative], today: date) -> None:
        self.rows, self.today = list(rows), today

    def until(self, row: Initiative) -> date:
        return row.as_of if row.as_of and row.as_of < self.today else self.today

    def known(self, row: Initiative, day: date | None) -> date | None:
        return None if day is None or day > self.until(row) else day

    @staticmethod
    def stays(row: Initiative) -> list[StageEntry]:
        return sorted(row.stage_entries.all(), key=lambda one: one.pk)

    def way(self, row: Initiative) -> Way:
        stays = self.stays(row)
        live = [one for one in stays if one.stage == "live"]
        ended = [one for one in stays if one.stage in ENDS]
        outcome = "live" if live else "ended" if row.stage in ENDS else "running"
        start = self.known(row, stays[0].entered_on) if stays and stays[0].stage == "intake" else None
        if live:
            end = self.known(row, live[0].entered_on)
        elif row.stage in ENDS:
            end = self.known(row, ended[0].entered_on) if ended else None
        else:
            end = self.until(row)
        why = "no_start" if start is None else "no_end" if end is None or end < start else ""
        return Way(row.pk, outcome, start, (end - start).days if start and end else 0, why)

    def ways(self) -> list[Way]:
        return [self.way(row) for row in self.rows]

    def incidence(self, outcome: str) -> dict[int, Fraction]:
        """The share that came to this outcome by day, in fractions, every sum from the rows."""
        timed = [one for one in self.ways() if not one.why]
        left, share, found = Fraction(1), Fraction(0), {}
        for day in sorted({one.days for one in timed if one.outcome != "running"}):
            watched = sum(one.days >= day for one in timed)
            here = [one for one in timed if one.days == day and one.outcome != "running"]
            share += left * Fraction(sum(one.outcome == outcome for one in here), watched)
            left *= 1 - Fraction(len(here), watched)
            found[day] = share
        return found

    def counted(self, row: Initiative, first: date, last: date) -> int:
        """Day by day, those on hold left out."""
        holds = list(row.holds.all())
        days = (first + timedelta(days=number) for number in range(max((last - first).days, 0)))
        return sum(
            not any(one.since <= day and (one.lifted_on is None or day < one.lifted_on) for one in holds)
            for day in days
        )

    def stage(self, stage: str) -> InStage:
        here = [row for row in self.rows if row.stage == stage]
        known = {
            row.pk: self.counted(row, row.stage_since, self.until(row)) for row in here if row.stage_since
        }
        plans = {row.pk: getattr(row, f"{stage}_days") for row in here}
        over, keys, unclear = [], set(), 0
        for row in self.rows:
            stays = self.stays(row)
            for number, stay in enumerate(stays[:-1]):
                if stay.stage != stage:
                    continue
                following = stays[number + 1]
                skipped = following.stage != "stopped" and WAY.index(following.stage) - WAY.index(stage) > 1
                first, last = self.known(row, stay.entered_on), self.known(row, stay.left_on)
                if first and last and self.known(row, following.entered_on) and not skipped:
                    over.append(self.counted(row, first, last))
                    keys.add(row.pk)
                else:
                    unclear += 1
        return InStage(
            now=len(here),
            unknown=len(here) - len(known),
            beyond=sum(plans[key] is not None and days > plans[key] for key, days in known.items()),
            unplanned=sum(plan is None for plan in plans.values()),
            days=list(known.values()),
            over=over,
            keys=keys,
            unclear=unclear,
        )

    def quarter(self, year: int, number: int) -> dict[str, set[int]]:
        """Who began in a quarter, and what became of them."""
        months = {3 * number - 2, 3 * number - 1, 3 * number}
        began = [
            one for one in self.ways() if one.start and one.start.year == year and one.start.month in months
        ]
        past = {
            row.pk
            for row in self.rows
            if any(one.stage in ("pilot", "rollout", "live") for one in self.stays(row))
        }
        return {
            "": {one.key for one in began},
            "pilot": {one.key for one in began} & past,
            **{
                outcome: {one.key for one in began if one.outcome == outcome}
                for outcome in ("live", "ended", "running")
            },
        }
