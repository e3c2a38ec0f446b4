"""Comments and assignments in words."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from gates.models import AssignmentOutcome
from readiness.workbench.initiatives.telling import Data, Saying, day_words, gate_words, item_words


def _commented(data: Data) -> Saying:
    item = data.get("item")
    about = item_words(data, item) if item else gate_words(data) or data.get("gate")
    title = _("Comment on %(about)s") % {"about": about} if about else _("Comment")
    return Saying(title, data.get("text", ""), icon="comment")


def _made(data: Data) -> Saying:
    return Saying(
        _("%(code)s assigned") % {"code": item_words(data, data["item"])}, _asked(data), "info", "user"
    )


def _changed(data: Data) -> Saying:
    before = data["before"]
    was = _("Before: %(name)s, until %(day)s.") % {"name": before["name"], "day": day_words(before["due"])}
    return Saying(
        _("Assignment of %(code)s changed") % {"code": item_words(data, data["item"])},
        f"{_asked(data)}\n{was}",
        icon="edit",
    )


_ENDED = {
    AssignmentOutcome.DONE: gettext_lazy("Assignment of %(code)s done"),
    AssignmentOutcome.MET: gettext_lazy("Assignment of %(code)s done: the item is met"),
    AssignmentOutcome.WITHDRAWN: gettext_lazy("Assignment of %(code)s taken back"),
    AssignmentOutcome.INITIATIVE_ENDED: gettext_lazy("Assignment of %(code)s over: the initiative ended"),
}
_FINISHED = (AssignmentOutcome.DONE, AssignmentOutcome.MET)


def _ended(data: Data) -> Saying:
    outcome = AssignmentOutcome(data["outcome"])
    tone, icon = ("good", "check") if outcome in _FINISHED else ("neutral", "minus")
    return Saying(_ENDED[outcome] % {"code": item_words(data, data["item"])}, data["name"], tone, icon)


def _asked(data: Data) -> str:
    asked = pgettext("an assignment", "%(name)s, until %(day)s.")
    said = asked % {"name": data["name"], "day": day_words(data["due"])}
    return "\n".join(part for part in (said, data.get("note", "")) if part)


TOGETHER: Mapping[str, Callable[[Data], Saying]] = {
    "comment.added": _commented,
    "assignment.made": _made,
    "assignment.changed": _changed,
    "assignment.ended": _ended,
}
