"""The reviewer's inbox: what waits for a decision, the oldest first, and the promises to look at.

A fixed number of queries, whatever waits. What a reviewer may not decide is listed too, with the reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gates.models import Condition, Decision, Initiative
from gates.rules import ConditionState
from gates.separation import KEPT_IT
from readiness.accounts.models import Organisation, User
from readiness.clock import now
from readiness.standing.bars import GateKey, barred_at
from readiness.standing.links import gate_url
from readiness.standing.words import Word
from readiness.ui.parts import Link
from readiness.ui.saying import say
from readiness.workbench.checklists.words import CONDITION_WORDS
from readiness.workbench.finding import organisation_of, person_of
from readiness.workbench.reviews.waiting import MOST, WaitingRow, to_decide, with_news

PAGE_SIZE = 50
MINE, OTHERS, CONDITIONS, OVERDUE = "mine", "others", "conditions", "overdue"
VIEWS = ("", MINE, OTHERS, CONDITIONS, OVERDUE)
"""What can be shown alone, as the address names it; "" is everything."""


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One condition that is to be confirmed, or is overdue."""

    condition: Condition
    initiative: Initiative
    word: Word
    overdue: bool
    barred: str
    url: str

    @property
    def to_confirm(self) -> bool:
        return self.condition.state == ConditionState.KEPT


@dataclass(frozen=True, slots=True)
class Inbox:
    """``rows`` are those of this page of what waits; ``to_decide`` of all are this person's, ``first`` is the next."""

    view: str
    tabs: list[Link]
    page: Page
    rows: list[WaitingRow]
    to_decide: int
    first: WaitingRow | None
    to_confirm: list[PromiseRow]
    late_promises: list[PromiseRow]

    @property
    def mine(self) -> list[WaitingRow]:
        return [row for row in self.rows if row.mine]

    @property
    def others(self) -> list[WaitingRow]:
        return [row for row in self.rows if not row.mine]

    @property
    def confirmable(self) -> bool:
        return any(not row.barred for row in self.to_confirm)

    @property
    def shows_mine(self) -> bool:
        return self.view in ("", MINE)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all stands in a list other than the first, which says so itself."""
        shown = (self.rows, self.to_confirm, self.late_promises)
        return not self.shows_mine and not any(shown)


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if not person.is_reviewer:
        raise PermissionDenied(_("Only reviewers have an inbox of reviews."))
    view, at = request.GET.get("show", ""), now()
    organisation = organisation_of(request)
    inbox = inbox_of(person, organisation, at, request.GET.get("page"), view if view in VIEWS else "")
    today = organisation.day_of(at)
    context = {"inbox": replace(inbox, rows=with_news(inbox.rows, today))}
    return render(request, "workbench/reviews/inbox.html", context)


def inbox_of(
    user: User, organisation: Organisation, at: datetime, page: str | None = None, view: str = ""
) -> Inbox:
    """What waits for this reviewer and what they have to know of; first what they may decide."""
    today = organisation.day_of(at)
    rows = to_decide(user, organisation, at)
    promises = list(_promises(Initiative.objects.visible_to(user).running(), today)[:MOST])
    barred = barred_at(user, {(one.decision.passage_id, one.decision.gate_id) for one in promises})
    owed = _promise_rows(promises, barred, user, today)
    mine = [row for row in rows if row.mine]
    found = Paginator(_shown(rows, view), PAGE_SIZE).get_page(page)
    kept = [row for row in owed if row.to_confirm]
    late = [row for row in owed if row.overdue]
    return Inbox(
        view=view,
        tabs=_tabs(view, rows, kept, late),
        page=found,
        rows=list(found.object_list),
        to_decide=len(mine),
        first=mine[0] if mine else None,
        to_confirm=kept if view in ("", CONDITIONS) else [],
        late_promises=late if view in ("", OVERDUE) else [],
    )


def _shown(rows: Sequence[WaitingRow], view: str) -> list[WaitingRow]:
    """The rows of one view, the own ones first and each group the oldest first."""
    wanted = {
        "": rows,
        MINE: [row for row in rows if row.mine],
        OTHERS: [row for row in rows if not row.mine],
        OVERDUE: [row for row in rows if row.overdue],
    }
    return sorted(wanted.get(view, ()), key=lambda row: not row.mine)


def _tabs(
    view: str, rows: Sequence[WaitingRow], kept: Sequence[PromiseRow], late: Sequence[PromiseRow]
) -> list[Link]:
    mine = sum(1 for row in rows if row.mine)
    overdue = sum(1 for row in rows if row.overdue) + len(late)
    counted = [
        ("", _("Everything"), None),
        (MINE, _("Mine to decide"), mine),
        (OTHERS, _("Waiting for others"), len(rows) - mine),
        (CONDITIONS, _("Conditions to confirm"), len(kept)),
        (OVERDUE, _("Overdue"), overdue),
    ]
    return [
        Link(label=label, href=f"?show={name}" if name else "?", count=count, current=name == view)
        for name, label, count in counted
    ]


def _promises(running: QuerySet[Initiative], today: date) -> QuerySet[Condition]:
    """Of the decisions that stand: what is said to be kept, and what is open past its day."""
    newer = Decision.objects.filter(
        passage=OuterRef("decision__passage"),
        gate__slug=OuterRef("decision__gate__slug"),
        pk__gt=OuterRef("decision"),
    )
    wanted = Q(state=ConditionState.KEPT.value) | Q(state=ConditionState.OPEN.value, due__lt=today)
    rows = Condition.objects.filter(wanted, ~Exists(newer), decision__passage__initiative__in=running)
    return rows.select_related(
        "owner", "kept_by", "decision__gate", "decision__passage__initiative"
    ).order_by("due", "pk")


def _own_word(condition: Condition, user: User) -> str:
    """Why whoever said that it is kept does not confirm it; "" for everybody else."""
    own = condition.state == ConditionState.KEPT and condition.kept_by_id == user.pk
    return say(KEPT_IT) if own else ""


def _promise_rows(
    promises: Iterable[Condition], barred: dict[GateKey, str], user: User, today: date
) -> list[PromiseRow]:
    return [
        PromiseRow(
            condition=one,
            initiative=one.decision.passage.initiative,
            word=CONDITION_WORDS[ConditionState(one.state)],
            overdue=one.state == ConditionState.OPEN and one.due < today,
            barred=barred[one.decision.passage_id, one.decision.gate_id] or _own_word(one, user),
            url=gate_url(one.decision.passage.initiative.ref, one.decision.gate.slug),
        )
        for one in promises
    ]
