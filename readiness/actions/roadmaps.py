"""The roadmap: what happens if it works, and the phases of the rollout as they begin."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.said import said
from gates.models import Roadmap, RoadmapPhase
from gates.roadmap import (
    Phase,
    PhaseFacts,
    begin_refusal,
    current_phase,
    ends_before_it_starts,
    in_order,
    out_of_order,
)
from gates.stages import Stage
from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin, same_version
from readiness.actions.errors import Conflict, FieldError, Invalid, NotFound, invalid
from readiness.actions.fields import checked, day, money, text
from readiness.actions.texts import past_day_errors, word_errors
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome
from readiness.ui.saying import say

TEXT_MAX = 2000

Changes = dict[str, list[Any]]

_OF_ROADMAP: Mapping[str, Callable[[Any], Any]] = {"people": text(TEXT_MAX), "budget": money}
_OF_PHASE: Mapping[str, Callable[[Any], Any]] = {
    "starts_on": day,
    "ends_on": day,
    "entry_rule": text(TEXT_MAX),
    "pause_rule": text(TEXT_MAX),
}


@transaction.atomic
def set_roadmap(
    initiative_id: int, facts: Mapping[str, Any], by: Actor, at: datetime, version: int | None = None
) -> Outcome:
    """Write what is given of the roadmap; the rest stays.

    ``facts``: ``people``, ``budget``, and ``phases``, a list of ``{"kind", "starts_on", "ends_on", "entry_rule",
    "pause_rule"}``. ``version``: the one the person saw, 0 where there was none. Raises NotFound, NotAllowed, Conflict
    ``initiative_ended``, Stale, or Invalid with every field that is wrong.
    """
    work = begin(initiative_id, Act.EDIT, by, at)
    roadmap = _roadmap_of(work)
    same_version(version, roadmap.version, roadmap)
    given = list(facts.get("phases") or ())
    changed, errors = _take(roadmap, facts, _OF_ROADMAP)
    rows, errors_of_kinds = _rows(roadmap, given)
    errors += errors_of_kinds
    for position, phase in enumerate(given):
        if row := rows.get(str(phase.get("kind"))):
            taken, wrong = _take(row, phase, _OF_PHASE, f"phases.{position}.")
            errors += wrong
            changed |= {f"phases.{row.kind}.{name}": values for name, values in taken.items()}
    errors += _plan_errors(rows, given, {error.field for error in errors})
    if errors:
        raise Invalid(errors)
    if not changed:
        return work.before
    _write(roadmap, work, [rows[kind] for kind in rows if _touched(kind, changed)])
    return work.finish("roadmap.set", {"changed": changed})


@transaction.atomic
def begin_phase(initiative_id: int, kind: str, on: date | None, by: Actor, at: datetime) -> Outcome:
    """A phase begins, today or on a past day not before that on which the phase before it began.

    Raises NotFound for a phase that does not exist, NotAllowed, Conflict (``initiative_ended``, ``on_hold``,
    ``phase_has_begun``, ``phase_not_in_this_stage``, ``phase_out_of_order``) or Invalid.
    """
    work, phase = begin(initiative_id, Act.EDIT, by, at), _phase(kind)
    if work.initiative.hold is not None:
        raise Conflict("on_hold", _("It is on hold: no phase begins until the hold is lifted."))
    roadmap = _roadmap_of(work)
    plan = _plan(roadmap)
    if refusal := begin_refusal(plan, phase, Stage(work.initiative.stage)):
        raise Conflict(refusal.code, refusal.message)
    began_on = on or work.today
    before = [one.began_on for one in plan[: list(Phase).index(phase)] if one.began_on is not None]
    if errors := past_day_errors("on", began_on, work.today):
        raise Invalid(errors)
    if before and began_on < before[-1]:
        raise invalid(
            "on",
            "before_earlier_phase",
            _("The phase before it began on %(before)s.") % {"before": before[-1]},
        )
    row = _row(roadmap, phase)
    row.began_on = began_on
    _write(roadmap, work, [row])
    return work.finish("roadmap.phase_begun", {"phase": phase.value, "on": began_on})


@transaction.atomic
def take_back_phase(initiative_id: int, kind: str, by: Actor, at: datetime) -> Outcome:
    """The last phase that began has not begun after all. Raises as ``begin_phase``; Conflict ``phase_not_the_last``."""
    work, phase = begin(initiative_id, Act.EDIT, by, at), _phase(kind)
    roadmap = _roadmap_of(work)
    if current_phase(_plan(roadmap)) != phase:
        raise Conflict("phase_not_the_last", _("Only the last phase that began can be taken back."))
    row = _row(roadmap, phase)
    began_on, row.began_on = row.began_on, None
    _write(roadmap, work, [row])
    return work.finish("roadmap.phase_taken_back", {"phase": phase.value, "began_on": began_on})


def _phase(kind: str) -> Phase:
    if kind not in set(Phase):
        raise NotFound
    return Phase(kind)


def _roadmap_of(work: Work) -> Roadmap:
    """The initiative's roadmap; an unsaved one of version 0 where there is none."""
    found = Roadmap.objects.filter(initiative=work.initiative).prefetch_related("phases").first()
    return found or Roadmap(initiative=work.initiative, version=0)


def _plan(roadmap: Roadmap) -> tuple[PhaseFacts, ...]:
    return roadmap.plan if roadmap.pk else in_order(())


def _row(roadmap: Roadmap, phase: Phase) -> RoadmapPhase:
    """The row of a phase, unsaved where there is none."""
    found = [row for row in (roadmap.phases.all() if roadmap.pk else ()) if row.kind == phase]
    return found[0] if found else RoadmapPhase(roadmap=roadmap, kind=phase.value)


def _rows(
    roadmap: Roadmap, given: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, RoadmapPhase], list[FieldError]]:
    """All six rows by their kind, and what is wrong with the kinds that were named."""
    rows = {phase.value: _row(roadmap, phase) for phase in Phase}
    errors: list[FieldError] = []
    seen: set[str] = set()
    for position, one in enumerate(given):
        field, kind = f"phases.{position}.kind", str(one.get("kind"))
        errors += word_errors(field, kind, rows)
        if kind in seen and kind in rows:
            errors.append(FieldError(field, "named_twice", _("This phase is named twice.")))
        seen.add(kind)
    return rows, errors


def _take(
    row: Any, given: Mapping[str, Any], checks: Mapping[str, Callable[[Any], Any]], path: str = ""
) -> tuple[Changes, list[FieldError]]:
    """Set what is given on the row (unsaved). Returns what changed as ``{field: [before, after]}``, and the errors."""
    changed: Changes = {}
    errors: list[FieldError] = []
    for name, check in checks.items():
        if name not in given:
            continue
        value, wrong = checked(f"{path}{name}", given[name], check)
        errors += wrong
        before = getattr(row, name)
        if not wrong and value != before:
            changed[name] = [before, value]
            setattr(row, name, value)
    return changed, errors


def _plan_errors(
    rows: Mapping[str, RoadmapPhase], given: Sequence[Mapping[str, Any]], wrong: set[str]
) -> list[FieldError]:
    """Days that cannot be: a phase that ends before it starts, or starts before an earlier one.

    ``wrong``: fields with an error already, of which nothing more is said.
    """
    position = {str(one.get("kind")): number for number, one in enumerate(given)}
    plan = in_order(row.facts for row in rows.values())
    errors = []
    for one in plan:
        if ends_before_it_starts(one):
            field = f"phases.{position.get(one.phase.value, 0)}.ends_on"
            errors.append(
                FieldError(
                    field,
                    "before_start",
                    _("“%(phase)s” would end before it starts.") % {"phase": say(one.phase.label)},
                )
            )
    for phase, earlier in out_of_order(plan):
        about = phase if phase.value in position else earlier
        field = f"phases.{position.get(about.value, 0)}.starts_on"
        message = said("“{phase}” would start before “{earlier}”.", phase=phase.label, earlier=earlier.label)
        errors.append(FieldError(field, "before_earlier_phase", message))
    return [error for error in errors if error.field not in wrong]


def _touched(kind: str, changed: Changes) -> bool:
    return any(name.startswith(f"phases.{kind}.") for name in changed)


def _write(roadmap: Roadmap, work: Work, rows: Sequence[RoadmapPhase]) -> None:
    roadmap.version += 1
    roadmap.updated_by, roadmap.updated_at = work.actor.user, work.at
    roadmap.save()
    for row in rows:
        row.roadmap = roadmap
        row.save()
