"""Whom to ask about an initiative that is stuck."""

from collections.abc import Sequence

from gates.models import Initiative, Role, TeamRole

WHOM_TO_ASK = (Role.EXECUTIVE_SPONSOR, Role.TECHNICAL_LEAD, Role.BUSINESS_OWNER)
"""In this order."""


def whom_to_ask(found: Sequence[Initiative]) -> dict[int, TeamRole]:
    """The place of that person, by the initiative's primary key; one query."""
    places = TeamRole.objects.filter(
        initiative__in=[one.pk for one in found], role__in=WHOM_TO_ASK, until__isnull=True
    )
    kept: dict[int, TeamRole] = {}
    for one in places.select_related("user").order_by("pk"):
        known = kept.get(one.initiative_id)
        if known is None or WHOM_TO_ASK.index(Role(one.role)) < WHOM_TO_ASK.index(Role(known.role)):
            kept[one.initiative_id] = one
    return kept
