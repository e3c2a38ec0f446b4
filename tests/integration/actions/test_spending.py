"""What was spent is entered by month and kind; from then on the sum is what was spent."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gates.budget import Burn
from gates.models import Initiative, Spending
from readiness.accounts.models import Organisation, User
from readiness.actions.errors import Conflict, Invalid, NotAllowed, Stale
from readiness.actions.initiatives import edit_initiative
from readiness.actions.spending import set_spending
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.standing.spending import burns
from tests.fixtures import create
from tests.integration.actions.props import LESSON, START, act, errors, on, refused, the_day

pytestmark = pytest.mark.django_db

MARCH, FEBRUARY = date(2026, 3, 1), date(2026, 2, 1)


@pytest.fixture
def initiative(lena: User) -> Initiative:
    return create(lena, on(0))


def enter(
    initiative: Initiative, by: User, month: date | None = MARCH, day: int = 1, version: int | None = None, **kinds: Any
) -> None:  # fmt: skip
    set_spending(initiative.pk, month, kinds, act(by), on(day), version)
    initiative.refresh_from_db()


def stored(initiative: Initiative) -> list[tuple[str, str, str]]:
    rows = Spending.objects.filter(initiative=initiative).order_by("month", "kind")
    return [(f"{row.month:%Y-%m}", row.kind, str(row.amount)) for row in rows]


def test_amounts_are_kept_by_month_and_kind_and_their_sum_is_what_was_spent(
    initiative: Initiative, lena: User
) -> None:
    enter(initiative, lena, data="1000", change="0", other=None)
    enter(initiative, lena, month=date(2026, 2, 17), integration="250.50")
    assert stored(initiative) == [
        ("2026-02", "integration", "250.50"),
        ("2026-03", "change", "0.00"),
        ("2026-03", "data", "1000.00"),
    ]
    assert initiative.budget_spent == Decimal("1250.50")


def test_what_was_typed_before_gives_way_to_the_sum(lena: User) -> None:
    initiative = create(lena, on(0), budget={"spent": "90000"})
    enter(initiative, lena, data="1000")
    assert initiative.budget_spent == 1000


def test_with_the_last_month_taken_out_what_was_typed_comes_back(lena: User) -> None:
    initiative = create(lena, on(0), budget={"spent": "201000.50", "currency": "EUR"})
    enter(initiative, lena, data="1000")
    enter(initiative, lena, month=FEBRUARY, change="5")
    enter(initiative, lena, data=None)
    assert initiative.budget_spent == 5
    enter(initiative, lena, month=FEBRUARY, change=None)
    assert initiative.budget_spent == Decimal("201000.50")
    said = [
        (event.data["spent_before"], event.data["spent"], event.data["was_typed"], event.data["currency"])
        for event in Event.objects.filter(verb="spending.set").order_by("seq")
    ]
    assert said == [
        ("201000.50", "1000.00", True, "EUR"),
        ("1000.00", "1005.00", False, "EUR"),
        ("1005.00", "5.00", False, "EUR"),
        ("5.00", "201000.50", False, "EUR"),
    ]


def test_what_comes_back_is_what_was_typed_last_and_never_that_of_another(lena: User) -> None:
    initiative, other = (
        create(lena, on(0), budget={"spent": "90"}),
        create(lena, on(0), budget={"spent": "7"}),
    )
    for before, typed in ((90, "300"), (300, None)):
        enter(initiative, lena, data="1")
        enter(other, lena, data="1")
        enter(initiative, lena, data=None)
        assert initiative.budget_spent == before
        edit_initiative(initiative.pk, {"budget": {"spent": typed}}, act(lena), on(1))
    enter(initiative, lena, data="1")
    enter(initiative, lena, data=None)
    assert initiative.budget_spent is None


def test_a_kind_that_is_not_named_stays_and_an_empty_one_is_taken_out(
    initiative: Initiative, lena: User
) -> None:
    enter(initiative, lena, data="1000", change="300")
    enter(initiative, lena, data="1100")
    assert initiative.budget_spent == 1400
    enter(initiative, lena, data=None)
    assert stored(initiative) == [("2026-03", "change", "300.00")]
    enter(initiative, lena, change=None)
    assert (stored(initiative), initiative.budget_spent) == ([], None)


def test_the_event_says_what_changed_and_nothing_changed_leaves_none(
    initiative: Initiative, lena: User
) -> None:
    enter(initiative, lena, data="1000")
    event = Event.objects.latest("seq")
    assert (event.verb, event.data) == (
        "spending.set",
        {
            "month": "2026-03",
            "changed": {"data": [None, "1000.00"]},
            "spent_before": None,
            "was_typed": True,
            "spent": "1000.00",
            "currency": initiative.currency,
        },
    )
    assert initiative.version == 2
    enter(initiative, lena, data="1000.00", other=None)
    assert (Event.objects.latest("seq").pk, initiative.version) == (event.pk, 2)


@pytest.mark.parametrize(
    ("month", "kinds", "wrong"),
    [
        (None, {"data": "1"}, [("month", "required")]),
        (date(1989, 12, 31), {"data": "1"}, [("month", "out_of_range")]),
        (date(2026, 4, 1), {"data": "1"}, [("month", "in_the_future")]),
        (MARCH, {"data": "-0.01"}, [("amounts.data", "out_of_range")]),
        (MARCH, {"data": "1000000000000"}, [("amounts.data", "out_of_range")]),
        (MARCH, {"data": "1.001"}, [("amounts.data", "too_precise")]),
        (MARCH, {"data": "lots"}, [("amounts.data", "wrong_type")]),
        (MARCH, {"data": "NaN"}, [("amounts.data", "out_of_range")]),
        (MARCH, {"wine": "1"}, [("amounts.wine", "unknown_word")]),
        (None, {"data": "x"}, [("amounts.data", "wrong_type"), ("month", "required")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_written(
    initiative: Initiative, lena: User, month: date | None, kinds: dict[str, Any], wrong: list[Any]
) -> None:
    with refused(Invalid) as caught:
        enter(initiative, lena, month, **kinds)
    assert errors(caught) == wrong


def test_the_months_together_have_a_limit(initiative: Initiative, lena: User) -> None:
    enter(initiative, lena, data="999999999999.99")
    with refused(Invalid) as caught:
        enter(initiative, lena, month=FEBRUARY, change="0.01")
    assert errors(caught) == [("amounts.change", "out_of_range")]


@pytest.mark.parametrize(
    ("zone", "allowed"), [("Pacific/Auckland", True), ("UTC", False), ("America/New_York", False)]
)
def test_the_current_month_is_that_of_the_organisations_zone(lena: User, zone: str, allowed: bool) -> None:
    """At half past one in the afternoon of 31 March it is April in Auckland."""
    Organisation.objects.update(time_zone=zone)
    initiative = create(lena, on(0))
    at = START + timedelta(days=29, hours=4, minutes=30)
    try:
        set_spending(initiative.pk, date(2026, 4, 1), {"data": "1"}, act(lena), at)
    except Invalid as caught:
        assert (allowed, [error.code for error in caught.errors]) == (False, ["in_the_future"])
    else:
        assert allowed


def test_a_sum_is_not_typed_over(initiative: Initiative, lena: User) -> None:
    enter(initiative, lena, data="1000")
    with refused(Invalid) as caught:
        edit_initiative(initiative.pk, {"budget": {"spent": "5"}}, act(lena), on(1))
    assert errors(caught) == [("budget.spent", "sum_of_months")]
    # The same amount again, as a form sends it, is no change.
    edit_initiative(initiative.pk, {"budget": {"spent": "1000", "planned": "9000"}}, act(lena), on(1))
    enter(initiative, lena, data=None)
    edit_initiative(initiative.pk, {"budget": {"spent": "5"}}, act(lena), on(1))


def test_what_somebody_else_changed_is_not_overwritten(initiative: Initiative, lena: User) -> None:
    enter(initiative, lena, data="1000", version=1)
    with refused(Stale):
        enter(initiative, lena, data="2000", version=1)


def test_only_the_team_enters_it(
    initiative: Initiative, ravi: User, elsa: User, omar: User, ada: User
) -> None:
    for outsider in (ravi, elsa, omar, ada):
        with refused(NotAllowed, "not_allowed"):
            enter(initiative, outsider, data="1")


def test_on_one_that_has_ended_nothing_is_entered(initiative: Initiative, lena: User) -> None:
    move_stage(initiative.pk, "stopped", act(lena), on(1), "", LESSON)
    with refused(Conflict, "initiative_ended"):
        enter(initiative, lena, data="1")


def test_spending_beyond_the_plan_is_flagged_at_once(lena: User) -> None:
    initiative = create(lena, on(0), stage="pilot", budget={"planned": "1000"})
    enter(initiative, lena, data="1000")
    assert initiative.flags.filter(code="budget_overrun", severity="warning", resolved_at=None).exists()


class TestBurn:
    def test_each_burns_by_its_months_or_by_an_estimate_from_its_start(self, lena: User) -> None:
        by_months, by_start, unknown = (
            create(lena, on(0)),
            create(lena, on(0), stage="pilot", stage_since=the_day(-365), budget={"spent": "12000"}),
            create(lena, on(0)),
        )
        enter(by_months, lena, month=FEBRUARY, data="300")
        found = burns(Initiative.objects.all(), the_day(0))
        assert found == {
            by_months.pk: Burn(Decimal("100.00"), estimate=False),
            by_start.pk: Burn(Decimal("1000.68"), estimate=True),
        }
        assert unknown.pk not in found

    def test_one_that_has_ended_burns_nothing(self, lena: User) -> None:
        initiative = create(lena, on(0), budget={"spent": "12000"})
        move_stage(initiative.pk, "stopped", act(lena), on(1), "", LESSON)
        assert burns(Initiative.objects.all(), the_day(1)) == {}

    def test_an_imported_one_counts_to_the_day_of_its_file_and_may_have_no_start(self, lena: User) -> None:
        initiative = create(lena, on(0), stage="pilot", stage_since=the_day(-61), budget={"spent": "1000"})
        Initiative.objects.update(as_of=the_day(0))
        burnt = burns(Initiative.objects.all(), the_day(300))[initiative.pk]
        assert burnt == burns(Initiative.objects.all(), the_day(0))[initiative.pk]
        initiative.stage_entries.update(entered_on=None)
        assert burns(Initiative.objects.all(), the_day(0)) == {}

    def test_many_take_no_more_queries_than_one(
        self, lena: User, query_count: Callable[[Callable[[], Any]], int]
    ) -> None:
        create(lena, on(0), budget={"spent": "1"})
        few = query_count(lambda: burns(Initiative.objects.all(), the_day(0)))
        for _ in range(5):
            enter(create(lena, on(0)), lena, month=FEBRUARY, data="3")
        assert query_count(lambda: burns(Initiative.objects.all(), the_day(0))) == few == 3
