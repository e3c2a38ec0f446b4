"""From rows to what the proposals ask, and the proposals of an initiative's items."""

from collections.abc import Iterable

from gates.models import Amendment, KpiDue, KpiKind, PhaseKind, Role
from gates.promises import Limits
from gates.stages import Stage
from readiness.standing.exits import words_of
from readiness.standing.facts import InitiativeFacts, PassageFacts
from readiness.standing.flag_facts import people_facts, person_facts, plan_facts
from readiness.standing.judgement import Judgement
from readiness.standing.proposals import ExitKnown, Known, KpiKnown, Proposal, propose


def proposals_of(judgement: Judgement) -> dict[str, Proposal]:
    """By the codes of items: what is proposed and says more than what was declared. An ended initiative has none."""
    if judgement.facts.initiative.has_ended:
        return {}
    declared = {item.item.code: item.declared for state in judgement.gates for item in state.items}
    return {
        code: proposal
        for code, proposal in what_is_known(judgement).items()
        if proposal.says_more_than(declared[code])
    }


def what_is_known(judgement: Judgement) -> dict[str, Proposal]:
    """By the codes of items: everything that could be proposed, whatever was declared."""
    known = known_of(judgement.facts)
    found: dict[str, Proposal] = {}
    for passage, states in judgement.passages:
        through: set[str] = set()
        for state in states:
            through.add(state.gate.slug)
            for item in state.items:
                proposal = _proposal(passage, item.item.code, known, frozenset(through))
                if proposal is not None:
                    found[item.item.code] = proposal
    return found


def _proposal(passage: PassageFacts, code: str, known: Known, through: frozenset[str]) -> Proposal | None:
    fact = passage.framework.facts.get(code)
    return propose(fact, known, through) if fact else None


def known_of(facts: InitiativeFacts) -> Known:
    """Everything that proposals rest on."""
    initiative = facts.initiative
    return Known(
        problem=initiative.business_problem,
        business_unit=initiative.business_unit,
        business_unit_key=initiative.business_unit_key,
        people=people_facts(facts),
        at_work=tuple(person_facts(place) for place in facts.team if place.role != Role.EXECUTIVE_SPONSOR),
        kpis=tuple(_kpis(facts)),
        estimates_build=initiative.estimate_build is not None,
        estimates_run=initiative.estimate_run is not None,
        plan=plan_facts(initiative),
        prepares_until=_prepares_until(facts),
        exits=tuple(_exits(facts)),
    )


def _kpis(facts: InitiativeFacts) -> Iterable[KpiKnown]:
    initiative = facts.initiative
    started = initiative.stage_since if initiative.stage == Stage.POC else None
    for kpi in facts.kpis:
        readings = facts.readings.get(kpi.pk, [])
        own = [amendment for amendment in facts.amendments if amendment.kpi_id == kpi.pk]
        yield KpiKnown(
            name=kpi.name,
            business=kpi.kind == KpiKind.BUSINESS,
            goal=_goal(kpi.limits, kpi.promised_limits, own),
            has_due=bool(kpi.due),
            due_now=kpi.due == KpiDue.END_OF_POC,
            read=any(started is None or reading.on >= started for reading in readings),
            latest=readings[-1] if readings else None,
        )


def _goal(limits: Limits, promised: Limits, amendments: list[Amendment]) -> Limits:
    """As amended, where every amendment was made before the first reading; else as it was promised."""
    return promised if any(amendment.after_reading for amendment in amendments) else limits


def _prepares_until(facts: InitiativeFacts) -> bool:
    phases = facts.roadmap.phases.all() if facts.roadmap else ()
    return any(phase.kind == PhaseKind.PREPARATION and phase.ends_on is not None for phase in phases)


def _exits(facts: InitiativeFacts) -> Iterable[ExitKnown]:
    for row in facts.criteria:
        yield ExitKnown(
            words=words_of(facts, row),
            decider=str(row.decider),
            locked=row.locked_at is not None,
            checkpoint=row.checkpoint,
            read=bool(facts.readings.get(row.kpi_id)),
        )
