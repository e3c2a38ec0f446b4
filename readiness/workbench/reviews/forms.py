"""Forms of reviewers. They check shapes only; rules are the actions'."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django import forms
from django.http import QueryDict

from gates.criteria import GateKind
from gates.rules import DecisionKind
from readiness.actions.errors import FieldError, Invalid
from readiness.actions.gates import CONDITIONS_MAX, ItemComment, Promise, Seen
from readiness.standing.words import HOLD, decision_labels
from readiness.ui.lazily import gettext_lazy as _
from readiness.workbench.checklists.forms import replaced
from readiness.workbench.choosing.candidates import Candidates
from readiness.workbench.choosing.fields import PersonField, ask
from readiness.workbench.initiatives.forms import ActionForm, LessonForm, choose, day_field, long_text

ROWS_AT_FIRST = 3
FORM_ID = "decision-form"
"""The form that fields beside the items belong to, wherever they stand on the page."""
Groups = list[tuple[str, list[tuple[str, str]]]]
"""Values and words, in groups."""


class WaiverForm(ActionForm):
    item = forms.ChoiceField(label=_("Item"), help_text=_("Critical items cannot be waived."))
    reason = long_text(
        _("Why the risk is accepted"), _("What could happen, and what holds it small meanwhile.")
    )
    expires_on = day_field(
        _("Last day of the waiver"), _("On the day after, the item counts again as it is.")
    )

    def __init__(self, *args: Any, items: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "item", [("", _("Choose an item")), *items])


def seen_words(versions: Mapping[str, int]) -> str:
    """The versions of items as a page carries them: ``DATA-1:3 DATA-2:0``."""
    return " ".join(f"{code}:{version}" for code, version in versions.items())


def seen_versions(words: str) -> dict[str, int]:
    """The same, read back; what is no version is left out."""
    pairs = (word.rpartition(":") for word in words.split())
    return {code: int(version) for code, _colon, version in pairs if code and _is_version(version)}


def _is_version(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


class RemarkForm(ActionForm):
    """What the reviewer says to the team at one item."""

    text = long_text("", required=False, rows=2)


class WaiverPart(ActionForm):
    """A waiver for one item, granted from the decision's page."""

    reason = long_text(_("Why the risk is accepted"), rows=2)
    expires_on = day_field(_("Last day of the waiver"))


class DecisionForm(ActionForm):
    """The decision itself. ``submission`` and ``seen`` say what the page showed: which submission, and the version of
    each item."""

    submission = forms.IntegerField(min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=5000, required=False, widget=forms.HiddenInput)
    decision = forms.ChoiceField(label=_("Decision"), error_messages={"required": _("Choose a decision.")})
    rationale = long_text(
        _("Rationale"),
        _("What you looked at, and why you decide so."),
        rows=4,
        missing=_("Say why you decide so."),
    )

    def __init__(self, *args: Any, kind: GateKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "decision", list(decision_labels(kind).items()))


class ConditionForm(ActionForm):
    text = long_text(_("What is promised"), required=False, rows=2)
    owner = PersonField(label=_("Who keeps it"), required=False)
    due = day_field(_("By when"), required=False)

    def __init__(self, *args: Any, people: Candidates, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "owner", people)

    def read_owner(self, data: QueryDict) -> None:
        """Where it is laid out again without being judged: whoever was picked is not asked for once more."""
        name, field = self.add_prefix("owner"), self.fields["owner"]
        if isinstance(field, PersonField):
            self.initial["owner"] = field.read(field.widget.value_from_datadict(data, {}, name))

    @property
    def is_empty(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in self.fields) and not self.errors


class GiveForm(ActionForm):
    owner = PersonField(label=_("Who keeps it from now on"))

    def __init__(self, *args: Any, people: Candidates, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "owner", people)


class HoldPart(ActionForm):
    reason = long_text(_("Why it is put on hold"), required=False, rows=2)
    review_on = day_field(_("Look at it again on"), required=False)


class DecisionSheet:
    """Everything a decision takes: the parts that the chosen one asks for are checked, the others are kept as typed.

    ``shown`` is what the page shows, ``codes`` the items that can be remarked on, ``cause`` the root cause that a
    lesson begins with ("" for none). Where another row or a waiver was asked for, what was typed is laid out again
    without being judged.
    """

    def __init__(
        self,
        kind: GateKind,
        people: Candidates,
        shown: Seen,
        codes: Sequence[str],
        cause: str,
        data: QueryDict | None = None,
    ) -> None:
        self.kind, self.people, self.data = kind, people, data
        self.is_sent = data is not None
        self.grants = data.get("grant", "") if data is not None else ""
        self.adds_row = data is not None and "another" in data
        self.is_asked = self.is_sent and not self.adds_row and not self.grants
        self.decision = data.get("decision", "") if data is not None else ""
        judged = data if self.is_asked else None
        first = {"submission": shown.submission, "seen": seen_words(shown.versions)}
        self.form = DecisionForm(judged, kind=kind, initial=first | _typed(data, ""))
        self.rows = [self._row(number) for number in range(self._row_count())]
        self.lesson = LessonForm(
            judged if self.stops else None,
            prefix="lesson",
            initial={"root_cause": cause} | _typed(data, "lesson-"),
        )
        self.hold = HoldPart(judged if self.returns else None, prefix="hold", initial=_typed(data, "hold-"))
        self.remarks = {code: self._remark(code) for code in codes}
        self.waivers = {code: self._waiver(code) for code in codes}

    def _remark(self, code: str) -> RemarkForm:
        prefix = f"comment-{code}"
        judged = self.data if self.is_asked else None
        form = RemarkForm(judged, prefix=prefix, initial=_typed(self.data, f"{prefix}-"))
        form.fields["text"].label = _("A comment to the team at %(item)s") % {"item": code}
        return _outside(form)

    def _waiver(self, code: str) -> WaiverPart:
        prefix = f"waiver-{code}"
        judged = self.data if self.grants == code else None
        form = WaiverPart(judged, prefix=prefix, initial=_typed(self.data, f"{prefix}-"))
        return _outside(form)

    def forget_waiver(self) -> None:
        """It is granted: its fields are empty again."""
        self.waivers[self.grants] = _outside(WaiverPart(prefix=f"waiver-{self.grants}"))

    def show(self, shown: Seen) -> None:
        """From now on the sheet is about this: to send it again is to decide what stands now."""
        data = replaced(self.form.data, "submission", str(shown.submission))
        self.form.data = replaced(data, "seen", seen_words(shown.versions))

    @property
    def seen(self) -> Seen:
        given = self.form.cleaned_data
        return Seen(given["submission"], seen_versions(given["seen"]))

    @property
    def stops(self) -> bool:
        return self.decision == DecisionKind.STOP

    @property
    def returns(self) -> bool:
        return self.decision in (DecisionKind.RETURN, HOLD)

    @property
    def promises_something(self) -> bool:
        return self.decision == DecisionKind.PASS_WITH_CONDITIONS

    def _row_count(self) -> int:
        sent = self.data.get("rows", "") if self.data is not None else ""
        count = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 3 else ROWS_AT_FIRST
        return max(1, min(count + 1 if self.adds_row else count, CONDITIONS_MAX))

    def _row(self, number: int) -> ConditionForm:
        prefix = f"condition-{number}"
        judged = self.data if self.is_asked and self.promises_something else None
        row = ConditionForm(
            judged, prefix=prefix, people=self.people, initial=_typed(self.data, f"{prefix}-")
        )
        if self.data is not None and judged is None:
            row.read_owner(self.data)
        return row

    def is_valid(self) -> bool:
        # Every one is asked, so that each says what is wrong with it.
        found = [part.is_valid() for part in self.judged]
        return all(found)

    @property
    def judged(self) -> list[forms.Form]:
        """The parts that this decision asks for, or the waiver that was asked for: whose errors are told."""
        beside = (*self.remarks.values(), *self.waivers.values())
        parts = [self.form, *self.rows, self.hold, self.lesson, *beside]
        return [part for part in parts if part.is_bound]

    @property
    def items_refused(self) -> set[str]:
        """The items at which something is wrong: they are shown unfolded."""
        parts = (*self.remarks.items(), *self.waivers.items())
        return {code for code, part in parts if part.errors}

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
    def item_comments(self) -> list[ItemComment]:
        """What was said at items, in their order."""
        return [ItemComment(code, self.remarks[code].cleaned_data["text"]) for code in self._remarked]

    @property
    def _remarked(self) -> list[str]:
        return [code for code, form in self.remarks.items() if form.cleaned_data["text"].strip()]

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
        group, _dot, rest = error.field.partition(".")
        if group == "conditions" and rest:
            number, _dot, name = rest.partition(".")
            return self._filled[int(number)], name
        if group == "item_comments" and rest:
            number, _dot, name = rest.partition(".")
            return self.remarks[self._remarked[int(number)]], name
        if group == "lesson":
            return (self.lesson, rest) if rest else (self.form, "")
        if group == "hold" and rest:
            return self.hold, rest
        return self.form, group


Part = TypeVar("Part", RemarkForm, WaiverPart)


def _outside(form: Part) -> Part:
    """A part whose fields stand beside an item, outside the form that they are sent with."""
    for field in form.fields.values():
        field.widget.attrs["form"] = FORM_ID
    return form


def _typed(data: QueryDict | None, prefix: str) -> dict[str, str]:
    """What was typed into a part, as the first values of its form."""
    if data is None:
        return {}
    return {name.removeprefix(prefix): str(data[name]) for name in data if name.startswith(prefix)}
