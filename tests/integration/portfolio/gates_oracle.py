"""The gates of a portfolio again, row by row, and standings written straight into the tables at random."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.standing.models import GateStanding, Standing
from tests.fixtures import FIVE_GATES

STATUSES = (
    "locked", "open", "eligible", "in_review", "returned", "passed", "passed_with_conditions", "lapsed"
)  # fmt: skip
HURTS = ("lapsed", "returned", "open", "locked", "eligible", "in_review", "passed_with_conditions", "passed")
UNDER_WAY = ("poc", "pilot", "rollout", "live")


def stand_somewhere(random: Random, today: date, elsewhere: float = 0.1) -> None:
    """Every initiative gets a standing on five-gate with its gates, some on another framework."""
    for row in Initiative.objects.order_by("pk"):
        framework = "poc-checkpoints" if random.random() < elsewhere else "five-gate"
        Standing.objects.create(
            initiative=row, stage=row.stage, framework=framework, framework_version="1.0",
            score=Decimal(random.randint(0, 20) * 5), points=0, declared_points=0, optimism_gap=0, total=20, met=0,
            partial=0, not_met=0, unanswered=20, required_met=16, threshold_met=False, verdict="not_ready",
            as_of=today, computed_at=row.created_at,
        )  # fmt: skip
        gates = FIVE_GATES if framework == "five-gate" else ("checkpoint-0",)
        for framework_of_gates, names in {(framework, gates), ("environment-gap", ("data",))}:
            for place, gate in enumerate(names):
                if random.random() < 0.04:
                    continue
                profile = framework_of_gates == "environment-gap"
                GateStanding.objects.create(
                    initiative=row, framework=framework_of_gates, gate=gate, name=gate.capitalize(), kind="gate",
                    position=place, status="" if profile else random.choice(STATUSES), met=random.randint(0, 4),
                    partial=0, not_met=0, unanswered=0, total=4, min_met=3,
                )  # fmt: skip


def seen_by(who: User) -> list[Initiative]:
    """What this person may see, by the table of rights: executives and leads the organisation's, and their teams'."""
    everything = Initiative.objects.prefetch_related("team_roles", "holds", "gate_standings")
    if who.is_reviewer or who.is_executive or who.is_auditor or who.is_admin:
        return list(everything)
    return [
        row
        for row in everything
        if any(place.user_id == who.pk and place.until is None for place in row.team_roles.all())
        or (who.is_lead and row.visibility == "organisation")
    ]


class Place(NamedTuple):
    """Where a gate stands."""

    status: str
    met: int


class GatesOracle:
    def __init__(self, rows: Iterable[Initiative], today: date) -> None:
        self.all, self.today = list(rows), today
        self.rows = [row for row in self.all if row.stage in UNDER_WAY and self.framework(row) == "five-gate"]

    @staticmethod
    def framework(row: Initiative) -> str:
        return Standing.objects.get(initiative=row).framework

    def left_out(self) -> dict[str, int]:
        under_way = [row for row in self.all if row.stage in UNDER_WAY]
        frameworks = Counter(self.framework(row) for row in under_way)
        return {
            "shown": frameworks["five-gate"],
            "elsewhere": sum(n for name, n in frameworks.items() if name != "five-gate"),
            "intake": sum(row.stage == "intake" for row in self.all),
            "ended": sum(row.stage in ("stopped", "retired") for row in self.all),
        }

    def place(self, row: Initiative, gate: str) -> Place | None:
        found = [one for one in row.gate_standings.all() if one.framework == "five-gate" and one.gate == gate]
        return Place(found[0].status, found[0].met) if found else None

    def days(self, row: Initiative) -> int | None:
        """Day by day: each day in the stage that is no day of a hold."""
        if row.stage_since is None:
            return None
        end = min(row.as_of or self.today, self.today)
        days = 0
        day = row.stage_since
        while day < end:
            days += not any(
                hold.since <= day and (hold.lifted_on is None or day < hold.lifted_on)
                for hold in row.holds.all()
            )
            day += timedelta(days=1)
        return days

    def names(self, sort: str) -> list[str]:
        """The names in this order."""
        down = sort.startswith("-")
        name = sort.removeprefix("-")
        rows = sorted(self.rows, key=lambda row: (row.name_key, row.pk))
        if name == "name":
            return [row.name for row in (reversed(rows) if down else rows)]
        if name == "unit":
            named = sorted({row.business_unit_key for row in rows}, key=lambda key: (key == "", key))
            units = list(reversed(named)) if down else named
            return [row.name for unit in units for row in rows if row.business_unit_key == unit]
        values: dict[int, tuple[float, ...] | None] = {row.pk: self._value(row, name) for row in rows}
        known = [row for row in rows if values[row.pk] is not None]
        known.sort(key=lambda row: [-part if down else part for part in values[row.pk] or ()])
        return [row.name for row in known + [row for row in rows if values[row.pk] is None]]

    def _value(self, row: Initiative, name: str) -> tuple[float, ...] | None:
        if name == "score":
            return (float(Standing.objects.get(initiative=row).score),)
        if name == "days":
            days = self.days(row)
            return None if days is None else (days,)
        found = self.place(row, name.removeprefix("gate."))
        return None if found is None else (HURTS.index(found.status), found.met)

    def counts(self, unit: str | None = None) -> list[str]:
        """ "3 of 7" for each gate, of a unit or of all."""
        rows = [row for row in self.rows if unit is None or row.business_unit_key == unit]
        told = []
        for gate in FIVE_GATES:
            there = [place for row in rows if (place := self.place(row, gate)) is not None]
            passed = sum(place.status in ("passed", "passed_with_conditions") for place in there)
            told.append(f"{passed} of {len(there)}" if there else "–")
        return told
