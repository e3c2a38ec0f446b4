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


def retired(stage: Stage, subject: Subject) -> None:
    story = to_pilot(begin(stage, subject, 545, plan=plan(21, 60, 60)), 525, 500)
    gates_passed(story, 480, 440).move(432, "rollout").move(380, "live")
    story.move(75, "retired", "Replaced by the claim status page; nobody asked it anything any more.")


STORIES = (live_well, live_well_older, live_review_due, live_lapsed_act, live_new, retired)
