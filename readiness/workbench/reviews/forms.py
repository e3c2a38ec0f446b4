"""Forms of reviewers. They check shapes only; rules are the actions'."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from gates.criteria import GateKind
from gates.rules import DecisionKind
from readiness.actions.errors import FieldError, Invalid
from readiness.actions.gates import CONDITIONS_MAX, Promise
from readiness.workbench.checklists.forms import replaced
from readiness.workbench.checklists.words import HOLD, decision_labels
from readiness.workbench.initiatives.forms import ActionForm, LessonForm, choose, day_field, long_text

ROWS_AT_FIRST = 3
People = list[tuple[str, list[tuple[str, str]]]]
"""Usernames and names, in groups."""


class WaiverForm(ActionForm):
    item = forms.ChoiceField(label="Item", help_text="Critical items cannot be waived.")
    reason = long_text("Why the risk is accepted", "What could happen, and what holds it small meanwhile.")
    expires_on = day_field("Last day of the waiver", "On the day after, the item counts again as it is.")

    def __init__(self, *args: Any, items: People, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "item", [("", "Choose an item"), *items])


class DecisionForm(ActionForm):
    """The decision itself. ``submission`` is the one that the page showed."""

    submission = forms.IntegerField(min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)
    decision = forms.ChoiceField(label="Decision", error_messages={"required": "Choose a decision."})
    rationale = long_text("Rationale", "What you looked at, and why you decide so.", rows=4)

    def __init__(self, *args: Any, kind: GateKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "decision", list(decision_labels(kind).items()))


class ConditionForm(ActionForm):
    text = long_text("What is promised", required=False, rows=2)
    owner = forms.ChoiceField(label="Who keeps it", required=False)
    due = day_field("By when", required=False)

    def __init__(self, *args: Any, people: People, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "owner", [("", "Choose a person"), *people])

    @property
    def is_empty(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in self.fields) and not self.errors


class HoldPart(ActionForm):
    reason = long_text("Why it is put on hold", required=False, rows=2)
    review_on = day_field("Look at it again on", required=False)


class DecisionSheet:
    """Everything a decision takes: the parts that the chosen one asks for are checked, the others are kept as typed.

    ``checked`` False lays out what was typed without judging it, as where another row was asked for.
    """

    def __init__(
        self,
        kind: GateKind,
        people: People,
        submission: int,
        data: QueryDict | None = None,
        *,
        checked: bool = True,
    ) -> None:
        self.kind, self.people, self.data = kind, people, data
        self.is_asked = data is not None and checked
        self.decision = data.get("decision", "") if data is not None else ""
        judged = data if checked else None
        self.form = DecisionForm(
            judged, kind=kind, initial=_typed(data, "") if data is not None else {"submission": submission}
        )
        self.rows = [self._row(number, checked=checked) for number in range(self._row_count(checked=checked))]
        self.lesson = LessonForm(
            judged if self.stops else None, prefix="lesson", initial=_typed(data, "lesson-")
        )
        self.hold = HoldPart(judged if self.returns else None, prefix="hold", initial=_typed(data, "hold-"))

    def show_submission(self, pk: int) -> None:
        """From now on the sheet is about this submission: to send it again is to decide that one."""
        self.form.data = replaced(self.form.data, "submission", str(pk))

    @property
    def stops(self) -> bool:
        return self.decision == DecisionKind.STOP

    @property
    def returns(self) -> bool:
        return self.decision in (DecisionKind.RETURN, HOLD)

    @property
    def promises_something(self) -> bool:
        return self.decision == DecisionKind.PASS_WITH_CONDITIONS

    def _row_count(self, *, checked: bool) -> int:
        sent = self.data.get("rows", "") if self.data is not None else ""
        count = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 3 else ROWS_AT_FIRST
        return max(1, min(count if checked else count + 1, CONDITIONS_MAX))

    def _row(self, number: int, *, checked: bool) -> ConditionForm:
        prefix = f"condition-{number}"
        judged = self.data if checked and self.promises_something else None
        return ConditionForm(
            judged, prefix=prefix, people=self.people, initial=_typed(self.data, f"{prefix}-")
        )

    def is_valid(self) -> bool:
        parts: list[forms.Form] = [self.form]
        if self.promises_something:
            parts += self.rows
        if self.stops:
            parts.append(self.lesson)
        if self.returns:
            parts.append(self.hold)
        return all(part.is_valid() for part in parts)

    @property
    def conditions(self) -> list[Promise]:
        if not self.promises_something:
            return []
        return [
            Promise(row.cleaned_data["text"], row.cleaned_data["owner"], row.cleaned_data["due"])
            for row in self._filled
        ]

    @property
    def _filled(self) -> list[ConditionForm]:
        return [row for row in self.rows if not row.is_empty]

    @property
    def hold_given(self) -> Mapping[str, Any] | None:
        """What goes with a return: asked for by the hold of a checkpoint, else only where something was typed."""
        if not self.returns:
            return None
        given = self.hold.cleaned_data
        wanted = self.decision == HOLD or bool(given["reason"] or given["review_on"])
        return given if wanted else None

    @property
    def kind_given(self) -> str:
        """The decision in the rules' own word."""
        return DecisionKind.RETURN.value if self.decision == HOLD else self.decision

    def take_errors(self, refused: Invalid) -> None:
        """Each error to the part that its field belongs to."""
        for error in refused.errors:
            part, name = self._place_of(error)
            part.add_error(
                name if name in part.fields else None, forms.ValidationError(error.message, code=error.code)
            )

    def _place_of(self, error: FieldError) -> tuple[forms.Form, str]:
        group, _, rest = error.field.partition(".")
        if group == "conditions" and rest:
            number, _, name = rest.partition(".")
            return self._filled[int(number)], name
        if group == "lesson":
            return (self.lesson, rest) if rest else (self.form, "")
        if group == "hold" and rest:
            return self.hold, rest
        return self.form, group


def _typed(data: QueryDict | None, prefix: str) -> dict[str, str]:
    """What was typed into a part, as the first values of its form."""
    if data is None:
        return {}
    return {name.removeprefix(prefix): str(data[name]) for name in data if name.startswith(prefix)}
