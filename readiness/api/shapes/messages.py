"""What webhooks send: the ``webhooks`` of the OpenAPI document, one for each kind of message."""

from typing import Annotated, NotRequired, TypedDict

from gates.rules import GateStatus
from gates.stages import Stage
from readiness.api.shapes.common import Ref, Username
from readiness.api.typed import Told, Words
from readiness.standing.models import Severity
from readiness.standing.verdict import Verdict
from readiness.webhooks.events import PING, Kind

By = Annotated[Username | None, Told("Null where time alone did it.")]


class AboutInitiative(TypedDict):
    initiative: Ref
    name: str
    url: str


class ScoreMove(TypedDict):
    before: float
    after: float


class VerdictMove(TypedDict):
    before: Annotated[str, Words(Verdict)]
    after: Annotated[str, Words(Verdict)]


class StalledMove(TypedDict):
    before: bool
    after: bool


class StageMoved(TypedDict):
    before: Annotated[str, Words(Stage)]
    after: Annotated[str, Words(Stage)]


class GateMove(TypedDict):
    gate: str
    before: Annotated[str, Words(GateStatus)]
    after: Annotated[str, Words(GateStatus)]


class ReadinessMoved(AboutInitiative):
    """Of verdict, score and `stalled` those that moved."""

    score: NotRequired[ScoreMove]
    verdict: NotRequired[VerdictMove]
    stalled: NotRequired[StalledMove]
    gates: Annotated[list[GateMove], Told("Those whose state moved.")]


class HandedIn(TypedDict):
    id: int
    by: By


class GateHandedIn(AboutInitiative):
    gate: str
    kind: Annotated[str, Words(["gate", "checkpoint"])]
    submission: HandedIn


class Taken(TypedDict):
    decision: Annotated[str, Words(["pass", "pass_with_conditions", "return", "stop"])]
    by: By


class GateTaken(AboutInitiative):
    gate: str
    kind: Annotated[str, Words(["gate", "checkpoint"])]
    decision: Taken


class StageEntered(AboutInitiative):
    stage: StageMoved
    by: By


class RaisedFlag(TypedDict):
    code: str
    severity: Annotated[str, Words(Severity)]


class FlagRaised(AboutInitiative):
    flag: RaisedFlag


class GoneFlag(TypedDict):
    code: str


class FlagGone(AboutInitiative):
    flag: GoneFlag


class ReachedExit(TypedDict):
    id: int
    words: str
    decider: Username


class ExitReached(AboutInitiative):
    exit: ReachedExit


class Pinged(TypedDict):
    webhook: Annotated[int, Told("The webhook that was tried.")]


MESSAGES: dict[str, type] = {
    Kind.READINESS_CHANGED.value: ReadinessMoved,
    Kind.GATE_SUBMITTED.value: GateHandedIn,
    Kind.GATE_DECIDED.value: GateTaken,
    Kind.STAGE_CHANGED.value: StageEntered,
    Kind.FLAG_OPENED.value: FlagRaised,
    Kind.FLAG_RESOLVED.value: FlagGone,
    Kind.EXIT_TRIGGERED.value: ExitReached,
    PING: Pinged,
}
"""What stands in ``data``, by the type of the message."""
PARTS: list[type] = [
    *MESSAGES.values(),
    *(ScoreMove, VerdictMove, StalledMove, StageMoved, GateMove, HandedIn, Taken, RaisedFlag, GoneFlag),
    ReachedExit,
]
