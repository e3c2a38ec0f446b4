"""Forms of comments and assignments. They check shapes only; rules are the actions'."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gates.models import Assignment
from readiness.actions.assignments import NOTE_MAX
from readiness.actions.comments import COMMENT_MAX
from readiness.workbench.choosing.candidates import Candidates
from readiness.workbench.choosing.fields import PersonField, ask
from readiness.workbench.initiatives.forms import ActionForm


class CommentForm(ActionForm):
    """``about`` tells the forms of one page apart: their fields need ids of their own."""

    body = forms.CharField(
        label=_("Your comment"),
        help_text=_(
            "Plain text. Write @ and a username to speak to somebody. It cannot be changed afterwards."
        ),
        max_length=COMMENT_MAX,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, about: str, people_url: str) -> None:
        super().__init__(data, auto_id=f"{about}_%s")
        self.about = about
        self.say_id = f"{about}_say"
        self.fields["body"].widget.attrs |= {
            "data-mentions": people_url,
            "data-mentions-label": _("People to mention"),
            "data-mentions-offered": _(
                "People to choose from: %n. Arrow keys to move, Enter to take, Escape to close."
            ),
            "aria-autocomplete": "list",
            "aria-haspopup": "listbox",
            "autocomplete": "off",
        }


class AssignmentForm(ActionForm):
    """Who is asked, until when. ``version`` is that of the assignment which was seen, 0 where there was none."""

    person = PersonField(label=_("Who"))
    due = forms.DateField(label=_("Until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE_MAX,
        help_text=_("What is to be done, if the item does not say it."),
        widget=forms.Textarea({"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        code: str,
        people: Candidates,
        standing: Assignment | None,
        today: date,
    ) -> None:
        initial: dict[str, Any] = {"version": 0}
        if standing is not None:
            initial = {
                "person": standing.person.username,
                "due": standing.due,
                "note": standing.note,
                "version": standing.version,
            }
        super().__init__(data, initial=initial, auto_id=f"{code}_asked_%s")
        ask(self, "person", people)
        if standing is None or standing.due >= today:
            self.fields["due"].widget.attrs["min"] = today.isoformat()

    def now_at(self, standing: Assignment | None) -> None:
        """Show the version that stands now beside what was typed: saved once more, it is written over knowingly."""
        typed = {name: self.data.get(name) for name in self.data}
        self.data = typed | {"version": str(standing.version if standing else 0)}


class EndForm(ActionForm):
    """``how``: done, or taken back."""

    how = forms.ChoiceField(choices=[("done", _("Done")), ("withdrawn", _("Take back"))])
    version = forms.IntegerField(required=False, min_value=1)
