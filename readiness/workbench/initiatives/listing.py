"""The list of initiatives: search, filters, order. A fixed number of queries, whatever it finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef

from gates.models import Initiative, Priority
from gates.querysets import InitiativeQuerySet, normalised
from gates.rules import GateStatus
from gates.stages import Stage
from readiness.accounts.models import User
from readiness.standing.definitions import flag_rules
from readiness.standing.flags.calendar import counted_days
from readiness.standing.flags.facts import Period
from readiness.standing.links import action_url, initiative_url
from readiness.standing.models import Flag, Standing
from readiness.standing.verdict import Verdict
from readiness.standing.words import GATE_WORDS, SEVERITY_WORDS, STAGE_WORDS, VERDICT_WORDS, Word
from readiness.ui.parts import Mark

PAGE_SIZE = 50
NUL = "\x00"

ORDERS = {
    "name": ("name_key", "pk"),
    "unit": ("business_unit_key", "name_key", "pk"),
    "stage": ("stage_order", "name_key", "pk"),
    "score": ("standing__score", "name_key", "pk"),
    "days": ("stage_since", "name_key", "pk"),
    "updated": ("updated_at", "pk"),
}
DEFAULT_ORDER = "name"
FILTERS = ("stage", "verdict", "unit", "flag", "state", "priority")


@dataclass(frozen=True, slots=True)
class Row:
    """One initiative as the list shows it. ``days`` in its stage, days on hold not counted; None where unknown."""

    initiative: Initiative
    standing: Standing
    stage: Word
    verdict: Word
    marks: list[Mark]
    days: int | None
    next_message: str
    next_url: str
    flag_words: str
    flag_tone: str
    url: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list, and what the filters offer."""

    page: Page
    rows: list["Row"]
    active: int
    stages: list[tuple[str, str]]
    verdicts: list[tuple[str, str]]
    units: list[tuple[str, str]]
    flags: list[tuple[str, str]]
    states: list[tuple[str, str]] = field(
        default_factory=lambda: [
            ("mine", "On my teams"),
            ("stalled", "Stalled"),
            ("on_hold", "On hold"),
            ("running", "Running"),
            ("ended", "Ended"),
        ]
    )
    priorities: list[tuple[str, str]] = field(default_factory=lambda: list(Priority.choices))


def listing(user: User, asked: Mapping[str, str], today: date) -> Listing:
    """The page that ``asked`` (the address's query) speaks of. A filter that it does not know is left out."""
    visible = Initiative.objects.visible_to(user)
    rows = _filtered(visible.matching(asked.get("q", "").replace(NUL, "")), user, asked)
    ordered = _ordered(rows, asked.get("sort", "")).with_place().prefetch_related("gate_standings", "holds")
    page = Paginator(ordered, PAGE_SIZE).get_page(asked.get("page"))
    return Listing(
        page=page,
        rows=[row_of(initiative, today) for initiative in page.object_list],
        active=sum(1 for name in FILTERS if asked.get(name)),
        stages=[(stage.value, word.label) for stage, word in STAGE_WORDS.items()],
        verdicts=[(verdict.value, word.label) for verdict, word in VERDICT_WORDS.items()],
        units=visible.units(),
        flags=[(rule.code, rule.title) for rule in flag_rules().values()],
    )


def row_of(initiative: Initiative, today: date) -> Row:
    """Of an initiative with its standing, gate standings and holds at hand."""
    standing = initiative.standing
    gates = [gate for gate in initiative.gate_standings.all() if gate.framework == standing.framework]
    words = [
        (gate, GATE_WORDS[GateStatus(gate.status)]) for gate in sorted(gates, key=lambda one: one.position)
    ]
    action = standing.next_actions[0] if standing.next_actions else None
    severity = SEVERITY_WORDS.get(standing.worst_severity)
    return Row(
        initiative=initiative,
        standing=standing,
        stage=STAGE_WORDS[Stage(initiative.stage)],
        verdict=VERDICT_WORDS[Verdict(standing.verdict)],
        marks=[
            Mark(label=f"{gate.name}: {word.label}", tone=word.tone, icon=word.icon) for gate, word in words
        ],
        days=_days_in_stage(initiative, today),
        next_message=action["message"] if action else "",
        next_url=action_url(initiative.ref, action) if action else "",
        flag_words=f"{standing.flags_open} flag{'s' if standing.flags_open != 1 else ''}",
        flag_tone=severity.tone if severity else "muted",
        url=initiative_url(initiative.ref),
    )


def _days_in_stage(initiative: Initiative, today: date) -> int | None:
    if initiative.stage_since is None or initiative.has_ended:
        return None
    holds = [Period(hold.since, hold.lifted_on) for hold in initiative.holds.all()]
    return counted_days(initiative.stage_since, initiative.as_of or today, holds)


def _filtered(rows: InitiativeQuerySet, user: User, asked: Mapping[str, str]) -> InitiativeQuerySet:
    if asked.get("stage") in {stage.value for stage in Stage}:
        rows = rows.filter(stage=asked["stage"])
    if asked.get("verdict") in {verdict.value for verdict in Verdict}:
        rows = rows.filter(standing__verdict=asked["verdict"])
    if asked.get("unit"):
        rows = rows.filter(business_unit_key=normalised(asked["unit"].replace(NUL, "")))
    if asked.get("flag") in flag_rules():
        open_flags = Flag.objects.filter(
            initiative=OuterRef("pk"), code=asked["flag"], resolved_at__isnull=True
        )
        rows = rows.filter(Exists(open_flags))
    if asked.get("priority") in Priority.values:
        rows = rows.filter(priority=asked["priority"])
    return _in_state(rows, user, asked.get("state", ""))


def _in_state(rows: InitiativeQuerySet, user: User, state: str) -> InitiativeQuerySet:
    if state == "mine":
        return rows.on_team_of(user)
    if state == "stalled":
        return rows.stalled()
    if state == "on_hold":
        return rows.filter(hold__isnull=False)
    if state == "running":
        return rows.running()
    if state == "ended":
        return rows.exclude(pk__in=rows.running())
    return rows


def _ordered(rows: InitiativeQuerySet, sort: str) -> InitiativeQuerySet:
    name = sort.removeprefix("-")
    order = ORDERS.get(name, ORDERS[DEFAULT_ORDER])
    if name == "stage":
        rows = rows.in_stage_order()
    first, *rest = order
    down = sort.startswith("-") != (name == "days")
    column = F(first)
    return rows.order_by(column.desc(nulls_last=True) if down else column.asc(nulls_last=True), *rest)
