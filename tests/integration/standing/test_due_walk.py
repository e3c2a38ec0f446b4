"""Nothing that time changes is missed: a walk of 400 days, over a leap day and both changes of the clocks.

At each midnight the sweep touches what is due and nothing else. Then every initiative, due or not, is judged from its
facts alone and laid beside what is stored.
"""

from datetime import datetime
from decimal import Decimal

from gates.models import ExitTrigger
from readiness.accounts.models import User
from readiness.actions.organisation import edit_organisation, set_thresholds
from readiness.actions.people import deactivate_person, reactivate_person
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, verify
from readiness.standing.models import Flag, HistoryPoint, Standing
from readiness.standing.sweeping import recompute_due
from tests.fixtures import create
from tests.integration.standing.pictures import Scrutiny, day
from tests.integration.standing.stories import Act, Story, date_of, hour_of, told

DAYS = 400
# What time alone brought about in a walk that missed nothing.
SEEN_ON_THE_WAY = {
    *("stage_overrun", "no_activity", "score_flat", "hold_expired", "decision_overdue", "checkpoint_overdue"),
    *(
        "no_business_owner",
        "no_sponsor",
        "single_person",
        "owner_left",
        "clean_data_only",
        "mocked_integration",
    ),
    *("one_gate_behind", "evidence_expired", "condition_overdue", "gate_lapsed", "review_overdue"),
    "exit_triggered",
}


def of_the_organisation() -> dict[int, Act]:
    return {
        180: lambda at: deactivate_person("omar", COMMAND, at),
        195: lambda at: reactivate_person("omar", COMMAND, at),
        210: lambda at: set_thresholds("no_activity", {("", "days"): Decimal(10)}, COMMAND, at),
        211: lambda at: set_thresholds("stage_overrun", {("intake", "days"): Decimal(400)}, COMMAND, at),
        240: lambda at: edit_organisation("Ours", "America/Los_Angeles", "EUR", COMMAND, at),
        300: lambda at: edit_organisation("Ours", "Pacific/Auckland", "EUR", COMMAND, at),
    }


def _sweep(scrutiny: Scrutiny, at: datetime) -> int:
    swept = recompute_due(at)
    if swept:
        scrutiny.reread()
    assert scrutiny.found(at) == [], f"after the sweep of {at}"
    return swept


def test_nothing_due_is_missed(lena: User, ravi: User, omar: User, ada: User) -> None:
    edit_organisation("Ours", "Europe/Berlin", "EUR", COMMAND, hour_of(0))
    stories, swept = told(lena, ravi, ada), 0
    acts: dict[int, list[Act]] = {number: [act] for number, act in of_the_organisation().items()}
    for story in stories:
        for number, some in story.acts.items():
            acts.setdefault(number, []).extend(some)

    scrutiny = Scrutiny()
    for number in range(DAYS):
        swept += _sweep(scrutiny, hour_of(number))
        if number in acts:
            for act in acts[number]:
                act(hour_of(number, 12))
            scrutiny.reread()
            swept += _sweep(scrutiny, hour_of(number, 13))

    assert swept < DAYS * len(stories) / 5, "the sweep looks at what is due, not at everything"
    assert {*Flag.objects.values_list("code", flat=True)} >= SEEN_ON_THE_WAY
    assert verify() == (Event.objects.count(), None)
    days = list(HistoryPoint.objects.values_list("initiative", "on"))
    assert len(days) == len(set(days))
    assert Standing.objects.count() == len(stories)


def test_exit_criteria_are_reached_on_their_days(lena: User, ravi: User, omar: User, ada: User) -> None:
    """By the sweep of that day's first hour, and once each."""
    edit_organisation("Ours", "Europe/Berlin", "EUR", COMMAND, hour_of(0))
    with_exits = [story for story in told(lena, ravi, ada) if _has_exits(story)]
    for number in range(220):
        recompute_due(hour_of(number))
        for story in with_exits:
            for act in story.acts.get(number, ()):
                act(hour_of(number, 12))
        recompute_due(hour_of(number, 13))
    found = [
        [
            (date_of(0) - one.on).days * -1
            for one in ExitTrigger.objects.filter(criterion__initiative=story.one)
        ]
        for story in with_exits
    ]
    assert found == [[34, 75, 131, 176], [5, 91]]


def _has_exits(story: Story) -> bool:
    return any("agrees" in act.__qualname__ for acts in story.acts.values() for act in acts)


def test_a_sweep_that_was_missed_would_be_seen(lena: User) -> None:
    """The walk can fail: from the first day on which something changes, what is stored is not what it should be."""
    one = create(lena, day(0), stage="pilot")
    due_on = Standing.objects.get(initiative=one).due_on
    assert due_on is not None
    days = (due_on - day(0).date()).days

    assert [Scrutiny().found(day(number)) for number in range(days)] == [[]] * days
    seen = next(number for number in range(days, 60) if Scrutiny().found(day(number)))
    assert all(Scrutiny().found(day(number)) for number in range(seen, 60))
