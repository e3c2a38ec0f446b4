"""What the page of one initiative shows: where it stands, why it is not ready, and what to do next."""

from dataclasses import dataclass
from itertools import groupby

from gates.models import Initiative, Role, TeamRole
from gates.rules import PASSED_STATUSES, GateStatus
from readiness.accounts.models import User
from readiness.standing.definitions import RootCause, flag_rules, root_causes
from readiness.standing.links import action_url, blocker_url, checklist_url
from readiness.standing.models import Flag, GateStanding, HistoryPoint, Severity
from readiness.standing.recompute import Outcome
from readiness.standing.words import SEVERITY_WORDS, Word
from readiness.ui.parts import Step
from readiness.ui.plots import Line
from readiness.workbench.header import gate_step

HISTORY_POINTS = 200


@dataclass(frozen=True, slots=True)
class ShownAction:
    message: str
    url: str
    for_role: str
    code: str


@dataclass(frozen=True, slots=True)
class ShownBlocker:
    message: str
    url: str


@dataclass(frozen=True, slots=True)
class BlockerGroup:
    """The blockers of one gate, or of the initiative where ``gate`` is None."""

    gate: GateStanding | None
    blockers: list[ShownBlocker]


@dataclass(frozen=True, slots=True)
class ShownFlag:
    flag: Flag
    title: str
    severity: Word
    cause: RootCause


@dataclass(frozen=True, slots=True)
class OtherFramework:
    """The gates of a framework beside the one readiness is computed on."""

    slug: str
    kind: str
    title: str
    steps: list[Step]
    url: str


@dataclass(frozen=True, slots=True)
class Places:
    """Who holds which role, and the further members."""

    named: list[tuple[str, User | None]]
    members: list[User]


def next_actions(initiative: Initiative, outcome: Outcome) -> list[ShownAction]:
    return [
        ShownAction(
            action["message"],
            action_url(initiative.ref, action),
            action["for_role"],
            action["code"],
        )
        for action in outcome.standing.next_actions
    ]


def blocker_groups(initiative: Initiative, outcome: Outcome) -> list[BlockerGroup]:
    """Why it is not ready: the initiative's own blockers first, then gate by gate."""
    gates = {(gate.framework, gate.gate): gate for gate in outcome.gates}
    groups = []
    for key, blockers in groupby(outcome.standing.blockers, key=lambda one: (one["framework"], one["gate"])):
        shown = [
            ShownBlocker(blocker["message"], blocker_url(initiative.ref, blocker)) for blocker in blockers
        ]
        groups.append(BlockerGroup(gates.get(key), shown))
    return groups


def shown_flags(flags: list[Flag]) -> list[ShownFlag]:
    """Open flags, the worst first, each with its suspected cause and what to do."""
    rules, causes = flag_rules(), root_causes()
    order = [Severity.CRITICAL.value, Severity.WARNING.value, Severity.INFO.value]
    found = [
        ShownFlag(
            flag, rules[flag.code].title, SEVERITY_WORDS[Severity(flag.severity)], causes[flag.root_cause]
        )
        for flag in flags
    ]
    return sorted(found, key=lambda shown: order.index(shown.flag.severity))


FRAMEWORK_TITLES = {
    "checkpoint": "Checkpoints of the proof of concept",
    "profile": "From proof of concept to production",
    "gate": "Overlay",
}


def other_frameworks(initiative: Initiative, outcome: Outcome) -> list[OtherFramework]:
    others = [gate for gate in outcome.gates if gate.framework != outcome.standing.framework]
    found = []
    for slug, group in groupby(others, key=lambda gate: gate.framework):
        gates = list(group)
        found.append(
            OtherFramework(
                slug=slug,
                kind=gates[0].kind,
                title=FRAMEWORK_TITLES[gates[0].kind],
                steps=[gate_step(initiative, gate) for gate in gates],
                url=checklist_url(initiative.ref, gates[0].gate),
            )
        )
    return found


def places_of(initiative: Initiative) -> Places:
    open_places = TeamRole.objects.filter(initiative=initiative, until__isnull=True).select_related("user")
    holders: dict[str, User] = {}
    members: list[User] = []
    for place in open_places.order_by("user__name"):
        if place.role == Role.MEMBER:
            members.append(place.user)
        else:
            holders[place.role] = place.user
    named = [(role.label, holders.get(role.value)) for role in Role if role != Role.MEMBER]
    return Places(named, [member for member in members if member not in holders.values()])


def score_series(initiative: Initiative) -> list[Line]:
    """The score on the days on which something changed; nothing before there are two of them."""
    points = HistoryPoint.objects.filter(initiative=initiative).order_by("-on").values_list("on", "score")
    newest = [(on, float(score)) for on, score in points[:HISTORY_POINTS]]
    return [Line(name="Score", points=newest[::-1], step=True)] if len(newest) > 1 else []


def first_checklist_url(initiative: Initiative, outcome: Outcome) -> str:
    """The checklist at the first gate that readiness is computed on and that is not passed."""
    gates = [gate for gate in outcome.gates if gate.framework == outcome.standing.framework]
    unpassed = [gate for gate in gates if GateStatus(gate.status) not in PASSED_STATUSES]
    return checklist_url(initiative.ref, (unpassed or gates)[0].gate)


PLAN_FIELDS = (
    "intake_days",
    "poc_days",
    "pilot_days",
    "rollout_days",
    "decision_on",
    "budget_planned",
    "budget_spent",
)


def has_plan(initiative: Initiative) -> bool:
    """Whether anything of plan or budget is known."""
    return any(getattr(initiative, name) is not None for name in PLAN_FIELDS)
