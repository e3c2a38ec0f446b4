"""Items, evidence and waivers."""

from typing import Annotated, TypedDict

from checklists.models import CheckOutcome, DeclaredValue, EvidenceKind
from checklists.scoring import AnswerValue
from readiness.api.shapes.common import Day, Etag, Moment, Username
from readiness.api.shapes.initiatives import FrameworkVersion
from readiness.api.shapes.readiness import Readiness
from readiness.api.typed import Told, Words


class Evidence(TypedDict):
    id: int
    kind: Annotated[str, Words(EvidenceKind)]
    title: str
    url: Annotated[
        str,
        Told(
            "Of a link or a check its address, of a file where it is downloaded; empty where there is none."
        ),
    ]
    stated_by: str
    effective_on: Day
    received_at: Moment
    expires_on: Day | None
    file: "EvidenceFile | None"
    check_result: Annotated[
        str | None, Words(CheckOutcome), Told("Of a check; one that did not pass never allows Met.")
    ]


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


class CheckResult(TypedDict):
    """What an automated check reported of an item."""

    id: int
    item: str
    check: str
    result: Annotated[str, Words(CheckOutcome)]
    summary: str
    url: str
    observed_at: Moment
    expires_at: Moment | None
    received_at: Moment
    by: Annotated[Username | None, Told("Whose token it came with.")]
    token: Annotated[str, Told("The name of that token.")]
    evidence: Annotated[int, Told("The piece of evidence that it became or renewed.")]


class BoundCheck(TypedDict):
    """The automated check that measures an item."""

    name: str
    last: Annotated[CheckResult | None, Told("Null where it has reported nothing yet.")]
    good_through: Annotated[
        Day | None, Told("The last day on which Met is measured; null where it does not end.")
    ]


class CheckTaken(CheckResult):
    """What stands of the check at the item, and what the item counts for with it."""

    taken: Annotated[bool, Told("False where a newer result was known, or this very one: nothing changed.")]
    bound: Annotated[bool, Told("Whether this check measures the item.")]
    measured: Annotated[str | None, Words(AnswerValue)]
    effective: Annotated[str, Words(AnswerValue)]
    why: str


class Proposal(TypedDict):
    """What the product proposes from what it knows. It is no answer until a person takes it."""

    answer: Annotated[str, Words(DeclaredValue)]
    why: Annotated[str, Told("One sentence.")]


class Item(TypedDict):
    code: str
    gate: str
    title: str
    critical: bool
    answer: Annotated[str, Words(AnswerValue), Told("What the lead says.")]
    measured: Annotated[str | None, Words(AnswerValue), Told("What an automated check found.")]
    check: Annotated[BoundCheck | None, Told("Null where no automated check measures the item.")]
    effective: Annotated[str, Words(AnswerValue), Told("What counts: the lowest.")]
    why: Annotated[str, Told("One sentence where what counts is not what was said; else empty.")]
    note: str
    evidence: list[Evidence]
    waiver: Waiver | None
    etag: Etag
    answered_by: Username | None
    answered_at: Moment | None
    proposal: Annotated[Proposal | None, Told("Null where nothing is known, or what is known agrees.")]


class Checklist(TypedDict):
    framework: FrameworkVersion
    items: list[Item]


class ItemWritten(Item):
    """The item as it is now, and readiness with it counted in."""

    readiness: Readiness


class ItemsWritten(TypedDict):
    items: list[Item]
    readiness: Readiness


class WaiverWritten(Waiver):
    readiness: Readiness
