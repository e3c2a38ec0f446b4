"""Remarks on an initiative, its gates and its items, also on one that has ended. A comment is never edited."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.models import Gate
from gates.models import Comment, Mention
from readiness.accounts.policy import Act
from readiness.actions.acting import begin
from readiness.actions.answers import places_of, unknown_item
from readiness.actions.errors import FieldError, Invalid, NotAllowed
from readiness.actions.mentions import find_mentioned
from readiness.actions.texts import askable, character_errors, text_errors
from readiness.audit.recording import Actor

COMMENT_MAX = 5000


@transaction.atomic
def add_comment(
    initiative_id: int,
    body: str,
    by: Actor,
    at: datetime,
    *,
    gate: str | None = None,
    item: str | None = None,
) -> Comment:
    """Remark on the initiative, on the gate with this slug, or on the item with this code; an item implies its gate.

    Raises NotFound, NotAllowed, or Invalid at ``body``, ``gate`` or ``item``.
    """
    work = begin(initiative_id, Act.COMMENT, by, at, ended_ok=True)
    if by.user is None:
        raise NotAllowed("not_allowed", _("A comment is a person's."))
    errors = text_errors("body", body, COMMENT_MAX)
    (gate_slug, item_code), wrong = _subject(initiative_id, gate or "", item or "")
    mentioned, unknown = ([], []) if errors else find_mentioned(work.initiative, body)
    if errors or wrong or unknown:
        raise Invalid([*errors, *unknown, *wrong])
    comment = Comment.objects.create(
        initiative=work.initiative, gate=gate_slug, item=item_code, by=by.user, at=at, body=body.strip()
    )
    Mention.objects.bulk_create(Mention(comment=comment, person=person) for person in mentioned)
    data = {
        "comment": comment.pk,
        "text": comment.body,
        "gate": comment.gate,
        "item": comment.item,
        "mentions": [person.pk for person in mentioned],
        "mentioned": [person.username for person in mentioned],
    }
    work.finish("comment.added", data, activity=True, edits=False)
    return comment


def _subject(initiative_id: int, gate: str, item: str) -> tuple[tuple[str, str], list[FieldError]]:
    """The gate's slug and the item's code that a comment speaks of, both "" for the initiative; what is wrong."""
    if item:
        place = places_of(initiative_id, [item]).get(item)
        if place is None:
            return ("", ""), unknown_item("item", item)
        if gate and gate != place.item.gate.slug:
            message = _("%(item)s is an item of another gate.") % {"item": item}
            return ("", ""), [FieldError("gate", "another_gate", message)]
        return (place.item.gate.slug, item), []
    if gate:
        known = Gate.objects.filter(framework__assessments__passage__initiative=initiative_id)
        if not known.filter(slug__in=askable([gate])).exists():
            message = _("There is no gate %(gate)s here.") % {"gate": gate[:60]}
            return ("", ""), character_errors("gate", gate) or [FieldError("gate", "unknown_gate", message)]
    return (gate, ""), []
