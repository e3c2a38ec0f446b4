"""Initiatives to walk through time with: what people do with each of them on which day."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from checklists.models import Evidence
from gates.models import Condition, ExitCriterion, Initiative
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers, withdraw_evidence
from readiness.actions.conditions import confirm_condition, keep_condition, reopen_condition
from readiness.actions.exits import add_criterion, decide_exit
from readiness.actions.frameworks import attach_framework
from readiness.actions.gates import Promise, decide_gate, submit_gate
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.initiatives import edit_initiative
from readiness.actions.kpis import create_kpi
from readiness.actions.pieces import Piece
from readiness.actions.readings import NewReading, add_reading
from readiness.actions.stages import move_stage
from readiness.actions.waivers import grant_waiver
from readiness.audit.recording import Actor
from readiness.standing.recompute import recompute_batch
from tests.fixtures import answer_all, create, make_ready, pass_gate, person

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = date(2023, 12, 1)
"""Within the 400 days that follow lie 29 February 2024 and both changes of the clocks."""

Act = Callable[[datetime], object]


def date_of(number: int) -> date:
    return FIRST + timedelta(days=number)


def hour_of(number: int, hour: int = 0) -> datetime:
    """An hour of a day in Berlin; the day's first moment, unless another is named."""
    return datetime.combine(date_of(number), time(hour), BERLIN)


class Story:
    """One initiative, entered on day 0 by its lead, and what happens to it: ``acts`` by day."""

    def __init__(self, lead: User, reviewer: User, **facts: object) -> None:
        self.lead, self.reviewer = lead, reviewer
        self.by_lead, self.by_reviewer = Actor.person(lead), Actor.person(reviewer)
        self.one = create(lead, hour_of(0), **facts)
        self.acts: dict[int, list[Act]] = {}

    @property
    def pk(self) -> int:
        return self.one.pk

    def on(self, number: int, act: Act) -> "Story":
        self.acts.setdefault(number, []).append(act)
        return self

    def answers(self, number: int, *gates: str, answer: str = "met", framework: str = "five-gate") -> "Story":
        return self.on(
            number, lambda at: answer_all(self.one, self.lead, answer, framework, gates or None, at)
        )

    def says(self, number: int, code: str, answer: str, *pieces: Piece) -> "Story":
        change = AnswerChange(code, answer, evidence=pieces)
        return self.on(number, lambda at: record_answers(self.pk, [change], self.by_lead, at))

    def withdraws(self, number: int, code: str) -> "Story":
        def act(at: datetime) -> object:
            pieces = Evidence.objects.filter(assessment__passage__initiative=self.one, item__code=code)
            return withdraw_evidence(self.pk, pieces.latest("pk").pk, self.by_lead, at)

        return self.on(number, act)

    def passes(self, number: int, *gates: str, conditions: tuple[Promise, ...] = ()) -> "Story":
        def act(at: datetime) -> None:
            for gate in gates:
                pass_gate(self.one, gate, self.lead, self.reviewer, at, conditions)

        return self.on(number, act)

    def is_made_ready(self, number: int) -> "Story":
        return self.on(number, lambda at: make_ready(self.one, self.lead, self.reviewer, at))

    def submits(self, number: int, gate: str) -> "Story":
        return self.on(number, lambda at: submit_gate(self.pk, gate, "", self.by_lead, at))

    def is_decided(self, number: int, gate: str, decision: str) -> "Story":
        return self.on(
            number, lambda at: decide_gate(self.pk, gate, decision, "Looked.", self.by_reviewer, at)
        )

    def keeps(self, number: int, text: str) -> "Story":
        return self.on(
            number, lambda at: keep_condition(self.pk, self._condition(text), "Done.", self.by_lead, at)
        )

    def is_confirmed(self, number: int, text: str) -> "Story":
        return self.on(
            number, lambda at: confirm_condition(self.pk, self._condition(text), self.by_reviewer, at)
        )

    def is_reopened(self, number: int, text: str) -> "Story":
        return self.on(
            number, lambda at: reopen_condition(self.pk, self._condition(text), "No.", self.by_reviewer, at)
        )

    def is_waived(self, number: int, code: str, through: int) -> "Story":
        return self.on(
            number,
            lambda at: grant_waiver(self.pk, code, "Known.", date_of(through), self.by_reviewer, at),
        )

    def is_held(self, number: int, review: int) -> "Story":
        return self.on(number, lambda at: set_hold(self.pk, "A contract.", date_of(review), self.by_lead, at))

    def is_lifted(self, number: int) -> "Story":
        return self.on(number, lambda at: lift_hold(self.pk, self.by_lead, at))

    def edits(self, number: int, **facts: object) -> "Story":
        return self.on(number, lambda at: edit_initiative(self.pk, facts, self.by_lead, at))

    def moves(self, number: int, to: str, reason: str = "") -> "Story":
        return self.on(number, lambda at: move_stage(self.pk, to, self.by_lead, at, reason))

    def attaches(self, number: int, framework: str) -> "Story":
        return self.on(number, lambda at: attach_framework(self.pk, framework, self.by_lead, at))

    def speaks_of(self, number: int) -> "Story":
        """As an import leaves it: untouched, speaking of one day."""
        Initiative.objects.filter(pk=self.pk).update(as_of=date_of(number))
        recompute_batch([self.pk], hour_of(number))
        return self

    def agrees(self, number: int, decider: User, **terms: object) -> "Story":
        """On an exit criterion: use under 30."""

        def act(at: datetime) -> None:
            kpi, _ = create_kpi(self.pk, {"name": "Use", "unit": "%"}, self.by_lead, at)
            given = {"kpi": kpi.pk, "comparator": "under", "limit": 30, "decider": decider.username}
            add_criterion(self.pk, given | {"action": "rework"} | terms, self.by_lead, at)

        return self.on(number, act)

    def reads(self, number: int, value: int) -> "Story":
        def act(at: datetime) -> object:
            reading = NewReading(date_of(number), value)
            return add_reading(self.pk, self._criterion().kpi_id, reading, self.by_lead, at)

        return self.on(number, act)

    def decides(self, number: int, by: User, decision: str, **given: object) -> "Story":
        def act(at: datetime) -> object:
            taken = {"reason": "We looked at it.", **given}
            return decide_exit(self.pk, self._criterion().pk, decision, Actor.person(by), at, **taken)

        return self.on(number, act)

    def _criterion(self) -> ExitCriterion:
        return ExitCriterion.objects.get(initiative=self.one)

    def _condition(self, text: str) -> int:
        return Condition.objects.get(decision__passage__initiative=self.one, text=text).pk


def told(lead: User, reviewer: User, admin: User) -> list[Story]:
    """One for each thing that time changes: aged and expired evidence, conditions, holds, plans, submissions …"""

    def story(**facts: object) -> Story:
        return Story(lead, reviewer, **facts)

    pilot, leap_day = {"stage": "pilot"}, 90
    emil = person("emil", executive=True)
    review = Piece("link", FIRST, "Review", "https://wiki.example.com/review", "", date_of(leap_day))
    runbook = Promise("Write the runbook.", lead.username, date_of(20))
    training = Promise("Train the desk.", lead.username, date_of(50))
    return [
        story(**pilot, plan={"pilot_days": 61})
        .answers(1)
        .passes(1, "data", "architecture")
        .answers(95, "data", "adoption")
        .answers(330),
        story(**pilot)
        .says(3, "GOVN-1", "met", review)
        .answers(4, "data", "adoption")
        .withdraws(40, "DATA-3")
        .says(41, "ARCH-1", "met"),
        story(**pilot)
        .answers(2)
        .passes(3, "data", conditions=(runbook, training))
        .keeps(30, runbook.text)
        .is_confirmed(35, runbook.text)
        .is_reopened(52, runbook.text)
        .keeps(60, runbook.text)
        .keeps(60, training.text),
        story(stage="poc", plan={"poc_days": 30, "decision_on": date_of(40)})
        .is_held(10, review=15)
        .is_lifted(45)
        .is_held(70, review=75)
        .is_lifted(71)
        .is_held(200, review=300)
        .is_lifted(390),
        story(**pilot)
        .answers(1)
        .submits(4, "data")
        .is_held(9, review=39)
        .is_lifted(15)
        .answers(55)
        .is_decided(60, "data", "return")
        .submits(61, "data")
        .is_decided(62, "data", "pass")
        .submits(62, "architecture"),
        story(**pilot)
        .answers(2)
        .passes(2, "data")
        .submits(50, "architecture")
        .is_held(64, review=67)
        .is_lifted(66)
        .answers(75),
        story(stage="poc", plan={"poc_days": 45})
        .answers(3, framework="poc-checkpoints")
        .submits(10, "checkpoint-0")
        .is_decided(12, "checkpoint-0", "pass")
        .submits(20, "checkpoint-1")
        .is_decided(90, "checkpoint-1", "pass")
        .passes(91, "checkpoint-2")
        .moves(92, "pilot")
        .moves(150, "poc", "Back to the data.")
        .edits(160, plan={"poc_days": 200}),
        story(**pilot)
        .answers(1)
        .says(1, "DATA-2", "not_met")
        .is_waived(1, "DATA-2", through=55)
        .passes(1, "data"),
        story(**pilot)
        .is_made_ready(1)
        .moves(2, "rollout")
        .attaches(8, "conversational-ai")
        .answers(9, framework="conversational-ai")
        .passes(9, "conversation")
        .answers(50)
        .edits(130, plan={"rollout_days": 150})
        .answers(220),
        Story(admin, reviewer, stage="live", people={"deputy": "omar"})
        .answers(20)
        .passes(21, "data")
        .answers(140),
        # Reached on day 34 by time, on 75 for five days on hold, on 131 after a quiet time, on 176 afresh.
        story(**pilot)
        .agrees(1, emil, window_days=28)
        .reads(6, 20)
        .reads(20, 29)
        .decides(40, emil, "rework")
        .reads(42, 10)
        .is_held(50, review=60)
        .is_lifted(55)
        .reads(60, 10)
        .decides(80, emil, "go_on", expires_on=date_of(130))
        .reads(85, 10)
        .reads(110, 10)
        .decides(135, emil, "hold", review_on=date_of(140))
        .is_lifted(145)
        .reads(148, 10)
        .reads(170, 10)
        .decides(200, emil, "rework")
        .reads(205, 31),
        story(stage="poc")
        .agrees(1, emil, checkpoint="checkpoint-0")
        .reads(2, 29)
        .submits(5, "checkpoint-0")
        .decides(9, emil, "go_on", expires_on=date_of(leap_day)),
        story(stage="pilot").speaks_of(0).edits(230, name="Edited by a person"),
        story(),
    ]
