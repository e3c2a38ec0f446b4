"""Pilots that move: most of them well, some with a crack."""

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
from readiness.demo.telling import Story
from readiness.demo.telling.gates import NOT_MET, PARTIAL


def pilot_celebrated(stage: Stage, subject: Subject) -> None:
    """It works, everybody says so, and nobody owns it or has planned what comes next; who uses it is not counted."""
    story = to_pilot(begin(stage, subject, 165, plan=plan(28, 120)), 138, 105)
    gates_passed(story, 84, 66, GATES[:2])
    story.answer(60, "integration", {"INTG-1": "met", "INTG-2": PARTIAL, "INTG-3": "", "INTG-4": PARTIAL})


def pilot_well(stage: Stage, subject: Subject) -> None:
    """Within its plan. It entered over the parallel limit, and says why."""
    story = begin(stage, subject, 120, plan=plan(28, 90))
    story.limit(90, ("pilot", subject.unit, 5), ("rollout", "", 2))
    reason = "It shares its trainers with the travel claims; one after the other would mean training twice."
    to_pilot(story, 95, 62, over_limit=reason)
    gates_passed(story, 40, 18, GATES[:2])
    story.answer(8, "integration", {"INTG-2": PARTIAL, "INTG-3": "", "INTG-4": PARTIAL})
    story.answer(6, "profile", FAR_AWAY).say(2, GOVN_1="met", GOVN_2=PARTIAL)
    story.asks(13, "petra", "lena", "INTG-3", 2, "The vendor answers to you, not to me.")
    story.says(
        12,
        "anton",
        "@lena the interface of the garages takes one photo at a time. Ten need a queue.",
        item="INTG-3",
    )
    story.says(
        11,
        "lena",
        "@anton good catch. I ask Papyra what their limit is:\nhttps://docs.papyra.example/limits",
        item="INTG-3",
    )
    story.says(
        5,
        "ravi",
        "@lena before you submit: name who gets the call when the interface is down at night.",
        "integration",
    )
    story.asks(9, "lena", "anton", "INTG-4", 4).finishes(6, "anton", "INTG-4")
    _checked(story)
    story.asks(3, "lena", "petra", "GOVN-2", -11, "A sentence from the works council is enough.")


def _checked(story: Story) -> None:
    """A check that passes every few nights, one that warns, and one that failed before it passed."""
    quality, live, drill = (
        ("DATA-1", "data-quality"),
        ("INTG-1", "interfaces-live"),
        ("INTG-2", "failure-drill"),
    )
    for ago, *check in ((14, *quality), (7, *live), (5, *drill)):
        story.measured_by(ago, *check)
    for ago in (13, 10, 7, 4, 1):
        story.checked(ago, *quality, "pass", "6 of 6 sources inside their limits")
    story.checked(7, *live, "fail", "9 of 11 interface tests passed; the garages answer too late")
    story.checked(6, *live, "fail", "10 of 11 interface tests passed; the garages answer too late")
    story.checked(5, *live, "pass", "11 of 11 interface tests passed")
    story.checked(2, *live, "pass", "11 of 11 interface tests passed")
    story.checked(4, *drill, "warn", "7 of 8 failures ended as planned; photos sent twice are counted twice")


def pilot_four_passed(stage: Stage, subject: Subject) -> None:
    """Its business owner left, and somebody else took over everything of hers in one act."""
    story = to_pilot(begin(stage, subject, 170, plan=plan(28, 120)), 145, 112)
    gates_passed(story, 90, 20, GATES[:4]).everything_to(92, "greta", "helen").leaves(91, "greta")
    story.answer(16, "profile", HALF_WAY).say(9, ADPT_1="met", ADPT_2="met", ADPT_3="met", ADPT_4=PARTIAL)


def pilot_in_review(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 130, plan=plan(28, 90)), 105, 70)
    gates_passed(story, 48, 25, GATES[:2])
    story.takes_back(
        9, "Handlers who use it in a week", "Counted with the two trainers; they are no handlers."
    )
    story.answer(10, "integration", {"INTG-3": PARTIAL}).submit(
        4, "integration", "Everything is live since Monday."
    )


def pilot_returned(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 135, plan=plan(28, 90)), 112, 80)
    story.answer(35, "data", {"DATA-2": PARTIAL}).submit(30, "data")
    story.decide(22, "data", "return").say(11, DATA_3=PARTIAL).say(5, ARCH_2="met", INTG_1="met")


def pilot_voice(stage: Stage, subject: Subject) -> None:
    """A voice agent with its own list: it repeats itself, and callers ask for a person."""
    story = to_pilot(begin(stage, subject, 135, plan=plan(28, 120)), 108, 75)
    story.attach(70, "conversational-ai").passes(40, "data", SMALL_GAPS["data"])
    story.answer(20, "conversation", {"CONV-2": NOT_MET, "CONV-4": PARTIAL, "CONV-7": PARTIAL, "CONV-8": ""})
    story.answer(9, "architecture", {"ARCH-2": PARTIAL, "ARCH-4": ""}).say(7, INTG_1="met")
    story.renew(8, ("data",), until=3)


def lapsed_material(stage: Stage, subject: Subject) -> None:
    """The model changed under its name, and a limit was lowered after its first readings."""
    story = to_pilot(begin(stage, subject, 210, plan=plan(28, 180)), 182, 150)
    gates_passed(story, 120, 40, GATES[:3])
    reason = "Winter brings visitors who only compare; 50 % was measured in summer."
    story.amend(57, "Visitors who see a price", reason, go_limit="46")
    story.change(6, "model", "The provider replaced the model under the same name.", "data", "architecture")
    story.says(
        5, "samuel", "@omar do last month's figures still count with the new model?", gate="architecture"
    )
    story.asks(4, "samuel", "omar", "ARCH-2", -9, "Measure anew with the new model.")
    story.says(4, "omar", "@samuel not as evidence. I measure again and submit both gates.", item="ARCH-2")


def lapsed_time(stage: Stage, subject: Subject) -> None:
    """Too many false alarms: reworked as agreed, and better since. Now its evidence has run out."""
    story = to_pilot(begin(stage, subject, 320, plan=plan(28, 180)), 222, 190)
    reason = "Train it anew on the invoices of this year, and show hints above a certainty only."
    story.resolves(112, "False alarms", "rework", reason)
    story.passes(160, "data", SMALL_GAPS["data"]).passes(130, "architecture", SMALL_GAPS["architecture"])
    story.renew(105, ("data", "architecture"), until=70)
    story.answer(30, "integration", {"INTG-2": PARTIAL, "INTG-3": ""})
    story.say(8, INTG_4="met")


def orphaned(stage: Stage, subject: Subject) -> None:
    """Its business owner left; the handover is open."""
    story = to_pilot(begin(stage, subject, 170, plan=plan(28, 120)), 142, 110)
    gates_passed(story, 85, 60, GATES[:1]).leaves(33, "rolf")
    notes = {
        "data": "The price list of the garages belongs to Petra Novák; it is renewed every quarter.",
        "contacts": "Ask for Mr Aydin at the garage association, never for the office.",
    }
    story.tells(26, "rolf", notes).say(9, ARCH_2=PARTIAL, INTG_1="met")


STORIES = (
    pilot_celebrated, pilot_well, pilot_four_passed, pilot_in_review, pilot_returned, pilot_voice, lapsed_material,
    lapsed_time, orphaned,
)  # fmt: skip
