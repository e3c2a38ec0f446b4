"""Acts on everything beside the gates: who is involved, the roadmap, money, what people say, who comes and goes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Self

from gates.models import Assignment, Handover, HandoverTopic
from gates.roadmap import Phase, default_plan
from readiness.actions.assignments import assign, unassign
from readiness.actions.comments import add_comment
from readiness.actions.flags import acknowledge_flag, confirm_cause, snooze_flag
from readiness.actions.handing_over import hand_over_everything
from readiness.actions.handovers import PointChange, close_handover, start_handover, write_handover
from readiness.actions.limits import Wanted, set_limit
from readiness.actions.people import deactivate_person
from readiness.actions.roadmaps import begin_phase, set_roadmap
from readiness.actions.spending import set_spending
from readiness.actions.stakeholders import set_stakeholders
from readiness.actions.teaching import leave_what_worked
from readiness.demo.lives import CONTACTS, RoadmapTold, Workings, monthly
from readiness.demo.telling.teller import Teller
from readiness.standing.models import Flag

BOOKED_ON = 3
"""The day of the next month on which a month's spending is entered."""


class LifeActs(Teller):
    def involve(self, ago: int, involved: Mapping[str, int | None]) -> Self:
        """Note who was involved when (days ago); None: there is no such council."""
        given = [
            {"function": function, "needed": False}
            if day is None
            else {"function": function, "contact": CONTACTS[function], "involved_on": self.stage.day(day)}
            for function, day in involved.items()
        ]
        return self.act(ago, lambda at: set_stakeholders(self.pk, given, self.leading(), at))

    def plans_production(self, told: RoadmapTold) -> Self:
        """Write the roadmap, as far as it goes, and begin the phases that have begun."""
        facts: dict[str, Any] = {"people": told.people, "budget": told.budget}
        if told.starts is not None:
            weeks = {Phase(phase): number for phase, number in told.weeks.items()}
            facts["phases"] = [
                {
                    "kind": one.phase.value,
                    "starts_on": one.starts_on,
                    "ends_on": one.ends_on,
                    **told.rules.get(one.phase.value, {}),
                }
                for one in default_plan(self.stage.day(told.starts), weeks)
            ]
        self.act(told.written, lambda at: set_roadmap(self.pk, facts, self.leading(), at))
        for phase, ago in told.begun.items():
            self._begins(ago, phase)
        return self

    def _begins(self, ago: int, phase: str) -> None:
        day = self.stage.day(ago)
        self.act(ago, lambda at: begin_phase(self.pk, phase, day, self.leading(), at))

    def spends(self, first: int, last: int, thousands: int, data_share: int, change_share: int) -> Self:
        """Enter what was spent in each month between two days, a few days after its end."""
        months = self._months(first, last)
        spread = monthly(len(months), thousands, data_share, change_share, self.stage.random)
        for month, amounts in zip(months, spread, strict=True):
            self._books(month, amounts, last)
        return self

    def _months(self, first: int, last: int) -> list[date]:
        """The months that had ended, and been entered, by the last day."""
        month, found = self.stage.day(first).replace(day=1), []
        until = self.stage.day(last) - timedelta(days=BOOKED_ON)
        while (following := (month + timedelta(days=32)).replace(day=1)) <= until:
            found.append(month)
            month = following
        return found or [self.stage.day(last).replace(day=1)]

    def _books(self, month: date, amounts: Mapping[str, Any], last: int) -> None:
        following = (month + timedelta(days=32)).replace(day=BOOKED_ON)
        ago = max(self.stage.ago(following), last)
        self.act(ago, lambda at: set_spending(self.pk, month, amounts, self.leading(), at))

    def says(self, ago: int, who: str, words: str, gate: str | None = None, item: str | None = None) -> Self:
        """Somebody remarks on it, on a gate or on an item; ``who``: a username or a role."""
        return self.act(
            ago, lambda at: add_comment(self.pk, words, self.actor(who), at, gate=gate, item=item)
        )

    def asks(self, ago: int, by: str, who: str, item: str, due: int, note: str = "") -> Self:
        """One of the team asks another to see to an item; ``due``: days before today, negative for days to come."""
        day = self.stage.day(due)
        return self.act(ago, lambda at: assign(self.pk, item, who, day, self.actor(by), at, note=note))

    def finishes(self, ago: int, who: str, item: str) -> Self:
        """Who was asked says that it is done."""

        def do(at: datetime) -> None:
            row = Assignment.objects.open().of(self.pk).get(item__code=item)
            unassign(self.pk, row.pk, self.actor(who), at, done=True)

        return self.act(ago, do)

    def taught(self, ago: int, told: Workings) -> Self:
        given = {"made_it_work": told.made_it_work, "reusable": told.reusable, "advice": told.advice}
        return self.act(ago, lambda at: leave_what_worked(self.pk, given, self.leading(), at))

    def leaves(self, ago: int, username: str) -> Self:
        """Somebody leaves the company; a handover opens wherever they hold a place."""
        return self.act(ago, lambda at: deactivate_person(username, self.actor("ada"), at))

    def everything_to(self, ago: int, leaver: str, successor: str) -> Self:
        """All places of somebody who leaves change hands at once."""
        return self.act(ago, lambda at: hand_over_everything(leaver, successor, self.actor("ada"), at))

    def hands_over(self, ago: int, leaver: str) -> Self:
        """A handover is opened for somebody who is going to leave."""
        return self.act(ago, lambda at: start_handover(self.pk, leaver, self.leading(), at))

    def tells(self, ago: int, leaver: str, notes: Mapping[str, str], successor: str | None = None) -> Self:
        """Points of the open handover are written and done."""
        points = {topic: PointChange(note, done=True) for topic, note in notes.items()}

        def do(at: datetime) -> None:
            key = self._handover(leaver)
            write_handover(self.pk, key, self.leading(), at, points=points, successor=successor)

        return self.act(ago, do)

    def has_handed_over(self, ago: int, leaver: str) -> Self:
        return self.act(ago, lambda at: close_handover(self.pk, self._handover(leaver), self.leading(), at))

    def limit(self, ago: int, *wanted: tuple[str, str, int]) -> Self:
        """The admin sets parallel limits: stage, unit ("" for every unit), number."""
        for stage, unit, most in wanted:
            self._limits(ago, Wanted(stage, unit, most))
        return self

    def _limits(self, ago: int, wanted: Wanted) -> None:
        self.act(ago, lambda at: set_limit(wanted, self.actor("ada"), at))

    def sees(self, ago: int, code: str, who: str) -> Self:
        """Somebody acknowledges an open flag."""
        return self.act(ago, lambda at: acknowledge_flag(self._flag(code), self.actor(who), at))

    def puts_off(self, ago: int, code: str, who: str, reason: str, until: int) -> Self:
        """Somebody snoozes an open flag through a day."""
        day = self.stage.day(until)
        return self.act(ago, lambda at: snooze_flag(self._flag(code), day, reason, self.actor(who), at))

    def names_cause(self, ago: int, code: str, cause: str, who: str, note: str) -> Self:
        """Somebody confirms or corrects the suspected root cause of an open flag."""
        return self.act(ago, lambda at: confirm_cause(self._flag(code), cause, self.actor(who), at, note))

    def _flag(self, code: str) -> int:
        return Flag.objects.get(initiative=self.initiative, code=code, resolved_at__isnull=True).pk

    def _handover(self, leaver: str) -> int:
        return Handover.objects.get(
            initiative=self.initiative, leaver__username=leaver, closed_at__isnull=True
        ).pk


def every_topic(notes: Sequence[str]) -> dict[str, str]:
    """A note for each topic of a handover, in their order."""
    return dict(zip(HandoverTopic.values, notes, strict=True))
