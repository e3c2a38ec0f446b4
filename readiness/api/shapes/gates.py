"""Gates, what happens at them, and what was frozen there."""

from typing import Annotated, TypedDict

from checklists.models import EvidenceKind
from checklists.scoring import AnswerValue
from gates.criteria import BlockerCode
from gates.models import MaterialChangeKind
from gates.rules import ConditionState, DecisionKind, GateStatus
from readiness.api.shapes.common import ConditionOutcome, Day, Moment, Username
from readiness.api.shapes.readiness import Readiness
from readiness.api.typed import Told, Words


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
    kept_by: Annotated[Username | None, Told("Who said that it is kept; null while it is open.")]
    kept_at: Moment | None
    kept_note: Annotated[str, Told("How it was kept; empty while it is open.")]


class ConditionsConfirmed(TypedDict):
    """Those that could be confirmed are; the others stand as they stood."""

    confirmed: int
    refused: int
    results: Annotated[list[ConditionOutcome], Told("One each, in the order in which they were named.")]


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


class SnapshotLink(TypedDict):
    id: int
    version: Annotated[str, Told("Of the framework.")]
    gate: str
    occasion: Annotated[str, Told("submission or decision.")]
    taken_at: Moment


class AnswerChange(TypedDict):
    before: Annotated[str, Words(AnswerValue)]
    after: Annotated[str, Words(AnswerValue)]


class MeasuredChange(TypedDict):
    before: Annotated[str | None, Words(AnswerValue)]
    after: Annotated[str | None, Words(AnswerValue)]


class NoteChange(TypedDict):
    before: str
    after: str


class ItemDiff(TypedDict):
    """What is different at one item; null and empty where nothing is."""

    code: str
    answer: AnswerChange | None
    measured: MeasuredChange | None
    effective: AnswerChange | None
    note: NoteChange | None
    evidence_added: list[FrozenEvidence]
    evidence_withdrawn: list[FrozenEvidence]


SnapshotDiff = TypedDict(
    "SnapshotDiff",
    {
        "from": SnapshotLink,
        "to": SnapshotLink,
        "compared": Annotated[int, Told("How many items both have.")],
        "items": Annotated[list[ItemDiff], Told("Those of them at which anything is different.")],
        "only_in_from": Annotated[list[str], Told("Codes of items that the other one does not have.")],
        "only_in_to": list[str],
    },
)
