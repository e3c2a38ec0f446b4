"""The documents that the API answers with. The OpenAPI document is made from these types, and the code that fills
them is checked against them: there is no second description.
"""

from typing import Annotated, Any, TypedDict

from checklists.models import EvidenceKind, FrameworkKind, Order
from checklists.scoring import AnswerValue
from gates.criteria import BlockerCode
from gates.models import Approach, MaterialChangeKind, Priority, Visibility
from gates.rules import ConditionState, DecisionKind, GateStatus
from gates.stages import Stage
from readiness.accounts.models import Function
from readiness.api.codes import Code
from readiness.api.typed import Example, Format, Told, Words
from readiness.audit.models import ActorKind
from readiness.standing.models import Severity
from readiness.standing.verdict import Verdict

Day = Annotated[str, Format("date")]
Moment = Annotated[str, Format("date-time")]
Ref = Annotated[str, Told("The public identifier of an initiative."), Example("AI-0042")]
Money = Annotated[str, Told("An amount with two decimals."), Example("250000.00")]
Etag = Annotated[str, Told("To be sent back as `If-Match`.")]
Username = Annotated[str, Example("lena")]


class FieldProblem(TypedDict):
    """What is wrong with one field; `field` names its place, such as `evidence.0.effective_on`."""

    field: str
    code: Annotated[str, Told("A machine word: see `FieldCode`.")]
    message: str


class Blocker(TypedDict):
    """One reason why something is refused or not ready, and the page where it is mended."""

    code: Annotated[str, Words(BlockerCode)]
    message: str
    framework: str | None
    gate: str | None
    item: str | None
    url: str


class Problem(TypedDict, total=False):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: Annotated[str, Words(Code)]
    errors: list[FieldProblem]
    blockers: list[Blocker]
    current: dict[str, Any]


class ProblemKind(TypedDict):
    """One kind of refusal, as its `type` leads to."""

    code: Annotated[str, Words(Code)]
    status: int
    title: str
    meaning: str


class Hold(TypedDict):
    since: Day
    reason: str
    review_on: Day


class People(TypedDict):
    business_owner: Username | None
    executive_sponsor: Username | None
    technical_lead: Username | None
    deputy: Username | None
    members: list[Username]


class Plan(TypedDict):
    poc_days: int | None
    pilot_days: int | None
    rollout_days: int | None
    decision_on: Day | None


class Budget(TypedDict):
    planned: Money | None
    spent: Money | None
    currency: str | None
    data_share: Annotated[int | None, Told("Percent of the planned budget.")]
    change_share: Annotated[int | None, Told("Percent of the planned budget.")]


class GateBrief(TypedDict):
    gate: str
    status: Annotated[str, Words(GateStatus)]
    met: int
    total: int
    min_met: int


class NextAction(TypedDict):
    code: str
    message: str
    for_role: Annotated[str, Told("Whom it speaks to: lead, reviewer or executive.")]
    framework: str | None
    gate: str | None
    item: str | None
    url: str


class FlagBrief(TypedDict):
    id: int
    code: str
    severity: Annotated[str, Words(Severity)]
    title: str
    message: str
    stalls: bool
    root_cause: Annotated[str, Told("A suspicion.")]
    countermeasure: str
    since: Day
    acknowledged_at: Moment | None
    snoozed_until: Day | None


class Flag(FlagBrief):
    initiative: Ref
    details: dict[str, Any]


class Score(TypedDict):
    framework: str
    framework_version: str
    score: Annotated[float, Told("0 to 100, one decimal.")]
    points: float
    total: int
    met: int
    partial: int
    not_met: int
    unanswered: int
    declared_points: float
    optimism_gap: Annotated[float, Told("Declared minus effective points.")]
    required_met: int
    threshold_met: bool
    verdict: Annotated[str, Words(Verdict)]
    stalled: bool
    gates: list[GateBrief]
    computed_at: Moment


# Written so because `from` is a word of the language.
Forecast = TypedDict("Forecast", {"on": Day, "from": Day, "to": Day})


class Readiness(Score):
    """How ready an initiative is for production."""

    blockers: list[Blocker]
    next_actions: Annotated[list[NextAction], Told("The first one moves the initiative most.")]
    flags: list[FlagBrief]
    forecast: Annotated[Forecast | None, Told("Null where none can be made.")]


class PortfolioScore(Score):
    """One initiative's score; the list is in the order of `computed_at`."""

    initiative: Ref
    name: str
    business_unit: str
    stage: Annotated[str, Words(Stage)]


class FrameworkVersion(TypedDict):
    slug: str
    version: str


class Initiative(TypedDict):
    id: Ref
    name: str
    business_problem: str
    business_unit: str
    stage: Annotated[str, Words(Stage)]
    stage_since: Day | None
    on_hold: Hold | None
    technology: str
    vendor: str
    approach: Annotated[str | None, Words(Approach)]
    visibility: Annotated[str, Words(Visibility)]
    priority: Annotated[str, Words(Priority)]
    taken_over: Annotated[bool, Told("It was under way when it was entered, or imported.")]
    as_of: Annotated[Day | None, Told("The day an imported file speaks of, until a person edits it.")]
    people: People
    plan: Plan
    budget: Budget
    tags: list[str]
    frameworks: list[FrameworkVersion]
    created_at: Moment
    updated_at: Moment
    readiness: Readiness


class Evidence(TypedDict):
    id: int
    kind: Annotated[str, Words(EvidenceKind)]
    title: str
    url: Annotated[str, Told("Of a link its address, of a file where it is downloaded; else empty.")]
    stated_by: str
    effective_on: Day
    received_at: Moment
    expires_on: Day | None
    file: "EvidenceFile | None"


class EvidenceFile(TypedDict):
    name: str
    media_type: str
    size: Annotated[int, Told("In bytes.")]
    sha256: str


class EvidenceDetail(Evidence):
    item: str
    withdrawn_at: Moment | None


class Waiver(TypedDict):
    """An accepted risk for one item. It never counts as met."""

    id: int
    item: str
    reason: str
    approver: Username
    granted_at: Moment
    expires_on: Annotated[Day, Told("Its last good day.")]
    in_force: bool


class Item(TypedDict):
    code: str
    gate: str
    title: str
    critical: bool
    answer: Annotated[str, Words(AnswerValue), Told("What the lead says.")]
    measured: Annotated[str | None, Words(AnswerValue), Told("What an automated check found.")]
    effective: Annotated[str, Words(AnswerValue), Told("What counts: the lowest.")]
    why: Annotated[str, Told("One sentence where what counts is not what was said; else empty.")]
    note: str
    evidence: list[Evidence]
    waiver: Waiver | None
    etag: Etag
    answered_by: Username | None
    answered_at: Moment | None


class Checklist(TypedDict):
    framework: FrameworkVersion
    items: list[Item]


class ItemWritten(Item):
    """The item as it is now, and readiness with it counted in."""

    readiness: Readiness


class ItemsWritten(TypedDict):
    items: list[Item]
    readiness: Readiness


class Clause(TypedDict):
    """One clause of a gate's criteria."""

    code: Annotated[str, Words(BlockerCode), Told("The word of its failure, whether it holds or not.")]
    holds: bool
    message: str
    item: str | None


class Submission(TypedDict):
    id: int
    by: Username
    at: Moment
    note: str


class Decision(TypedDict):
    id: int
    decision: Annotated[str, Words(DecisionKind)]
    by: Username
    at: Moment
    rationale: str


class Condition(TypedDict):
    id: int
    text: str
    owner: Username
    due: Annotated[Day, Told("Its last good day.")]
    state: Annotated[str, Words(ConditionState)]


class Gate(TypedDict):
    """A gate (a domain) or a checkpoint (a point in time) of one initiative."""

    framework: str
    gate: str
    name: str
    kind: Annotated[str, Told("gate or checkpoint.")]
    status: Annotated[str, Words(GateStatus)]
    can_submit: bool
    review_pending: bool
    lapsed_because: str | None
    met: int
    total: int
    min_met: int
    criteria: list[Clause]
    recommendation: Annotated[str | None, Told("`stop`, where a waiting checkpoint is mostly not met.")]
    submission: Annotated[Submission | None, Told("The last one.")]
    decision: Annotated[Decision | None, Told("The last one.")]
    conditions: Annotated[list[Condition], Told("Those of that decision.")]


class GateWritten(Gate):
    """The gate as it is now, and readiness with it."""

    readiness: Readiness


class WaiverWritten(Waiver):
    readiness: Readiness


class MaterialChange(TypedDict):
    """A declared change; the passed gates it names lapse until they are decided anew."""

    id: int
    kind: Annotated[str, Words(MaterialChangeKind)]
    note: str
    gates: list[str]
    by: Username
    at: Moment
    readiness: Readiness


class FrozenEvidence(TypedDict):
    id: int
    kind: Annotated[str, Words(EvidenceKind)]
    title: str
    url: str
    stated_by: str
    effective_on: Day
    expires_on: Day | None
    withdrawn: bool


class FrozenItem(TypedDict):
    code: str
    title: str
    critical: bool
    answer: Annotated[str, Words(AnswerValue)]
    measured: Annotated[str | None, Words(AnswerValue)]
    effective: Annotated[str, Words(AnswerValue)]
    why: str
    note: str
    evidence: list[FrozenEvidence]


class Snapshot(TypedDict):
    """A gate as it stood when it was submitted or decided. It never changes."""

    id: int
    framework: str
    version: str
    gate: str
    occasion: Annotated[str, Told("submission or decision.")]
    taken_at: Moment
    criteria_hold: bool
    met: int
    total: int
    items: list[FrozenItem]


class HistoryPoint(TypedDict):
    """Where the initiative stood at the end of a day on which something changed."""

    on: Day
    stage: Annotated[str, Words(Stage)]
    score: float
    met: int
    partial: int
    not_met: int
    unanswered: int
    verdict: Annotated[str, Words(Verdict)]
    stalled: bool
    flags_open: int


class DeployCheck(TypedDict):
    """May a delivery pipeline deploy this?"""

    allowed: bool
    verdict: Annotated[str, Words(Verdict)]
    blockers: list[Blocker]


class User(TypedDict):
    username: Username
    name: str
    unit: str
    function: Annotated[str, Words(Function)]


class Guard(TypedDict):
    """A stage move that asks for this framework, or for one gate of it."""

    from_stage: Annotated[str, Words(Stage)]
    to_stage: Annotated[str, Words(Stage)]
    gate: str | None


class FrameworkBrief(TypedDict):
    slug: str
    version: str
    name: str
    kind: Annotated[str, Words(FrameworkKind)]
    order: Annotated[str, Words(Order)]
    evidence_required: bool
    required_met: int | None
    guards: list[Guard]


class FrameworkItem(TypedDict):
    code: str
    title: str
    critical: bool
    statement: str
    help: str
    when_met: str
    when_partial: str
    when_not_met: str
    example_evidence: str
    reviewer_check: str
    evidence_max_age_days: int | None
    root_cause: str


class FrameworkGate(TypedDict):
    gate: str
    name: str
    purpose: str
    key_questions: list[str]
    pass_criteria: list[str]
    min_met: Annotated[int | None, Told("How many items must be met, where it is a count.")]
    min_share_met: Annotated[str | None, Told("The share that must be met, such as 2/3.")]
    items: list[FrameworkItem]


class Framework(FrameworkBrief):
    gates: list[FrameworkGate]


class Actor(TypedDict):
    kind: Annotated[str, Words(ActorKind)]
    username: Username | None
    token: Annotated[str | None, Told("The name of the token it was done with.")]


class Event(TypedDict):
    """One entry of the audit trail."""

    seq: int
    at: Moment
    actor: Actor
    verb: str
    initiative: Ref | None
    data: dict[str, Any]
    previous_hash: str
    hash: str
