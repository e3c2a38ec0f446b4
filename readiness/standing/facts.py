"""What is known of a batch of initiatives, read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from operator import attrgetter

from django.db.models import prefetch_related_objects

from checklists.models import Answer, Evidence
from checklists.scoring import AnswerValue, ItemDefinition, ItemFacts, Piece, item_state
from gates.asking import Prepared
from gates.definitions import LoadedFramework, passages_of
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
from gates.stages import Stage
from readiness.standing.forecast import Level, forecasts_in
from readiness.standing.models import HistoryPoint
from readiness.standing.present import Present, present_of

_key = attrgetter("pk")

_initiatives = Prepared(lambda keys: Initiative.objects.select_related("hold").filter(pk__in=keys).order_by())
_answers = Prepared(lambda keys: Answer.objects.filter(assessment__in=keys).order_by())
_evidence = Prepared(lambda keys: Evidence.objects.filter(assessment__in=keys))  # the newest first
_points = Prepared(
    lambda keys: (
        HistoryPoint.objects.filter(initiative__in=keys)
        .order_by()
        .only("initiative_id", "on", "met", "framework", "framework_version")
    )
)

_team = Prepared(
    lambda keys: (
        TeamRole.objects.filter(initiative__in=keys, until__isnull=True).select_related("user").order_by()
    )
)
_holds = Prepared(lambda keys: Hold.objects.filter(initiative__in=keys))
_kpis = Prepared(lambda keys: Kpi.objects.filter(initiative__in=keys).order_by("pk"))
_readings = Prepared(
    lambda keys: Reading.objects.filter(kpi__in=keys, withdrawn_at__isnull=True).order_by("on")
)
_criteria = Prepared(
    lambda keys: ExitCriterion.objects.filter(initiative__in=keys).select_related("decider").order_by("pk")
)
_triggers = Prepared(
    lambda keys: ExitTrigger.objects.filter(criterion__in=keys).select_related("by").order_by("pk")
)
_amendments = Prepared(
    lambda keys: (
        Amendment.objects.filter(initiative__in=keys).select_related("by", "acknowledged_by").order_by("pk")
    )
)
_stakeholders = Prepared(lambda keys: Stakeholder.objects.filter(initiative__in=keys).order_by("pk"))
_decisions = Prepared(
    lambda keys: Decision.objects.filter(passage__in=keys).select_related("lapse").order_by("pk")
)
_waivers = Prepared(lambda keys: Waiver.objects.filter(passage__in=keys))
_submissions = Prepared(lambda keys: Submission.objects.filter(passage__in=keys).order_by("pk"))


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
    ``levels`` are how many items were met, oldest first, where that is asked: in the stages that have a forecast.
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


def load_facts(initiative_ids: Iterable[int], known: Sequence[Known] = ()) -> dict[int, InitiativeFacts]:
    """The facts of these initiatives, in nineteen queries at most, whatever their number; what is known is not read.

    What is asked at every act has its SQL built once.
    """
    initiatives = _initiatives_of(set(initiative_ids), known)
    facts = {initiative.pk: InitiativeFacts(initiative) for initiative in sorted(initiatives, key=_key)}
    passages = _load_passages(facts, known)
    present = present_of(facts, passages)
    by_assessment = {passage.assessment_id: passage for passage in passages.values()}
    for answer in _answers(*by_assessment):
        passage = by_assessment[answer.assessment_id]
        passage.answers[passage.framework.items[answer.item_id]] = answer
    for evidence in _evidence(*by_assessment):
        passage = by_assessment[evidence.assessment_id]
        passage.evidence.setdefault(passage.framework.items[evidence.item_id], []).append(evidence)
    _load_reviews(passages, present)
    for place in _team(*facts):
        facts[place.initiative_id].team.append(place)
    if Hold in present:
        for hold in _holds(*facts):
            facts[hold.initiative_id].holds.append(hold)
    _load_promises(facts, present)
    _load_plans(facts, present)
    _load_levels(facts)
    return facts


def _initiatives_of(wanted: set[int], known: Sequence[Known]) -> list[Initiative]:
    found = [one.initiative for one in known if one.initiative.pk in wanted]
    unread = wanted - {one.pk for one in found}
    return [*found, *_initiatives(*unread)]


def _load_promises(facts: dict[int, InitiativeFacts], present: Present) -> None:
    """KPIs and exit criteria with what came of them. What hangs on them is asked for only where there are any."""
    kpis: dict[int, Kpi] = {}
    if Kpi in present:
        kpis = {kpi.pk: kpi for kpi in _kpis(*facts)}
    for kpi in kpis.values():
        if kpi.removed_at is None:
            facts[kpi.initiative_id].kpis.append(kpi)
    criteria: dict[int, ExitCriterion] = {}
    if ExitCriterion in present:
        criteria = {criterion.pk: criterion for criterion in _criteria(*facts)}
    for criterion in criteria.values():
        criterion.kpi = kpis[criterion.kpi_id]
        if criterion.removed_at is None:
            facts[criterion.initiative_id].criteria.append(criterion)
    if kpis:
        _load_readings(facts, kpis)
    if criteria:
        _load_triggers(facts, criteria)
    if kpis or criteria:
        _load_amendments(facts, kpis, criteria)


def _load_plans(facts: dict[int, InitiativeFacts], present: Present) -> None:
    if Roadmap in present:
        for roadmap in Roadmap.objects.filter(initiative__in=facts).prefetch_related("phases"):
            facts[roadmap.initiative_id].roadmap = roadmap
    if Stakeholder in present:
        for stakeholder in _stakeholders(*facts):
            facts[stakeholder.initiative_id].stakeholders.append(stakeholder)


def _load_readings(facts: dict[int, InitiativeFacts], kpis: dict[int, Kpi]) -> None:
    kept = [pk for pk, kpi in kpis.items() if kpi.removed_at is None]
    for reading in _readings(*kept):
        reading.kpi = kpis[reading.kpi_id]
        facts[reading.kpi.initiative_id].readings.setdefault(reading.kpi_id, []).append(reading)


def _load_triggers(facts: dict[int, InitiativeFacts], criteria: dict[int, ExitCriterion]) -> None:
    for trigger in _triggers(*criteria):
        trigger.criterion = criteria[trigger.criterion_id]
        of = facts[trigger.criterion.initiative_id]
        of.triggers.setdefault(trigger.criterion_id, []).append(trigger)


def _load_amendments(
    facts: dict[int, InitiativeFacts], kpis: dict[int, Kpi], criteria: dict[int, ExitCriterion]
) -> None:
    for amendment in _amendments(*facts):
        if amendment.kpi_id is not None:
            amendment.kpi = kpis[amendment.kpi_id]
        if amendment.criterion_id is not None:
            amendment.criterion = criteria[amendment.criterion_id]
        facts[amendment.initiative_id].amendments.append(amendment)


def _load_levels(facts: dict[int, InitiativeFacts]) -> None:
    running = [pk for pk, one in facts.items() if forecasts_in(Stage(one.initiative.stage))]
    for point in sorted(_points(*running), key=attrgetter("on")):
        level = Level(point.on, point.met, f"{point.framework} {point.framework_version}".strip())
        facts[point.initiative_id].levels.append(level)


def _load_passages(facts: dict[int, InitiativeFacts], known: Sequence[Known]) -> dict[int, PassageFacts]:
    read = [pair for one in known if one.initiative.pk in facts and one.passages for pair in one.passages]
    unread = facts.keys() - {passage.initiative_id for passage, _ in read}
    passages: dict[int, PassageFacts] = {}
    for passage, framework in [*read, *passages_of(*unread)]:
        passages[passage.pk] = PassageFacts(framework, passage.pk, passage.assessment_id)
        facts[passage.initiative_id].passages.append(passages[passage.pk])
    return passages


def _load_reviews(passages: dict[int, PassageFacts], present: Present) -> None:
    if Waiver in present:
        for waiver in _waivers(*passages):
            passages[waiver.passage_id].waivers.append(waiver)
    if Submission not in present:  # and so no decision, which is about one
        return
    for submission in _submissions(*passages):
        passage = passages[submission.passage_id]
        slug = passage.framework.gates[submission.gate_id]
        passage.first_submitted.setdefault(slug, submission.at)
        if submission.decided_at is None:
            passage.waiting[slug] = submission
    decisions = _decisions(*passages)
    prefetch_related_objects(decisions, "conditions__owner")
    for decision in decisions:
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
