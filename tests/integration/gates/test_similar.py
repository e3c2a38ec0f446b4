"""Which initiatives are like one: by shared words that mean something, ranked, and only what one may know of."""

from datetime import timedelta
from typing import Any

import pytest

from gates.models import Initiative
from gates.similar import similar_to
from readiness import clock
from readiness.accounts.models import User
from tests.fixtures import create, person
from tests.integration.workbench.initiatives.scenes import EMOJI, LONG, RTL, SCRIPT

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(lena: User) -> None:
    create(
        lena, name="Invoice triage", business_problem="Invoices wait nine days for approval.", vendor="Papyra"
    )
    create(
        lena,
        name="Contract search",
        business_problem="Lawyers search clauses by hand.",
        business_unit="Legal",
    )
    create(lena, name="Expense triage", business_problem="Receipts wait for approval.", business_unit="Sales")


def names(user: User, text: str, unit: str = "", **options: Any) -> list[str]:
    return [one.name for one in similar_to(text, unit, user, **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Approval of an invoice", ["Invoice triage"]),
        ("invoices: APPROVAL waits; triage!", ["Invoice triage", "Expense triage"]),
        ("triage of approvals", ["Invoice triage", "Expense triage"]),
        ("Papyra", ["Invoice triage"]),
        ("clauses", ["Contract search"]),
        ("The invoice that nobody knows", []),
        ("which would have been with them", []),
        ("", []),
        ("a b c d", []),
        ("% _ \\ ' \"", []),
        (SCRIPT, []),
        (EMOJI, []),
        (RTL, []),
        (LONG, []),
    ],
)
def test_two_shared_words_are_enough_and_one_where_there_is_no_other(
    lena: User, three: None, text: str, expected: list[str]
) -> None:
    assert sorted(names(lena, text)) == sorted(expected)


def test_the_likest_comes_first_and_the_unit_counts_as_one_word(lena: User, three: None) -> None:
    assert names(lena, "triage approval") == ["Expense triage", "Invoice triage"]
    assert names(lena, "triage approval invoices") == ["Invoice triage", "Expense triage"]
    assert names(lena, "triage approval", " finance ") == ["Invoice triage", "Expense triage"]
    first = similar_to("triage approval", "Finance", lena)[0]
    assert (first.shared, first.same_unit, first.stage) == (("triage", "approval"), True, "intake")


def test_the_unit_alone_makes_nothing_similar(lena: User, three: None) -> None:
    assert names(lena, "Weather forecasts", "Finance") == []


def test_a_word_within_another_is_not_shared(lena: User) -> None:
    create(lena, name="Reoperation planner", business_problem="Theatres stand empty.")
    assert names(lena, "operation") == []
    assert names(lena, "reoperations") == ["Reoperation planner"]


def test_so_many_at_most_and_never_itself(lena: User) -> None:
    made = [
        create(lena, clock.now() - timedelta(days=9 - number), name=f"Invoice triage {number}")
        for number in range(6)
    ]
    found = names(lena, "invoice triage", besides=made[5].pk)
    assert found == [f"Invoice triage {number}" for number in (4, 3, 2, 1)]


def test_what_one_may_not_know_of_is_never_like_anything(lena: User, omar: User, three: None) -> None:
    Initiative.objects.filter(name="Invoice triage").update(visibility="team")
    assert names(lena, "invoice approval") == ["Invoice triage"]
    assert names(omar, "invoice approval") == []
    assert names(person("nobody"), "triage approval") == []


def test_it_takes_one_query(lena: User, three: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert len(similar_to("triage approval", "Finance", lena)) == 2
