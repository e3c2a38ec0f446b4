"""What many stories have in common: how one begins, and its way through checkpoints and gates."""

from typing import Any

from readiness.demo.cast import SPONSORS
from readiness.demo.catalogue import Subject
from readiness.demo.director import Stage
from readiness.demo.lives import Life, lives
from readiness.demo.telling import Story
from readiness.demo.telling.gates import NOT_MET, PARTIAL

GATES = ("data", "architecture", "integration", "governance", "adoption")
TEAM_ONLY_STORIES = frozenset({"intake_team_only"})
NO_SPONSOR = frozenset({"nobody", "faded_out", "intake_long", "stuck_flat"})
SETTLING = 2
"""Days after the entry on which what is promised is written down."""
THOUSAND = 1000

SMALL_GAPS = {
    "data": {"DATA-2": PARTIAL},
    "architecture": {"ARCH-1": PARTIAL},
    "governance": {"GOVN-4": PARTIAL},
}
NEARLY_THERE = {"ENV-9": PARTIAL}
HALF_WAY = {"ENV-2": PARTIAL, "ENV-4": PARTIAL, "ENV-5": NOT_MET, "ENV-7": PARTIAL, "ENV-9": NOT_MET}
FAR_AWAY = HALF_WAY | {"ENV-1": PARTIAL, "ENV-3": NOT_MET, "ENV-6": NOT_MET, "ENV-8": PARTIAL, "ENV-10": ""}


def begin(theatre: Stage, subject: Subject, ago: int, **facts: Any) -> Story:
    """Enter the initiative, with the people, plan and money of its subject, and everything that its life tells."""
    life = lives().get(subject.story, Life())
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
        "budget": _budget(subject, life),
    }
    story = Story(theatre, lead).create(ago, **given | facts)
    live(story, subject, life, ago)
    return story


def _budget(subject: Subject, life: Life) -> dict[str, Any]:
    """What is known of the money at the start; what was spent by month is entered month by month."""
    if subject.money is None:
        return {}
    budget: dict[str, Any] = {"planned": subject.planned, "currency": subject.currency}
    if life.spends is None:
        budget["spent"] = subject.spent
    if subject.shares:
        budget |= {"data_share": subject.shares[0], "change_share": subject.shares[1]}
    if life.estimate:
        build, run = life.estimate
        budget |= {"estimate_build": build * THOUSAND, "estimate_run": run * THOUSAND}
    return budget


def live(story: Story, subject: Subject, life: Life, ago: int) -> None:
    """Everything that its life tells: promises and readings, people involved, roadmap, money, remarks."""
    for told in life.kpis:
        story.promise(ago - SETTLING, told)
    for criterion in life.exits:
        story.agree(ago - SETTLING, **criterion)
    for day, involved in life.involved_in_turn:
        story.involve(day, involved)
    if life.roadmap:
        story.plans_production(life.roadmap)
    if life.spends is not None and subject.money and subject.shares:
        story.spends(ago, life.spends, subject.money[1], *subject.shares)
    for day, who, words in life.said:
        story.says(day, who, words)
    if life.worked:
        story.taught(life.worked.ago, life.worked)


def plan(poc: int = 28, pilot: int = 90, rollout: int = 120) -> dict[str, Any]:
    return {"poc_days": poc, "pilot_days": pilot, "rollout_days": rollout}


def to_poc(story: Story, poc: int) -> Story:
    """Through Checkpoint 0, into the PoC on that day."""
    story.answer(poc + 12, "checkpoint-0", {"CP0-5": PARTIAL})
    return story.submit(poc + 8, "checkpoint-0").decide(poc + 1, "checkpoint-0").move(poc, "poc")


def to_pilot(story: Story, poc: int, pilot: int, over_limit: str = "") -> Story:
    """Through the PoC and its two checkpoints, into the pilot on that day."""
    to_poc(story, poc)
    middle = (poc + pilot) // 2
    story.answer(middle + 4, "checkpoint-1", {"CP1-6": PARTIAL})
    story.submit(middle + 2, "checkpoint-1").decide(middle, "checkpoint-1")
    story.answer(pilot + 6, "checkpoint-2", {"CP2-5": PARTIAL})
    story.submit(pilot + 4, "checkpoint-2").decide(pilot + 1, "checkpoint-2")
    return story.move(pilot, "pilot", over_limit=over_limit)


def gates_passed(story: Story, first: int, last: int, gates: tuple[str, ...] = GATES) -> Story:
    """Pass these gates one after another, evenly between two days, and keep their evidence fresh from then on."""
    step = (first - last) // max(len(gates) - 1, 1)
    for number, gate in enumerate(gates):
        story.passes(first - number * step, gate, SMALL_GAPS.get(gate), days=4)
    return story.renew(first - 30, gates, until=3)
