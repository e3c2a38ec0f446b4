"""What one rule is asked, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from checklists.said import listed as said_list
from checklists.said import said
from gates.stages import Stage
from readiness.standing.flags import calendar
from readiness.standing.flags.facts import FlagFacts
from readiness.standing.flags.thresholds import FlagRule, Severity, Thresholds, whole_days

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]
Details = dict[str, Json]
"""The raw inputs of a rule, for the "why": dates as YYYY-MM-DD, and no number that changes from day to day."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule holds: how grave, from which suspected cause, over what, and in one sentence."""

    severity: Severity
    root_cause: str
    message: str
    details: Details


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rule says today, and the next day on which it may say something else by time alone.

    ``changes_on`` may be too early, never too late; ``None`` is never.
    """

    finding: Finding | None = None
    changes_on: date | None = None


SILENT = Answer()


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a stage is meant to take: as planned, or the organisation's usual where nobody planned it."""

    days: int
    planned: bool

    def share(self, share: Fraction) -> int:
        """A part or a multiple of the plan in whole days, rounded up."""
        return whole_days(self.days * share)


@dataclass(frozen=True, slots=True)
class Case:
    """One rule's question: does this hold for these facts on this day?"""

    facts: FlagFacts
    today: date
    rule: FlagRule
    thresholds: Thresholds

    def days(self, key: str) -> int:
        return self.thresholds.days(self.rule.code, self.facts.stage, key)

    def share(self, key: str) -> Fraction:
        return self.thresholds.share(self.rule.code, self.facts.stage, key)

    def value(self, key: str) -> Decimal:
        return self.thresholds.value(self.rule.code, self.facts.stage, key)

    def counted(self, since: date) -> int:
        """Days since then up to today, days on hold left out."""
        return calendar.counted_days(since, self.today, self.facts.holds)

    def reaches(self, since: date, days: int) -> date | None:
        """The day on which that many days have been counted."""
        return calendar.reaches(since, days, self.facts.holds)

    def counting_from(self, since: date, not_counted: int = 0) -> Details:
        """What a page needs to show a number of days that is right on the day it is shown: see ``days_so_far``."""
        ended = [hold for hold in self.facts.holds if hold.until is not None]
        return {
            "since": since.isoformat(),
            "days_not_counted": calendar.days_within(since, date.max, ended) + not_counted,
        }

    def next_of(self, *days: date | None) -> date | None:
        return calendar.next_of(self.today, days)

    def stage_plan(self) -> Plan:
        """What was planned for this stage, else the usual length that ``stage_overrun`` measures by."""
        planned = {
            Stage.INTAKE: self.facts.plan.intake_days,
            Stage.POC: self.facts.plan.poc_days,
            Stage.PILOT: self.facts.plan.pilot_days,
            Stage.ROLLOUT: self.facts.plan.rollout_days,
        }.get(self.facts.stage)
        if planned is not None:
            return Plan(planned, planned=True)
        return Plan(self.thresholds.days("stage_overrun", self.facts.stage, "days"), planned=False)

    def find(
        self,
        message: str,
        details: Details,
        severity: Severity | None = None,
        root_cause: str | None = None,
    ) -> Finding:
        """A finding with the rule's usual severity and cause, unless others are named."""
        return Finding(severity or self.rule.severity, root_cause or self.rule.root_cause, message, details)

    def for_days(
        self,
        key: str,
        since: date,
        message: str,
        details: Details | None = None,
        severity: Severity | None = None,
        root_cause: str | None = None,
    ) -> Answer:
        """Holds from the day on which as many days as the threshold ``key`` says have been counted."""
        threshold = self.days(key)
        changes_on = self.next_of(self.reaches(since, threshold))
        if self.counted(since) < threshold:
            return Answer(changes_on=changes_on)
        details = {**self.counting_from(since), "threshold_days": threshold, **(details or {})}
        return Answer(self.find(message, details, severity, root_cause), changes_on)


def listed(names: Sequence[str], most: int = 4) -> str:
    """Names as a sentence lists them: "A", "A and B", "A, B, C and 3 more"."""
    if len(names) <= most:
        return said_list(names)
    return said_list([*names[: most - 1], said("{count} more", count=len(names) - most + 1)])


def days_so_far(details: Mapping[str, object], today: date, held_since: date | None = None) -> int | None:
    """The number of days a flag's ``details`` speak of, as of ``today``; ``None`` where they count none.

    ``held_since``: first day of the hold in force, from which no further day counts.
    """
    since, not_counted = details.get("since"), details.get("days_not_counted")
    if not isinstance(since, str) or not isinstance(not_counted, int):
        return None
    until = today if held_since is None else min(today, held_since)
    return max((until - date.fromisoformat(since)).days - not_counted, 0)
