"""People, frameworks and the audit trail."""

from typing import Annotated, Any, TypedDict

from checklists.models import FrameworkKind, Order
from gates.stages import Stage
from readiness.accounts.models import Function
from readiness.api.shapes.common import Day, Moment, Ref, Username
from readiness.api.typed import Example, Told, Words
from readiness.audit.chain import Breach
from readiness.audit.models import ActorKind


class User(TypedDict):
    username: Username
    name: str
    unit: str
    function: Annotated[str, Words(Function)]


class ExchangeRate(TypedDict):
    """What one unit of `currency` is worth in `into`, from a day on until the day of the next one."""

    id: int
    currency: Annotated[str, Example("CHF")]
    into: Annotated[str, Told("What the organisation counted in when it was entered."), Example("EUR")]
    on: Day
    rate: Annotated[str, Told("At most ten decimals."), Example("1.05")]
    entered_by: Annotated[Username | None, Told("Null where a command entered it.")]
    entered_at: Moment


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
    from_creation: Annotated[
        bool, Told("Every initiative that is created from now on begins with it, in its newest version.")
    ]


class StartingFrameworks(TypedDict):
    frameworks: Annotated[list[str], Told("Slugs, in the order in which a new initiative has them.")]


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


class ChainPlace(TypedDict):
    """An event by its number and hash; before the first one 0 and 64 zeros."""

    seq: int
    hash: str


class ChainBreak(TypedDict):
    """The first event that does not hold."""

    seq: int
    breach: Annotated[str, Words(Breach)]
    reason: str


class NotedHash(TypedDict):
    hash: str
    seq: Annotated[int | None, Told("The event that has it; null where none has.")]


class AuditProof(TypedDict):
    """How far the chain was looked at, and what was found."""

    holds: Annotated[bool | None, Told("Whether the chain is whole; null as long as there is a `next`.")]
    checked: Annotated[int, Told("How many events were found to hold in this call.")]
    reached: Annotated[ChainPlace, Told("Everything up to here holds.")]
    head: Annotated[ChainPlace, Told("Where the chain ends, as its head says. Note it outside.")]
    broken: ChainBreak | None
    noted: Annotated[
        NotedHash | None,
        Told(
            "What became of the hash that was asked for. It proves what lies up to its "
            "event once `reached` has come there."
        ),
    ]
    next: Annotated[str | None, Told("The address of the next part.")]
