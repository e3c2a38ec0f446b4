"""What went live."""

from readiness.demo.catalogue import Subject
from readiness.demo.director import Stage
from readiness.demo.stories.ways import NEARLY_THERE, begin, gates_passed, plan, to_pilot
from readiness.demo.telling.gates import PARTIAL


def live_well(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 500, plan=plan()), 470, 430)
    gates_passed(story, 405, 350).move(340, "rollout").move(250, "live").answer(330, "profile")
    for ago in (160, 70):
        story.submit(ago + 6, "governance", "Quarterly review.").decide(ago, "governance")


def live_well_older(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 540, plan=plan()), 515, 480)
    gates_passed(story, 455, 400).move(390, "rollout").move(290, "live").answer(380, "profile")
    for ago in (200, 115, 30):
        story.submit(ago + 6, "data", "Periodic review.").decide(ago, "data")


def live_review_due(stage: Stage, subject: Subject) -> None:
    """Nobody measured the value, and nobody has looked at a gate since the rollout began."""
    story = to_pilot(begin(stage, subject, 420, plan=plan(28, 90, 180)), 395, 360)
    gates_passed(story, 335, 280).move(275, "rollout").move(100, "live")


def live_lapsed_act(stage: Stage, subject: Subject) -> None:
    """Its value fell short of the promise after a change of words; the monitoring noticed it late."""
    story = to_pilot(begin(stage, subject, 460, plan=plan()), 430, 395)
    gates_passed(story, 370, 310).move(300, "rollout").move(205, "live")
    story.submit(60, "governance", "Half-yearly review.").decide(52, "governance")
    story.say(5, ARCH_4=PARTIAL)


def live_new(stage: Stage, subject: Subject) -> None:
    """Live for two months, and the first value is still to be read."""
    story = to_pilot(begin(stage, subject, 330, plan=plan(28, 120, 90)), 305, 275)
    gates_passed(story, 245, 150).move(130, "rollout").move(60, "live").answer(56, "profile", NEARLY_THERE)
    story.submit(46, "adoption", "First review after the launch.").decide(40, "adoption")


def live_in_one_head(stage: Stage, subject: Subject) -> None:
    """Quickly there, because one person did it all; and it still hangs on that one person."""
    story = to_pilot(begin(stage, subject, 318, plan=plan(28, 90, 90)), 292, 262)
    gates_passed(story, 238, 185).move(178, "rollout").move(113, "live")
    story.submit(68, "architecture", "First review after the launch.").decide(62, "architecture")


def live_slow(stage: Stage, subject: Subject) -> None:
    """A year on its way, and the money it saves is less than was promised."""
    story = to_pilot(begin(stage, subject, 508, plan=plan(42, 150, 120)), 474, 430)
    gates_passed(story, 390, 290).move(272, "rollout").move(140, "live")
    for ago in (146, 62):
        story.submit(ago + 6, "data", "Periodic review.").decide(ago, "data")


def live_long_way(stage: Stage, subject: Subject) -> None:
    """Fourteen months, most of them spent on who answers for a missed deadline. It keeps its promise."""
    story = to_pilot(begin(stage, subject, 536, plan=plan(42, 210, 150)), 505, 458)
    gates_passed(story, 400, 252).move(240, "rollout").move(112, "live")
    for ago in (118, 34):
        story.submit(ago + 6, "governance", "Half-yearly review.").decide(ago, "governance")


def retired(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 545, plan=plan(21, 60, 60)), 525, 500)
    gates_passed(story, 480, 440).move(432, "rollout").move(380, "live")
    story.move(75, "retired", "Replaced by the claim status page; nobody asked it anything any more.")


def retired_after_use(stage: Stage, subject: Subject) -> None:
    """It did what was promised, until what it guessed was delivered by others."""
    story = to_pilot(begin(stage, subject, 544, plan=plan(28, 60, 60)), 522, 492)
    gates_passed(story, 465, 415).move(408, "rollout").move(368, "live")
    for ago in (280, 190, 100):
        story.submit(ago + 6, "data", "Periodic review.").decide(ago, "data")
    story.move(48, "retired", "The register of firms now delivers the trade code with every new entry.")


STORIES = (
    live_well, live_well_older, live_review_due, live_lapsed_act, live_new, live_in_one_head, live_slow, live_long_way,
    retired, retired_after_use,
)  # fmt: skip
