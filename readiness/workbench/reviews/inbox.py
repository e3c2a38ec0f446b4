"""The reviewer's inbox: what waits for a decision, the oldest first, and the promises to look at.

A fixed number of queries, whatever waits. What a reviewer may not decide is listed too, with the reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gates.criteria import KIND_OF_GATES
from gates.models import Condition, Decision, Initiative, Submission
from gates.rules import PASSING_DECISIONS, ConditionState
from gates.stages import Stage
from readiness.accounts.models import Organisation, User
from readiness.clock import now
from readiness.standing.flags.thresholds import Thresholds
from readiness.standing.links import gate_url
from readiness.standing.thresholds import current_thresholds
from readiness.standing.words import STAGE_WORDS, Word
from readiness.workbench.checklists.gate_page import waited
from readiness.workbench.checklists.places import KIND_WORDS
from readiness.workbench.checklists.words import CONDITION_WORDS
from readiness.workbench.finding import organisation_of, person_of
from readiness.workbench.reviews.bars import GateKey, barred_at

PAGE_SIZE = 50
MOST = 1000
"""So many of each are looked at, the oldest first: a page stays a page however many wait."""


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One submission. ``barred`` says why this person may not decide it, "" where they may."""

    submission: Submission
    initiative: Initiative
    stage: Word
    kind: str
    days: int
    overdue: bool
    locked: bool
    periodic: bool
    barred: str
    url: str

    @property
    def mine(self) -> bool:
        """To be decided by this person, now."""
        return not self.barred and not self.locked


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One condition that is to be confirmed, or is overdue."""

    condition: Condition
    initiative: Initiative
    word: Word
    overdue: bool
    barred: str
    url: str


@dataclass(frozen=True, slots=True)
class Inbox:
    page: Page
    rows: list[WaitingRow]
    to_decide: int
    overdue: int
    to_confirm: list[PromiseRow]
    late_promises: list[PromiseRow]


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if not person.is_reviewer:
        raise PermissionDenied("Only reviewers have an inbox of reviews.")
    inbox = inbox_of(person, organisation_of(request), now(), request.GET.get("page"))
    return render(request, "workbench/reviews/inbox.html", {"inbox": inbox})


def inbox_of(user: User, organisation: Organisation, at: datetime, page: str | None = None) -> Inbox:
    """What waits for this reviewer and what they have to know of; first what they may decide."""
    running = Initiative.objects.visible_to(user).running()
    submissions = list(_waiting(running)[:MOST])
    promises = list(_promises(running, organisation.day_of(at))[:MOST])
    barred = barred_at(user, _keys(submissions, promises))
    rows = _waiting_rows(submissions, barred, organisation, at)
    shown = _promise_rows(promises, barred, organisation.day_of(at))
    found = Paginator(rows, PAGE_SIZE).get_page(page)
    return Inbox(
        page=found,
        rows=list(found.object_list),
        to_decide=sum(1 for row in rows if row.mine),
        overdue=sum(1 for row in rows if row.overdue and row.mine),
        to_confirm=[row for row in shown if row.condition.state == ConditionState.KEPT],
        late_promises=[row for row in shown if row.overdue],
    )


def _waiting(running: QuerySet[Initiative]) -> QuerySet[Submission]:
    newer = Decision.objects.filter(passage=OuterRef("passage"), gate=OuterRef("gate")).order_by("-at", "-pk")
    rows = Submission.objects.filter(decided_at__isnull=True, passage__initiative__in=running)
    rows = rows.select_related("by", "gate__framework", "passage__initiative__hold")
    return (
        rows.prefetch_related("passage__initiative__holds")
        .annotate(last_decision=newer.values("decision")[:1])
        .order_by("at", "pk")
    )


def _promises(running: QuerySet[Initiative], today: date) -> QuerySet[Condition]:
    """Of the decisions that stand: what is said to be kept, and what is open past its day."""
    newer = Decision.objects.filter(
        passage=OuterRef("decision__passage"), gate=OuterRef("decision__gate"), pk__gt=OuterRef("decision")
    )
    wanted = Q(state=ConditionState.KEPT.value) | Q(state=ConditionState.OPEN.value, due__lt=today)
    rows = Condition.objects.filter(wanted, ~Exists(newer), decision__passage__initiative__in=running)
    return rows.select_related(
        "owner", "kept_by", "decision__gate", "decision__passage__initiative"
    ).order_by("due", "pk")


def _keys(submissions: Iterable[Submission], promises: Iterable[Condition]) -> set[GateKey]:
    keys = {(one.passage_id, one.gate_id) for one in submissions}
    return keys | {(one.decision.passage_id, one.decision.gate_id) for one in promises}


def _waiting_rows(
    submissions: Iterable[Submission], barred: dict[GateKey, str], organisation: Organisation, at: datetime
) -> list[WaitingRow]:
    """Those to be decided first, each group the oldest first."""
    thresholds = current_thresholds()
    rows = [
        _waiting_row(one, barred[one.passage_id, one.gate_id], organisation, at, thresholds)
        for one in submissions
    ]
    return sorted(rows, key=lambda row: not row.mine)


def _waiting_row(
    submission: Submission, barred: str, organisation: Organisation, at: datetime, thresholds: Thresholds
) -> WaitingRow:
    initiative = submission.passage.initiative
    days = waited(submission, initiative.holds.all(), organisation, at)
    locked = submission.locked_since is not None
    return WaitingRow(
        submission=submission,
        initiative=initiative,
        stage=STAGE_WORDS[Stage(initiative.stage)],
        kind=KIND_WORDS[KIND_OF_GATES[submission.gate.framework.kind]],
        days=days,
        overdue=not locked and days >= thresholds.days("decision_overdue", initiative.stage, "days"),
        locked=locked,
        periodic=getattr(submission, "last_decision", None) in PASSING_DECISIONS,
        barred=barred,
        url=gate_url(initiative.ref, submission.gate.slug),
    )


def _promise_rows(promises: Iterable[Condition], barred: dict[GateKey, str], today: date) -> list[PromiseRow]:
    return [
        PromiseRow(
            condition=one,
            initiative=one.decision.passage.initiative,
            word=CONDITION_WORDS[ConditionState(one.state)],
            overdue=one.state == ConditionState.OPEN and one.due < today,
            barred=barred[one.decision.passage_id, one.decision.gate_id],
            url=gate_url(one.decision.passage.initiative.ref, one.decision.gate.slug),
        )
        for one in promises
    ]
