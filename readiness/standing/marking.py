"""Marking what must be computed anew: there is one mark, ``due_on``."""

from datetime import date

from django.db.models import QuerySet

from gates.models import Initiative
from readiness.standing.models import Standing


def mark_due(initiatives: QuerySet[Initiative], today: date) -> int:
    """Make these initiatives due today: something they depend on changed. Returns how many.

    Their rows are locked first, in the order of their keys, so that no recompute under way can overwrite the mark
    with a later day. Call it before the event is recorded: the chain's lock comes last.
    """
    rows = initiatives.order_by("pk").select_for_update(of=("self",), no_key=True)
    marked = list(rows.values_list("pk", flat=True))
    return Standing.objects.filter(initiative__in=marked).update(due_on=today)
