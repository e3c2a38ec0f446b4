"""The page of one gate: where it stands and why, what was submitted, what was decided, what was promised."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from gates.models import Condition, Decision, Hold, Submission, Waiver
from gates.rules import ConditionState
from readiness.accounts.policy import Act, Relation, allows
from readiness.actions.errors import NotAllowed
from readiness.actions.separation import separate
from readiness.standing.flags.calendar import counted_days
from readiness.standing.flags.facts import Period
from readiness.standing.links import gate_url
from readiness.standing.words import Word
from readiness.workbench.checklists.page import GateView, gate_view
from readiness.workbench.checklists.places import GatePlace, header_at, track_label
from readiness.workbench.checklists.words import CONDITION_WORDS, decision_word
from readiness.workbench.finding import actor_of
from readiness.workbench.header import Header


@dataclass(frozen=True, slots=True)
class ShownCondition:
    """One promise; the three flags say which of its acts this person may do now."""

    condition: Condition
    word: Word
    overdue: bool
    may_keep: bool = False
    may_confirm: bool = False
    may_reopen: bool = False


@dataclass(frozen=True, slots=True)
class ShownDecision:
    decision: Decision
    word: Word
    conditions: list[ShownCondition]
    lapse: str
    stands: bool


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
    def standing(self) -> ShownDecision | None:
        """The decision that stands: the latest."""
        return self.decisions[0] if self.decisions else None


def gate_page(request: HttpRequest, place: GatePlace) -> GatePage:
    gate = gate_view(place)
    running = not place.initiative.has_ended
    may_review = Act.DECIDE in place.acts and running
    barred = barred_from(request, place) if may_review else ""
    decisions = decisions_of(place)
    waiting = gate.waiting
    return GatePage(
        place=place,
        header=header_at(place, gate_url, crumb=place.row.name),
        track_label=track_label(place),
        gate=gate,
        waiting_days=waited(waiting, place.initiative.holds.all(), place.today) if waiting else None,
        decisions=[
            _shown_decision(request, place, one, number == 0, may_review and not barred)
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
        separate(place.passage.passage_id, place.passage.assessment_id, place.row.pk, actor_of(request))
    except NotAllowed as refused:
        return refused.message
    return ""


def decisions_of(place: GatePlace) -> list[Decision]:
    """Everything that was decided here, newest first."""
    rows = Decision.objects.filter(passage=place.passage.passage_id, gate=place.row)
    rows = rows.select_related("by", "lapse", "submission__by")
    return list(
        rows.prefetch_related(
            "conditions__owner", "conditions__kept_by", "conditions__confirmed_by"
        ).order_by("-at", "-pk")
    )


def waited(submission: Submission, holds: Iterable[Hold], today: date) -> int:
    """Days that count: on hold or behind a lapsed gate nobody can decide."""
    submitted_on = submission.at.astimezone(_zone(submission)).date()
    until = submission.locked_since or today
    periods = [Period(hold.since, hold.lifted_on) for hold in holds]
    return max(counted_days(submitted_on, until, periods) - submission.days_locked, 0)
