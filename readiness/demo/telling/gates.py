"""Acts on checklists, gates and stages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Self

from checklists.models import Evidence, Item
from gates.models import Condition, Initiative
from readiness.actions.answers import AnswerChange, record_answers, withdraw_evidence
from readiness.actions.conditions import confirm_condition, keep_condition
from readiness.actions.frameworks import attach_framework
from readiness.actions.gates import Promise, decide_gate, submit_gate
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.material_changes import declare_material_change
from readiness.actions.pieces import Piece
from readiness.actions.stages import move_stage
from readiness.actions.waivers import grant_waiver
from readiness.demo.papers import RATIONALES, evidence_title, note_for
from readiness.demo.telling.teller import Teller

MET, PARTIAL, NOT_MET = "met", "partial", "not_met"
RENEWED_EVERY = 40
"""Days between two renewals: what may be 60 days old never comes near its end."""
NOTICE = 15
"""Days before its end by which a piece is renewed."""


class GateActs(Teller):
    def answer(
        self, ago: int, gate: str, but: Mapping[str, str] | None = None, evidence_ago: int | None = None
    ) -> Self:
        """Answer a gate: Met with fresh evidence, ``but`` for some items; the value "" leaves one out."""
        evidence_ago = ago if evidence_ago is None else evidence_ago
        return self.act(ago, lambda at: self._answer(at, self.stage.items[gate], but or {}, evidence_ago))

    def say(self, ago: int, **answers: str) -> Self:
        """Answer single items, written with an underscore: ``DATA_1="partial"``."""
        codes = {code.replace("_", "-"): value for code, value in answers.items()}
        items = [item for group in self.stage.items.values() for item in group if item.code in codes]
        return self.act(ago, lambda at: self._answer(at, items, codes, ago))

    def renew(self, ago: int, gates: Sequence[str], until: int = 0) -> Self:
        """Renew the evidence of gates again and again, from a day on until another, each item as often as it needs."""
        for round_, day in enumerate(range(ago, until, -RENEWED_EVERY)):
            self.act(day, partial(self._renew, gates=gates, ago=day, round_=round_))
        return self

    def submit(self, ago: int, gate: str, note: str = "") -> Self:
        return self.act(ago, lambda at: submit_gate(self.pk, gate, note, self.leading(), at))

    def decide(
        self,
        ago: int,
        gate: str,
        decision: str = "pass",
        rationale: str = "",
        conditions: Sequence[tuple[str, str, int]] = (),
        lesson: Mapping[str, Any] | None = None,
        hold: tuple[str, int] | None = None,
    ) -> Self:
        """``conditions``: text, owner, due (days ago, negative for days to come); ``hold``: reason, review in days."""
        promises = [Promise(text, owner, self.stage.day(due)) for text, owner, due in conditions]
        on_hold = {"reason": hold[0], "review_on": self.stage.day(ago - hold[1])} if hold else None
        reviewer = self.actor(self.reviewer)
        words = rationale or self.stage.random.choice(RATIONALES[decision])
        return self.act(
            ago,
            lambda at: decide_gate(
                self.pk, gate, decision, words, reviewer, at, promises, lesson, on_hold
            ),
        )  # fmt: skip

    def passes(self, ago: int, gate: str, but: Mapping[str, str] | None = None, days: int = 6) -> Self:
        """Answer a gate, submit it, and have it passed on that day; the work before takes some days."""
        self.answer(ago + 2 * days, gate, but)
        return self.submit(ago + days, gate).decide(ago, gate)

    def move(
        self,
        ago: int,
        to: str,
        reason: str = "",
        lesson: Mapping[str, Any] | None = None,
        over_limit: str = "",
    ) -> Self:
        """``over_limit``: why it enters although the parallel limit is reached."""
        return self.act(
            ago,
            lambda at: move_stage(self.pk, to, self.leading(), at, reason, lesson, over_limit=over_limit),
        )

    def hold(self, ago: int, reason: str, review_in: int) -> Self:
        review_on = self.stage.day(ago - review_in)
        return self.act(ago, lambda at: set_hold(self.pk, reason, review_on, self.leading(), at))

    def lift(self, ago: int) -> Self:
        return self.act(ago, lambda at: lift_hold(self.pk, self.leading(), at))

    def waive(self, ago: int, item: str, reason: str, expires_in: int) -> Self:
        expires_on, reviewer = self.stage.day(ago - expires_in), self.actor(self.reviewer)
        return self.act(ago, lambda at: grant_waiver(self.pk, item, reason, expires_on, reviewer, at))

    def change(self, ago: int, kind: str, note: str, *gates: str) -> Self:
        return self.act(
            ago, lambda at: declare_material_change(self.pk, kind, note, gates, self.leading(), at)
        )

    def keep(self, ago: int, note: str, *, confirmed: int | None = None) -> Self:
        """Say that every open condition is kept; ``confirmed`` is the day a reviewer agreed."""

        def keep(at: datetime) -> None:
            for key in self._conditions("open"):
                keep_condition(self.pk, key, note, self.leading(), at)

        def confirm(at: datetime) -> None:
            for key in self._conditions("kept"):
                confirm_condition(self.pk, key, self.actor(self.reviewer), at)

        self.act(ago, keep)
        return self if confirmed is None else self.act(confirmed, confirm)

    def withdraw(self, ago: int, code: str) -> Self:
        """Withdraw the newest evidence of an item."""

        def do(at: datetime) -> None:
            pieces = Evidence.objects.filter(assessment__passage__initiative=self.initiative, item__code=code)
            newest = pieces.filter(withdrawn_at__isnull=True).order_by("-effective_on", "-pk").first()
            if newest is not None:
                withdraw_evidence(self.pk, newest.pk, self.leading(), at)

        return self.act(ago, do)

    def attach(self, ago: int, framework: str) -> Self:
        return self.act(ago, lambda at: attach_framework(self.pk, framework, self.leading(), at))

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
        record_answers(self.pk, changes, self.leading(), at)

    def _renew(self, at: datetime, gates: Sequence[str], ago: int, round_: int) -> None:
        """New evidence for the items of these gates that are declared Met and whose turn it is."""
        declared = {
            answer.item_id
            for passage in self.initiative.passages.all()
            for answer in passage.assessment.answers.filter(declared=MET)
        }
        changes = [
            AnswerChange(item.code, evidence=(self._piece(item, ago),))
            for gate in gates
            for item in self.stage.items[gate]
            if item.pk in declared and _has_its_turn(item, round_)
        ]
        if changes and not Initiative.objects.get(pk=self.pk).has_ended:
            record_answers(self.pk, changes, self.leading(), at)

    def _piece(self, item: Item, ago: int) -> Piece:
        day = self.stage.day(ago + self.stage.random.randint(0, 2))
        title = evidence_title(item.code)
        return Piece(
            "link", day, title, f"https://wiki.alderfinch.example/{item.code.lower()}/{day:%Y-%m-%d}"
        )


def _has_its_turn(item: Item, round_: int) -> bool:
    """Whether the evidence of an item is due in this round: in the first, then as often as its age asks for."""
    if item.evidence_max_age_days is None:
        return False
    return round_ % max((item.evidence_max_age_days - NOTICE) // RENEWED_EVERY, 1) == 0
