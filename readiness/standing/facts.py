"""What is known of a batch of initiatives, read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from checklists.models import Answer, Evidence
from checklists.scoring import AnswerValue, ItemDefinition, ItemFacts, Piece, item_state
from gates.definitions import LoadedFramework, loaded_framework
from gates.models import (
    Amendment,
    Decision,
    ExitCriterion,
    ExitTrigger,
    Hold,
    Initiative,
    Kpi,
    Passage,
    Reading,
    Roadmap,
    Stakeholder,
    Submission,
    TeamRole,
    Waiver,
)
from gates.rules import Condition, ConditionState, DecisionKind, GateFacts
from gates.rules import Submission as WaitingSubmission
from gates.rules import Waiver as WaiverFacts


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
    """

    initiative: Initiative
    passages: list[PassageFacts] = field(default_factory=list)
    team: list[TeamRole] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    kpis: list[Kpi] = field(default_factory=list)
    readings: dict[int, list[Reading]] = field(default_factory=dict)
    criteria: list[ExitCriterion] = field(default_factory=list)
    triggers: dict[int, list[ExitTrigger]] = field(default_factory=dict)
    amendments: list[Amendment] = field(default_factory=list)
    roadmap: Roadmap | None = None
    stakeholders: list[Stakeholder] = field(default_factory=list)

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


def load_facts(initiative_ids: Iterable[int]) -> dict[int, InitiativeFacts]:
    """The facts of these initiatives, in seventeen queries whatever their number."""
    initiatives = Initiative.objects.select_related("hold").filter(pk__in=list(initiative_ids))
    facts = {initiative.pk: InitiativeFacts(initiative) for initiative in initiatives.order_by("pk")}
    passages = _load_passages(facts)
    by_assessment = {passage.assessment_id: passage for passage in passages.values()}
    for answer in Answer.objects.filter(assessment__in=by_assessment):
        passage = by_assessment[answer.assessment_id]
        passage.answers[passage.framework.items[answer.item_id]] = answer
    for evidence in Evidence.objects.filter(assessment__in=by_assessment):
        passage = by_assessment[evidence.assessment_id]
        passage.evidence.setdefault(passage.framework.items[evidence.item_id], []).append(evidence)
    _load_reviews(passages)
    for place in TeamRole.objects.filter(initiative__in=facts, until__isnull=True).select_related("user"):
        facts[place.initiative_id].team.append(place)
    for hold in Hold.objects.filter(initiative__in=facts):
        facts[hold.initiative_id].holds.append(hold)
    _load_promises(facts)
    return facts


def _load_promises(facts: dict[int, InitiativeFacts]) -> None:
    for kpi in Kpi.objects.filter(initiative__in=facts, removed_at__isnull=True).order_by("pk"):
        facts[kpi.initiative_id].kpis.append(kpi)
    standing = Reading.objects.filter(
        kpi__initiative__in=facts, kpi__removed_at__isnull=True, withdrawn_at__isnull=True
    )
    for reading in standing.select_related("kpi").order_by("on"):
        facts[reading.kpi.initiative_id].readings.setdefault(reading.kpi_id, []).append(reading)
    criteria = ExitCriterion.objects.filter(initiative__in=facts, removed_at__isnull=True)
    for criterion in criteria.select_related("kpi", "decider").order_by("pk"):
        facts[criterion.initiative_id].criteria.append(criterion)
    triggers = ExitTrigger.objects.filter(criterion__initiative__in=facts)
    for trigger in triggers.select_related("criterion", "by").order_by("pk"):
        facts[trigger.criterion.initiative_id].triggers.setdefault(trigger.criterion_id, []).append(trigger)
    amended = Amendment.objects.filter(initiative__in=facts)
    for amendment in amended.select_related("kpi", "criterion__kpi", "by", "acknowledged_by").order_by("pk"):
        facts[amendment.initiative_id].amendments.append(amendment)
    for roadmap in Roadmap.objects.filter(initiative__in=facts).prefetch_related("phases"):
        facts[roadmap.initiative_id].roadmap = roadmap
    for stakeholder in Stakeholder.objects.filter(initiative__in=facts).order_by("pk"):
        facts[stakeholder.initiative_id].stakeholders.append(stakeholder)


def _load_passages(facts: dict[int, InitiativeFacts]) -> dict[int, PassageFacts]:
    rows = Passage.objects.filter(initiative__in=facts).select_related("assessment__framework")
    passages: dict[int, PassageFacts] = {}
    for row in rows.order_by("initiative_id", "position"):
        framework = row.assessment.framework
        passage = PassageFacts(loaded_framework(framework.pk, framework.checksum), row.pk, row.assessment_id)
        facts[row.initiative_id].passages.append(passage)
        passages[row.pk] = passage
    return passages


def _load_reviews(passages: dict[int, PassageFacts]) -> None:
    for waiver in Waiver.objects.filter(passage__in=passages):
        passages[waiver.passage_id].waivers.append(waiver)
    for submission in Submission.objects.filter(passage__in=passages).order_by("pk"):
        passage = passages[submission.passage_id]
        slug = passage.framework.gates[submission.gate_id]
        passage.first_submitted.setdefault(slug, submission.at)
        if submission.decided_at is None:
            passage.waiting[slug] = submission
    decisions = Decision.objects.filter(passage__in=passages).select_related("lapse")
    for decision in decisions.prefetch_related("conditions__owner").order_by("pk"):
        passage = passages[decision.passage_id]
        passage.decisions.setdefault(passage.framework.gates[decision.gate_id], []).append(decision)


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
                items=tuple(item_state(_item_facts(passage, item, zone), today) for item in gate.items),
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
    return decision.lapse.reason if decision is not None and hasattr(decision, "lapse") else ""


def _conditions(decision: Decision | None) -> tuple[Condition, ...]:
    if decision is None:
        return ()
    return tuple(
        Condition(condition.due, ConditionState(condition.state), condition.text)
        for condition in decision.conditions.all()
    )


def _item_facts(passage: PassageFacts, item: ItemDefinition, zone: tzinfo) -> ItemFacts:
    answer = passage.answers.get(item.code)
    pieces = tuple(
        Piece(evidence.effective_on, evidence.expires_on, evidence.withdrawn_at is not None)
        for evidence in passage.evidence.get(item.code, ())
    )
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
