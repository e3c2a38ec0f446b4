"""From rows to what the flag rules ask."""

from collections.abc import Iterable
from datetime import date, datetime, tzinfo

from checklists.models import EvidenceKind
from checklists.said import said
from checklists.scoring import MET, good_through
from gates.models import Approach, Initiative, KpiKind, Role, StakeholderFunction, TeamRole
from gates.querysets import normalised
from gates.rules import PASSING_DECISIONS, ConditionState, GateState
from gates.stages import Stage
from readiness.standing.exits import ExitState, words_of
from readiness.standing.facts import InitiativeFacts, PassageFacts
from readiness.standing.flags.facts import (
    AmendmentFacts,
    BudgetFacts,
    ConditionFacts,
    EvidenceFacts,
    ExitFacts,
    FlagFacts,
    GateToday,
    KpiFacts,
    PeopleFacts,
    Period,
    Person,
    PlanFacts,
    RoadmapFacts,
    SignalItem,
    StakeholderFacts,
    WaitingSubmission,
)
from readiness.standing.verdict import GOOD_VERDICTS, Readiness

FUNCTION_WORDS = {
    StakeholderFunction.IT: said("IT"),
    StakeholderFunction.OPERATIONS: said("operations"),
    StakeholderFunction.LEGAL: said("legal"),
    StakeholderFunction.SECURITY: said("security"),
}
"""The functions that every pilot needs, as a sentence names them."""

Passages = Iterable[tuple[PassageFacts, tuple[GateState, ...]]]


def flag_facts(
    facts: InitiativeFacts,
    passages: Passages,
    found: Readiness,
    exits: Iterable[ExitState],
    risen_on: date | None,
    open_codes: frozenset[str],
    zone: tzinfo,
) -> FlagFacts:
    """Everything the flag rules need about one initiative."""
    initiative = facts.initiative
    pairs = list(passages)
    return FlagFacts(
        stage=Stage(initiative.stage),
        stage_since=initiative.stage_since,
        created_on=_day(initiative.created_at, zone),
        as_of=initiative.as_of,
        taken_over=initiative.taken_over,
        business_unit=initiative.business_unit,
        business_unit_key=initiative.business_unit_key,
        framework=found.framework,
        production_ready=found.verdict in GOOD_VERDICTS,
        bought=initiative.approach == Approach.BUY,
        plan=plan_facts(initiative),
        holds=tuple(Period(hold.since, hold.lifted_on) for hold in facts.holds),
        hold_review_on=initiative.hold.review_on if initiative.hold else None,
        last_activity_on=initiative.last_activity_on,
        last_rise_on=risen_on,
        submissions=tuple(_submissions(pairs, zone)),
        gates=tuple(_gates(pairs, zone)),
        signals=tuple(_signals(pairs)),
        people=people_facts(facts),
        budget=_budget(initiative),
        evidence=tuple(_evidence(pairs)),
        conditions=tuple(_conditions(pairs)),
        kpis=tuple(_kpis(facts)),
        exits=tuple(
            ExitFacts(words=one.standing_words, decider=one.decider, reached_on=one.on) for one in exits
        ),
        amendments=tuple(_amendments(facts)),
        roadmap=_roadmap(facts),
        stakeholders=tuple(_stakeholders(facts)),
        sponsor_heard_on=_sponsor_heard_on(facts, zone),
        open_codes=open_codes,
    )


def _day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()


def plan_facts(initiative: Initiative) -> PlanFacts:
    return PlanFacts(
        intake_days=initiative.intake_days,
        poc_days=initiative.poc_days,
        pilot_days=initiative.pilot_days,
        rollout_days=initiative.rollout_days,
        decision_on=initiative.decision_on,
    )


def _budget(initiative: Initiative) -> BudgetFacts:
    return BudgetFacts(
        planned=initiative.budget_planned,
        spent=initiative.budget_spent,
        currency=initiative.currency,
        data_share=initiative.data_share,
        change_share=initiative.change_share,
    )


def _submissions(pairs: Passages, zone: tzinfo) -> Iterable[WaitingSubmission]:
    for passage, states in pairs:
        for state in states:
            waiting = passage.waiting.get(state.gate.slug)
            if waiting is not None:
                yield WaitingSubmission(
                    gate=state.gate.slug,
                    name=state.gate.name,
                    kind=state.gate.kind,
                    submitted_on=_day(waiting.at, zone),
                    days_locked=waiting.days_locked,
                    locked_since=waiting.locked_since,
                )


def _gates(pairs: Passages, zone: tzinfo) -> Iterable[GateToday]:
    for passage, states in pairs:
        for state in states:
            last = passage.last_decision(state.gate.slug)
            decided_on = _day(last.at, zone) if last else None
            lapsed = state.lapsed_because
            yield GateToday(
                framework=passage.framework.slug,
                kind=state.gate.kind,
                position=state.gate.position,
                slug=state.gate.slug,
                name=state.gate.name,
                passed=state.passed,
                passed_on=decided_on if last and last.decision in PASSING_DECISIONS else None,
                lapsed_because=lapsed.reason if lapsed else "",
                last_decided_on=decided_on,
            )


def _signals(pairs: Passages) -> Iterable[SignalItem]:
    for passage, states in pairs:
        effective = {item.item.code: item.effective.value for state in states for item in state.items}
        for signal, codes in passage.framework.signals.items():
            for code in codes:
                yield SignalItem(
                    signal=signal,
                    code=code,
                    title=passage.framework.titles[code],
                    effective=effective[code],
                )


def people_facts(facts: InitiativeFacts) -> PeopleFacts:
    by_role = {place.role: person_facts(place) for place in facts.team}
    return PeopleFacts(
        business_owner=by_role.get(Role.BUSINESS_OWNER),
        executive_sponsor=by_role.get(Role.EXECUTIVE_SPONSOR),
        technical_lead=by_role.get(Role.TECHNICAL_LEAD),
        deputy=by_role.get(Role.DEPUTY),
        known=facts.initiative.people_known,
    )


def person_facts(place: TeamRole) -> Person:
    user = place.user
    return Person(
        username=user.username,
        name=user.name,
        unit=user.unit,
        unit_key=normalised(user.unit),
        function=user.function,
        active=user.is_active,
    )


def _evidence(pairs: Passages) -> Iterable[EvidenceFacts]:
    """Of each item declared Met: through which day its best piece is in force, where that ends."""
    for passage, states in pairs:
        for item in (item for state in states for item in state.items):
            if not item.item.evidence_required or item.declared != MET:
                continue
            behind = passage.evidence.get(item.item.code, ())
            max_age = item.item.evidence_max_age_days
            last_good_on = good_through((one.counted for one in behind), max_age)
            if last_good_on is not None:
                checks = (one.counted for one in behind if one.kind == EvidenceKind.CHECK)
                yield EvidenceFacts(
                    code=item.item.code,
                    title=item.item.title,
                    last_good_on=last_good_on,
                    by_check=good_through(checks, max_age) == last_good_on,
                )


def _conditions(pairs: Passages) -> Iterable[ConditionFacts]:
    for passage, states in pairs:
        for state in states:
            last = passage.last_decision(state.gate.slug)
            for condition in last.conditions.all() if last else ():
                yield ConditionFacts(
                    text=condition.text,
                    due=condition.due,
                    state=ConditionState(condition.state),
                    gate_name=state.gate.name,
                    owner=condition.owner.name,
                )


def _kpis(facts: InitiativeFacts) -> Iterable[KpiFacts]:
    for kpi in facts.kpis:
        yield KpiFacts(
            name=kpi.name,
            business=kpi.kind == KpiKind.BUSINESS,
            limits=kpi.limits,
            promised=kpi.promised_limits,
            unit=kpi.unit,
            signal=kpi.signal,
            readings=tuple(facts.readings.get(kpi.pk, ())),
        )


def _amendments(facts: InitiativeFacts) -> Iterable[AmendmentFacts]:
    for amendment in facts.amendments:
        yield AmendmentFacts(
            promise=words_of(facts, amendment.criterion) if amendment.criterion else str(amendment.kpi),
            on=amendment.on,
            after_reading=amendment.after_reading,
            acknowledged=amendment.acknowledged_at is not None,
        )


def _roadmap(facts: InitiativeFacts) -> RoadmapFacts:
    roadmap = facts.roadmap
    if roadmap is None:
        return RoadmapFacts()
    lacking = roadmap.lacking
    return RoadmapFacts(dated=not lacking.undated, people=not lacking.people, budget=not lacking.budget)


def _stakeholders(facts: InitiativeFacts) -> Iterable[StakeholderFacts]:
    involved = {one.function: one.involved_on for one in facts.stakeholders}
    for function, words in FUNCTION_WORDS.items():
        yield StakeholderFacts(function=words, involved_on=involved.get(function.value))


def _sponsor_heard_on(facts: InitiativeFacts, zone: tzinfo) -> date | None:
    for place in facts.team:
        if place.role == Role.EXECUTIVE_SPONSOR:
            began = _day(place.since, zone)
            return max(began, place.heard_on) if place.heard_on else began
    return None
