"""Forms of the checklist and of a submission. They check shapes only; rules are the actions'."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self, TypeVar

from django import forms
from django.conf import settings
from django.http import QueryDict

from checklists.models import Answer, Evidence, EvidenceKind
from readiness.actions.answers import UNANSWERED, AnswerChange
from readiness.actions.errors import Invalid
from readiness.actions.file_types import ALLOWED
from readiness.actions.pieces import Piece
from readiness.ui.lazily import gettext_lazy as _
from readiness.workbench.checklists.titles import title_from, whole_address
from readiness.workbench.checklists.words import EVIDENCE_KINDS
from readiness.workbench.initiatives.forms import ActionForm, day_field, long_text

# Digits of a version: what is longer names no version there ever was.
VERSION_DIGITS = 9
MEGABYTE = 1024 * 1024


def version_field() -> forms.IntegerField:
    return forms.IntegerField(
        min_value=0, max_value=10**VERSION_DIGITS, required=False, widget=forms.HiddenInput
    )


class AnswerForm(ActionForm):
    """What is said of one item. A field that was not sent is left as it is.

    ``version`` is the one the person began with, ``over`` the one they were shown beside their own and save over.
    """

    answer = forms.CharField(label=_("Answer"), required=False)
    note = long_text(_("Note"), required=False, rows=2)
    version = version_field()
    over = version_field()

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
            version=given["version"] if given["over"] is None else given["over"],
        )


class EvidenceForm(ActionForm):
    """A link, a statement or a file behind an answer. A link without a title is called after its address."""

    KINDS = (
        (EvidenceKind.LINK.value, EVIDENCE_KINDS[EvidenceKind.LINK]),
        (EvidenceKind.FILE.value, EVIDENCE_KINDS[EvidenceKind.FILE]),
        (EvidenceKind.STATEMENT.value, EVIDENCE_KINDS[EvidenceKind.STATEMENT]),
    )

    kind = forms.ChoiceField(label=_("What it is"), choices=KINDS, widget=forms.RadioSelect)
    url = forms.CharField(
        label=_("Address"),
        required=False,
        widget=forms.TextInput({"inputmode": "url", "placeholder": _("Paste a link: https://…")}),
    )
    file = forms.FileField(label=_("File"), required=False, allow_empty_file=True)
    title = forms.CharField(label=_("What it shows"), required=False)
    statement = long_text(_("What is stated"), required=False, rows=3)
    stated_by = forms.CharField(label=_("Who states it"), required=False, help_text=_("Name and role."))
    effective_on = day_field(_("Day it speaks of"))
    expires_on = day_field(_("Last day it holds"), required=False)
    version = version_field()

    renewed: Evidence | None = None
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
        upload = form.fields["file"].widget.attrs
        upload["accept"] = ",".join(f".{extension}" for extension in ALLOWED)
        upload["data-max-bytes"] = settings.FIVEGATES_MAX_UPLOAD_BYTES
        return form

    @classmethod
    def renewing(cls, code: str, answer: Answer | None, today: date, piece: Evidence) -> Self:
        """The same form, filled with what a piece says, for today. A file has to be chosen once more."""
        form = cls.of(code, answer, today)
        form.renewed = piece
        statement = piece.kind == EvidenceKind.STATEMENT
        first = {EvidenceKind.LINK: "url", EvidenceKind.FILE: "file"}.get(
            EvidenceKind(piece.kind), "statement"
        )
        form.fields[first].widget.attrs["autofocus"] = True
        form.initial.update(
            kind=piece.kind,
            url=piece.url,
            title="" if statement else piece.title,
            statement=piece.title if statement else "",
            stated_by=piece.stated_by,
        )
        return form

    @property
    def file_help(self) -> str:
        words = _(
            "PDF, PNG, JPEG, DOCX, XLSX, PPTX, CSV or text, up to %(limit)s MB. It can also be dropped on this card."
        )
        return str(words) % {"limit": settings.FIVEGATES_MAX_UPLOAD_BYTES // MEGABYTE}

    @property
    def button_id(self) -> str:
        """Of the button that sends it: the focus finds it again after the form was replaced."""
        return str(self.auto_id) % "add"

    @property
    def is_file(self) -> bool:
        return self.cleaned_data["kind"] == EvidenceKind.FILE.value

    def refuse_file(self, reason: str) -> None:
        """Say why the file that was sent did not arrive."""
        self._file_refused = reason

    def clean_url(self) -> str:
        return whole_address(self.cleaned_data["url"])

    def lead_to_error(self) -> None:
        """Let the first field that is wrong take the focus when the form is shown again."""
        for name in self.fields:
            if name in self.errors and name != "kind":
                self.fields[name].widget.attrs["autofocus"] = True
                return

    def clean(self) -> None:
        if self.cleaned_data.get("kind") != EvidenceKind.FILE.value or "file" in self.errors:
            return
        if self._file_refused:
            self.add_error("file", forms.ValidationError(self._file_refused, code="too_large"))
        elif not self.cleaned_data.get("file"):
            self.add_error("file", forms.ValidationError(_("Choose a file."), code="required"))

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
            title=given["title"] or title_from(given["url"]),
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


class CheckForm(ActionForm):
    """Which automated check measures an item. ``version`` is that of the item the person saw."""

    check = forms.CharField(
        label=_("Name of the check"),
        required=False,
        help_text=_("As the pipeline sends it, such as great-expectations. Capital letters count."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    reason = long_text(
        _("Why it is changed"),
        _(
            "The measured answer goes away with it. The reason stays in the history, for the reviewers to see."
        ),
        required=False,
    )
    version = version_field()

    @classmethod
    def of(cls, answer: Answer | None, data: Any = None) -> Self:
        initial = {
            "check": answer.check_name if answer else "",
            "version": answer.version if answer else 0,
        }
        return cls(data, initial=initial)


class SubmitForm(ActionForm):
    note = long_text(_("A note to the reviewers"), _("What they should look at first."), required=False)


class KeepForm(ActionForm):
    note = long_text(_("How it was kept"), _("Where the reviewer can see it."))


class ReopenForm(ActionForm):
    reason = long_text(_("Why it is open again"))


class ConfirmForm(ActionForm):
    """Nothing to fill in: only the question."""
