"""Pages by key: every row once, whatever comes and goes meanwhile; and the same number of queries for one row as for
fifty."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.standing.models import Flag
from tests.fixtures import Api, answer_all, api, create, pass_gate, promise

WORDS = ("alpha", "beta", "gamma", "delta")


def _walk(
    client: Api, path: str, link: str = "next", between: Callable[[], None] = lambda: None
) -> list[Any]:
    """All rows from here on, following a link."""
    found: list[Any] = []
    while path:
        page = client.get(path).json()
        found += page["results"] if link == "next" else reversed(page["results"])
        path = page[link]
        between()
    return found


@pytest.fixture
def many(lena: User) -> list[Initiative]:
    """Thirteen, several of one name."""
    return [create(lena, name=f"Name {WORDS[number % 4]}") for number in range(13)]


@pytest.mark.parametrize("ordering", ["name", "-name", "score", "-score", "updated_at", "-created_at"])
@pytest.mark.parametrize("limit", [1, 4, 13, 200])
def test_every_row_comes_once_in_its_order_there_and_back(
    many: list[Initiative], lena: User, ordering: str, limit: int
) -> None:
    lead = api(lena)
    whole = [row["id"] for row in lead.get("initiatives/", {"ordering": ordering}).json()["results"]]
    assert sorted(whole) == sorted(row.ref for row in many)
    first = f"initiatives/?ordering={ordering}&limit={limit}"
    assert [row["id"] for row in _walk(lead, first)] == whole
    page = lead.get(first).json()
    assert page["previous"] is None
    while page["next"]:
        before, page = page, lead.get(page["next"]).json()
        assert lead.get(page["previous"]).json()["results"] == before["results"]
    back = _walk(lead, page["previous"], "previous") if page["previous"] else []
    assert [row["id"] for row in reversed(back)] == whole[: len(whole) - len(page["results"])]


@pytest.mark.parametrize("limit", [1, 7, 200])
def test_a_list_that_comes_whole_takes_a_limit_too(lena: User, limit: int) -> None:
    lead, ref = api(lena), create(lena).ref
    for path in (f"initiatives/{ref}/gates/", "problems/"):
        asked = lead.get(path).json()
        assert (asked["next"], asked["previous"]) == (None, None)
        first = lead.get(path, {"limit": limit}).json()
        assert first["results"] == asked["results"][:limit]
        assert (first["next"] is None) == (limit >= len(asked["results"]))
        assert _walk(lead, f"{path}?limit={limit}") == asked["results"]
        if first["next"]:
            second = lead.get(first["next"]).json()
            assert lead.get(second["previous"]).json() == {**first, "previous": None}


@pytest.mark.parametrize("cursor", ["-1", "x", "9999", "1e3", "²", "1" * 400])
def test_a_cursor_that_such_a_list_did_not_make_is_refused(db: None, lena: User, cursor: str) -> None:
    refused = api(lena).get("problems/", {"cursor": cursor})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "bad_cursor")
    assert api(lena).get("problems/", {"limit": "0"}).status_code == 400


def test_filters_stay_in_the_links(many: list[Initiative], lena: User) -> None:
    lead = api(lena)
    rows = _walk(lead, "initiatives/?search=name+beta&limit=1&stage=intake")
    assert {row["name"] for row in rows} == {"Name beta"}
    assert len(rows) == 3


def test_rows_that_come_meanwhile_neither_repeat_nor_hide_others(many: list[Initiative], lena: User) -> None:
    chance = random.Random(5)

    def newcomer() -> None:
        create(lena, name=f"Name {chance.choice(WORDS)}")

    for _ in range(5):
        seen = [row["id"] for row in _walk(api(lena), "initiatives/?limit=2", between=newcomer)]
        assert len(seen) == len(set(seen))
        assert {row.ref for row in many} <= set(seen)


def test_a_row_at_a_page_s_edge_may_go(many: list[Initiative], lena: User) -> None:
    lead = api(lena)
    page = lead.get("initiatives/?limit=5").json()
    Initiative.objects.filter(pk=int(page["results"][-1]["id"].removeprefix("AI-"))).update(name_key="zzz")
    rest = [row["id"] for row in _walk(lead, page["next"])]
    expected = {row.ref for row in many} - {row["id"] for row in page["results"][:-1]}
    assert set(rest) == expected


def test_a_changed_initiative_moves_on_in_the_scores_and_is_not_missed(
    many: list[Initiative], lena: User
) -> None:
    lead = api(lena)
    page = lead.get("scores/?limit=4").json()
    moved = page["results"][0]["initiative"]
    lead.put(f"initiatives/{moved}/checklist/DATA-1/", {"answer": "partial"})
    rest = _walk(lead, page["next"])
    assert rest[-1]["initiative"] == moved
    assert rest[-1]["partial"] == 1


def test_a_cursor_of_another_order_is_refused_or_harmless(many: list[Initiative], lena: User) -> None:
    lead = api(lena)
    cursor = (
        lead.get("initiatives/?limit=3&ordering=name")
        .json()["next"]
        .partition("cursor=")[2]
        .partition("&")[0]
    )
    for ordering in ("score", "updated_at"):
        assert lead.get(f"initiatives/?ordering={ordering}&cursor={cursor}").status_code == 400
    assert lead.get(f"scores/?cursor={cursor}").status_code == 400


# --- Queries ------------------------------------------------------------------------------------------------

LISTS = ["initiatives/?limit=200", "scores/?limit=200", "flags/?limit=200", "users/?limit=200", "portfolio/"]
CEILING = 15


@pytest.mark.parametrize("path", LISTS)
def test_a_list_takes_as_many_queries_for_fifty_rows_as_for_one(
    lena: User, ravi: User, query_count: Callable[[Callable[[], Any]], int], path: str
) -> None:
    client = api(lena)

    def ask() -> Any:
        answer = client.get(path)
        assert answer.status_code == 200
        return answer.json()

    one = create(lena, stage="pilot", budget={"spent": 10})
    answer_all(one, lena)
    pass_gate(one, "data", lena, ravi, conditions=[promise(ravi)])
    ask()
    with_one = query_count(ask)
    for number in range(49):
        create(lena, name=f"Number {number}", stage="pilot", business_unit=f"Unit {number % 7}")
    assert Flag.objects.count() > 50
    assert query_count(ask) == with_one
    assert with_one <= CEILING


BELOW = [
    "",
    "readiness/",
    "readiness/history/",
    "deploy-check/",
    "checklist/",
    "checklist/DATA-1/",
    "gates/",
    "waivers/",
    "snapshots/",
    "flags/",
]


@pytest.mark.parametrize("path", BELOW)
def test_a_read_below_an_initiative_takes_a_fixed_number_of_queries(
    lena: User, ravi: User, query_count: Callable[[Callable[[], Any]], int], path: str
) -> None:
    bare, some, full = (create(lena, stage="pilot") for _ in range(3))
    for one, gates, conditions in ((some, ["data"], 1), (full, ["data", "architecture", "integration"], 5)):
        answer_all(one, lena)
        for gate in gates:
            promised = [promise(ravi, f"Condition {n}") for n in range(conditions)]
            pass_gate(one, gate, lena, ravi, conditions=promised)
    client = api(lena)

    def ask(one: Initiative) -> Callable[[], Any]:
        return lambda: client.get(f"initiatives/{one.ref}/{path}").json()

    ask(bare)()
    with_none, with_some, with_many = [query_count(ask(one)) for one in (bare, some, full)]
    # What is not there is not asked for; of what is there it does not matter how much it is.
    assert with_none <= with_some == with_many <= 25
