"""Noting when the functions that have to be involved were: IT, operations, legal, security, the works council."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gates.models import Initiative, Stakeholder, StakeholderFunction
from readiness.accounts.policy import Act
from readiness.actions.acting import begin, same_version
from readiness.actions.errors import FieldError, Invalid
from readiness.actions.fields import digest
from readiness.actions.lines import line_errors
from readiness.actions.texts import past_day_errors, word_errors
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome

CONTACT_MAX = 200
_TOLD = ("contact", "involved_on", "needed")


def stakeholders_of(initiative: Initiative) -> list[Stakeholder]:
    """One row a function, in the order of their list; an unsaved one where nothing was noted yet."""
    noted = {row.function: row for row in Stakeholder.objects.filter(initiative=initiative)}
    return [
        noted.get(function) or Stakeholder(initiative=initiative, function=function)
        for function in StakeholderFunction.values
    ]


def stakeholders_seen(rows: Sequence[Stakeholder]) -> str:
    """A short text that changes with what is noted, and with nothing else."""
    return digest({row.function: [getattr(row, name) for name in _TOLD] for row in rows})


@transaction.atomic
def set_stakeholders(
    initiative_id: int,
    wanted: Sequence[Mapping[str, Any]],
    by: Actor,
    at: datetime,
    *,
    seen: str | None = None,
    path: str = "stakeholders.{position}.",
) -> Outcome:
    """Note who stands for a function and since when it is involved: ``{function, contact, involved_on, needed}``.

    Functions and fields that are not named stay as they are. ``seen``: the text of ``stakeholders_seen`` that the
    person was shown, or None. ``path`` prefixes the fields of errors. Raises NotFound, NotAllowed, Conflict
    ``initiative_ended``, Stale or Invalid.
    """
    work = begin(initiative_id, Act.EDIT, by, at)
    rows = {row.function: row for row in stakeholders_of(work.initiative)}
    same_version(seen, stakeholders_seen(list(rows.values())), work.initiative)
    errors: list[FieldError] = []
    changed: dict[str, dict[str, Any]] = {}
    for position, given in enumerate(wanted):
        prefix = path.format(position=position)
        row = rows.get(given["function"])
        if row is None:
            errors += word_errors(f"{prefix}function", given["function"], StakeholderFunction.values)
        elif row.function in changed:
            message = _("%(function)s is named twice.") % {"function": row.get_function_display()}
            errors.append(FieldError(f"{prefix}function", "named_twice", message))
        else:
            changed[row.function] = _apply(row, given)
            errors += _errors(row, prefix, work.today)
    if errors:
        raise Invalid(errors)
    told = [{"function": function, **new} for function, new in changed.items() if new]
    if not told:
        return work.before
    for one in told:
        rows[one["function"]].save()
    return work.finish("stakeholders.noted", {"stakeholders": told}, own=True)


def _apply(row: Stakeholder, given: Mapping[str, Any]) -> dict[str, Any]:
    """Set what is given (unsaved); returns what is new."""
    told: dict[str, Any] = {}
    for name in _TOLD:
        if name not in given:
            continue
        value = given[name]
        if name == "contact":
            value = (value or "").strip()
        if getattr(row, name) != value:
            setattr(row, name, value)
            told[name] = value
    return told


def _errors(row: Stakeholder, prefix: str, today: date) -> list[FieldError]:
    errors = line_errors(f"{prefix}contact", row.contact, CONTACT_MAX, required=False)
    if not row.needed and row.function != StakeholderFunction.WORKS_COUNCIL:
        message = _("%(function)s is always needed; only a works council may not exist.") % {
            "function": row.get_function_display()
        }
        errors.append(FieldError(f"{prefix}needed", "always_needed", message))
    elif not row.needed and row.involved_on is not None:
        message = _(
            "Who is not there cannot have been involved: leave out the day, or say that there is one."
        )
        errors.append(FieldError(f"{prefix}involved_on", "not_needed", message))
    if row.involved_on is not None:
        errors += past_day_errors(f"{prefix}involved_on", row.involved_on, today)
    return errors
