"""Initiatives."""

from typing import Annotated, TypedDict

from gates.models import Approach, Priority, StakeholderFunction, Visibility
from gates.stages import Stage
from readiness.api.shapes.common import Day, Moment, Money, Ref, Username
from readiness.api.shapes.readiness import Readiness
from readiness.api.typed import Told, Words


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
    intake_days: int | None
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
    estimate_build: Annotated[Money | None, Told("What building for production would cost.")]
    estimate_run: Annotated[Money | None, Told("What twelve months of running would cost.")]


class Stakeholder(TypedDict):
    function: Annotated[str, Words(StakeholderFunction)]
    contact: str
    involved_on: Annotated[Day | None, Told("Since when it is involved; null while it is not.")]
    needed: Annotated[bool, Told("False only of a works council that does not exist.")]


class Stakeholders(TypedDict):
    stakeholders: list[Stakeholder]


class FrameworkVersion(TypedDict):
    slug: str
    version: str


VersionMove = TypedDict(
    "VersionMove",
    {
        "framework": str,
        "from": str,
        "to": str,
        "kept": Annotated[list[str], Told("Codes of items that stay as they are.")],
        "reworded": Annotated[
            list[str], Told("Codes of items that read differently; their answers carry over.")
        ],
        "new": list[str],
        "gone": Annotated[list[str], Told("Their answers stay in the history and count no more.")],
        "lapsing": Annotated[list[str], Told("Slugs of passed gates that would have to be decided anew.")],
        "waivers_ending": Annotated[list[str], Told("Codes of items whose waiver would end.")],
        "waiting": Annotated[
            list[str], Told("Names of gates that wait for a decision and keep it from moving.")
        ],
    },
)


class Initiative(TypedDict):
    id: Ref
    name: str
    business_problem: str
    business_unit: str
    stage: Annotated[str, Words(Stage)]
    stage_since: Annotated[
        Day | None, Told("From which day its days in the stage count: days of an earlier stay in it go on.")
    ]
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
