"""Exit criteria, when they were reached, and what was decided."""

from typing import Annotated, TypedDict

from gates.promises import Comparator, ExitAction
from readiness.actions.exits import DECISION_WORDS
from readiness.api.shapes.common import Day, Etag, Moment, Ref, Username
from readiness.api.shapes.promises import Amendment, Measure, Measured
from readiness.api.shapes.readiness import Readiness
from readiness.api.typed import Told, Words
from readiness.standing.exits import ExitStatus


class ExitTrigger(TypedDict):
    """It was reached: on which day, in which words, on which readings, and what was decided."""

    id: int
    on: Day
    words: Annotated[str, Told("The criterion in words as it stood on that day.")]
    readings: Annotated[list[Measured], Told("The first and the last reading that it rests on.")]
    decision: Annotated[str | None, Words(DECISION_WORDS), Told("Null while nobody has decided.")]
    reason: str
    expires_on: Annotated[Day | None, Told("Of `go_on`: the last quiet day.")]
    by: Username | None
    decided_at: Moment | None


class Agreed(TypedDict):
    """The criterion as it was locked."""

    words: str
    kpi_name: str
    comparator: Annotated[str, Words(Comparator)]
    limit: Measure
    unit: str
    window_days: int | None
    checkpoint: str | None
    action: Annotated[str, Words(ExitAction)]
    decider: Username


class ExitCriterion(TypedDict):
    """A condition, agreed before the start, under which the initiative is to be stopped, put on hold or reworked."""

    id: int
    initiative: Ref
    words: str
    kpi: int
    kpi_name: str
    comparator: Annotated[str, Words(Comparator)]
    limit: Measure
    unit: str
    window_days: int | None
    checkpoint: str | None
    action: Annotated[str, Words(ExitAction), Told("What was agreed to do when it is reached.")]
    decider: Username
    state: Annotated[str, Words(ExitStatus)]
    quiet_until: Annotated[Day | None, Told("Somebody decided to go on: the last quiet day.")]
    watched: Annotated[bool, Told("It is evaluated in the present stage: PoC, pilot or rollout.")]
    trigger: Annotated[ExitTrigger | None, Told("The one that waits for a decision.")]
    past_triggers: Annotated[list[ExitTrigger], Told("Those that were decided, oldest first.")]
    locked_at: Moment | None
    promised: Annotated[Agreed | None, Told("Null while it is not locked.")]
    amendments: list[Amendment]
    created_at: Moment
    url: Annotated[str, Told("The page on which it stands.")]
    etag: Etag


class ExitCriterionWritten(ExitCriterion):
    """The criterion as it is now, and readiness with it."""

    readiness: Readiness
