"""What happens to each initiative of the demo, told backwards from today in days.

Each story is named for what it shows. They use real acts only, so every flag, lapse and lesson arises by the rules.
"""

from collections.abc import Callable
from typing import Any

from readiness.demo.cast import SPONSORS
from readiness.demo.catalogue import Subject
from readiness.demo.director import NOT_MET, PARTIAL, Stage, Story

GATES = ("data", "architecture", "integration", "governance", "adoption")
TEAM_ONLY_STORIES = frozenset({"intake_team_only"})
NO_SPONSOR = frozenset({"nobody", "faded_out", "intake_long", "stuck_flat"})


def begin(theatre: Stage, subject: Subject, ago: int, **facts: Any) -> Story:
    """Enter the initiative, with the people, plan and money of its subject."""
    lead, owner, deputy = subject.team
    people: dict[str, Any] = {
        "business_owner": owner or None,
        "technical_lead": lead,
        "deputy": deputy or None,
        "executive_sponsor": None if subject.story in NO_SPONSOR else SPONSORS[subject.unit],
    }
    given: dict[str, Any] = {
        "name": subject.name,
        "business_problem": subject.problem,
        "business_unit": subject.unit,
        "technology": subject.technology,
        "vendor": subject.vendor,
        "approach": subject.approach,
        "priority": subject.priority,
        "tags": list(subject.tags),
        "people": people,
        "visibility": "team" if subject.story in TEAM_ONLY_STORIES else "organisation",
    }
    if subject.money:
        given["budget"] = {"planned": subject.planned, "spent": subject.spent, "currency": "EUR"}
        if subject.shares:
            given["budget"] |= {"data_share": subject.shares[0], "change_share": subject.shares[1]}
    return Story(theatre, lead).create(ago, **given | facts)


def plan(poc: int = 28, pilot: int = 90, rollout: int = 120) -> dict[str, Any]:
    return {"poc_days": poc, "pilot_days": pilot, "rollout_days": rollout}


def to_poc(story: Story, poc: int) -> Story:
    """Through Checkpoint 0, into the PoC on that day."""
    story.answer(poc + 12, "checkpoint-0", {"CP0-5": PARTIAL})
    return story.submit(poc + 8, "checkpoint-0").decide(poc + 1, "checkpoint-0").move(poc, "poc")


def to_pilot(story: Story, poc: int, pilot: int) -> Story:
    """Through the PoC and its two checkpoints, into the pilot on that day."""
    to_poc(story, poc)
    middle = (poc + pilot) // 2
    story.answer(middle + 4, "checkpoint-1", {"CP1-6": PARTIAL})
    story.submit(middle + 2, "checkpoint-1").decide(middle, "checkpoint-1")
    story.answer(pilot + 6, "checkpoint-2", {"CP2-5": PARTIAL})
    return story.submit(pilot + 4, "checkpoint-2").decide(pilot + 1, "checkpoint-2").move(pilot, "pilot")


def gates_passed(story: Story, first: int, last: int, gates: tuple[str, ...] = GATES) -> Story:
    """Pass these gates one after another, evenly between two days, and keep their evidence fresh from then on."""
    step = (first - last) // max(len(gates) - 1, 1)
    for number, gate in enumerate(gates):
        story.passes(first - number * step, gate, SMALL_GAPS.get(gate), days=4)
    return story.renew(first - 30, gates, until=3)


SMALL_GAPS = {
    "data": {"DATA-2": PARTIAL},
    "architecture": {"ARCH-1": PARTIAL},
    "governance": {"GOVN-4": PARTIAL},
}


HALF_WAY = {"ENV-2": PARTIAL, "ENV-4": PARTIAL, "ENV-5": NOT_MET, "ENV-7": PARTIAL, "ENV-9": NOT_MET}
FAR_AWAY = HALF_WAY | {"ENV-1": PARTIAL, "ENV-3": NOT_MET, "ENV-6": NOT_MET, "ENV-8": PARTIAL, "ENV-10": ""}


def live_well(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 500, plan=plan()), 470, 430)
    gates_passed(story, 405, 350).move(340, "rollout").move(250, "live")
    for ago in (160, 70):
        story.submit(ago + 6, "governance", "Quarterly review.").decide(ago, "governance")


def live_well_older(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 540, plan=plan()), 515, 480)
    gates_passed(story, 455, 400).move(390, "rollout").move(290, "live")
    for ago in (200, 115, 30):
        story.submit(ago + 6, "data", "Periodic review.").decide(ago, "data")


def live_review_due(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 420, plan=plan()), 395, 360)
    gates_passed(story, 335, 280).move(275, "rollout").move(180, "live")


def live_lapsed_act(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 460, plan=plan()), 430, 395)
    gates_passed(story, 370, 310).move(300, "rollout").move(205, "live")
    story.submit(60, "governance", "Half-yearly review.").decide(52, "governance")
    story.say(5, ARCH_4=PARTIAL)


def retired(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 545, plan=plan(21, 60, 60)), 525, 500)
    gates_passed(story, 480, 440).move(432, "rollout").move(380, "live")
    story.move(75, "retired", "Replaced by the claim status page; nobody asked it anything any more.")


def rollout_well(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 330, plan=plan(28, 120, 120)), 300, 265)
    gates_passed(story, 230, 110).move(58, "rollout")
    story.answer(20, "profile", {"ENV-9": PARTIAL}).say(12, DATA_2="met")


def rollout_lapsed_time(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 300, plan=plan(28, 120, 150)), 275, 245)
    for number, gate in enumerate(GATES):
        story.passes(215 - number * 22, gate, SMALL_GAPS.get(gate), days=4)
    story.renew(185, ("data",), until=141).renew(140, GATES, until=60).move(100, "rollout")
    # From two months ago on only these are renewed: DATA-1 may be 60 days old, and runs out.
    story.renew(40, ("architecture", "integration", "governance", "adoption"), until=3)


def rollout_overrun(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 480, plan=plan(28, 90, 90)), 450, 415)
    gates_passed(story, 385, 320).move(300, "rollout")
    story.edit(40, budget={"spent": "598000.00"})


def ready(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 190, plan=plan(28, 120)), 165, 135)
    gates_passed(story, 110, 6)


def conditional_waiver(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 210, plan=plan(28, 150)), 185, 150)
    gates_passed(story, 125, 50, GATES[:2])
    story.answer(42, "integration", {"INTG-4": NOT_MET})
    reason = "The vendor renews the log export in spring; until then traces are asked for by ticket."
    story.waive(38, "INTG-4", reason, 120)
    story.submit(36, "integration").decide(30, "integration")
    story.renew(20, ("integration",), until=3).passes(16, "governance", days=3).passes(4, "adoption", days=2)


def conditional_overdue(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 220, plan=plan(28, 150)), 195, 160)
    gates_passed(story, 135, 90, GATES[:3])
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


def pilot_well(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 120, plan=plan(28, 90)), 95, 62)
    gates_passed(story, 40, 18, GATES[:2])
    story.answer(8, "integration", {"INTG-2": PARTIAL, "INTG-3": "", "INTG-4": PARTIAL})
    story.answer(6, "profile", FAR_AWAY).say(2, GOVN_1="met", GOVN_2=PARTIAL)


def pilot_four_passed(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 170, plan=plan(28, 120)), 145, 112)
    gates_passed(story, 90, 20, GATES[:4])
    story.answer(16, "profile", HALF_WAY).say(9, ADPT_1="met", ADPT_2="met", ADPT_3="met", ADPT_4=PARTIAL)


def pilot_in_review(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 130, plan=plan(28, 90)), 105, 70)
    gates_passed(story, 48, 25, GATES[:2])
    story.answer(10, "integration", {"INTG-3": PARTIAL}).submit(
        4, "integration", "Everything is live since Monday."
    )


def pilot_returned(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 110, plan=plan(28, 90)), 85, 55)
    story.answer(35, "data", {"DATA-2": PARTIAL}).submit(30, "data")
    story.decide(22, "data", "return").say(11, DATA_3=PARTIAL).say(5, ARCH_2="met")


def pilot_voice(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 135, plan=plan(28, 120)), 108, 75)
    story.attach(70, "conversational-ai").passes(40, "data", SMALL_GAPS["data"])
    story.answer(20, "conversation", {"CONV-2": NOT_MET, "CONV-4": PARTIAL, "CONV-7": PARTIAL, "CONV-8": ""})
    story.answer(9, "architecture", {"ARCH-2": PARTIAL, "ARCH-4": ""})


def stuck_integration(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 360, plan=plan(28, 90)), 330, 295)
    gates_passed(story, 250, 200, GATES[:2])
    story.answer(180, "integration", {"INTG-1": NOT_MET, "INTG-2": PARTIAL, "INTG-3": "", "INTG-4": PARTIAL})


def stuck_governance(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 290, plan=plan(28, 90)), 262, 230)
    gates_passed(story, 200, 120, GATES[:3])
    story.answer(100, "governance", {"GOVN-1": PARTIAL, "GOVN-2": PARTIAL, "GOVN-3": NOT_MET, "GOVN-4": ""})


def stuck_adoption(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 400, plan=plan(28, 120)), 372, 335)
    gates_passed(story, 300, 150, GATES[:4])
    story.answer(120, "adoption", {"ADPT-2": PARTIAL, "ADPT-3": NOT_MET, "ADPT-4": NOT_MET})


def stuck_mocked(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 190, plan=plan(28, 90)), 165, 130)
    story.passes(95, "data", SMALL_GAPS["data"]).renew(65, ("data",), until=3)
    story.answer(60, "architecture", {"ARCH-1": NOT_MET, "ARCH-3": PARTIAL})
    story.answer(30, "integration", {"INTG-1": NOT_MET, "INTG-2": NOT_MET, "INTG-3": "", "INTG-4": PARTIAL})


def stuck_clean_data(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 175, plan=plan(28, 90)), 150, 118)
    story.answer(70, "data", {"DATA-1": PARTIAL, "DATA-4": NOT_MET}).say(15, ADPT_1="met")


def stuck_flat(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 200, plan=plan(28, 180)), 172, 140)
    story.answer(85, "data", {"DATA-1": PARTIAL, "DATA-2": PARTIAL, "DATA-3": ""})
    story.say(12, DATA_2=NOT_MET)


def stuck_silent(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 260, plan=plan(28, 90)), 232, 200)
    story.answer(150, "data", {"DATA-1": PARTIAL, "DATA-2": PARTIAL, "DATA-4": PARTIAL})


def stuck_decision(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 140, plan=plan(28, 120)), 112, 80)
    story.passes(45, "data", SMALL_GAPS["data"]).answer(25, "architecture", SMALL_GAPS["architecture"])
    story.submit(19, "architecture", "Ready since the load test.").say(6, INTG_1=PARTIAL)


def stuck_decision_long(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 180, plan=plan(28, 150)), 152, 118)
    story.answer(45, "data", SMALL_GAPS["data"]).submit(38, "data", "All sources measured.").say(
        4, ARCH_1=PARTIAL
    )


def lapsed_time(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 250, plan=plan(28, 180)), 222, 190)
    story.passes(160, "data", SMALL_GAPS["data"]).passes(130, "architecture", SMALL_GAPS["architecture"])
    story.renew(105, ("data", "architecture"), until=70)
    story.answer(30, "integration", {"INTG-2": PARTIAL, "INTG-3": ""})
    story.say(8, INTG_4="met")


def lapsed_material(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 210, plan=plan(28, 150)), 182, 150)
    gates_passed(story, 120, 40, GATES[:3])
    story.change(6, "model", "The provider replaced the model under the same name.", "data", "architecture")


def orphaned(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 170, plan=plan(28, 120)), 142, 110)
    gates_passed(story, 85, 60, GATES[:1])
    story.leaves(33, "rolf").say(9, ARCH_2=PARTIAL)


def nobody(stage: Stage, subject: Subject) -> None:
    facts = {"stage": "pilot", "stage_since": stage.day(150)}
    begin(stage, subject, 120, **facts).answer(95, "data", {"DATA-1": PARTIAL, "DATA-2": "", "DATA-3": ""})


def single_person(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 120, plan=plan(28, 90)), 92, 60)
    story.passes(30, "data", SMALL_GAPS["data"]).say(7, ARCH_3="met", ARCH_2=PARTIAL)


def on_hold(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 160, plan=plan(28, 90)), 132, 100)
    story.passes(70, "data", SMALL_GAPS["data"])
    story.hold(35, "The contract with the vendor is renegotiated; nothing can be bought before.", 70)


def hold_expired(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 230, plan=plan(28, 90)), 202, 170)
    story.passes(140, "data", SMALL_GAPS["data"])
    story.hold(110, "Waiting for the new claims system.", 80)


def stopped_criteria(stage: Stage, subject: Subject) -> None:
    story = to_poc(begin(stage, subject, 150, plan=plan(28)), 125)
    story.answer(113, "checkpoint-1", {"CP1-2": PARTIAL, "CP1-3": NOT_MET})
    story.submit(111, "checkpoint-1").decide(
        108, "checkpoint-1", "return", "Read both kinds of measure first."
    )
    story.say(104, CP1_2="met").submit(103, "checkpoint-1").decide(101, "checkpoint-1")
    story.answer(98, "checkpoint-2", {"CP2-1": NOT_MET, "CP2-2": NOT_MET, "CP2-3": NOT_MET, "CP2-5": ""})
    story.submit(96, "checkpoint-2", "Accuracy is 71 %; the agreed limit was 80 %.")
    rationale = "The agreed limit of 80 % was not reached with any approach."
    story.decide(92, "checkpoint-2", "stop", rationale, lesson=HANDWRITING)


def stopped_decided(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 340, plan=plan(28, 90)), 312, 280)
    story.passes(240, "data", SMALL_GAPS["data"]).answer(
        200, "governance", {"GOVN-1": NOT_MET, "GOVN-3": NOT_MET}
    )
    story.move(150, "stopped", lesson=ELASTICITY)


def faded_out(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 480, plan=plan(28, 60)), 450, 410)
    story.answer(380, "data", {"DATA-1": PARTIAL, "DATA-2": "", "DATA-3": "", "DATA-4": NOT_MET})
    story.move(120, "stopped", lesson=FADED)


def poc_well(stage: Stage, subject: Subject) -> None:
    story = to_poc(begin(stage, subject, 41, plan=plan(42, 90)), 18)
    story.answer(6, "checkpoint-1", {"CP1-3": PARTIAL, "CP1-6": PARTIAL}).submit(3, "checkpoint-1")


def poc_checkpoint_due(stage: Stage, subject: Subject) -> None:
    story = to_poc(begin(stage, subject, 70, plan=plan(28, 90)), 45)
    story.answer(25, "checkpoint-1", {"CP1-2": PARTIAL, "CP1-3": NOT_MET, "CP1-5": ""}).say(
        10, DATA_1=PARTIAL
    )


def poc_silent(stage: Stage, subject: Subject) -> None:
    story = to_poc(begin(stage, subject, 120, plan=plan(42, 90)), 80)
    story.answer(62, "checkpoint-1").submit(61, "checkpoint-1").decide(58, "checkpoint-1")


def intake_new(stage: Stage, subject: Subject) -> None:
    begin(stage, subject, 4).say(2, CP0_1="met", CP0_7=PARTIAL)


def intake_waiting(stage: Stage, subject: Subject) -> None:
    story = begin(stage, subject, 25, plan=plan())
    story.answer(9, "checkpoint-0", {"CP0-5": PARTIAL, "CP0-7": PARTIAL}).submit(6, "checkpoint-0")


def intake_long(stage: Stage, subject: Subject) -> None:
    begin(stage, subject, 75).say(60, CP0_1=NOT_MET)


def intake_team_only(stage: Stage, subject: Subject) -> None:
    begin(stage, subject, 18).say(10, CP0_1="met", CP0_3="met")


HANDWRITING = {
    "outcome": "agreed_criteria",
    "tried": "Three engines on 2,000 forms of four decades, with and without a dictionary of names.",
    "did_not_work": "Old German handwriting stayed at 71 % of fields right; 80 % was the agreed limit.",
    "technical_constraint": "Scans of 150 dpi lose the strokes; the originals are gone.",
    "organisational_barrier": "",
    "root_cause": "feasibility",
    "advice": "Ask for the scan quality before anything else.",
}
ELASTICITY = {
    "outcome": "decided",
    "tried": "A causal model on five years of renewals, and a small test in two regions.",
    "did_not_work": "The result could not be explained to the supervisor in a form that Legal would sign.",
    "technical_constraint": "Too few price changes in the past to learn from.",
    "organisational_barrier": "Risk and Legal saw it for the first time in month five.",
    "root_cause": "governance",
    "advice": "Invite the people who must sign before the pilot, not after.",
}
FADED = {
    "outcome": "faded_out",
    "tried": "A chat window in the intranet for everything.",
    "did_not_work": "Nobody needed it for anything in particular; use fell to eleven people.",
    "technical_constraint": "",
    "organisational_barrier": "No unit wanted to own it after the launch event.",
    "root_cause": "unclear_problem",
    "advice": "Begin with one problem that somebody has on Monday morning.",
}

STORIES: dict[str, Callable[[Stage, Subject], None]] = {
    story.__name__: story for story in (
        live_well, live_well_older, live_review_due, live_lapsed_act, retired, rollout_well, rollout_lapsed_time,
        rollout_overrun, ready, conditional_waiver, conditional_overdue, conditional, pilot_well, pilot_four_passed,
        pilot_in_review, pilot_returned, pilot_voice, stuck_integration, stuck_governance, stuck_adoption,
        stuck_mocked, stuck_clean_data, stuck_flat, stuck_silent, stuck_decision, stuck_decision_long, lapsed_time,
        lapsed_material, orphaned, nobody, single_person, on_hold, hold_expired, stopped_criteria, stopped_decided,
        faded_out, poc_well, poc_checkpoint_due, poc_silent, intake_new, intake_waiting, intake_long,
        intake_team_only,
    )
}  # fmt: skip
