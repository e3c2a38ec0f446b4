"""Why a flag is there: what stands in its details, in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from checklists.scoring import ANSWER_LABELS, AnswerValue
from gates.models import Role
from readiness.portfolio.decisions import days_in_words
from readiness.standing.flag_facts import FUNCTION_WORDS
from readiness.standing.flags.case import days_so_far
from readiness.ui.lazily import gettext_lazy, pgettext_lazy
from readiness.ui.local import long_day, number, within
from readiness.ui.saying import content, say


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


def _counted_since(days: int, since: str) -> str:
    return _("%(days)s since %(since)s") % {"days": days_in_words(days), "since": since}


def reasons_of(details: Mapping[str, Any], counted: Counted) -> list[Reason]:
    """What stands in a flag's details, each in words; a key that is not known here says nothing."""
    found = []
    days = counted.days(details)
    if days is not None:
        found.append(Reason(_("Counted"), [_counted_since(days, _day(details["since"]))]))
    if details.get("plan_days") is not None:
        kind = _("Planned") if details.get("planned") else _("Usual, as nothing is planned")
        found.append(Reason(kind, [days_in_words(details["plan_days"])]))
    for key, (label, told) in _PLAIN.items():
        if details.get(key) not in (None, "", []):
            found.append(Reason(label, [told(details[key])]))
    for key, (label, say_each) in _LISTS.items():
        if isinstance(details.get(key), list) and details[key]:
            found.append(Reason(label, [say_each(one, counted) for one in details[key]]))
    return found


def _day(text: str) -> str:
    return long_day(date.fromisoformat(text))


def _percent(value: object) -> str:
    return f"{value} %"


def _person(value: Mapping[str, Any]) -> str:
    return str(value["name"])


def _item(item: Mapping[str, Any], counted: Counted) -> str:
    name = f"{item['code']} {content(item['title'])}"
    if "effective" in item:
        return f"{name}: {say(ANSWER_LABELS[AnswerValue(item['effective'])])}"
    return _("%(name)s: last good day %(last_good_on)s") % {
        "name": name,
        "last_good_on": _day(item["last_good_on"]),
    }


def _submission(one: Mapping[str, Any], counted: Counted) -> str:
    days = counted.days(one)
    told = {"name": content(one["name"]), "since": _day(one["since"])}
    if days is None:
        return _("%(name)s: submitted on %(since)s") % told
    return _("%(name)s: submitted on %(since)s, %(days)s") % {**told, "days": days_in_words(days)}


def _checkpoint(one: Mapping[str, Any], counted: Counted) -> str:
    return _("%(name)s: due on %(due_on)s") % {"name": content(one["name"]), "due_on": _day(one["due_on"])}


def _gate(one: Mapping[str, Any], counted: Counted) -> str:
    """Its name alone: why it lapsed is what the flag says, above and in the reader's language."""
    return str(content(one["name"]))


def _condition(one: Mapping[str, Any], counted: Counted) -> str:
    return _("%(text)s (%(gate)s; %(owner)s, due %(due)s)") % {
        "text": one["text"],
        "gate": content(one["gate"]),
        "owner": one["owner"],
        "due": _day(one["due"]),
    }


def _one_of_the_team(one: Mapping[str, Any], counted: Counted) -> str:
    return f"{one['name']}: {', '.join(within(Role(role).label) for role in one['roles'])}"


def _half(one: Mapping[str, Any], counted: Counted) -> str:
    what = _("Data work") if one["half"] == "data" else _("Change and training")
    return _(
        "%(what)s: %(share_percent)s %% of the planned budget; under %(threshold_percent)s %% is little"
    ) % {"what": what, "share_percent": one["share_percent"], "threshold_percent": one["threshold_percent"]}


def _exit(one: Mapping[str, Any], counted: Counted) -> str:
    return _("%(criterion)s: reached on %(reached_on)s; %(decider)s decides") % {
        "criterion": one["criterion"],
        "reached_on": _day(one["reached_on"]),
        "decider": one["decider"],
    }


def _incomplete(one: Mapping[str, Any], counted: Counted) -> str:
    missing = _joined([str(_NO.get(limit, limit)) for limit in one["missing"]])
    return _("%(name)s: %(missing)s yet") % {"name": one["name"], "missing": missing}


_NO = {
    "baseline": gettext_lazy("no baseline"),
    "go limit": gettext_lazy("no go limit"),
    "stop limit": gettext_lazy("no stop limit"),
}


def _amendment(one: Mapping[str, Any], counted: Counted) -> str:
    return _("%(promise)s: changed on %(on)s") % {"promise": one["promise"], "on": _day(one["on"])}


def _kpi(one: Mapping[str, Any], counted: Counted) -> str:
    return _KPI_LIMITS[one["of"]] % {
        "name": one["name"],
        "value": one["value"],
        "on": _day(one["on"]),
        "limit": one["limit"],
    }


_KPI_LIMITS = {
    "go limit": gettext_lazy("%(name)s: %(value)s on %(on)s; the go limit is %(limit)s"),
    "target": gettext_lazy("%(name)s: %(value)s on %(on)s; the target is %(limit)s"),
}


def _usage(one: Mapping[str, Any], counted: Counted) -> str:
    readings = _joined(
        [
            _("%(value)s %% on %(on)s") % {"value": reading["value"], "on": _day(reading["on"])}
            for reading in one["readings"]
        ]
    )
    limit = (_("under %(limit_percent)s %%") % {"limit_percent": one["limit_percent"]}) + (
        _(", half of its target") if one["half_of_target"] else ""
    )
    return f"{one['name']}: {readings}; {limit}"


def _joined(names: Sequence[str]) -> str:
    return ", ".join(names)


_ROADMAP_PARTS = {
    "dates": gettext_lazy("dates"),
    "people": gettext_lazy("people"),
    "a budget": gettext_lazy("a budget"),
}


def _roadmap_parts(names: Sequence[str]) -> str:
    return _joined([str(_ROADMAP_PARTS.get(name, name)) for name in names])


_FUNCTIONS = {str(words): words for words in FUNCTION_WORDS.values()}


def _functions(names: Sequence[str]) -> str:
    return _joined([str(say(_FUNCTIONS.get(name, name))) for name in names])


def _content(text: str) -> str:
    return str(content(text))


def _contents(names: Sequence[str]) -> str:
    return _joined([_content(name) for name in names])


def _from_day(days: int) -> str:
    return _("day %(day)s") % {"day": number(f"{days:,}")}


_PLAIN: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "threshold_days": (gettext_lazy("Flagged from"), _from_day),
    "planned_end": (gettext_lazy("Planned end"), _day),
    "info_until_days": (gettext_lazy("A warning after"), days_in_words),
    "critical_after_days": (gettext_lazy("Critical after"), days_in_words),
    "critical_from_days": (gettext_lazy("Critical from"), _from_day),
    "info_from_days": (gettext_lazy("Information from"), _from_day),
    "warning_from_days": (gettext_lazy("A warning from"), _from_day),
    "launched_on": (gettext_lazy("Live since"), _day),
    "target_from_days": (gettext_lazy("Held against the target from"), _from_day),
    "business_kpis": (gettext_lazy("Business KPIs"), _joined),
    "technical_kpis": (gettext_lazy("Read so far"), _joined),
    "business_reading_on": (gettext_lazy("Latest business reading"), _day),
    "recent_days": (
        gettext_lazy("Only information up to"),
        lambda days: _("%(days)s after it") % {"days": days_in_words(days)},
    ),
    "roadmap_lacks": (gettext_lazy("The roadmap still lacks"), _roadmap_parts),
    "not_involved": (gettext_lazy("Not involved yet"), _functions),
    "planned_on": (gettext_lazy("Decision planned for"), _day),
    "held_since": (gettext_lazy("On hold since"), _day),
    "review_on": (gettext_lazy("To be looked at again by"), _day),
    "notice_days": (
        gettext_lazy("Noticed"),
        lambda days: _("%(days)s ahead") % {"days": days_in_words(days)},
    ),
    "name": (gettext_lazy("The gate that is next"), _content),
    "passed": (gettext_lazy("Passed before it"), _contents),
    "business_owner": (gettext_lazy("Business owner"), _person),
    "executive_sponsor": (gettext_lazy("Executive sponsor"), _person),
    "technical_lead": (gettext_lazy("Technical lead"), _person),
    "deputy": (gettext_lazy("Deputy"), _person),
    "sponsor_unit": (gettext_lazy("The sponsor's unit"), str),
    "business_unit": (gettext_lazy("The unit that benefits"), str),
    "info_from_percent": (gettext_lazy("Information from"), _percent),
    "warning_from_percent": (gettext_lazy("A warning from"), _percent),
}

_LISTS: Mapping[str, tuple[str, Callable[[Mapping[str, Any], Counted], str]]] = {
    "items": (gettext_lazy("Items"), _item),
    "submissions": (pgettext_lazy("submissions", "Waiting"), _submission),
    "checkpoints": (gettext_lazy("Checkpoints"), _checkpoint),
    "gates": (gettext_lazy("Gates"), _gate),
    "conditions": (gettext_lazy("Conditions"), _condition),
    "people": (gettext_lazy("People"), _one_of_the_team),
    "halves": (gettext_lazy("Shares"), _half),
    "exits": (gettext_lazy("Exit criteria"), _exit),
    "incomplete": (gettext_lazy("Business KPIs"), _incomplete),
    "amendments": (gettext_lazy("Changes"), _amendment),
    "kpis": (gettext_lazy("KPIs"), _kpi),
    "usage": (gettext_lazy("Readings"), _usage),
}
