"""The facts of an initiative as people give them: shapes, limits, and what is wrong with them.

Names are those of the REST contract. A value that breaks a rule is an error at its field; nothing is cut short or
guessed.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from checklists.said import said
from gates.models import NAME_MAX, PROBLEM_MAX, Approach, Initiative, Priority, Visibility
from gates.querysets import normalised, sort_key, tags_key
from readiness.accounts.currencies import is_active
from readiness.actions.errors import FieldError
from readiness.actions.texts import FIRST_YEAR, character_errors, one_of, too_long
from readiness.ui.local import number

SHORT_MAX = 200
TAGS_MAX = 20
TAG_MAX = 50
PLAN_DAYS_MAX = 3650
BUDGET_MAX = Decimal("999999999999.99")

Problem = tuple[str, str]


class _Wrong(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.problem: Problem = (code, message)


def text(limit: int, required: bool = False) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value is None:
            value = ""
        if not isinstance(value, str):
            raise _Wrong("wrong_type", _("This must be text."))
        cleaned = value.strip()
        for error in character_errors("", cleaned):
            raise _Wrong(error.code, error.message)
        if required and not cleaned:
            raise _Wrong("required", _("This is required."))
        if len(cleaned) > limit:
            raise _Wrong("too_long", too_long(limit, len(cleaned)))
        return cleaned

    return check


def word_of(allowed: list[str], blank: bool = False) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value in (None, "") and blank:
            return ""
        if value not in allowed:
            raise _Wrong("unknown_word", one_of(allowed))
        return str(value)

    return check


def whole_number(low: int, high: int) -> Callable[[Any], int | None]:
    def check(value: Any) -> int | None:
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            raise _Wrong("wrong_type", _("A whole number."))
        if not low <= value <= high:
            raise _Wrong("out_of_range", _("From %(low)s to %(high)s.") % {"low": low, "high": high})
        return value

    return check


def money(value: Any) -> Decimal | None:
    if value is None:
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise _Wrong("wrong_type", _("An amount such as 250000.00.")) from None
    if not amount.is_finite() or amount < 0 or amount > BUDGET_MAX:
        raise _Wrong(
            "out_of_range", _("From %(low)s to %(high)s.") % {"low": 0, "high": number(f"{BUDGET_MAX:,}")}
        )
    exponent = amount.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:
        raise _Wrong("too_precise", _("Two decimals at most."))
    return amount.quantize(Decimal("0.01"))


def day(value: Any) -> date | None:
    if value is None:
        return None
    if not isinstance(value, date):
        raise _Wrong("wrong_type", _("A day such as 2026-11-01."))
    if not FIRST_YEAR <= value.year <= 2100:
        raise _Wrong("out_of_range", _("A day between 1990 and 2100."))
    return value


def currency(value: Any) -> str:
    if not isinstance(value, str) or not is_active(value):
        raise _Wrong("unknown_word", no_currency())
    return value


def no_currency() -> str:
    """What is said of a code that stands for no money of today."""
    return _("Not a currency that is in use (ISO 4217), such as EUR.")


def tags(value: Any) -> list[str]:
    if not isinstance(value, list) or any(not isinstance(tag, str) for tag in value):
        raise _Wrong("wrong_type", _("A list of words."))
    kept = [text(TAG_MAX)(tag) for tag in value]
    unique = list(dict.fromkeys(tag for tag in kept if tag))
    if len(unique) > TAGS_MAX:
        raise _Wrong("too_many", _("At most %(most)s tags.") % {"most": TAGS_MAX})
    return unique


def checked(field: str, value: Any, check: Callable[[Any], Any]) -> tuple[Any, list[FieldError]]:
    """A value as it is kept, and what is wrong with it; None where something is."""
    try:
        return check(value), []
    except _Wrong as wrong:
        return None, [FieldError(field, *wrong.problem)]


# API name -> (column, check)
FACTS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "name": ("name", text(NAME_MAX, required=True)),
    "business_problem": ("business_problem", text(PROBLEM_MAX, required=True)),
    "business_unit": ("business_unit", text(SHORT_MAX)),
    "technology": ("technology", text(SHORT_MAX)),
    "vendor": ("vendor", text(SHORT_MAX)),
    "approach": ("approach", word_of(Approach.values, blank=True)),
    "visibility": ("visibility", word_of(Visibility.values)),
    "priority": ("priority", word_of(Priority.values)),
    "tags": ("tags", tags),
    "plan.intake_days": ("intake_days", whole_number(1, PLAN_DAYS_MAX)),
    "plan.poc_days": ("poc_days", whole_number(1, PLAN_DAYS_MAX)),
    "plan.pilot_days": ("pilot_days", whole_number(1, PLAN_DAYS_MAX)),
    "plan.rollout_days": ("rollout_days", whole_number(1, PLAN_DAYS_MAX)),
    "plan.decision_on": ("decision_on", day),
    "budget.planned": ("budget_planned", money),
    "budget.spent": ("budget_spent", money),
    "budget.currency": ("currency", currency),
    "budget.data_share": ("data_share", whole_number(0, 100)),
    "budget.change_share": ("change_share", whole_number(0, 100)),
    "budget.estimate_build": ("estimate_build", money),
    "budget.estimate_run": ("estimate_run", money),
}


def flattened(facts: Mapping[str, Any]) -> dict[str, Any]:
    """``{"plan": {"poc_days": 5}}`` as ``{"plan.poc_days": 5}``; people and stage are left out."""
    flat: dict[str, Any] = {}
    for name, value in facts.items():
        if name in ("plan", "budget") and isinstance(value, Mapping):
            flat |= {f"{name}.{inner}": given for inner, given in value.items()}
        elif name in FACTS:
            flat[name] = value
    return flat


def apply_facts(
    initiative: Initiative, facts: Mapping[str, Any]
) -> tuple[dict[str, list[Any]], list[FieldError]]:
    """Set the given facts on the initiative (unsaved).

    Returns what changed as ``{field: [before, after]}`` and every error found.
    """
    changed: dict[str, list[Any]] = {}
    errors: list[FieldError] = []
    for name, value in flattened(facts).items():
        column, check = FACTS[name]
        if check is currency and value == getattr(initiative, column):
            continue  # one that was accepted once stays, though it is not in use any more
        try:
            checked = check(value)
        except _Wrong as wrong:
            errors.append(FieldError(name, *wrong.problem))
            continue
        before = getattr(initiative, column)
        if before != checked:
            changed[name] = [before, checked]
            setattr(initiative, column, checked)
    shares = (initiative.data_share or 0) + (initiative.change_share or 0)
    if shares > 100:
        field = "budget.change_share" if "budget.change_share" in changed else "budget.data_share"
        errors.append(
            FieldError(
                field,
                "shares_over_100",
                _("The two shares add up to %(shares)s %%; 100 at most.") % {"shares": shares},
            )
        )
    index(initiative)
    return changed, errors


def plan_errors(initiative: Initiative, changed: Mapping[str, Any]) -> list[FieldError]:
    """A decision that is newly planned for a day before the stage it is in began: a plan that ends before it starts.

    One that was planned earlier stays as it is, whatever stage it has reached meanwhile.
    """
    planned, since = initiative.decision_on, initiative.stage_since
    if "plan.decision_on" not in changed or planned is None or since is None or planned >= since:
        return []
    message = said("The plan would end before it starts: it is in this stage since {day}.", day=since)
    return [FieldError("plan.decision_on", "before_the_start", message)]


def fingerprint(initiative: Initiative, people: Mapping[str, Any], names: Iterable[str]) -> str:
    """A short text that changes with what stands of the named facts and people, and with nothing else.

    ``names`` as the API names them, such as ``plan.poc_days`` and ``people.deputy``; ``people`` are those of
    ``team.people_of``.
    """
    stands = {
        name: people[name.removeprefix("people.")]
        if name.startswith("people.")
        else getattr(initiative, FACTS[name][0])
        for name in names
    }
    return digest(stands)


def digest(stands: Mapping[str, Any]) -> str:
    """The same for whatever values stand somewhere."""
    told = json.dumps(stands, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def index(initiative: Initiative) -> None:
    """Set the normalised copies that search and order use."""
    initiative.name_key = sort_key(initiative.name)
    initiative.business_unit_key = normalised(initiative.business_unit)
    initiative.technology_key = normalised(initiative.technology)
    initiative.vendor_key = normalised(initiative.vendor)
    initiative.tags_key = tags_key(initiative.tags)
    words = [
        f"AI-{initiative.pk:04d}" if initiative.pk else "",
        initiative.name,
        initiative.business_problem,
        initiative.business_unit,
        initiative.technology,
        initiative.vendor,
        *initiative.tags,
    ]
    initiative.search_key = normalised(" ".join(words))
