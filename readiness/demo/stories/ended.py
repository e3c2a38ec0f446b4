"""What was stopped: on criteria agreed before, by a decision, or because it faded out."""

from readiness.demo.catalogue import Subject
from readiness.demo.director import Stage
from readiness.demo.stories.ways import SMALL_GAPS, begin, plan, to_pilot, to_poc
from readiness.demo.telling.gates import NOT_MET, PARTIAL


def stopped_criteria(stage: Stage, subject: Subject) -> None:
    """Stopped by the reviewer, at the checkpoint for which the limit was agreed."""
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


def stopped_on_exit(stage: Stage, subject: Subject) -> None:
    """Stopped by the person who was named for it, when the use had been too low for as long as was agreed."""
    story = to_pilot(begin(stage, subject, 250, plan=plan(28, 120)), 222, 190)
    story.passes(150, "data", SMALL_GAPS["data"]).passes(120, "architecture", SMALL_GAPS["architecture"])
    reason = "Agreed in spring, measured for eight weeks. We stop, and keep what we learned."
    story.resolves(70, "Customers who use the chat in a week", "stop", reason, lesson=CHAT)


def stopped_decided(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 400, plan=plan(28, 90)), 312, 280)
    story.passes(240, "data", SMALL_GAPS["data"]).answer(
        200, "governance", {"GOVN-1": NOT_MET, "GOVN-3": NOT_MET}
    )
    story.move(150, "stopped", lesson=ELASTICITY)


def faded_out(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 530, plan=plan(28, 60)), 450, 410)
    story.answer(380, "data", {"DATA-1": PARTIAL, "DATA-2": "", "DATA-3": "", "DATA-4": NOT_MET})
    story.move(120, "stopped", lesson=FADED)


HANDWRITING = {
    "outcome": "agreed_criteria",
    "tried": "Three engines on 2,000 forms of four decades, with and without a dictionary of names.",
    "did_not_work": "Old German handwriting stayed at 71 % of fields right; 80 % was the agreed limit.",
    "technical_constraint": "Scans of 150 dpi lose the strokes; the originals are gone.",
    "organisational_barrier": "",
    "root_cause": "feasibility",
    "advice": "Ask for the scan quality before anything else.",
}
CHAT = {
    "tried": "A chat on the customer portal for changes of address, bank account and cover.",
    "did_not_work": "Its answers were right, and after the first weeks fewer than three in ten visitors opened it.",
    "technical_constraint": "",
    "organisational_barrier": "The portal's own forms stayed where they were, one click nearer.",
    "root_cause": "change_management",
    "advice": "Take the old way away first, or make the new one the shorter one.",
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

STORIES = (stopped_criteria, stopped_on_exit, stopped_decided, faded_out)
