"""What was promised: locking KPIs and exit criteria, and amending what is locked."""

from collections.abc import Mapping
from typing import Any

from gates.definitions import loaded_framework
from gates.models import (
    LIMIT_FIELDS,
    Amendment,
    Decision,
    ExitCriterion,
    ExitTrigger,
    Initiative,
    Kpi,
    Passage,
    Reading,
)
from gates.promises import ExitAction, plain
from gates.rules import PASSING_DECISIONS, DecisionKind
from gates.stages import Guard, Stage
from readiness.accounts.policy import Act
from readiness.actions.acting import Work
from readiness.actions.errors import Invalid
from readiness.actions.own_reasons import DECIDED_WITH_THE_END
from readiness.actions.texts import text_errors
from readiness.standing.facts import PassageFacts

START = (Stage.INTAKE, Stage.POC)
AFTER_THE_LAUNCH = frozenset({Stage.LIVE, Stage.RETIRED})


def lock_on_passing(work: Work, passage: PassageFacts, gate: str, kind: DecisionKind) -> None:
    """Lock the promises where the decision opens the way from intake to the PoC, within an act under way."""
    if kind in PASSING_DECISIONS and _opens_the_start(passage.framework.guards, gate):
        lock_promises(work)


def _opens_the_start(guards: tuple[Guard, ...], gate: str) -> bool:
    return any(guard.step == START and guard.gate in (gate, None) for guard in guards)


def promises_locked(initiative: Initiative) -> bool:
    """Whether a promise made from now on comes after the lock: Checkpoint 0 was passed once, or it has been launched.

    What was locked stays so, whatever is decided later.
    """
    if Stage(initiative.stage) in AFTER_THE_LAUNCH:
        return True
    passages = Passage.objects.filter(initiative=initiative).select_related("assessment__framework")
    frameworks = {row.pk: row.assessment.framework for row in passages}
    passed = Decision.objects.filter(
        passage__initiative=initiative, decision__in=[kind.value for kind in PASSING_DECISIONS]
    )
    for passage_id, gate in passed.values_list("passage_id", "gate__slug").distinct():
        framework = frameworks[passage_id]
        if _opens_the_start(loaded_framework(framework.pk, framework.checksum).guards, gate):
            return True
    return False


def amend(work: Work, promise: Kpi | ExitCriterion, changes: Mapping[str, Any], reason: str) -> Amendment:
    """Keep a change of a locked promise beside the original, within an act under way.

    ``changes``: {field: [before, after]}; the values are kept as text, None where there was none. One that is made
    after the lock is amended from nothing. Raises NotAllowed, or Invalid at ``reason``.
    """
    work.require(Act.AMEND)
    errors = text_errors("reason", reason)
    if errors:
        raise Invalid(errors)
    kpi, criterion = (promise, None) if isinstance(promise, Kpi) else (None, promise)
    read = Reading.objects.filter(kpi=criterion.kpi_id if criterion else kpi, withdrawn_at__isnull=True)
    return Amendment.objects.create(
        initiative=work.initiative,
        kpi=kpi,
        criterion=criterion,
        changes={name: [_as_text(before), _as_text(after)] for name, (before, after) in changes.items()},
        reason=reason.strip(),
        after_reading=read.exists(),
        by=work.actor.user,
        at=work.at,
        on=work.today,
    )


def _as_text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)


def lock_promises(work: Work) -> None:
    """Lock every KPI and exit criterion that is not locked yet: from now on a change is an amendment."""
    not_locked = {"initiative": work.initiative, "removed_at__isnull": True, "locked_at__isnull": True}
    kpis = list(Kpi.objects.filter(**not_locked).order_by("pk"))
    for kpi in kpis:
        lock_kpi(kpi, work)
    Kpi.objects.bulk_update(kpis, ["promised", "locked_at"])
    criteria = list(
        ExitCriterion.objects.filter(**not_locked).select_related("kpi", "decider").order_by("pk")
    )
    for criterion in criteria:
        lock_criterion(criterion, work)
    ExitCriterion.objects.bulk_update(criteria, ["promised", "locked_at"])


def lock_kpi(kpi: Kpi, work: Work) -> None:
    """Keep what it promises now (unsaved)."""
    kpi.promised = limits_said(kpi)
    kpi.locked_at = work.at


def limits_said(kpi: Kpi) -> dict[str, str]:
    """What a KPI promises now, by field, as it is kept."""
    limits = {name: plain(value) for name in LIMIT_FIELDS if (value := getattr(kpi, name)) is not None}
    return {"direction": kpi.direction, "unit": kpi.unit, **limits}


def lock_criterion(criterion: ExitCriterion, work: Work) -> None:
    """Keep what was agreed (unsaved)."""
    criterion.promised = agreed(criterion)
    criterion.locked_at = work.at


def agreed(criterion: ExitCriterion) -> dict[str, Any]:
    """What a criterion says now, by field, as it is kept and amended."""
    return {
        "kpi": criterion.kpi.name,
        "unit": criterion.kpi.unit,
        "comparator": criterion.comparator,
        "limit": plain(criterion.limit),
        "window_days": criterion.window_days,
        "checkpoint": criterion.checkpoint,
        "action": criterion.action,
        "decider": criterion.decider.username,
    }


def close_exits(work: Work, reason: str) -> None:
    """Whoever ends an initiative by another door has decided what stood triggered: to stop."""
    ExitTrigger.objects.filter(criterion__initiative=work.initiative, decided_at__isnull=True).update(
        decision=ExitAction.STOP.value,
        reason=reason.strip() or DECIDED_WITH_THE_END,
        by=work.actor.user,
        decided_at=work.at,
        decided_on=work.today,
    )
