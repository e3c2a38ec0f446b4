"""Parallel limits: set by an admin, held when a stage is entered, passed only with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gates.limits import EVERY_UNIT, LIMITED, limit_for
from gates.models import Initiative, ParallelLimit
from gates.querysets import InitiativeQuerySet, normalised
from gates.stages import Stage
from readiness.actions.administering import begin_administration
from readiness.actions.errors import Conflict, FieldError, Invalid
from readiness.actions.texts import text_errors, word_errors
from readiness.audit.recording import Actor, record
from readiness.ui.saying import say

UNIT_MAX = 200
MOST_MAX = 1000
LIMITS_MAX = 600
NAMED = 5
"""So many of those that are there are named in the refusal."""
REASON_FIELD = "over_limit_reason"

Place = tuple[str, str]
"""(stage, normalised unit)"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A limit as somebody asks for it; a blank ``unit`` is every unit without a limit of its own."""

    stage: str
    unit: str
    most: int

    @property
    def spelling(self) -> str:
        return " ".join(self.unit.split())

    @property
    def place(self) -> Place:
        return self.stage, normalised(self.unit)


class LimitReached(Conflict):
    """There is no room in the stage. ``seen``: who is there, as far as the person may know of them."""

    def __init__(self, stage: Stage, unit: str, most: int, seen: Sequence[Initiative]) -> None:
        self.stage, self.unit, self.most, self.seen = stage, unit, most, tuple(seen)
        super().__init__("parallel_limit", self._sentence())

    def _sentence(self) -> str:
        reached = (
            _("%(unit)s may have %(most)s in %(stage)s at once, and that limit is reached.")
            if self.unit
            else _("What names no unit may have %(most)s in %(stage)s at once, and that limit is reached.")
        ) % {"unit": self.unit, "most": self.most, "stage": say(self.stage.label)}
        if not self.seen:
            return " ".join([reached, _("A reason lets it in all the same.")])
        names = [f"{one.ref} {one.name}" for one in self.seen[:NAMED]]
        rest = len(self.seen) - len(names)
        there = (
            _("There now, as far as you may see: %(count)s (%(names)s and %(rest)s more).")
            if rest
            else _("There now, as far as you may see: %(count)s (%(names)s).")
        ) % {"count": len(self.seen), "names": ", ".join(names), "rest": rest}
        return " ".join([reached, there, _("A reason lets it in all the same.")])


@transaction.atomic
def set_limit(wanted: Wanted, by: Actor, at: datetime) -> None:
    """Set one limit; the others stay. Raises NotAllowed, or Invalid at ``stage``, ``business_unit`` and ``most``."""
    begin_administration(by)
    errors = _limit_errors(wanted)
    if errors:
        raise Invalid(errors)
    _change({wanted.place: wanted}, by, at)


@transaction.atomic
def remove_limit(stage: str, unit_key: str, by: Actor, at: datetime) -> None:
    """Take one limit away; one that is not there (any more) is no error. Raises NotAllowed."""
    begin_administration(by)
    _change({(stage, unit_key): None}, by, at)


@transaction.atomic
def replace_limits(wanted: Sequence[Wanted], by: Actor, at: datetime) -> None:
    """Set these limits, and take every other one away: all or none.

    Raises NotAllowed, or Invalid with an error at each ``limits.<number>.<field>``.
    """
    begin_administration(by)
    errors: list[FieldError] = []
    asked: dict[Place, Wanted | None] = {}
    for number, one in enumerate(wanted):
        errors += _limit_errors(one, f"limits.{number}.")
        if one.place in asked:
            message = _("This stage and unit is named twice.")
            errors.append(FieldError(f"limits.{number}.business_unit", "named_twice", message))
        asked[one.place] = one
    if errors:
        raise Invalid(errors)
    gone = dict.fromkeys(ParallelLimit.objects.values_list("stage", "unit_key"))
    _change(gone | asked, by, at)


def lock_limit(stage: Stage, unit_key: str) -> ParallelLimit | None:
    """The limit that holds for this unit in this stage, its row locked until the transaction ends.

    Whoever enters the stage next waits here, and then counts who came in before. It is taken after the initiative's
    row and before the audit chain.
    """
    if stage not in LIMITED:
        return None
    rows = ParallelLimit.objects.filter(stage=stage.value, unit_key__in={unit_key, EVERY_UNIT})
    return limit_for(rows.order_by("pk").select_for_update(no_key=True), stage, unit_key)


def reason_over(limit: ParallelLimit | None, entering: Initiative, by: Actor, reason: str) -> str:
    """The reason to keep where it enters over the limit, "" where there is room.

    ``limit``: as ``lock_limit`` gave it for the stage that is entered. Raises LimitReached without a reason.
    """
    if limit is None or _how_many(limit, entering) < limit.most:
        return ""
    if not reason.strip():
        raise LimitReached(Stage(limit.stage), entering.business_unit, limit.most, _seen(limit, entering, by))
    return reason.strip()


def reason_errors(reason: str) -> list[FieldError]:
    """What is wrong with the reason for going over a limit."""
    return text_errors(REASON_FIELD, reason, required=False)


def limits_reached(initiative: Initiative) -> dict[Stage, int]:
    """The stages that this one could only enter over the limit, with the number that is allowed there."""
    limits = list(ParallelLimit.objects.filter(unit_key__in={initiative.business_unit_key, EVERY_UNIT}))
    found = {}
    for stage in LIMITED:
        limit = limit_for(limits, stage, initiative.business_unit_key)
        if limit is not None and stage != initiative.stage and _how_many(limit, initiative) >= limit.most:
            found[stage] = limit.most
    return found


def _there(limit: ParallelLimit, entering: Initiative) -> InitiativeQuerySet:
    """Those of its unit that are in the stage, also on hold: their place is kept for them."""
    rows = Initiative.objects.filter(stage=limit.stage, business_unit_key=entering.business_unit_key)
    return rows.exclude(pk=entering.pk) if entering.pk else rows


def _how_many(limit: ParallelLimit, entering: Initiative) -> int:
    return int(_there(limit, entering).count())


def _seen(limit: ParallelLimit, entering: Initiative, by: Actor) -> list[Initiative]:
    rows = _there(limit, entering)
    return list(rows if by.user is None else rows.visible_to(by.user))


def _change(asked: Mapping[Place, Wanted | None], by: Actor, at: datetime) -> None:
    """Write what differs and note it as ``{"stage/unit": [before, after]}``; "*" is every unit."""
    stand = {(row.stage, row.unit_key): row for row in ParallelLimit.objects.select_for_update(no_key=True)}
    changed: dict[str, list[int | None]] = {}
    for place, wanted in asked.items():
        row = stand.get(place)
        before, after = row.most if row else None, wanted.most if wanted else None
        if before == after:
            continue
        if wanted is None and row is not None:
            row.delete()
        elif wanted is not None:
            row = row or ParallelLimit(stage=place[0], unit=wanted.spelling, unit_key=place[1])
            row.most = wanted.most
            row.save()
        named = wanted.spelling if wanted else row.unit if row else ""
        changed[f"{place[0]}/{named or '*'}"] = [before, after]
    if changed:
        record(by, "limit.set", {"changed": changed}, at)


def _limit_errors(wanted: Wanted, path: str = "") -> list[FieldError]:
    errors = word_errors(f"{path}stage", wanted.stage, [stage.value for stage in LIMITED])
    errors += text_errors(f"{path}business_unit", wanted.unit, UNIT_MAX, required=False)
    if not 1 <= wanted.most <= MOST_MAX:
        errors.append(
            FieldError(f"{path}most", "out_of_range", _("From 1 to %(most_max)s.") % {"most_max": MOST_MAX})
        )
    return errors
