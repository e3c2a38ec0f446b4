"""The audit trail over REST: streamed whole, and proved."""

import json

import pytest

from readiness.accounts.models import User
from readiness.api.views import audit
from readiness.audit.models import Event
from readiness.audit.telling import told
from tests.fixtures import api
from tests.integration.audit.tampering import ten_unguarded
from tests.integration.standing.pictures import day

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


@pytest.mark.parametrize(
    "query",
    [{"cursor": "x"}, {"cursor": "WzUsImEiXQ:1:2"}, {"noted": "x"}, {"noted": "f" * 63}, {"limit": "3"}],
)
def test_what_it_does_not_understand_is_refused(iris: User, query: dict[str, str]) -> None:
    answer = api(iris).get("audit/proof/", query)
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["errors"]] == [*query]
