"""Waivers: an accepted risk for one item that is not critical, for a while."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gates.models import Waiver
from readiness.accounts.policy import Act
from readiness.actions.acting import begin
from readiness.actions.answers import places_in, unknown_item
from readiness.actions.errors import Invalid, invalid
from readiness.actions.separation import separate
from readiness.actions.texts import coming_day_errors, text_errors
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome


@transaction.atomic
def grant_waiver(
    initiative_id: int, code: str, reason: str, expires_on: date | None, by: Actor, at: datetime
) -> tuple[Waiver, Outcome]:
    """Accept the risk of one item through ``expires_on``.

    Raises NotAllowed (``separation_of_duties``), or Invalid: an unknown item, ``item_critical``, a past day.
    """
    work = begin(initiative_id, Act.WAIVE, by, at)
    place = places_in(work.frameworks(), [code]).get(code)
    if place is None:
        raise Invalid(unknown_item("item", code))
    separate(place.passage.pk, place.item.gate_id, by)
    if place.item.critical:
        raise invalid(
            "item", "item_critical", _("%(code)s is critical and cannot be waived.") % {"code": code}
        )
    errors = [*text_errors("reason", reason), *coming_day_errors("expires_on", expires_on, work.today)]
    if errors or expires_on is None:
        raise Invalid(errors)
    waiver = Waiver.objects.create(
        passage=place.passage,
        item=place.item,
        reason=reason.strip(),
        approver=by.user,
        granted_at=at,
        expires_on=expires_on,
    )
    data = {"item": code, "reason": waiver.reason, "expires_on": expires_on}
    return waiver, work.finish("waiver.granted", data)
