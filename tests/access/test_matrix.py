"""Every door × every method × everybody: who is let in, who is told no, and who is not told that there is anything."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from readiness.accounts.policy import POLICY, Act, Grant
from readiness.api.views.description import document
from tests.access.deeds import path_of
from tests.access.routes import ROUTES, Route
from tests.access.rows import ROWS, Row
from tests.access.trying import cells, faults_of
from tests.access.world import World, undone

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS])
def test_everybody_gets_what_the_table_says_and_who_is_refused_changes_nothing(
    world: World, row: Row
) -> None:
    wrong = faults_of(world, row)
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_tables_are_large_enough_to_say_something() -> None:
    sizes = Counter(
        "api" if row.is_api else "pages" for row in ROWS for place in row.places for _ in cells(row, place)
    )
    assert sizes["pages"] > 1_500
    assert sizes["api"] > 3_000
    assert max(Counter((row.key, row.method) for row in ROWS).values()) == 1


def test_every_route_has_a_row_for_each_of_its_methods_and_no_row_is_about_nothing(world: World) -> None:
    """What a route answers to is asked of the route itself: a method it cannot know gets 405 and the list."""
    doors = set()
    for route in ROUTES.values():
        for method in methods_of(world, route):
            doors.add((route.name, method))
    assert doors - {(row.route, row.method) for row in ROWS} == set()
    assert {(row.route, row.method) for row in ROWS} - doors == set()


def methods_of(world: World, route: Route) -> set[str]:
    if route.name == "api-not-there":  # whatever is asked for, it is not there
        return {"GET"}
    url = route.url(path_of(route.name, world.places["open"], world, "ada"))
    with undone():
        response = world.cast.knock("ada", "PROPFIND", url)
    assert response.status_code == 405, f"{route.name} does not say which methods it answers to"
    return {word.strip() for word in response["Allow"].split(",")} - {"HEAD", "OPTIONS"}


def test_every_operation_of_the_openapi_document_has_a_row() -> None:
    described = {
        (path, method.upper()) for path, operations in document()["paths"].items() for method in operations
    }
    assert described - {(ROUTES[row.route].path, row.method) for row in ROWS if row.is_api} == set()


# --- Would a hole be seen? ------------------------------------------------------------------------------------


def row_of(key: str, method: str) -> Row:
    return next(row for row in ROWS if (row.key, row.method) == (key, method))


@pytest.mark.parametrize(("key", "method"), [("initiative-hold", "POST"), ("api-hold", "POST")])
def test_a_right_given_to_too_many_would_be_seen(
    world: World, monkeypatch: pytest.MonkeyPatch, key: str, method: str
) -> None:
    monkeypatch.setitem(POLICY, Act.HOLD, POLICY[Act.HOLD] | {Grant.LEAD})
    found = faults_of(world, row_of(key, method))
    assert found[0].startswith("omar, open: ")
    assert "open: who was refused added or removed rows" in found


def test_a_right_kept_from_who_has_it_would_be_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(POLICY, Act.HOLD, POLICY[Act.HOLD] - {Grant.EXECUTIVE})
    assert {fault.partition(",")[0] for fault in faults_of(world, row_of("initiative-hold", "POST"))} == {
        "elsa"
    }


@pytest.mark.parametrize("key", ["initiative", "api-initiative"])
def test_a_secret_shown_to_all_would_be_seen(
    world: World, seen_by_rule: Callable[[Any], None], key: str
) -> None:
    seen_by_rule(lambda rows, user: rows)
    who = {fault.split()[0].rstrip(",") for fault in faults_of(world, row_of(key, "GET"))}
    assert who == {"lena", "mia", "omar", "nils"}
