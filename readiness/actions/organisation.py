"""The organisation: its name, zone and currency, its thresholds, and the end of the demo."""

import zoneinfo
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from gates.models import Initiative
from readiness.accounts.choices import TwoFactorFor
from readiness.accounts.currencies import is_active
from readiness.accounts.models import Organisation, User
from readiness.accounts.two_factor import has_authenticator
from readiness.actions.administering import begin_administration
from readiness.actions.errors import Conflict, FieldError, Invalid, NotFound
from readiness.actions.fields import no_currency
from readiness.actions.languages import language_errors
from readiness.actions.lines import line_errors
from readiness.actions.texts import word_errors
from readiness.actions.two_factor import end_unproven_sessions
from readiness.audit.recording import Actor, record
from readiness.standing.definitions import flag_rules
from readiness.standing.flags.registry import RULES
from readiness.standing.flags.thresholds import ANY_STAGE, FlagRule, Unit
from readiness.standing.marking import mark_due
from readiness.standing.models import Threshold
from readiness.ui.local import number

NAME_MAX = 120
MOST = {Unit.DAYS: 3650, Unit.PERCENT: 1000, Unit.SHARE: 100, Unit.COUNT: 10_000}
WHOLE = (Unit.DAYS, Unit.COUNT)

Values = Mapping[tuple[str, str], Decimal | None]
"""Of one rule: {(stage or "", key): value, or None for the default}."""


@transaction.atomic
def edit_organisation(
    name: str,
    time_zone: str,
    currency: str,
    by: Actor,
    at: datetime,
    *,
    language: str | None = None,
    two_factor_for: str | None = None,
) -> Organisation:
    """Change what the organisation is called, where its days begin, what it counts in, the language of its mails, and
    who must have a second factor (a word of ``TwoFactorFor``): who is bound and has none is signed out.

    Without ``language`` or ``two_factor_for`` that stays. Another zone makes every initiative due. Raises NotAllowed or
    Invalid.
    """
    organisation = begin_administration(by)
    wanted = {"name": name.strip(), "time_zone": time_zone.strip(), "currency": currency.strip().upper()}
    given = {"language": language, "two_factor_for": two_factor_for}
    wanted |= {field: value for field, value in given.items() if value is not None}
    errors = line_errors("name", wanted["name"], NAME_MAX)
    if wanted["time_zone"] not in zoneinfo.available_timezones():
        errors.append(FieldError("time_zone", "unknown_zone", _("Not a time zone, such as Europe/Berlin.")))
    if wanted["currency"] != organisation.currency and not is_active(wanted["currency"]):
        errors.append(FieldError("currency", "unknown_word", no_currency()))
    errors += language_errors("language", language) if language is not None else []
    if wanted.get("two_factor_for", organisation.two_factor_for) != organisation.two_factor_for:
        errors += _policy_errors(wanted["two_factor_for"], by)
    if errors:
        raise Invalid(errors)
    changed = {
        field: [getattr(organisation, field), value]
        for field, value in wanted.items()
        if getattr(organisation, field) != value
    }
    if not changed:
        return organisation
    for field in changed:
        setattr(organisation, field, wanted[field])
    organisation.save(update_fields=list(changed))
    if "time_zone" in changed:
        mark_due(Initiative.objects.all(), organisation.day_of(at))
    if "two_factor_for" in changed:
        end_unproven_sessions(User.objects.all(), organisation.two_factor_for)
    record(by, "organisation.edited", {"changed": changed}, at)
    return organisation


def _policy_errors(policy: str, by: Actor) -> list[FieldError]:
    """Who demands it of others has it: else their own next sign-in could be their last."""
    errors = word_errors("two_factor_for", policy, TwoFactorFor.values)
    if by.user is not None and policy != TwoFactorFor.NOBODY and not has_authenticator(by.user):
        told = _("Set up your own authenticator app first, on the page of your account.")
        errors.append(FieldError("two_factor_for", "own_first", told))
    return errors


@transaction.atomic
def end_demo(by: Actor, at: datetime) -> Organisation:
    """Close the doors of the demo's own accounts for good. What they did stays.

    Raises NotAllowed, Conflict ``no_demo``, or Conflict ``no_own_admin`` where nobody could administer afterwards.
    """
    organisation = begin_administration(by)
    if not organisation.demo:
        raise Conflict("no_demo", _("This is not a demo."))
    organisation.demo = False
    if not User.objects.admins().able_to_sign_in(organisation).with_password().exists():
        raise Conflict(
            "no_own_admin",
            _("First enter an admin of your own and let them set their password: else nobody could sign in."),
        )
    organisation.save(update_fields=["demo"])
    record(by, "demo.ended", {}, at)
    return organisation


@transaction.atomic
def set_thresholds(code: str, values: Values, by: Actor, at: datetime) -> dict[str, list[str | None]]:
    """Set thresholds of one rule, all or none; what is not named stays. All running initiatives become due.

    Returns what changed as ``{"stage/key": [before, after]}``; None is the default. Raises NotFound for an unknown
    rule, NotAllowed, or Invalid with an error at each "stage/key".
    """
    organisation = begin_administration(by)
    rule = _rule(code)
    errors = [error for place, value in values.items() for error in _threshold_errors(rule, place, value)]
    if errors:
        raise Invalid(errors)
    before = overrides_of(code)
    changed: dict[str, list[str | None]] = {}
    for (stage, key), value in values.items():
        old = before.get((stage, key))
        if value == old:
            continue
        row = Threshold.objects.filter(code=code, stage=stage, key=key)
        if value is None:
            row.delete()
        else:
            row.update_or_create(defaults={"value": value}, code=code, stage=stage, key=key)
        changed[place_of(stage, key)] = [_written(old), _written(value)]
    if changed:
        mark_due(Initiative.objects.running(), organisation.day_of(at))
        record(by, "threshold.set", {"rule": code, "changed": changed}, at)
    return changed


@transaction.atomic
def reset_thresholds(code: str, by: Actor, at: datetime) -> dict[str, list[str | None]]:
    """Take every threshold of one rule back to its default. Raises NotFound or NotAllowed."""
    begin_administration(by)
    return set_thresholds(code, dict.fromkeys(overrides_of(code)), by, at)


def overrides_of(code: str) -> dict[tuple[str, str], Decimal]:
    """What the organisation has set for this rule: {(stage or "", key): value}."""
    rows = Threshold.objects.filter(code=code)
    return {(row.stage, row.key): row.value.normalize() for row in rows}


def place_of(stage: str, key: str) -> str:
    """How one threshold is named in errors and in the audit trail: "pilot/days", or "*/days" for every stage."""
    return f"{stage or '*'}/{key}"


def _rule(code: str) -> FlagRule:
    if code not in RULES:
        raise NotFound(_("There is no rule %(code)s.") % {"code": code})
    return flag_rules()[code]


def _written(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _threshold_errors(rule: FlagRule, place: tuple[str, str], value: Decimal | None) -> list[FieldError]:
    stage, key = place
    field = place_of(stage, key)
    if key not in rule.thresholds or (stage != ANY_STAGE and stage not in rule.stages):
        return (
            []
            if value is None
            else [FieldError(field, "unknown_threshold", _("This rule has no such threshold."))]
        )
    if value is None:
        return []
    unit = rule.thresholds[key].unit
    if not value.is_finite() or value < 0 or value > MOST[unit]:
        return [
            FieldError(field, "out_of_range", _("From 0 to %(unit)s.") % {"unit": number(f"{MOST[unit]:,}")})
        ]
    if unit in WHOLE and value != value.to_integral_value():
        return [FieldError(field, "not_whole", _("A whole number."))]
    if value != value.quantize(Decimal("0.01")):
        return [FieldError(field, "too_precise", _("Two decimals at most."))]
    return []
