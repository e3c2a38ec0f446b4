"""Forms of exit criteria and of their decisions. They check shapes only; rules are the actions'."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from gates.models import GO_ON, ExitCriterion, Kpi
from gates.promises import Comparator, Direction, ExitAction
from readiness.actions.errors import Invalid
from readiness.actions.exits import WINDOW_MAX
from readiness.ui.lazily import gettext_lazy
from readiness.workbench.checklists.forms import replaced, version_field
from readiness.workbench.choosing.candidates import Candidates
from readiness.workbench.choosing.fields import PersonField, ask
from readiness.workbench.initiatives.forms import ActionForm, LessonForm, choose, day_field, long_text
from readiness.workbench.promises.forms import decimal, typed, value_field

COMPARATOR_WORDS = {
    Comparator.UNDER.value: gettext_lazy("falls under"),
    Comparator.OVER.value: gettext_lazy("rises over"),
}
ACTION_WORDS = {
    ExitAction.STOP.value: gettext_lazy("Stop it"),
    ExitAction.HOLD.value: gettext_lazy("Put it on hold"),
    ExitAction.REWORK.value: gettext_lazy("Rework it"),
}
DECISION_WORDS = ACTION_WORDS | {GO_ON: gettext_lazy("Go on all the same")}


class CriterionForm(ActionForm):
    """One exit criterion. ``late``: the promises are locked, so that it, or a change of it, needs a reason."""

    kpi = forms.ChoiceField(label=gettext_lazy("KPI"))
    comparator = forms.ChoiceField(
        label=gettext_lazy("Comparison"),
        choices=list(COMPARATOR_WORDS.items()),
        help_text=gettext_lazy("The limit itself is not yet reached."),
    )
    limit = value_field(gettext_lazy("Limit"), gettext_lazy("In the unit of the KPI."), required=True)
    window_days = forms.IntegerField(
        label=gettext_lazy("For so many days"),
        required=False,
        help_text=gettext_lazy(
            "All readings of that time have to be beyond the limit, two at least. Such as 28."
        ),
        widget=forms.NumberInput({"inputmode": "numeric", "min": 1, "max": WINDOW_MAX}),
    )
    checkpoint = forms.ChoiceField(
        label=gettext_lazy("Or at a checkpoint"),
        required=False,
        help_text=gettext_lazy("Then the latest reading counts, from the day on which it is submitted."),
    )
    action = forms.ChoiceField(
        label=gettext_lazy("What is done then"),
        choices=list(ACTION_WORDS.items()),
        help_text=gettext_lazy("Agreed now, so that nobody has to argue then."),
    )
    decider = PersonField(
        label=gettext_lazy("Who decides"), help_text=gettext_lazy("One person, who is told at once.")
    )
    reason = long_text(gettext_lazy("Why it changes"), rows=2)
    version = version_field()

    def __init__(
        self,
        *args: Any,
        kpis: Iterable[Kpi],
        checkpoints: Iterable[tuple[str, str]],
        people: Candidates,
        late: bool = False,
        added: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        kpis = list(kpis)
        choose(self, "kpi", [("", _("Choose a KPI")), *((str(one.pk), one.name) for one in kpis)])
        self.fields["comparator"].initial = usual_comparator(kpis)
        choose(self, "checkpoint", [("", _("At none")), *checkpoints])
        ask(self, "decider", people)
        if not late:
            del self.fields["reason"]
        elif added:
            self.fields["reason"].label = _("Why it is added now")

    def facts(self) -> dict[str, Any]:
        """What was given, in the words of the REST contract."""
        given = {
            name: value for name, value in self.cleaned_data.items() if name not in ("reason", "version")
        }
        return given | {"kpi": int(given["kpi"]), "limit": decimal(given["limit"])}


def usual_comparator(kpis: Iterable[Kpi]) -> str:
    """Where a limit of these KPIs usually lies: where they get worse, if that is the same for all of them."""
    lower_is_better = {one.direction == Direction.DOWN for one in kpis} == {True}
    return (Comparator.OVER if lower_is_better else Comparator.UNDER).value


def initial_criterion(criterion: ExitCriterion) -> dict[str, Any]:
    """The form's values for a criterion as it stands."""
    same = ("comparator", "window_days", "checkpoint", "action", "version")
    return {name: getattr(criterion, name) for name in same} | {
        "kpi": str(criterion.kpi_id),
        "limit": typed(criterion.limit),
        "decider": criterion.decider.username,
    }


class ExitDecisionForm(ActionForm):
    """The decision itself. ``trigger`` is the one that the page showed."""

    trigger = forms.IntegerField(min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=list(DECISION_WORDS.items()),
        error_messages={"required": gettext_lazy("Choose a decision.")},
    )
    reason = long_text(
        gettext_lazy("Reason"), gettext_lazy("What you looked at, and why you decide so."), required=False
    )
    review_on = day_field(
        gettext_lazy("Look at it again by"),
        gettext_lazy("After that day a flag reminds the team."),
        required=False,
    )
    expires_on = day_field(
        gettext_lazy("Go on through"),
        gettext_lazy(
            "The last quiet day, a year from now at most. On the day after, what was measured counts again."
        ),
        required=False,
    )


class ExitLessonForm(LessonForm):
    """The lesson of a stop on agreed criteria: how it ended is known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["outcome"]


class ExitDecisionSheet:
    """What a decision takes: the lesson is checked where it stops, and kept as typed where it does not.

    ``cause``: the root cause that a lesson begins with, "" for none.
    """

    def __init__(self, trigger: int, cause: str, data: QueryDict | None = None) -> None:
        self.is_asked = data is not None
        self.decision = data.get("decision", "") if data is not None else ""
        self.form = ExitDecisionForm(data, initial={"trigger": trigger})
        typed = (
            {"root_cause": cause}
            if data is None
            else {name.removeprefix("lesson-"): data[name] for name in data}
        )
        self.lesson = ExitLessonForm(data if self.stops else None, prefix="lesson", initial=typed)

    @property
    def stops(self) -> bool:
        return self.decision == ExitAction.STOP

    def is_valid(self) -> bool:
        # Every one is asked, so that each says what is wrong with it.
        found = [part.is_valid() for part in self.judged]
        return all(found)

    @property
    def judged(self) -> list[forms.Form]:
        """The parts that this decision asks for: whose errors are told."""
        return [part for part in (self.form, self.lesson) if part.is_bound]

    def show_trigger(self, pk: int) -> None:
        """From now on it is about this one: to send it again is to decide that."""
        self.form.data = replaced(self.form.data, "trigger", str(pk))

    @property
    def given(self) -> Mapping[str, Any]:
        """What the decision takes of what was typed, as the action takes it."""
        typed = self.form.cleaned_data
        dates: dict[str, date | None] = {
            "review_on": typed["review_on"] if self.decision == ExitAction.HOLD else None,
            "expires_on": typed["expires_on"] if self.decision == GO_ON else None,
        }
        lesson = self.lesson.cleaned_data if self.stops else None
        return {"reason": typed["reason"], "trigger_id": typed["trigger"], "lesson": lesson, **dates}

    def take_errors(self, refused: Invalid) -> None:
        """Each error to the part that its field belongs to."""
        of_lesson = [error for error in refused.errors if error.field.startswith("lesson.")]
        others = [error for error in refused.errors if error not in of_lesson]
        if of_lesson:
            self.lesson.take_errors(Invalid(of_lesson))
        if others:
            self.form.take_errors(Invalid(others))
