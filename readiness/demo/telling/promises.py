"""Acts on what was promised: KPIs and their readings, exit criteria, amendments."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from gates.models import Amendment, ExitCriterion, Kpi, Reading
from gates.promises import ExitAction
from readiness.actions.exits import add_criterion, decide_exit
from readiness.actions.kpis import acknowledge_amendment, create_kpi, edit_kpi
from readiness.actions.readings import NewReading, add_readings, import_readings, withdraw_reading
from readiness.demo.lives import KpiTold, Measure
from readiness.demo.telling.teller import Teller

TYPED = 2
"""So many sheets, the latest, are typed in; what is older came in files."""
FILE_DAYS = 168
"""What was read within so many days came in one file."""


Told = Sequence[tuple[int, str]]
"""Readings: how many days ago, and the value."""


class PromiseActs(Teller):
    def promise(self, ago: int, told: KpiTold) -> Self:
        """Agree on a KPI, and read it as it is told."""
        given = {**told.facts, "owner": told.owner or self.people.get("business_owner")}
        self.act(ago, lambda at: create_kpi(self.pk, given, self.leading(), at))
        return self if told.read is None else self.reads(told.name, told.read)

    def reads(self, kpi: str, measure: Measure) -> Self:
        """Read a KPI: the latest sheets typed in as they came, everything before them from files."""
        told = list(zip(measure.days, measure.values(self.stage.random), strict=True))
        sheet, file = max(measure.sheet // measure.every, 1), max(FILE_DAYS // measure.every, 1)
        typed = told[-sheet * TYPED :]
        for part in _parts(told[: -len(typed)], file):
            self._imports(kpi, part)
        sheets = _parts(typed, sheet)
        for part in sheets:
            self._types(kpi, part, measure.note if part is sheets[-1] else "")
        return self

    def _imports(self, kpi: str, told: Told) -> None:
        lines = ["date,value", *(f"{self.stage.day(ago).isoformat()},{value}" for ago, value in told)]
        data, name = "\n".join(lines).encode(), f"{'-'.join(kpi.lower().split())}.csv"
        self.act(
            told[-1][0],
            lambda at: import_readings(self.pk, self._kpi(kpi).pk, data, name, self.leading(), at),
        )

    def _types(self, kpi: str, sheet: Told, note: str) -> None:
        given = [
            NewReading(self.stage.day(day), value, note if day == sheet[-1][0] else "")
            for day, value in sheet
        ]
        self.act(
            sheet[-1][0],
            lambda at: add_readings(self.pk, self._kpi(kpi).pk, given, self.leading(), at),
        )

    def takes_back(self, ago: int, kpi: str, reason: str) -> Self:
        """Withdraw the latest reading of a KPI."""

        def do(at: datetime) -> None:
            standing = Reading.objects.filter(kpi=self._kpi(kpi), withdrawn_at__isnull=True)
            withdraw_reading(self.pk, standing.latest("on").pk, reason, self.leading(), at)

        return self.act(ago, do)

    def amend(
        self, ago: int, kpi: str, reason: str, *, acknowledged: int | None = None, **fields: str
    ) -> Self:
        """Change what is locked; ``acknowledged`` is the day a reviewer said that it was seen."""
        self.act(ago, lambda at: edit_kpi(self.pk, self._kpi(kpi).pk, fields, self.leading(), at, reason))
        if acknowledged is None:
            return self

        def acknowledge(at: datetime) -> None:
            for amendment in Amendment.objects.filter(
                initiative=self.initiative, acknowledged_at__isnull=True
            ):
                acknowledge_amendment(self.pk, amendment.pk, self.actor(self.reviewer), at)

        return self.act(acknowledged, acknowledge)

    def agree(self, ago: int, kpi: str, **criterion: Any) -> Self:
        """Agree on an exit criterion over a KPI; ``decider``: a place on the team, "reviewer", or a username."""

        def do(at: datetime) -> None:
            places = {**self.people, "reviewer": self.reviewer}
            decider = places.get(criterion["decider"]) or criterion["decider"]
            given = {**criterion, "kpi": self._kpi(kpi).pk, "decider": decider}
            add_criterion(self.pk, given, self.leading(), at)

        return self.act(ago, do)

    def resolves(
        self,
        ago: int,
        kpi: str,
        decision: str,
        reason: str,
        *,
        until: int | None = None,
        lesson: Mapping[str, Any] | None = None,
    ) -> Self:
        """Whoever is named decides what was triggered; ``until``: the day of the review or of the expiry."""
        day = None if until is None else self.stage.day(until)
        moment = "review_on" if decision == ExitAction.HOLD else "expires_on"

        def do(at: datetime) -> None:
            criterion = ExitCriterion.objects.select_related("decider").get(
                initiative=self.initiative, kpi__name=kpi
            )
            decider = self.actor(criterion.decider.username)
            options: dict[str, Any] = {} if day is None else {moment: day}
            decide_exit(self.pk, criterion.pk, decision, decider, at, reason=reason, lesson=lesson, **options)

        return self.act(ago, do)

    def _kpi(self, name: str) -> Kpi:
        return Kpi.objects.get(initiative=self.initiative, name=name, removed_at__isnull=True)


def _parts(told: Told, size: int) -> list[Told]:
    return [told[start : start + size] for start in range(0, len(told), size)]
