"""What is different on one day from what was so on an earlier one: which initiatives, and in what."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from gates.stages import LADDER, Stage
from readiness.portfolio.past.days import Life, Point
from readiness.standing.links import initiative_url
from readiness.standing.verdict import Verdict

LISTS = (
    "went_live", "became_ready", "passed_a_gate", "moved_on", "came_in", "became_stalled", "mended", "no_longer_ready",
    "moved_back", "stopped", "retired",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One initiative and since which day it is so. ``before``: its stage then, None where it was not here yet.

    ``gates``: the names of those it passed, where that is what changed.
    """

    pk: int
    ref: str
    name: str
    on: date
    before: Stage | None
    stage: Stage
    gates: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return initiative_url(self.ref)


@dataclass(frozen=True, slots=True)
class Changes:
    """Two days, each as it ended, held against each other: what came and went in between is in none of the lists.

    ``moved_on`` to a later stage, not as far as live; ``mended``: stalled then, running and not stalled now.
    ``unrecorded`` initiatives were here then, but nothing of their readiness was recorded: of them nobody knows
    whether they became ready or stalled, and they are in none of those lists. One that came in between did
    not go live or become ready by that: it is looked at from the end of the day on which it came in. The latest change
    stands first.
    """

    since: date
    until: date
    came_in: tuple[Change, ...]
    moved_on: tuple[Change, ...]
    moved_back: tuple[Change, ...]
    passed_a_gate: tuple[Change, ...]
    became_ready: tuple[Change, ...]
    no_longer_ready: tuple[Change, ...]
    became_stalled: tuple[Change, ...]
    mended: tuple[Change, ...]
    went_live: tuple[Change, ...]
    stopped: tuple[Change, ...]
    retired: tuple[Change, ...]
    unrecorded: int

    def list_of(self, name: str) -> tuple[Change, ...]:
        """One of the lists, by its name in ``LISTS``."""
        found: tuple[Change, ...] = getattr(self, name)
        return found

    @property
    def gates_passed(self) -> int:
        """How many gates, over all that passed one."""
        return sum(len(one.gates) for one in self.passed_a_gate)


def changes_of(known: Iterable[Life], since: date, today: date) -> Changes:
    """From the end of ``since`` to the end of ``today``, of what was loaded for these two days."""
    here = [life for life in known if life.stage_on(today) is not None]

    def which(found: Callable[[Life, date, date], Change | None]) -> tuple[Change, ...]:
        changed = [one for life in here if (one := found(life, since, today)) is not None]
        return tuple(sorted(changed, key=lambda one: (-one.on.toordinal(), one.pk)))

    return Changes(
        since=since,
        until=today,
        came_in=which(_came_in),
        moved_on=which(_moved_on),
        moved_back=which(_moved_back),
        passed_a_gate=which(_passed_a_gate),
        became_ready=which(_turned(_is_ready, True)),
        no_longer_ready=which(_turned(_is_ready, False)),
        became_stalled=which(_turned(_is_stalled, True)),
        mended=which(_turned(_is_stalled, False)),
        went_live=which(_entered(Stage.LIVE)),
        stopped=which(_entered(Stage.STOPPED)),
        retired=which(_entered(Stage.RETIRED)),
        unrecorded=sum(is_unrecorded(life, since) for life in here),
    )


def is_unrecorded(life: Life, day: date) -> bool:
    """Whether it ran on this day, and nothing of its readiness was recorded by then."""
    return life.runs_on(day) and life.point_on(day) is None


def _change(life: Life, since: date, today: date, on: date, gates: tuple[str, ...] = ()) -> Change:
    stage = life.stage_on(today)
    assert stage is not None  # noqa: S101 (those that are not here are left out)
    return Change(life.key, life.ref, life.name, on, life.stage_on(since), stage, gates)


def _looked_at_from(life: Life, since: date) -> date:
    """The first day; of one that came in later the day on which it did: as it came in is not what it became."""
    return since if life.stage_on(since) is not None else min(stay.begins for stay in life.stays)


def _came_in(life: Life, since: date, today: date) -> Change | None:
    if life.stage_on(since) is not None:
        return None
    return _change(life, since, today, min(stay.begins for stay in life.stays))


def _steps(life: Life, since: date, today: date) -> int:
    """How many steps further on the way it is than it was; 0 where it was not here or has left the way."""
    before, now = life.stage_on(since), life.stage_on(today)
    if before is None or now is None or before.has_ended or now.has_ended:
        return 0
    return LADDER.index(now) - LADDER.index(before)


def _moved_on(life: Life, since: date, today: date) -> Change | None:
    further = _steps(life, since, today) > 0 and life.stage_on(today) != Stage.LIVE
    return _change(life, since, today, _in_stage_since(life, today)) if further else None


def _moved_back(life: Life, since: date, today: date) -> Change | None:
    back = _steps(life, since, today) < 0
    return _change(life, since, today, _in_stage_since(life, today)) if back else None


def _entered(stage: Stage) -> Callable[[Life, date, date], Change | None]:
    def found(life: Life, since: date, today: date) -> Change | None:
        if life.stage_on(today) != stage or life.stage_on(_looked_at_from(life, since)) == stage:
            return None
        return _change(life, since, today, _in_stage_since(life, today))

    return found


def _in_stage_since(life: Life, today: date) -> date:
    stay = life.stay_on(today)
    return stay.begins if stay else today


def _passed_a_gate(life: Life, since: date, today: date) -> Change | None:
    before = life.gates_on(since)
    new = [ruling for gate, ruling in life.gates_on(today).items() if gate not in before]
    if not new:
        return None
    return _change(life, since, today, max(one.on for one in new), tuple(one.name for one in new))


def _is_ready(point: Point | None) -> bool:
    return point is not None and point.verdict == Verdict.READY


def _is_stalled(point: Point | None) -> bool:
    return point is not None and point.stalled


def _turned(holds: Callable[[Point | None], bool], to: bool) -> Callable[[Life, date, date], Change | None]:
    """Those of which it holds now and did not then, or the other way round; what has ended is neither."""

    def found(life: Life, since: date, today: date) -> Change | None:
        first = _looked_at_from(life, since)
        if is_unrecorded(life, first) or life.standing_on(today) is None:
            return None
        if holds(life.standing_on(first)) is to or holds(life.standing_on(today)) is not to:
            return None
        return _change(life, since, today, _so_since(life, since, today, holds, to))

    return found


def _so_since(life: Life, since: date, today: date, holds: Callable[[Point | None], bool], to: bool) -> date:
    """The day from which on it is so without a break."""
    on = today
    for point in reversed([one for one in life.points if since < one.on <= today]):
        if holds(point) is not to:
            break
        on = point.on
    return on
