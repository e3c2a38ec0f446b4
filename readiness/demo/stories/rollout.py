"""In rollout, and ready for it."""

from readiness.demo.catalogue import Subject
from readiness.demo.director import Stage
from readiness.demo.stories.ways import (
    GATES,
    HALF_WAY,
    NEARLY_THERE,
    SMALL_GAPS,
    begin,
    gates_passed,
    plan,
    to_pilot,
)
from readiness.demo.telling.gates import NOT_MET, PARTIAL
from readiness.demo.telling.lives import every_topic


def rollout_well(stage: Stage, subject: Subject) -> None:
    """On its way, desk by desk; a deputy who moved on has handed over."""
    story = to_pilot(begin(stage, subject, 376, plan=plan(28, 120, 120)), 300, 265)
    gates_passed(story, 230, 110).move(58, "rollout")
    story.answer(20, "profile", NEARLY_THERE).say(12, DATA_2="met")
    notes = (
        "Prompts and their tests lie in the repository of the desk; the model is the one of September.",
        "Terms of before 2015 are left out on purpose: they contradict each other.",
        "The service account of the mail gateway expires each January.",
        "The owner of the terms is Helen Walsh; the broker list comes from Sales control every night.",
        "The pause rule of the expansion is new, and the desks have to hear of it.",
        "At Nimbus AI ask for the support of the north; the hotline knows nothing.",
    )
    story.hands_over(75, "ines").tells(68, "ines", every_topic(notes), "karin").has_handed_over(62, "ines")
    story.edit(61, people={"deputy": "karin"})


def rollout_lapsed_time(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 372, plan=plan(28, 120, 150)), 275, 245)
    for number, gate in enumerate(GATES):
        story.passes(215 - number * 22, gate, SMALL_GAPS.get(gate), days=4)
    story.renew(185, ("data",), until=141).renew(140, GATES, until=60).move(100, "rollout")
    # From two months ago on only these are renewed: DATA-1 may be 60 days old, and runs out.
    story.renew(40, ("architecture", "integration", "governance", "adoption"), until=3)
    story.answer(92, "profile", HALF_WAY)


def rollout_overrun(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 520, plan=plan(28, 90, 90)), 450, 415)
    gates_passed(story, 385, 320).move(300, "rollout")
    story.edit(40, budget={"spent": "661000.00"})
    reason = "The budget for next year is decided in the first week of December."
    story.puts_off(38, "stage_overrun", "elsa", reason, -14)


def ready(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 190, plan=plan(28, 150)), 165, 135)
    gates_passed(story, 110, 6).answer(30, "profile", NEARLY_THERE)


def conditional_waiver(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 210, plan=plan(28, 180)), 185, 150)
    gates_passed(story, 125, 50, GATES[:2])
    story.answer(42, "integration", {"INTG-4": NOT_MET})
    reason = "The vendor renews the log export in spring; until then traces are asked for by ticket."
    story.waive(38, "INTG-4", reason, 120)
    story.submit(36, "integration").decide(30, "integration")
    story.renew(20, ("integration",), until=3).passes(16, "governance", days=3).passes(4, "adoption", days=2)


def conditional_overdue(stage: Stage, subject: Subject) -> None:
    """A condition is overdue; a figure that was changed in time has been acknowledged."""
    story = to_pilot(begin(stage, subject, 220, plan=plan(28, 180)), 195, 160)
    gates_passed(story, 135, 90, GATES[:3])
    reason = "The first measure counted the greeting too; the target stays."
    story.amend(118, "Minutes typed after a call", reason, acknowledged=110, stop_limit="2.6")
    story.answer(72, "governance", {"GOVN-4": PARTIAL}).submit(66, "governance")
    promise = ("Agree with the works council on how long recordings are kept", "karin", 9)
    story.decide(60, "governance", "pass_with_conditions", conditions=[promise])
    story.renew(30, ("governance",), until=3).passes(14, "adoption", days=3)


def conditional(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 200, plan=plan(28, 150)), 178, 145)
    gates_passed(story, 120, 40, GATES[:4])
    promise = ("Train the second group before the rollout grows beyond Legal", "david", -40)
    story.answer(20, "adoption", {"ADPT-3": PARTIAL}).submit(14, "adoption")
    story.decide(7, "adoption", "pass_with_conditions", conditions=[promise])


STORIES = (
    rollout_well, rollout_lapsed_time, rollout_overrun, ready, conditional_waiver, conditional_overdue, conditional,
)  # fmt: skip
