"""Every door × every method × everybody: who is let in, who is told no, and who is not told that there is anything."""

from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from readiness.accounts.models import Scope
from readiness.api.views.description import document
from tests.access.cast import EVERYBODY, TOKEN_OWNERS
from tests.access.deeds import BEFORE, BODIES, FORMS, UPLOADS, path_of
from tests.access.routes import ROUTES, Route
from tests.access.rows import ALLOWED, ROWS, SIGN_IN, Row
from tests.access.watching import counts, tables_written
from tests.access.world import Place, World, undone

pytestmark = pytest.mark.django_db

# A request may note that a token was used, and that somebody tried a password, whatever comes of it.
NOTED = {"accounts_token", "accounts_loginattempt"}
# What succeeds and leaves no trace in the database: a cookie, a task for a worker, nothing to write anew.
TRACELESS = {"ui:theme", "password_reset", "logout", "threshold-reset", "initiative-frameworks"}


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
        return f"{response.status_code} instead of {status} {raised[1]!r}" if raised else (
            f"{response.status_code} instead of {status}"
        )
    if word == SIGN_IN and status == 302 and not _leads_to_the_sign_in(response):
        return f"not sent to the sign-in page but to {response['Location']}"
    if (word != ALLOWED or status >= 400) and set(written) - NOTED:
        return f"refused, and yet it wrote to {sorted(set(written) - NOTED)}"
    succeeded = word == ALLOWED and status == row.ok
    if row.changes_something and succeeded and not written and row.key not in TRACELESS and place != "ended":
        return "succeeded, and yet nothing was written"
    return ""


def _leads_to_the_sign_in(response: HttpResponse) -> bool:
    wanted = f"{reverse('login')}?{urlencode({'next': response.wsgi_request.get_full_path()})}"
    return response["Location"] == wanted


def cells(row: Row) -> Iterator[tuple[str, str, Scope | None, str]]:
    """(place, who, scope of the token or None, expected word): everything that is tried of a row."""
    for place, who in product(row.places, EVERYBODY):
        yield place, who, None, row.expected(who, place)
    if row.scope is None:
        return
    places = [place for place in row.places if place != "own"]
    for place, who, scope in product(places, TOKEN_OWNERS, Scope):
        word = row.expected(who, place)
        yield place, who, scope, word if scope == row.scope or word == SIGN_IN else "403"


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS])
def test_everybody_gets_what_the_table_says_and_who_is_refused_changes_nothing(world: World, row: Row) -> None:
    wrong = []
    before = counts()
    for place_name, who, scope, word in cells(row):
        place = world.places[place_name]
        with undone():
            BEFORE.get((row.key, row.method), lambda place, world: None)(place, world)
            stood = counts() if word != ALLOWED else {}
            with tables_written() as written:
                response = knock(world, row, place, who, scope)
            problem = wrong_in(row, response, word, place_name, written)
            if not problem and stood and counts() != stood:
                problem = "refused, and yet rows were added or removed"
        if problem:
            token = f" with a token to {scope.value}" if scope else ""
            wrong.append(f"{who}{token}, {place_name}: {problem}")
    assert wrong == []
    assert counts() == before


def test_the_tables_are_large_enough_to_say_something() -> None:
    tried = Counter("api" if row.is_api else "pages" for row in ROWS for _ in cells(row))
    assert tried["pages"] > 1_500
    assert tried["api"] > 3_000
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
