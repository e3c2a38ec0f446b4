"""The chain proves itself, and names the first link that somebody has changed behind the database's back."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.initiatives import edit_initiative
from readiness.audit import proving
from readiness.audit.models import Event
from readiness.audit.proving import Place, prove, sealed, unsealed
from readiness.audit.recording import COMMAND, Actor, Ledger, record, verify
from readiness.standing.sweeping import recompute_due
from tests.fixtures import answer_all, create, make_ready
from tests.integration.audit.tampering import TAMPERING, ten_unguarded
from tests.integration.standing.pictures import day

HARD_TEXTS = {
    "emoji": "🚦👩🏽‍💻 done",
    "right to left": "جاهز للإنتاج \u202e",
    "combining": "e\u0301 is not é",
    "quotes": """He said "it's 5 % \\ fine" """,
    "markup": "<script>alert('x')</script> &amp;",
    "lines": "one\r\ntwo\u2028three\tfour\x7f",
    "far planes": "𝔸𝕀 \U0010ffff",
    "empty": "",
}


@pytest.fixture
def ten(db: None) -> None:
    ten_unguarded()


@pytest.mark.parametrize(("tamper", "seq", "reason"), TAMPERING.values(), ids=TAMPERING)
def test_the_first_broken_link_is_named(
    ten: None, tamper: Callable[[], object], seq: int, reason: str
) -> None:
    assert verify() == (10, None)
    tamper()

    broken = verify()[1]
    assert broken is not None
    assert broken.seq == seq
    assert reason in broken.reason
    with pytest.raises(CommandError, match=f"broken at event {seq}: .*{reason}"):
        call_command("verify_audit", stdout=StringIO())


@pytest.mark.parametrize(("tamper", "seq", "reason"), TAMPERING.values(), ids=TAMPERING)
@pytest.mark.parametrize("most", [1, 3, 5, 10, 11])
def test_proved_in_parts_the_same_link_is_named(
    ten: None, tamper: Callable[[], object], seq: int, reason: str, most: int
) -> None:
    tamper()
    parts = [prove(most=most)]
    while not parts[-1].ended:
        place = unsealed(sealed(parts[-1].reached))
        assert place == parts[-1].reached
        parts.append(prove(place, most))
    assert all(part.checked <= most and part.broken is None for part in parts[:-1])
    broken = parts[-1].broken
    assert broken is not None and (broken.seq, reason in broken.reason) == (seq, True)
    assert sum(part.checked for part in parts) == parts[-1].reached.seq
    assert parts[-1].reached.seq >= seq - 1


@pytest.mark.parametrize("most", [1, 3, 10, 11, None])
def test_proved_in_parts_a_whole_chain_holds(ten: None, most: int | None) -> None:
    part = prove(most=most)
    while not part.ended:
        assert not part.holds
        part = prove(part.reached, most)
    assert part.holds
    assert part.reached == part.head == Place(10, Event.objects.get(seq=10).hash)


def test_no_more_than_a_batch_is_read_at_once(ten: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "BATCH", 4)
    with CaptureQueriesContext(connection) as asked:
        assert prove().holds
    reads = [one["sql"] for one in asked if "previous_hash" in one["sql"]]
    assert len(reads) == 3
    assert all("LIMIT 4" in sql for sql in reads)


def test_a_place_that_was_not_sealed_here_is_none(ten: None) -> None:
    for word in ("", "x", sealed(Place(3, "f" * 64))[:-1], "WzEsMl0:1:2"):
        assert unsealed(word) is None


def test_one_who_moves_an_event_to_another_initiative_is_seen(ten: None, lena: User) -> None:
    one, other = create(lena), create(lena)
    created = Event.objects.get(initiative=one, verb="initiative.created")
    Event.objects.filter(seq=created.seq).update(initiative=other)
    broken = verify()[1]
    assert broken is not None
    assert broken.seq == created.seq


def test_a_whole_chain_says_how_long_it_is(ten: None) -> None:
    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert said.getvalue() == "The audit chain holds: 10 events.\n"


def test_a_chain_without_an_event_holds(db: None) -> None:
    assert verify() == (0, None)


def test_a_long_life_leaves_a_chain_that_holds(lena: User, ravi: User, omar: User) -> None:
    for number in range(4):
        one = create(lena, day(number), stage="pilot", people={"deputy": "omar"})
        make_ready(one, lena, ravi, day(number))
    for number in range(4, 200, 7):
        recompute_due(day(number))
        answer_all(one, lena, at=day(number))
        edit_initiative(one.pk, {"name": f"Invoice triage {number}"}, Actor.person(lena), day(number))
    events = Event.objects.count()
    assert events > 100
    assert verify() == (events, None)
    assert list(Event.objects.values_list("seq", flat=True)) == list(range(1, events + 1))


@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS)
def test_what_was_typed_is_kept_to_the_letter(lena: User, text: str) -> None:
    one = create(lena, day(0))
    change = AnswerChange("DATA-1", "partial", note=f"{text}.")
    record_answers(one.pk, [change], Actor.person(lena, token_name=text[:20]), day(1))

    event = Event.objects.filter(initiative=one).latest("seq")
    assert event.data["answers"][0]["note"] == f"{text}.".strip()
    assert event.token_name == text[:20]
    assert verify()[1] is None


def test_numbers_and_days_come_back_as_they_went_in(initiative: Initiative, lena: User) -> None:
    ledger = Ledger(day(0) + timedelta(microseconds=123456))
    data = {
        "decimal": Decimal("1234567890.10"),
        "float": 0.1,
        "tiny": 1e-300,
        "large": 2**63 + 1,
        "negative": -1,
        "day": date(2028, 2, 29),
        "moment": datetime(2026, 1, 5, 12, 30, 0, 987654, tzinfo=day(0).tzinfo),
        "nothing": None,
        "yes": True,
        "nested": {"b": [1, {"a": Decimal("0.50")}], "a": [], "": {}},
        "unsorted": {"zebra": 1, "ant": 2, "Ähre": 3},
    }
    ledger.append(Actor.person(lena), "thing.done", data, initiative.pk)
    ledger.close()

    event = Event.objects.latest("seq")
    assert event.at == day(0) + timedelta(microseconds=123456)
    assert event.data == {
        **data,
        "decimal": "1234567890.10",
        "float": "0.1",
        "tiny": "1e-300",
        "day": "2028-02-29",
        "moment": "2026-01-05T12:30:00.987Z",
        "nested": {"b": [1, {"a": "0.50"}], "a": [], "": {}},
    }
    assert verify()[1] is None


KNOWN = {
    "number": 1, "large": 2**63 + 1, "decimal": Decimal("0.10"), "float": 2.50, "day": date(2026, 2, 28),
    "texts": HARD_TEXTS, "unsorted": {"zebra": [1, 2, None], "ant": True},
}  # fmt: skip


def test_the_same_event_has_the_same_hash_on_every_database(db: None) -> None:
    """Written down once: a trail that moves from SQLite to PostgreSQL still proves itself."""
    record(COMMAND, "thing.done", KNOWN, datetime(2026, 1, 5, 12, 0, 0, 5, tzinfo=day(0).tzinfo))
    assert Event.objects.get().hash == "27ba9458ffbc3a14d958067e7a917c656536b4566df4570c7c2b5ca36da98adc"
    assert verify() == (1, None)


def test_several_events_of_one_transaction_follow_each_other(db: None) -> None:
    ledger = Ledger(day(0))
    for number in range(5):
        ledger.append(COMMAND, "thing.done", {"number": number})
    ledger.close()
    record(COMMAND, "thing.done", {}, day(0))
    assert [event.data.get("number") for event in Event.objects.order_by("seq")] == [0, 1, 2, 3, 4, None]
    assert verify() == (6, None)
