"""What a team keeps to itself is found by nobody else: not by its address, not in a list, not by counting."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from pytest_django import DjangoDbBlocker

from checklists.models import Evidence
from gates.models import (
    Amendment,
    Condition,
    ExitCriterion,
    Handover,
    Initiative,
    Kpi,
    Reading,
    Snapshot,
)
from readiness.accounts.models import Scope
from readiness.standing.models import Flag
from tests.access.cast import Cast, gather
from tests.access.deeds import BODIES, UPLOADS
from tests.access.routes import ROUTES, Route
from tests.access.rows import ROWS, Row
from tests.access.secret import MARK, Secret, keep, marked, unmarked
from tests.access.world import Place
from tests.fixtures import create

pytestmark = pytest.mark.django_db

OUTSIDERS = ("omar", "lena", "mia", "nils")
WITH_A_TOKEN = (*(("omar", scope) for scope in (None, *Scope)), ("mia", None), ("mia", Scope.READ))
# Typed in capitals, as who guesses would.
LOUD = MARK.upper()
TEXTS = ("name", "business_problem", "business_unit", "technology", "vendor", "tag")


@dataclass
class Scene:
    cast: Cast
    secret: Secret
    own: Initiative


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with django_db_blocker.unblock(), transaction.atomic():
        cast = gather()
        secret = keep(cast.people["tess"], cast.people["ravi"])
        yield Scene(cast, secret, create(cast.people["omar"], name="Parcel routing"))
        transaction.set_rollback(True)


def asked(
    scene: Scene, who: str, scope: Scope | None, url: str, method: str = "GET", **sent: Any
) -> HttpResponse:
    is_api = url.startswith("/api/")
    return scene.cast.knock(who, method, url, scope if is_api else None, **sent)


def sent_by(row: Row, scene: Scene) -> dict[str, Any]:
    """What would succeed where the row is about something of one's own."""
    if not row.changes_something:
        return {}
    if not row.is_api or row.key in UPLOADS:
        return {}
    body = BODIES.get(row.key, lambda place: {})(Place(scene.own))
    return {"data": body, "content_type": "application/json"}


def text_of(response: HttpResponse) -> str:
    """All that an answer says, in its headers as well."""
    content = getattr(response, "content_sent", b"") if response.streaming else response.content
    return f"{content.decode(errors='replace')}\n{response.headers}"


# What names something in an address and is no key: the same words lead to one's own.
WORDS = {"gate", "code", "kind", "framework", "section"}


def addresses(scene: Scene, route: Route) -> Iterator[str]:
    """Every address of a route that names anything of the secret: below it, and smuggled below one's own."""
    children = {
        "evidence_id": scene.secret.keys(Evidence, "assessment__passage__initiative", title__contains=MARK),
        "condition_id": scene.secret.keys(Condition, "decision__passage__initiative"),
        "snapshot_id": scene.secret.keys(Snapshot, "passage__initiative"),
        "flag_id": scene.secret.keys(Flag, "initiative"),
        "kpi_id": scene.secret.keys(Kpi, "initiative"),
        "reading_id": scene.secret.keys(Reading, "kpi__initiative"),
        "amendment_id": scene.secret.keys(Amendment, "initiative"),
        "criterion_id": scene.secret.keys(ExitCriterion, "initiative"),
        "handover_id": scene.secret.keys(Handover, "initiative"),
        "gate": ["data", "checkpoint-0", "profile"],
        "code": ["ARCH-1", "DATA-1"],
        "kind": ["decision"],
        "framework": ["environment-gap"],
        "section": ["problem"],
    }
    parents = [scene.secret.running, scene.secret.stopped]
    names = [name for name in route.parameters if name in children]
    if {"ref", "initiative_id"} & set(route.parameters) and WORDS.isdisjoint(names) and names:
        parents.append(scene.own)
    for parent, values in product(parents, product(*(children[name] for name in names))):
        yield route.url(
            {"ref": parent.ref, "initiative_id": parent.pk, **dict(zip(names, values, strict=True))}
        )


ABOUT_ONE = {"ref", "initiative_id", "flag_id"}
BELOW_ONE = [route for route in ROUTES.values() if ABOUT_ONE & set(route.parameters)]
OF_ALL = [route for route in ROUTES.values() if not route.parameters and route.name != "logout"]


def test_every_text_of_the_secret_is_marked(scene: Scene) -> None:
    assert unmarked(scene.secret) == []


def test_its_own_team_and_who_sees_all_find_it(scene: Scene) -> None:
    """Else the tests below would be content with anything."""
    for who in ("tess", "ravi", "elsa", "iris", "ada"):
        said = text_of(asked(scene, who, None, f"/initiatives/{scene.secret.running.ref}/"))
        assert marked("running-name") in said
        assert marked("running-name") in text_of(asked(scene, who, None, f"/initiatives/?q={LOUD}"))


@pytest.mark.parametrize("route", [pytest.param(route, id=route.name) for route in BELOW_ONE])
def test_no_address_leads_to_it(scene: Scene, route: Route) -> None:
    rows = [row for row in ROWS if row.key == route.name]
    wrong = []
    for row, url, (who, scope) in product(rows, set(addresses(scene, route)), WITH_A_TOKEN):
        if scope is not None and not row.is_api:
            continue
        method = row.method
        response = asked(scene, who, scope, url, method, **sent_by(row, scene))
        refused_by_scope = response.status_code == 403 and "missing_scope" in text_of(response)
        if response.status_code != 404 and not refused_by_scope:
            wrong.append(f"{who} {scope or ''} {method} {url}: {response.status_code}")
        if MARK in text_of(response):
            wrong.append(f"{who} {scope or ''} {method} {url}: told")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", ["nobody", *OUTSIDERS])
def test_no_page_and_no_list_speaks_of_it(scene: Scene, who: str) -> None:
    wrong = [
        url for route in OF_ALL for url in (route.url({}),) if MARK in text_of(asked(scene, who, None, url))
    ]
    assert wrong == []


SEARCHES = (
    "/initiatives/?q={}",
    "/audit/?q={}",
    "/api/v1/initiatives/?search={}",
    "/api/v1/users/?search={}",
    "/lessons/?q={}",
    "/api/v1/lessons/?search={}",
)
OF_A_UNIT = (
    *("/initiatives/?unit={}", "/portfolio/?unit={}", "/lessons/?unit={}"),
    "/api/v1/lessons/?business_unit={}",
    *("/api/v1/initiatives/?business_unit={}", "/api/v1/portfolio/?business_unit={}"),
)


def questions() -> Iterator[str]:
    """Searches and filters that would find it."""
    words = [f"{LOUD}-RUNNING-{text.upper()}" for text in TEXTS] + [f"{LOUD}-STOPPED-NAME"]
    yield from (address.format(word) for address, word in product(SEARCHES, words))
    yield from (address.format(f"{LOUD}-RUNNING-BUSINESS_UNIT") for address in OF_A_UNIT)


def test_no_search_and_no_filter_finds_it_or_differs_for_it(scene: Scene) -> None:
    """An answer that were longer, or other, than that to a question about nothing would tell as much as a name."""
    wrong = []
    for url, who in product(questions(), OUTSIDERS):
        nothing = url.replace(LOUD, "ZQNOTHING")
        found, empty = (text_of(asked(scene, who, None, one)) for one in (url, nothing))
        if _plain(found) != _plain(empty):
            wrong.append(f"{who} {url}: differs from {nothing}")
    assert not wrong, "\n".join(wrong)


def _plain(text: str) -> str:
    """Without what differs from one answer to the next anyway, and without the question."""
    text = re.sub(r"(csrfmiddlewaretoken\" value=|X-CSRFToken\": )\"\w+\"", "", text)
    text = re.sub(r"<time.*?</time>", "", text)
    text = re.sub(r"fivegates_csrf=\w+|expires=[^;]+|'Content-Length': '\d+'", "", text)
    return text.casefold().replace("zqnothing", MARK)


ORDERS = ("name", "score", "updated_at", "created_at")
STATES = ("mine", "stalled", "on_hold", "running", "ended", "")


def listings(scene: Scene) -> Iterator[str]:
    secret = scene.secret.running
    for order, sign in product(ORDERS, ("", "-")):
        yield f"/api/v1/initiatives/?ordering={sign}{order}&limit=1"
    for name in ("name", "unit", "stage", "score", "days", "updated"):
        yield f"/initiatives/?sort={name}"
        yield f"/initiatives/?sort=-{name}"
    for state in STATES:
        yield f"/initiatives/?state={state}&stage=intake"
    for flag in Flag.objects.filter(initiative=secret).values_list("code", flat=True).distinct():
        yield f"/initiatives/?flag={flag}"
        yield f"/api/v1/initiatives/?flag={flag}"
        yield f"/api/v1/flags/?code={flag}"
    yield f"/api/v1/initiatives/?stage={secret.stage}&verdict=not_ready&min_score=0&max_score=100"
    yield "/api/v1/initiatives/?updated_since=2020-01-01T00:00:00Z"
    yield "/api/v1/scores/?updated_since=2020-01-01T00:00:00Z"
    yield f"/api/v1/audit/?initiative={secret.ref}"


def test_no_filter_no_order_and_no_next_page_reaches_it(scene: Scene) -> None:
    wrong = []
    for url, who in product(listings(scene), OUTSIDERS):
        response = asked(scene, who, None, url)
        known = [scene.own.ref] if who == "omar" else []
        if MARK in text_of(response):
            wrong.append(f"{who} {url}: told")
        if response.status_code == 200 and url.startswith("/api/"):
            document: dict[str, Any] = response.json()
            shown = [row.get("id", row.get("initiative")) for row in document["results"]]
            if document["next"] or not set(shown) <= {*known, scene.own.ref}:
                wrong.append(f"{who} {url}: {shown}, next {document['next']}")
    assert not wrong, "\n".join(wrong)


def test_it_counts_in_no_figure(scene: Scene) -> None:
    """The figures of who may not know of it are those of what they see."""
    seen = len(Initiative.objects.visible_to(scene.cast.people["omar"]))
    figures = asked(scene, "omar", None, "/api/v1/portfolio/").json()
    assert sum(step["now"] for step in figures["funnel"]) <= seen
    everything = asked(scene, "elsa", None, "/api/v1/portfolio/").json()
    assert sum(step["now"] for step in everything["funnel"]) > seen


def test_what_is_not_there_is_answered_like_what_may_not_be_known(scene: Scene) -> None:
    for template in ("/initiatives/{}/", "/initiatives/{}/edit/", "/api/v1/initiatives/{}/readiness/"):
        said = []
        for ref in (scene.secret.running.ref, f"AI-{scene.own.pk + 5000:04d}"):
            answer = asked(scene, "omar", None, template.format(ref))
            assert answer.status_code == 404
            said.append(_plain(text_of(answer)).replace(ref.casefold(), ""))
        assert said[0] == said[1]
