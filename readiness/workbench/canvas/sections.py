"""The sections of the canvas that are filled in on it: their fields, their forms, and how each is saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from gates.models import Initiative, Stakeholder, StakeholderFunction
from readiness.accounts.models import User
from readiness.accounts.policy import Act
from readiness.actions.fields import fingerprint
from readiness.actions.initiatives import Seen, edit_initiative
from readiness.actions.stakeholders import set_stakeholders, stakeholders_of, stakeholders_seen
from readiness.actions.team import People, people_of
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import long_day, number
from readiness.workbench.choosing.fields import PeopleField, PersonField
from readiness.workbench.choosing.places import Place, candidates_at
from readiness.workbench.initiatives.facts_form import FactsForm, holders, initial_facts
from readiness.workbench.initiatives.forms import ActionForm, day_field

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the canvas: what it is called, what it asks, and its rows of fields."""

    slug: str
    title: str
    question: str
    icon: str
    rows: Rows = ()
    act: Act = Act.EDIT

    @property
    def names(self) -> tuple[str, ...]:
        """Its facts and people as the API names them."""
        return tuple(_fact_name(field) for row in self.rows for field in row)


def _fact_name(field: str) -> str:
    group, _dot, inner = field.partition("_")
    return f"{group}.{inner}" if group in ("people", "plan", "budget") else field


PROBLEM = Section(
    "problem", gettext_lazy("The problem"), gettext_lazy("Why is it worth doing at all?"), "target",
    (("business_problem",), ("business_unit",)),
)  # fmt: skip
PEOPLE = Section(
    "people", gettext_lazy("People"), gettext_lazy("Who answers for it, who backs it, and who can step in?"), "users",
    (
        ("people_business_owner", "people_executive_sponsor"),
        ("people_technical_lead", "people_deputy"),
        ("people_members",),
    ),
    Act.EDIT_PEOPLE,
)  # fmt: skip
KPIS = Section(
    "kpis",
    gettext_lazy("KPIs"),
    gettext_lazy("Which numbers will mean go, and which will mean stop?"),
    "trend",
)
EXITS = Section(
    "exit-criteria",
    gettext_lazy("Exit criteria"),
    gettext_lazy("What would make us end it early, and who decides?"),
    "stop",
)
BUDGET = Section(
    "budget", gettext_lazy("Budget"),
    gettext_lazy("What may the trial cost, what shape has it, and what would production cost?"), "coins",
    (
        ("budget_planned", "budget_currency"),
        ("budget_data_share", "budget_change_share"),
        ("budget_estimate_build", "budget_estimate_run"),
    ),
)  # fmt: skip
PLAN = Section(
    "plan", gettext_lazy("Plan"), gettext_lazy("How long may each stage take, and when is it decided?"), "calendar",
    (
        ("plan_intake_days", "plan_poc_days"),
        ("plan_pilot_days", "plan_rollout_days"),
        ("plan_decision_on",),
    ),
)  # fmt: skip
STAKEHOLDERS = Section(
    "stakeholders",
    gettext_lazy("Stakeholders"),
    gettext_lazy("Who else has to be asked, and since when are they involved?"),
    "comment",
)
APPROACH = Section(
    "approach", gettext_lazy("Build, buy or partner"),
    gettext_lazy("How is it made, with which technology, and with whom?"), "grid",
    (("approach",), ("technology", "vendor")),
)  # fmt: skip

ORDER = (PROBLEM, PEOPLE, KPIS, EXITS, BUDGET, PLAN, STAKEHOLDERS, APPROACH)
FILLED_IN = {section.slug: section for section in ORDER if section not in (KPIS, EXITS)}


class StakeholdersForm(ActionForm):
    """For each function who stands for it and since when; of a works council also that there is none."""

    places = {
        f"stakeholders.{position}.{name}": f"{function}_{name}"
        for position, function in enumerate(StakeholderFunction.values)
        for name in ("contact", "involved_on", "needed")
    }

    def __init__(self, data: Any = None, *, stakeholders: list[Stakeholder]) -> None:
        initial: dict[str, Any] = {}
        for row in stakeholders:
            initial |= {
                f"{row.function}_contact": row.contact,
                f"{row.function}_involved_on": row.involved_on,
                f"{row.function}_needed": row.needed,
            }
        super().__init__(data, initial=initial)
        for row in stakeholders:
            label = row.get_function_display()
            self.fields[f"{row.function}_contact"] = forms.CharField(
                label=_("%(label)s: who") % {"label": label},
                required=False,
                widget=forms.TextInput({"placeholder": _("Name or team")}),
            )
            self.fields[f"{row.function}_involved_on"] = day_field(
                _("%(label)s: involved since") % {"label": label}, required=False
            )
        self.fields["works_council_needed"] = forms.BooleanField(
            label=_("There is a works council"), required=False
        )

    def wanted(self) -> list[dict[str, Any]]:
        """What was given, in the words of the action."""
        given = self.cleaned_data
        return [
            {
                "function": function,
                "contact": given[f"{function}_contact"],
                "involved_on": given[f"{function}_involved_on"],
                "needed": given.get(f"{function}_needed", True),
            }
            for function in StakeholderFunction.values
        ]


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in the sections of one initiative, for the one who reads it."""

    initiative: Initiative
    reader: User
    people: People
    stakeholders: list[Stakeholder]

    @classmethod
    def of(cls, initiative: Initiative, reader: User) -> "Content":
        return cls(initiative, reader, people_of(initiative), stakeholders_of(initiative))

    def form(self, section: Section, data: Any = None) -> ActionForm:
        if section is STAKEHOLDERS:
            return StakeholdersForm(data, stakeholders=self.stakeholders)
        fields = [field for row in section.rows for field in row]
        people = candidates_at(Place.PEOPLE, self.initiative, self.reader, held=holders(self.people))
        initial = initial_facts(self.initiative, self.people)
        return FactsForm(data, initial=initial, people=people, only=fields)

    def seen(self, section: Section) -> str:
        """What changes with what stands in this section, and with nothing else."""
        if section is STAKEHOLDERS:
            return stakeholders_seen(self.stakeholders)
        return fingerprint(self.initiative, self.people, section.names)


def save(
    section: Section, form: ActionForm, initiative: Initiative, by: Actor, at: datetime, seen: str
) -> Outcome:
    """Write what the form was given, on what the person saw. Raises as the actions do."""
    if isinstance(form, StakeholdersForm):
        return set_stakeholders(initiative.pk, form.wanted(), by, at, seen=seen)
    if not isinstance(form, FactsForm):
        raise TypeError(f"The section {section.slug} is not filled in.")
    return edit_initiative(initiative.pk, form.facts(), by, at, seen=Seen(section.names, seen))[1]


def said(bound: forms.BoundField) -> str:
    """What stands in a field, as it is read; "" for nothing."""
    if isinstance(bound.field, PersonField | PeopleField):
        return bound.field.words(bound.initial)
    options = dict(getattr(bound.field, "choices", []))
    value = bound.initial
    values: Iterable[Any] = value if isinstance(value, list) else [value]
    return ", ".join(_plain(options.get(one, one)) for one in values if one not in (None, ""))


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return long_day(value)
    return number(f"{value:,.2f}") if isinstance(value, Decimal) else str(value)
