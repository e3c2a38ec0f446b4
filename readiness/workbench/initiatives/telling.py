"""What the words of events are made of: a saying, and how days and changed fields are told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from checklists.scoring import plain_date
from gates.models import Role
from readiness.actions.fields import FACTS

Data = Mapping[str, Any]
SHORT = 60
"""A changed value up to so many characters is shown; of a longer one only that it changed."""


@dataclass(frozen=True, slots=True)
class Saying:
    title: str
    body: str = ""
    tone: str = "neutral"
    icon: str = "dot"


def day_words(text: str) -> str:
    return plain_date(date.fromisoformat(text))


_FIELDS = {
    "name": "Name",
    "plan.poc_days": "Planned days of the PoC",
    "plan.intake_days": "Planned days of the intake",
    "plan.pilot_days": "Planned days of the pilot",
    "plan.rollout_days": "Planned days of the rollout",
    "plan.decision_on": "Planned decision",
    "budget.planned": "Planned budget",
    "budget.spent": "Spent",
    "budget.currency": "Currency",
    "budget.data_share": "Share for data work",
    "budget.change_share": "Share for change and training",
    "budget.estimate_build": "Estimate for building for production",
    "budget.estimate_run": "Estimate for a year of running",
    "people.members": "Members",
    "kpi": "KPI",
    "window_days": "Days",
    "decider": "Who decides",
} | {f"people.{role.value}": role.label for role in Role if role != Role.MEMBER}


_ORDER = {name: place for place, name in enumerate([*FACTS, *_FIELDS])}


def changes_words(data: Data) -> list[str]:
    """Each changed field in words, in the order of the form: PostgreSQL keeps no order within a stored object."""
    changed = sorted(
        data.get("changed", {}).items(), key=lambda one: (_ORDER.get(one[0], len(_ORDER)), one[0])
    )
    return [change_words(name, before, after) for name, (before, after) in changed]


def change_words(field: str, before: Any, after: Any) -> str:
    name = _FIELDS.get(field) or field.rpartition(".")[2].replace("_", " ").capitalize()
    old, new = value_words(before), value_words(after)
    if len(old) > SHORT or len(new) > SHORT:
        return f"{name}: changed."
    return f"{name}: {old or 'nothing'} to {new or 'nothing'}."


def value_words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def named(title: str, *keys: str, tone: str = "neutral", icon: str = "dot") -> Callable[[Data], Saying]:
    """What needs no more than the values of some keys."""

    def say(data: Data) -> Saying:
        return Saying(title, " · ".join(value_words(data[key]) for key in keys if data.get(key)), tone, icon)

    return say


def fields_changed(title: str, key: str = "") -> Callable[[Data], Saying]:
    """Fields with their values before and after; ``key`` names whose they are."""

    def say(data: Data) -> Saying:
        of = f"{data[key]}\n" if key and data.get(key) else ""
        return Saying(title, of + "\n".join(changes_words(data)), "neutral", "edit")

    return say
