"""Forms of the checklist and of a submission. They check shapes only; rules are the actions'."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self, TypeVar

from django import forms
from django.http import QueryDict

from checklists.models import Answer, EvidenceKind
from readiness.actions.answers import UNANSWERED, AnswerChange
from readiness.actions.errors import Invalid
from readiness.actions.pieces import Piece
from readiness.workbench.initiatives.forms import ActionForm, day_field, long_text

# Digits of a version: what is longer names no version there ever was.
VERSION_DIGITS = 9


def version_field() -> forms.IntegerField:
    return forms.IntegerField(
        min_value=0, max_value=10**VERSION_DIGITS, required=False, widget=forms.HiddenInput
    )


class AnswerForm(ActionForm):
    """What is said of one item. A field that was not sent is left as it is."""

    answer = forms.CharField(label="Answer", required=False)
    note = long_text("Note", required=False, rows=2)
    version = version_field()

    @classmethod
    def of(cls, code: str, answer: Answer | None, data: Any = None) -> Self:
        """The form of an item as it stands; ``data`` is what was sent."""
        declared = answer.declared if answer and answer.declared else UNANSWERED
        initial = {
            "answer": declared,
            "note": answer.note if answer else "",
            "version": answer.version if answer else 0,
        }
        return cls(data, initial=initial, auto_id=f"{code}-%s")

    def clean_note(self) -> str:
        """Browsers send other line ends than were stored: that is no change."""
        note: str = self.cleaned_data["note"]
        return note.replace("\r\n", "\n")

    def change(self, code: str) -> AnswerChange:
        given = self.cleaned_data
        return AnswerChange(
            code,
            answer=given["answer"] if "answer" in self.data else None,
            note=given["note"] if "note" in self.data else None,
            version=given["version"],
        )


class EvidenceForm(ActionForm):
    """A link, a statement or a file behind an answer."""

    KINDS = (
        (EvidenceKind.LINK.value, "Link"),
        (EvidenceKind.STATEMENT.value, "Statement"),
        (EvidenceKind.FILE.value, "File"),
    )

    kind = forms.ChoiceField(label="What it is", choices=KINDS, widget=forms.RadioSelect)
    url = forms.CharField(
        label="Address",
        required=False,
        widget=forms.TextInput({"inputmode": "url", "placeholder": "https://"}),
    )
    file = forms.FileField(label="File", required=False, allow_empty_file=True)
    title = forms.CharField(label="What it shows", required=False)
    statement = long_text("What is stated", required=False, rows=3)
    stated_by = forms.CharField(label="Who states it", required=False, help_text="Name and role.")
    effective_on = day_field("Day it speaks of", "When it was measured, written or said.")
    expires_on = day_field("Last day it holds", "Empty: only its age counts.", required=False)
    version = version_field()

    _file_refused = ""

    @classmethod
    def of(cls, code: str, answer: Answer | None, today: date, data: Any = None, files: Any = None) -> Self:
        """The form below an item; ``data`` and ``files`` are what was sent."""
        initial = {
            "kind": EvidenceKind.LINK.value,
            "effective_on": today,
            "version": answer.version if answer else 0,
        }
        form = cls(data, files, initial=initial, auto_id=f"{code}-evidence-%s")
        form.fields["effective_on"].widget.attrs["max"] = today.isoformat()
        return form

    @property
    def is_file(self) -> bool:
        return self.cleaned_data["kind"] == EvidenceKind.FILE.value

    def refuse_file(self, reason: str) -> None:
        """Say why the file that was sent did not arrive."""
        self._file_refused = reason

    def clean(self) -> None:
        if self.cleaned_data.get("kind") != EvidenceKind.FILE.value or "file" in self.errors:
            return
        if self._file_refused:
            self.add_error("file", forms.ValidationError(self._file_refused, code="too_large"))
        elif not self.cleaned_data.get("file"):
            self.add_error("file", forms.ValidationError("Choose a file.", code="required"))

    def piece(self) -> Piece:
        """The link or statement that was given."""
        given = self.cleaned_data
        if given["kind"] == EvidenceKind.STATEMENT.value:
            return Piece(
                kind=EvidenceKind.STATEMENT.value,
                effective_on=given["effective_on"],
                title=given["statement"].replace("\r\n", "\n"),
                stated_by=given["stated_by"],
                expires_on=given["expires_on"],
            )
        return Piece(
            kind=EvidenceKind.LINK.value,
            effective_on=given["effective_on"],
            title=given["title"],
            url=given["url"],
            expires_on=given["expires_on"],
        )

    def take_errors(self, refused: Invalid) -> None:
        """The text of a statement has a field of its own here."""
        statement = self.cleaned_data.get("kind") == EvidenceKind.STATEMENT.value
        self.places = {
            f"evidence.0.{name}": name for name in ("url", "title", "stated_by", "effective_on", "expires_on")
        }
        if statement:
            self.places["evidence.0.title"] = "statement"
        super().take_errors(refused)


Sent = TypeVar("Sent", AnswerForm, EvidenceForm)


def with_version(form: Sent, version: int) -> Sent:
    """The same form as it was sent, but for the version that its next sending names."""
    form.data = replaced(form.data, "version", str(version))
    return form


def replaced(data: Mapping[str, Any], name: str, value: str) -> QueryDict:
    """What was sent, but for one value."""
    sent = QueryDict(mutable=True)
    sent.update({key: data[key] for key in data})
    sent[name] = value
    return sent


class SubmitForm(ActionForm):
    note = long_text("A note to the reviewers", "What they should look at first.", required=False)


class KeepForm(ActionForm):
    note = long_text("How it was kept", "Where the reviewer can see it.", required=False)


class ReopenForm(ActionForm):
    reason = long_text("Why it is open again")


class ConfirmForm(ActionForm):
    """Nothing to fill in: only the question."""
