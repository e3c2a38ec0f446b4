"""Plays out stories: each thing done is a real act, at its own day and hour, in the order of time.

Days are counted backwards from today (``ago``), so that the history ends today whenever it is played. Time also
passes without acts: after each day what is due is recomputed, as the workers would have done.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from checklists.models import Evidence, Item
from gates.models import Condition, Initiative
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers, withdraw_evidence
from readiness.actions.conditions import confirm_condition, keep_condition
from readiness.actions.errors import Refused
from readiness.actions.frameworks import attach_framework
from readiness.actions.gates import Promise, decide_gate, submit_gate
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.initiatives import create_initiative, edit_initiative
from readiness.actions.material_changes import declare_material_change
from readiness.actions.people import deactivate_person
from readiness.actions.pieces import Piece
from readiness.actions.stages import move_stage
from readiness.actions.waivers import grant_waiver
from readiness.audit.recording import Actor
from readiness.demo.cast import REVIEWERS
from readiness.demo.papers import evidence_title, note_for
from readiness.standing import sweeping

WORKING_HOURS = (8, 17)
MET, PARTIAL, NOT_MET = "met", "partial", "not_met"


@dataclass(frozen=True, slots=True)
class Scene:
    """One act: when, and what is done then."""

    at: datetime
    number: int
    do: Callable[[datetime], object]
    story: str


class Stage:
    """Where all stories play: the clock, the people, and the scenes collected so far."""

    def __init__(self, now: datetime, zone: Any, seed: int) -> None:
        self.now = now
        self.zone = zone
        self.today = now.astimezone(zone).date()
        self.random = random.Random(seed)  # noqa: S311 (a repeatable story, not a secret)
        self.scenes: list[Scene] = []
        self.people = {user.username: user for user in User.objects.all()}
        self.items: dict[str, list[Item]] = {}
        for item in Item.objects.select_related("gate").order_by("gate__position", "position"):
            self.items.setdefault(item.gate.slug, []).append(item)

    def actor(self, username: str) -> Actor:
        return Actor.person(self.people[username])

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def moment(self, ago: int) -> datetime:
        """Some moment of the working hours of that day, never later than now."""
        hour, minute = self.random.randint(*WORKING_HOURS), self.random.randint(0, 59)
        at = datetime.combine(self.day(ago), time(hour, minute), tzinfo=self.zone)
        return min(at, self.now - timedelta(minutes=self.random.randint(1, 55)))

    def add(self, ago: int, do: Callable[[datetime], object], story: str) -> None:
        self.scenes.append(Scene(self.moment(ago), len(self.scenes), do, f"{story}, {ago} days ago"))

    def play(self) -> None:
        """Carry out every scene in the order of time; what is due is recomputed at the end of each day."""
        day: date | None = None
        last = datetime.min.replace(tzinfo=self.zone)
        for scene in sorted(self.scenes, key=lambda one: (one.at.astimezone(self.zone).date(), one.number)):
            scene_day = scene.at.astimezone(self.zone).date()
            while day is not None and day < scene_day:
                day += timedelta(days=1)
                sweeping.recompute_due(datetime.combine(day, time(1, 2), tzinfo=self.zone))
            day = scene_day
            # Of two scenes of one day the later told is the later done.
            last = max(scene.at, last + timedelta(seconds=1))
            try:
                scene.do(last)
            except Refused as refused:
                raise RuntimeError(f"The story of {scene.story} cannot be told: {refused}") from refused
        while day is not None and day < self.today:
            day += timedelta(days=1)
            sweeping.recompute_due(datetime.combine(day, time(0, 1), tzinfo=self.zone))


class Story:
    """One initiative's history, told in acts; ``ago`` is always in days before today."""

    def __init__(self, stage: Stage, lead: str, reviewer: str | None = None) -> None:
        self.stage = stage
        self.lead = lead
        self.reviewer = reviewer or stage.random.choice(REVIEWERS)
        self.name = ""
        self._initiative: Initiative | None = None

    @property
    def initiative(self) -> Initiative:
        if self._initiative is None:
            raise RuntimeError("A story begins with its creation.")
        return self._initiative

    def create(self, ago: int, **facts: Any) -> "Story":
        def do(at: datetime) -> None:
            self._initiative, _ = create_initiative(facts, self.stage.actor(self.lead), at)

        self.name = facts["name"]
        return self._act(ago, do)

    def edit(self, ago: int, **facts: Any) -> "Story":
        return self._act(ago, lambda at: edit_initiative(self.initiative.pk, facts, self._lead(), at))

    def answer(
        self, ago: int, gate: str, but: Mapping[str, str] | None = None, evidence_ago: int | None = None
    ) -> "Story":
        """Answer a gate: Met with fresh evidence, ``but`` for some items; the value "" leaves one out."""
        return self._act(
            ago,
            lambda at: self._answer(
                at, self.stage.items[gate], but or {}, ago if evidence_ago is None else evidence_ago
            ),
        )

    def say(self, ago: int, **answers: str) -> "Story":
        """Answer single items, written with an underscore: ``DATA_1="partial"``."""
        codes = {code.replace("_", "-"): value for code, value in answers.items()}
        items = [item for group in self.stage.items.values() for item in group if item.code in codes]
        return self._act(ago, lambda at: self._answer(at, items, codes, ago))

    def renew(self, ago: int, gates: Sequence[str], until: int = 0, every: int = 45) -> "Story":
        """Renew the evidence of gates again and again, from a day on until another."""
        while ago > until:
            self._act(ago, partial(self._renew, gates=gates, ago=ago))
            ago -= every
        return self

    def submit(self, ago: int, gate: str, note: str = "") -> "Story":
        return self._act(ago, lambda at: submit_gate(self.initiative.pk, gate, note, self._lead(), at))

    def decide(
        self,
        ago: int,
        gate: str,
        decision: str = "pass",
        rationale: str = "",
        conditions: Sequence[tuple[str, str, int]] = (),
        lesson: Mapping[str, Any] | None = None,
        hold: tuple[str, int] | None = None,
    ) -> "Story":
        """``conditions``: text, owner, due (days ago, negative for days to come); ``hold``: reason, review in days."""
        promises = [Promise(text, owner, self.stage.day(due)) for text, owner, due in conditions]
        on_hold = {"reason": hold[0], "review_on": self.stage.day(ago - hold[1])} if hold else None
        reviewer = self.stage.actor(self.reviewer)
        words = rationale or self.stage.random.choice(RATIONALES[decision])
        return self._act(
            ago,
            lambda at: decide_gate(
                self.initiative.pk,
                gate,
                decision,
                words,
                reviewer,
                at,
                promises,
                lesson,
                on_hold,
            ),
        )

    def passes(self, ago: int, gate: str, but: Mapping[str, str] | None = None, days: int = 6) -> "Story":
        """Answer a gate, submit it, and have it passed on that day; the work before takes some days."""
        self.answer(ago + 2 * days, gate, but)
        return self.submit(ago + days, gate).decide(ago, gate)

    def move(self, ago: int, to: str, reason: str = "", lesson: Mapping[str, Any] | None = None) -> "Story":
        return self._act(ago, lambda at: move_stage(self.initiative.pk, to, self._lead(), at, reason, lesson))

    def hold(self, ago: int, reason: str, review_in: int) -> "Story":
        review_on = self.stage.day(ago - review_in)
        return self._act(ago, lambda at: set_hold(self.initiative.pk, reason, review_on, self._lead(), at))

    def lift(self, ago: int) -> "Story":
        return self._act(ago, lambda at: lift_hold(self.initiative.pk, self._lead(), at))

    def waive(self, ago: int, item: str, reason: str, expires_in: int) -> "Story":
        expires_on = self.stage.day(ago - expires_in)
        reviewer = self.stage.actor(self.reviewer)
        return self._act(
            ago, lambda at: grant_waiver(self.initiative.pk, item, reason, expires_on, reviewer, at)
        )

    def change(self, ago: int, kind: str, note: str, *gates: str) -> "Story":
        return self._act(
            ago, lambda at: declare_material_change(self.initiative.pk, kind, note, gates, self._lead(), at)
        )

    def keep(self, ago: int, note: str, *, confirmed: int | None = None) -> "Story":
        """Say that every open condition is kept; ``confirmed`` is the day a reviewer agreed."""

        def keep(at: datetime) -> None:
            for pk in self._conditions("open"):
                keep_condition(self.initiative.pk, pk, note, self._lead(), at)

        def confirm(at: datetime) -> None:
            for pk in self._conditions("kept"):
                confirm_condition(self.initiative.pk, pk, self.stage.actor(self.reviewer), at)

        self._act(ago, keep)
        if confirmed is not None:
            self._act(confirmed, confirm)
        return self

    def withdraw(self, ago: int, code: str) -> "Story":
        """Withdraw the newest evidence of an item."""

        def do(at: datetime) -> None:
            pieces = Evidence.objects.filter(assessment__passage__initiative=self.initiative, item__code=code)
            newest = pieces.filter(withdrawn_at__isnull=True).order_by("-effective_on", "-pk").first()
            if newest is not None:
                withdraw_evidence(self.initiative.pk, newest.pk, self._lead(), at)

        return self._act(ago, do)

    def attach(self, ago: int, framework: str) -> "Story":
        return self._act(ago, lambda at: attach_framework(self.initiative.pk, framework, self._lead(), at))

    def leaves(self, ago: int, username: str) -> "Story":
        """Somebody leaves the company."""
        return self._act(ago, lambda at: deactivate_person(username, self.stage.actor("ada"), at))

    def _act(self, ago: int, do: Callable[[datetime], object]) -> "Story":
        self.stage.add(ago, do, self.name)
        return self

    def _lead(self) -> Actor:
        return self.stage.actor(self.lead)

    def _conditions(self, state: str) -> list[int]:
        found = Condition.objects.filter(decision__passage__initiative=self.initiative, state=state)
        return list(found.values_list("pk", flat=True))

    def _answer(
        self, at: datetime, items: Sequence[Item], values: Mapping[str, str], evidence_ago: int
    ) -> None:
        changes = []
        for item in items:
            value = values.get(item.code, MET)
            if value:
                pieces = (self._piece(item, evidence_ago),) if value == MET and item.example_evidence else ()
                note = note_for(item.code, value) if value != MET else None
                changes.append(AnswerChange(item.code, value, note, pieces))
        record_answers(self.initiative.pk, changes, self._lead(), at)

    def _renew(self, at: datetime, gates: Sequence[str], ago: int) -> None:
        """New evidence for every item of these gates that is declared Met."""
        declared = {
            answer.item_id
            for passage in self.initiative.passages.all()
            for answer in passage.assessment.answers.filter(declared=MET)
        }
        items = [item for gate in gates for item in self.stage.items[gate] if item.pk in declared]
        changes = [
            AnswerChange(item.code, evidence=(self._piece(item, ago),))
            for item in items
            if item.example_evidence
        ]
        if changes and not Initiative.objects.get(pk=self.initiative.pk).has_ended:
            record_answers(self.initiative.pk, changes, self._lead(), at)

    def _piece(self, item: Item, ago: int) -> Piece:
        day = self.stage.day(ago + self.stage.random.randint(0, 2))
        title = evidence_title(item.code)
        return Piece(
            "link", day, title, f"https://wiki.alderfinch.example/{item.code.lower()}/{day:%Y-%m-%d}"
        )


RATIONALES = {
    "pass": (
        "Evidence is fresh and shows what it should. Spot checks agree with the answers.",
        "All critical points hold; what is partial is minor and owned.",
        "Looked at the report behind each critical item. It holds.",
        "Good work. Numbers come from live operation, not from the lab.",
    ),
    "pass_with_conditions": (
        "It holds, with one promise that has to be kept before the rollout grows.",
        "Enough to go on; the open point is named as a condition.",
    ),
    "return": (
        "The evidence shows an extract, not the live flow. Please measure on production input and come back.",
        "The owner of two sources did not agree to the limits. Settle that first.",
    ),
    "stop": ("The agreed limit was not reached and there is no plan that closes the distance.",),
}
