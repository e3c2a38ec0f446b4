"""The causes of a portfolio again, flag by flag, and flags written straight into the tables at random."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random

from gates.models import Initiative, Lesson
from readiness.standing.models import Flag

CAUSES = ("ownership", "integration", "governance", "momentum", "data_quality", "value")
CODES = ("no_activity", "score_flat", "no_sponsor", "low_usage", "gate_lapsed", "single_person")
ENDED = ("stopped", "retired")


def raise_flags(random: Random, today: date, now: datetime, by: int) -> None:
    """Flags of every kind: open, resolved around the edge of ninety days, suspected, confirmed, corrected."""
    Flag.objects.all().delete()
    for row in Initiative.objects.order_by("pk"):
        for code in CODES:
            if random.random() < 0.65:
                continue
            ago = random.choice((0, 1, 30, 88, 89, 90, 91, 200))
            gone = random.random() < 0.4 or row.stage in ENDED
            said = random.choice(("", "", *CAUSES))
            Flag.objects.create(
                initiative=row, code=code, severity="warning", root_cause=random.choice(CAUSES), stalls=True,
                message="It stands still.", opened_on=today - timedelta(days=300), opened_at=now - timedelta(days=300),
                resolved_on=today - timedelta(days=ago) if gone else None,
                resolved_at=now - timedelta(days=ago) if gone else None,
                confirmed_cause=said, confirmed_by_id=by if said else None, confirmed_at=now if said else None,
            )  # fmt: skip
    for lesson in Lesson.objects.all():
        lesson.root_cause = random.choice(("", *CAUSES))
        lesson.save()


class CausesOracle:
    def __init__(self, rows: Iterable[Initiative], today: date) -> None:
        self.rows = list(rows)
        self.first = today - timedelta(days=89)
        """Of ninety days, today among them."""

    def of(self, row: Initiative, *, gone: bool = False) -> list[Flag]:
        flags = list(Flag.objects.filter(initiative=row))
        if not gone:
            return [flag for flag in flags if flag.resolved_at is None]
        if row.stage in ENDED:
            return []
        return [flag for flag in flags if flag.resolved_on is not None and flag.resolved_on >= self.first]

    @staticmethod
    def cause(flag: Flag) -> str:
        return flag.confirmed_cause if flag.confirmed_cause else flag.root_cause

    def figures(self, cause: str) -> list[int]:
        """Open, confirmed, suspected, stopped, resolved."""
        open_ones, confirmed, stopped, resolved = 0, 0, 0, 0
        for row in self.rows:
            of_it = [flag for flag in self.of(row) if self.cause(flag) == cause]
            open_ones += bool(of_it)
            confirmed += any(flag.confirmed_cause for flag in of_it)
            lesson = Lesson.objects.filter(initiative=row).first()
            stopped += lesson is not None and lesson.root_cause == cause
            resolved += any(self.cause(flag) == cause for flag in self.of(row, gone=True))
        return [open_ones, confirmed, open_ones - confirmed, stopped, resolved]

    def open_in(self, column: str, keys: set[str], cause: str | None = None) -> int:
        """How many initiatives with one of these values have an open flag of the cause, or of any."""
        return sum(
            getattr(row, column).lower() in keys
            and any(cause in (None, self.cause(flag)) for flag in self.of(row))
            for row in self.rows
        )
