"""Moving an initiative to a later version of one of its frameworks.

What was answered stays: the answers to items that are in both versions go on with their evidence, the others stay where
they were given, as part of the past. A pass is kept only where its gate asks for the same as before.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Case, QuerySet, Value, When
from django.utils.translation import gettext as _

from checklists.loading import stored_framework
from checklists.models import Answer, Assessment, CheckResult, Evidence, Framework, Item, Writing
from checklists.said import content, said, stored_parts
from checklists.versions import Compared, compared
from gates.models import (
    Assignment,
    AssignmentOutcome,
    Decision,
    Initiative,
    Lapse,
    Passage,
    Submission,
    Waiver,
)
from gates.rules import PASSING_DECISIONS
from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin, same_version
from readiness.actions.errors import Conflict, NotFound, invalid
from readiness.actions.frameworks import refuse_collisions
from readiness.actions.texts import askable
from readiness.audit.recording import Actor, Ledger
from readiness.standing.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Prospect:
    """What the move would do: ``lapsing`` are the gates whose pass would have to be decided anew, by slug, in order;
    ``gone`` the names of passed ones that the later version does not have.

    ``waiting`` are the names of gates that wait for a decision, which keeps the move from being made;
    ``waivers_ending`` the codes of items whose waiver speaks of another wording.
    """

    passage: Passage
    before: Framework
    after: Framework
    compared: Compared
    lapsing: tuple[str, ...]
    waiting: tuple[str, ...]
    waivers_ending: tuple[str, ...]
    gone: tuple[str, ...]


def newer_version(passage: Passage) -> Framework | None:
    """The newest published version of a passage's framework, where that is later than the passage's own."""
    rows = Framework.objects.current().filter(slug=passage.framework_slug)
    return rows.filter(pk__gt=passage.assessment.framework_id).first()


def prospect(initiative: Initiative, slug: str, version: str = "") -> Prospect:
    """What a move to this version, or to the newest, would do; reads only.

    Raises NotFound where the initiative has no such framework, Invalid ``unknown_version`` where the version is none
    that is published and later than its own.
    """
    passages = Passage.objects.select_related("assessment__framework").filter(initiative=initiative)
    passage = passages.filter(framework_slug__in=askable([slug])).first()
    if passage is None:
        raise NotFound
    before = Framework.objects.with_content().get(pk=passage.assessment.framework_id)
    later = Framework.objects.filter(slug=slug, published_at__isnull=False, pk__gt=before.pk)
    later = later.filter(version__in=askable([version])) if version else later.order_by("-pk")
    after = later.with_content().first()
    if after is None:
        told = {"version": version[:20], "framework": before.name}
        message = _("There is no later version %(version)s of %(framework)s.")
        message = message if version else _("There is no later version of %(framework)s.")
        raise invalid("version", "unknown_version", message % told)
    found = compared(stored_framework(before), stored_framework(after))
    kept = {item.code for item in found.kept}
    waiting = Submission.objects.filter(passage=passage, decided_at__isnull=True).order_by("gate__position")
    waivers = Waiver.objects.filter(passage=passage, item__gate__framework=before).exclude(
        item__code__in=kept
    )
    return Prospect(
        passage,
        before,
        after,
        found,
        lapsing=tuple(one.gate.slug for one in _holding(passage, found.gates_changed)),
        waiting=tuple(waiting.values_list("gate__name", flat=True)),
        waivers_ending=tuple(sorted(set(waivers.values_list("item__code", flat=True)))),
        gone=tuple(one.gate.name for one in _holding(passage, _gates_gone(before, after))),
    )


@transaction.atomic
def move_version(
    initiative_id: int, slug: str, by: Actor, at: datetime, to: str = "", version: int | None = None
) -> Outcome:
    """Move the initiative to the version ``to`` of a framework, or to the newest.

    ``version``: the one of the initiative that the person saw, or None. Raises NotFound, NotAllowed, Stale, Invalid
    ``unknown_version``, Conflict ``review_waits`` while a gate of it waits for a decision, or ``codes_collide``.
    """
    work = begin(initiative_id, Act.EDIT, by, at)
    same_version(version, work.initiative.version, work.initiative)
    found = prospect(work.initiative, slug, to)
    if found.waiting:
        message = _("Waiting for a decision: %(gates)s. Have it decided first.")
        raise Conflict("review_waits", message % {"gates": ", ".join(content(one) for one in found.waiting)})
    refuse_collisions(found.after, initiative_id)
    for one in _holding(found.passage, found.compared.gates_changed):
        _lapse(one, found.after, by, at)
    _carry(found, work)
    Assessment.objects.filter(pk=found.passage.assessment_id).update(framework=found.after)
    outcome = work.finish("framework.moved", _told(found), own=True)
    _end_assignments(found, work)
    return outcome


def _told(found: Prospect) -> dict[str, Any]:
    return {
        "framework": found.before.slug,
        "from": found.before.version,
        "to": found.after.version,
        "kept": len(found.compared.kept),
        "reworded": [item.code for item in found.compared.reworded],
        "new": [item.code for item in found.compared.new],
        "gone": [item.code for item in found.compared.gone],
        "lapsed": list(found.lapsing),
        "waivers_ended": list(found.waivers_ending),
    }


def _gates_gone(before: Framework, after: Framework) -> list[str]:
    """By slug, in their order. Both came ``with_content()``."""
    stay = {gate.slug for gate in after.gates.all()}
    return [gate.slug for gate in before.gates.all() if gate.slug not in stay]


def _holding(passage: Passage, gates: Collection[str]) -> list[Decision]:
    """The last decisions at these gates, by slug, that are a pass which no act made lapse."""
    rows = Decision.objects.filter(passage=passage, gate__slug__in=gates)
    last = {one.gate.slug: one for one in rows.select_related("gate", "lapse").order_by("pk")}
    found = [last[slug] for slug in gates if slug in last]
    return [one for one in found if one.decision in PASSING_DECISIONS and not hasattr(one, "lapse")]


def _lapse(decision: Decision, after: Framework, by: Actor, at: datetime) -> None:
    """A pass was of what its gate asked for then: now it asks for something else, so it is looked at again."""
    reason = said(
        "It asks for something else in version {version} of {framework}.",
        version=after.version,
        framework=content(after.name),
    )
    Lapse.objects.create(decision=decision, reason=reason, said=stored_parts(reason), by=by.user, at=at)


def _carry(found: Prospect, work: Work) -> None:
    """Put everything said of an item under the same item of the later version, whichever version it was said in."""
    rows = Item.objects.filter(gate__framework=found.after).select_related("gate")
    after = {item.code: item for item in rows}
    earlier = Item.objects.filter(
        gate__framework__slug=found.before.slug, gate__framework__lt=found.after.pk, code__in=after
    )
    pairs = [(item, after[item.code]) for item in earlier.select_related("gate")]
    assessment = found.passage.assessment_id
    _put(Answer.objects.filter(assessment=assessment), pairs)
    _put(Evidence.objects.filter(assessment=assessment), pairs)
    _put(CheckResult.objects.filter(assessment=assessment), pairs)
    _put(Assignment.objects.open().filter(passage=found.passage), pairs)
    kept = {item.code for item in found.compared.kept}
    same = [pair for pair in pairs if pair[0].code in kept and pair[0].gate.framework_id == found.before.pk]
    _put(Waiver.objects.filter(passage=found.passage), same)
    _carry_writings(assessment, pairs)


def _put(rows: QuerySet[Any, Any], pairs: list[tuple[Item, Item]]) -> None:
    """One statement: each row of an earlier item names the later one."""
    if not pairs:
        return
    whens = [When(item=before.pk, then=Value(after.pk)) for before, after in pairs]
    rows.filter(item__in=[before.pk for before, _after in pairs]).update(
        item=Case(*whens, output_field=BigIntegerField())
    )


def _carry_writings(assessment: int, pairs: list[tuple[Item, Item]]) -> None:
    """Who wrote in a gate wrote in every gate that its items are in now: it keeps them from deciding there."""
    now_in: dict[int, set[int]] = {}
    for before, after in pairs:
        now_in.setdefault(before.gate_id, set()).add(after.gate_id)
    latest: dict[tuple[int, int], datetime] = {}
    for writing in Writing.objects.filter(assessment=assessment, gate__in=now_in):
        for gate in now_in[writing.gate_id]:
            key = (gate, writing.by_id)
            latest[key] = max(writing.last_at, latest.get(key, writing.last_at))
    Writing.objects.bulk_create(
        Writing(assessment_id=assessment, gate_id=gate, by_id=by, last_at=last_at)
        for (gate, by), last_at in latest.items()
    )


def _end_assignments(found: Prospect, work: Work) -> None:
    """What was asked of an item that is gone is asked no more; one event each."""
    open_ones = (
        Assignment.objects.open().filter(passage=found.passage).exclude(item__gate__framework=found.after)
    )
    rows = list(open_ones.with_subject().order_by("pk"))
    if not rows:
        return
    ledger = Ledger(work.at)
    for row in rows:
        row.outcome, row.ended_at, row.ended_by = AssignmentOutcome.WITHDRAWN, work.at, work.actor.user
        row.version += 1
        row.save(update_fields=["outcome", "ended_at", "ended_by", "version"])
        ledger.append(
            work.actor, "assignment.ended", {**row.told, "outcome": row.outcome}, work.initiative.pk
        )
    ledger.close()
