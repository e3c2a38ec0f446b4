"""Before the pilot."""

from readiness.demo.catalogue import Subject
from readiness.demo.director import Stage
from readiness.demo.stories.ways import begin, plan, to_poc
from readiness.demo.telling.gates import NOT_MET, PARTIAL


def poc_well(stage: Stage, subject: Subject) -> None:
    story = to_poc(begin(stage, subject, 41, plan=plan(42, 90)), 18)
    story.answer(6, "checkpoint-1", {"CP1-3": PARTIAL, "CP1-6": PARTIAL}).submit(3, "checkpoint-1")
    story.says(5, "petra", "@lena the adjusters want to see ten odd cases, not the average.", item="CP1-3")
    story.asks(4, "petra", "lena", "CP1-3", -6, "The ten cases from the hailstorm in June.")


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


def intake_long(stage: Stage, subject: Subject) -> None:
    begin(stage, subject, 75).say(60, CP0_1=NOT_MET)


def intake_team_only(stage: Stage, subject: Subject) -> None:
    begin(stage, subject, 18).say(10, CP0_1="met", CP0_3="met")


STORIES = (poc_well, poc_checkpoint_due, poc_silent, intake_new, intake_long, intake_team_only)
