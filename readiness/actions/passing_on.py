"""What stands in somebody's name passes to another, within an act under way: conditions, KPIs, exit criteria."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from gates.models import Amendment, Condition, ExitCriterion, ExitTrigger, Initiative, Kpi, Reading
from gates.owing import Owed
from readiness.accounts.models import Organisation, User
from readiness.actions.own_reasons import HANDED_OVER
from readiness.audit.recording import Actor

Told = dict[str, Any]


def pass_on(
    gone: User, following: User, owed: Mapping[int, Owed], by: Actor, at: datetime
) -> tuple[dict[int, Told], dict[int, list[str]]]:
    """Give the one's promises to the other; the change of a locked exit criterion is an amendment.

    Whoever takes over is on the teams already where that was handed over too. Conditions and exit criteria stay where
    the successor may not see the initiative or only reads; one that was reached stays with whoever is to decide it,
    unless they left or hand it over themselves. Returns what the event of each initiative tells, and what stays there
    in words; a fixed number of queries. The caller holds the initiatives' row locks.
    """
    may_keep = _where_they_may_keep(following, owed)
    waiting = set() if not gone.is_active or gone == by.user else _waiting(owed)
    moved: dict[int, Owed] = {}
    stays: dict[int, list[str]] = {}
    for key, one in owed.items():
        theirs = Owed(kpis=one.kpis)
        if key in may_keep:
            theirs.conditions = one.conditions
            theirs.criteria = [row for row in one.criteria if row.pk not in waiting]
        elif one.conditions or one.criteria:
            stays[key] = [_not_theirs(gone, following)]
        if key in may_keep and len(theirs.criteria) < len(one.criteria):
            stays[key] = [_reached(gone)]
        if theirs:
            moved[key] = theirs
    _write(gone, following, moved, by, at)
    return {key: _told(one) for key, one in moved.items()}, stays


def _write(gone: User, following: User, moved: Mapping[int, Owed], by: Actor, at: datetime) -> None:
    conditions = [row.pk for one in moved.values() for row in one.conditions]
    kpis = [row.pk for one in moved.values() for row in one.kpis]
    criteria = [row for one in moved.values() for row in one.criteria]
    Condition.objects.filter(pk__in=conditions).update(owner=following)
    Kpi.objects.filter(pk__in=kpis).update(owner=following, version=F("version") + 1)
    decided = ExitCriterion.objects.filter(pk__in=[row.pk for row in criteria])
    decided.update(decider=following, version=F("version") + 1)
    locked = [row for row in criteria if row.locked_at is not None]
    readings = Reading.objects.filter(kpi__in=[row.kpi_id for row in locked], withdrawn_at__isnull=True)
    read = set(readings.values_list("kpi", flat=True))
    on = Organisation.get().day_of(at)
    Amendment.objects.bulk_create(
        Amendment(
            initiative_id=row.initiative_id,
            criterion=row,
            changes={"decider": [gone.username, following.username]},
            reason=HANDED_OVER,
            after_reading=row.kpi_id in read,
            by=by.user,
            at=at,
            on=on,
        )
        for row in locked
    )


def _told(moved: Owed) -> Told:
    """What changes hands on one initiative, as its event tells it."""
    return {
        "conditions": [condition_told(one) for one in moved.conditions],
        "kpis": [one.name for one in moved.kpis],
        "exit_criteria": [one.kpi.name for one in moved.criteria],
    }


def condition_told(condition: Condition) -> Told:
    """A condition as an event tells of it that gives it to somebody."""
    gate = condition.decision.gate
    return {"text": condition.text, "due": condition.due.isoformat(), "gate": gate.slug, "name": gate.name}


def _where_they_may_keep(following: User, owed: Mapping[int, Owed]) -> Collection[int]:
    """Where the successor can own a condition and decide an exit criterion."""
    if following.is_auditor:
        return ()
    visible = Initiative.objects.visible_to(following).filter(pk__in=list(owed))
    return set(visible.values_list("pk", flat=True))


def _waiting(owed: Mapping[int, Owed]) -> set[int]:
    """The exit criteria among these that were reached and that nobody has decided."""
    keys = [row.pk for one in owed.values() for row in one.criteria]
    open_triggers = ExitTrigger.objects.filter(criterion__in=keys, decided_at__isnull=True)
    return set(open_triggers.values_list("criterion", flat=True))


def _not_theirs(gone: User, following: User) -> str:
    said = _(
        "Conditions and exit criteria of %(gone)s stay theirs here: %(person)s may not keep or decide them."
    )
    return said % {"gone": gone.name, "person": following.name}


def _reached(gone: User) -> str:
    return _(
        "An exit criterion was reached and waits: %(gone)s decides it, and nobody else takes that over."
    ) % {"gone": gone.name}
