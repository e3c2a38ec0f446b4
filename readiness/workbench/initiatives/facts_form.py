"""The form of an initiative's facts and people, as the REST contract names them."""

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from gates.models import NAMED_ROLES, Approach, Initiative, Priority, Visibility
from gates.stages import Stage
from readiness.actions.fields import PLAN_DAYS_MAX
from readiness.actions.initiatives import TAKE_OVER_STAGES
from readiness.actions.team import People
from readiness.standing.words import STAGE_WORDS
from readiness.ui.lazily import gettext_lazy
from readiness.workbench.choosing.candidates import Candidates
from readiness.workbench.choosing.fields import PeopleField, PersonField, ask
from readiness.workbench.initiatives.forms import (
    ActionForm,
    day_field,
    long_text,
    over_limit_field,
)

SHOWN = 120
"""So many characters of a value are shown where two are compared."""


def number(label: str, help_text: str = "", **widget: int | str) -> forms.IntegerField:
    """A whole number that may be left out."""
    return forms.IntegerField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.NumberInput({"inputmode": "numeric", **widget}),
    )


def days(label: str, help_text: str = "") -> forms.IntegerField:
    return number(label, help_text, min=1, max=PLAN_DAYS_MAX)


def money(label: str, help_text: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.NumberInput({"inputmode": "decimal", "min": 0, "step": "any"}),
    )


@dataclass(frozen=True, slots=True)
class Section:
    """A card of the form: rows of one field, or of two beside each other."""

    title: str
    hint: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ShownSection:
    title: str
    hint: str
    rows: list[list[forms.BoundField]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field whose value on the form is not the one that stands: both in words."""

    label: str
    stands: str
    typed: str


class FactsForm(ActionForm):
    """The facts and people of an initiative, as the REST contract names them."""

    name = forms.CharField(label=gettext_lazy("Name"), help_text=gettext_lazy("How people will speak of it."))
    business_problem = long_text(
        gettext_lazy("Business problem"),
        gettext_lazy("One sentence: who has which problem, and what it costs them today."),
    )
    business_unit = forms.CharField(
        label=gettext_lazy("Business unit"),
        required=False,
        help_text=gettext_lazy("The unit that benefits."),
        widget=forms.TextInput({"list": "units", "autocomplete": "off"}),
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"), choices=Priority.choices, initial=Priority.NORMAL
    )
    technology = forms.CharField(
        label=gettext_lazy("Technology"),
        required=False,
        help_text=gettext_lazy("Such as: document AI, gradient boosting."),
    )
    vendor = forms.CharField(
        label=gettext_lazy("Vendor"),
        required=False,
        help_text=gettext_lazy("Where it is bought, wholly or in part."),
    )
    approach = forms.ChoiceField(
        label=gettext_lazy("Approach"),
        required=False,
        choices=[("", gettext_lazy("Not decided yet")), *Approach.choices],
        help_text=gettext_lazy("Made here, bought, or made together."),
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags"), required=False, help_text=gettext_lazy("Separated by commas.")
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who may see it"),
        choices=Visibility.choices,
        initial=Visibility.ORGANISATION,
        help_text=gettext_lazy("Reviewers, executives, auditors and admins always see it."),
    )
    people_business_owner = PersonField(
        label=gettext_lazy("Business owner"),
        required=False,
        help_text=gettext_lazy("Answers for the result in the business."),
    )
    people_executive_sponsor = PersonField(
        label=gettext_lazy("Executive sponsor"),
        required=False,
        help_text=gettext_lazy("An executive of the unit that benefits."),
    )
    people_technical_lead = PersonField(
        label=gettext_lazy("Technical lead"),
        required=False,
        help_text=gettext_lazy("Answers for how it is made and run."),
    )
    people_deputy = PersonField(
        label=gettext_lazy("Deputy"),
        required=False,
        help_text=gettext_lazy("Stands in for the owner and the lead, and is neither."),
    )
    people_members = PeopleField(
        label=gettext_lazy("Further members"),
        required=False,
        help_text=gettext_lazy("Everyone on the team can answer and submit, and nobody on it decides."),
    )
    plan_intake_days = days(gettext_lazy("Intake, days"))
    plan_poc_days = days(gettext_lazy("PoC, days"))
    plan_pilot_days = days(gettext_lazy("Pilot, days"))
    plan_rollout_days = days(gettext_lazy("Rollout, days"))
    plan_decision_on = day_field(
        gettext_lazy("Decision planned for"),
        gettext_lazy("The day on which to go on or to stop."),
        required=False,
    )
    budget_planned = money(gettext_lazy("Planned"))
    budget_spent = money(gettext_lazy("Spent so far"))
    budget_currency = forms.CharField(
        label=gettext_lazy("Currency"),
        required=False,
        max_length=3,
        help_text=gettext_lazy("Three letters, such as EUR."),
        widget=forms.TextInput({"size": 4, "autocapitalize": "characters", "autocomplete": "off"}),
    )
    budget_data_share = number(
        gettext_lazy("For data work, %"), gettext_lazy("Of the planned budget."), min=0, max=100
    )
    budget_change_share = number(
        gettext_lazy("For change and training, %"), gettext_lazy("Of the planned budget."), min=0, max=100
    )
    budget_estimate_build = money(
        gettext_lazy("To build it for production"), gettext_lazy("A rough figure is enough.")
    )
    budget_estimate_run = money(
        gettext_lazy("To run it for a year"), gettext_lazy("People, licences and computing.")
    )

    sections: tuple[Section, ...] = (
        Section(
            gettext_lazy("What it is for"),
            gettext_lazy("The problem comes first: who will be better off, and by what."),
            (("name",), ("business_problem",), ("business_unit", "priority")),
        ),
        Section(
            gettext_lazy("How it is made"),
            gettext_lazy("As far as it is known."),
            (("technology", "vendor"), ("approach", "tags")),
        ),
        Section(
            gettext_lazy("People"),
            gettext_lazy("An initiative without an owner in the business rarely reaches production."),
            (
                ("people_business_owner", "people_executive_sponsor"),
                ("people_technical_lead", "people_deputy"),
                ("people_members",),
                ("visibility",),
            ),
        ),
        Section(
            gettext_lazy("Plan"),
            gettext_lazy("How long each stage is meant to take. Days on hold are not counted."),
            (
                ("plan_intake_days", "plan_poc_days"),
                ("plan_pilot_days", "plan_rollout_days"),
                ("plan_decision_on",),
            ),
        ),
        Section(
            gettext_lazy("Budget"),
            gettext_lazy("Enough to see what it costs, and what is meant for data and for people."),
            (
                ("budget_planned", "budget_spent"),
                ("budget_currency",),
                ("budget_data_share", "budget_change_share"),
                ("budget_estimate_build", "budget_estimate_run"),
            ),
        ),
    )

    def __init__(
        self, *args: Any, people: Candidates, only: Iterable[str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in (*(f"people_{role.value}" for role in NAMED_ROLES), "people_members"):
            ask(self, name, people)
        if only is not None:
            for name in [name for name in self.fields if name not in set(only)]:
                del self.fields[name]

    def sectioned(self) -> list[ShownSection]:
        """The fields by section, for the page; what is not on the form is left out."""
        found = []
        for section in self.sections:
            rows = [[self[name] for name in row if name in self.fields] for row in section.rows]
            found.append(ShownSection(section.title, section.hint, [row for row in rows if row]))
        return [section for section in found if section.rows]

    def facts(self) -> dict[str, Any]:
        """What was given, in the words of the REST contract."""
        facts: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            group, _dot, inner = name.partition("_")
            if group in ("people", "plan", "budget"):
                facts.setdefault(group, {})[inner] = (
                    value or None if group == "people" and inner != "members" else value
                )
            elif name == "tags":
                facts["tags"] = [tag.strip() for tag in value.split(",") if tag.strip()]
            else:
                facts[name] = value
        if facts.get("budget", {}).get("currency") == "":
            del facts["budget"]["currency"]
        return facts


def differences(form: forms.Form) -> list[Difference]:
    """Where what was typed is not what stands now; long texts are cut."""
    found = []
    for name in form.changed_data:
        bound = form[name]
        found.append(Difference(str(bound.label), _words(bound, bound.initial), _words(bound, bound.value())))
    return found


def _words(bound: forms.BoundField, value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(bound.field, PersonField | PeopleField):
        return shorten(bound.field.words(value), SHOWN, placeholder=" …") or _("nothing")
    options = dict(getattr(bound.field, "choices", []))
    values = value if isinstance(value, list | tuple) else [value]
    words = ", ".join(str(options.get(one, one)) for one in values if one not in (None, ""))
    return shorten(words, SHOWN, placeholder=" …") or _("nothing")


class NewInitiativeForm(ActionForm):
    """What is enough to begin, and the stage at which one that is under way is taken over."""

    name = FactsForm.base_fields["name"]
    business_problem = FactsForm.base_fields["business_problem"]
    business_unit = FactsForm.base_fields["business_unit"]
    visibility = FactsForm.base_fields["visibility"]
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage it is in"),
        initial=Stage.INTAKE.value,
        choices=[(stage.value, STAGE_WORDS[stage].label) for stage in TAKE_OVER_STAGES],
        help_text=gettext_lazy("Into rollout or live: by an admin only."),
    )
    stage_since = day_field(
        gettext_lazy("In this stage since"), gettext_lazy("Left empty, it is today."), required=False
    )
    over_limit_reason = over_limit_field()

    further = ("stage", "stage_since", "over_limit_reason", "visibility")
    """What stands behind one line, as most need none of it."""

    def __init__(self, *args: Any, limited: bool, **kwargs: Any) -> None:
        """``limited``: some stage has a parallel limit, so that a reason to go over it can be asked for."""
        super().__init__(*args, **kwargs)
        if not limited:
            del self.fields["over_limit_reason"]

    @property
    def opens_further(self) -> bool:
        """Whether what stands behind the line was changed, or is wrong."""
        return self.is_bound and any(
            name in self.errors or name in self.changed_data for name in self.further
        )


def initial_facts(initiative: Initiative, people: dict[str, Any]) -> dict[str, Any]:
    """The form's values for an initiative as it stands; ``people`` as ``actions.team.people_of`` gives them."""
    initial = {
        name: getattr(initiative, name)
        for name in (
            "name", "business_problem", "business_unit", "priority", "technology", "vendor", "approach", "visibility",
        )
    }  # fmt: skip
    initial["tags"] = ", ".join(initiative.tags)
    initial |= {f"people_{role}": who for role, who in people.items()}
    initial |= {
        f"plan_{name}": getattr(initiative, name)
        for name in ("intake_days", "poc_days", "pilot_days", "rollout_days", "decision_on")
    }
    initial |= {
        "budget_planned": initiative.budget_planned,
        "budget_spent": initiative.budget_spent,
        "budget_currency": initiative.currency,
        "budget_data_share": initiative.data_share,
        "budget_change_share": initiative.change_share,
        "budget_estimate_build": initiative.estimate_build,
        "budget_estimate_run": initiative.estimate_run,
    }
    return initial


def holders(people: People) -> list[str]:
    """The usernames of those who hold a place already."""
    return [*people["members"], *(who for role, who in people.items() if role != "members" and who)]
