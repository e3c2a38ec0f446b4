"""The list of initiatives: search, filters, order. A fixed number of queries, whatever it finds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklists.said import restored
from gates.models import Hold, Initiative, Priority
from gates.querysets import InitiativeQuerySet
from gates.rules import GateStatus
from gates.stages import Stage
from readiness.accounts.models import User
from readiness.portfolio.behind import found_behind
from readiness.portfolio.figures import days_in_stage
from readiness.portfolio.questions import State, flagged, held_up_by, in_state
from readiness.portfolio.scope import Scope, asked_for, choices
from readiness.standing.definitions import flag_rules, root_causes
from readiness.standing.flags.calendar import counted_days
from readiness.standing.flags.facts import Period
from readiness.standing.flags.registry import RULES
from readiness.standing.links import action_url, initiative_url, why_url
from readiness.standing.models import Severity, Standing
from readiness.standing.verdict import Verdict
from readiness.standing.words import GATE_WORDS, SEVERITY_WORDS, STAGE_WORDS, VERDICT_WORDS, Word
from readiness.ui.lazily import gettext_lazy
from readiness.ui.parts import Mark
from readiness.ui.saying import content, say
from readiness.workbench.initiatives.listed_money import BY_BURN, BY_SPENT, Purse, Purses, is_of_money, purses

PAGE_SIZE = 50
NUL = "\x00"

ORDERS = {
    "name": ("name_key", "pk"),
    "unit": ("business_unit_key", "name_key", "pk"),
    "stage": ("stage_order", "name_key", "pk"),
    "score": ("standing__score", "name_key", "pk"),
    "updated": ("updated_at", "pk"),
}
DEFAULT_ORDER = "name"
BY_DAYS = "days"
FIRST_FILTERS = frozenset({"state", "unit", "stage", "verdict", "flag"})
ALL_ORDERS = {f"{sign}{name}" for name in (*ORDERS, BY_DAYS) for sign in ("", "-")}
"""As an address spells them; behind a figure of money there are two more."""

Options = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One initiative as the list shows it.

    ``days`` in its stage, days on hold not counted, ``planned`` those that were planned; None where not known.
    """

    initiative: Initiative
    standing: Standing
    stage: Word
    verdict: Word
    marks: list[Mark]
    days: int | None
    planned: int | None
    next_message: str
    next_url: str
    flag_words: str
    flag_tone: str
    url: str
    purse: Purse | None = None

    @property
    def why_url(self) -> str:
        return why_url(self.initiative.ref)

    @property
    def overrun(self) -> bool:
        return self.days is not None and self.planned is not None and self.days > self.planned


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice of the filter bar: ``chosen`` is what is asked for, "" where nothing that is known here is."""

    name: str
    label: str
    options: Options
    chosen: str
    none: str = gettext_lazy("Any")


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list, and the filters it was made with.

    ``behind``: the figure of the portfolio whose initiatives these are, as its address says it, and in words.
    ``ordered``: in another order than usual. ``usual``: the order without one being asked for.
    """

    page: Page
    rows: list[Row]
    filters: list[Filter]
    searched: bool
    behind: str = ""
    behind_words: str = ""
    since: str = ""
    until: str = ""
    problems: tuple[str, ...] = ()
    ordered: bool = False
    usual: str = DEFAULT_ORDER
    purses: Purses | None = None

    @property
    def first_filters(self) -> list[Filter]:
        """Those that stand in sight; the others open with one press."""
        return [one for one in self.filters if one.name in FIRST_FILTERS]

    @property
    def more_filters(self) -> list[Filter]:
        return [one for one in self.filters if one.name not in FIRST_FILTERS]

    @property
    def more_are_set(self) -> bool:
        return any(one.chosen for one in self.more_filters) or bool(self.since or self.until)

    @property
    def active(self) -> int:
        further = (self.behind, self.since, self.until)
        return sum(1 for one in self.filters if one.chosen) + sum(1 for one in further if one)

    @property
    def narrowed(self) -> bool:
        return self.searched or self.active > 0


def listing(user: User, asked: Mapping[str, str], today: date) -> Listing:
    """The page that ``asked`` (the address's query) speaks of. A filter that it does not know is left out."""
    visible = Initiative.objects.visible_to(user)
    scoped = asked_for(asked)
    filters = _filters(visible, asked, scoped.scope)
    words = asked.get("q", "").replace(NUL, "")
    rows = scoped.scope.of(visible.matching(words))
    for one in filters:
        if one.chosen and one.name in _WAYS:
            rows = _WAYS[one.name](rows, one.chosen, user)
    behind = found_behind(rows, asked.get("behind", ""), today)
    money = None
    if behind is not None:
        rows = behind.rows
        money = purses(rows, asked["behind"], today) if is_of_money(asked["behind"]) else None
    usual, sort = money.usual if money else DEFAULT_ORDER, asked.get("sort", "")
    sort = sort if sort in ALL_ORDERS or (money and sort.removeprefix("-") in (BY_SPENT, BY_BURN)) else usual
    page = _page(rows, sort, asked.get("page"), today, money)
    return Listing(
        page=page,
        rows=[row_of(initiative, today, money) for initiative in page.object_list],
        filters=filters,
        searched=bool(words.strip()),
        behind=asked.get("behind", "") if behind else "",
        behind_words=behind.words if behind else "",
        since=scoped.scope.asked.get("since", ""),
        until=scoped.scope.asked.get("until", ""),
        problems=scoped.problems,
        ordered=sort != usual,
        usual=usual,
        purses=money,
    )


def row_of(initiative: Initiative, today: date, money: Purses | None = None) -> Row:
    """Of an initiative with its standing, gate standings and holds at hand."""
    standing = initiative.standing
    gates = [gate for gate in initiative.gate_standings.all() if gate.framework == standing.framework]
    words = [
        (gate, GATE_WORDS[GateStatus(gate.status)]) for gate in sorted(gates, key=lambda one: one.position)
    ]
    action = standing.next_actions[0] if standing.next_actions else None
    worst = standing.worst_severity
    return Row(
        initiative=initiative,
        standing=standing,
        stage=STAGE_WORDS[Stage(initiative.stage)],
        verdict=VERDICT_WORDS[Verdict(standing.verdict)],
        marks=[
            Mark(label=f"{content(gate.name)}: {word.label}", tone=word.tone, icon=word.icon)
            for gate, word in words
        ],
        days=days_in_stage(initiative, today),
        planned=getattr(initiative, f"{initiative.stage}_days", None),
        next_message=say(restored(action["message"], action.get("said"))) if action else "",
        next_url=action_url(initiative.ref, action) if action else "",
        flag_words=ngettext("%(count)s flag", "%(count)s flags", standing.flags_open)
        % {"count": standing.flags_open},
        flag_tone=SEVERITY_WORDS[Severity(worst)].tone if worst else "muted",
        url=initiative_url(initiative.ref),
        purse=money.of(initiative.pk) if money else None,
    )


def _filters(visible: InitiativeQuerySet, asked: Mapping[str, str], scope: Scope) -> list[Filter]:
    """The list's own filters, and those of the portfolio in the middle."""
    rules = flag_rules()

    def known(name: str, label: str, options: Options, none: str = "") -> Filter:
        value = asked.get(name, "")
        return Filter(name, label, options, value if value in dict(options) else "", none or _("Any"))

    return [
        known("state", _("Show"), [(state.value, state.label) for state in State], _("All")),
        *(Filter(one.name, one.label, one.options, one.chosen) for one in choices(visible, scope)),
        known(
            "verdict", _("Verdict"), [(verdict.value, word.label) for verdict, word in VERDICT_WORDS.items()]
        ),
        known("flag", _("Flag"), [(code, content(rules[code].title)) for code in RULES]),
        known("cause", _("Cause"), [(cause.slug, content(cause.name)) for cause in root_causes().values()]),
        known("priority", _("Priority"), [(one.value, str(one.label)) for one in Priority]),
    ]


_WAYS: Mapping[str, Callable[[InitiativeQuerySet, str, User], InitiativeQuerySet]] = {
    "state": lambda rows, state, user: in_state(rows, State(state), user),
    "verdict": lambda rows, verdict, user: rows.filter(standing__verdict=verdict),
    "flag": lambda rows, code, user: flagged(rows, code),
    "cause": lambda rows, cause, user: held_up_by(rows, cause),
    "priority": lambda rows, priority, user: rows.filter(priority=priority),
}
"""The list's own filters; those of the portfolio narrow by themselves (``Scope.of``)."""


def _page(rows: InitiativeQuerySet, sort: str, number: str | None, today: date, money: Purses | None) -> Page:
    """One page in the order asked for; days in the stage and money are computed, so these orders are made here."""
    name = sort.removeprefix("-")
    if name == BY_DAYS:
        keys = _keys_by_days(rows, today, falling=sort.startswith("-"))
    elif money and name in (BY_SPENT, BY_BURN):
        keys = money.keys(sort)
    else:
        ordered = _ordered(rows, sort).with_place().prefetch_related("gate_standings", "holds")
        return Paginator(ordered, PAGE_SIZE).get_page(number)
    page = Paginator(keys, PAGE_SIZE).get_page(number)
    shown = rows.with_place().prefetch_related("gate_standings", "holds").in_bulk(list(page.object_list))
    page.object_list = [shown[key] for key in page.object_list if key in shown]
    return page


def _keys_by_days(rows: InitiativeQuerySet, today: date, *, falling: bool) -> list[int]:
    """The keys in the order of days in the stage; those of which that is not known come last."""
    holds: dict[int, list[Period]] = {}
    for key, since, lifted_on in Hold.objects.filter(initiative__in=rows).values_list(
        "initiative_id", "since", "lifted_on"
    ):
        holds.setdefault(key, []).append(Period(since, lifted_on))
    days: dict[int, int | None] = {}
    for key, stage, since, as_of in rows.order_by("name_key", "pk").values_list(
        "pk", "stage", "stage_since", "as_of"
    ):
        counts = since is not None and not Stage(stage).has_ended
        day = min(as_of or today, today)
        days[key] = counted_days(since, day, holds.get(key, ())) if counts else None
    known = [key for key, count in days.items() if count is not None]
    known.sort(key=lambda key: days[key] or 0, reverse=falling)
    return known + [key for key, count in days.items() if count is None]


def _ordered(rows: InitiativeQuerySet, sort: str) -> InitiativeQuerySet:
    name = sort.removeprefix("-")
    order = ORDERS.get(name, ORDERS[DEFAULT_ORDER])
    if name == "stage":
        rows = rows.in_stage_order()
    first, *rest = order
    column = F(first)
    down = sort.startswith("-")
    return rows.order_by(column.desc(nulls_last=True) if down else column.asc(nulls_last=True), *rest)
