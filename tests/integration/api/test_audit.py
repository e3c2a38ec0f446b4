"""The audit trail over REST: streamed whole, and proved."""

import json
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from readiness.accounts.models import Scope, User
from readiness.api.views import audit
from readiness.audit import searching
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor, Ledger, record
from readiness.audit.searching import newest
from readiness.audit.telling import told
from tests.fixtures import api, create, pages
from tests.integration.audit.tampering import ten_unguarded
from tests.integration.standing.pictures import day
from tests.integration.workbench.markup import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ten(db: None) -> None:
    ten_unguarded()


@pytest.mark.parametrize("who", ["lena", "ravi", "elsa", "omar"])
def test_it_is_for_auditors_and_admins(request: pytest.FixtureRequest, who: str) -> None:
    client = api(request.getfixturevalue(who))
    for accept in ("application/json", "text/csv", "application/x-ndjson"):
        assert client.get("audit/", accept=accept).status_code == 403
    assert client.get("audit/proof/").status_code == 403


def test_it_is_streamed_whole_the_oldest_first(iris: User) -> None:
    answer = api(iris).get("audit/", accept="application/x-ndjson")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [json.loads(line) for line in lines[:10]] == [
        told(one) for one in Event.objects.order_by("seq")[:10]
    ]
    table = api(iris).get(
        "audit/", {"since": day(3).isoformat(), "until": day(5).isoformat()}, accept="text/csv"
    )
    rows = b"".join(table.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [row.split(",")[0] for row in rows] == ["seq", "4", "5"]
    assert api(iris).get("audit/", {"limit": 3}, accept="text/csv").status_code == 400


def test_pages_are_narrowed_by_moments(iris: User) -> None:
    found = (
        api(iris).get("audit/", {"since": day(3).isoformat(), "until": day(5).isoformat()}).json()["results"]
    )
    assert [one["seq"] for one in found] == [5, 4]


def test_a_chain_that_holds(iris: User) -> None:
    noted = Event.objects.get(seq=4).hash
    found = api(iris).get("audit/proof/", {"noted": noted}).json()
    last = Event.objects.latest("seq")
    place = {"seq": last.seq, "hash": last.hash}
    assert found == {
        "holds": True,
        "checked": last.seq,
        "reached": place,
        "head": place,
        "broken": None,
        "noted": {"hash": noted, "seq": 4},
        "next": None,
    }
    assert api(iris).get("audit/proof/", {"noted": "f" * 64}).json()["noted"]["seq"] is None


def test_in_parts_and_broken(iris: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PART", 4)
    Event.objects.filter(seq=6).update(data={})
    client = api(iris)
    first = client.get("audit/proof/", {"noted": "f" * 64}).json()
    assert (first["holds"], first["checked"], first["broken"]) == (None, 4, None)
    second = client.get(first["next"]).json()
    assert second["noted"]["seq"] is None
    assert (second["holds"], second["checked"], second["next"]) == (False, 1, None)
    assert second["reached"]["seq"] == 5
    assert second["broken"] == {
        "seq": 6,
        "breach": "altered",
        "reason": "its content does not match its hash",
    }


def downloads() -> list[Event]:
    return list(Event.objects.filter(verb="trail.downloaded").order_by("seq"))


@pytest.mark.parametrize(("accept", "form"), [("text/csv", "csv"), ("application/x-ndjson", "ndjson")])
def test_each_stream_is_an_event_and_a_page_is_none(iris: User, accept: str, form: str) -> None:
    client = api(iris, Scope.READ)
    assert client.raw("head", "audit/", accept=accept).status_code == 200
    assert client.get("audit/", {"limit": 3}, accept=accept).status_code == 400
    assert client.get("audit/", {"verb": "thing.done"}).status_code == 200
    assert downloads() == []
    last = Event.objects.latest("seq").seq
    asked = {"verb": "thing.done", "search": "thing", "since": day(3).isoformat()}
    assert client.get("audit/", asked, accept=accept).status_code == 200
    (event,) = downloads()
    assert (event.actor, event.token_name, event.seq) == (iris, "a test", last + 1)
    filters = {"verb": "thing.done", "words": "thing", "since": day(3).isoformat().replace("+00:00", "Z")}
    assert event.data == {"format": form, "filters": filters, "up_to": last}


class TestSearch:
    """By the same words as on the page of the trail, and as far back in one call."""

    def numbers(self, iris: User, **asked: Any) -> list[int]:
        answer = api(iris).get("audit/", asked)
        assert answer.status_code == 200, answer.content
        return [one["seq"] for one in answer.json()["results"]]

    def test_it_finds_what_the_page_finds(self, iris: User, lena: User) -> None:
        one = create(lena, name="Ölpreis ahead")
        ledger = Ledger(day(20))
        ledger.append(Actor.person(lena, "Nightly"), "view.deleted", {"name": "Die PRÜFUNG wartet"}, one.pk)
        ledger.close()
        for words in (one.ref, "ölpreis LENA", "prüfung nightly", "saved view: deleted", "%", " "):
            page = read(pages(iris).get("/audit/", {"q": words, "verb": "view.deleted"}))
            shown = [int(row.one("th").text) for row in page.all("tr")[1:]]
            assert len(shown) == (0 if words == "%" else 1), words
            assert self.numbers(iris, search=words, verb="view.deleted") == shown, words

    def test_a_kind_is_called_as_in_english_whatever_the_browser_speaks(self, iris: User) -> None:
        record(COMMAND, "gate.decided", {}, day(20))
        client = api(iris)
        for words, found in (("decided", 1), ("entschieden", 0)):
            answer = client.get("audit/", {"search": words}, accept_language="de")
            assert len(answer.json()["results"]) == found, words

    def test_filters_narrow_and_pages_go_on(self, iris: User) -> None:
        client = api(iris)
        query = {"search": "thing.done", "until": day(8).isoformat(), "limit": "3"}
        found: list[list[int]] = []
        answer = client.get("audit/", query).json()
        while True:
            found.append([one["seq"] for one in answer["results"]])
            assert answer["previous"] is None
            if answer["next"] is None:
                break
            answer = client.get(answer["next"]).json()
        assert found == [[8, 7, 6], [5, 4, 3], [2, 1]]

    def test_a_call_looks_so_far_back_and_next_goes_on_from_there(
        self, iris: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(audit, "newest", partial(newest, window=4))
        client = api(iris)
        found: list[list[int]] = []
        answer = client.get("audit/", {"search": "number 3", "until": day(20).isoformat()}).json()
        while answer["next"]:
            found.append([one["seq"] for one in answer["results"]])
            answer = client.get(answer["next"]).json()
        assert found == [[], [4]] and answer["results"] == []

    def test_a_search_has_no_way_back(self, iris: User) -> None:
        client = api(iris)
        second = client.get(client.get("audit/", {"limit": 2}).json()["next"]).json()
        back = parse_qs(urlsplit(second["previous"]).query)["cursor"][0]
        refused = client.get("audit/", {"search": "thing", "cursor": back})
        assert refused.status_code == 400 and refused.json()["errors"][0]["field"] == "cursor"
        assert client.get("audit/", {"search": "thing", "cursor": "x"}).status_code == 400
        assert client.get("audit/", {"search": "x" * 201}).status_code == 400

    def test_a_stream_is_searched_through_whole(self, iris: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(searching, "BATCH", 3)
        answer = api(iris).get("audit/", {"search": "number 3"}, accept="application/x-ndjson")
        lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
        assert [json.loads(line)["seq"] for line in lines] == [4]


@pytest.mark.parametrize(
    "query",
    [{"cursor": "x"}, {"cursor": "WzUsImEiXQ:1:2"}, {"noted": "x"}, {"noted": "f" * 63}, {"limit": "3"}],
)
def test_what_it_does_not_understand_is_refused(iris: User, query: dict[str, str]) -> None:
    answer = api(iris).get("audit/proof/", query)
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["errors"]] == [*query]
