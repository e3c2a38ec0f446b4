"""Nobody else's page makes a signed-in person's browser write, and a door takes only the methods it is made for."""

import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from readiness.audit.models import Event
from tests.access.deeds import BODIES, FORMS, body_of, path_of
from tests.access.routes import ROUTES, Route
from tests.access.rows import ROWS, Row
from tests.access.watching import counts, tables_written
from tests.access.world import World, undone

pytestmark = pytest.mark.django_db

# A file that is handed out is noted in the trail, once.
NOTED_WHERE_THEY_LEAVE = {
    "audit-file": "trail.downloaded",
    "account-data": "person.exported",
    "person-data": "person.exported",
}
EVERY_METHOD = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# A mail program posts there (RFC 8058): the signed key in the address is the proof, and ends mails, nothing else.
PROVEN_BY_THEIR_ADDRESS = {"unsubscribe", "portfolio-reports-unsubscribe"}
UNSAFE = [row for row in ROWS if row.changes_something and row.route not in PROVEN_BY_THEIR_ADDRESS]
HERE, ELSEWHERE = "http://testserver", "https://evil.example.com"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def who_may(row: Row) -> str:
    """Somebody whom only the missing proof stops."""
    return next((who for who, word in row.cells.items() if word == "ok" and who != "nobody"), "lena")


def browser(world: World, who: str) -> Client:
    """A browser that is signed in and held to the proof, as every real one is."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = world.cast.sessions[who]
    return client


def address(world: World, row: Row, who: str) -> str:
    return ROUTES[row.route].url(path_of(row.key, world.places["open"], world, who))


def sent(world: World, row: Row) -> dict[str, Any]:
    place = world.places["open"]
    if not row.is_api:
        return {"data": FORMS.get(row.key, lambda place: {})(place)} if row.method == "POST" else {}
    return body_of(row.key, place)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in UNSAFE])
def test_a_write_without_its_proof_is_refused_and_changes_nothing(world: World, row: Row) -> None:
    who = who_may(row)
    before = counts()
    for headers in ({}, {"origin": ELSEWHERE}, {"origin": "null"}, {"x-csrftoken": "a" * 64}):
        client = browser(world, who)
        with tables_written() as written:
            ask = getattr(client, row.method.lower())
            answer: HttpResponse = ask(address(world, row, who), headers=headers, **sent(world, row))
        assert answer.status_code == 403, f"{row.id} {headers}: {answer.status_code}"
        assert written == [], f"{row.id} {headers}: wrote {written}"
        if row.is_api:
            assert answer.json()["code"] == "csrf_failed"
    assert counts() == before


JSON_WRITES = [row for row in UNSAFE if row.is_api and row.key in BODIES and row.method != "DELETE"]
SIMPLE = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "")


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in JSON_WRITES])
def test_json_in_what_a_foreign_form_could_send_is_no_json(world: World, row: Row) -> None:
    """A form may post these types across sites without asking: refused for the missing proof, and with it as well."""
    who = who_may(row)
    body = json.dumps(sent(world, row)["data"])
    for kind in SIMPLE:
        with undone(), tables_written() as written:
            forged = browser(world, who).generic(
                row.method, address(world, row, who), body, content_type=kind
            )
            proven = world.cast.knock(who, row.method, address(world, row, who), data=body, content_type=kind)
        assert forged.status_code == 403, f"{kind}: {forged.status_code}"
        assert proven.status_code in (400, 415), f"{kind}: {proven.status_code}"
        assert written == []


def test_with_its_proof_and_from_here_a_write_succeeds(world: World) -> None:
    """Else the tests above would be content with a door that is locked for all."""
    client = browser(world, "lena")
    url = f"/initiatives/{world.places['open'].ref}/hold/"
    found = TOKEN.search(client.get(url).content.decode())
    assert found is not None
    typed = FORMS["initiative-hold"](world.places["open"])
    proof = {"csrfmiddlewaretoken": found[1]}

    assert client.post(url, typed | proof, headers={"origin": ELSEWHERE}).status_code == 403
    assert client.post(url, typed | proof, headers={"origin": HERE}).status_code == 302


def test_htmx_proves_itself_with_a_header(world: World) -> None:
    client = browser(world, "lena")
    place = world.places["open"]
    page = client.get(f"/initiatives/{place.ref}/checklist/architecture/").content.decode()
    found = re.search(r"""hx-headers='\{"X-CSRFToken": "(\w+)"\}'""", page)
    assert found is not None
    url = f"/initiatives/{place.ref}/answers/ARCH-1/"

    answer = client.post(url, {"answer": "partial"}, headers={"x-csrftoken": found[1], "hx-request": "true"})

    assert answer.status_code == 200


def test_a_token_needs_no_such_proof_and_no_cookie_helps_it(world: World) -> None:
    client = browser(world, "ada")
    url = f"/api/v1/initiatives/{world.places['open'].ref}/"
    forged = {"authorization": "Bearer fg_forged"}
    answer = client.patch(url, {"visibility": "team"}, content_type="application/json", headers=forged)
    assert answer.status_code == 401


# --- Methods --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", [pytest.param(route, id=route.name) for route in ROUTES.values()])
def test_another_method_is_not_allowed_and_the_answer_names_those_that_are(
    world: World, route: Route
) -> None:
    known = {row.method for row in ROWS if row.route == route.name}
    if route.name == "api-not-there":
        return
    known |= {"HEAD"} if "GET" in known else set()
    url = route.url(path_of(route.name, world.places["open"], world, "ada"))
    for method in EVERY_METHOD:
        if method in known:
            continue
        with tables_written() as written:
            answer = world.cast.knock("ada", method, url)
        assert answer.status_code == 405, f"{method}: {answer.status_code}"
        assert {word.strip() for word in answer["Allow"].split(",")} - {"HEAD", "OPTIONS"} == known - {"HEAD"}
        assert written == []


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "POST "])
def test_a_method_nobody_knows_does_nothing(world: World, method: str) -> None:
    url = f"/initiatives/{world.places['open'].ref}/"
    with tables_written() as written:
        assert world.cast.knock("lena", method, url).status_code in (400, 405)
    assert written == []


@pytest.mark.parametrize("row", [pytest.param(row, id=row.key) for row in ROWS if row.method == "GET"])
def test_a_look_changes_nothing(world: World, row: Row) -> None:
    """Neither GET nor HEAD writes: whatever fetches a link in passing has done no harm. That a file left is noted."""
    who = who_may(row)
    with undone():
        before = counts()
        world.cast.knock(who, "HEAD", address(world, row, who))
        assert counts() == before
        world.cast.knock(who, "GET", address(world, row, who))
        if row.route in NOTED_WHERE_THEY_LEAVE:
            last = Event.objects.latest("seq")
            assert last.verb == NOTED_WHERE_THEY_LEAVE[row.route]
            before |= {"audit_event": int(before["audit_event"]) + 1, "the head of the chain": last.hash}
        assert counts() == before
