"""What was so on a past day, walked day by day from the rows, without anything of the code under test."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import NamedTuple

from gates.models import Decision, Initiative, StageEntry
from readiness.standing.models import HistoryPoint

DAY = timedelta(days=1)
WAY = ("intake", "poc", "pilot", "rollout", "live")
ENDED = ("stopped", "retired")
LONG_AGO = 900 * DAY


class Was(NamedTuple):
    """One initiative at the end of one day; "" and None: not here, not recorded."""

    stage: str
    verdict: str
    stalled: bool | None
    score: Decimal | None
    gates: frozenset[str]

    @property
    def runs(self) -> bool:
        return self.stage != "" and self.stage not in ENDED


class PastOracle:
    def __init__(self, rows: Iterable[Initiative], today: date, zone: tzinfo) -> None:
        self.rows, self.today, self.zone = list(rows), today, zone
        self._walked = {row.pk: self._walk(row) for row in self.rows}

    def was(self, key: int, day: date) -> Was:
        return self._walked[key].get(day, Was("", "", None, None, frozenset()))

    @property
    def known(self) -> list[int]:
        return [row.pk for row in self.rows]

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _walk(self, row: Initiative) -> dict[date, Was]:
        stages = self._stages(row)
        points = {point.on: point for point in HistoryPoint.objects.filter(initiative=row)}
        standing_pass = self._passes(row)
        days: dict[date, Was] = {}
        point, day = None, self.today - LONG_AGO
        while day <= self.today:
            point = points.get(day, point)
            days[day] = Was(
                stages.get(day, ""),
                point.verdict if point else "",
                point.stalled if point else None,
                point.score if point else None,
                frozenset(gate for gate, held in standing_pass.items() if day in held),
            )
            day += DAY
        return days

    def _stages(self, row: Initiative) -> dict[date, str]:
        found: dict[date, str] = {}
        left = None
        for entry in StageEntry.objects.filter(initiative=row).order_by("pk"):
            day = entry.entered_on or left or self.day_of(entry.recorded_at)
            while day <= self.today:
                found[day] = entry.stage
                day += DAY
            left = entry.left_on
        return found

    def _passes(self, row: Initiative) -> dict[str, set[date]]:
        """Of each gate the days at whose end its last decision is a pass that no act had ended."""
        held: dict[str, set[date]] = {}
        made = Decision.objects.filter(
            passage__initiative=row, passage__framework_slug=row.standing.framework
        )
        for one in made.select_related("gate").order_by("at", "pk"):
            days = held.setdefault(one.gate.slug, set())
            day = self.day_of(one.at)
            lapse = self.day_of(one.lapse.at) if hasattr(one, "lapse") else None
            while day <= self.today:
                passes = one.decision.startswith("pass") and (lapse is None or day < lapse)
                days.add(day) if passes else days.discard(day)
                day += DAY
        return held

    def changes(self, since: date, today: date) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {
            name: set()
            for name in (
                "came_in", "moved_on", "moved_back", "passed_a_gate", "became_ready", "no_longer_ready",
                "became_stalled",                "mended", "went_live", "stopped", "retired",
            )
        }  # fmt: skip
        for key in self.known:
            then, now = self.was(key, since), self.was(key, today)
            if not now.stage:
                continue
            came_in = not then.stage
            steps_from, gates_then = then.stage, then.gates
            if came_in:
                then = next(was for day, was in sorted(self._walked[key].items()) if was.stage)
            told = {
                "came_in": came_in,
                "went_live": now.stage == "live" != then.stage,
                "stopped": now.stage == "stopped" != then.stage,
                "retired": now.stage == "retired" != then.stage,
                "passed_a_gate": bool(now.gates - gates_then),
            }
            if steps_from in WAY and now.stage in WAY:
                steps = WAY.index(now.stage) - WAY.index(steps_from)
                told["moved_on"] = steps > 0 and now.stage != "live"
                told["moved_back"] = steps < 0
            if now.runs and now.verdict and not (then.runs and not then.verdict):
                was_ready = then.runs and then.verdict == "ready"
                was_stalled = then.runs and bool(then.stalled)
                told["became_ready"] = now.verdict == "ready" and not was_ready
                told["no_longer_ready"] = now.verdict != "ready" and was_ready
                told["became_stalled"] = bool(now.stalled) and not was_stalled
                told["mended"] = not now.stalled and was_stalled
            for name, so in told.items():
                if so:
                    found[name].add(key)
        return found
