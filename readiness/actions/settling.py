"""What ends by itself with another act: assignments whose item became met, and all of an initiative that ended."""

from datetime import datetime

from django.db.models import Q

from checklists.models import DeclaredValue
from gates.models import Assignment, AssignmentOutcome, Initiative
from readiness.audit.recording import Actor, Ledger
from readiness.standing.outcome import Outcome

MET = DeclaredValue.MET.value


def settle_assignments(
    initiative: Initiative, before: Outcome, after: Outcome, actor: Actor, at: datetime
) -> None:
    """End what an act has settled, one event each; no query where nothing became met and nothing ended.

    What was asked of an item that is met already (its evidence runs out soon, say) stays until it is done.
    """
    was = before.standing.effective
    risen = [code for code, now in after.standing.effective.items() if now == MET and was.get(code) != MET]
    if not risen and not initiative.has_ended:
        return
    if not Assignment.any_open(initiative.pk):
        return
    about = Q() if initiative.has_ended else Q(item__code__in=risen)
    open_ones = Assignment.objects.open().of(initiative.pk).filter(about)
    rows = list(open_ones.with_subject().order_by("pk"))
    if not rows:
        return
    for row in rows:
        met = row.item.code in risen
        row.outcome = AssignmentOutcome.MET if met else AssignmentOutcome.INITIATIVE_ENDED
        row.ended_at = at
        row.version += 1
    Assignment.objects.bulk_update(rows, ["outcome", "ended_at", "version"])
    ledger = Ledger(at)
    for row in rows:
        ledger.append(actor, "assignment.ended", {**row.told, "outcome": row.outcome}, initiative.pk)
    ledger.close()
