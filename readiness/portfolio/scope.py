"""Which initiatives a page of the portfolio speaks of: its filters, as they stand in an address.

Every page of the portfolio and the list of initiatives understand the same ones, so that a figure and the list behind
it count alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from gates.models import Role
from gates.querysets import InitiativeQuerySet, normalised
from gates.stages import Stage
from readiness.accounts.models import User
from readiness.portfolio.questions import UNIT_MAX, UNITS_OFFERED
from readiness.standing.words import STAGE_WORDS
from readiness.ui.lazily import gettext_lazy

LISTING = "/initiatives/"
Options = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked for; "" and None: everything.

    ``unit``, ``technology``, ``vendor`` and ``tag`` are normalised, ``stage`` is a stage's value, ``sponsor`` a
    username. ``since`` and ``until``: the first and the last day on which an initiative may have started. The names of
    the fields are those in an address.
    """

    unit: str = ""
    stage: str = ""
    sponsor: str = ""
    technology: str = ""
    vendor: str = ""
    tag: str = ""
    since: date | None = None
    until: date | None = None

    def of(self, rows: InitiativeQuerySet) -> InitiativeQuerySet:
        """Those of these initiatives that it speaks of."""
        for name, narrow in _WAYS.items():
            value = getattr(self, name)
            if value:
                rows = narrow(rows, value)
        if self.since is not None or self.until is not None:
            rows = rows.started_between(self.since, self.until)
        return rows

    @property
    def asked(self) -> dict[str, str]:
        """The filters that are set, as they stand in an address."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
            if value
        }

    @property
    def is_all(self) -> bool:
        return not self.asked

    @property
    def narrows_units(self) -> bool:
        """Whether it leaves out some of a unit's initiatives in a stage."""
        return not self.asked.keys() <= {"unit", "stage"}

    @property
    def query(self) -> str:
        """ "?unit=sales&stage=pilot", or ""."""
        return f"?{urlencode(self.asked)}" if self.asked else ""

    def address(self, path: str, **further: str) -> str:
        """A page of the portfolio with these filters; ``further`` wins over what is set, "" takes it away."""
        asked = {name: value for name, value in (self.asked | further).items() if value}
        return f"{path}?{urlencode(asked)}" if asked else path

    def listing(self, **further: str) -> str:
        """The list of the initiatives behind a figure: these filters, and ``further`` ones of the list."""
        return self.address(LISTING, **further)

    def without(self, name: str) -> "Scope":
        """The same without one of its filters."""
        return Scope(**{key: getattr(self, key) for key in self.asked if key != name})


EVERYTHING = Scope()
FILTERS: Mapping[str, str] = {
    "unit": gettext_lazy("Business unit"),
    "stage": gettext_lazy("Stage"),
    "sponsor": gettext_lazy("Sponsor"),
    "technology": gettext_lazy("Technology"),
    "vendor": gettext_lazy("Vendor"),
    "tag": gettext_lazy("Tag"),
    "since": gettext_lazy("Started from"),
    "until": gettext_lazy("Started until"),
}
"""What each filter is called, in the order of the form."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter as it is offered: ``chosen`` is what is set, "" where nothing is; ``options`` are (value, words)."""

    name: str
    label: str
    options: Options
    chosen: str

    @property
    def words(self) -> str:
        """What is set, as people call it."""
        return dict(self.options).get(self.chosen, self.chosen)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, and what of it could not be understood: a sentence each."""

    scope: Scope
    problems: tuple[str, ...] = ()


def asked_for(query: Mapping[str, str]) -> Asked:
    """The filters of an address. What is no day and no stage is left out, and said so."""
    problems = []

    def day(name: str) -> date | None:
        text = query.get(name, "").strip()
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            problems.append(
                _("“%(text)s” is not a day such as 2026-11-30; it was left out.") % {"text": text[:40]}
            )
            return None

    stage = query.get("stage", "")
    if stage and stage not in {one.value for one in Stage}:
        problems.append(_("“%(text)s” is not a stage; it was left out.") % {"text": stage[:40]})
        stage = ""
    scope = Scope(
        unit=_text(query, "unit"),
        stage=stage,
        sponsor=query.get("sponsor", "").replace("\x00", "")[:60],
        technology=_text(query, "technology"),
        vendor=_text(query, "vendor"),
        tag=_text(query, "tag"),
        since=day("since"),
        until=day("until"),
    )
    if scope.since and scope.until and scope.since > scope.until:
        problems.append(_("The first day is after the last one, so nothing is found."))
    return Asked(scope, tuple(problems))


def _text(query: Mapping[str, str], name: str) -> str:
    return normalised(query.get(name, "").replace("\x00", "")[:UNIT_MAX])


def choices(visible: InitiativeQuerySet, scope: Scope) -> list[Choice]:
    """What can be chosen, from what the person may see, in five queries. What is set is offered in any case."""
    offered: list[tuple[str, Options]] = [
        ("unit", visible.units()),
        ("stage", [(stage.value, str(word.label)) for stage, word in STAGE_WORDS.items()]),
        ("sponsor", _sponsors(visible)),
        ("technology", visible.technologies()),
        ("vendor", visible.vendors()),
        ("tag", visible.tags()),
    ]
    return [
        Choice(name, str(FILTERS[name]), *_with(options, getattr(scope, name))) for name, options in offered
    ]


def days_chosen(scope: Scope) -> list[tuple[str, str, date]]:
    """The first and the last day on which an initiative may have started, where they are set: by name and in words."""
    return [
        (name, str(FILTERS[name]), day)
        for name, day in (("since", scope.since), ("until", scope.until))
        if day is not None
    ]


def _with(options: Options, chosen: str) -> tuple[Options, str]:
    shown = options[:UNITS_OFFERED]
    if chosen and chosen not in dict(shown):
        shown = [*shown, (chosen, dict(options).get(chosen, chosen))]
    return shown, chosen


def _sponsors(visible: InitiativeQuerySet) -> Options:
    people = User.objects.filter(
        team_roles__initiative__in=visible.order_by(),
        team_roles__role=Role.EXECUTIVE_SPONSOR,
        team_roles__until__isnull=True,
    )
    return list(people.order_by("name_key", "pk").values_list("username", "name").distinct())


_WAYS: Mapping[str, Callable[[InitiativeQuerySet, str], InitiativeQuerySet]] = {
    "unit": lambda rows, unit: rows.filter(business_unit_key=unit),
    "stage": lambda rows, stage: rows.filter(stage=stage),
    "sponsor": lambda rows, username: rows.sponsored_by(username),
    "technology": lambda rows, key: rows.filter(technology_key=key),
    "vendor": lambda rows, key: rows.filter(vendor_key=key),
    "tag": lambda rows, tag: rows.tagged(tag),
}
