"""The symptoms of a portfolio in the database: each figure as the rows give it, and only of what one may see."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gates.models import Initiative, ParallelLimit
from readiness.accounts.models import Organisation, User
from readiness.audit.recording import COMMAND, Actor, Ledger
from readiness.portfolio.symptoms.answers import Code, Symptom
from readiness.portfolio.symptoms.board import board, one_symptom
from readiness.portfolio.symptoms.loading import load
from readiness.portfolio.symptoms.rules import symptoms
from tests.fixtures import create, person
from tests.integration.portfolio.oracle import DAY, Oracle, Told
from tests.integration.portfolio.raw import Raw

pytestmark = pytest.mark.django_db


def told(found: Symptom) -> Told:
    return Told(found.state.value, found.figure.numerator, found.figure.denominator, set(found.keys))


def organisation(zone: str = "UTC") -> Organisation:
    found = Organisation.get()
    found.time_zone, found.currency = zone, "EUR"
    found.save()
    return found


def computed(today: date, found: Organisation, user: User | None = None) -> dict[str, Told]:
    rows = Initiative.objects.visible_to(user) if user else Initiative.objects.all()
    return {one.code.value: told(one) for one in symptoms(load(rows, found, today).facts, today)}


def four_parts(today: date, *ends: date) -> list[set[date]]:
    """The days between these ends: after one, through the next."""
    return [
        {before + DAY * number for number in range(1, (last - before).days + 1)}
        for before, last in zip(ends, [*ends[1:], today], strict=True)
    ]


PORTFOLIOS = [
    (1, "Europe/Berlin", date(2026, 3, 29), ((2025, 3, 29), (2025, 6, 29), (2025, 9, 29), (2025, 12, 29))),
    (2, "Pacific/Auckland", date(2024, 2, 29), ((2023, 2, 28), (2023, 5, 29), (2023, 8, 29), (2023, 11, 29))),
    (3, "America/New_York", date(2025, 5, 31), ((2024, 5, 31), (2024, 8, 31), (2024, 11, 30), (2025, 2, 28))),
    (4, "UTC", date(2025, 3, 1), ((2024, 3, 1), (2024, 6, 1), (2024, 9, 1), (2024, 12, 1))),
]


@pytest.mark.parametrize(("seed", "zone", "today", "ends"), PORTFOLIOS)
def test_each_figure_is_what_the_rows_say(
    seed: int,
    zone: str,
    today: date,
    ends: tuple[tuple[int, int, int], ...],
    lena: User,
    ravi: User,
    omar: User,
) -> None:
    Raw(seed, today, ZoneInfo(zone), lena, ravi).initiatives(40)
    found, parts = organisation(zone), four_parts(today, *(date(*end) for end in ends))
    for user in (None, omar):
        rows = Initiative.objects.visible_to(user) if user else Initiative.objects.all()
        oracle = Oracle(rows, today, ZoneInfo(zone))
        assert computed(today, found, user) == oracle.all("EUR", parts)
        for one in symptoms(load(rows, found, today).facts, today):
            _lists_are_as_long_as_the_figure_says(one)
    for unit in board(Initiative.objects.all(), found, today).units:
        rows = Initiative.objects.filter(business_unit_key=unit.unit_key)
        oracle = Oracle(rows, today, ZoneInfo(zone))
        expected = oracle.all("EUR", parts)
        by_code = {one.code.value: told(one) for one in unit.symptoms}
        if unit.unit_key == "":
            expected["over_the_limit"] = by_code["over_the_limit"]
        assert (unit.initiatives, by_code) == (rows.count(), expected)


def _lists_are_as_long_as_the_figure_says(one: Symptom) -> None:
    """Of a figure that counts initiatives; combinations, what is beyond a limit, acts and money are none."""
    if one.code == Code.MONEY_WITHOUT_VALUE:
        assert set(one.counted) <= set(one.basis) and (one.basis == ()) == (one.figure.denominator == 0)
        return
    assert len(one.basis) == one.figure.denominator
    if one.code not in (Code.SCATTERED_TECHNOLOGY, Code.OVER_THE_LIMIT, Code.FALLING_ACTIVITY):
        assert len(one.counted) == one.figure.numerator


# --- Days and zones ---------------------------------------------------------------------------------------------


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def act_at(moment: datetime, initiative: Initiative, by: Actor) -> None:
    ledger = Ledger(moment)
    ledger.append(by, "answer.recorded", {}, initiative.pk)
    ledger.close()


def acts(today: date, zone: str) -> list[int]:
    facts = load(Initiative.objects.all(), organisation(zone), today).facts
    return [sum(numbers[part] for numbers in facts.acts.values()) for part in range(4)]


@pytest.mark.parametrize(
    ("zone", "today", "first", "after"),
    [
        # The clocks go forward in the night to 29 March 2026 (the day has 23 hours) and back to 26 October 2025.
        ("Europe/Berlin", date(2026, 3, 29), utc(2025, 3, 29, 23), utc(2026, 3, 29, 22)),
        ("Europe/Berlin", date(2025, 10, 26), utc(2024, 10, 26, 22), utc(2025, 10, 26, 23)),
        ("America/New_York", date(2026, 3, 8), utc(2025, 3, 9, 5), utc(2026, 3, 9, 4)),
        ("UTC", date(2024, 2, 29), utc(2023, 3, 1), utc(2024, 3, 1)),
        ("UTC", date(2025, 2, 28), utc(2024, 2, 29), utc(2025, 3, 1)),
    ],
)
def test_the_window_begins_and_ends_at_midnight_of_the_organisations_zone(
    zone: str, today: date, first: datetime, after: datetime, lena: User
) -> None:
    one = create(lena, utc(2020, 1, 1))
    tick, by = timedelta(microseconds=1), Actor.person(lena)
    for moment in (first - tick, first, after - tick, after):
        act_at(moment, one, by)
    assert acts(today, zone) == [1, 0, 0, 1]


def test_another_zone_moves_what_happened_to_another_day(lena: User) -> None:
    one = create(lena, utc(2020, 1, 1))
    act_at(utc(2025, 3, 15, 23, 30), one, Actor.person(lena))
    today = date(2026, 3, 15)
    assert acts(today, "UTC") == [0, 0, 0, 0]
    assert acts(today, "Europe/Berlin") == [1, 0, 0, 0]


def test_only_what_people_do_by_their_own_hand_is_activity(lena: User) -> None:
    one = create(lena, utc(2020, 1, 1))
    at = utc(2026, 3, 1)
    for by in (Actor.person(lena), Actor.person(lena, "nightly export"), COMMAND):
        act_at(at, one, by)
    assert acts(date(2026, 3, 15), "UTC") == [0, 0, 0, 1]


# --- What is seen -----------------------------------------------------------------------------------------------


def four_pilots(lead: User, today: date, **facts: str) -> list[Initiative]:
    at = datetime(today.year, today.month, today.day, tzinfo=UTC)
    return [create(lead, at, stage="pilot", name=f"Pilot {number}", **facts) for number in range(4)]


def test_what_one_may_not_see_is_neither_counted_nor_named(lena: User, omar: User, elsa: User) -> None:
    today = date(2026, 3, 15)
    hidden = four_pilots(omar, today, visibility="team", business_unit="Merger")
    shown = four_pilots(omar, today)
    for user, pilots in ((lena, shown), (elsa, [*shown, *hidden]), (omar, [*shown, *hidden])):
        visible = Initiative.objects.visible_to(user)
        found = board(visible, organisation(), today, behind=50)
        first = found.shown[0]
        assert first.symptom.figure.denominator == found.counted == len(pilots)
        assert {one.pk for one in first.behind} == {one.pk for one in pilots}
        assert "Merger" in {one.unit for one in found.units} or user == lena
    assert (
        one_symptom(
            Initiative.objects.visible_to(lena), organisation(), today, Code.PILOTS_WITHOUT_LAUNCH, "merger"
        ).keys
        == ()
    )


def test_nobody_without_a_role_sees_more_than_their_teams(lena: User) -> None:
    today = date(2026, 3, 15)
    four_pilots(lena, today)
    assert board(Initiative.objects.visible_to(person("nils")), organisation(), today).counted == 0


def test_the_largest_units_are_compared(lena: User) -> None:
    today = date(2026, 3, 15)
    four_pilots(lena, today, business_unit="Claims")
    create(lena, business_unit="", stage="pilot")
    found = board(Initiative.objects.all(), organisation(), today)
    assert [(one.unit, one.initiatives) for one in found.units] == [("Claims", 4), ("No unit named", 1)]
    assert [one.symptoms[0].state.value for one in found.units] == ["present", "absent"]


def test_the_number_of_queries_does_not_grow(
    lena: User, ravi: User, query_count: Callable[[Callable[[], object]], int]
) -> None:
    today, found = date(2026, 3, 15), organisation()
    raw = Raw(7, today, found.zone, lena, ravi)

    def count() -> int:
        return query_count(lambda: board(Initiative.objects.visible_to(lena), found, today, behind=50))

    raw.initiatives(3)
    few = count()
    ParallelLimit.objects.all().delete()
    raw.initiatives(40)
    assert (count(), few <= 11) == (few, True)
