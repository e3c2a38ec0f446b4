"""Forms of an initiative's pages. They check shapes only; rules are the actions'."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from gates.models import (
    NAMED_ROLES,
    Approach,
    Initiative,
    LessonOutcome,
    MaterialChangeKind,
    Priority,
    Visibility,
)
from gates.stages import Stage
from readiness.accounts.models import User
from readiness.actions.errors import Invalid
from readiness.actions.initiatives import TAKE_OVER_STAGES
from readiness.standing.definitions import root_causes


def day_field(label: str, help_text: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )


def long_text(label: str, help_text: str = "", *, required: bool = True, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, widget=forms.Textarea({"rows": rows})
    )


class ActionForm(forms.Form):
    """A form whose errors may come back from an action, by the action's names of fields."""

    places: dict[str, str] = {}

    def take_errors(self, refused: Invalid) -> None:
        """Put each error at its field; one whose field is not on the page stands above the form."""
        for error in refused.errors:
            name = self.places.get(error.field, error.field.replace(".", "_"))
            self.add_error(
                name if name in self.fields else None, forms.ValidationError(error.message, code=error.code)
            )


class FactsForm(ActionForm):
    """The facts and people of an initiative, as the REST contract names them."""

    name = forms.CharField(label="Name", help_text="How people will speak of it.")
    business_problem = long_text(
        "Business problem", "One sentence: who has which problem, and what it costs them today."
    )
    business_unit = forms.CharField(
        label="Business unit", required=False, help_text="The unit that benefits."
    )
    priority = forms.ChoiceField(label="Priority", choices=Priority.choices, initial=Priority.NORMAL)
    technology = forms.CharField(label="Technology", required=False)
    vendor = forms.CharField(label="Vendor", required=False)
    approach = forms.ChoiceField(
        label="Approach", required=False, choices=[("", "Not decided yet"), *Approach.choices]
    )
    tags = forms.CharField(label="Tags", required=False, help_text="Separated by commas.")
    visibility = forms.ChoiceField(
        label="Who may see it", choices=Visibility.choices, initial=Visibility.ORGANISATION
    )
    people_business_owner = forms.CharField(
        label="Business owner", required=False, help_text="Answers for the result in the business."
    )
    people_executive_sponsor = forms.CharField(
        label="Executive sponsor", required=False, help_text="An executive of the unit that benefits."
    )
    people_technical_lead = forms.CharField(label="Technical lead", required=False)
    people_deputy = forms.CharField(
        label="Deputy", required=False, help_text="Stands in for the owner and the lead."
    )
    people_members = forms.MultipleChoiceField(label="Further members", required=False)
    plan_intake_days = forms.IntegerField(label="Intake, planned days", required=False)
    plan_poc_days = forms.IntegerField(label="PoC, planned days", required=False)
    plan_pilot_days = forms.IntegerField(label="Pilot, planned days", required=False)
    plan_rollout_days = forms.IntegerField(label="Rollout, planned days", required=False)
    plan_decision_on = day_field("Decision planned for", required=False)
    budget_planned = forms.DecimalField(label="Planned", required=False)
    budget_spent = forms.DecimalField(label="Spent so far", required=False)
    budget_currency = forms.CharField(label="Currency", required=False, max_length=3)
    budget_data_share = forms.IntegerField(label="Share for data work, %", required=False)
    budget_change_share = forms.IntegerField(label="Share for change and training, %", required=False)

    sections = (
        ("What it is for", ("name", "business_problem", "business_unit", "priority")),
        ("How it is made", ("technology", "vendor", "approach", "tags")),
        ("People", tuple(f"people_{role.value}" for role in NAMED_ROLES) + ("people_members", "visibility")),
        (
            "Plan",
            ("plan_intake_days", "plan_poc_days", "plan_pilot_days", "plan_rollout_days", "plan_decision_on"),
        ),
        (
            "Budget",
            ("budget_planned", "budget_spent", "budget_currency", "budget_data_share", "budget_change_share"),
        ),
    )

    def __init__(
        self, *args: Any, people: QuerySet[User], only: Iterable[str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        persons = [
            (user.username, f"{user.name}, {user.unit}" if user.unit else user.name) for user in people
        ]
        for role in NAMED_ROLES:
            old = self.fields[f"people_{role.value}"]
            self.fields[f"people_{role.value}"] = forms.ChoiceField(
                label=old.label,
                required=False,
                help_text=old.help_text,
                choices=[("", "Nobody yet"), *persons],
            )
        self.fields["people_members"].choices = persons
        if only is not None:
            for name in [name for name in self.fields if name not in set(only)]:
                del self.fields[name]

    def sectioned(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by section, for the page."""
        found = [
            (title, [self[name] for name in names if name in self.fields]) for title, names in self.sections
        ]
        return [(title, fields) for title, fields in found if fields]

    def facts(self) -> dict[str, Any]:
        """What was given, in the words of the REST contract."""
        facts: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            group, _, inner = name.partition("_")
            if group in ("people", "plan", "budget"):
                facts.setdefault(group, {})[inner] = (
                    value or None if group == "people" and inner != "members" else value
                )
            elif name == "tags":
                facts["tags"] = [tag.strip() for tag in value.split(",") if tag.strip()]
            elif name in ("name", "business_problem") or name in self.fields:
                facts[name] = value
        if facts.get("budget", {}).get("currency") == "":
            del facts["budget"]["currency"]
        return facts


class NewInitiativeForm(FactsForm):
    """The facts, and the stage at which one that is under way is taken over."""

    stage = forms.ChoiceField(
        label="Stage it is in",
        initial=Stage.INTAKE.value,
        choices=[(stage.value, stage.label) for stage in TAKE_OVER_STAGES],
        help_text="One that is under way comes in at its stage, marked as taken over. Rollout, live: by an admin.",
    )
    stage_since = day_field("In this stage since", "Empty: today.", required=False)

    sections = (
        ("What it is for", ("name", "business_problem", "business_unit", "priority", "stage", "stage_since")),
        *FactsForm.sections[1:],
    )


class HoldForm(ActionForm):
    reason = long_text("Why it is put on hold")
    review_on = day_field("Look at it again on", "Its days on hold count in no rule.")


class StageForm(ActionForm):
    to = forms.ChoiceField(label="Move to", widget=forms.RadioSelect)
    reason = long_text("Reason", "Needed for a step back.", required=False)

    def __init__(self, *args: Any, stages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = stages


class LessonForm(ActionForm):
    """What a stopped initiative leaves to the next one."""

    places = {
        f"lesson.{name}": name
        for name in (
            "tried",
            "did_not_work",
            "technical_constraint",
            "organisational_barrier",
            "advice",
            "outcome",
            "root_cause",
        )
    }

    outcome = forms.ChoiceField(label="How it ended", choices=LessonOutcome.choices, widget=forms.RadioSelect)
    tried = long_text("What was tried")
    did_not_work = long_text("What did not work")
    technical_constraint = long_text("Technical constraint", required=False, rows=2)
    organisational_barrier = long_text("Organisational barrier", required=False, rows=2)
    root_cause = forms.ChoiceField(label="Root cause", required=False)
    advice = long_text("Advice to the next ones", required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        causes = [(cause.slug, cause.name) for cause in root_causes().values()]
        self.fields["root_cause"].choices = [("", "Not clear"), *causes]


class SnoozeForm(ActionForm):
    until = day_field("Quiet until")
    reason = long_text("Reason")


class MaterialChangeForm(ActionForm):
    kind = forms.ChoiceField(label="What changed", choices=MaterialChangeKind.choices)
    note = long_text("What exactly, and why")
    gates = forms.MultipleChoiceField(
        label="Gates that have to look at it again",
        widget=forms.CheckboxSelectMultiple,
        help_text="Each that was passed lapses until a reviewer decides it anew.",
    )

    def __init__(self, *args: Any, gates: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gates"].choices = gates


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
    }
    return initial
