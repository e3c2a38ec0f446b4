"""Rates of exchange: what one unit of a currency is worth in the organisation's, entered by an admin for a day."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gates.models import Initiative
from readiness.accounts.currencies import is_active
from readiness.accounts.models import CURRENCY_CODE, Rate
from readiness.actions.administering import begin_administration
from readiness.actions.errors import FieldError, Invalid
from readiness.actions.fields import no_currency
from readiness.audit.recording import Actor, record

FIRST_DAY = date(1990, 1, 1)
DECIMALS = 10
DIGITS = 15
"""So many in all: both databases keep them exactly."""
MOST = Decimal(10) ** 8


@transaction.atomic
def set_rate(currency: str, on: date | None, rate: Any, by: Actor, at: datetime) -> tuple[Rate, bool]:
    """Say what one unit of ``currency`` is worth in the organisation's, from a day on; of the same day it is replaced.

    ``rate``: text or number. The same again changes nothing. Every figure follows from then on. Answers whether the
    day had none before. Raises NotAllowed, or Invalid at ``currency``, ``on`` and ``rate``.
    """
    organisation = begin_administration(by)
    currency = currency.strip().upper()
    given, errors = _rate(rate)
    errors += _currency_errors(currency, organisation.currency) + _day_errors(on, organisation.day_of(at))
    if errors or on is None or given is None:
        raise Invalid(errors)
    place = {"currency": currency, "into": organisation.currency, "on": on}
    row = Rate.objects.select_for_update(no_key=True).filter(**place).first()
    before = row.rate if row else None
    if row is not None and before == given:
        return row, False
    row = row or Rate(**place)
    row.rate, row.entered_by, row.entered_at = given, by.user, at
    row.save()
    record(by, "rate.set", _told(row, before, given), at)
    return row, before is None


@transaction.atomic
def remove_rate(rate_id: int, by: Actor, at: datetime) -> None:
    """Take one rate away; one that is not there (any more) is no error. Every figure follows. Raises NotAllowed."""
    begin_administration(by)
    row = Rate.objects.select_for_update(no_key=True).filter(pk=rate_id).first()
    if row is not None:
        row.delete()
        record(by, "rate.removed", _told(row, row.rate, None), at)


def _told(row: Rate, before: Decimal | None, after: Decimal | None) -> dict[str, Any]:
    """As the audit trail keeps it: the pair, the day, and [before, after]."""
    written = [None if one is None else f"{one.normalize():f}" for one in (before, after)]
    return {"currency": row.currency, "into": row.into, "on": row.on.isoformat(), "rate": written}


def _rate(given: Any) -> tuple[Decimal | None, list[FieldError]]:
    if given is None or given == "":
        return None, [FieldError("rate", "required", _("This is required."))]
    try:
        rate = Decimal(str(given))
    except InvalidOperation:
        return None, [FieldError("rate", "wrong_type", _("A number such as 12.5."))]
    if not rate.is_finite() or rate <= 0 or rate >= MOST:
        message = _("More than 0 and less than 100,000,000.")
        return None, [FieldError("rate", "out_of_range", message)]
    if rate != round(rate, DECIMALS) or len(rate.normalize().as_tuple().digits) > DIGITS:
        message = _("At most %(decimals)s decimals, and %(digits)s digits in all.")
        return None, [FieldError("rate", "too_precise", message % {"decimals": DECIMALS, "digits": DIGITS})]
    return rate, []


def _currency_errors(currency: str, own: str) -> list[FieldError]:
    if not is_active(currency) and not _is_kept(currency):
        return [FieldError("currency", "unknown_word", no_currency())]
    if currency == own:
        message = _("%(currency)s is what the organisation counts in: it needs no rate.")
        return [FieldError("currency", "own_currency", message % {"currency": currency})]
    return []


def _day_errors(on: date | None, today: date) -> list[FieldError]:
    """A rate to come may be entered: it counts from its day on. One far ahead is a slip."""
    if on is None:
        return [FieldError("on", "required", _("This is required."))]
    if on < FIRST_DAY or on.year > today.year + 1:
        message = _("A day between %(first)s and the end of next year.")
        return [FieldError("on", "out_of_range", message % {"first": FIRST_DAY.year})]
    return []


def _is_kept(currency: str) -> bool:
    """Whether money was entered in it before it was withdrawn: that needs its rate all the same."""
    return (
        bool(re.fullmatch(CURRENCY_CODE, currency)) and Initiative.objects.filter(currency=currency).exists()
    )
