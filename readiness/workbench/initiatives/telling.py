"""What the words of events are made of: a saying, and how days and changed fields are told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gates.models import NAMED_ROLES, Role
from readiness.actions.fields import FACTS
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import long_day
from readiness.ui.saying import content

Data = Mapping[str, Any]
SHORT = 60
"""A changed value up to so many characters is shown; of a longer one only that it changed."""


NAMES = "names"
"""Under this key stands what an event does not hold: a Names."""
QUOTED = 300
"""So many characters of what somebody wrote are told; all of it stands where it was written."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names that are at hand: of items by code, of gates by slug, of people by username."""

    items: Mapping[str, str] = field(default_factory=dict)
    gates: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)


_NONE = Names()


@dataclass(frozen=True, slots=True)
class Saying:
    title: str
    body: str = ""
    tone: str = "neutral"
    icon: str = "dot"


def names_of(data: Data) -> Names:
    """The names at hand; empty where there are none."""
    found: Names = data.get(NAMES, _NONE)
    return found


def item_words(data: Data, code: str) -> str:
    """ "DATA-1 Source quality proven"; the code alone where its name is not at hand."""
    return f"{code} {content(names_of(data).items.get(code, ''))}".strip()


def gate_words(data: Data) -> str:
    """The name of the gate that an event is about, "" where it is not at hand."""
    return str(content(names_of(data).gates.get(data.get("gate", ""), "")))


def quoted(text: str) -> str:
    return text if len(text) <= QUOTED else f"{text[:QUOTED].rstrip()} …"


def day_words(text: str) -> str:
    return long_day(date.fromisoformat(text))


def until_words(day: str) -> str:
    return _("Until %(day)s.") % {"day": day_words(day)}


_FIELDS = {
    "name": gettext_lazy("Name"),
    "business_problem": gettext_lazy("Business problem"),
    "business_unit": gettext_lazy("Business unit"),
    "technology": gettext_lazy("Technology"),
    "vendor": gettext_lazy("Vendor"),
    "approach": gettext_lazy("Approach"),
    "priority": gettext_lazy("Priority"),
    "tags": gettext_lazy("Tags"),
    "plan.poc_days": gettext_lazy("Planned days of the PoC"),
    "plan.intake_days": gettext_lazy("Planned days of the intake"),
    "plan.pilot_days": gettext_lazy("Planned days of the pilot"),
    "plan.rollout_days": gettext_lazy("Planned days of the rollout"),
    "plan.decision_on": gettext_lazy("Planned decision"),
    "budget.planned": gettext_lazy("Planned budget"),
    "budget.spent": gettext_lazy("Spent"),
    "budget.currency": gettext_lazy("Currency"),
    "budget.data_share": gettext_lazy("Share for data work"),
    "budget.change_share": gettext_lazy("Share for change and training"),
    "budget.estimate_build": gettext_lazy("Estimate for building for production"),
    "budget.estimate_run": gettext_lazy("Estimate for a year of running"),
    "people.members": gettext_lazy("Members"),
    "kind": gettext_lazy("Kind"),
    "unit": gettext_lazy("Unit"),
    "direction": gettext_lazy("Direction"),
    "baseline": gettext_lazy("Baseline"),
    "target": gettext_lazy("Target"),
    "go_limit": gettext_lazy("Go limit"),
    "stop_limit": gettext_lazy("Stop limit"),
    "owner": gettext_lazy("Owner"),
    "kpi": gettext_lazy("KPI"),
    "limit": gettext_lazy("Limit"),
    "checkpoint": gettext_lazy("Checkpoint"),
    "window_days": gettext_lazy("Days"),
    "decider": gettext_lazy("Who decides"),
} | {f"people.{role.value}": role.label for role in Role if role != Role.MEMBER}


_ORDER = {name: place for place, name in enumerate(dict.fromkeys([*FACTS, *_FIELDS]))}


def changes_words(data: Data) -> list[str]:
    """Each changed field in words, in the order of the form: PostgreSQL keeps no order within a stored object."""
    changed = sorted(
        data.get("changed", {}).items(), key=lambda one: (_ORDER.get(one[0], len(_ORDER)), one[0])
    )
    return [change_words(name, before, after) for name, (before, after) in changed]


def named_words(people: Data) -> list[str]:
    """Whom a file named, a line for each place, the members last: lists of usernames by the word of the role."""
    order = [*NAMED_ROLES, "members"]
    return [f"{_FIELDS[f'people.{role}']}: {value_words(people[role])}" for role in order if role in people]


def change_words(field: str, before: Any, after: Any) -> str:
    name = _FIELDS.get(field) or field.rpartition(".")[2].replace("_", " ").capitalize()
    old, new = value_words(before), value_words(after)
    if len(old) > SHORT or len(new) > SHORT:
        return _("%(name)s: changed.") % {"name": name}
    return _("%(name)s: %(before)s to %(after)s.") % {
        "name": name,
        "before": old or _("nothing"),
        "after": new or _("nothing"),
    }


def value_words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def named(title: str, *keys: str, tone: str = "neutral", icon: str = "dot") -> Callable[[Data], Saying]:
    """What needs no more than the values of some keys."""

    def say(data: Data) -> Saying:
        return Saying(
            str(title), " · ".join(value_words(data[key]) for key in keys if data.get(key)), tone, icon
        )

    return say


def fields_changed(title: str, key: str = "") -> Callable[[Data], Saying]:
    """Fields with their values before and after; ``key`` names whose they are."""

    def say(data: Data) -> Saying:
        of = f"{data[key]}\n" if key and data.get(key) else ""
        return Saying(str(title), of + "\n".join(changes_words(data)), "neutral", "edit")

    return say
