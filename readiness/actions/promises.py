"""Locking what was promised: KPIs and exit criteria."""

from gates.models import LIMIT_FIELDS, ExitCriterion, Kpi
from gates.promises import plain
from gates.rules import PASSING_DECISIONS, DecisionKind
from gates.stages import Stage
from readiness.actions.acting import Work
from readiness.standing.facts import PassageFacts

START = (Stage.INTAKE, Stage.POC)


def lock_on_passing(work: Work, passage: PassageFacts, gate: str, kind: DecisionKind) -> None:
    """Lock the promises where the decision opens the way from intake to the PoC, within an act under way."""
    guards = passage.framework.guards
    opens_the_start = any(guard.step == START and guard.gate in (gate, None) for guard in guards)
    if kind in PASSING_DECISIONS and opens_the_start:
        lock_promises(work)


def lock_promises(work: Work) -> None:
    """Lock every KPI and exit criterion that is not locked yet: from now on a change is an amendment."""
    not_locked = {"initiative": work.initiative, "removed_at__isnull": True, "locked_at__isnull": True}
    kpis = list(Kpi.objects.filter(**not_locked).order_by("pk"))
    for kpi in kpis:
        lock_kpi(kpi, work)
    Kpi.objects.bulk_update(kpis, ["promised", "locked_at"])
    criteria = list(ExitCriterion.objects.filter(**not_locked).select_related("decider").order_by("pk"))
    for criterion in criteria:
        lock_criterion(criterion, work)
    ExitCriterion.objects.bulk_update(criteria, ["promised", "locked_at"])


def lock_kpi(kpi: Kpi, work: Work) -> None:
    """Keep what it promises now (unsaved)."""
    limits = {name: plain(value) for name in LIMIT_FIELDS if (value := getattr(kpi, name)) is not None}
    kpi.promised = {"direction": kpi.direction, "unit": kpi.unit, **limits}
    kpi.locked_at = work.at


def lock_criterion(criterion: ExitCriterion, work: Work) -> None:
    """Keep what was agreed (unsaved)."""
    criterion.promised = {
        "comparator": criterion.comparator,
        "limit": plain(criterion.limit),
        "window_days": criterion.window_days,
        "checkpoint": criterion.checkpoint,
        "action": criterion.action,
        "decider": criterion.decider.username,
    }
    criterion.locked_at = work.at
