"""Every door × every method × everybody: who is let in, who is told no, and who is not told that there is anything."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.urls import reverse

from readiness.accounts.models import Scope
from readiness.api.views.description import document
from tests.access.cast import EVERYBODY, TOKEN_OWNERS
from tests.access.deeds import BEFORE, BODIES, FORMS, UPLOADS, path_of
from tests.access.routes import ROUTES, Route
from tests.access.rows import ALLOWED, ROWS, SIGN_IN, Row
from tests.access.watching import counts, tables_written
from tests.access.world import Place, World, undone

pytestmark = pytest.mark.django_db

# What succeeds and leaves no trace in the database: a cookie, a task for a worker, nothing to write anew.
TRACELESS = {"ui:theme", "password_reset", "logout", "threshold-reset", "initiative-frameworks"}
# What counts tries: each is to be the first.
COUNTED = {"login:wrong"}
TRIED_WITH_TOKENS = ("open", "others")


def knock(world: World, row: Row, place: Place, who: str, scope: Scope | None) -> HttpResponse:
    """Send what the row sends."""
    path = path_of(row.key, place, world, who)
    url = ROUTES[row.route].url(path)
    sent: dict[str, Any] = {}
    if row.changes_something:
        if not row.is_api:
            sent["data"] = FORMS.get(row.key, lambda place: {})(place)
            sent |= {"HTTP_HX_REQUEST": "true"} if row.key.endswith(":htmx") else {}
        elif row.key in UPLOADS:
            sent["data"] = UPLOADS[row.key](place)
        else:
            body = BODIES.get(row.key, lambda place: {})(place)
            sent |= {"data": body, "content_type": "application/json"}
    return world.cast.knock(who, row.method, url, scope, **sent)


def wrong_in(row: Row, response: HttpResponse, word: str, place: str, written: list[str]) -> str:
    """What is not as it should be about an answer; "" where all is well."""
    status = row.status(word, place)
    if response.status_code != status:
        raised = getattr(response, "exc_info", None)
        return (
            f"{response.status_code} instead of {status} {raised[1]!r}"
            if raised
            else (f"{response.status_code} instead of {status}")
        )
    if word == SIGN_IN and status == 302 and not _leads_to_the_sign_in(response):
        return f"not sent to the sign-in page but to {response['Location']}"
    if (word != ALLOWED or status >= 400) and written:
        return f"refused, and yet it wrote to {sorted(set(written))}"
    succeeded = word == ALLOWED and status == row.ok
    if row.changes_something and succeeded and not written and row.key not in TRACELESS and place != "ended":
        return "succeeded, and yet nothing was written"
    return ""


def _leads_to_the_sign_in(response: HttpResponse) -> bool:
    asked = quote(response.wsgi_request.get_full_path())
    return response["Location"] == f"{reverse('login')}?next={asked}"


@dataclass(frozen=True)
class Cell:
    """One person before one initiative, with their session or a token of this scope; ``word`` is what is expected."""

    place: str
    who: str
    scope: Scope | None
    word: str


def cells(row: Row, place: str) -> Iterator[Cell]:
    """Everything that is tried of a row before one initiative."""
    for who in EVERYBODY:
        yield Cell(place, who, None, row.expected(who, place))
    if row.scope is None or place not in TRIED_WITH_TOKENS:
        return
    for who, scope in product(TOKEN_OWNERS, Scope):
        word = row.expected(who, place)
        yield Cell(place, who, scope, word if scope == row.scope or word == SIGN_IN else "403")


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS])
def test_everybody_gets_what_the_table_says_and_who_is_refused_changes_nothing(
    world: World, row: Row
) -> None:
    wrong = []
    for place in row.places:
        with undone():
            BEFORE.get((row.key, row.method), lambda place, world: None)(world.places[place], world)
            stood = counts()
            for cell in cells(row, place):
                if cell.word != ALLOWED and row.key not in COUNTED:
                    wrong += tried(world, row, cell)
            if counts() != stood:
                wrong.append(f"{place}: who was refused added or removed rows")
            for cell in cells(row, place):
                if cell.word == ALLOWED or row.key in COUNTED:
                    with undone():
                        wrong += tried(world, row, cell)
    assert not wrong, "\n" + "\n".join(wrong)


def tried(world: World, row: Row, cell: Cell) -> list[str]:
    with tables_written() as written:
        response = knock(world, row, world.places[cell.place], cell.who, cell.scope)
    problem = wrong_in(row, response, cell.word, cell.place, written)
    token = f" with a token to {cell.scope.value}" if cell.scope else ""
    return [f"{cell.who}{token}, {cell.place}: {problem}"] if problem else []


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
