"""Why a flag is there: what stands in its details, in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from checklists.scoring import ANSWER_LABELS, AnswerValue, plain_date
from gates.models import Role
from readiness.portfolio.decisions import days_in_words
from readiness.standing.flags.case import days_so_far


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact or threshold that a flag rests on."""

    label: str
    words: list[str]


@dataclass(frozen=True, slots=True)
class Counted:
    """Up to which day a flag's days are counted."""

    day: date
    held_since: date | None

    def days(self, details: Mapping[str, object]) -> int | None:
        return days_so_far(details, self.day, self.held_since)


def reasons_of(details: Mapping[str, Any], counted: Counted) -> list[Reason]:
    """What stands in a flag's details, each in words; a key that is not known here says nothing."""
    found = []
    days = counted.days(details)
    if days is not None:
        found.append(Reason("Counted", [f"{days_in_words(days)} since {_day(details['since'])}"]))
    if details.get("plan_days") is not None:
        kind = "Planned" if details.get("planned") else "Usual, as nothing is planned"
        found.append(Reason(kind, [days_in_words(details["plan_days"])]))
    for key, (label, say) in _PLAIN.items():
        if details.get(key) not in (None, "", []):
            found.append(Reason(label, [say(details[key])]))
    for key, (label, say_each) in _LISTS.items():
        if isinstance(details.get(key), list) and details[key]:
            found.append(Reason(label, [say_each(one, counted) for one in details[key]]))
    return found


def _day(text: str) -> str:
    return plain_date(date.fromisoformat(text))


def _percent(value: object) -> str:
    return f"{value} %"


def _person(value: Mapping[str, Any]) -> str:
    return str(value["name"])


def _item(item: Mapping[str, Any], counted: Counted) -> str:
    name = f"{item['code']} {item['title']}"
    if "effective" in item:
        return f"{name}: {ANSWER_LABELS[AnswerValue(item['effective'])]}"
    return f"{name}: last good day {_day(item['last_good_on'])}"


def _submission(one: Mapping[str, Any], counted: Counted) -> str:
    days = counted.days(one)
    waited = f", {days_in_words(days)}" if days is not None else ""
    return f"{one['name']}: submitted on {_day(one['since'])}{waited}"


def _checkpoint(one: Mapping[str, Any], counted: Counted) -> str:
    return f"{one['name']}: due on {_day(one['due_on'])}"


def _gate(one: Mapping[str, Any], counted: Counted) -> str:
    return f"{one['name']}: {one['because']}"


def _condition(one: Mapping[str, Any], counted: Counted) -> str:
    return f"{one['text']} ({one['gate']}; {one['owner']}, due {_day(one['due'])})"


def _one_of_the_team(one: Mapping[str, Any], counted: Counted) -> str:
    return f"{one['name']}: {', '.join(Role(role).label.lower() for role in one['roles'])}"


def _half(one: Mapping[str, Any], counted: Counted) -> str:
    what = "Data work" if one["half"] == "data" else "Change and training"
    return f"{what}: {one['share_percent']} % of the planned budget; under {one['threshold_percent']} % is little"


def _exit(one: Mapping[str, Any], counted: Counted) -> str:
    return f"{one['criterion']}: reached on {_day(one['reached_on'])}; {one['decider']} decides"


def _incomplete(one: Mapping[str, Any], counted: Counted) -> str:
    return f"{one['name']}: {_joined([f'no {limit}' for limit in one['missing']])} yet"


def _amendment(one: Mapping[str, Any], counted: Counted) -> str:
    return f"{one['promise']}: changed on {_day(one['on'])}"


def _kpi(one: Mapping[str, Any], counted: Counted) -> str:
    return f"{one['name']}: {one['value']} on {_day(one['on'])}; the {one['of']} is {one['limit']}"


def _usage(one: Mapping[str, Any], counted: Counted) -> str:
    readings = _joined([f"{reading['value']} % on {_day(reading['on'])}" for reading in one["readings"]])
    limit = f"under {one['limit_percent']} %" + (", half of its target" if one["half_of_target"] else "")
    return f"{one['name']}: {readings}; {limit}"


def _joined(names: Sequence[str]) -> str:
    return ", ".join(names)


def _from_day(days: int) -> str:
    return f"day {days:,}"


_PLAIN: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "threshold_days": ("Flagged from", _from_day),
    "planned_end": ("Planned end", _day),
    "info_until_days": ("A warning after", days_in_words),
    "critical_after_days": ("Critical after", days_in_words),
    "critical_from_days": ("Critical from", _from_day),
    "info_from_days": ("Information from", _from_day),
    "warning_from_days": ("A warning from", _from_day),
    "launched_on": ("Live since", _day),
    "target_from_days": ("Held against the target from", _from_day),
    "business_kpis": ("Business KPIs", _joined),
    "technical_kpis": ("Read so far", _joined),
    "business_reading_on": ("Latest business reading", _day),
    "recent_days": ("Only information up to", lambda days: f"{days_in_words(days)} after it"),
    "roadmap_lacks": ("The roadmap still lacks", _joined),
    "not_involved": ("Not involved yet", _joined),
    "planned_on": ("Decision planned for", _day),
    "held_since": ("On hold since", _day),
    "review_on": ("To be looked at again by", _day),
    "notice_days": ("Noticed", lambda days: f"{days_in_words(days)} ahead"),
    "name": ("The gate that is next", str),
    "passed": ("Passed before it", _joined),
    "business_owner": ("Business owner", _person),
    "executive_sponsor": ("Executive sponsor", _person),
    "technical_lead": ("Technical lead", _person),
    "deputy": ("Deputy", _person),
    "sponsor_unit": ("The sponsor's unit", str),
    "business_unit": ("The unit that benefits", str),
    "info_from_percent": ("Information from", _percent),
    "warning_from_percent": ("A warning from", _percent),
}

_LISTS: Mapping[str, tuple[str, Callable[[Mapping[str, Any], Counted], str]]] = {
    "items": ("Items", _item),
    "submissions": ("Waiting", _submission),
    "checkpoints": ("Checkpoints", _checkpoint),
    "gates": ("Gates", _gate),
    "conditions": ("Conditions", _condition),
    "people": ("People", _one_of_the_team),
    "halves": ("Shares", _half),
    "exits": ("Exit criteria", _exit),
    "incomplete": ("Business KPIs", _incomplete),
    "amendments": ("Changes", _amendment),
    "kpis": ("KPIs", _kpi),
    "usage": ("Readings", _usage),
}
