"""What makes an initiative due beside the calendar of its own facts: where the organisation's days begin, its
thresholds, its people. Each leaves the one mark there is, and the next sweep works it out."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from gates.models import Initiative
from readiness.accounts.models import Organisation, User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.initiatives import edit_initiative
from readiness.actions.organisation import edit_organisation, reset_thresholds, set_thresholds
from readiness.actions.people import Profile, deactivate_person, edit_person, reactivate_person
from readiness.actions.pieces import Piece
from readiness.audit.recording import COMMAND, Actor
from readiness.standing.marking import mark_due
from readiness.standing.models import Flag, HistoryPoint, Standing
from readiness.standing.recompute import fresh_outcome
from readiness.standing.sweeping import recompute_due
from tests.fixtures import create, make_ready
from tests.integration.standing.pictures import day, unlike_what_stands


def _zone(name: str, at: datetime) -> None:
    edit_organisation("Ours", name, "EUR", COMMAND, at)


def _until(one: Initiative, by: User, at: datetime, last_good_day: date) -> None:
    """GOVN-1 is met as long as its evidence has not expired."""
    today = Organisation.get().day_of(at)
    piece = Piece("link", today, "Review", "https://wiki.example.com/r", expires_on=last_good_day)
    change = AnswerChange("GOVN-1", "met", evidence=(piece,))
    record_answers(one.pk, [change], Actor.person(by), at)


def _effective(one: Initiative) -> str:
    return Standing.objects.get(initiative=one).effective["GOVN-1"]


def _flag(one: Initiative, code: str) -> Flag | None:
    return Flag.objects.filter(initiative=one, code=code, resolved_at__isnull=True).first()


@pytest.mark.parametrize(
    ("zone", "last_good_day", "last_moment"),
    [
        # The day on which clocks go forward has 23 hours, the one on which they go back has 25.
        ("Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 3, 28), datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 10, 25), datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)),
        # Here the clocks go forward at midnight: the day begins at one o'clock.
        ("America/Santiago", date(2026, 9, 5), datetime(2026, 9, 6, 3, 59, 59, tzinfo=UTC)),
        ("UTC", date(2028, 2, 29), datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC)),
        ("UTC", date(2028, 2, 28), datetime(2028, 2, 28, 23, 59, 59, tzinfo=UTC)),
        ("Asia/Kathmandu", date(2026, 12, 31), datetime(2026, 12, 31, 18, 14, 59, tzinfo=UTC)),
    ],
)
def test_the_last_good_day_is_good_to_its_last_second_where_the_organisation_is(
    lena: User, zone: str, last_good_day: date, last_moment: datetime
) -> None:
    began = last_moment - timedelta(days=100)
    _zone(zone, began)
    one = create(lena, began)
    _until(one, lena, began, last_good_day)

    recompute_due(last_moment)
    assert _effective(one) == "met"
    assert Standing.objects.get(initiative=one).due_on == last_good_day + timedelta(days=1)

    recompute_due(last_moment + timedelta(seconds=1))
    assert _effective(one) == "partial"


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)])
def test_no_day_is_skipped_or_taken_twice_when_the_clocks_change(lena: User, change: date) -> None:
    """Beat ticks every hour in UTC; days begin in Berlin."""
    before = datetime.combine(change - timedelta(days=10), datetime.min.time(), UTC)
    _zone("Europe/Berlin", before)
    threes = [create(lena, before) for _ in range(3)]
    for number, one in enumerate(threes):
        _until(one, lena, before, change + timedelta(days=number - 1))

    lapsed_at: dict[int, datetime] = {}
    tick = before + timedelta(days=8, minutes=2)
    for _ in range(24 * 5):
        recompute_due(tick)
        for number, one in enumerate(threes):
            if _effective(one) == "partial":
                lapsed_at.setdefault(number, tick)
        tick += timedelta(hours=1)

    berlin = ZoneInfo("Europe/Berlin")
    assert [lapsed_at[number].astimezone(berlin) for number in range(3)] == [
        datetime.combine(change + timedelta(days=number), datetime.min.time(), berlin).replace(minute=2)
        for number in range(3)
    ]


def test_days_on_either_side_of_a_change_of_the_clocks_are_whole_days(lena: User) -> None:
    """Entered on Saturday, it is 2 days in the stage on Monday, whatever Sunday had in hours."""
    berlin = ZoneInfo("Europe/Berlin")
    saturday = datetime(2026, 3, 28, 23, 30, tzinfo=berlin)
    _zone("Europe/Berlin", saturday)
    one = create(lena, saturday, stage="pilot", plan={"pilot_days": 1})

    recompute_due(datetime(2026, 3, 29, 23, 59, tzinfo=berlin))
    assert _flag(one, "stage_overrun") is None
    recompute_due(datetime(2026, 3, 30, 0, 0, tzinfo=berlin))
    assert _flag(one, "stage_overrun") is not None


def test_another_zone_makes_everything_due_and_the_sweep_counts_in_it(lena: User) -> None:
    evening = datetime(2026, 5, 10, 20, 0, tzinfo=UTC)
    one, other = create(lena, evening), create(lena, evening)
    _until(one, lena, evening, date(2026, 5, 10))
    assert recompute_due(evening) == 0

    _zone("Pacific/Auckland", evening)  # where it is the morning of the 11th
    assert set(Standing.objects.values_list("due_on", flat=True)) == {date(2026, 5, 11)}
    assert recompute_due(evening) == 2
    assert _effective(one) == "partial"
    assert Standing.objects.get(initiative=other).as_of == date(2026, 5, 11)

    _zone("America/Los_Angeles", evening)  # where it is noon of the 10th
    assert recompute_due(evening) == 2
    assert _effective(one) == "met"
    assert Standing.objects.get(initiative=one).as_of == date(2026, 5, 10)
    assert unlike_what_stands(evening) == []


def test_the_zone_it_has_already_makes_nothing_due(lena: User) -> None:
    create(lena, day(0))
    before = list(Standing.objects.values_list("due_on", flat=True))
    edit_organisation("Another name", "UTC", "CHF", COMMAND, day(0))
    assert list(Standing.objects.values_list("due_on", flat=True)) == before


def test_a_threshold_makes_the_running_ones_due(lena: User, ada: User) -> None:
    pilot, idea = create(lena, day(0), stage="pilot"), create(lena, day(0))
    assert _flag(pilot, "no_activity") is None

    set_thresholds("no_activity", {("", "days"): Decimal(3)}, Actor.person(ada), day(5))
    assert set(Standing.objects.values_list("due_on", flat=True)) == {day(5).date()}
    assert recompute_due(day(5)) == 2
    assert _flag(pilot, "no_activity") is not None
    assert _flag(idea, "no_activity") is None

    reset_thresholds("no_activity", Actor.person(ada), day(6))
    recompute_due(day(6))
    assert _flag(pilot, "no_activity") is None
    assert unlike_what_stands(day(6)) == []


def test_what_was_marked_is_fresh_for_whoever_asks_before_the_sweep(lena: User) -> None:
    one = create(lena, day(0), stage="pilot")
    set_thresholds("stage_overrun", {("pilot", "days"): Decimal(1)}, COMMAND, day(5))
    codes = {flag.code for flag in fresh_outcome(one.pk, day(5)).flags}
    assert "stage_overrun" in codes


def test_a_person_who_leaves_or_changes_unit_makes_their_initiatives_due(
    lena: User, elsa: User, omar: User
) -> None:
    theirs = create(lena, day(0), stage="pilot", people={"executive_sponsor": "elsa"})
    another = create(omar, day(0), stage="pilot")
    untouched = Standing.objects.get(initiative=another).due_on

    deactivate_person("elsa", COMMAND, day(1))
    assert recompute_due(day(1)) == 1
    assert _flag(theirs, "owner_left") is not None
    reactivate_person("elsa", COMMAND, day(2))
    assert recompute_due(day(2)) == 1
    assert _flag(theirs, "owner_left") is None

    assert _flag(theirs, "no_sponsor") is None
    edit_person("elsa", Profile("Elsa", "elsa@example.com", unit="Logistics"), COMMAND, day(3))
    assert recompute_due(day(3)) == 1
    assert _flag(theirs, "no_sponsor") is not None
    assert Standing.objects.get(initiative=another).due_on == untouched


def test_a_mark_is_no_news_of_its_own(lena: User, ravi: User) -> None:
    one = create(lena, day(0), stage="pilot")
    make_ready(one, lena, ravi, day(0))
    before = Standing.objects.get(initiative=one)

    assert mark_due(Initiative.objects.all(), day(0).date()) == 1
    assert recompute_due(day(0)) == 1

    after = Standing.objects.get(initiative=one)
    assert (after.computed_at, after.due_on) == (before.computed_at, before.due_on)
    assert HistoryPoint.objects.filter(initiative=one).count() == 1


def test_a_hold_set_today_can_be_lifted_where_it_is_still_yesterday(lena: User) -> None:
    """An admin may move the organisation west within the hour."""
    evening = datetime(2026, 5, 10, 23, 0, tzinfo=UTC)
    _zone("Pacific/Auckland", evening)
    one = create(lena, evening, stage="pilot")
    set_hold(one.pk, "A contract.", date(2026, 6, 1), Actor.person(lena), evening)
    _zone("America/Los_Angeles", evening)
    lift_hold(one.pk, Actor.person(lena), evening)
    assert not Initiative.objects.get(pk=one.pk).holds.filter(lifted_on__isnull=True).exists()


def test_of_two_edits_at_once_the_later_may_have_read_the_clock_first(lena: User, omar: User) -> None:
    one = create(lena, day(0))
    by, moment = Actor.person(lena), timedelta(milliseconds=1)
    people = {"deputy": "omar", "members": ["lena", "omar"]}
    edit_initiative(one.pk, {"people": people}, by, day(1) + moment)
    edit_initiative(one.pk, {"people": {"deputy": None, "members": ["lena"]}}, by, day(1))
    assert set(one.team_roles.filter(user=omar).values_list("until", flat=True)) == {day(1) + moment}
