"""Pilots that stand still, each for its own reason."""

from readiness.demo.catalogue import Subject
from readiness.demo.director import Stage
from readiness.demo.stories.ways import (
    FAR_AWAY,
    GATES,
    HALF_WAY,
    SMALL_GAPS,
    begin,
    gates_passed,
    plan,
    to_pilot,
)
from readiness.demo.telling.gates import NOT_MET, PARTIAL


def stuck_integration(stage: Stage, subject: Subject) -> None:
    """The model works and is not connected; by now an agreed limit was reached, and nobody has decided."""
    story = to_pilot(begin(stage, subject, 428, plan=plan(28, 90)), 330, 295)
    gates_passed(story, 250, 200, GATES[:2])
    story.answer(180, "integration", {"INTG-1": NOT_MET, "INTG-2": PARTIAL, "INTG-3": "", "INTG-4": PARTIAL})
    story.answer(176, "profile", FAR_AWAY).sees(60, "one_gate_behind", "viktor")
    note = "We would know what to answer if the interface were there."
    story.names_cause(42, "score_flat", "integration", "samuel", note)


def stuck_governance(stage: Stage, subject: Subject) -> None:
    """Legal came late and security not at all; its deputy has left."""
    story = to_pilot(begin(stage, subject, 430, plan=plan(28, 120)), 342, 310)
    gates_passed(story, 280, 196, GATES[:3])
    story.answer(100, "governance", {"GOVN-1": PARTIAL, "GOVN-2": PARTIAL, "GOVN-3": NOT_MET, "GOVN-4": ""})
    story.leaves(25, "tim")


def stuck_adoption(stage: Stage, subject: Subject) -> None:
    """Fewer use it every week. An executive decided to go on until a day, and answers for it."""
    story = to_pilot(begin(stage, subject, 445, plan=plan(28, 120)), 372, 335)
    gates_passed(story, 300, 150, GATES[:4])
    story.answer(120, "adoption", {"ADPT-2": PARTIAL, "ADPT-3": NOT_MET, "ADPT-4": NOT_MET})
    reason = "The training was ours to give and we moved it. Judge it by the use after the January groups."
    story.resolves(80, "Underwriters who use it in a week", "go_on", reason, until=-60)
    story.names_cause(
        66, "one_gate_behind", "change_management", "ravi", "Said by five of the nine whom I asked."
    )


def stuck_mocked(stage: Stage, subject: Subject) -> None:
    """Measured by its error only, against a system that is still a stand-in."""
    story = to_pilot(begin(stage, subject, 190, plan=plan(28, 90)), 165, 130)
    story.passes(95, "data", SMALL_GAPS["data"]).renew(65, ("data",), until=3)
    story.answer(60, "architecture", {"ARCH-1": NOT_MET, "ARCH-3": PARTIAL})
    story.answer(30, "integration", {"INTG-1": NOT_MET, "INTG-2": NOT_MET, "INTG-3": "", "INTG-4": PARTIAL})


def stuck_clean_data(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 175, plan=plan(28, 90)), 150, 118)
    story.answer(70, "data", {"DATA-1": PARTIAL, "DATA-4": NOT_MET}).say(15, ADPT_1="met", INTG_1="met")
    story.answer(68, "profile", FAR_AWAY)


def stuck_flat(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 200, plan=plan(28, 180)), 172, 140)
    story.answer(85, "data", {"DATA-1": PARTIAL, "DATA-2": PARTIAL, "DATA-3": ""})
    story.say(12, DATA_2=NOT_MET)


def stuck_silent(stage: Stage, subject: Subject) -> None:
    """It waited long for its start; then it just went silent, and so did its sponsor."""
    story = to_pilot(begin(stage, subject, 374, plan=plan(28, 90)), 232, 200)
    story.answer(150, "data", {"DATA-1": PARTIAL, "DATA-2": PARTIAL, "DATA-4": PARTIAL})


def stuck_decision(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 140, plan=plan(28, 120)), 112, 80)
    story.passes(45, "data", SMALL_GAPS["data"]).answer(25, "architecture", SMALL_GAPS["architecture"])
    story.submit(19, "architecture", "Ready since the load test.").say(6, INTG_1="met")
    story.renew(10, ("data",), until=3)


def stuck_decision_long(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 180, plan=plan(28, 150)), 152, 118)
    story.answer(45, "data", SMALL_GAPS["data"]).submit(38, "data", "All sources measured.")
    story.say(4, ARCH_1=PARTIAL, INTG_1="met")


def nobody(stage: Stage, subject: Subject) -> None:
    facts = {"stage": "pilot", "stage_since": stage.day(150)}
    begin(stage, subject, 120, **facts).answer(95, "data", {"DATA-1": PARTIAL, "DATA-2": "", "DATA-3": ""})


def on_hold(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 160, plan=plan(28, 90)), 132, 100)
    story.passes(70, "data", SMALL_GAPS["data"]).answer(64, "profile", HALF_WAY)
    story.hold(35, "The contract with the vendor is renegotiated; nothing can be bought before.", 70)


def hold_expired(stage: Stage, subject: Subject) -> None:
    """Put on hold as it was agreed when a limit was reached. The day to look at it again has passed."""
    story = to_pilot(begin(stage, subject, 230, plan=plan(28, 90)), 202, 170)
    story.passes(140, "data", SMALL_GAPS["data"])
    reason = "The claims system hands photos on once a night. Waiting for the new one."
    story.resolves(110, "Photos sorted within the hour", "hold", reason, until=30)


STORIES = (
    stuck_integration, stuck_governance, stuck_adoption, stuck_mocked, stuck_clean_data, stuck_flat, stuck_silent,
    stuck_decision, stuck_decision_long, nobody, on_hold, hold_expired,
)  # fmt: skip
