"""KPIs: what is promised in numbers, and how a promise is amended once it is locked."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gates.models import LIMIT_FIELDS, Amendment, Kpi, KpiDue, KpiKind, KpiSignal
from gates.promises import Direction, misplaced, plain
from readiness.accounts.models import User
from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin, same_version
from readiness.actions.errors import Conflict, FieldError, Invalid, NotFound
from readiness.actions.lines import line_errors
from readiness.actions.numbers import value_of
from readiness.actions.promises import amend, lock_kpi, promises_locked
from readiness.actions.texts import askable, text_errors, word_errors
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome

NAME_MAX = 200
UNIT_MAX = 40
BUSINESS_MAX = 3
SHARES = frozenset({KpiSignal.WEEKLY_ACTIVE_SHARE.value, KpiSignal.BYPASS_RATE.value})
"""Signals that are shares in percent: what is read and promised lies between 0 and 100."""
FREE_FIELDS = ("name", "owner", "due")
AMENDED_FIELDS = ("kind", "unit", "direction", "signal", *LIMIT_FIELDS)
"""What can be changed at any time, and what needs a reason once it is locked."""

_WORDS: dict[str, tuple[list[str], bool]] = {
    "kind": (KpiKind.values, False),
    "direction": ([one.value for one in Direction], False),
    "signal": (KpiSignal.values, True),
    "due": (KpiDue.values, True),
}
"""{field: (words, may it be left out)}"""

Changed = dict[str, list[Any]]


@transaction.atomic
def create_kpi(
    initiative_id: int, given: Mapping[str, Any], by: Actor, at: datetime, reason: str = ""
) -> tuple[Kpi, Outcome]:
    """Add a KPI from fields in the words of the REST contract; only ``name`` is required.

    Where the promises are locked already it is locked at once, with an amendment that says it was added: then it needs
    a reason. Raises NotFound, NotAllowed, Conflict ``initiative_ended``, or Invalid with every field that is wrong.
    """
    work = begin(initiative_id, Act.EDIT, by, at, naming=[given.get("owner")])
    kpi = Kpi(initiative=work.initiative, created_by=by.user, created_at=at)
    _, errors = _apply(kpi, {"name": "", **given})
    late = promises_locked(work.initiative)
    if late:
        errors += text_errors("reason", reason)
    if errors:
        raise Invalid(errors)
    if late:
        lock_kpi(kpi, work)
    kpi.save()
    data = {"kpi": kpi.pk, "name": kpi.name, "kind": kpi.kind}
    if late:
        amend(work, kpi, {"added": [None, kpi.name]}, reason)
        data["reason"] = reason.strip()
    return kpi, work.finish("kpi.added", data)


@transaction.atomic
def edit_kpi(
    initiative_id: int,
    kpi_id: int,
    given: Mapping[str, Any],
    by: Actor,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> tuple[Kpi, Outcome]:
    """Change the fields that are given; the rest stays. ``version``: the one the person saw, or None.

    On a locked KPI whatever is not in FREE_FIELDS is one amendment, and needs a reason. Raises NotFound, NotAllowed,
    Conflict ``initiative_ended``, Stale, or Invalid with every field that is wrong.
    """
    work = begin(initiative_id, Act.EDIT, by, at, naming=[given.get("owner")])
    kpi = standing_kpi(work, kpi_id)
    same_version(version, kpi.version, kpi)
    changed, errors = _apply(kpi, given)
    amended = (
        {name: pair for name, pair in changed.items() if name in AMENDED_FIELDS} if kpi.locked_at else {}
    )
    if amended:
        errors += text_errors("reason", reason)
    if errors:
        raise Invalid(errors)
    if not changed:
        return kpi, work.before
    kpi.version += 1
    kpi.save()
    data: dict[str, Any] = {"kpi": kpi.pk, "name": kpi.name, "changed": changed}
    if not amended:
        return kpi, work.finish("kpi.edited", data)
    amend(work, kpi, amended, reason)
    return kpi, work.finish("kpi.amended", data | {"reason": reason.strip()})


@transaction.atomic
def remove_kpi(
    initiative_id: int, kpi_id: int, by: Actor, at: datetime, version: int | None = None
) -> Outcome:
    """Take a KPI out of sight, with its readings; it stays in the database.

    Raises NotFound, NotAllowed, Stale, Conflict ``initiative_ended``, ``promise_locked`` where it is locked, or
    ``kpi_in_use`` where an exit criterion stands on it.
    """
    work = begin(initiative_id, Act.EDIT, by, at)
    kpi = standing_kpi(work, kpi_id)
    same_version(version, kpi.version, kpi)
    if kpi.locked_at is not None:
        raise Conflict("promise_locked", _("This promise is locked: it can be amended, and not be removed."))
    if kpi.exit_criteria.filter(removed_at__isnull=True).exists():
        raise Conflict("kpi_in_use", _("An exit criterion stands on this KPI. Remove that first."))
    kpi.removed_at = at
    kpi.version += 1
    kpi.save(update_fields=["removed_at", "version"])
    return work.finish("kpi.removed", {"kpi": kpi.pk, "name": kpi.name})


@transaction.atomic
def acknowledge_amendment(initiative_id: int, amendment_id: int, by: Actor, at: datetime) -> Outcome:
    """Say, as a reviewer who is not on the team, that a changed promise was seen. A second time changes nothing.

    Raises NotFound, NotAllowed or Conflict ``initiative_ended``.
    """
    work = begin(initiative_id, Act.ACKNOWLEDGE_AMENDMENT, by, at)
    rows = Amendment.objects.filter(initiative=work.initiative, pk=amendment_id)
    amendment = rows.select_related("kpi", "criterion__kpi").first()
    if amendment is None:
        raise NotFound
    if amendment.acknowledged_at is not None:
        return work.before
    amendment.acknowledged_by, amendment.acknowledged_at = by.user, at
    amendment.save(update_fields=["acknowledged_by", "acknowledged_at"])
    data = {"amendment": amendment.pk, "promise": str(amendment.kpi or amendment.criterion)}
    return work.finish("amendment.acknowledged", data, edits=False)


def standing_kpi(work: Work, kpi_id: int) -> Kpi:
    """A KPI of the initiative that is not removed. Raises NotFound."""
    rows = Kpi.objects.filter(initiative=work.initiative, pk=kpi_id, removed_at__isnull=True)
    kpi = rows.select_related("owner").first()
    if kpi is None:
        raise NotFound
    return kpi


def _apply(kpi: Kpi, given: Mapping[str, Any]) -> tuple[Changed, list[FieldError]]:
    """Set the given fields on the KPI (unsaved): what changed as ``{field: [before, after]}``, and every error."""
    changed: Changed = {}
    errors: list[FieldError] = []
    for name in (*FREE_FIELDS, *AMENDED_FIELDS):
        if name not in given:
            continue
        value, wrong = _checked(kpi, name, given[name])
        errors += wrong
        before = getattr(kpi, name)
        if not wrong and before != value:
            changed[name] = [_said(before), _said(value)]
            setattr(kpi, name, value)
    wrong_fields = {error.field for error in errors}
    return changed, [*errors, *_limit_errors(kpi, wrong_fields), *_neighbour_errors(kpi, changed)]


def _checked(kpi: Kpi, name: str, given: Any) -> tuple[Any, list[FieldError]]:
    if name in LIMIT_FIELDS:
        return value_of(name, given)
    if name == "owner":
        return _owner(kpi, given)
    if name in _WORDS:
        words, may_be_left_out = _WORDS[name]
        value = given or ""
        left_out = not value and may_be_left_out
        return value, [] if left_out else word_errors(name, value, words)
    text = (given or "").strip()
    limit = NAME_MAX if name == "name" else UNIT_MAX
    return text, line_errors(name, text, limit, required=name == "name")


def _owner(kpi: Kpi, username: str | None) -> tuple[User | None, list[FieldError]]:
    """Who answers for it; a person who is no longer active only where they were named before."""
    if not username:
        return None, []
    if kpi.owner is not None and kpi.owner.username == username:
        return kpi.owner, []
    person = User.objects.filter(username__in=askable([username])).first()
    if person is None:
        return None, [FieldError("owner", "unknown_person", _("There is no person with this username."))]
    if not person.is_active:
        return None, [
            FieldError(
                "owner", "inactive_person", _("%(person)s is no longer active.") % {"person": person.name}
            )
        ]
    return person, []


def _limit_errors(kpi: Kpi, wrong_fields: set[str]) -> list[FieldError]:
    """What is wrong with the limits beside each other; nothing is said of those that are wrong in themselves."""
    errors = []
    if not wrong_fields & {"direction", *LIMIT_FIELDS}:
        errors += [FieldError(field, "wrong_side", message) for field, message in misplaced(kpi.limits)]
    if kpi.signal in SHARES:
        for name in LIMIT_FIELDS:
            errors += share_errors(name, getattr(kpi, name)) if name not in wrong_fields else []
    return errors


def share_errors(field: str, value: Decimal | None) -> list[FieldError]:
    """What is wrong with a value of a KPI whose signal is a share in percent."""
    if value is None or 0 <= value <= 100:
        return []
    return [FieldError(field, "out_of_range", _("This is a share in percent: from 0 to 100."))]


def _neighbour_errors(kpi: Kpi, changed: Changed) -> list[FieldError]:
    """What the initiative's other KPIs do not allow."""
    others = Kpi.objects.filter(initiative=kpi.initiative, removed_at__isnull=True).exclude(pk=kpi.pk)
    named = list(others.values_list("name", "kind"))
    errors = []
    if kpi.name.casefold() in {name.casefold() for name, _ in named} and "name" in changed:
        errors.append(FieldError("name", "name_taken", _("Another KPI of this initiative has this name.")))
    business = [name for name, kind in named if kind == KpiKind.BUSINESS]
    enters = kpi.kind == KpiKind.BUSINESS and (kpi.pk is None or "kind" in changed)
    if enters and len(business) >= BUSINESS_MAX:
        message = _(
            "At most %(most)s business KPIs: what matters most. Remove one, or make this a technical one."
        ) % {"most": BUSINESS_MAX}
        errors.append(FieldError("kind", "too_many", message))
    return errors


def _said(value: Any) -> str | None:
    """A value as the trail and an amendment keep it."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, User):
        return value.username
    return value or None
