"""The what-if as it is shown: what can be supposed of each item, and where the initiative would stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gates.criteria import Blocker
from gates.rules import GateStatus
from readiness.standing.links import blocker_url, why_url
from readiness.standing.supposing import Known, Move, Supposal, best_moves, suppose
from readiness.standing.verdict import Readiness, count_in_the_way
from readiness.standing.words import ANSWER_WORDS, GATE_WORDS, VERDICT_WORDS, Word
from readiness.ui.saying import content, say
from readiness.workbench.explaining.choices import LABELS, Choices, offered


@dataclass(frozen=True, slots=True)
class Question:
    """One item of the form: what counts now, and what may be supposed of it (value, words, chosen)."""

    code: str
    title: str
    critical: bool
    now: Word
    options: list[tuple[str, Any, bool]]


@dataclass(frozen=True, slots=True)
class GateQuestions:
    slug: str
    name: str
    status: Word
    passed: bool
    supposed_passed: bool
    questions: list[Question]
    open: bool


@dataclass(frozen=True, slots=True)
class ShownMove:
    """One more answer that would move it: the item, what is supposed of it, what that would do, and the address."""

    code: str
    title: str
    supposed: Any
    does: list[str]
    url: str


@dataclass(frozen=True, slots=True)
class ShownSupposed:
    """Where it stands and where it would stand. ``counts``: chosen items that count for less than was supposed."""

    now: Readiness
    then: Readiness
    verdict_now: Word
    verdict_then: Word
    gates: list[tuple[str, Word, Word]]
    in_the_way: int
    gone: int
    blockers: list[tuple[str, str]]
    counts: list[tuple[str, str]]
    refused: list[str]
    moves: list[ShownMove]

    @property
    def turns(self) -> bool:
        return self.now.verdict != self.then.verdict

    @property
    def more_met(self) -> int:
        return self.then.tally.met - self.now.tally.met


def questions(known: Known, now: Readiness, choices: Choices) -> list[GateQuestions]:
    """The form, gate by gate; open where something is chosen, else at the first gate that is not passed."""
    chosen_in = {
        gate.gate.slug
        for gate in now.gates
        if gate.gate.slug in choices.passed or any(one.item.code in choices.answers for one in gate.items)
    }
    first = {next((gate.gate.slug for gate in now.gates if not gate.passed), now.gates[0].gate.slug)}
    return [
        GateQuestions(
            slug=gate.gate.slug,
            name=content(gate.gate.name),
            status=GATE_WORDS[gate.status or GateStatus.OPEN],
            passed=gate.passed,
            supposed_passed=gate.gate.slug in choices.passed,
            questions=[
                Question(
                    code=one.item.code,
                    title=content(one.item.title),
                    critical=one.item.critical,
                    now=ANSWER_WORDS[one.effective.value],
                    options=[
                        (option.value, LABELS[option], choices.answers.get(one.item.code) == option)
                        for option in offered(one.item)
                    ],
                )
                for one in gate.items
            ],
            open=gate.gate.slug in (chosen_in or first),
        )
        for gate in now.gates
    ]


def shown_supposed(ref: str, known: Known, now: Readiness, choices: Choices) -> ShownSupposed:
    """Where it would stand under these choices, and which further single answers would move it most."""
    found = suppose(known, choices.answers, choices.passed)
    then = found.readiness
    before = {gate.gate.slug: gate.status for gate in now.gates}
    return ShownSupposed(
        now=now,
        then=then,
        verdict_now=VERDICT_WORDS[now.verdict],
        verdict_then=VERDICT_WORDS[then.verdict],
        gates=[
            (content(gate.gate.name), GATE_WORDS[was], GATE_WORDS[gate.status])
            for gate in then.gates
            if gate.status is not None and (was := before[gate.gate.slug]) is not None and was != gate.status
        ],
        in_the_way=count_in_the_way(then.blockers),
        gone=count_in_the_way(now.blockers) - count_in_the_way(then.blockers),
        blockers=[(say(one.message), _url(ref, one)) for one in then.blockers],
        counts=_counts(then, choices.answers),
        refused=[say(refusal.message) for refusal in found.refused.values()],
        moves=[
            _move(ref, move, then, choices) for move in best_moves(known, choices.answers, choices.passed)
        ],
    )


def _url(ref: str, blocker: Blocker) -> str:
    return blocker_url(ref, {"code": blocker.code, "gate": blocker.gate, "item": blocker.item})


def _counts(then: Readiness, answers: Mapping[str, Supposal]) -> list[tuple[str, str]]:
    return [
        (one.item.code, say(one.effective.why))
        for gate in then.gates
        for one in gate.items
        if one.item.code in answers and one.effective.value != one.declared and one.effective.why
    ]


def _move(ref: str, move: Move, then: Readiness, choices: Choices) -> ShownMove:
    items = {one.item.code: one.item for gate in then.gates for one in gate.items}
    names = {gate.gate.slug: content(gate.gate.name) for gate in then.gates}
    does = []
    if move.turns_verdict:
        does.append(_("turns the verdict to %(verdict)s") % {"verdict": VERDICT_WORDS[move.verdict].label})
    if move.opens:
        does.append(_("%(gate)s can be submitted") % {"gate": names[move.opens]})
    if move.reaches_threshold:
        does.append(_("%(needed)s are met") % {"needed": then.required_met})
    if not does:
        does.append(_("one more is met"))
    return ShownMove(
        code=move.item,
        title=content(items[move.item].title),
        supposed=LABELS[move.supposal],
        does=does,
        url=f"{why_url(ref)}{choices.query(**{move.item: move.supposal})}#what-if",
    )
