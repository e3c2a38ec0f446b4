"""The page of one gate: where it stands and why, what was submitted, what was decided, what was promised."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from gates.models import Comment, Condition, Decision, Hold, Submission, Waiver
from gates.rules import ConditionState, GateStatus
from readiness.accounts.models import Organisation
from readiness.accounts.policy import Act, Relation, allows
from readiness.actions.errors import NotAllowed
from readiness.actions.separation import separate
from readiness.standing.facts import lapse_reason
from readiness.standing.flags.calendar import counted_days
from readiness.standing.flags.facts import Period
from readiness.standing.links import gate_url
from readiness.standing.words import Word
from readiness.workbench.checklists.page import GateView, gate_view
from readiness.workbench.checklists.places import GatePlace, header_at, track_label
from readiness.workbench.checklists.words import CONDITION_WORDS, decision_word
from readiness.workbench.finding import actor_of, organisation_of, person_of
from readiness.workbench.header import Header


@dataclass(frozen=True, slots=True)
class ShownCondition:
    """One promise; the flags say which of its acts this person may do now."""

    condition: Condition
    word: Word
    overdue: bool
    may_keep: bool = False
    may_give: bool = False
    may_confirm: bool = False
    may_reopen: bool = False


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """``remarks`` are what the reviewer said at items with it."""

    decision: Decision
    word: Word
    conditions: list[ShownCondition]
    lapse: str
    stands: bool
    remarks: list[Comment]


@dataclass(frozen=True, slots=True)
class GateWaiver:
    waiver: Waiver
    code: str
    title: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class GatePage:
    """``barred`` says why a reviewer may not decide, "" where nothing separates them from it."""

    place: GatePlace
    header: Header
    track_label: str
    gate: GateView
    waiting_days: int | None
    decisions: list[ShownDecision]
    waivers: list[GateWaiver]
    may_review: bool
    may_waive: bool
    barred: str

    @property
    def gate_href(self) -> str:
        return gate_url(self.place.initiative.ref, self.place.slug)

    @property
    def returned(self) -> ShownDecision | None:
        """The decision that sent it back, as long as nothing was submitted since."""
        return self.standing if self.place.state.status == GateStatus.RETURNED else None

    @property
    def standing(self) -> ShownDecision | None:
        """The decision that stands: the latest."""
        return self.decisions[0] if self.decisions else None


def gate_page(request: HttpRequest, place: GatePlace, at: datetime) -> GatePage:
    gate = gate_view(place)
    running = not place.initiative.has_ended
    may_review = Act.DECIDE in place.acts and running
    barred = barred_from(request, place) if may_review else ""
    decisions = decisions_of(place)
    remarks = _remarks(place, decisions)
    waiting = gate.waiting
    return GatePage(
        place=place,
        header=header_at(place, gate_url, crumb=place.title),
        track_label=track_label(place),
        gate=gate,
        waiting_days=waited(waiting, place.initiative.holds.all(), organisation_of(request), at)
        if waiting
        else None,
        decisions=[
            _shown_decision(
                request,
                place,
                one,
                remarks[one.at],
                stands=number == 0,
                may_confirm=may_review and not barred,
            )
            for number, one in enumerate(decisions)
        ],
        waivers=_waivers(place),
        may_review=may_review,
        may_waive=Act.WAIVE in place.acts and running and place.word == "gate",
        barred=barred,
    )


def barred_from(request: HttpRequest, place: GatePlace) -> str:
    """Why this person may not decide here though they are a reviewer; "" where they may."""
    try:
        separate(place.passage.passage_id, place.row.pk, actor_of(request))
    except NotAllowed as refused:
        return refused.message
    return ""


def decisions_of(place: GatePlace) -> list[Decision]:
    """Everything that was decided here, newest first."""
    rows = Decision.objects.filter(passage=place.passage.passage_id, gate__slug=place.slug)
    rows = rows.select_related("by", "lapse", "submission__by")
    return list(
        rows.prefetch_related(
            "conditions__owner", "conditions__kept_by", "conditions__confirmed_by"
        ).order_by("-at", "-pk")
    )


def waited(submission: Submission, holds: Iterable[Hold], organisation: Organisation, at: datetime) -> int:
    """Days it has waited for a decision: those on hold and behind a lapsed gate, when nobody can decide, left out."""
    submitted_on = organisation.day_of(submission.at)
    until = submission.locked_since or organisation.day_of(at)
    periods = [Period(hold.since, hold.lifted_on) for hold in holds]
    return max(counted_days(submitted_on, until, periods) - submission.days_locked, 0)


def _shown_decision(
    request: HttpRequest,
    place: GatePlace,
    decision: Decision,
    remarks: list[Comment],
    *,
    stands: bool,
    may_confirm: bool,
) -> ShownDecision:
    """``stands``: only the conditions of the latest decision bind; ``may_confirm``: nothing bars the reviewer."""
    binding = stands and not place.initiative.has_ended
    return ShownDecision(
        decision=decision,
        word=decision_word(place.kind, decision.decision),
        conditions=[
            shown_condition(request, place, one, binding=binding, may_confirm=may_confirm)
            for one in decision.conditions.all()
        ],
        lapse=lapse_reason(decision),
        stands=stands,
        remarks=[one for one in remarks if one.by_id == decision.by_id],
    )


def _remarks(place: GatePlace, decisions: Iterable[Decision]) -> dict[datetime, list[Comment]]:
    """What was said at items of the gate in the moment of each decision: that is how they came with it. One query."""
    found: dict[datetime, list[Comment]] = {one.at: [] for one in decisions}
    rows = Comment.objects.filter(initiative=place.initiative, gate=place.slug, at__in=list(found))
    for comment in rows.exclude(item="").order_by("pk"):
        found[comment.at].append(comment)
    return found


def shown_condition(
    request: HttpRequest, place: GatePlace, condition: Condition, *, binding: bool, may_confirm: bool
) -> ShownCondition:
    state = ConditionState(condition.state)
    person = person_of(request)
    own = Relation(Act.ANSWER in place.acts, owns_condition=condition.owner_id == person.pk)
    keeps = allows(person, Act.KEEP_CONDITION, own)
    return ShownCondition(
        condition=condition,
        word=CONDITION_WORDS[state],
        overdue=state == ConditionState.OPEN and condition.due < place.today,
        may_keep=binding and keeps and state == ConditionState.OPEN,
        may_give=binding and allows(person, Act.GIVE_CONDITION, own) and state == ConditionState.OPEN,
        may_confirm=binding
        and may_confirm
        and state == ConditionState.KEPT
        and condition.kept_by_id != person.pk,
        may_reopen=binding and may_confirm and state != ConditionState.OPEN,
    )


def _waivers(place: GatePlace) -> list[GateWaiver]:
    """Those of this gate's items, in force first, then the latest to expire."""
    titles = {state.item.code: state.item.title for state in place.state.items}
    rows = Waiver.objects.filter(passage=place.passage.passage_id, item__gate=place.row)
    shown = [
        GateWaiver(one, one.item.code, titles[one.item.code], one.expires_on >= place.today)
        for one in rows.select_related("approver", "item")
    ]
    return sorted(shown, key=lambda one: (not one.in_force, -one.waiver.expires_on.toordinal()))
