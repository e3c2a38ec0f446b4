"""What several documents share, and refusals."""

from typing import Annotated, Any, TypedDict

from gates.criteria import BlockerCode
from gates.limits import LIMITED
from gates.rules import ConditionState
from readiness.api.codes import Code
from readiness.api.typed import Example, Format, Told, Words

Day = Annotated[str, Format("date")]
Moment = Annotated[str, Format("date-time")]
Ref = Annotated[str, Told("The public identifier of an initiative."), Example("AI-0042")]
Money = Annotated[str, Told("An amount with two decimals."), Example("250000.00")]
UnitOrRest = Annotated[str | None, Told("Empty: no unit is named; null: all units that are not listed.")]
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


class InitiativeLink(TypedDict):
    id: Ref
    name: str
    url: str


class ReachedLimit(TypedDict):
    """A parallel limit that leaves no room; `initiatives` are those there that you may see."""

    stage: Annotated[str, Words(LIMITED)]
    business_unit: str
    most: int
    initiatives: list[InitiativeLink]


class Problem(TypedDict, total=False):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: Annotated[str, Words(Code)]
    errors: list[FieldProblem]
    blockers: list[Blocker]
    current: Annotated[dict[str, Any], Told("Of a 412: what stands now.")]
    limit: Annotated[ReachedLimit, Told("Of `parallel_limit`.")]
    allowed: Annotated[bool, Told("Of a deploy check that refuses.")]
    verdict: Annotated[str, Told("Of a deploy check that refuses.")]
    results: Annotated["list[ConditionOutcome]", Told("Of `none_confirmed`: why, one by one.")]


class ConditionOutcome(TypedDict):
    """What became of one of several conditions: confirmed where `refusal` is null."""

    condition: int
    initiative: Annotated[Ref | None, Told("Null where there is no such condition that you may know of.")]
    gate: str | None
    state: Annotated[str | None, Words(ConditionState)]
    refusal: Annotated[Problem | None, Told("As confirming it alone would have been refused.")]


class ProblemKind(TypedDict):
    """One kind of refusal, as its `type` leads to."""

    code: Annotated[str, Words(Code)]
    status: int
    title: str
    meaning: str
