"""Forms of handovers, comments and lessons. They check shapes only; rules are the actions'."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.safestring import SafeString, mark_safe

from gates.models import Handover, HandoverPoint
from readiness.accounts.models import User
from readiness.actions.handovers import PointChange
from readiness.ui.lazily import gettext_lazy
from readiness.workbench.choosing.candidates import Candidates
from readiness.workbench.choosing.fields import PersonField, ask
from readiness.workbench.initiatives.forms import ActionForm, long_text

HINTS = {
    "setup": gettext_lazy("Where they stand, which version runs, who may change it."),
    "reasons": gettext_lazy("Why it is built and decided as it is; what was tried and dropped."),
    "access": gettext_lazy("Systems, service accounts, keys: who grants them, where they are kept."),
    "data": gettext_lazy("Each source, who owns it, what was agreed."),
    "open_ends": gettext_lazy("What was promised, to whom and by when; what is flagged."),
    "contacts": gettext_lazy("Whom to call in the business, in IT, at the vendor."),
}


def named_people(people: Iterable[User]) -> list[tuple[str, str]]:
    """People to choose from: username, and name with unit."""
    return [(one.username, f"{one.name}, {one.unit}" if one.unit else one.name) for one in people]


class HandoverForm(ActionForm):
    """The points of one handover and who follows.

    What was shown is sent along, so that only what somebody changed is written: two who fill it in at the same time
    do not undo each other.
    """

    successor = PersonField(
        label=gettext_lazy("Who follows"),
        required=False,
        show_hidden_initial=True,
        help_text=gettext_lazy("Can be said later."),
    )

    def __init__(self, data: Any = None, *, handover: Handover, people: Candidates) -> None:
        self.handover = handover
        points = list(handover.points.all())
        initial: dict[str, Any] = {"successor": handover.successor.username if handover.successor else ""}
        for point in points:
            initial[f"points_{point.topic}_note"] = point.note
            initial[f"points_{point.topic}_done"] = point.done_at is not None
        auto_id = f"id_{handover.pk}_%s"
        super().__init__(data, initial=initial, auto_id=auto_id, use_required_attribute=False)
        ask(self, "successor", people.without(handover.leaver.username))
        for point in points:
            self._add(point)

    def _add(self, point: HandoverPoint) -> None:
        note = long_text(point.get_topic_display(), HINTS[point.topic], required=False)
        note.show_hidden_initial = True
        self.fields[f"points_{point.topic}_note"] = note
        self.fields[f"points_{point.topic}_done"] = forms.BooleanField(
            label=gettext_lazy("Handed on"), required=False, show_hidden_initial=True
        )

    def rows(self) -> list[tuple[HandoverPoint, forms.BoundField, forms.BoundField]]:
        """Each point with its two fields."""
        return [
            (point, self[f"points_{point.topic}_note"], self[f"points_{point.topic}_done"])
            for point in self.handover.points.all()
        ]

    def shown(self) -> SafeString:
        """The values that were shown, as hidden fields."""
        return mark_safe("".join(bound.as_hidden(only_initial=True) for bound in self))  # noqa: S308

    def points(self) -> dict[str, PointChange]:
        """What was changed."""
        found = {}
        for point in self.handover.points.all():
            note, done = f"points_{point.topic}_note", f"points_{point.topic}_done"
            found[point.topic] = PointChange(
                note=self.cleaned_data[note] if note in self.changed_data else None,
                done=self.cleaned_data[done] if done in self.changed_data else None,
            )
        return found

    def follows(self) -> str | None:
        return self.cleaned_data["successor"] if "successor" in self.changed_data else None


class HandOverForm(ActionForm):
    """Who takes everything that somebody holds who leaves."""

    to = PersonField(
        label=gettext_lazy("Who takes it over"), help_text=gettext_lazy("One person for all of it.")
    )

    def __init__(self, *args: Any, people: Candidates, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "to", people)


class WhatWorkedForm(ActionForm):
    made_it_work = long_text(
        gettext_lazy("What made it work"),
        gettext_lazy("As it really was: who did what, and what turned it."),
        rows=5,
    )
    reusable = long_text(
        gettext_lazy("What others can take over"),
        gettext_lazy("Data, code, prompts, agreements, training: and where they are."),
        required=False,
    )
    advice = long_text(gettext_lazy("Advice to the next ones"), required=False)
