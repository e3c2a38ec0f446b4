"""What runs out by itself on the initiatives that a person works on: evidence behind a Met answer, and measurements."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Max, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from checklists.models import Answer, DeclaredValue, Evidence, EvidenceKind
from checklists.scoring import good_through
from gates.models import Hold, Initiative, Kpi, KpiDue, KpiKind, Passage
from gates.querysets import InitiativeQuerySet
from gates.stages import Stage
from readiness.accounts.models import User
from readiness.portfolio.figures import holds_of
from readiness.standing.flags.calendar import days_of_marks, reaches
from readiness.standing.flags.facts import Period
from readiness.standing.links import renewal_url
from readiness.ui.saying import content
from readiness.workbench.home.waits import MOST, SOON, Kind, Wait, due_words, end_words

_SHOWN_IN = {Stage.POC.value: KpiDue.END_OF_POC.value, Stage.PILOT.value: KpiDue.END_OF_PILOT.value}


@dataclass(frozen=True, slots=True)
class _Ending:
    """An answer declared Met, and the last day on which its evidence carries it."""

    answer: Answer
    last_good_on: date


def evidence_waits(work: InitiativeQuerySet, today: date) -> list[Wait]:
    """Met answers whose evidence ends within thirty days or has ended, the first to end first; three queries."""
    found = sorted(_endings(work, today), key=lambda one: (one.last_good_on, one.answer.pk))[:MOST]
    passages = Passage.objects.filter(assessment__in={one.answer.assessment_id for one in found})
    of = {passage.assessment_id: passage.initiative for passage in passages.select_related("initiative")}
    return [_evidence_wait(one, of[one.answer.assessment_id], today) for one in found]


def _endings(work: InitiativeQuerySet, today: date) -> Iterator[_Ending]:
    answers = Answer.objects.filter(
        assessment__passage__initiative__in=work,
        declared=DeclaredValue.MET,
        item__gate__framework=F("assessment__framework"),
        item__gate__framework__evidence_required=True,
    ).select_related("item__gate")
    behind = Evidence.objects.filter(
        assessment__passage__initiative__in=work, withdrawn_at__isnull=True
    ).only("assessment_id", "item_id", "kind", "effective_on", "expires_on", "withdrawn_at", "check_result")
    pieces: dict[tuple[int, int], list[Evidence]] = {}
    for piece in behind:
        pieces.setdefault((piece.assessment_id, piece.item_id), []).append(piece)
    for answer in answers:
        own = pieces.get((answer.assessment_id, answer.item_id), [])
        max_age = answer.item.evidence_max_age_days
        ends_on = good_through((piece.counted for piece in own), max_age)
        if ends_on is None or ends_on > today + timedelta(days=SOON):
            continue
        checks = (piece.counted for piece in own if piece.kind == EvidenceKind.CHECK)
        if ends_on < today or good_through(checks, max_age) != ends_on:  # else the check renews it by itself
            yield _Ending(answer, ends_on)


def _evidence_wait(one: _Ending, initiative: Initiative, today: date) -> Wait:
    item = one.answer.item
    return Wait(
        kind=Kind.EVIDENCE,
        initiative=initiative,
        title=_("Renew the evidence of “%(item)s”") % {"item": content(item.title)},
        place=content(item.gate.name),
        day=one.last_good_on,
        when=end_words(one.last_good_on, today),
        late=one.last_good_on < today,
        url=renewal_url(initiative.ref, item.gate.slug, item.code),
        button=_("Renew it"),
    )


def measurement_waits(
    work: InitiativeQuerySet, visible: InitiativeQuerySet, person: User, today: date
) -> list[Wait]:
    """Business KPIs of theirs, or of what they work on, of which a reading is due within thirty days; two queries."""
    kpis = Kpi.objects.filter(
        Q(initiative__in=work) | Q(owner=person, initiative__in=visible),
        kind=KpiKind.BUSINESS,
        removed_at__isnull=True,
        initiative__stage__in=[Stage.LIVE.value, *_SHOWN_IN],
    )
    kpis = kpis.annotate(read_on=Max("readings__on", filter=Q(readings__withdrawn_at__isnull=True)))
    kpis = kpis.select_related("initiative").prefetch_related(
        Prefetch("initiative__holds", queryset=Hold.objects.order_by("pk"))
    )
    found = []
    for kpi in kpis.order_by(F("initiative_id"), "pk"):
        day = _reading_due(kpi, kpi.read_on, today)
        if day is not None:
            found.append(_measurement_wait(kpi, day, today))
    return sorted(found, key=lambda one: one.urgency)[:MOST]


def _reading_due(kpi: Kpi, read_on: date | None, today: date) -> date | None:
    """The day by which this KPI is to be read; None where that is far off, or it was."""
    since, stage = kpi.initiative.stage_since, kpi.initiative.stage
    if since is None:
        return None
    if stage == Stage.LIVE.value:
        return mark_due(since, read_on, today, holds_of(kpi.initiative))
    planned = getattr(kpi.initiative, f"{stage}_days", None)
    if kpi.due != _SHOWN_IN[stage] or planned is None or (read_on is not None and read_on >= since):
        return None
    day = reaches(since, planned, holds_of(kpi.initiative))
    return day if day is not None and day <= today + timedelta(days=SOON) else None


def mark_due(
    launched_on: date, read_on: date | None, today: date, holds: Iterable[Period] = ()
) -> date | None:
    """The day of the mark after the launch whose reading is missing, or that comes within thirty days.

    The marks are 30, 90 and 180 days, those on hold left out.
    A reading after the mark before counts for a mark; one of the day of the launch speaks of the time before.
    """
    after = launched_on
    days = sorted(days_of_marks(launched_on, holds, today).values())
    for due_on, following in zip(days, [*days[1:], date.max], strict=True):
        is_latest = following > today
        if is_latest and (read_on is None or read_on <= after):
            return due_on if due_on <= today + timedelta(days=SOON) else None
        after = due_on
    return None


def _measurement_wait(kpi: Kpi, day: date, today: date) -> Wait:
    return Wait(
        kind=Kind.MEASUREMENT,
        initiative=kpi.initiative,
        title=_("Enter a reading of “%(kpi)s”") % {"kpi": kpi.name},
        place=_("Promises"),
        day=day,
        when=due_words(day, today),
        late=day < today,
        url=reverse("kpi", args=[kpi.initiative.ref, kpi.pk]) + "#enter",
        button=_("Enter it"),
    )
