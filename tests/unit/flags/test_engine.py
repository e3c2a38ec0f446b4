import json
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from checklists.scoring import AnswerValue
from gates.criteria import GateKind
from gates.rules import ConditionState
from gates.stages import Stage
from readiness.standing.definitions import flag_rules, thresholds
from readiness.standing.flags.engine import FlagResult, evaluate
from readiness.standing.flags.facts import (
    AmendmentFacts,
    BudgetFacts,
    ConditionFacts,
    EvidenceFacts,
    PeopleFacts,
    PlanFacts,
    RoadmapFacts,
    WaitingSubmission,
)
from readiness.standing.flags.registry import RULES
from readiness.standing.flags.thresholds import Thresholds
from tests.unit.flags.cast import (
    DORA,
    FINN,
    SINCE,
    WATCHED,
    checkpoints,
    day,
    flag,
    gates,
    held,
    initiative,
    kpi,
    raised,
    reading,
    signal,
    stakeholders,
    team,
    usage,
)

LATE = day(800)

GONE = replace(DORA, active=False)

# Everything that can be wrong at once …
WRECK = initiative(
    plan=PlanFacts(poc_days=10, pilot_days=10, rollout_days=10, decision_on=day(5)),
    people=team(business_owner=None, executive_sponsor=None, technical_lead=GONE, deputy=GONE),
    budget=BudgetFacts(planned=Decimal(10), spent=Decimal(20), currency="EUR", data_share=1, change_share=1),
    submissions=(WaitingSubmission(gate="data", name="Data", kind=GateKind.GATE, submitted_on=SINCE),),
    signals=(
        signal("production_data", AnswerValue.NOT_MET),
        signal("live_integration", AnswerValue.PARTIAL, "INTG-1"),
    ),
    gates=(
        *checkpoints(SINCE, None, None),
        *gates(2, SINCE)[:4],
        replace(gates()[4], lapsed_because="An answer fell."),
    ),
    evidence=(EvidenceFacts(code="DATA-1", title="Source quality", last_good_on=day(9)),),
    conditions=(
        ConditionFacts(
            text="Mask names", due=day(9), state=ConditionState.OPEN, gate_name="Data", owner="Lena"
        ),
    ),
    kpis=(usage(reading(9), reading(8, day(7))),),
    exits=(replace(WATCHED, reached_on=day(9)),),
    amendments=(AmendmentFacts(promise="Sorted", on=day(9), after_reading=True, acknowledged=False),),
    stakeholders=stakeholders(None),
)
# … and what cannot be wrong beside it.
SILENT_SUCCESS = initiative(
    kpis=(kpi(reading(70)),), exits=(), roadmap=RoadmapFacts(), sponsor_heard_on=SINCE, submissions=()
)
SHORT_OF_TARGET = initiative(kpis=(kpi(reading(70, day(9))),))
WRECKS = (WRECK, SILENT_SUCCESS, SHORT_OF_TARGET)
ON_HOLD = replace(WRECK, holds=held(day(400)), hold_review_on=day(500))
OPENS_ON_HOLD = {
    "hold_expired",
    "owner_left",
    "gate_lapsed",
    "evidence_expired",
    "condition_overdue",
    "exit_triggered",
}


def codes(result: FlagResult) -> set[str]:
    return {one.code for one in result.raised}


def test_an_initiative_in_perfect_order_raises_nothing_in_any_stage() -> None:
    for stage in Stage:
        decided = (*checkpoints(SINCE, None, None), *gates())
        assert evaluate(initiative(stage=stage, gates=decided), day(10), thresholds()).raised == ()


def test_every_rule_can_be_raised() -> None:
    quiet = replace(WRECK, submissions=())
    seen = codes(evaluate(ON_HOLD, LATE, thresholds()))
    for facts in (*WRECKS, quiet):
        for stage in Stage:
            seen |= codes(evaluate(replace(facts, stage=stage), LATE, thresholds()))
    assert seen == set(RULES)


@pytest.mark.parametrize("stage", [Stage.RETIRED, Stage.STOPPED])
def test_what_has_ended_raises_nothing_and_never_will(stage: Stage) -> None:
    talkative = Thresholds({code: replace(rule, stages=tuple(Stage)) for code, rule in flag_rules().items()})
    assert evaluate(replace(ON_HOLD, stage=Stage.LIVE), LATE, talkative).raised
    assert evaluate(replace(ON_HOLD, stage=stage), LATE, talkative) == FlagResult((), None, False)


def test_on_hold_only_a_few_flags_may_open() -> None:
    assert codes(evaluate(ON_HOLD, LATE, thresholds())) == OPENS_ON_HOLD


def test_on_hold_a_flag_that_was_open_stays_while_its_rule_holds() -> None:
    kept = replace(ON_HOLD, open_codes=frozenset({"stage_overrun", "single_person", "no_sponsor"}))
    mended = replace(kept, people=team(executive_sponsor=None))
    assert codes(evaluate(kept, LATE, thresholds())) - OPENS_ON_HOLD == kept.open_codes
    assert codes(evaluate(mended, LATE, thresholds())) - OPENS_ON_HOLD == {"stage_overrun", "no_sponsor"}


def test_a_flag_kept_on_hold_grows_no_graver() -> None:
    overrun = replace(initiative(plan=PlanFacts(pilot_days=10)), open_codes=frozenset({"stage_overrun"}))
    on_hold = replace(overrun, holds=held(day(12)), hold_review_on=day(900))
    assert raised("stage_overrun", overrun, LATE).severity == "critical"
    assert raised("stage_overrun", on_hold, LATE) == raised("stage_overrun", on_hold, day(12))
    assert raised("stage_overrun", on_hold, LATE).severity == "info"


def test_off_hold_what_is_open_changes_nothing() -> None:
    open_now = replace(initiative(), open_codes=frozenset(RULES))
    assert evaluate(open_now, day(30), thresholds()) == evaluate(initiative(), day(30), thresholds())


class TestStalled:
    def test_by_a_flag_that_stalls_from_warning_on(self) -> None:
        assert not evaluate(initiative(), day(20), thresholds()).stalled
        assert evaluate(initiative(), day(21), thresholds()).stalled

    def test_not_by_information(self) -> None:
        facts = initiative(plan=PlanFacts(pilot_days=10))
        assert codes(evaluate(facts, day(12), thresholds())) == {"stage_overrun"}
        assert not evaluate(facts, day(12), thresholds()).stalled

    def test_not_by_a_warning_that_does_not_stall(self) -> None:
        facts = initiative(people=team(deputy=None))
        assert codes(evaluate(facts, day(3), thresholds())) == {"single_person"}
        assert not evaluate(facts, day(3), thresholds()).stalled

    def test_by_anything_critical(self) -> None:
        facts = initiative(people=team(business_owner=replace(FINN, active=False)))
        assert evaluate(facts, day(3), thresholds()).stalled

    def test_not_in_intake_nor_live(self) -> None:
        lapsed = initiative(gates=gates(1, lapsed_because="An answer fell."))
        live = evaluate(replace(lapsed, stage=Stage.LIVE), day(3), thresholds())
        assert [one.severity for one in live.raised] == ["critical"]
        assert not live.stalled
        intake = evaluate(initiative(stage=Stage.INTAKE), day(400), thresholds())
        assert any(one.stalls for one in intake.raised)
        assert not intake.stalled

    @pytest.mark.parametrize("stage", [Stage.POC, Stage.PILOT, Stage.ROLLOUT])
    def test_in_every_stage_between(self, stage: Stage) -> None:
        assert evaluate(initiative(stage=stage), day(400), thresholds()).stalled


class TestImported:
    IMPORTED = initiative(
        stage_since=day(-100),
        created_on=day(60),
        last_activity_on=None,
        last_rise_on=None,
        people=PeopleFacts(known=False),
        budget=BudgetFacts(),
        as_of=SINCE,
    )

    def test_counts_to_the_day_its_file_speaks_of(self) -> None:
        result = evaluate(self.IMPORTED, LATE, thresholds())
        assert [(one.code, one.severity) for one in result.raised] == [("stage_overrun", "info")]
        assert result.changes_on is None

    def test_is_the_same_on_every_day_after(self) -> None:
        answers = [evaluate(self.IMPORTED, day(number), thresholds()) for number in range(0, 900, 7)]
        assert all(answer == answers[0] for answer in answers)

    def test_counts_to_today_once_a_person_has_edited_it(self) -> None:
        edited = replace(self.IMPORTED, as_of=None)
        assert codes(evaluate(edited, day(82), thresholds())) == {"stage_overrun", "no_activity"}
        assert raised("stage_overrun", edited, day(82)).severity == "critical"

    def test_says_nothing_of_what_its_file_was_not_asked_until_a_person_edits_it(self) -> None:
        unasked = {code for code, rule in flag_rules().items() if rule.silent_on_import}
        seen = set()
        for wreck, stage in product(WRECKS, Stage):
            facts = replace(wreck, stage=stage)
            assert not unasked & codes(evaluate(replace(facts, as_of=LATE), LATE, thresholds()))
            seen |= codes(evaluate(facts, LATE, thresholds()))
        assert unasked - seen == set()

    def test_a_file_that_speaks_of_a_day_to_come_waits_for_it(self) -> None:
        early = replace(self.IMPORTED, stage_since=SINCE, created_on=day(85), as_of=day(100))
        assert evaluate(early, day(90), thresholds()) == FlagResult((), day(91), False)
        assert codes(evaluate(early, day(91), thresholds())) == {"stage_overrun"}
        never = replace(early, as_of=day(90))
        assert evaluate(never, day(50), thresholds()).changes_on is None


def test_twice_gives_the_same() -> None:
    for facts in (*WRECKS, ON_HOLD, initiative()):
        assert evaluate(facts, LATE, thresholds()) == evaluate(facts, LATE, thresholds())


def test_the_order_of_what_was_loaded_does_not_matter() -> None:
    twice = replace(
        WRECK,
        submissions=(*WRECK.submissions, replace(WRECK.submissions[0], gate="adoption", name="Adoption")),
        signals=(*WRECK.signals, signal("production_data", AnswerValue.PARTIAL, "DATA-9")),
        evidence=(*WRECK.evidence, replace(WRECK.evidence[0], code="DATA-2")),
        conditions=(*WRECK.conditions, replace(WRECK.conditions[0], text="Test again")),
        gates=(
            *WRECK.gates[:-2],
            *(replace(one, lapsed_because="An answer fell.") for one in WRECK.gates[-2:]),
        ),
        kpis=(*WRECK.kpis, replace(WRECK.kpis[0], name="Daily users"), kpi(name="B"), kpi(name="A")),
        exits=(*WRECK.exits, replace(WRECK.exits[0], words="Errors over 4 % for 2 weeks")),
        amendments=(*WRECK.amendments, replace(WRECK.amendments[0], promise="Cost")),
        holds=(*held(day(3), day(5)), *held(day(1), day(4))),
    )
    shuffled: Any = {
        one.name: tuple(reversed(getattr(twice, one.name)))
        for one in fields(twice)
        if isinstance(getattr(twice, one.name), tuple)
    }
    for stage in Stage:
        facts = replace(twice, stage=stage)
        assert evaluate(replace(facts, **shuffled), LATE, thresholds()) == evaluate(facts, LATE, thresholds())


def test_what_is_raised_can_be_stored_as_json_and_is_equal_when_it_comes_back() -> None:
    for wreck, stage in product(WRECKS, Stage):
        for one in evaluate(replace(wreck, stage=stage), LATE, thresholds()).raised:
            assert json.loads(json.dumps(one.details)) == one.details


def test_no_sentence_is_left_with_a_gap_or_counts_days_that_pass() -> None:
    for wreck, stage in product(WRECKS, Stage):
        facts = replace(wreck, stage=stage)
        today = evaluate(facts, LATE, thresholds()).raised
        tomorrow = evaluate(facts, LATE + timedelta(days=1), thresholds()).raised
        assert today == tomorrow
        for one in today:
            assert not set("{}") & set(one.message)
            assert one.message.endswith(".")


def test_a_flag_falls_silent_when_its_cause_is_mended() -> None:
    assert flag("no_activity", initiative(), day(30)) is not None
    assert flag("no_activity", initiative(last_activity_on=day(30)), day(30)) is None


def test_a_day_at_the_end_of_the_calendar_breaks_nothing() -> None:
    assert evaluate(WRECK, date.max, thresholds()).changes_on is None
    far = replace(WRECK, plan=PlanFacts(pilot_days=32767), holds=held(day(2), date.max))
    assert evaluate(far, LATE, thresholds()).raised
