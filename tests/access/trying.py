"""Trying a row of the tables: everybody knocks, and what comes back is held against the cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.urls import reverse

from readiness.accounts.models import Scope
from tests.access.cast import EVERYBODY, TOKEN_OWNERS
from tests.access.deeds import BEFORE, FORMS, body_of, path_of
from tests.access.routes import ROUTES
from tests.access.rows import ALLOWED, SIGN_IN, Row
from tests.access.watching import counts, tables_written
from tests.access.world import Place, World, undone

# What succeeds and leaves no trace in the database: a cookie, a task for a worker, a question.
TRACELESS = {
    "ui:theme",
    "password_reset",
    "logout",
    *(
        "account-two-factor",
        "account-two-factor-codes",
        "account-two-factor-off",
    ),  # without a code of one's own
    "initiative-similar",
    "audit-proof",
    "import-resume",
    "portfolio-report-resume",
}
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
        else:
            sent |= body_of(row.key, place)
    return world.cast.knock(who, row.method, url, scope, **sent)


def wrong_in(row: Row, response: HttpResponse, word: str, place: str, written: list[str]) -> str:
    """What is not as it should be about an answer; "" where all is well."""
    status = row.status(word, place)
    if response.status_code != status:
        raised = getattr(response, "exc_info", None)
        why = f" ({raised[1]!r})" if raised else ""
        return f"{response.status_code} instead of {status}{why}"
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


def faults_of(world: World, row: Row) -> list[str]:
    """Every cell of a row in which the product does something else, and every refusal that left a trace."""
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
    return wrong


def tried(world: World, row: Row, cell: Cell) -> list[str]:
    with tables_written() as written:
        response = knock(world, row, world.places[cell.place], cell.who, cell.scope)
    problem = wrong_in(row, response, cell.word, cell.place, written)
    token = f" with a token to {cell.scope.value}" if cell.scope else ""
    return [f"{cell.who}{token}, {cell.place}: {problem}"] if problem else []
