"""What was promised in numbers, what was read, and what was amended."""

from typing import Annotated, TypedDict

from gates.models import KpiDue, KpiKind, KpiSignal, ReadingSource
from gates.promises import Direction, ValueStatus
from readiness.api.shapes.common import Day, Etag, Moment, Ref, Username
from readiness.api.shapes.readiness import Readiness
from readiness.api.typed import Example, Told, Words
from readiness.standing.kpis import Against

Measure = Annotated[str, Told("A value in the KPI's own unit."), Example("12.5")]


class Reading(TypedDict):
    """A KPI's measured value on a day. A wrong one is withdrawn and leaves its trace."""

    id: int
    on: Day
    value: Measure
    note: str
    source: Annotated[str, Words(ReadingSource)]
    by: Username | None
    received_at: Moment
    withdrawn_at: Moment | None
    withdrawn_reason: str


class LatestReading(TypedDict):
    """`against`: the best limit it reaches, `stop` at the stop limit or beyond, null where no limit is known."""

    on: Day
    value: Measure
    against: Annotated[str | None, Words(Against)]


class Measured(TypedDict):
    on: Day
    value: Measure


class Promised(TypedDict):
    """The limits, the unit and the direction as they were locked."""

    direction: Annotated[str, Words(Direction)]
    unit: str
    baseline: Measure | None
    target: Measure | None
    go_limit: Measure | None
    stop_limit: Measure | None


class Change(TypedDict):
    """One field of an amendment: its value before and after, as text. `added` says that the promise is a late one."""

    field: str
    before: str | None
    after: str | None


class Amendment(TypedDict):
    """A change of a locked promise, kept beside the original: of a KPI, or of an exit criterion."""

    id: int
    kpi: int | None
    criterion: int | None
    promise: Annotated[str, Told("What it is about, in words.")]
    changes: list[Change]
    reason: str
    after_reading: Annotated[bool, Told("The KPI had been read before.")]
    by: Username | None
    at: Moment
    acknowledged_by: Username | None
    acknowledged_at: Moment | None


class AmendmentWritten(Amendment):
    """The amendment as it is now, and readiness with it."""

    readiness: Readiness


class ValueCheck(TypedDict):
    """The measured value so many days after the launch, against the locked promise."""

    mark: Annotated[int, Told("Days after the launch.")]
    due_on: Day
    status: Annotated[str, Words(ValueStatus)]
    measured: Annotated[Measured | None, Told("The last reading since the mark before.")]
    promised: Annotated[Measure | None, Told("The go limit at first, the target from day 90 on.")]


class Kpi(TypedDict):
    """A measure with its limits as they stand now, and as they were promised."""

    id: int
    initiative: Ref
    name: str
    kind: Annotated[str, Words(KpiKind)]
    unit: str
    direction: Annotated[str, Words(Direction), Told("Which way is better.")]
    signal: Annotated[str | None, Words(KpiSignal), Told("What it tells a rule, where one asks.")]
    due: Annotated[str | None, Words(KpiDue), Told("By when it must be shown.")]
    owner: Username | None
    baseline: Measure | None
    target: Measure | None
    go_limit: Measure | None
    stop_limit: Measure | None
    locked_at: Moment | None
    promised: Annotated[Promised | None, Told("Null while it is not locked.")]
    amendments: list[Amendment]
    latest_reading: LatestReading | None
    readings_count: int
    value_checks: Annotated[list[ValueCheck], Told("Empty before the launch.")]
    created_at: Moment
    etag: Etag


class KpiWritten(Kpi):
    """The KPI as it is now, and readiness with it."""

    readiness: Readiness


class ReadingWritten(Reading):
    """The reading as it stands, and readiness as it is now."""

    readiness: Readiness


class ReadingsWritten(TypedDict):
    """Every reading that was sent as it stands, in the order sent; `new` of them were not known before."""

    readings: list[Reading]
    new: int
    readiness: Readiness


class Removed(TypedDict):
    """It is gone; this is readiness without it."""

    readiness: Readiness
