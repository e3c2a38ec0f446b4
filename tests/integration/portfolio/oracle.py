"""The symptoms computed again, row by row and day by day, without anything of the code under test."""

from collections.abc import Iterable
from datetime import date, timedelta, tzinfo
from decimal import Decimal
from typing import NamedTuple

from gates.models import Decision, Hold, Initiative, Kpi, ParallelLimit, Reading, StageEntry
from readiness.audit.models import Event
from readiness.standing.models import Flag

DAY = timedelta(days=1)


class Told(NamedTuple):
    """What is compared: the state, both numbers of the figure, and the initiatives behind it."""

    state: str
    numerator: Decimal
    denominator: Decimal
    keys: set[int]


def year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


class Oracle:
    def __init__(self, rows: Iterable[Initiative], today: date, zone: tzinfo) -> None:
        self.rows, self.today, self.zone = list(rows), today, zone
        first = year_before(today) + DAY
        self.window = {first + DAY * number for number in range((today - first).days + 1)}

    def all(self, currency: str, quarters: list[set[date]]) -> dict[str, Told]:
        return {
            "pilots_without_launch": self.launches(),
            "scattered_technology": self.technology(),
            "success_without_users": self.users(),
            "stuck_before_integration": self.integration(),
            "money_without_value": self.money(currency),
            "falling_activity": self.activity(quarters),
            "over_the_limit": self.limits(),
            "fading_out": self.endings(),
        }

    def stays(self, row: Initiative, *stages: str) -> list[StageEntry]:
        return [one for one in row.stage_entries.all() if one.stage in stages]

    def there(self, stay: StageEntry, days: set[date]) -> bool:
        return any(self.on(stay, day) for day in days)

    @staticmethod
    def on(stay: StageEntry, day: date) -> bool:
        begun = stay.entered_on is None or stay.entered_on <= day
        return begun and (stay.left_on is None or day <= stay.left_on)

    def entered(self, stage: str) -> tuple[set[int], set[int]]:
        sure, unsure = set(), set()
        for row in self.rows:
            for stay in self.stays(row, stage):
                if stay.entered_on in self.window:
                    sure.add(row.pk)
                elif stay.entered_on is None and (stay.left_on is None or stay.left_on >= min(self.window)):
                    unsure.add(row.pk)
        return sure, unsure - sure

    def launches(self) -> Told:
        pilots, more = self.entered("pilot")
        live, perhaps = self.entered("live")
        # Every way in which the missing days may lie is tried.
        answers = {
            len(pilots) + extra > 3 and not live and not launch
            for extra in range(len(more) + 1)
            for launch in range(len(perhaps) + 1)
        }
        return Told(_state(answers), Decimal(len(live)), Decimal(len(pilots)), pilots)

    def technology(self) -> Told:
        pilots, more = self.entered("pilot")
        kinds = {}
        for row in self.rows:
            if row.pk in pilots and row.technology.strip():
                kinds[row.pk] = (row.technology.lower().strip(), row.vendor.lower().strip())
        different = len(set(kinds.values()))
        if different < len(kinds) or len(pilots) + len(more) < 3:
            state = "absent"
        else:
            state = "cannot_tell" if more or len(kinds) < len(pilots) else "present"
        return Told(state, Decimal(different), Decimal(len(kinds)), pilots)

    def in_pilot(self, row: Initiative, kpi: Kpi) -> list[Reading]:
        stays = self.stays(row, "pilot")
        read = [one for one in kpi.readings.all() if one.withdrawn_at is None and one.on in self.window]
        return sorted(
            (one for one in read if any(self.on(stay, one.on) for stay in stays)), key=lambda one: one.on
        )

    def users(self) -> Told:
        pilots, limited, reported, blind, without = set(), set(), set(), set(), set()
        for row in self.rows:
            if not any(self.there(stay, self.window) for stay in self.stays(row, "pilot")):
                continue
            pilots.add(row.pk)
            kpis = [kpi for kpi in row.kpis.all() if kpi.removed_at is None]
            business = [kpi for kpi in kpis if kpi.kind == "business" and kpi.go_limit is not None]
            if not business:
                continue
            limited.add(row.pk)
            if not all(self._at_its_limit(row, kpi) for kpi in business):
                continue
            reported.add(row.pk)
            counting = [kpi for kpi in kpis if kpi.signal == "weekly_active_share"]
            if not counting:
                blind.add(row.pk)
            elif not any(one.value > 0 for kpi in counting for one in self.in_pilot(row, kpi)):
                without.add(row.pk)
        state = "present" if without else "cannot_tell" if blind or (pilots and not limited) else "absent"
        return Told(state, Decimal(len(without)), Decimal(len(reported)), without or blind)

    def _at_its_limit(self, row: Initiative, kpi: Kpi) -> bool:
        read = self.in_pilot(row, kpi)
        if not read:
            return False
        last, limit = read[-1].value, kpi.go_limit or Decimal(0)
        return last >= limit if kpi.direction == "up" else last <= limit

    def held(self, row: Initiative, day: date) -> bool:
        holds: list[Hold] = list(row.holds.all())
        return any(one.since <= day and (one.lifted_on is None or day < one.lifted_on) for one in holds)

    def integration(self) -> Told:
        stuck, through = set(), set()
        for row in self.rows:
            passed: dict[str, list[date]] = {"architecture": [], "integration": []}
            decisions = Decision.objects.filter(passage__initiative=row, decision__startswith="pass")
            for one in decisions.select_related("gate"):
                passed.setdefault(one.gate.slug, []).append(one.at.astimezone(self.zone).date())
            lately = [day for day in passed["architecture"] if day in self.window]
            if not lately:
                continue
            if passed["integration"]:
                through.add(row.pk)
                continue
            end = row.stage_since if row.stage in ("stopped", "retired") and row.stage_since else self.today
            days = [min(lately) + DAY * number for number in range(max((end - min(lately)).days, 0))]
            if sum(not self.held(row, day) for day in days) >= 45:
                stuck.add(row.pk)
        state = "present" if len(stuck) > len(through) else "absent"
        return Told(state, Decimal(len(stuck)), Decimal(len(stuck) + len(through)), stuck)

    def money(self, currency: str) -> Told:
        total: dict[str, Decimal] = {}
        bare: dict[str, Decimal] = {}
        count: dict[str, int] = {}
        keys, unknown = set(), 0
        for row in self.rows:
            stays = self.stays(row, "poc", "pilot", "rollout", "live")
            if not any(self.there(stay, self.window) for stay in stays):
                continue
            unknown += row.budget_spent is None
            if not row.budget_spent:
                continue
            where = row.currency
            total[where] = total.get(where, Decimal(0)) + row.budget_spent
            count[where] = count.get(where, 0) + 1
            live = [one for one in self.stays(row, "live") if self.there(one, self.window)]
            launches = [one.entered_on for one in live if one.entered_on]
            business = row.kpis.filter(kind="business", removed_at__isnull=True)
            read = Reading.objects.filter(kpi__in=business, withdrawn_at__isnull=True)
            days = [one.on for one in read if one.on in self.window]
            if not any(not launches or day > max(launches) for day in days):
                bare[where] = bare.get(where, Decimal(0)) + row.budget_spent
                keys.add(row.pk)
        order = sorted(total, key=lambda one: (one != currency, one == "", -count[one], one))
        shows = any(bare.get(one, Decimal(0)) > total[one] / 2 for one in total)
        state = "present" if shows else "cannot_tell" if not total and unknown else "absent"
        main = order[0] if order else currency
        return Told(state, bare.get(main, Decimal(0)), total.get(main, Decimal(0)), keys)

    def activity(self, quarters: list[set[date]]) -> Told:
        active = [
            {row.pk for row in self.rows if any(self._works(row, day) for day in quarter)}
            for quarter in quarters
        ]
        acts: list[dict[int, int]] = [{} for _ in quarters]
        for event in Event.objects.filter(actor_kind="person", token_name="", initiative__isnull=False):
            if event.verb == "initiative.imported":
                continue
            day = event.at.astimezone(self.zone).date()
            for number, quarter in enumerate(quarters):
                if day in quarter:
                    acts[number][event.initiative_id] = acts[number].get(event.initiative_id, 0) + 1
        sums = [sum(acts[number].get(key, 0) for key in keys) for number, keys in enumerate(active)]
        state = "cannot_tell"
        if all(active):
            rates = [done / len(keys) for done, keys in zip(sums, active, strict=True)]
            state = "present" if rates[0] > rates[1] > rates[2] > rates[3] else "absent"
        both = active[-1] & active[-2]
        fallen = {key for key in both if acts[-1].get(key, 0) < acts[-2].get(key, 0)}
        return Told(state, Decimal(sums[-1]), Decimal(len(active[-1])), fallen)

    def _works(self, row: Initiative, day: date) -> bool:
        if day < row.created_at.astimezone(self.zone).date() or self.held(row, day):
            return False
        return row.stage not in ("stopped", "retired") or (
            row.stage_since is not None and day <= row.stage_since
        )

    def limits(self) -> Told:
        limits = {(one.stage, one.unit_key): one.most for one in ParallelLimit.objects.all()}
        beyond, there, keys = 0, 0, set[int]()
        for stage in ("poc", "pilot", "rollout"):
            for unit in {row.business_unit_key for row in self.rows}:
                most = limits.get((stage, unit), limits.get((stage, "")))
                if most is None:
                    continue
                found = {row.pk for row in self.rows if row.stage == stage and row.business_unit_key == unit}
                there += len(found)
                if len(found) > most:
                    beyond += len(found) - most
                    keys |= found
        return Told("present" if beyond else "absent", Decimal(beyond), Decimal(there), keys)

    def endings(self) -> Told:
        decided, silent, unknown = 0, set[int](), 0
        for row in self.rows:
            lesson = getattr(row, "lesson", None)
            if row.stage == "stopped":
                if row.stage_since is None:
                    unknown += 1
                elif row.stage_since in self.window:
                    unknown += lesson is None
                    decided += lesson is not None and lesson.outcome in ("decided", "agreed_criteria")
                    if lesson is not None and lesson.outcome == "faded_out":
                        silent.add(row.pk)
            elif row.stage != "retired":
                flags = Flag.objects.filter(initiative=row, code="no_activity", resolved_at__isnull=True)
                if any(flag.opened_on < self.today - DAY * 90 for flag in flags):
                    silent.add(row.pk)
        # Every one of which it is not known may be decided, silent, or of another year.
        answers = {
            len(silent) + faded > decided + settled
            for faded in range(unknown + 1)
            for settled in range(unknown + 1 - faded)
        }
        return Told(_state(answers), Decimal(decided), Decimal(decided + len(silent)), silent)


def _state(answers: set[bool]) -> str:
    return "cannot_tell" if len(answers) > 1 else "present" if answers.pop() else "absent"
