"""Remarks on an initiative, also on one that has ended. A comment is never edited."""

from datetime import datetime

from django.db import transaction

from gates.models import Comment
from readiness.accounts.policy import Act
from readiness.actions.acting import begin
from readiness.actions.errors import Invalid, NotAllowed
from readiness.actions.texts import text_errors
from readiness.audit.recording import Actor

COMMENT_MAX = 5000


@transaction.atomic
def add_comment(initiative_id: int, body: str, by: Actor, at: datetime) -> Comment:
    """Remark on it. Raises NotFound, NotAllowed, or Invalid at ``body``."""
    work = begin(initiative_id, Act.COMMENT, by, at, ended_ok=True)
    if by.user is None:
        raise NotAllowed("not_allowed", "A comment is a person's.")
    errors = text_errors("body", body, COMMENT_MAX)
    if errors:
        raise Invalid(errors)
    comment = Comment.objects.create(initiative=work.initiative, by=by.user, at=at, body=body.strip())
    work.finish("comment.added", {"comment": comment.pk, "text": comment.body}, activity=True, edits=False)
    return comment
