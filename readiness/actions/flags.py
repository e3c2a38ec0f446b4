"""What people do to a flag: acknowledge or snooze it, which changes no figure, and say what its cause is."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin
from readiness.actions.errors import Conflict, Invalid, NotFound
from readiness.actions.texts import coming_day_errors, text_errors, word_errors
from readiness.audit.recording import Actor
from readiness.standing.definitions import root_causes
from readiness.standing.models import Flag
from readiness.standing.outcome import Outcome


@transaction.atomic
def acknowledge_flag(flag_id: int, by: Actor, at: datetime) -> Outcome:
    """Say that it was seen. Raises NotFound, NotAllowed or Conflict ``flag_resolved``."""
    flag = _open_flag(flag_id)
    work = begin(flag.initiative_id, Act.QUIET_FLAG, by, at, ended_ok=True)
    _still_open(flag)
    flag.acknowledged_by, flag.acknowledged_at = by.user, at
    flag.save(update_fields=["acknowledged_by", "acknowledged_at"])
    _as_it_is(work, flag)
    return work.finish("flag.acknowledged", {"flag": flag.code}, edits=False)


@transaction.atomic
def snooze_flag(flag_id: int, until: date | None, reason: str, by: Actor, at: datetime) -> Outcome:
    """Quiet its reminders through a day. Raises NotFound, NotAllowed, Conflict ``flag_resolved`` or Invalid."""
    flag = _open_flag(flag_id)
    work = begin(flag.initiative_id, Act.QUIET_FLAG, by, at, ended_ok=True)
    _still_open(flag)
    errors = [*coming_day_errors("until", until, work.today), *text_errors("reason", reason)]
    if errors:
        raise Invalid(errors)
    flag.snoozed_until, flag.snooze_reason = until, reason.strip()
    flag.save(update_fields=["snoozed_until", "snooze_reason"])
    _as_it_is(work, flag)
    data = {"flag": flag.code, "until": until, "reason": flag.snooze_reason}
    return work.finish("flag.snoozed", data, edits=False)


@transaction.atomic
def confirm_cause(flag_id: int, cause: str, by: Actor, at: datetime, note: str = "") -> Outcome:
    """Confirm the suspected root cause, or put another of the list in its place; it can be changed again.

    Raises NotFound, NotAllowed, Conflict ``flag_resolved`` or Invalid.
    """
    flag = _open_flag(flag_id)
    work = begin(flag.initiative_id, Act.CONFIRM_CAUSE, by, at, ended_ok=True)
    _still_open(flag)
    errors = word_errors("root_cause", cause, root_causes())
    errors += text_errors("note", note, required=False)
    if errors:
        raise Invalid(errors)
    flag.confirmed_cause, flag.confirmed_by, flag.confirmed_at = cause, by.user, at
    flag.save(update_fields=["confirmed_cause", "confirmed_by", "confirmed_at"])
    data = {"flag": flag.code, "suspected": flag.root_cause, "cause": cause, "note": note.strip()}
    return work.finish("cause.confirmed", data, edits=False)


def _open_flag(flag_id: int) -> Flag:
    flag = Flag.objects.filter(pk=flag_id).first()
    if flag is None:
        raise NotFound
    return flag


def _as_it_is(work: Work, flag: Flag) -> None:
    """What is quiet now no longer asks for anything: the recompute reads the flags as they stood before the act."""
    work.before.flags[:] = [flag if one.pk == flag.pk else one for one in work.before.flags]


def _still_open(flag: Flag) -> None:
    flag.refresh_from_db()
    if flag.resolved_at is not None:
        raise Conflict("flag_resolved", _("This flag has been resolved."))
