"""Events are found by what stands in them, on every database alike, and with a bounded amount of work."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checklists.models import Gate
from readiness.accounts.models import User
from readiness.audit import searching
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor, record
from readiness.audit.searching import Asked, newest, oldest_first
from tests.fixtures import create
from tests.integration.standing.pictures import day

RECORDED = {
    "note": "Die PRÜFUNG der Straße wartet",
    "items": [{"code": "DATA-1", "quote": 'He said "go\\on"'}, {"code": "ARCH-3"}],
    "gate": "architecture",
    "over": {"Ähre": "first\nsecond", "number": 1234},
}
FOUND = [
    *("prüfung", "PRÜFUNG", "prÜf", "straße", "STRASSE", "ähre"),
    *("data-1", "arch-3 DATA", '"go', "go\\on", "second", "1234", "thing.done"),
]
NOT_FOUND = ["prufung", "data-2", "prüfung nowhere", "said going", "lena", "%", "_"]


def numbers(words: str, **asked: object) -> list[int]:
    return [event.seq for event in newest(Asked(words=words, **asked), None, 100).events]  # type: ignore[arg-type]


@pytest.mark.parametrize("words", FOUND)
def test_what_was_recorded_is_found(db: None, words: str) -> None:
    record(COMMAND, "other.done", {"note": "nothing of it"}, day(0))
    record(COMMAND, "thing.done", RECORDED, day(0))
    assert numbers(words) == [2]
    assert [[event.seq for event in batch] for batch in oldest_first(Asked(words=words), 2)] == [[2]]


@pytest.mark.parametrize("words", NOT_FOUND)
def test_what_was_not_recorded_is_not_found(db: None, words: str) -> None:
    record(COMMAND, "thing.done", RECORDED, day(0))
    assert numbers(words) == []


def test_each_word_may_stand_in_another_place(lena: User, omar: User) -> None:
    create(lena, name="Ölpreis ahead")
    create(omar, name="Lapse warning")
    record(Actor.person(lena, token_name="Nightly export"), "thing.done", {"reason": "Budget"}, day(0))
    first, second = Event.objects.filter(verb="initiative.created").order_by("seq")
    assert numbers("lena ÖLPREIS") == numbers(first.initiative.ref) == [first.seq]
    assert numbers("omar lapse") == [second.seq]
    assert numbers("lena lapse") == []
    assert numbers("nightly budget LENA") == [3]


def test_a_gate_is_found_by_its_name_and_a_kind_by_its_words(lena: User) -> None:
    create(lena)
    record(COMMAND, "gate.decided", {"gate": "integration-and-dependencies"}, day(0))
    slug, name = Gate.objects.exclude(slug="").values_list("slug", "name")[0]
    record(COMMAND, "gate.decided", {"gate": slug}, day(0))
    assert 3 in numbers(name.upper())
    words = {"gate.decided": "Gate: entschieden"}
    assert numbers("entschieden", called=lambda verb: words.get(verb, verb)) == [3, 2]


def test_filters_narrow(lena: User, omar: User) -> None:
    one = create(lena, day(0))
    create(omar, day(1))
    record(COMMAND, "thing.done", {}, day(2))

    def found(asked: Asked) -> list[int]:
        both = [event.seq for event in newest(asked, None, 100).events]
        assert sorted(both) == [event.seq for batch in oldest_first(asked, 3) for event in batch]
        return both

    assert found(Asked()) == [3, 2, 1]
    assert found(Asked(actor="lena")) == found(Asked(initiative_id=one.pk)) == [1]
    assert found(Asked(verb="initiative.created")) == [2, 1]
    assert found(Asked(since=day(1))) == [3, 2]
    assert found(Asked(until=day(1))) == [1]
    assert found(Asked(since=day(1), until=day(2), words="omar")) == [2]
    assert found(Asked(since=day(2) + timedelta(microseconds=1))) == []


class TestWindow:
    @pytest.fixture(autouse=True)
    def _many(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(searching, "BATCH", 3)
        for number in range(1, 21):
            record(COMMAND, "thing.done", {"word": "old" if number < 4 else f"new {number}"}, day(0))

    def test_it_ends_and_says_where(self) -> None:
        found = newest(Asked(words="old"), None, 2, window=10)
        assert (found.events, found.more, found.looked, found.back_to) == ([], False, 10, 11)
        further = newest(Asked(words="old"), found.back_to, 2, window=10)
        assert ([one.seq for one in further.events], further.more, further.back_to) == ([3, 2], True, None)
        last = newest(Asked(words="old"), 2, 2, window=10)
        assert ([one.seq for one in last.events], last.more, last.looked, last.back_to) == (
            [1],
            False,
            1,
            None,
        )

    def test_what_is_exactly_as_long_as_the_window_is_looked_through(self) -> None:
        found = newest(Asked(words="nowhere"), None, 2, window=20)
        assert (found.looked, found.back_to) == (20, None)

    def test_nothing_is_left_out_or_shown_twice(self) -> None:
        shown: list[int] = []
        place: int | None = None
        for _ in range(40):
            found = newest(Asked(words="new"), place, 3, window=4)
            shown += [one.seq for one in found.events]
            place = found.events[-1].seq if found.more else found.back_to
            if place is None:
                break
        assert shown == list(range(20, 3, -1))

    def test_a_stream_holds_one_batch_and_ends_where_it_began(self) -> None:
        batches = oldest_first(Asked(), 20)
        with CaptureQueriesContext(connection) as asked:
            first = next(batches)
        assert [one.seq for one in first] == [1, 2, 3]
        assert "LIMIT 3" in asked[-1]["sql"] and len(asked) == 1
        record(COMMAND, "thing.done", {}, day(0))
        assert [one.seq for batch in batches for one in batch] == list(range(4, 21))
