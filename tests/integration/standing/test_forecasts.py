"""The forecast as it is stored and told: from the history that acts leave, in a fixed number of queries."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from gates.models import Initiative
from gates.stages import Stage
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.organisation import edit_organisation
from readiness.actions.pieces import Piece
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor
from readiness.standing.forecast import Level, NoForecast, forecast
from readiness.standing.models import HistoryPoint, Standing
from readiness.standing.recompute import recompute_batch
from readiness.standing.sweeping import recompute_due
from tests.fixtures import api, create
from tests.integration.standing.pictures import day, unlike_what_stands

ORDER = [f"{gate}-{number}" for gate in ("DATA", "ARCH", "INTG", "GOVN", "ADPT") for number in range(1, 5)]


def meets(one: Initiative, by: User, at: datetime, *codes: str) -> Standing:
    """These items become Met, with a statement of that day behind each."""
    changes = [
        AnswerChange(
            code, "met", evidence=(Piece("link", at.date(), f"Proof of {code}", "https://example.com/p"),)
        )
        for code in codes
    ]
    return record_answers(one.pk, changes, Actor.person(by), at).standing


def one_a_week(one: Initiative, by: User, weeks: int, at: Callable[[int], datetime] = day) -> Standing:
    """One more item is met on the Wednesday of each of the weeks that begin on day 7, 14, …."""
    standing = Standing.objects.get(initiative=one)
    for week in range(weeks):
        standing = meets(one, by, at(9 + 7 * week), ORDER[week])
    return standing


def stored(one: Initiative) -> tuple[date | None, date | None, date | None, str]:
    row = Standing.objects.get(initiative=one)
    return row.forecast_on, row.forecast_from, row.forecast_to, row.forecast_none


def test_it_comes_with_the_fourth_week_by_the_turn_of_the_week_alone(lena: User) -> None:
    one = create(lena, day(0), stage="pilot")
    one_a_week(one, lena, 4)
    assert stored(one) == (None, None, None, "too_short")
    assert Standing.objects.get(initiative=one).due_on == day(35).date()

    assert recompute_due(day(34, 23)) == 0
    events = Event.objects.count()
    said_last = Standing.objects.get(initiative=one).computed_at
    assert recompute_due(day(35, 0)) == 1
    # Twelve of sixteen are missing, one a week from the next Monday on: the twelfth Sunday after.
    sunday = (day(42) + timedelta(days=7 * 11 + 6)).date()
    assert stored(one) == (sunday, sunday, sunday, "")
    standing = Standing.objects.get(initiative=one)
    assert (Event.objects.count(), standing.computed_at) == (events, said_last), "it is no news of the score"
    assert standing.due_on == day(42).date()


def test_the_document_of_readiness_says_the_same_and_the_list_of_scores_nothing(lena: User) -> None:
    one = create(lena, stage="pilot")
    meets(one, lena, datetime.now(UTC), "DATA-1")
    path = f"initiatives/{one.ref}/readiness/"
    assert api(lena).get(path).json()["forecast"] is None
    sunday = date(2031, 5, 4)
    asked = Standing.objects.filter(initiative=one)
    asked.update(forecast_on=sunday, forecast_from=sunday - timedelta(7), forecast_to=None, forecast_none="")
    known = api(lena).get(path)
    assert known.json()["forecast"] == {"on": "2031-05-04", "from": "2031-04-27", "to": None}
    asked.update(forecast_to=sunday + timedelta(14))
    moved = api(lena).get(path, if_none_match=known["ETag"])
    assert (moved.status_code, moved.json()["forecast"]["to"]) == (200, "2031-05-18")
    assert "forecast" not in api(lena).get("scores/").json()["results"][0]


def test_a_new_answer_moves_it_at_once(lena: User) -> None:
    one = create(lena, day(0), stage="pilot")
    one_a_week(one, lena, 4)
    recompute_due(day(35))
    before = stored(one)[0]
    standing = meets(one, lena, day(36), ORDER[4])
    assert before is not None and standing.forecast_on == before - timedelta(days=7)
    meets(one, lena, day(37), *ORDER[5:16])
    assert stored(one) == (None, None, None, "reached")


def test_a_hold_takes_it_away_and_its_weeks_out(lena: User) -> None:
    one, by = create(lena, day(0), stage="pilot"), Actor.person(lena)
    one_a_week(one, lena, 4)
    recompute_due(day(35))
    before = stored(one)[0]
    set_hold(one.pk, "Wait for the vendor.", day(100).date(), by, day(36))
    assert stored(one)[3] == "on_hold"
    recompute_due(day(50))
    assert stored(one)[3] == "on_hold"
    lift_hold(one.pk, by, day(57))
    recompute_batch([one.pk], day(63))
    # Three of the weeks have a day on hold: the pace is that of the four before, and the days of the wait.
    assert before is not None and stored(one)[0] == before + timedelta(days=28)


def test_from_the_rollout_on_there_is_none(lena: User, ada: User) -> None:
    one = create(ada, day(0), stage="live", stage_since=day(0).date())
    assert stored(one) == (None, None, None, "launched")


@pytest.mark.parametrize(
    ("zone", "hour", "turned"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 21, 59, tzinfo=UTC), False),  # 23:59 on the day of the change
        (
            "Europe/Berlin",
            datetime(2026, 3, 29, 22, 0, tzinfo=UTC),
            True,
        ),  # two hours ahead of UTC since that night
        ("Europe/Berlin", datetime(2026, 3, 22, 22, 59, tzinfo=UTC), False),
        ("America/Los_Angeles", datetime(2026, 3, 30, 6, 59, tzinfo=UTC), False),
        ("America/Los_Angeles", datetime(2026, 3, 30, 7, 0, tzinfo=UTC), True),
    ],
)
def test_a_week_ends_at_the_organisations_midnight(
    lena: User, zone: str, hour: datetime, turned: bool
) -> None:
    edit_organisation("Ours", zone, "EUR", COMMAND, day(0))
    local = datetime(
        2026, 2, 23, 12, tzinfo=ZoneInfo(zone)
    )  # a Monday, five weeks before the turn that is asked
    one = create(lena, local, stage="pilot")
    one_a_week(one, lena, 4, lambda number: local + timedelta(days=number))
    recompute_due(datetime(2026, 3, 23, 12, tzinfo=ZoneInfo(zone)) if turned or hour.day > 23 else local)
    assert stored(one)[3] == "too_short"
    recompute_due(hour)
    assert (stored(one)[0] is not None) == turned


def test_how_a_point_was_counted_is_kept(lena: User) -> None:
    one = create(lena, day(0), stage="pilot")
    point = HistoryPoint.objects.get(initiative=one)
    standing = Standing.objects.get(initiative=one)
    assert (point.framework, point.framework_version) == (standing.framework, standing.framework_version)
    assert point.framework == "five-gate" and point.framework_version


def test_the_history_of_those_who_need_none_is_not_read(
    lena: User, ada: User, query_count: Callable[..., int]
) -> None:
    live = create(ada, day(0), stage="live", stage_since=day(0).date())
    pilots = [create(lena, day(0), stage="pilot") for _ in range(12)]
    for one in pilots:
        one_a_week(one, lena, 5)
    keys = [one.pk for one in pilots]
    recompute_batch([live.pk, *keys], day(45))
    few, many = (
        query_count(partial(recompute_batch, some, day(45))) for some in (keys[:1], [live.pk, *keys])
    )
    assert few == many
    assert unlike_what_stands(day(45)) == []


def test_what_is_stored_is_what_the_rule_says_of_the_history(lena: User) -> None:
    one = create(lena, day(0), stage="pilot")
    standing = one_a_week(one, lena, 6)
    recompute_batch([one.pk], day(56))
    points = HistoryPoint.objects.filter(initiative=one).order_by("on")
    found = forecast(
        [Level(point.on, point.met) for point in points],
        day(56).date(),
        met=6,
        required=standing.required_met,
        stage=Stage(one.stage),
        on_hold=False,
    )
    assert found.on is not None
    assert stored(one) == (found.on, found.earliest, found.latest, "")


@pytest.mark.parametrize(
    "columns",
    [
        {"forecast_on": date(2027, 1, 3), "forecast_from": None},
        {"forecast_to": date(2027, 1, 3)},
        {
            "forecast_on": date(2027, 1, 3),
            "forecast_from": date(2027, 1, 3),
            "forecast_none": NoForecast.REACHED,
        },
    ],
)
def test_no_row_holds_half_a_forecast(initiative: Initiative, columns: dict[str, object]) -> None:
    nothing = {"forecast_on": None, "forecast_from": None, "forecast_to": None, "forecast_none": ""}
    with pytest.raises(IntegrityError), transaction.atomic():
        Standing.objects.filter(initiative=initiative).update(**nothing | columns)
