"""What made a live initiative work, left for the next ones. The team may say it better later."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gates.lessons import what_worked_key
from gates.models import Initiative, WhatWorked
from gates.stages import Stage
from readiness.accounts.policy import Act
from readiness.actions.acting import begin
from readiness.actions.errors import Conflict, Invalid
from readiness.actions.lessons import LESSON_MAX
from readiness.actions.texts import text_errors
from readiness.audit.recording import Actor

REQUIRED = "made_it_work"
TEXTS = (REQUIRED, "reusable", "advice")
TEACHING = (Stage.LIVE, Stage.RETIRED)


@transaction.atomic
def leave_what_worked(initiative_id: int, given: Mapping[str, Any], by: Actor, at: datetime) -> WhatWorked:
    """Leave it, or say it anew: what is given replaces what stood, and what is absent stays.

    Raises NotFound, NotAllowed, Invalid with every field that is wrong, or Conflict ``not_live``.
    """
    work = begin(initiative_id, Act.TEACH, by, at, ended_ok=True)
    if Stage(work.initiative.stage) not in TEACHING:
        raise Conflict("not_live", _("What worked is told once it is live."))
    stands = WhatWorked.objects.filter(initiative=work.initiative).first()
    row = stands or WhatWorked(initiative=work.initiative)
    changed = _write(row, given)
    if stands is not None and not changed:
        return row
    row.initiative, row.by, row.at = work.initiative, by.user, at
    row.search_key = what_worked_key(row)
    row.save()
    data = {name: getattr(row, name) for name in TEXTS} if stands is None else {"changed": changed}
    work.finish("what_worked.revised" if stands else "what_worked.left", data, edits=False)
    return row


def reindex_what_worked(initiative: Initiative) -> None:
    """Let it be found by what its initiative is called now, within an act that may have changed that."""
    for row in WhatWorked.objects.filter(initiative=initiative):
        row.initiative = initiative
        row.search_key = what_worked_key(row)
        row.save(update_fields=["search_key"])


def _write(row: WhatWorked, given: Mapping[str, Any]) -> dict[str, list[str]]:
    """Set what is given on the row (unsaved); returns what changed. Raises Invalid."""
    texts = {name: str(given.get(name, getattr(row, name)) or "") for name in TEXTS}
    errors = [
        error
        for name, text in texts.items()
        for error in text_errors(name, text, LESSON_MAX, required=name == REQUIRED)
    ]
    if errors:
        raise Invalid(errors)
    changed = {}
    for name, text in texts.items():
        before, after = getattr(row, name), text.strip()
        if before != after:
            changed[name] = [before, after]
            setattr(row, name, after)
    return changed
