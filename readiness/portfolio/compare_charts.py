"""Both sides of a comparison as a table takes them: each figure with its difference, signed and in a word."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gates.stages import LADDER, Stage
from readiness.portfolio.changes import LISTS, Change, Changes
from readiness.portfolio.charts import money
from readiness.portfolio.compare import TwoDays, TwoUnits
from readiness.portfolio.currency import Sum
from readiness.portfolio.past.behind import CHANGE_WORDS, changed_behind, mark_words, was_behind
from readiness.portfolio.past.marks import Counted, Mark, flag_mark, stage_mark
from readiness.portfolio.scope import Scope
from readiness.portfolio.trend_charts import Figure
from readiness.standing.words import STAGE_WORDS
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import short_day
from readiness.ui.markup import figure, signed
from readiness.ui.rounding import half_up
from readiness.ui.saying import content

SHOWN = 8
MORE_IS_BETTER, MORE_IS_WORSE, NEITHER = 1, -1, 0
COUNTS: Sequence[tuple[str, int]] = (
    (Mark.RUNNING.value, NEITHER),
    *((stage_mark(stage), NEITHER) for stage in LADDER[:4]),
    (stage_mark(Stage.LIVE), MORE_IS_BETTER),
    # As the tiles of the portfolio count them: what could go, and has not gone yet.
    (Mark.READY_AHEAD.value, MORE_IS_BETTER),
    (Mark.CONDITIONAL_AHEAD.value, NEITHER),
    (Mark.STALLED.value, MORE_IS_WORSE),
    (flag_mark("critical"), MORE_IS_WORSE),
    (flag_mark("warning"), MORE_IS_WORSE),
    (flag_mark("info"), NEITHER),
)
CHANGE_ICONS = {
    "went_live": "rocket",
    "became_ready": "check",
    "passed_a_gate": "check-circle",
    "moved_on": "arrow-right",
    "came_in": "plus",
    "became_stalled": "pause",
    "mended": "play",
    "no_longer_ready": "warning",
    "moved_back": "arrow-left",
    "stopped": "stop",
    "retired": "minus",
}
Listed = Callable[[str, Counted], str]
"""The address of the list behind a mark of one side."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure on both sides. ``word``: better, worse, the same, or "" where it is neither; never its tone alone."""

    label: str
    left: Figure
    right: Figure
    difference: str
    word: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class ChangeList:
    """One list of what changed, of which some are shown; ``href`` leads to all."""

    title: str
    icon: str
    count: int
    shown: list[tuple[Change, str]]
    href: str

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


def listed_on(scope: Scope, unit: str = "", without: str = "") -> Listed:
    """The lists of a side: of its day, and of one unit alone or of all but one."""

    def address(mark: str, side: Counted) -> str:
        further = {"unit": unit} if unit else {}
        return scope.listing(behind=was_behind(mark, side.day, without), **further)

    return address


def days_shown(found: TwoDays, scope: Scope) -> dict[str, object]:
    """Two days as the page and the report set them side by side, and who changed between them."""
    then, now = found.then.counted, found.now.counted
    return {
        "days": found,
        "first_day": then.day,
        "day_rows": day_rows(found, listed_on(scope), listed_on(scope)),
        "day_heads": [short_day(then.day), short_day(now.day)],
        "changes": change_lists(found.changes, scope),
        "unrecorded_then": then.of(Mark.UNRECORDED),
        "running_then": then.of(Mark.RUNNING),
    }


def day_rows(found: TwoDays, then: Listed, now: Listed) -> list[Compared]:
    """The later day against the earlier one."""
    left, right = found.then.counted, found.now.counted
    rows = [_count_row(mark, better, left, right, then, now) for mark, better in COUNTS]
    if left.of(Mark.UNRECORDED) or right.of(Mark.UNRECORDED):
        rows.append(_count_row(Mark.UNRECORDED.value, NEITHER, left, right, then, now))
    rows.append(_median_row(left, right))
    gates = Figure(figure(left.gates)), Figure(figure(right.gates))
    rows.append(_compared(_("Gates passed"), *gates, right.gates - left.gates, MORE_IS_BETTER))
    return [*rows, _money_row(_("Spent, as booked by month"), found.then.spent, found.now.spent)]


def unit_rows(found: TwoUnits, one: Listed, other: Listed) -> list[Compared]:
    """The first unit against the second: shares of what runs in each, since units differ in size."""
    left, right = found.one.counted, found.other.counted
    rows = [_count_row(Mark.RUNNING.value, NEITHER, right, left, other, one, turned=True)]
    rows += [_share_row(mark, better, left, right, one, other) for mark, better in COUNTS[1:]]
    if left.of(Mark.UNRECORDED) or right.of(Mark.UNRECORDED):
        rows.append(_share_row(Mark.UNRECORDED.value, NEITHER, left, right, one, other))
    rows.append(_median_row(right, left, turned=True))
    each = [_each(side) for side in (left, right)]
    apart = each[0] - each[1] if each[0] is not None and each[1] is not None else None
    gates = Figure(_gates(left, each[0])), Figure(_gates(right, each[1]))
    rows.append(_compared(_("Gates passed"), *gates, apart, MORE_IS_BETTER))
    return [*rows, _money_row(_("Spent on what runs"), found.other.spent, found.one.spent, turned=True)]


def change_lists(found: Changes, scope: Scope) -> list[ChangeList]:
    """Those lists that hold anything."""
    return [
        ChangeList(
            title=str(CHANGE_WORDS[name]),
            icon=CHANGE_ICONS[name],
            count=len(found.list_of(name)),
            shown=[(one, _about(name, one)) for one in found.list_of(name)[:SHOWN]],
            href=scope.listing(behind=changed_behind(name, found.since, found.until)),
        )
        for name in LISTS
        if found.list_of(name)
    ]


def _about(name: str, one: Change) -> str:
    """ "PoC to Pilot", the gates that were passed, or the stage it is in."""
    stage = str(STAGE_WORDS[one.stage].label)
    if name in ("moved_on", "moved_back", "went_live", "stopped", "retired") and one.before is not None:
        return _("%(before)s to %(stage)s") % {"before": STAGE_WORDS[one.before].label, "stage": stage}
    return ", ".join(map(content, one.gates)) if name == "passed_a_gate" else stage


def _count_row(
    mark: str,
    better: int,
    then: Counted,
    now: Counted,
    listed_then: Listed,
    listed_now: Listed,
    turned: bool = False,
) -> Compared:
    first, second = then.of(mark), now.of(mark)
    left = Figure(figure(first), listed_then(mark, then) if first else "")
    right = Figure(figure(second), listed_now(mark, now) if second else "")
    if turned:
        left, right = right, left
    return _compared(mark_words(mark), left, right, second - first, better)


def _share_row(mark: str, better: int, left: Counted, right: Counted, one: Listed, other: Listed) -> Compared:
    shares = [_share(side, mark) for side in (left, right)]
    figures = [
        Figure(_with_share(side.of(mark), share), listed(mark, side) if side.of(mark) else "")
        for side, share, listed in zip((left, right), shares, (one, other), strict=True)
    ]
    apart = shares[0] - shares[1] if shares[0] is not None and shares[1] is not None else None
    words = None
    if apart:
        told = ngettext("%(points)s point", "%(points)s points", abs(int(apart)))
        words = told % {"points": signed(apart)}
    return _compared(mark_words(mark), figures[0], figures[1], apart, better, words)


def _share(side: Counted, mark: str) -> Decimal | None:
    """In whole percent of what runs; None where nothing does."""
    running = side.of(Mark.RUNNING)
    if not running:
        return None
    return half_up(100 * Decimal(side.of(mark)) / running, 0)


def _with_share(count: int, share: Decimal | None) -> str:
    return figure(count) if share is None else f"{figure(count)} ({figure(share)} %)"


def _each(side: Counted) -> Decimal | None:
    running = side.of(Mark.RUNNING)
    return half_up(Decimal(side.gates) / running) if running else None


def _gates(side: Counted, mean: Decimal | None) -> str:
    if mean is None:
        return figure(side.gates)
    return _("%(gates)s, %(mean)s each") % {"gates": figure(side.gates), "mean": figure(mean, 1)}


def _median_row(then: Counted, now: Counted, turned: bool = False) -> Compared:
    """What lies between them is what lies between the figures that are shown."""
    before, after = (None if one.median is None else half_up(one.median) for one in (then, now))
    apart = after - before if after is not None and before is not None else None
    left, right = Figure(figure(before, 1)), Figure(figure(after, 1))
    if turned:
        left, right = right, left
    return _compared(_("Median score"), left, right, apart, MORE_IS_BETTER)


def _money_row(label: str, then: Sum, now: Sum, turned: bool = False) -> Compared:
    """What is not known is a dash and no zero."""
    left, right = _money(then), _money(now)
    if turned:
        left, right = right, left
    if not (then.is_known and now.is_known):
        return _compared(label, left, right, None, NEITHER)
    apart = now.amount - then.amount
    words = f"{'+' if apart > 0 else '−'}{money(abs(apart), now.currency)}" if apart else None
    return _compared(label, left, right, apart, NEITHER, words)


def _money(found: Sum) -> Figure:
    return Figure(money(found.amount, found.currency) if found.is_known else "–")


WORDS = {
    1: (gettext_lazy("better"), "good", "check"),
    0: (gettext_lazy("the same"), "muted", "minus"),
    -1: (gettext_lazy("worse"), "warning", "warning"),
}


def _compared(
    label: str,
    left: Figure,
    right: Figure,
    apart: Decimal | int | None,
    better: int,
    words: str | None = None,
) -> Compared:
    if apart is None:
        return Compared(label, left, right, "–", "", "muted", "")
    turn = (apart > 0) - (apart < 0)
    difference = words or signed(apart)
    if turn and not better:
        word, icon = (_("higher"), "arrow-up") if turn > 0 else (_("lower"), "arrow-down")
        return Compared(label, left, right, difference, word, "neutral", icon)
    judged, tone, mark = WORDS[turn * better if better else turn]
    return Compared(label, left, right, difference, str(judged), tone, mark)
