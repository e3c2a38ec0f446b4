"""Exit criteria: agreed before the start, amended once locked, decided when they trigger."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.models import FrameworkKind, Gate
from gates.models import (
    GO_ON,
    ExitCriterion,
    ExitTrigger,
    Initiative,
    Kpi,
    LessonOutcome,
    Passage,
)
from gates.promises import Comparator, ExitAction, criterion_words
from gates.stages import Stage, stage_after_stop
from readiness.accounts.models import User
from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin, locked, same_version
from readiness.actions.errors import Conflict, FieldError, Invalid, NotFound, invalid
from readiness.actions.fields import checked, whole_number, word_of
from readiness.actions.holds import close_hold, open_hold
from readiness.actions.lessons import agreed_before, leave_lesson
from readiness.actions.numbers import value_of
from readiness.actions.own_reasons import STOPPED_AS_AGREED
from readiness.actions.promises import agreed, amend, lock_criterion, promises_locked
from readiness.actions.stages import enter_stage
from readiness.actions.texts import askable, coming_day_errors, one_of, text_errors, word_errors
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome

WINDOW_MAX = 365
GO_ON_MAX = 366
CRITERIA_MAX = 50
DECISION_WORDS = (*(action.value for action in ExitAction), GO_ON)

_WORDS = {
    "comparator": word_of([one.value for one in Comparator]),
    "action": word_of([one.value for one in ExitAction]),
}


@transaction.atomic
def add_criterion(
    initiative_id: int, given: Mapping[str, Any], by: Actor, at: datetime, reason: str = ""
) -> tuple[ExitCriterion, Outcome]:
    """Agree on an exit criterion: ``kpi`` (its key), ``comparator``, ``limit``, ``window_days`` or ``checkpoint`` (the
    slug of one), ``action`` and ``decider`` (a username).

    After the lock it is locked at once and amended from nothing, which needs a ``reason``. Raises NotFound,
    NotAllowed, Conflict ``initiative_ended``, or Invalid with every field that is wrong.
    """
    work = begin(initiative_id, Act.EDIT, by, at, naming=[given.get("decider")])
    standing = ExitCriterion.objects.filter(initiative=work.initiative, removed_at__isnull=True)
    if standing.count() >= CRITERIA_MAX:
        raise invalid(
            "kpi",
            "too_many",
            _("At most %(criteria_max)s exit criteria; remove one first.") % {"criteria_max": CRITERIA_MAX},
        )
    criterion = ExitCriterion(initiative=work.initiative, created_by=by.user, created_at=at)
    errors = _apply(criterion, given)
    late = promises_locked(work.initiative)
    if late:
        errors += text_errors("reason", reason)
    if errors:
        raise Invalid(errors)
    criterion.save()
    data = {"criterion": criterion.pk, "words": _words(criterion), **agreed(criterion)}
    if late:
        lock_criterion(criterion, work)
        criterion.save(update_fields=["promised", "locked_at"])
        amend(work, criterion, {"added": [None, data["words"]]}, reason)
        data["reason"] = reason.strip()
    return criterion, work.finish("exit_criterion.added", data)


@transaction.atomic
def edit_criterion(
    initiative_id: int,
    criterion_id: int,
    given: Mapping[str, Any],
    by: Actor,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> tuple[ExitCriterion, Outcome]:
    """Change what is given; the rest stays. Once it is locked a change needs a ``reason`` and is an amendment.

    Raises NotFound, NotAllowed, Stale, Conflict ``initiative_ended`` or ``exit_undecided``, or Invalid.
    """
    work = begin(initiative_id, Act.EDIT, by, at, naming=[given.get("decider")])
    criterion = _find(initiative_id, criterion_id)
    same_version(version, criterion.version, criterion)
    _refuse_undecided(criterion)
    before = agreed(criterion)
    errors = _apply(criterion, given)
    after = agreed(criterion)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if criterion.locked_at is not None and (changed or errors):
        errors += text_errors("reason", reason)
    if errors:
        raise Invalid(errors)
    if not changed:
        return criterion, work.before
    data: dict[str, Any] = {"criterion": criterion.pk, "words": _words(criterion), "changed": changed}
    if criterion.locked_at is not None:
        amend(work, criterion, changed, reason)
        data["reason"] = reason.strip()
    criterion.version += 1
    criterion.save()
    return criterion, work.finish(
        "exit_criterion.amended" if criterion.locked_at else "exit_criterion.edited", data
    )


@transaction.atomic
def remove_criterion(initiative_id: int, criterion_id: int, by: Actor, at: datetime) -> Outcome:
    """Take a criterion away that is not locked yet; its row stays, out of sight.

    Raises NotFound, NotAllowed, or Conflict ``promise_locked``, ``exit_undecided`` or ``initiative_ended``.
    """
    work = begin(initiative_id, Act.EDIT, by, at)
    criterion = _find(initiative_id, criterion_id)
    if criterion.locked_at is not None:
        raise Conflict(
            "promise_locked", _("What is locked is not removed. It can be amended, with a reason.")
        )
    _refuse_undecided(criterion)
    criterion.removed_at = at
    criterion.version += 1
    criterion.save(update_fields=["removed_at", "version"])
    data = {"criterion": criterion.pk, "words": _words(criterion), **agreed(criterion)}
    return work.finish("exit_criterion.removed", data)


@transaction.atomic
def decide_exit(
    initiative_id: int,
    criterion_id: int,
    decision: str,
    by: Actor,
    at: datetime,
    *,
    reason: str = "",
    review_on: date | None = None,
    expires_on: date | None = None,
    lesson: Mapping[str, Any] | None = None,
    trigger_id: int | None = None,
) -> tuple[ExitTrigger, Outcome]:
    """Decide an exit criterion that stands triggered.

    ``stop`` takes a lesson (it ends on agreed criteria where this one had been locked before it was reached), ``hold``
    a reason and ``review_on``, ``rework`` a reason, ``go_on`` a reason and ``expires_on``. ``trigger_id``: the one that
    the person saw, or None. Raises NotFound, NotAllowed, Conflict
    ``exit_not_triggered`` or ``initiative_ended``, or Invalid with every field that is wrong.
    """
    # Locked before the criterion is read: nobody changes who decides in between.
    locked(initiative_id, by)
    criterion = _find(initiative_id, criterion_id)
    act = Act.GO_ON if decision == GO_ON else Act.DECIDE_EXIT
    work = begin(initiative_id, act, by, at, exit_decider=criterion.decider)
    trigger = _open_trigger(criterion)
    if trigger is None or trigger_id not in (None, trigger.pk):
        raise Conflict("exit_not_triggered", _("This exit criterion does not wait for a decision any more."))
    errors = _decision_errors(work, decision, reason, expires_on, lesson)
    if errors:
        raise Invalid(errors)
    data: dict[str, Any] = {"criterion": criterion.pk, "words": trigger.words, "decision": decision}
    trigger.decision, trigger.by = decision, by.user
    trigger.reason = reason.strip() or STOPPED_AS_AGREED
    trigger.decided_at, trigger.decided_on = at, work.today
    if decision == GO_ON:
        trigger.expires_on = data["expires_on"] = expires_on
    trigger.save()
    data["reason"] = trigger.reason
    if decision == ExitAction.HOLD:
        close_hold(work)
        data["review_on"] = open_hold(work, reason, review_on).review_on
    elif decision == ExitAction.STOP:
        _leave_lesson_of(trigger, work, lesson or {})
        enter_stage(work, stage_after_stop(Stage(work.initiative.stage)), trigger.reason)
    moves = decision in (ExitAction.HOLD, ExitAction.STOP)
    return trigger, work.finish("exit.decided", data, own=moves, activity=True)


def _leave_lesson_of(trigger: ExitTrigger, work: Work, lesson: Mapping[str, Any]) -> None:
    """The lesson of a stop by this criterion. How it ended is found; to claim more is refused as at every door."""
    as_agreed = agreed_before(trigger, work.organisation)
    outcome = lesson.get("outcome")
    if as_agreed:
        outcome = LessonOutcome.AGREED_CRITERIA.value
    elif outcome != LessonOutcome.AGREED_CRITERIA:
        outcome = LessonOutcome.DECIDED.value
    leave_lesson(work, {**lesson, "outcome": outcome}, as_agreed=as_agreed)


def _decision_errors(
    work: Work, decision: str, reason: str, expires_on: date | None, lesson: Mapping[str, Any] | None
) -> list[FieldError]:
    """What is wrong with a decision, but for the hold and the lesson, which see to their own fields."""
    if unknown := word_errors("decision", decision, DECISION_WORDS):
        return unknown
    errors = text_errors("reason", reason, required=decision != ExitAction.STOP)
    if decision == ExitAction.STOP and lesson is None:
        errors.append(
            FieldError("lesson", "required", _("To stop needs a lesson: what was tried and learned."))
        )
    if decision == GO_ON:
        errors += _expiry_errors(expires_on, work.today)
    return errors


def _expiry_errors(expires_on: date | None, today: date) -> list[FieldError]:
    errors = coming_day_errors("expires_on", expires_on, today)
    if errors or expires_on is None:
        return errors
    if expires_on == today:
        return [FieldError("expires_on", "in_the_past", _("A day to come, from tomorrow on."))]
    if expires_on > today + timedelta(days=GO_ON_MAX):
        return [
            FieldError(
                "expires_on",
                "out_of_range",
                _("At most %(go_on_max)s days from today.") % {"go_on_max": GO_ON_MAX},
            )
        ]
    return []


def _find(initiative_id: int, criterion_id: int) -> ExitCriterion:
    rows = ExitCriterion.objects.filter(initiative=initiative_id, removed_at__isnull=True)
    criterion = rows.select_related("kpi", "decider").filter(pk=criterion_id).first()
    if criterion is None:
        raise NotFound
    return criterion


def _open_trigger(criterion: ExitCriterion) -> ExitTrigger | None:
    return ExitTrigger.objects.filter(criterion=criterion, decided_at__isnull=True).first()


def _words(criterion: ExitCriterion) -> str:
    names = dict(checkpoints_of(criterion.initiative)) if criterion.checkpoint else {}
    return criterion_words(
        criterion.kpi.name,
        criterion.kpi.unit,
        Comparator(criterion.comparator),
        criterion.limit,
        criterion.window_days,
        names.get(criterion.checkpoint, criterion.checkpoint),
    )


def _refuse_undecided(criterion: ExitCriterion) -> None:
    """Nobody changes a limit that was reached to have it not reached."""
    if _open_trigger(criterion) is not None:
        raise Conflict(
            "exit_undecided", _("This exit criterion was reached. Decide it before you change it.")
        )


def _apply(criterion: ExitCriterion, given: Mapping[str, Any]) -> list[FieldError]:
    """Set what is given on the criterion (unsaved). Returns every error found, also of what is missing."""
    errors: list[FieldError] = []
    is_new = criterion.pk is None
    for name, check in _WORDS.items():
        if is_new or name in given:
            errors += _set(criterion, name, *checked(name, given.get(name), check))
    if is_new or "limit" in given:
        errors += _set_limit(criterion, given.get("limit"))
    if "window_days" in given:
        window = checked("window_days", given["window_days"], whole_number(1, WINDOW_MAX))
        errors += _set(criterion, "window_days", *window)
    if "checkpoint" in given:
        errors += _set(criterion, "checkpoint", *_checkpoint(criterion.initiative, given["checkpoint"]))
    errors += _moment_errors(criterion, {error.field for error in errors})
    if is_new or "kpi" in given:
        errors += _set_kpi(criterion, given.get("kpi"))
    if is_new or "decider" in given:
        errors += _set_decider(criterion, given.get("decider"))
    return errors


def _set(criterion: ExitCriterion, name: str, value: Any, errors: list[FieldError]) -> list[FieldError]:
    if not errors:
        setattr(criterion, name, value)
    return errors


def _set_limit(criterion: ExitCriterion, given: Any) -> list[FieldError]:
    value, errors = value_of("limit", given)
    if value is None and not errors:
        errors = [FieldError("limit", "required", _("Name the limit."))]
    return _set(criterion, "limit", value, errors)


def _moment_errors(criterion: ExitCriterion, wrong: set[str]) -> list[FieldError]:
    """It looks at its KPI over a window of days or at a checkpoint: at one of the two."""
    if wrong & {"window_days", "checkpoint"}:
        return []
    if criterion.window_days is not None and criterion.checkpoint:
        message = _("Name a number of days or a checkpoint, not both.")
        return [FieldError("checkpoint", "not_both", message)]
    if criterion.window_days is None and not criterion.checkpoint:
        return [FieldError("window_days", "required", _("Name a number of days, or a checkpoint."))]
    return []


def _checkpoint(initiative: Initiative, slug: Any) -> tuple[str, list[FieldError]]:
    if slug in (None, ""):
        return "", []
    slugs = [found for found, _name in checkpoints_of(initiative)]
    if slug not in slugs:
        words = one_of(slugs) if slugs else _("This initiative has no checkpoints.")
        return "", [FieldError("checkpoint", "unknown_gate", words)]
    return str(slug), []


def checkpoints_of(initiative: Initiative) -> list[tuple[str, str]]:
    """The slugs and names of its checkpoints, in order."""
    frameworks = Passage.objects.filter(
        initiative=initiative, assessment__framework__kind=FrameworkKind.CHECKPOINTS
    ).values("assessment__framework")
    gates = Gate.objects.filter(framework__in=frameworks).order_by("framework", "position")
    return list(gates.values_list("slug", "name"))


def _set_kpi(criterion: ExitCriterion, key: Any) -> list[FieldError]:
    if key is None:
        return [FieldError("kpi", "required", _("Name the KPI it looks at."))]
    rows = Kpi.objects.filter(initiative=criterion.initiative, removed_at__isnull=True)
    kpi = rows.filter(pk=key).first()
    if kpi is None:
        return [FieldError("kpi", "unknown_kpi", _("This initiative has no such KPI."))]
    criterion.kpi = kpi
    return []


def _set_decider(criterion: ExitCriterion, username: Any) -> list[FieldError]:
    """Whoever decides is active and may see and decide it; one who was named before may stay."""
    if not username:
        return [FieldError("decider", "required", _("Name the person who decides."))]
    found = User.objects.filter(username__in=askable([username])).first()
    if found is None:
        return [FieldError("decider", "unknown_person", _("Nobody has this username."))]
    if criterion.pk is not None and criterion.decider_id == found.pk:
        return []
    if not found.is_active:
        return [
            FieldError("decider", "inactive_person", _("%(found)s is no longer active.") % {"found": found})
        ]
    if found.is_auditor:
        return [
            FieldError(
                "decider", "may_not_decide", _("%(found)s is an auditor, and only reads.") % {"found": found}
            )
        ]
    if not Initiative.objects.visible_to(found).filter(pk=criterion.initiative_id).exists():
        message = _("%(found)s may not see this initiative. Put them on the team, or name somebody else.") % {
            "found": found
        }
        return [FieldError("decider", "may_not_decide", message)]
    criterion.decider = found
    return []
