"""The questions that a figure of the portfolio and a list of initiatives share: asked in one place, their counts agree.

Each takes initiatives and returns those of them that the question is about, from stored columns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import reduce
from operator import or_

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from gates.models import ExitTrigger, Submission
from gates.querysets import InitiativeQuerySet, normalised
from gates.stages import Stage
from readiness.accounts.models import User
from readiness.accounts.policy import Act, allows
from readiness.standing.bars import barred_at
from readiness.standing.models import FOUND_CAUSE, MAY_MOVE, Flag, Severity, Standing
from readiness.ui.lazily import gettext_lazy as _

UNITS_OFFERED = 200
UNIT_MAX = 200


class State(StrEnum):
    """What a list may be asked for; the value is what stands in its address."""

    MINE = "mine"
    FOR_ME = "for_me"
    RUNNING = "running"
    BEFORE_LIVE = "before_live"
    PAST_INTAKE = "past_intake"
    STALLED = "stalled"
    EXIT_TO_DECIDE = "exit_to_decide"
    WAITING = "waiting"
    FREE_TO_MOVE = "free_to_move"
    FAR_BEYOND_PLAN = "far_beyond_plan"
    HOLD_TO_REVIEW = "hold_to_review"
    ON_HOLD = "on_hold"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    State.MINE: _("Running on my teams"),
    State.FOR_ME: _("Waiting for my decision"),
    State.RUNNING: _("Running"),
    State.BEFORE_LIVE: _("Running, not yet live"),
    State.PAST_INTAKE: _("Past intake"),
    State.STALLED: _("Stalled"),
    State.EXIT_TO_DECIDE: _("Exit criterion reached"),
    State.WAITING: _("Waiting for a reviewer"),
    State.FREE_TO_MOVE: _("Free to move on"),
    State.FAR_BEYOND_PLAN: _("Far beyond the plan"),
    State.HOLD_TO_REVIEW: _("Hold past its review"),
    State.ON_HOLD: _("On hold"),
    State.ENDED: _("Ended"),
}


def in_state(rows: InitiativeQuerySet, state: State, user: User) -> InitiativeQuerySet:
    if state == State.MINE:
        return rows.on_team_of(user).running()
    if state == State.FOR_ME:
        return waiting_for(rows, user)
    return _QUESTIONS[state](rows)


def waiting_submissions(rows: InitiativeQuerySet) -> QuerySet[Submission]:
    """What a reviewer could decide now: of running initiatives, and not behind a lapsed gate."""
    return Submission.objects.filter(
        decided_at__isnull=True, locked_since__isnull=True, passage__initiative__in=rows.running()
    )


def waiting_for(rows: InitiativeQuerySet, person: User) -> InitiativeQuerySet:
    """Those that wait for what this very person may decide today, as the table of rights says it.

    A submission that separation of duties leaves to them; an exit criterion that was reached, as an executive or as the
    one who was named; and as an executive, or on the team, to move on, to lift a hold past its review, and to go on or
    stop far beyond the plan. None to five queries beside its own, by the roles of the person.
    """
    return own_decisions(rows, person).initiatives


@dataclass(frozen=True, slots=True)
class Own:
    """What waits for one person: of each kind of decision the initiatives, of reviews the ``submissions`` as well.

    ``rows`` are those that were asked about. A kind that is missing in ``kinds`` is nothing that they decide.
    ``person``: their primary key, None where it is nobody's.
    """

    rows: InitiativeQuerySet
    kinds: Mapping[State, Q]
    submissions: Mapping[int, int]
    person: int | None = None

    @property
    def initiatives(self) -> InitiativeQuerySet:
        found = reduce(or_, self.kinds.values(), Q())
        return self.rows.filter(found) if found else self.rows.none()

    def first(self, kind: State) -> Case:
        """To order by, and to mark: 0 for what is theirs, 1 for the rest."""
        kinds = self.kinds.get(kind)
        return Case(When(kinds, then=0), default=1) if kinds else Case(default=1)


def own_decisions(rows: InitiativeQuerySet, person: User) -> Own:
    """By kind of decision; see ``waiting_for``. None to five queries."""
    kinds: dict[State, Q] = {}
    submissions = _submitted_to(rows, person) if person.is_reviewer else {}
    if submissions:
        kinds[State.WAITING] = Q(pk__in=set(submissions.values()))
    team = None if person.is_auditor else rows.on_team_of(person)
    if allows(person, Act.DECIDE_EXIT):
        kinds[State.EXIT_TO_DECIDE] = _in(exits_to_decide(rows))
    elif team is not None:
        named = open_exits().filter(criterion__decider=person.pk)
        kinds[State.EXIT_TO_DECIDE] = _in(rows.running().filter(Exists(named)))
    for kind, (act, question) in _DECISIONS.items():
        of_them = rows if allows(person, act) else team
        if of_them is not None:
            kinds[kind] = _in(question(of_them))
    return Own(rows, kinds, submissions, person.pk)


def to_decide(rows: InitiativeQuerySet) -> InitiativeQuerySet:
    """Those on which a decision is due, whoever takes it."""
    kinds = (exits_to_decide, awaiting_review, *(question for _act, question in _DECISIONS.values()))
    return rows.filter(reduce(or_, (_in(question(rows)) for question in kinds)))


def _in(rows: InitiativeQuerySet) -> Q:
    return Q(pk__in=rows.order_by().values("pk"))


def _submitted_to(rows: InitiativeQuerySet, person: User) -> dict[int, int]:
    """The submissions that nothing bars this reviewer from deciding, each with its initiative; five queries."""
    waiting = waiting_submissions(rows).order_by()
    found = list(waiting.values_list("pk", "passage", "gate", "passage__initiative"))
    barred = barred_at(person, {(passage, gate) for _, passage, gate, _ in found})
    return {key: initiative for key, passage, gate, initiative in found if not barred[passage, gate]}


def past_intake(rows: InitiativeQuerySet) -> InitiativeQuerySet:
    """Those under way: in PoC, pilot, rollout or live."""
    return rows.running().exclude(stage=Stage.INTAKE.value)


def awaiting_review(rows: InitiativeQuerySet) -> InitiativeQuerySet:
    """Those with a submission that waits for a decision."""
    waiting = Submission.objects.filter(
        decided_at__isnull=True, locked_since__isnull=True, passage__initiative=OuterRef("pk")
    )
    return rows.running().filter(Exists(waiting))


def open_exits(first: int | None = None) -> QuerySet[ExitTrigger]:
    """Of each initiative the exit criteria that were reached and wait for a decision, the oldest first.

    ``first``: before them those that this person was named to decide.
    """
    waiting = ExitTrigger.objects.filter(criterion__initiative=OuterRef("pk"), decided_at__isnull=True)
    if first is None:
        return waiting.order_by("on", "pk")
    return waiting.order_by(Case(When(criterion__decider=first, then=0), default=1), "on", "pk")


def exits_to_decide(rows: InitiativeQuerySet) -> InitiativeQuerySet:
    """Those of which an exit criterion was reached and nobody has decided."""
    return rows.running().filter(Exists(open_exits()))


def free_to_move(rows: InitiativeQuerySet) -> InitiativeQuerySet:
    """Those whose next step is a stage move that nothing stands in the way of."""
    return rows.running().filter(Exists(Standing.objects.filter(MAY_MOVE, initiative=OuterRef("pk"))))


def holds_to_review(rows: InitiativeQuerySet) -> InitiativeQuerySet:
    """Those on hold past the day on which the hold was to be looked at again."""
    return flagged(rows, "hold_expired")


def not_snoozed(rows: InitiativeQuerySet, code: str, today: date) -> InitiativeQuerySet:
    """Those but where this flag is open and was put off until today or later."""
    return rows.exclude(Exists(_open_flags().filter(code=code, snoozed_until__gte=today)))


def far_beyond_plan(rows: InitiativeQuerySet) -> InitiativeQuerySet:
    """Those so much longer in their stage than planned that it is critical: to go on or to stop is a decision."""
    return rows.filter(Exists(_open_flags().filter(code="stage_overrun", severity=Severity.CRITICAL.value)))


def flagged(rows: InitiativeQuerySet, code: str) -> InitiativeQuerySet:
    """Those on which this flag is open."""
    return rows.filter(Exists(_open_flags().filter(code=code)))


def held_up_by(rows: InitiativeQuerySet, root_cause: str) -> InitiativeQuerySet:
    """Those on which a flag of this root cause is open: confirmed by a person, else suspected."""
    return rows.filter(Exists(_open_flags().annotate(found_cause=FOUND_CAUSE).filter(found_cause=root_cause)))


def units_of(visible: InitiativeQuerySet, asked: str) -> tuple[list[tuple[str, str]], str]:
    """The units to choose from, and the key of the one that is asked for ("" for all).

    However many units there are, only so many are offered; what is asked for is among them in any case.
    """
    asked = asked.replace("\x00", "")[:UNIT_MAX]
    unit = normalised(asked)
    units = visible.units()
    offered = units[:UNITS_OFFERED]
    if unit and unit not in dict(offered):
        offered.append((unit, dict(units).get(unit, asked)))
    return offered, unit


def _open_flags() -> QuerySet[Flag]:
    return Flag.objects.filter(initiative=OuterRef("pk"), resolved_at__isnull=True)


_DECISIONS: Mapping[State, tuple[Act, Callable[[InitiativeQuerySet], InitiativeQuerySet]]] = {
    State.FREE_TO_MOVE: (Act.MOVE_STAGE, free_to_move),
    State.HOLD_TO_REVIEW: (Act.HOLD, holds_to_review),
    State.FAR_BEYOND_PLAN: (Act.STOP, far_beyond_plan),
}
"""What executives decide about every initiative, and a team about its own."""

_QUESTIONS: Mapping[State, Callable[[InitiativeQuerySet], InitiativeQuerySet]] = {
    State.RUNNING: lambda rows: rows.running(),
    State.BEFORE_LIVE: lambda rows: rows.running().exclude(stage=Stage.LIVE.value),
    State.PAST_INTAKE: past_intake,
    State.STALLED: lambda rows: rows.stalled(),
    State.EXIT_TO_DECIDE: exits_to_decide,
    State.WAITING: awaiting_review,
    State.FREE_TO_MOVE: free_to_move,
    State.FAR_BEYOND_PLAN: far_beyond_plan,
    State.HOLD_TO_REVIEW: holds_to_review,
    State.ON_HOLD: lambda rows: rows.filter(hold__isnull=False),
    State.ENDED: lambda rows: rows.exclude(pk__in=rows.running()),
}
