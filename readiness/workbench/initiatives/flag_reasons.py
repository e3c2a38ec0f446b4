"""Open flags in words: what holds, the suspected cause, what helps, and from which facts and thresholds it follows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from checklists.scoring import ANSWER_LABELS, AnswerValue, plain_date
from gates.models import Initiative, Role
from readiness.portfolio.decisions import days_in_words
from readiness.portfolio.figures import counting_day
from readiness.standing.definitions import RootCause, flag_rules, root_causes
from readiness.standing.flags.case import days_so_far
from readiness.standing.flags.thresholds import Audience, FlagRule
from readiness.standing.models import Flag, Severity
from readiness.standing.words import SEVERITY_WORDS, Word

_WORST_FIRST = [Severity.CRITICAL.value, Severity.WARNING.value, Severity.INFO.value]


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact or threshold that a flag rests on."""

    label: str
    words: list[str]


@dataclass(frozen=True, slots=True)
class ShownFlag:
    """``days``: how many the flag speaks of by now, None where it counts none; ``quiet``: snoozed today."""

    flag: Flag
    rule: FlagRule
    severity: Word
    cause: RootCause
    days: int | None
    reasons: list[Reason]
    quiet: bool

    @property
    def for_reviewers(self) -> bool:
        return self.rule.speaks_to == Audience.REVIEWERS


def shown_flags(initiative: Initiative, flags: Iterable[Flag], today: date) -> list[ShownFlag]:
    """The worst first, of those the oldest."""
    worst_first = sorted(flags, key=lambda flag: (_WORST_FIRST.index(flag.severity), flag.opened_on, flag.pk))
    return [_shown(initiative, flag, today) for flag in worst_first]


def _shown(initiative: Initiative, flag: Flag, today: date) -> ShownFlag:
    held_since = initiative.hold.since if initiative.hold else None
    counted = _Counted(counting_day(initiative, today), held_since)
    return ShownFlag(
        flag=flag,
        rule=flag_rules()[flag.code],
        severity=SEVERITY_WORDS[Severity(flag.severity)],
        cause=root_causes()[flag.root_cause],
        days=counted.days(flag.details),
        reasons=reasons_of(flag.details, counted),
        quiet=flag.snoozed_until is not None and flag.snoozed_until >= today,
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """Up to which day a flag's days are counted."""

    day: date
    held_since: date | None

    def days(self, details: Mapping[str, object]) -> int | None:
        return days_so_far(details, self.day, self.held_since)


def reasons_of(details: Mapping[str, Any], counted: _Counted) -> list[Reason]:
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


def _item(item: Mapping[str, Any], counted: _Counted) -> str:
    name = f"{item['code']} {item['title']}"
    if "effective" in item:
        return f"{name}: {ANSWER_LABELS[AnswerValue(item['effective'])]}"
    return f"{name}: last good day {_day(item['last_good_on'])}"


def _submission(one: Mapping[str, Any], counted: _Counted) -> str:
    days = counted.days(one)
    waited = f", {days_in_words(days)}" if days is not None else ""
    return f"{one['name']}: submitted on {_day(one['since'])}{waited}"


def _checkpoint(one: Mapping[str, Any], counted: _Counted) -> str:
    return f"{one['name']}: due on {_day(one['due_on'])}"


def _gate(one: Mapping[str, Any], counted: _Counted) -> str:
    return f"{one['name']}: {one['because']}"


def _condition(one: Mapping[str, Any], counted: _Counted) -> str:
    return f"{one['text']} ({one['gate']}; {one['owner']}, due {_day(one['due'])})"


def _one_of_the_team(one: Mapping[str, Any], counted: _Counted) -> str:
    return f"{one['name']}: {', '.join(Role(role).label.lower() for role in one['roles'])}"


def _half(one: Mapping[str, Any], counted: _Counted) -> str:
    what = "Data work" if one["half"] == "data" else "Change and training"
    return f"{what}: {one['share_percent']} % of the planned budget; under {one['threshold_percent']} % is little"


_PLAIN: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "threshold_days": ("Flagged from", lambda days: f"day {days:,}"),
    "planned_end": ("Planned end", _day),
    "info_until_days": ("A warning after", days_in_words),
    "critical_after_days": ("Critical after", days_in_words),
    "critical_from_days": ("Critical from", lambda days: f"day {days:,}"),
    "planned_on": ("Decision planned for", _day),
    "held_since": ("On hold since", _day),
    "review_on": ("To be looked at again by", _day),
    "notice_days": ("Noticed", lambda days: f"{days_in_words(days)} ahead"),
    "name": ("The gate that is next", str),
    "passed": ("Passed before it", lambda names: ", ".join(names)),
    "business_owner": ("Business owner", _person),
    "executive_sponsor": ("Executive sponsor", _person),
    "technical_lead": ("Technical lead", _person),
    "deputy": ("Deputy", _person),
    "sponsor_unit": ("The sponsor's unit", str),
    "business_unit": ("The unit that benefits", str),
    "info_from_percent": ("Information from", _percent),
    "warning_from_percent": ("A warning from", _percent),
}

_LISTS: Mapping[str, tuple[str, Callable[[Mapping[str, Any], _Counted], str]]] = {
    "items": ("Items", _item),
    "submissions": ("Waiting", _submission),
    "checkpoints": ("Checkpoints", _checkpoint),
    "gates": ("Gates", _gate),
    "conditions": ("Conditions", _condition),
    "people": ("People", _one_of_the_team),
    "halves": ("Shares", _half),
}
