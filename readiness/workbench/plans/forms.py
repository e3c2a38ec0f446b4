"""Forms of the roadmap and of spending. They check shapes only; rules are the actions'."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gates.budget import Kind
from gates.roadmap import USUAL_WEEKS, Phase, PhaseFacts
from readiness.standing.roadmaps import RoadmapToday
from readiness.standing.words import SPENDING_WORDS
from readiness.ui.lazily import gettext_lazy
from readiness.ui.saying import say
from readiness.workbench.checklists.forms import version_field
from readiness.workbench.initiatives.facts_form import money
from readiness.workbench.initiatives.forms import ActionForm, day_field, long_text

WEEKS_MOST = 104
PHASE_FIELDS = ("starts_on", "ends_on", "entry_rule", "pause_rule")


@dataclass(frozen=True, slots=True)
class PhaseFields:
    """The fields of one phase, as the page lays them out."""

    phase: Phase
    hint: str
    days: list[forms.BoundField]
    rules: list[forms.BoundField]

    @property
    def has_rules(self) -> bool:
        """Whether its rules are to be seen at once: there are some, or one is wrong."""
        return any(bound.value() or bound.errors for bound in self.rules)


class RoadmapForm(ActionForm):
    """People, money, and the six phases with their days and rules."""

    version = version_field()
    people = long_text(
        gettext_lazy("Who is committed"),
        gettext_lazy("By name or by role, and how much of their time."),
        required=False,
        rows=2,
    )
    budget = money(gettext_lazy("Money committed"), gettext_lazy("For building it and rolling it out."))

    places = {
        f"phases.{position}.{name}": f"{phase.value}-{name}"
        for position, phase in enumerate(Phase)
        for name in PHASE_FIELDS
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for phase in Phase:
            first, last = (
                (pgettext("a day", "On"), _("Through"))
                if phase == Phase.OLD_PROCESS_ENDS
                else (_("First day"), _("Last day"))
            )
            self.fields[f"{phase.value}-starts_on"] = day_field(first, required=False)
            self.fields[f"{phase.value}-ends_on"] = day_field(last, required=False)
            self.fields[f"{phase.value}-entry_rule"] = long_text(
                _("Begins when"), _("What has to be true before."), required=False, rows=2
            )
            self.fields[f"{phase.value}-pause_rule"] = long_text(
                _("Pauses when"), _("What makes us wait, and who decides it."), required=False, rows=2
            )

    def phases(self) -> list[PhaseFields]:
        return [
            PhaseFields(
                phase=phase,
                hint=weeks_words(phase),
                days=[self[f"{phase.value}-{name}"] for name in PHASE_FIELDS[:2]],
                rules=[self[f"{phase.value}-{name}"] for name in PHASE_FIELDS[2:]],
            )
            for phase in Phase
        ]

    def facts(self) -> dict[str, Any]:
        """What was given, in the words of the REST contract; all six phases in order."""
        given = self.cleaned_data
        return {
            "people": unix(given["people"]),
            "budget": given["budget"],
            "phases": [
                {"kind": phase.value} | {name: unix(given[f"{phase.value}-{name}"]) for name in PHASE_FIELDS}
                for phase in Phase
            ],
        }


def roadmap_initial(found: RoadmapToday, plan: Sequence[PhaseFacts]) -> dict[str, Any]:
    """The form's values: what stands, with the days of this plan."""
    initial: dict[str, Any] = {"version": found.version}
    if found.row is not None:
        initial |= {"people": found.row.people, "budget": found.row.budget}
    for one, days in zip(found.phases, plan, strict=True):
        kind = days.phase.value
        initial |= {f"{kind}-starts_on": days.starts_on, f"{kind}-ends_on": days.ends_on}
        initial |= {f"{kind}-entry_rule": one.entry_rule, f"{kind}-pause_rule": one.pause_rule}
    return initial


class LayoutForm(forms.Form):
    """From which day on, and how many weeks for each phase: sent with GET, and nothing is saved by it."""

    start = day_field(gettext_lazy("From"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for phase, (_least, most) in USUAL_WEEKS.items():
            self.fields[phase.value] = forms.IntegerField(
                label=_("%(phase)s, weeks") % {"phase": say(phase.label)},
                min_value=1,
                max_value=WEEKS_MOST,
                initial=most,
                help_text=weeks_words(phase),
                widget=forms.NumberInput({"inputmode": "numeric"}),
            )

    def clean_start(self) -> date:
        start: date = self.cleaned_data["start"]
        if not 1990 <= start.year <= 2100:
            raise forms.ValidationError(_("A day between 1990 and 2100."), code="out_of_range")
        return start

    def weeks(self) -> dict[Phase, int]:
        return {phase: self.cleaned_data[phase.value] for phase in USUAL_WEEKS}


class BeginForm(ActionForm):
    on = day_field(gettext_lazy("Began on"))


class SpendingForm(ActionForm):
    """What one month cost. ``shown``: the month whose amounts the page showed."""

    version = version_field()
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    month = forms.CharField(
        label=gettext_lazy("Month"),
        help_text=gettext_lazy("Such as 2026-10."),
        widget=forms.TextInput(
            {"type": "month", "placeholder": gettext_lazy("YYYY-MM"), "autocomplete": "off"}
        ),
    )

    places = {f"amounts.{kind.value}": kind.value for kind in Kind}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in Kind:
            self.fields[kind.value] = money(SPENDING_WORDS[kind])

    def clean_month(self) -> date:
        month = month_of(self.cleaned_data["month"])
        if month is None:
            raise forms.ValidationError(_("A month such as 2026-10."), code="wrong_type")
        return month

    def kinds(self) -> list[forms.BoundField]:
        return [self[kind.value] for kind in Kind]

    def amounts(self) -> dict[str, Decimal | None]:
        """What was given. An empty field takes an amount out only where the page had shown that month's."""
        was_shown = month_of(self.cleaned_data["shown"]) == self.cleaned_data["month"]
        given = {kind.value: self.cleaned_data[kind.value] for kind in Kind}
        return {kind: amount for kind, amount in given.items() if amount is not None or was_shown}


def spending_initial(version: int, month: date, amounts: Mapping[Kind, Decimal]) -> dict[str, Any]:
    named = f"{month:%Y-%m}"
    return {"version": version, "shown": named, "month": named} | {
        kind.value: amount for kind, amount in amounts.items()
    }


def month_of(text: str) -> date | None:
    """The first day of a month written as 2026-10; None for anything else."""
    year, dash, month = text.partition("-")
    if not (
        dash and len(year) == 4 and len(month) == 2 and (year + month).isascii() and (year + month).isdigit()
    ):
        return None
    try:
        return date(int(year), int(month), 1)
    except ValueError:
        return None


def weeks_words(phase: Phase) -> str:
    if phase not in USUAL_WEEKS:
        return _("One day, or the days over which it is switched off.")
    low, high = USUAL_WEEKS[phase]
    return (
        _("Usually %(low)s weeks.") % {"low": low}
        if low == high
        else _("Usually %(low)s to %(high)s weeks.") % {"low": low, "high": high}
    )


def unix(value: Any) -> Any:
    """Browsers send other line ends than were stored: that is no change."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
