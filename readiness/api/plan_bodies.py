"""What the bodies about the roadmap and about spending may hold."""

from typing import Any, ClassVar

from gates.roadmap import Phase
from readiness.actions.roadmaps import TEXT_MAX
from readiness.api.fields import Amount, Day, Many, Month, Shape, Text, Word


class PhaseBody(Shape):
    """One phase of the roadmap. What is absent stays as it is; null or empty takes it out."""

    told_only = frozenset({"name", "began_on", "standing", "usual_weeks"})

    kind = Word([*Phase])
    starts_on = Day(required=False, allow_null=True)
    ends_on = Day(required=False, allow_null=True)
    entry_rule = Text(TEXT_MAX, required=False)
    pause_rule = Text(TEXT_MAX, required=False)


class RoadmapBody(Shape):
    """What to write of the roadmap. What is absent stays as it is."""

    example: ClassVar[dict[str, Any]] = {
        "people": "Two developers and one from operations, half their time.",
        "budget": "180000.00",
        "phases": [
            {"kind": "decision", "starts_on": "2027-01-04", "ends_on": "2027-01-17"},
            {
                "kind": "limited_group",
                "starts_on": "2027-04-12",
                "ends_on": "2027-05-09",
                "entry_rule": "The helpdesk is trained.",
                "pause_rule": "More than 2 % wrong answers in a week.",
            },
        ],
    }

    told_only = frozenset(
        {"complete", "missing", "undated", "phase", "days_late", "warnings", "version", "updated_by", "updated_at"}
    )  # fmt: skip

    people = Text(TEXT_MAX, required=False)
    budget = Amount(required=False, allow_null=True)
    phases = Many(len(Phase), child=PhaseBody(), required=False)


class BeginBody(Shape):
    """On which day a phase began; today, if not given."""

    example = {"on": "2026-11-02"}

    on = Day(required=False, allow_null=True, help_text="Today, if not given.")


class AmountsBody(Shape):
    """Amounts by kind; null takes one out."""

    data = Amount(required=False, allow_null=True)  # type: ignore[assignment]  # a field, not what was sent
    infrastructure = Amount(required=False, allow_null=True)
    integration = Amount(required=False, allow_null=True)
    change = Amount(required=False, allow_null=True)
    other = Amount(required=False, allow_null=True)


class SpendingBody(Shape):
    """What one month cost. A kind that is absent stays as it is; null takes it out."""

    example: ClassVar[dict[str, Any]] = {
        "month": "2026-10",
        "amounts": {"data": "8000.00", "integration": "2500.00", "change": None},
    }

    month = Month()
    amounts = AmountsBody()
