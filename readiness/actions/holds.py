"""Putting an initiative on hold, and lifting the hold."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gates.models import Hold
from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin
from readiness.actions.errors import Conflict, Invalid
from readiness.actions.texts import coming_day_errors, text_errors
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome


@transaction.atomic
def set_hold(initiative_id: int, reason: str, review_on: date | None, by: Actor, at: datetime) -> Outcome:
    """Put it on hold from today on. Raises Conflict ``already_on_hold``, or Invalid for reason and review date."""
    work = begin(initiative_id, Act.HOLD, by, at)
    hold = open_hold(work, reason, review_on)
    return work.finish("hold.set", {"reason": hold.reason, "review_on": hold.review_on}, own=True)


@transaction.atomic
def lift_hold(initiative_id: int, by: Actor, at: datetime) -> Outcome:
    """Lift the hold; the day it is lifted counts again. Raises Conflict ``not_on_hold``."""
    work = begin(initiative_id, Act.HOLD, by, at)
    if work.initiative.hold is None:
        raise Conflict("not_on_hold", _("This initiative is not on hold."))
    since = work.initiative.hold.since
    close_hold(work)
    return work.finish("hold.lifted", {"since": since}, own=True)


def open_hold(work: Work, reason: str, review_on: date | None, path: str = "") -> Hold:
    """Open a hold within an act under way (unsaved on the initiative until it finishes).

    ``path`` prefixes the fields of errors.
    """
    if work.initiative.hold is not None:
        raise Conflict("already_on_hold", _("This initiative is on hold already."))
    errors = text_errors(f"{path}reason", reason)
    errors += coming_day_errors(f"{path}review_on", review_on, work.today)
    if errors or review_on is None:
        raise Invalid(errors)
    work.initiative.hold = Hold.objects.create(
        initiative=work.initiative,
        since=work.today,
        reason=reason.strip(),
        review_on=review_on,
        by=work.actor.user,
    )
    return work.initiative.hold


def close_hold(work: Work) -> None:
    """End the hold in force, if there is one, within an act under way."""
    hold = work.initiative.hold
    if hold is not None:
        # Where an admin has moved the organisation west since, today may be the day before.
        hold.lifted_on, hold.lifted_by = max(work.today, hold.since), work.actor.user
        hold.save(update_fields=["lifted_on", "lifted_by"])
        work.initiative.hold = None
