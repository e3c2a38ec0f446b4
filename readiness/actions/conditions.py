"""Conditions of a pass: kept or given away by their owner or the team, confirmed or reopened by a reviewer off it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from gates.models import Condition, Role, TeamRole
from gates.rules import ConditionState
from readiness.accounts.audience import who_may_keep
from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin
from readiness.actions.errors import Conflict, Invalid, NotFound, Refused, invalid
from readiness.actions.passing_on import condition_told
from readiness.actions.separation import separate, separate_from_own_word
from readiness.actions.texts import askable, text_errors
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome
from readiness.ui.local import within

CONFIRMED_AT_ONCE_MAX = 100


@transaction.atomic
def keep_condition(initiative_id: int, condition_id: int, note: str, by: Actor, at: datetime) -> Outcome:
    """Say that an open condition is kept, and how: with a note. Raises Invalid, or Conflict ``condition_not_open``."""
    work, condition = _begin(initiative_id, condition_id, Act.KEEP_CONDITION, by, at)
    errors = text_errors("note", note)
    if errors:
        raise Invalid(errors)
    if condition.state != ConditionState.OPEN:
        raise _not_open(condition)
    condition.state = ConditionState.KEPT
    condition.kept_by, condition.kept_at, condition.kept_note = by.user, at, note.strip()
    return _save(work, condition, "condition.kept", note.strip())


@transaction.atomic
def give_condition(initiative_id: int, condition_id: int, owner: str, by: Actor, at: datetime) -> Outcome:
    """Give an open condition to another ``owner`` (a username), who keeps it by the same day.

    Raises Conflict ``condition_not_open``, or Invalid at ``owner`` where that one may not keep it, or has it already.
    """
    work, condition = _begin(initiative_id, condition_id, Act.GIVE_CONDITION, by, at, naming=[owner])
    if condition.state != ConditionState.OPEN:
        raise _not_open(condition)
    following = who_may_keep(work.initiative).filter(username__in=askable([owner])).first()
    if following is None:
        raise invalid(
            "owner", "unknown_person", _("Choose somebody who may see this initiative and keep it.")
        )
    before = condition.owner
    if following == before:
        raise invalid("owner", "same_person", _("It is theirs already."))
    condition.owner = following
    more = {
        "before": before.username,
        "owner": following.username,
        "owner_name": following.name,
        "person": following.pk,
        **condition_told(condition),
    }
    return _save(work, condition, "condition.given", "", more)


@transaction.atomic
def confirm_condition(initiative_id: int, condition_id: int, by: Actor, at: datetime) -> Outcome:
    """Confirm that a kept condition is kept; never one's own word. Raises Conflict ``condition_not_kept``."""
    work, condition = _begin(initiative_id, condition_id, Act.CONFIRM_CONDITION, by, at)
    if condition.state != ConditionState.KEPT:
        raise Conflict("condition_not_kept", _("Only a condition that was marked kept can be confirmed."))
    separate_from_own_word(condition.kept_by_id, by)
    condition.state = ConditionState.CONFIRMED
    condition.confirmed_by, condition.confirmed_at = by.user, at
    return _save(work, condition, "condition.confirmed", "")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What became of one of several: ``refused`` is why it was not confirmed, None where it was."""

    condition_id: int
    refused: Refused | None = None


def confirm_conditions(wanted: Iterable[tuple[int, int]], by: Actor, at: datetime) -> list[Confirmed]:
    """Confirm several, each on its own: one that is refused leaves the others as they are.

    ``wanted``: keys of an initiative and of a condition of it. Every one is a transaction of its own with every check
    that a single one has, and an event of its own. Where the database goes away after some were confirmed, the rest
    is refused as ``busy`` and not tried: what was done is told in any case.
    """
    found: list[Confirmed] = []
    away: Refused | None = None
    for initiative_id, condition_id in wanted:
        try:
            if away is None:
                confirm_condition(initiative_id, condition_id, by, at)
        except Refused as refused:
            found.append(Confirmed(condition_id, refused))
            continue
        except (OperationalError, InterfaceError):
            if all(one.refused for one in found):  # nothing was written: it is as if nobody had asked
                raise
            away = Refused("busy", _("The database is busy or away. Try again in a moment."))
        found.append(Confirmed(condition_id, away))
    return found


@transaction.atomic
def reopen_condition(initiative_id: int, condition_id: int, reason: str, by: Actor, at: datetime) -> Outcome:
    """Open a kept or confirmed condition again, with a reason. Raises Conflict ``condition_open``."""
    work, condition = _begin(initiative_id, condition_id, Act.CONFIRM_CONDITION, by, at)
    errors = text_errors("reason", reason)
    if errors:
        raise Invalid(errors)
    if condition.state == ConditionState.OPEN:
        raise Conflict("condition_open", _("This condition is open."))
    condition.state = ConditionState.OPEN
    condition.confirmed_by = condition.confirmed_at = None
    condition.reopened_reason = reason.strip()
    lead = TeamRole.objects.filter(
        initiative=work.initiative, role=Role.TECHNICAL_LEAD, until__isnull=True
    ).values_list("user", flat=True)
    more = {"people": sorted({condition.owner_id, *lead}), **condition_told(condition)}
    return _save(work, condition, "condition.reopened", reason.strip(), more)


def _not_open(condition: Condition) -> Conflict:
    return Conflict(
        "condition_not_open",
        _("This condition is %(lower)s already.") % {"lower": within(condition.get_state_display())},
    )


def _begin(
    initiative_id: int,
    condition_id: int,
    act: Act,
    by: Actor,
    at: datetime,
    naming: Iterable[str | None] = (),
) -> tuple[Work, Condition]:
    """The condition and the act under way. Only a condition of the decision that stands still binds."""
    condition = (
        Condition.objects.select_related("decision__gate", "decision__passage", "owner")
        .filter(pk=condition_id, decision__passage__initiative_id=initiative_id)
        .first()
    )
    owner_id = condition.owner_id if condition else None
    work = begin(initiative_id, act, by, at, condition_owner_id=owner_id, naming=naming)
    if condition is None:
        raise NotFound
    condition.refresh_from_db(
        fields=["owner", "state", "kept_by", "kept_at", "kept_note", "confirmed_by", "confirmed_at"]
    )
    decision = condition.decision
    if act == Act.CONFIRM_CONDITION:
        separate(decision.passage_id, decision.gate_id, by)
    newer = decision.passage.decisions.filter(gate__slug=decision.gate.slug, pk__gt=decision.pk)
    if newer.exists():
        raise Conflict(
            "condition_superseded", _("A later decision has taken the place of the one it belongs to.")
        )
    return work, condition


def _save(
    work: Work, condition: Condition, verb: str, said: str, more: Mapping[str, Any] | None = None
) -> Outcome:
    condition.save()
    data = {
        "condition": condition.pk,
        "text": condition.text,
        "gate": condition.decision.gate.slug,
        "said": said,
        **(more or {}),
    }
    return work.finish(verb, data)
