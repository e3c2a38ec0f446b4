"""Forms of an initiative's pages. They check shapes only; rules are the actions'."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gates.models import LessonOutcome, MaterialChangeKind
from readiness.actions.errors import Invalid
from readiness.standing.definitions import root_causes
from readiness.ui.lazily import gettext_lazy
from readiness.ui.saying import content


def day_field(label: str, help_text: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )


def long_text(
    label: str, help_text: str = "", *, required: bool = True, rows: int = 3, missing: str = ""
) -> forms.CharField:
    """``missing``: what is said where it is required and left empty; "" for the usual sentence."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": missing} if missing else None,
    )


def over_limit_field() -> forms.CharField:
    return long_text(
        gettext_lazy("Why it may go over the limit"),
        gettext_lazy("Only where the limit of its unit is reached. The reason stays in its history."),
        required=False,
        rows=2,
    )


def sent(request: HttpRequest) -> Mapping[str, Any] | None:
    """What a form was sent with; None where it is only to be shown."""
    return request.POST if request.method == "POST" else None


def choose(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Give a choice field what can be chosen: values and words, or groups of these by name."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"Nothing can be chosen in {name!r}.")
    field.choices = list(choices)


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


class HoldForm(ActionForm):
    reason = long_text(
        gettext_lazy("Why it is put on hold"), gettext_lazy("What it waits for, and who can change that.")
    )
    review_on = day_field(
        gettext_lazy("Look at it again by"), gettext_lazy("After that day a flag reminds the team.")
    )


class StageForm(ActionForm):
    """``before``: the stages that lie one step back, to which a move needs a reason."""

    to = forms.ChoiceField(label=gettext_lazy("Move to"), widget=forms.RadioSelect)
    reason = long_text(
        gettext_lazy("Reason"),
        gettext_lazy("A step back needs one. It stays in the history."),
        required=False,
    )
    over_limit_reason = over_limit_field()

    def __init__(
        self, *args: Any, stages: list[tuple[str, str]], before: Collection[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "to", stages)
        self.before = before

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("to") in self.before and not given.get("reason", "").strip():
            self.add_error("reason", forms.ValidationError(_("A step back needs a reason."), code="required"))
        return given


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

    outcome = forms.ChoiceField(
        label=gettext_lazy("How it ended"), choices=LessonOutcome.choices, widget=forms.RadioSelect
    )
    tried = long_text(gettext_lazy("What was tried"), gettext_lazy("So that nobody has to guess later."))
    did_not_work = long_text(
        gettext_lazy("What did not work"),
        gettext_lazy("As a fact: what was measured, and against which limit."),
    )
    technical_constraint = long_text(gettext_lazy("Technical constraint met"), required=False, rows=2)
    organisational_barrier = long_text(gettext_lazy("Organisational barrier met"), required=False, rows=2)
    root_cause = forms.ChoiceField(
        label=gettext_lazy("Confirmed root cause"),
        required=False,
        help_text=gettext_lazy("What you know by now, not what a flag suspected."),
    )
    advice = long_text(gettext_lazy("Advice to the next ones"), required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        causes = [(cause.slug, content(cause.name)) for cause in root_causes().values()]
        choose(self, "root_cause", [("", _("Not clear yet")), *causes])


class CauseForm(ActionForm):
    root_cause = forms.ChoiceField(label=gettext_lazy("Root cause"))
    note = long_text(
        gettext_lazy("How that was found"), gettext_lazy("What showed it, or who said so."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "root_cause", [(cause.slug, content(cause.name)) for cause in root_causes().values()])


class SnoozeForm(ActionForm):
    until = day_field(gettext_lazy("Quiet until"), gettext_lazy("The last day without reminders."))
    reason = long_text(
        gettext_lazy("Reason"), gettext_lazy("What is being done about it, or why it can wait.")
    )


class MaterialChangeForm(ActionForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("What changed"), choices=MaterialChangeKind.choices, widget=forms.RadioSelect
    )
    note = long_text(
        gettext_lazy("What exactly, and why"),
        gettext_lazy("The new version or source, from which day on, and who decided it."),
    )
    gates = forms.MultipleChoiceField(
        label=gettext_lazy("Gates that have to look at it again"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Each that was passed lapses until a reviewer decides it anew."),
    )

    def __init__(self, *args: Any, gates: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "gates", gates)
