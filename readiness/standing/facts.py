"""What is known of an initiative: what the rules ask, as rows and as the pure rules take it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from checklists.models import Answer, Evidence
from checklists.scoring import AnswerValue, ItemDefinition, ItemFacts, item_state
from gates.definitions import LoadedFramework
from gates.models import (
    Amendment,
    Decision,
    ExitCriterion,
    ExitTrigger,
    Hold,
    Initiative,
    Kpi,
    Passage,
    Roadmap,
    Stakeholder,
    Submission,
    TeamRole,
    Waiver,
)
from gates.promises import Measured
from gates.rules import Condition, ConditionState, DecisionKind, GateFacts
from gates.rules import Submission as WaitingSubmission
from gates.rules import Waiver as WaiverFacts
from readiness.standing.forecast import Level


@dataclass(slots=True)
class PassageFacts:
    """One framework of one initiative: its answers, evidence and what was decided, by row or item code."""

    framework: LoadedFramework
    passage_id: int
    assessment_id: int
    answers: dict[str, Answer] = field(default_factory=dict)
    evidence: dict[str, list[Evidence]] = field(default_factory=dict)
    waivers: list[Waiver] = field(default_factory=list)
    waiting: dict[str, Submission] = field(default_factory=dict)
    decisions: dict[str, list[Decision]] = field(default_factory=dict)
    first_submitted: dict[str, datetime] = field(default_factory=dict)

    def last_decision(self, gate: str) -> Decision | None:
        """The decision that stands at a gate; the later ones supersede.

        Which is later is the order in which they were made under the row's lock, not what a clock said before it.
        """
        decisions = self.decisions.get(gate)
        return decisions[-1] if decisions else None


@dataclass(slots=True)
class InitiativeFacts:
    """Everything the rules ask about one initiative.

    ``readings`` by KPI and ``triggers`` by criterion, oldest first; what was removed or withdrawn is left out.
    ``levels`` are how many items were met, oldest first. Of both only the last are here, as far back as the rules look
    on the day for which the facts were loaded (``looking_back``).
    """

    initiative: Initiative
    passages: list[PassageFacts] = field(default_factory=list)
    team: list[TeamRole] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    kpis: list[Kpi] = field(default_factory=list)
    readings: dict[int, list[Measured]] = field(default_factory=dict)
    criteria: list[ExitCriterion] = field(default_factory=list)
    triggers: dict[int, list[ExitTrigger]] = field(default_factory=dict)
    amendments: list[Amendment] = field(default_factory=list)
    roadmap: Roadmap | None = None
    stakeholders: list[Stakeholder] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)

    def submitted_on(self, gate: str, zone: tzinfo) -> date | None:
        """The day on which a gate was submitted for the first time."""
        moments = [
            moment for passage in self.passages if (moment := passage.first_submitted.get(gate)) is not None
        ]
        return min(moments).astimezone(zone).date() if moments else None

    def gate_name(self, slug: str) -> str:
        """The name of a gate of one of its frameworks, else its slug."""
        gates = [gate for passage in self.passages for gate in passage.framework.definition.gates]
        return next((gate.name for gate in gates if gate.slug == slug), slug)


@dataclass(frozen=True, slots=True)
class Known:
    """What who holds an initiative's lock has read of it, and has not changed but through this row."""

    initiative: Initiative
    passages: Sequence[tuple[Passage, LoadedFramework]] | None = None


def gate_facts(passage: PassageFacts, today: date, zone: tzinfo) -> list[GateFacts]:
    """The gates of one framework as the pure rules take them, in order."""
    by_gate: dict[str, list[WaiverFacts]] = defaultdict(list)
    definition = passage.framework.definition
    gate_of_item = {item.code: gate.slug for gate in definition.gates for item in gate.items}
    for waiver in passage.waivers:
        code = passage.framework.items[waiver.item_id]
        by_gate[gate_of_item[code]].append(WaiverFacts(code, waiver.expires_on))
    found = []
    for gate in definition.gates:
        decision = passage.last_decision(gate.slug)
        waiting = passage.waiting.get(gate.slug)
        found.append(
            GateFacts(
                gate=gate,
                items=tuple(item_state(item_facts(passage, item, zone), today) for item in gate.items),
                waivers=tuple(by_gate[gate.slug]),
                decision=DecisionKind(decision.decision) if decision else None,
                conditions=_conditions(decision),
                lapse=lapse_reason(decision),
                waiting=WaitingSubmission(waiting.at.astimezone(zone).date(), waiting.criteria_held)
                if waiting
                else None,
            )
        )
    return found


def lapse_reason(decision: Decision | None) -> str:
    """By which act the decision lapsed, or ""."""
    return decision.lapse.sentence if decision is not None and hasattr(decision, "lapse") else ""


def _conditions(decision: Decision | None) -> tuple[Condition, ...]:
    if decision is None:
        return ()
    return tuple(
        Condition(condition.due, ConditionState(condition.state), condition.text)
        for condition in decision.conditions.all()
    )


def item_facts(passage: PassageFacts, item: ItemDefinition, zone: tzinfo) -> ItemFacts:
    """One item of a framework as the pure rules take it: what was declared, gathered and measured."""
    answer = passage.answers.get(item.code)
    pieces = tuple(evidence.counted for evidence in passage.evidence.get(item.code, ()))
    if answer is None:
        return ItemFacts(item, pieces=pieces)
    expires_at = answer.measured_expires_at
    return ItemFacts(
        item,
        declared=AnswerValue(answer.declared) if answer.declared else AnswerValue.UNANSWERED,
        pieces=pieces,
        measured=AnswerValue(answer.measured) if answer.measured else None,
        measured_until=expires_at.astimezone(zone).date() if expires_at else None,
    )
