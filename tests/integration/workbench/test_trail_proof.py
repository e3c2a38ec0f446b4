"""The chain is proved on a page: what holds, and where it is broken, in which way and what to do."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import User
from readiness.audit import chain
from readiness.audit.models import Chain, Event
from readiness.audit.telling import told
from readiness.workbench.trail import proof as proof_page
from tests.access.watching import tables_written
from tests.fixtures import pages
from tests.integration.audit.tampering import TAMPERING, ten_unguarded
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db
AT = "/audit/proof/"

WAYS = {
    "content does not match": "does not give the hash that was recorded with it",
    "does not follow": "does not carry the hash of the event before it",
    "is missing": "is not there, and later ones are",
    "the chain ends at": "does not end where its head says",
    "its head says": "does not end where its head says",
    "names another hash": "does not have the hash that the head names",
}


@pytest.fixture
def _ten(db: None) -> None:
    ten_unguarded()


def check(by: User, mark: str = "", begun: str = "", status: int = 200) -> Node:
    answer = pages(by).post(AT, {"mark": mark, "begun": begun})
    assert answer.status_code == status
    page = read(answer)
    assert complaints(page) == []
    return page


def alerts(page: Node) -> list[str]:
    return [one.text for one in page.by_id("proof").all() if "alert" in one.attrs.get("class", "").split()]


@pytest.mark.parametrize(
    ("who", "may"),
    [("iris", True), ("ada", True), ("lena", False), ("ravi", False), ("elsa", False), ("omar", False)],
)
def test_it_is_open_to_auditors_and_admins(request: pytest.FixtureRequest, who: str, may: bool) -> None:
    client = pages(request.getfixturevalue(who))
    assert client.get(AT).status_code == client.post(AT).status_code == (200 if may else 403)


@pytest.mark.usefixtures("_ten")
def test_it_says_how_many_hold_from_where_to_where_and_the_hash_to_note(iris: User) -> None:
    head = Event.objects.get(seq=10)
    before = read(pages(iris).get(AT))
    assert head.hash in before.text and "The chain" not in before.by_id("proof").text
    client = pages(iris)
    client.get(AT)
    with tables_written() as written:
        page = read(client.post(AT))
    assert written == []
    text = page.by_id("proof").text
    for words in (
        "The chain holds",
        "All 10 events",
        "No. 1 · 5 Jan 2026",
        "No. 10 · 14 Jan 2026",
        head.hash,
    ):
        assert words in text, words


def test_before_anything_happened_it_holds(iris: User) -> None:
    assert "The chain holds" in check(iris).text


@pytest.mark.parametrize(("tamper", "seq", "reason"), TAMPERING.values(), ids=TAMPERING)
@pytest.mark.usefixtures("_ten")
def test_where_it_is_broken_it_says_where_how_and_what_to_do(
    iris: User, tamper: Callable[[], object], seq: int, reason: str
) -> None:
    tamper()
    page = check(iris)
    told_way = next(words for start, words in WAYS.items() if start in reason)
    (said,) = alerts(page)
    assert f"vent {seq}" in said and told_way in said, said
    assert "What to do" in page.text and "Take the whole trail along" in page.text
    assert "The chain holds" not in page.text


@pytest.mark.usefixtures("_ten")
def test_a_long_chain_is_proved_in_steps(iris: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof_page, "PART", 4)
    Event.objects.filter(seq=9).update(verb="thing.undone")
    noted = Event.objects.get(seq=7).hash
    said, begun, mark = [], "", noted
    for _ in range(3):
        page = check(iris, mark, begun)
        said.append(page.by_id("proof").text)
        hidden = page.by_id("proof").all("input", name="begun")
        if not hidden:
            break
        begun, mark = (
            hidden[0].attrs["value"],
            page.by_id("proof").all("input", name="mark")[0].attrs["value"],
        )
    assert "Events 1 to 4 of 10 hold" in said[0] and "is known once" in said[0]
    assert "Events 1 to 8 of 10 hold" in said[1] and "Nothing up to there was changed" in said[1]
    assert "vent 9" in said[2] and "No. 8" in said[2]
    assert check(iris, begun=f"{begun}x", status=422).text.count("begun too long ago") >= 1


@pytest.mark.usefixtures("_ten")
def test_it_asks_the_database_as_often_for_many_events_as_for_few(
    iris: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def queries(part: int) -> int:
        monkeypatch.setattr(proof_page, "PART", part)
        client = pages(iris)
        with CaptureQueriesContext(connection) as asked:
            assert client.post(AT).status_code == 200
        return len(asked)

    assert queries(2) == queries(9) <= 12


class TestNoted:
    @pytest.fixture(autouse=True)
    def _noted(self, _ten: None) -> None:
        self.fourth = Event.objects.get(seq=4)
        self.line = json.dumps(told(self.fourth))

    def test_what_still_stands_is_found(self, iris: User) -> None:
        for mark in (self.fourth.hash, f"4 {self.fourth.hash}", self.line, self.fourth.hash.upper()):
            text = check(iris, mark).text
            assert "still contains what was noted" in text and "event 4 of 8 January 2026" in text, text

    def test_what_was_written_anew_with_all_behind_it_is_not(self, iris: User) -> None:
        """The chain holds by itself: only what was noted outside tells."""
        write_anew()
        page = check(iris, self.line)
        assert "The chain holds" in page.text
        assert "does not stand any more" in page.text and "Event 4 has another hash today" in page.text
        assert "does not contain what was noted" in check(iris, self.fourth.hash).text

    def test_what_stands_behind_a_break_proves_nothing(self, iris: User) -> None:
        Event.objects.filter(seq=2).update(verb="thing.undone")
        noted, broken = alerts(check(iris, self.line))
        assert "does not hold any more" in noted and "still contains" not in noted
        assert "vent 2" in broken

    def test_what_holds_no_hash_is_refused_and_kept(self, iris: User) -> None:
        page = check(iris, "it was fine", status=422)
        assert "No hash was found in it" in page.text
        assert page.one("textarea", name="mark").text == "it was fine"
        assert "The chain holds" not in page.text


def write_anew() -> None:
    """Change the second event and hash everything behind it again, and the head: what a whole database allows."""
    Event.objects.filter(seq=2).update(verb="thing.undone")
    last: Any = Event.objects.get(seq=1).hash
    for event in Event.objects.filter(seq__gte=2).order_by("seq"):
        link = chain.Link(
            event.seq, event.at, event.actor_kind, None, "", event.verb, None, event.data, previous_hash=last
        )
        last = chain.digest(link)
        Event.objects.filter(seq=event.seq).update(previous_hash=link.previous_hash, hash=last)
    Chain.objects.update(hash=last)
