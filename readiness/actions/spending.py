"""What was spent, by month and kind."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gates.budget import FIRST_MONTH, first_of_month
from gates.models import Initiative, Spending, SpendingKind
from readiness.accounts.policy import Act
from readiness.actions.acting import begin, same_version
from readiness.actions.errors import FieldError, Invalid
from readiness.actions.fields import BUDGET_MAX, checked, money
from readiness.actions.texts import word_errors
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome
from readiness.ui.local import number


@transaction.atomic
def set_spending(
    initiative_id: int,
    month: date | None,
    amounts: Mapping[str, Any],
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Outcome:
    """Write what one month cost; a kind that is not named stays, one that is None is taken out.

    From the first entry on, what the initiative has spent is their sum; with the last one gone it is again what was
    typed before the first. ``month``: any day of it. ``version``: of the initiative as the person saw it, or None.
    Raises NotFound, NotAllowed, Conflict ``initiative_ended``, Stale or Invalid.
    """
    work = begin(initiative_id, Act.EDIT, by, at)
    initiative = work.initiative
    same_version(version, initiative.version, initiative)
    given, errors = _given(amounts)
    errors += _month_errors(month, work.today)
    if errors or month is None:
        raise Invalid(errors)
    month = first_of_month(month)
    before, was_typed = initiative.budget_spent, not Spending.objects.filter(initiative=initiative).exists()
    changed = _write(initiative, month, given)
    if not changed:
        return work.before
    initiative.budget_spent = _sum(initiative)
    if initiative.budget_spent is not None and initiative.budget_spent > BUDGET_MAX:
        message = _("With this, all months together would be more than %(most)s.") % {
            "most": number(f"{BUDGET_MAX:,}")
        }
        raise Invalid([FieldError(f"amounts.{kind}", "out_of_range", message) for kind in changed])
    data = {
        "month": f"{month:%Y-%m}",
        "changed": changed,
        "spent_before": before,
        "was_typed": was_typed,
        "spent": initiative.budget_spent,
        "currency": initiative.currency,
    }
    return work.finish("spending.set", data, own=True)


def spent_errors(initiative: Initiative, changed: Mapping[str, Any]) -> list[FieldError]:
    """What is wrong with a typed sum where the months give it. ``changed``: the facts that are to change."""
    if "budget.spent" not in changed or not Spending.objects.filter(initiative=initiative).exists():
        return []
    message = _("This is the sum of the months entered under Budget. Change it there.")
    return [FieldError("budget.spent", "sum_of_months", message)]


def _given(amounts: Mapping[str, Any]) -> tuple[dict[str, Decimal | None], list[FieldError]]:
    given: dict[str, Decimal | None] = {}
    errors: list[FieldError] = []
    for kind, value in amounts.items():
        if unknown := word_errors(f"amounts.{kind[:50]}", kind, SpendingKind.values):
            errors += unknown
            continue
        given[kind], wrong = checked(f"amounts.{kind}", value, money)
        errors += wrong
    return given, errors


def _month_errors(month: date | None, today: date) -> list[FieldError]:
    if month is None:
        return [FieldError("month", "required", _("Name a month."))]
    if month < FIRST_MONTH:
        return [
            FieldError("month", "out_of_range", _("A month from %(year)s on.") % {"year": FIRST_MONTH.year})
        ]
    if first_of_month(month) > first_of_month(today):
        return [FieldError("month", "in_the_future", _("This month is still to come."))]
    return []


def _write(
    initiative: Initiative, month: date, given: Mapping[str, Decimal | None]
) -> dict[str, list[Decimal | None]]:
    """Write the amounts; returns those that changed as ``{kind: [before, after]}``."""
    rows = Spending.objects.filter(initiative=initiative, month=month)
    before = dict(rows.values_list("kind", "amount"))
    changed = {kind: [before.get(kind), after] for kind, after in given.items() if before.get(kind) != after}
    rows.filter(kind__in=changed).delete()
    Spending.objects.bulk_create(
        Spending(initiative=initiative, month=month, kind=kind, amount=after)
        for kind, (_, after) in changed.items()
        if after is not None
    )
    return changed


def _sum(initiative: Initiative) -> Decimal | None:
    """Of all its months; where none is left, what was typed before the first of them, or None."""
    amounts = list(Spending.objects.filter(initiative=initiative).values_list("amount", flat=True))
    return sum(amounts, Decimal(0)) if amounts else _typed(initiative)


def _typed(initiative: Initiative) -> Decimal | None:
    """What stood as one figure when its months began; None where nothing did, or where no event says it.

    While there are months no figure can be typed (``spent_errors``), so the newest event that began them knows it.
    """
    began = Event.objects.filter(initiative=initiative, verb="spending.set", data__was_typed=True)
    data = began.order_by("-seq").values_list("data", flat=True).first()
    return None if data is None or data["spent_before"] is None else Decimal(data["spent_before"])
