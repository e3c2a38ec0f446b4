"""What was promised in numbers, and whether it is kept: limits, readings, exit criteria, value after the launch.

Pure: standard library only. In plain words: docs/rules.md, "Promises". Values are decimals in the KPI's own unit.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from checklists.said import AS_IT_IS, Said, content, said, said_of, template

VALUE_MARKS = (30, 90, 180)
"""Days after the launch, those on hold left out, at which the measured value is held against the promise."""
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


def reached_by_improving(direction: Direction, comparator: Comparator) -> bool:
    """Whether a measure that gets better moves towards such a limit, and not away from it."""
    return (direction == Direction.UP) == (comparator == Comparator.OVER)


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
    found: list[tuple[str, str]] = []
    up = limits.direction == Direction.UP
    go, stop, target = limits.go_limit, limits.stop_limit, limits.target
    if go is not None and stop is not None and not limits.reaches(go, stop):
        below = said("The stop limit must lie at or below the go limit of {limit}.", limit=go)
        above = said("The stop limit must lie at or above the go limit of {limit}.", limit=go)
        found.append(("stop_limit", below if up else above))
    if go is not None and target is not None and not limits.reaches(target, go):
        above = said("The target must lie at or above the go limit of {limit}.", limit=go)
        below = said("The target must lie at or below the go limit of {limit}.", limit=go)
        found.append(("target", above if up else below))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """An exit criterion as it stands: over ``window_days``, else at a checkpoint.

    ``checkpoint_on``: the day that checkpoint was first submitted, else None. ``armed_from``: readings up to and on
    this day do not count (it was agreed or decided then, and what follows is looked at), else None. ``quiet_through``:
    nothing triggers through this day (somebody decided to go on), else None. ``paused``: holds, from the first day up
    to, not including, the second (None: to this day); their days do not count.
    """

    comparator: Comparator
    limit: Decimal
    window_days: int | None = None
    checkpoint_on: date | None = None
    armed_from: date | None = None
    quiet_through: date | None = None
    paused: tuple[tuple[date, date | None], ...] = ()

    def breached_by(self, value: Decimal) -> bool:
        return value < self.limit if self.comparator == Comparator.UNDER else value > self.limit

    def days(self, since: date, until: date) -> int:
        """Days between two dates, those on hold left out."""
        days, counted_through = (until - since).days, since
        for begin, end in sorted(self.paused, key=lambda hold: hold[0]):
            first, last = max(begin, counted_through), min(end or until, until)
            if last > first:
                days -= (last - first).days
                counted_through = last
        return days


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
    the readings breach it in an unbroken run, none longer than the window after the one before; the run began at
    least that many days ago, and its last reading is no older. One reading, or silence, proves nothing.
    """
    quiet = criterion.quiet_through
    if quiet is not None and today <= quiet:
        return Trigger(changes_on=quiet + timedelta(days=1))
    counted = sorted((one for one in readings if _counts(one, criterion)), key=lambda one: one.on)
    known = [one for one in counted if one.on <= today]
    find = _at_checkpoint if criterion.window_days is None else _over_window
    found = find(criterion, known, today)
    to_come = [one.on for one in counted if one.on > today]
    days = [day for day in (found.changes_on, *to_come[:1]) if day is not None]
    return Trigger(found.since, found.latest, min(days, default=None))


def _counts(reading: Measured, criterion: Criterion) -> bool:
    return criterion.armed_from is None or reading.on > criterion.armed_from


def _at_checkpoint(criterion: Criterion, readings: Sequence[Measured], today: date) -> Trigger:
    submitted_on = criterion.checkpoint_on
    if submitted_on is None:
        return Trigger()
    if submitted_on > today:
        return Trigger(changes_on=submitted_on)
    last = readings[-1] if readings else None
    return Trigger(last, last) if last and criterion.breached_by(last.value) else Trigger()


def _over_window(criterion: Criterion, readings: Sequence[Measured], today: date) -> Trigger:
    window = criterion.window_days or 0
    run = _run(criterion, readings)
    if len(run) < 2:
        return Trigger()
    lasted, silent = criterion.days(run[0].on, today), criterion.days(run[-1].on, today)
    if silent > window:
        return Trigger()
    # The days of a hold are not counted, so that each of these days may be named too early, never too late.
    if lasted < window:
        return Trigger(changes_on=today + timedelta(days=window - lasted))
    return Trigger(run[0], run[-1], changes_on=today + timedelta(days=window - silent + 1))


def _run(criterion: Criterion, readings: Sequence[Measured]) -> Sequence[Measured]:
    """The last readings that breach the limit in an unbroken run."""
    window = criterion.window_days or 0
    began = len(readings)
    while began and criterion.breached_by(readings[began - 1].value):
        if began < len(readings) and criterion.days(readings[began - 1].on, readings[began].on) > window:
            break
        began -= 1
    return readings[began:]


def needs_older(criterion: Criterion, readings: Sequence[Measured], since: date, today: date) -> bool:
    """Whether readings before ``since`` may change what ``triggered`` says; these are all from that day on, by day."""
    if criterion.quiet_through is not None and today <= criterion.quiet_through:
        return False
    known = [one for one in readings if one.on <= today]
    last_before, window = date.fromordinal(max(since.toordinal() - 1, 1)), criterion.window_days
    if not known:
        return window is None or criterion.days(last_before, today) <= window
    if window is None or not _counts(known[0], criterion):
        return False
    return (
        len(_run(criterion, known)) == len(known)
        and criterion.days(last_before, known[0].on) <= window
        and criterion.days(known[-1].on, today) <= window
    )


def look_back(criterion: Criterion, today: date) -> date:
    """The day from which on readings tell whether the criterion is met; when it came about may lie before.

    A run that is met is as old as the window, and the last reading that could belong to it a window older.
    """
    on_hold = (today - date.min).days - criterion.days(date.min, today)
    days = 2 * (criterion.window_days or 0) + 1 + on_hold
    return date.fromordinal(max(today.toordinal() - days, 1))


@dataclass(frozen=True, slots=True)
class ValueCheck:
    """The measured value at one mark after the launch, held against the promise."""

    mark: int
    due_on: date
    status: ValueStatus
    reading: Measured | None = None
    promised: Decimal | None = None


def value_checks(
    promised: Limits,
    readings: Iterable[Measured],
    launched_on: date,
    marks: Mapping[int, date],
    today: date,
) -> tuple[ValueCheck, ...]:
    """One check a mark, from the launch on; ``marks`` is on which day each of them is reached, in order.

    The latest reading after the mark before and through this one counts. It is held against the go limit at the
    first mark, against the target from the second on, and against the one of the two that is known where only one is.
    """
    checks = []
    after = launched_on
    ordered = sorted(readings, key=lambda one: one.on)
    for mark, due_on in marks.items():
        within = [one for one in ordered if after < one.on <= min(due_on, today)]
        limit = promised_limit(promised, by_target=mark >= TARGET_FROM_MARK)
        status = ValueStatus.NOT_DUE if today < due_on else ValueStatus.UNMEASURED
        if within:
            status = _against(promised, within[-1].value, limit, status)
        checks.append(ValueCheck(mark, due_on, status, within[-1] if within else None, limit))
        after = due_on
    return tuple(checks)


def promised_limit(promised: Limits, *, by_target: bool) -> Decimal | None:
    """The target or the go limit, as asked; where only one of the two is known, that one."""
    both = (promised.target, promised.go_limit)
    preferred = both if by_target else both[::-1]
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
    if window_days is None:
        when = said("at “{checkpoint}”", checkpoint=content(checkpoint))
    elif window_days % 7:
        when = said_of("for {count} day", "for {count} days", window_days)
    else:
        when = said_of("for {count} week", "for {count} weeks", window_days // 7)
    wording = _UNDER if comparator == Comparator.UNDER else _OVER
    return said(wording, kpi=kpi, limit=with_unit(limit, unit), when=when)


def criterion_read(text: str) -> str:
    """Words of a criterion that were stored as a text alone, with their parts again; any other text as it is."""
    read = _STORED.fullmatch(text)
    if read is None:
        return text
    days = int(read["count"]) * (7 if read["period"] == "week" else 1) if read["count"] else None
    made = criterion_words(
        read["kpi"], read["unit"] or "", Comparator(read["comparator"]), Decimal(read["limit"]), days,
        read["checkpoint"] or "",
    )  # fmt: skip
    return made if made == text else text


_STORED = re.compile(
    r"(?P<kpi>.+) (?P<comparator>under|over) (?P<limit>-?[0-9]{1,20}(?:\.[0-9]{1,20})?)(?: (?P<unit>.+))? "
    r"(?:for (?P<count>[0-9]{1,5}) (?P<period>day|week)s?|at “(?P<checkpoint>[^”]+)”)"
)
_UNDER, _OVER = template("{kpi} under {limit} {when}"), template("{kpi} over {limit} {when}")


def with_unit(number: Decimal, unit: str) -> str:
    """ "30 %", "12.5 EUR a month", and the number alone where no unit is known."""
    wording = "{number} {unit}" if unit else "{number}"
    return Said(wording, {"number": number, "unit": unit}, domain=AS_IT_IS)


def plain(number: Decimal) -> str:
    """Without trailing zeros or exponent: 40.00 is "40"."""
    return f"{number.normalize():f}"
