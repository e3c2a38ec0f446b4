"""A declared change of model, vendor, data source or user group: the passed gates it touches lapse."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.models import Gate
from checklists.said import said, stored_parts, template
from gates.models import Decision, Lapse, MaterialChange, MaterialChangeKind
from gates.rules import PASSING_DECISIONS
from readiness.accounts.policy import Act
from readiness.actions.acting import begin
from readiness.actions.errors import FieldError, Invalid
from readiness.actions.texts import text_errors, word_errors
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome

_REASONS = {
    MaterialChangeKind.MODEL: template("Model changed: {note}"),
    MaterialChangeKind.VENDOR: template("Vendor changed: {note}"),
    MaterialChangeKind.DATA_SOURCE: template("Data source changed: {note}"),
    MaterialChangeKind.USER_GROUP: template("User group changed: {note}"),
}


@transaction.atomic
def declare_material_change(
    initiative_id: int, kind: str, note: str, gates: Sequence[str], by: Actor, at: datetime
) -> tuple[MaterialChange, Outcome]:
    """Declare it. Each of ``gates`` (slugs) whose last decision is a pass lapses until it is decided anew."""
    work = begin(initiative_id, Act.DECLARE_CHANGE, by, at)
    known = {
        gate.slug: gate
        for gate in Gate.objects.filter(framework__assessments__passage__initiative_id=initiative_id)
    }
    errors = text_errors("note", note) + word_errors("kind", kind, MaterialChangeKind.values)
    if not gates:
        errors.append(FieldError("gates", "required", _("Name the gates that have to look at it again.")))
    for position, slug in enumerate(gates):
        if slug not in known:
            errors.append(
                FieldError(
                    f"gates.{position}",
                    "unknown_gate",
                    _("There is no gate %(slug)s here.") % {"slug": slug[:50]},
                )
            )
    if errors:
        raise Invalid(errors)
    change = MaterialChange.objects.create(
        initiative=work.initiative, kind=kind, note=note.strip(), gates=sorted(set(gates)), by=by.user, at=at
    )
    reason = said(_REASONS[MaterialChangeKind(kind)], note=change.note)
    lapsed = [slug for slug in change.gates if _lapse(initiative_id, known[slug], reason, by, at)]
    data = {"kind": kind, "note": change.note, "gates": change.gates, "lapsed": lapsed}
    return change, work.finish("material_change.declared", data)


def _lapse(initiative_id: int, gate: Gate, reason: str, by: Actor, at: datetime) -> bool:
    """Let the gate's last decision lapse, if it is a pass that has not lapsed by an act yet."""
    last = (
        Decision.objects.filter(passage__initiative_id=initiative_id, gate__slug=gate.slug)
        .filter(
            passage__assessment__framework=gate.framework_id
        )  # not where an earlier version had such a gate
        .order_by("pk")
        .last()
    )
    if last is None or last.decision not in PASSING_DECISIONS or hasattr(last, "lapse"):
        return False
    Lapse.objects.create(decision=last, reason=reason, said=stored_parts(reason), by=by.user, at=at)
    return True
