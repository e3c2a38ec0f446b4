"""A portfolio of which some are computed on the five gates and some on an organisation's own of three gates and seven
items: every figure, page and answer says what it speaks of."""

from typing import Any

import pytest

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.actions.starting import choose_starting
from readiness.clock import now
from readiness.portfolio.compare import computed_between
from readiness.portfolio.figures import heat_map
from readiness.portfolio.scores import threshold
from tests.fixtures import api, create, pages, today
from tests.integration.actions.props import act
from tests.own_frameworks import copy_text, own_text, published

pytestmark = pytest.mark.django_db

OWN = ["poc-checkpoints", "house", "environment-gap"]
SEVERAL = "Readiness is computed on several frameworks here, which do not ask the same:"
PAGES = [
    "/",
    "/initiatives/",
    "/portfolio/",
    "/portfolio/gates/",
    "/portfolio/trend/",
    "/portfolio/compare/",
    "/portfolio/time/",
    "/portfolio/causes/",
    "/portfolio/money/",
    "/portfolio/symptoms/",
]


@pytest.fixture
def older(lena: User) -> Initiative:
    return create(lena, name="Older", stage="pilot", stage_since=today())


@pytest.fixture
def own(older: Initiative, lena: User, ada: User) -> Initiative:
    published(own_text())
    choose_starting(OWN, act(ada), now())
    return create(lena, name="Own", stage="pilot", stage_since=today())


def rows() -> Any:
    return Initiative.objects.all()


def test_the_line_of_what_is_asked_is_that_of_the_one_framework(older: Initiative, elsa: User) -> None:
    asked = threshold(rows())
    assert (asked.needed, asked.total, asked.score, asked.score_words, asked.names) == (
        16,
        20,
        80.0,
        "80",
        [],
    )
    page = pages(elsa).get("/portfolio/").content.decode()
    assert "80 is what 16 of 20 points give." in page
    assert SEVERAL not in page


@pytest.mark.usefixtures("own")
def test_of_an_own_framework_alone_it_is_its_own(older: Initiative, elsa: User) -> None:
    asked = threshold(rows().exclude(pk=older.pk))
    assert (asked.needed, asked.total, asked.score_words) == (5, 7, "71.4")
    assert threshold(rows().none()).score is None


@pytest.mark.usefixtures("own")
def test_of_two_frameworks_there_is_none_and_the_pages_say_why(elsa: User) -> None:
    asked = threshold(rows())
    assert (asked.needed, asked.total, asked.score) == (None, None, None)
    assert asked.names == ["5-Gate Production Readiness", "House gates"]
    for path in ("/portfolio/", "/portfolio/trend/", "/portfolio/compare/"):
        page = pages(elsa).get(path).content.decode()
        assert SEVERAL in page
        assert "points give" not in page


def test_a_copy_that_asks_the_same_keeps_the_line_and_is_named(
    older: Initiative, lena: User, ada: User
) -> None:
    published(copy_text())
    choose_starting(["our-gates"], act(ada), now())
    create(lena, name="Copied")
    asked = threshold(rows())
    assert (asked.needed, asked.total) == (16, 20)
    assert asked.names == ["5-Gate Production Readiness", "Our gates"]


def test_a_framework_that_asks_for_no_number_draws_no_line(lena: User, ada: User) -> None:
    published(own_text(required=None))
    choose_starting(["house"], act(ada), now())
    create(lena)
    assert (threshold(rows()).needed, threshold(rows()).score) == (None, None)


@pytest.mark.usefixtures("own")
def test_a_comparison_names_the_frameworks_between_its_days(older: Initiative) -> None:
    both = computed_between(rows(), today(), today())
    assert both.names == ["5-Gate Production Readiness", "House gates"]
    assert both.versions == []
    assert computed_between(rows().filter(pk=older.pk), today(), today()).names == []


@pytest.mark.usefixtures("own")
def test_the_gates_of_the_framework_of_most_come_first_and_none_between_them(lena: User) -> None:
    create(lena, name="Second", stage="pilot", stage_since=today())
    gates = [cell.gate for cell in heat_map(rows())[0].cells]
    assert gates == [
        *("idea", "build", "run"),
        *("data", "architecture", "integration", "governance", "adoption"),
    ]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_the_portfolio_shows_both(own: Initiative, elsa: User, path: str) -> None:
    assert pages(elsa).get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "",
        "why/",
        "checklist/idea/",
        "gates/idea/",
        "canvas/",
        "promises/",
        "roadmap/",
        "people/",
        "history/",
        "stage/",
    ],
)
def test_every_page_of_one_speaks_of_its_own_gates(own: Initiative, lena: User, path: str) -> None:
    answer = pages(lena).get(f"/initiatives/{own.ref}/{path}")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "five gates" not in page
    assert "of 20" not in page


def test_over_rest_each_is_told_by_its_own_framework(own: Initiative, older: Initiative, elsa: User) -> None:
    read = api(elsa)
    scores = {one["name"]: one for one in read.get("scores/").json()["results"]}
    told = {
        name: (one["framework"], one["total"], one["required_met"], len(one["gates"]))
        for name, one in scores.items()
    }
    assert told == {"Older": ("five-gate", 20, 16, 5), "Own": ("house", 7, 5, 3)}
    items = read.get(f"initiatives/{own.ref}/checklist/").json()
    assert (items["framework"]["slug"], len(items["items"])) == ("house", 7)
    gates = [
        one["gate"]
        for one in read.get(f"initiatives/{own.ref}/gates/").json()["results"]
        if one["framework"] == "house"
    ]
    assert gates == ["idea", "build", "run"]
    assert read.get("portfolio/").status_code == 200
    badge = read.get(f"initiatives/{own.ref}/badge.svg")
    assert badge.status_code == 200
