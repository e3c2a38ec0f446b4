"""What was promised in numbers, and whether it is kept: limits, readings, exit criteria, value after the launch.

Pure: standard library only. In plain words: docs/rules.md, "Promises". Values are decimals in the KPI's own unit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

VALUE_MARKS = (30, 90, 180)
"""Days after the launch at which the measured value is held against the promise."""
TARGET_FROM_MARK = 90
"""From this mark on the target counts, before it the go limit."""


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


class Comparator(StrEnum):
    """Both are strict: the limit itself is neither under nor over."""

    UNDER = "under"
    OVER = "over"


class ExitAction(StrEnum):
    STOP = "stop"
    HOLD = "hold"
    REWORK = "rework"


class ValueStatus(StrEnum):
    NOT_DUE = "not_due"
    UNMEASURED = "unmeasured"
    BELOW = "below"
    ON = "on"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Measured:
    """One reading: a value on a day."""

    on: date
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a KPI was promised to reach; ``None`` is not said."""

    direction: Direction
    baseline: Decimal | None = None
    target: Decimal | None = None
    go_limit: Decimal | None = None
    stop_limit: Decimal | None = None

    @property
    def complete(self) -> bool:
        """Baseline, go limit and stop limit are known: what a business KPI needs before the start."""
        return None not in (self.baseline, self.go_limit, self.stop_limit)

    def reaches(self, value: Decimal, limit: Decimal) -> bool:
        """At the limit or better."""
        return value >= limit if self.direction == Direction.UP else value <= limit

    def goes(self, value: Decimal) -> bool | None:
        """At the go limit or better; None where there is none."""
        return None if self.go_limit is None else self.reaches(value, self.go_limit)

    def stops(self, value: Decimal) -> bool | None:
        """At the stop limit or beyond it; None where there is none."""
        if self.stop_limit is None:
            return None
        return value <= self.stop_limit if self.direction == Direction.UP else value >= self.stop_limit


def misplaced(limits: Limits) -> list[tuple[str, str]]:
    """(field, reason) of each limit that lies on the wrong side of another."""
    found = []
    higher = "above" if limits.direction == Direction.UP else "below"
    lower = "below" if limits.direction == Direction.UP else "above"
    go, stop, target = limits.go_limit, limits.stop_limit, limits.target
    if go is not None and stop is not None and not limits.reaches(go, stop):
        found.append(("stop_limit", f"The stop limit must lie at or {lower} the go limit of {plain(go)}."))
    if go is not None and target is not None and not limits.reaches(target, go):
        found.append(("target", f"The target must lie at or {higher} the go limit of {plain(go)}."))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """An exit criterion as it stands: over ``window_days``, else at a checkpoint.

    ``checkpoint_on``: the day that checkpoint was first submitted, else None. ``armed_from``: readings up to and on
    this day do not count (a decision was taken then), else None. ``quiet_through``: nothing triggers through this
    day (somebody decided to go on), else None.
    """

    comparator: Comparator
    limit: Decimal
    window_days: int | None = None
    checkpoint_on: date | None = None
    armed_from: date | None = None
    quiet_through: date | None = None

    def breached_by(self, value: Decimal) -> bool:
        return value < self.limit if self.comparator == Comparator.UNDER else value > self.limit


@dataclass(frozen=True, slots=True)
class Trigger:
    """Whether an exit criterion is met today. ``since``: first reading of what triggers it; ``latest``: the last.

    ``changes_on``: the next day on which this may change by time alone; possibly too early, never too late.
    """

    since: Measured | None = None
    latest: Measured | None = None
    changes_on: date | None = None

    @property
    def met(self) -> bool:
        return self.since is not None


def triggered(criterion: Criterion, readings: Iterable[Measured], today: date) -> Trigger:
    """Whether the criterion is met on this day.

    At a checkpoint: from the day it was submitted, where the latest reading breaches the limit. Over a window: where
    all readings of an unbroken run breach it, the run began at least that many days ago, and at least two readings
    lie in it, the last no older than the window: one reading, or silence, proves nothing.
    """
    quiet = criterion.quiet_through
    if quiet is not None and today <= quiet:
        return Trigger(changes_on=quiet + timedelta(days=1))
    counted = sorted(
        (one for one in readings if one.on <= today and _counts(one, criterion)), key=lambda one: one.on
    )
    run: list[Measured] = []
    for one in counted:
        run = [*run, one] if criterion.breached_by(one.value) else []
    if not run:
        return Trigger()
    if criterion.window_days is None:
        reached = criterion.checkpoint_on is not None and criterion.checkpoint_on <= today
        return Trigger(run[-1], run[-1]) if reached else Trigger()
    return _over_window(run, criterion.window_days, today)


def _counts(reading: Measured, criterion: Criterion) -> bool:
    return criterion.armed_from is None or reading.on > criterion.armed_from


def _over_window(run: Sequence[Measured], days: int, today: date) -> Trigger:
    if len(run) < 2:
        return Trigger()
    full_on = run[0].on + timedelta(days=days)
    stale_on = run[-1].on + timedelta(days=days + 1)
    if today < full_on:
        return Trigger(changes_on=full_on)
    if today >= stale_on:
        return Trigger()
    return Trigger(run[0], run[-1], changes_on=stale_on)


@dataclass(frozen=True, slots=True)
class ValueCheck:
    """The measured value at one mark after the launch, held against the promise."""

    mark: int
    due_on: date
    status: ValueStatus
    reading: Measured | None = None
    promised: Decimal | None = None


def value_checks(
    promised: Limits, readings: Iterable[Measured], launched_on: date, today: date
) -> tuple[ValueCheck, ...]:
    """One check a mark, from the launch on.

    The latest reading after the mark before and through this one counts. It is held against the go limit at the
    first mark, against the target from the second on, and against the one of the two that is known where only one is.
    """
    checks = []
    after = launched_on
    ordered = sorted(readings, key=lambda one: one.on)
    for mark in VALUE_MARKS:
        due_on = launched_on + timedelta(days=mark)
        within = [one for one in ordered if after < one.on <= min(due_on, today)]
        limit = _promised_at(promised, mark)
        status = ValueStatus.NOT_DUE if today < due_on else ValueStatus.UNMEASURED
        if within:
            status = _against(promised, within[-1].value, limit, status)
        checks.append(ValueCheck(mark, due_on, status, within[-1] if within else None, limit))
        after = due_on
    return tuple(checks)


def _promised_at(promised: Limits, mark: int) -> Decimal | None:
    both = (promised.target, promised.go_limit)
    preferred = both if mark >= TARGET_FROM_MARK else both[::-1]
    return next((one for one in preferred if one is not None), None)


def _against(promised: Limits, value: Decimal, limit: Decimal | None, unknown: ValueStatus) -> ValueStatus:
    if limit is None:
        return unknown
    if not promised.reaches(value, limit):
        return ValueStatus.BELOW
    best = limit if promised.target is None else promised.target
    return ValueStatus.ABOVE if value != best and promised.reaches(value, best) else ValueStatus.ON


def criterion_words(
    kpi: str, unit: str, comparator: Comparator, limit: Decimal, window_days: int | None, checkpoint: str
) -> str:
    """ "Weekly use under 30 % for 4 weeks", "Accuracy under 80 % at Decision after the PoC"."""
    amount = f"{plain(limit)} {unit}".strip()
    if window_days is None:
        when = f"at “{checkpoint}”"
    elif window_days % 7:
        when = f"for {window_days} days"
    else:
        weeks = window_days // 7
        when = f"for {weeks} {'week' if weeks == 1 else 'weeks'}"
    return f"{kpi} {comparator.value} {amount} {when}"


def plain(number: Decimal) -> str:
    """Without trailing zeros or exponent: 40.00 is "40"."""
    return f"{number.normalize():f}"
