"""What stands in people's names beside the places they hold: conditions to keep, KPIs, exit criteria to decide."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from gates.models import Condition, Decision, ExitCriterion, Initiative, Kpi
from gates.rules import ConditionState


@dataclass(slots=True)
class Owed:
    """What stands in one person's name on one initiative, each in the order it was made."""

    conditions: list[Condition] = field(default_factory=list)
    kpis: list[Kpi] = field(default_factory=list)
    criteria: list[ExitCriterion] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.conditions or self.kpis or self.criteria)


def open_conditions() -> QuerySet[Condition]:
    """The conditions that are still to be kept: open, and of a decision that no later one has superseded."""
    newer = Decision.objects.filter(
        passage=OuterRef("decision__passage"),
        gate__slug=OuterRef("decision__gate__slug"),
        pk__gt=OuterRef("decision"),
    )
    return Condition.objects.filter(~Exists(newer), state=ConditionState.OPEN.value)


def owes(person_id: int) -> Q:
    """Of initiatives: something stands in this person's name there."""
    here = OuterRef("pk")
    return (
        Q(Exists(open_conditions().filter(owner=person_id, decision__passage__initiative=here)))
        | Q(Exists(Kpi.objects.filter(owner=person_id, initiative=here, removed_at__isnull=True)))
        | Q(Exists(ExitCriterion.objects.filter(decider=person_id, initiative=here, removed_at__isnull=True)))
    )


def owed_by(person_id: int, initiatives: Iterable[Initiative | int]) -> dict[int, Owed]:
    """What stands in this person's name, by the initiative's key; none is empty. Three queries."""
    keys = [one.pk if isinstance(one, Initiative) else one for one in initiatives]
    found: dict[int, Owed] = {}
    conditions = open_conditions().filter(owner=person_id, decision__passage__initiative__in=keys)
    for condition in conditions.select_related("decision__gate", "decision__passage").order_by("pk"):
        found.setdefault(condition.decision.passage.initiative_id, Owed()).conditions.append(condition)
    mine = {"initiative__in": keys, "removed_at__isnull": True}
    for kpi in Kpi.objects.filter(owner=person_id, **mine).order_by("pk"):
        found.setdefault(kpi.initiative_id, Owed()).kpis.append(kpi)
    criteria = ExitCriterion.objects.filter(decider=person_id, **mine).select_related("kpi")
    for criterion in criteria.order_by("pk"):
        found.setdefault(criterion.initiative_id, Owed()).criteria.append(criterion)
    return found
