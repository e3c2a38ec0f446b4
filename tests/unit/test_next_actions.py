"""What to do next, and in which order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.scoring import ItemFacts, Piece, item_state
from gates.criteria import GateDefinition, GateKind
from gates.refusals import submit_refusal
from gates.rules import Condition, ConditionState, DecisionKind, GateFacts, Submission, statuses
from gates.stages import Guard, Stage
from readiness.standing.flags.thresholds import Severity
from readiness.standing.next_actions import ActionCode, ForRole, OpenFlag, Rank, Situation, next_actions
from readiness.standing.verdict import readiness
from tests.unit.rule_builders import (
    ALL_VALUES,
    MET,
    NOT_MET,
    PARTIAL,
    TODAY,
    UNANSWERED,
    checkpoint_of,
    days,
    framework_of,
    gate_of,
    item,
    states_of,
)

PASS, CONDITIONAL, RETURN, STOP = DecisionKind
WAITING = Submission(TODAY - days(2), True)

FIVE = tuple(
    gate_of(slug, critical=(1,), position=place)
    for place, slug in enumerate(("data", "architecture", "integration", "governance", "adoption"))
)
CHECKPOINTS = tuple(checkpoint_of(f"checkpoint-{n}", size=3, critical=(0,), position=n) for n in range(3))
OVERLAY = gate_of("conversation", framework="conversational-ai")
PROFILE = gate_of("profile", framework="environment-gap", kind=GateKind.PROFILE, min_met=0)
GUARDS = (
    Guard(Stage.INTAKE, Stage.POC, "poc-checkpoints", "checkpoint-0"),
    Guard(Stage.POC, Stage.PILOT, "poc-checkpoints", "checkpoint-1"),
    Guard(Stage.POC, Stage.PILOT, "poc-checkpoints", "checkpoint-2"),
    Guard(Stage.PILOT, Stage.ROLLOUT, "five-gate"),
)
NOTHING = "nothing"


def known(gates, by_slug):
    """Facts of some gates: by slug the known ones, `NOTHING` for unanswered; passed with all met where not named."""
    found = []
    for gate in gates:
        facts = by_slug.get(gate.slug, {"decision": PASS})
        if facts == NOTHING:
            facts = {"values": [UNANSWERED] * len(gate.items)}
        items = facts.pop("items", None) or states_of(gate, facts.pop("values", [MET] * len(gate.items)))
        found.append(GateFacts(gate, items, **facts))
    return found


def situation(
    stage=Stage.PILOT, *, on_hold=False, overlay=None, required_met=None, exits=(), flags=(), **by_slug
):
    named = {
        slug.replace("_", "-"): dict(facts) if facts != NOTHING else facts for slug, facts in by_slug.items()
    }
    ended = stage.has_ended
    five = framework_of(*FIVE, required_met=required_met)
    gates = statuses(five, known(FIVE, named), TODAY, ended=ended, on_hold=on_hold)
    found = readiness(five, gates, ended=ended, on_hold=on_hold, exits_undecided=exits)
    others = statuses(
        framework_of(*CHECKPOINTS), known(CHECKPOINTS, named), TODAY, ended=ended, on_hold=on_hold
    )
    profile = framework_of(PROFILE, sequential=False)
    others += statuses(profile, known([PROFILE], {"profile": NOTHING}), TODAY, ended=ended, on_hold=on_hold)
    if overlay is not None:
        free = framework_of(OVERLAY, sequential=False)
        others += statuses(
            free, known([OVERLAY], {"conversation": overlay}), TODAY, ended=ended, on_hold=on_hold
        )
    return Situation(stage, on_hold, found, gates + others, GUARDS, tuple(exits), tuple(flags))


def told(*arguments, **named):
    return [(str(one.code), one.gate, one.item) for one in next_actions(situation(*arguments, **named))]


ENTERED = {
    "data": NOTHING,
    "architecture": NOTHING,
    "integration": NOTHING,
    "governance": NOTHING,
    "adoption": NOTHING,
}


def test_a_new_initiative_is_led_to_the_checkpoint_before_it_then_to_the_first_gate():
    found = told(Stage.INTAKE, checkpoint_0=NOTHING, checkpoint_1=NOTHING, checkpoint_2=NOTHING, **ENTERED)
    assert found == [
        ("answer_item", "checkpoint-0", "CHECKPOINT-0-1"),
        ("answer_item", "checkpoint-0", "CHECKPOINT-0-2"),
        ("answer_item", "checkpoint-0", "CHECKPOINT-0-3"),
        ("answer_item", "data", "DATA-2"),
        ("answer_item", "data", "DATA-1"),
        ("answer_item", "data", "DATA-3"),
        ("answer_item", "data", "DATA-4"),
    ]


def test_checkpoints_of_other_steps_are_left_alone():
    taken_over = told(Stage.PILOT, checkpoint_0=NOTHING, checkpoint_1=NOTHING, data={"waiting": WAITING})
    assert all(gate not in ("checkpoint-0", "checkpoint-1") for _, gate, _ in taken_over)
    passed = told(Stage.INTAKE, checkpoint_1=NOTHING)
    assert all(gate != "checkpoint-1" for _, gate, _ in passed)


@pytest.mark.parametrize(
    ("stage", "target"),
    [(Stage.INTAKE, "poc"), (Stage.POC, "pilot"), (Stage.PILOT, "rollout"), (Stage.ROLLOUT, "live")],
)
def test_a_stage_move_without_blockers_comes_first(stage, target):
    first = next_actions(situation(stage))[0]
    assert (first.code, first.stage, first.rank, first.for_role) == ("move_stage", target, 1, "lead")


def test_nobody_is_urged_to_retire_or_to_move_what_is_guarded():
    assert told(Stage.LIVE) == []
    assert ("move_stage", None, None) not in told(Stage.PILOT, data=NOTHING)
    assert ("move_stage", None, None) not in told(Stage.POC, checkpoint_2=NOTHING)


@pytest.mark.parametrize("stage", [Stage.RETIRED, Stage.STOPPED])
def test_an_ended_initiative_has_no_next_action(stage):
    flag = OpenFlag("no_sponsor", Severity.CRITICAL, "No sponsor", "Name one.")
    assert told(stage, data=NOTHING, exits=("Decide.",), flags=(flag,)) == []


def test_on_hold_the_hold_is_the_first_thing_and_nothing_can_be_moved_or_submitted():
    found = told(Stage.PILOT, on_hold=True, data={}, architecture=NOTHING)
    assert found[0] == ("lift_hold", None, None)
    assert {code for code, _, _ in found}.isdisjoint({"move_stage", "submit_gate"})


def test_a_gate_whose_criteria_hold_is_to_be_submitted():
    found = next_actions(situation(data={"values": [MET, MET, MET, PARTIAL]}))
    assert [(one.code, one.gate, one.rank) for one in found] == [
        (ActionCode.SUBMIT_GATE, "data", Rank.AT_ONCE),
        (ActionCode.RAISE_ITEM, "data", Rank.ITEMS),
    ]
    assert found[0].message == "Submit the Data gate for review: its criteria hold."
    assert submit_refusal(situation(data={}).gates[0]) is None


def test_a_checkpoint_that_does_not_hold_and_a_passed_gate_are_not_urged_though_they_can_be_submitted():
    found = situation(Stage.INTAKE, checkpoint_0={"values": [MET, PARTIAL, PARTIAL]})
    assert next(one for one in found.gates if one.gate.slug == "checkpoint-0").can_submit
    assert next(one for one in found.gates if one.gate.slug == "data").can_submit
    assert ActionCode.SUBMIT_GATE not in [one.code for one in next_actions(found)]


def test_an_exit_criterion_to_decide_speaks_to_the_executive_before_any_item():
    found = next_actions(situation(exits=("Weekly use is under 30 %.",), data=NOTHING))
    assert (found[0].code, found[0].for_role, found[0].message) == (
        ActionCode.DECIDE_EXIT,
        ForRole.EXECUTIVE,
        "Weekly use is under 30 %.",
    )


def test_an_overdue_condition_is_to_be_kept_at_once_before_a_new_review():
    late = (Condition(TODAY - days(1), ConditionState.OPEN, "train the second shift"),)
    found = told(data={"decision": CONDITIONAL, "conditions": late})
    assert found == [("keep_condition", "data", None), ("submit_gate", "data", None)]


GATE = GateDefinition(
    "five-gate",
    "data",
    "Data",
    GateKind.GATE,
    0,
    tuple(item(f"DATA-{n}", critical=n > 2, max_age=60) for n in range(1, 8)),
    min_met=7,
)


def test_items_come_capped_critical_first_then_critical_then_the_rest_each_as_in_the_framework():
    fresh, old, gone = Piece(TODAY), Piece(TODAY - days(70)), Piece(TODAY, withdrawn=True)
    answers = {
        "DATA-1": (NOT_MET, ()),
        "DATA-2": (MET, ()),
        "DATA-3": (UNANSWERED, (fresh,)),
        "DATA-4": (MET, (old,)),
        "DATA-5": (PARTIAL, (fresh,)),
        "DATA-6": (MET, (gone,)),
        "DATA-7": (MET, (fresh,)),
    }
    items = tuple(item_state(ItemFacts(one, *answers[one.code]), TODAY) for one in GATE.items)
    framework = framework_of(GATE)
    gates = statuses(framework, [GateFacts(GATE, items)], TODAY, ended=False, on_hold=False)
    found = readiness(framework, gates, ended=False, on_hold=False)
    actions = next_actions(Situation(Stage.PILOT, False, found, gates, GUARDS[3:]))
    assert [(one.code, one.item) for one in actions] == [
        (ActionCode.RENEW_EVIDENCE, "DATA-4"),
        (ActionCode.ADD_EVIDENCE, "DATA-6"),
        (ActionCode.ANSWER_ITEM, "DATA-3"),
        (ActionCode.RAISE_ITEM, "DATA-5"),
        (ActionCode.RAISE_ITEM, "DATA-1"),
        (ActionCode.ADD_EVIDENCE, "DATA-2"),
    ]
    assert [one.message for one in actions[:4]] == [
        "Renew the evidence of “Title of DATA-4”. Met counts as Partial: the evidence is of 12 December 2027 and "
        "may be 60 days old, which it was on 10 February 2028.",
        "Add evidence to “Title of DATA-6”. Met counts as Partial: the evidence was withdrawn.",
        "Answer “Title of DATA-3”.",
        "Bring “Title of DATA-5” to Met: it is Partial.",
    ]


@pytest.mark.parametrize(
    ("measured", "until", "words"),
    [
        (NOT_MET, None, "Mend what the automated check of “Title of DATA-7” found."),
        (MET, TODAY - days(1), "Run the automated check of “Title of DATA-7” again."),
    ],
)
def test_what_a_check_lowered_is_mended_at_the_check(measured, until, words):
    items = tuple(
        item_state(
            ItemFacts(one, MET, (Piece(TODAY),), *((measured, until) if one.code == "DATA-7" else ())), TODAY
        )
        for one in GATE.items
    )
    framework = framework_of(GATE)
    gates = statuses(framework, [GateFacts(GATE, items)], TODAY, ended=False, on_hold=False)
    found = readiness(framework, gates, ended=False, on_hold=False)
    first = next_actions(Situation(Stage.PILOT, False, found, gates, GUARDS[3:]))[0]
    assert (first.code, first.item) == (ActionCode.MEND_CHECK, "DATA-7")
    assert first.message.startswith(words)


def test_while_a_gate_with_everything_met_waits_the_next_one_is_prepared():
    found = told(data={"waiting": WAITING}, architecture={"values": [MET, MET, PARTIAL, PARTIAL]})
    assert found == [
        ("raise_item", "architecture", "ARCHITECTURE-3"),
        ("raise_item", "architecture", "ARCHITECTURE-4"),
        ("decide_gate", "data", None),
    ]


def test_only_the_first_gate_that_is_not_passed_is_mended():
    found = told(architecture=NOTHING, integration=NOTHING)
    assert {gate for _, gate, _ in found} == {"architecture"}


def test_passed_gates_under_the_threshold_name_what_would_lift_the_count():
    found = told(required_met=20, governance={"decision": PASS, "values": [MET, MET, PARTIAL, MET]})
    assert found == [("raise_item", "governance", "GOVERNANCE-3")]


def test_reviewers_are_told_of_submissions_they_can_decide_and_conditions_to_confirm():
    kept = (Condition(TODAY - days(9), ConditionState.KEPT, "train the second shift"),)
    found = next_actions(
        situation(
            data={"decision": PASS, "waiting": WAITING},
            architecture={"decision": CONDITIONAL, "conditions": kept},
            integration={"decision": RETURN, "values": [MET, PARTIAL, MET, MET], "waiting": WAITING},
            governance={"waiting": WAITING},
        )
    )
    reviewers = [one for one in found if one.for_role == ForRole.REVIEWER]
    assert [(one.code, one.gate) for one in reviewers] == [
        (ActionCode.DECIDE_GATE, "data"),
        (ActionCode.CONFIRM_CONDITION, "architecture"),
        (ActionCode.DECIDE_GATE, "integration"),
    ]
    assert (
        reviewers[0].message == "Decide the periodic review of the Data gate, submitted on 18 February 2028."
    )
    assert reviewers[2].message == "Decide the Integration gate, submitted on 18 February 2028."


def test_an_overlay_comes_last_and_a_profile_never():
    found = told(data={"values": [MET, MET, PARTIAL, NOT_MET]}, overlay={"values": [MET, MET, MET, PARTIAL]})
    assert found == [
        ("submit_gate", "conversation", None),
        ("raise_item", "data", "DATA-3"),
        ("raise_item", "data", "DATA-4"),
        ("raise_item", "conversation", "CONVERSATION-4"),
    ]


def test_flags_come_last_by_severity_with_their_countermeasure():
    flags = (
        OpenFlag("a", Severity.INFO, "A", "Do a."),
        OpenFlag("b", Severity.CRITICAL, "B", "Do b."),
        OpenFlag("c", Severity.WARNING, "C", "", ForRole.REVIEWER),
        OpenFlag("d", Severity.CRITICAL, "D", "Do d."),
    )
    found = next_actions(situation(data=NOTHING, flags=flags))
    last = [(one.flag, one.message, one.for_role) for one in found if one.rank == Rank.FACTS]
    assert last == [
        ("b", "B: Do b.", "lead"),
        ("d", "D: Do d.", "lead"),
        ("c", "C", "reviewer"),
        ("a", "A: Do a.", "lead"),
    ]
    assert found[-4:] == tuple(one for one in found if one.rank == Rank.FACTS)


def test_a_flag_that_somebody_acknowledged_comes_after_those_that_nobody_has():
    flags = (
        OpenFlag("a", Severity.CRITICAL, "A", "", acknowledged=True),
        OpenFlag("b", Severity.INFO, "B", ""),
        OpenFlag("c", Severity.WARNING, "C", "", acknowledged=True),
    )
    found = next_actions(situation(data=NOTHING, flags=flags))
    assert [one.flag for one in found if one.rank == Rank.FACTS] == ["b", "a", "c"]


@st.composite
def any_situation(draw):
    decisions = st.sampled_from([None, PASS, PASS, CONDITIONAL, RETURN, STOP])
    named = {}
    for gate in (*FIVE, *CHECKPOINTS):
        named[gate.slug] = {
            "values": draw(
                st.lists(
                    st.sampled_from([MET, MET, *ALL_VALUES]),
                    min_size=len(gate.items),
                    max_size=len(gate.items),
                )
            ),
            "decision": draw(decisions),
            "waiting": draw(st.sampled_from([None, None, WAITING])),
        }
    stage = draw(st.sampled_from([*Stage]))
    return situation(stage, on_hold=draw(st.booleans()), required_met=16, **named)


@settings(max_examples=150, deadline=None)
@given(any_situation())
def test_actions_are_ranked_named_once_and_possible(found):
    actions = next_actions(found)
    assert [one.rank for one in actions] == sorted(one.rank for one in actions)
    named = [(one.code, one.gate, one.item, one.flag) for one in actions]
    assert len(named) == len(set(named))
    by_slug = {one.gate.slug: one for one in found.gates}
    for one in actions:
        assert one.message
        if one.code == ActionCode.SUBMIT_GATE:
            assert by_slug[one.gate].can_submit
        if one.item is not None:
            state = next(it for it in by_slug[one.gate].items if it.item.code == one.item)
            assert state.effective.value != MET
    if found.readiness.verdict == "not_ready" and not found.stage.has_ended and found.stage == Stage.PILOT:
        stopped = any(one.status == "stopped" for one in found.readiness.gates)
        assert actions or stopped, "not ready, and nothing to do about it"


def test_an_item_that_is_not_asked_for_readiness_says_where_it_is_asked():
    found = next_actions(situation(Stage.INTAKE, checkpoint_0=NOTHING, overlay=NOTHING, **ENTERED))
    said = {one.gate: one.message for one in found if one.item}
    names = {gate.slug: gate.name for gate in (*CHECKPOINTS, OVERLAY)}
    for slug in ("checkpoint-0", "conversation"):
        assert said[slug].startswith(f"{names[slug]}: Answer “")
    assert said["data"].startswith("Answer “")
