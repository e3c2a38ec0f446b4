"""What the page of one initiative shows beside its steps, blockers and flags: frameworks, people, way, plan, score."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal

from checklists.models import Framework, FrameworkKind
from gates.definitions import LoadedFramework, loaded_framework
from gates.models import Initiative, Passage, Role, StageEntry, TeamRole
from gates.rules import PASSED_STATUSES, GateStatus
from gates.stages import Stage
from gates.taking_over import never_passed
from readiness.accounts.models import User
from readiness.actions.own_reasons import reason_given
from readiness.portfolio.charts import money
from readiness.portfolio.figures import counting_day, holds_of
from readiness.standing.flags.calendar import counted_days
from readiness.standing.flags.facts import Period
from readiness.standing.links import checklist_url
from readiness.standing.models import GateStanding, HistoryPoint
from readiness.standing.outcome import Outcome
from readiness.standing.words import STAGE_WORDS, Word
from readiness.ui.lazily import gettext_lazy as _
from readiness.ui.parts import Step
from readiness.ui.plots import Line
from readiness.ui.profiles import Rung
from readiness.ui.saying import content, say
from readiness.workbench.header import gate_step
from readiness.workbench.initiatives.attaching import guarding_words
from readiness.workbench.plans.profile import profile_url, rungs_of, scale_of

HISTORY_POINTS = 200


@dataclass(frozen=True, slots=True)
class OtherFramework:
    """One beside the framework that readiness is computed on: its gates as a track, or a profile, drawn."""

    framework: Framework
    explained: str
    steps: list[Step]
    rungs: list[Rung]
    scale: list[str]
    answered: int
    total: int
    url: str

    @property
    def is_profile(self) -> bool:
        return self.framework.kind == FrameworkKind.PROFILE


_PROFILE = _("A picture of the distance to production; it guards nothing.")
_OVERLAY = _("Further items for this kind of AI; they never count towards the gates.")


@dataclass(frozen=True, slots=True)
class Places:
    """Who holds which role, and the further members."""

    named: list[tuple[str, User | None]]
    members: list[User]


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay in a stage. ``days`` without those on hold, ``planned`` where a length was planned; None: not known.

    ``in_all``: its days and those of the stays in the same stage before it.
    """

    stage: Word
    entered_on: date | None
    left_on: date | None
    days: int | None
    planned: int | None
    reason: str
    over_limit: str
    in_all: int

    @property
    def overrun(self) -> bool:
        return self.days is not None and self.planned is not None and self.in_all > self.planned

    @property
    def went_on(self) -> bool:
        """Whether there were days in the stage before."""
        return self.days is not None and self.in_all > self.days


@dataclass(frozen=True, slots=True)
class Budget:
    planned: str
    spent: str
    percent: int | None
    data_share: int | None
    change_share: int | None

    @property
    def percent_words(self) -> str:
        return f"{self.percent} %"

    @property
    def tone(self) -> str:
        return "accent" if self.percent is None or self.percent < 100 else "warning"


def passages_of(initiative: Initiative) -> dict[str, Passage]:
    """The frameworks it is answered on, by slug, in order."""
    passages = initiative.passages.select_related("assessment__framework").order_by("position")
    return {passage.framework_slug: passage for passage in passages}


def never_passed_words(initiative: Initiative, passages: dict[str, Passage]) -> str:
    """The names of the checkpoints that what was taken over has never passed here; "" for none."""
    frameworks = [one.assessment.framework for one in passages.values()]
    found = never_passed(initiative, [loaded_framework(one.pk, one.checksum) for one in frameworks])
    return ", ".join(str(content(gate.name)) for gate in found)


def other_frameworks(
    initiative: Initiative, outcome: Outcome, passages: dict[str, Passage], today: date, zone: tzinfo
) -> list[OtherFramework]:
    found = []
    for slug, passage in passages.items():
        gates = [gate for gate in outcome.gates if gate.framework == slug]
        if passage.assessment.framework.kind == FrameworkKind.PROFILE:
            found.append(_profile(initiative, passage, gates, today, zone))
        elif slug != outcome.standing.framework:
            found.append(_other(initiative, passage.assessment.framework, gates))
    return found


def _other(initiative: Initiative, framework: Framework, gates: list[GateStanding]) -> OtherFramework:
    unpassed = [gate for gate in gates if gate.status and GateStatus(gate.status) not in PASSED_STATUSES]
    return OtherFramework(
        framework=framework,
        explained=_explained(loaded_framework(framework.pk, framework.checksum)),
        steps=[gate_step(initiative, gate) for gate in gates],
        rungs=[],
        scale=[],
        answered=sum(gate.total - gate.unanswered for gate in gates),
        total=sum(gate.total for gate in gates),
        url=checklist_url(initiative.ref, (unpassed or gates)[0].gate),
    )


def _explained(framework: LoadedFramework) -> str:
    """What waits for it; of an overlay for which nothing does, what it is for."""
    unguarded = str(_OVERLAY) if framework.kind == FrameworkKind.OVERLAY else ""
    return " ".join(guarding_words(framework)) or unguarded


def _profile(
    initiative: Initiative, passage: Passage, gates: list[GateStanding], today: date, zone: tzinfo
) -> OtherFramework:
    framework = passage.assessment.framework
    return OtherFramework(
        framework=framework,
        explained=str(_PROFILE),
        steps=[],
        rungs=rungs_of(initiative, passage, today, zone),
        scale=scale_of(framework),
        answered=sum(gate.total - gate.unanswered for gate in gates),
        total=sum(gate.total for gate in gates),
        url=profile_url(initiative.ref, framework.slug),
    )


def places_of(initiative: Initiative) -> Places:
    open_places = TeamRole.objects.filter(initiative=initiative, until__isnull=True).select_related("user")
    holders: dict[str, User] = {}
    members: list[User] = []
    for place in open_places.order_by("user__name_key", "pk"):
        if place.role == Role.MEMBER:
            members.append(place.user)
        else:
            holders[place.role] = place.user
    named = [(str(role.label), holders.get(role.value)) for role in Role if role != Role.MEMBER]
    return Places(named, [member for member in members if member not in holders.values()])


def stays_of(initiative: Initiative, today: date) -> list[Stay]:
    """The stages it has been in, in order."""
    holds = holds_of(initiative)
    in_all: Counter[str] = Counter()
    return [_stay(initiative, entry, holds, today, in_all) for entry in initiative.stage_entries.all()]


def _stay(
    initiative: Initiative, entry: StageEntry, holds: list[Period], today: date, in_all: Counter[str]
) -> Stay:
    """``in_all``: the days of the stays before it, by stage; its own are added."""
    stage = Stage(entry.stage)
    days = None
    if entry.entered_on is not None and not stage.has_ended:
        days = counted_days(entry.entered_on, entry.left_on or counting_day(initiative, today), holds)
        in_all[entry.stage] += days
    return Stay(
        stage=STAGE_WORDS[stage],
        entered_on=entry.entered_on,
        left_on=entry.left_on,
        days=days,
        planned=getattr(initiative, f"{entry.stage}_days", None),
        reason=say(reason_given(entry.reason)),
        over_limit=entry.over_limit,
        in_all=in_all[entry.stage],
    )


def planned_days(initiative: Initiative) -> list[str]:
    """What was planned for each stage, where anything was: "PoC 28"."""
    lengths = [
        (word.label, getattr(initiative, f"{stage}_days", None)) for stage, word in STAGE_WORDS.items()
    ]
    return [f"{label} {days:,}" for label, days in lengths if days is not None]


def budget_of(initiative: Initiative) -> Budget | None:
    """None where nothing about money is known."""
    planned, spent = initiative.budget_planned, initiative.budget_spent
    if (
        planned is None
        and spent is None
        and initiative.data_share is None
        and initiative.change_share is None
    ):
        return None
    return Budget(
        planned=_money(planned, initiative),
        spent=_money(spent, initiative),
        percent=int(100 * spent / planned) if planned and spent is not None else None,
        data_share=initiative.data_share,
        change_share=initiative.change_share,
    )


def _money(amount: Decimal | None, initiative: Initiative) -> str:
    return "" if amount is None else money(amount, initiative.currency)


def score_series(initiative: Initiative, outcome: Outcome, today: date) -> list[Line]:
    """The score on the days on which something changed, and today; nothing while there is no way to see."""
    points = HistoryPoint.objects.filter(initiative=initiative).order_by("-on").values_list("on", "score")
    newest = [(on, float(score)) for on, score in points[:HISTORY_POINTS]][::-1]
    last_day = counting_day(initiative, today)
    if newest and newest[-1][0] < last_day and not initiative.has_ended:
        newest.append((last_day, float(outcome.standing.score)))
    if len(newest) < 2 or not any(score for _on, score in newest):
        return []
    return [Line(name=str(_("Score")), points=newest, step=True)]
