"""What a team keeps to itself is found by nobody else: not by its address, not in a list, not by counting."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.http import HttpResponse
from pytest_django import DjangoDbBlocker

from checklists.models import Evidence
from gates.models import (
    Amendment,
    Assignment,
    Condition,
    ExitCriterion,
    Handover,
    Initiative,
    Kpi,
    Reading,
    Snapshot,
)
from readiness import clock
from readiness.accounts.models import Scope
from readiness.reports import making
from readiness.standing.models import Flag
from tests.access.asking import LOUD, UNIT, about_nothing, as_if_asked_for_it, listings, questions
from tests.access.cast import Cast, gather
from tests.access.deeds import UPLOADS, body_of
from tests.access.figures import kept_as_html, reported
from tests.access.routes import ROUTES, Route
from tests.access.rows import ROWS, Row
from tests.access.secret import MARK, Secret, keep, marked, unmarked
from tests.access.world import Place
from tests.built_once import built_once
from tests.fixtures import answer_all, create

pytestmark = pytest.mark.django_db

OUTSIDERS = ("omar", "lena", "mia", "nils")
WITH_A_TOKEN = (*(("omar", scope) for scope in (None, *Scope)), ("mia", None), ("mia", Scope.READ))


@dataclass
class Scene:
    cast: Cast
    secret: Secret
    own: Initiative


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    def build() -> Scene:
        cast = gather()
        secret = keep(cast.people["tess"], cast.people["ravi"])
        own = create(cast.people["omar"], name="Parcel routing")
        answer_all(own, cast.people["omar"], gates=["architecture"])
        return Scene(cast, secret, own)

    with django_db_blocker.unblock(), built_once(build) as built:
        yield built


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
    return body_of(row.key, Place(scene.own))


def text_of(response: HttpResponse) -> str:
    """All that an answer says, in its headers as well."""
    content = getattr(response, "content_sent", b"") if response.streaming else response.content
    return f"{content.decode(errors='replace')}\n{response.headers}"


# What names something in an address and is no key: the same words lead to one's own.
WORDS = {"gate", "code", "kind", "framework", "section", "place", "slug"}


def addresses(scene: Scene, route: Route) -> Iterator[str]:
    """Every address of a route that names anything of the secret: below it, and smuggled below one's own."""
    children = {
        "evidence_id": scene.secret.keys(Evidence, "assessment__passage__initiative", title__contains=MARK),
        "condition_id": scene.secret.keys(Condition, "decision__passage__initiative"),
        "snapshot_id": scene.secret.keys(Snapshot, "passage__initiative"),
        "other_id": scene.secret.keys(Snapshot, "passage__initiative"),
        "flag_id": scene.secret.keys(Flag, "initiative"),
        "kpi_id": scene.secret.keys(Kpi, "initiative"),
        "reading_id": scene.secret.keys(Reading, "kpi__initiative"),
        "amendment_id": scene.secret.keys(Amendment, "initiative"),
        "criterion_id": scene.secret.keys(ExitCriterion, "initiative"),
        "assignment_id": scene.secret.keys(Assignment, "passage__initiative"),
        "handover_id": scene.secret.keys(Handover, "initiative"),
        "gate": ["data", "checkpoint-0", "profile"],
        "code": ["ARCH-1", "DATA-1"],
        "kind": ["decision"],
        "framework": ["environment-gap"],
        "slug": ["five-gate", "environment-gap"],
        "section": ["problem"],
        "place": ["people", "owner", "decider", "keeper", "assignee"],
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


def test_none_of_its_evidence_is_put_behind_an_item_of_ones_own(scene: Scene) -> None:
    address = f"/api/v1/initiatives/{scene.own.ref}/checklist/ARCH-2/evidence/reuse/"
    of_own = Evidence.objects.filter(assessment__passage__initiative=scene.own)
    stood, keys = of_own.count(), scene.secret.keys(Evidence, "assessment__passage__initiative")
    assert keys
    for key in [*keys, Place(scene.own).link]:
        sent = {"data": {"evidence": key}, "content_type": "application/json"}
        response = asked(scene, "omar", Scope.WRITE, address, "POST", **sent)
        assert (response.status_code, MARK in text_of(response)) == (422 if key in keys else 201, False)
    assert of_own.count() == stood + 1


@pytest.mark.parametrize("who", ["nobody", *OUTSIDERS])
def test_no_page_and_no_list_speaks_of_it(scene: Scene, who: str) -> None:
    wrong = [
        url for route in OF_ALL for url in (route.url({}),) if MARK in text_of(asked(scene, who, None, url))
    ]
    assert wrong == []


def test_no_search_and_no_filter_finds_it_or_differs_for_it(scene: Scene) -> None:
    """An answer that were longer, or other, than that to a question about nothing would tell as much as a name."""
    wrong = []
    for url, who in product(questions(), OUTSIDERS):
        nothing = about_nothing(url)
        found, empty = (text_of(asked(scene, who, None, one)) for one in (url, nothing))
        if _plain(found) != _plain(empty):
            wrong.append(f"{who} {url}: differs from {nothing}")
        if MARK in empty:
            wrong.append(f"{who} {nothing}: told")
    assert not wrong, "\n".join(wrong)


def test_each_question_would_find_it(scene: Scene) -> None:
    """Who sees all is told something else than when they ask for nothing: else it would be no question."""
    telling = [
        url for url in questions() if url.startswith(("/portfolio/", "/initiatives/", "/api/v1/portfolio/"))
    ]
    same = [
        url
        for url in telling
        if _plain(text_of(asked(scene, "elsa", None, url)))
        == _plain(text_of(asked(scene, "elsa", None, about_nothing(url))))
    ]
    assert same == []


def _plain(text: str) -> str:
    """Without what differs from one answer to the next anyway, and without the question."""
    text = re.sub(r"(csrfmiddlewaretoken\" value=|X-CSRFToken\": )\"\w+\"", "", text)
    text = re.sub(r"<time.*?</time>", "", text)
    text = re.sub(r"fivegates_csrf=\w+|expires=[^;]+|'Content-Length': '\d+'", "", text)
    text = re.sub(r"'(X-Request-ID|Expires)': '[^']+'", "", text)
    return as_if_asked_for_it(text.casefold())


def test_no_filter_no_order_and_no_next_page_reaches_it(scene: Scene) -> None:
    wrong = []
    for url, who in product(listings(scene.secret), OUTSIDERS):
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


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_takes_it_along(scene: Scene, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    """No report and no mail speaks of it, and what is asked of its unit alone is what is asked of no unit."""
    monkeypatch.setattr(making, "_lay_out", kept_as_html)
    at = clock.now()
    everything = reported(scene.cast, who, at)
    assert [name for name, said in everything.items() if MARK in said.casefold()] == []
    of_it = reported(scene.cast, who, at, f"unit={UNIT}")
    of_nothing = reported(scene.cast, who, at, about_nothing(f"unit={UNIT}"))
    assert {name for name in of_it if _plain(of_it[name]) != _plain(of_nothing[name])} == set()


def test_who_sees_all_takes_it_along(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "_lay_out", kept_as_html)
    told = reported(scene.cast, "elsa", clock.now(), f"unit={UNIT}")
    assert {name for name, said in told.items() if marked("running-name") in said} == {
        "report pdf",
        "report csv",
        "report xlsx",
        "monthly mail",
    }


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
