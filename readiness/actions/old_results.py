"""Results of automated checks that say nothing any more are forgotten; what happened stands in the audit trail."""

from django.db.models import Exists, F, OuterRef, Window
from django.db.models.functions import RowNumber

from checklists.models import Answer, CheckResult

KEPT = 100
"""So many results of one check at one item stay beside those that something rests on."""
AT_ONCE = 10_000


def forget_old_results(kept: int = KEPT, at_once: int = AT_ONCE) -> int:
    """Remove all but the newest ``kept`` of each check at each item. Returns how many went.

    What something rests on is neither removed nor counted: the result that measures an item, and the newest behind
    each piece of evidence, which tells what the piece says. The newest of a check is one of these, so that whoever
    reports or binds at the same moment never holds on to a row that goes.
    """
    removed = 0
    while keys := _old(kept, at_once):
        removed += CheckResult.objects.filter(pk__in=keys).delete()[0]
    return removed


def _old(kept: int, most: int) -> list[int]:
    newer = CheckResult.objects.filter(evidence=OuterRef("evidence"), pk__gt=OuterRef("pk"))
    measures = Answer.objects.filter(measured_by=OuterRef("pk"))
    place = Window(
        RowNumber(),
        partition_by=[F("assessment"), F("item"), F("name")],
        order_by=[F("observed_at").desc(), F("pk").desc()],
    )
    free = CheckResult.objects.filter(Exists(newer), ~Exists(measures))
    old = free.annotate(place=place).filter(place__gt=kept)
    return list(old.order_by("pk").values_list("pk", flat=True)[:most])
