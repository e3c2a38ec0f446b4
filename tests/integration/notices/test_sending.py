"""Each mail goes out once: whoever sends it, however often, and whatever fails on the way."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import LazySettings
from django.core import mail

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.actions.gates import submit_gate
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor, Ledger, record
from readiness.notices import sending
from readiness.notices.choosing import end_mails
from readiness.notices.models import Notice, ReadUpTo
from readiness.notices.sending import LEASE, MAILED_FOR, NEWS_FOR, PATIENCE, RETRIES, owe, send_owed
from tests.fixtures import create, person
from tests.integration.notices.post import Unreliable, forget, outbox, owed, posted
from tests.integration.standing.pictures import day

CHECKPOINTS = ("checkpoint-0", "checkpoint-1")


@pytest.fixture
def one(lena: User, ravi: User) -> Initiative:
    initiative = create(lena, day(0), stage="poc")
    forget(day(0))
    return initiative


@pytest.fixture
def submitted(one: Initiative, lena: User) -> Initiative:
    """One mail is owed to Ravi."""
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    owe(day(1))
    assert owed() == ["ravi"]
    return one


def test_twice_is_as_good_as_once(submitted: Initiative) -> None:
    assert [send_owed(day(1)), send_owed(day(1)), send_owed(day(2))] == [1, 0, 0]
    assert [owe(day(1)), owe(day(2))] == [0, 0]
    assert len(mail.outbox) == 1


def test_what_was_read_twice_is_owed_once(submitted: Initiative) -> None:
    """As after a restore of the mark alone, or two workers that read the same events."""
    ReadUpTo.objects.update(seq=0)
    assert owe(day(1)) == Event.objects.count()
    assert owed() == ["ravi"]
    assert Notice.objects.filter(event__verb="gate.submitted").count() == 1


def test_a_worker_killed_after_it_noted_what_is_owed_has_lost_nothing(submitted: Initiative) -> None:
    assert [address for address, _ in posted(day(1))] == ["ravi@example.com"]


def test_a_worker_killed_while_it_sends_leaves_the_mail_to_another_after_a_while(
    submitted: Initiative, server: type[Unreliable]
) -> None:
    class Killed(BaseException):
        """Not an error: nothing of the worker's own runs after it."""

    server.failing["ravi"] = Killed()  # type: ignore[assignment]
    with pytest.raises(Killed):
        send_owed(day(1))
    server.failing.clear()

    assert send_owed(day(1) + LEASE - timedelta(seconds=1)) == 0
    assert send_owed(day(1) + LEASE) == 1
    assert send_owed(day(2)) == 0


def test_a_mail_over_which_every_worker_dies_is_given_up(
    submitted: Initiative, server: type[Unreliable]
) -> None:
    class Killed(BaseException):
        pass

    server.failing["ravi"] = Killed()  # type: ignore[assignment]
    at = day(1)
    for _ in range(len(RETRIES) + 1):
        with pytest.raises(Killed):
            send_owed(at)
        at += LEASE
    assert send_owed(at) == 0
    assert Notice.objects.get().given_up_at == at


def test_a_mail_the_server_did_not_take_is_tried_again_later_and_later_and_then_given_up(
    submitted: Initiative, server: type[Unreliable]
) -> None:
    server.failing["ravi"] = ConnectionRefusedError("nobody there")
    at = day(1)
    for wait in RETRIES:
        assert send_owed(at) == 0
        notice = Notice.objects.get()
        assert (notice.due_at, notice.last_error) == (at + wait, "nobody there")
        assert send_owed(at + wait - timedelta(seconds=1)) == 0
        at += wait
    assert Notice.objects.get().given_up_at is None
    assert send_owed(at) == 0
    given_up = Notice.objects.get()
    assert (given_up.given_up_at, given_up.attempts) == (at, len(RETRIES) + 1)
    assert send_owed(at + timedelta(days=30)) == 0
    assert len(server.tried) == len(RETRIES) + 1
    assert sorted(RETRIES) == list(RETRIES)


def test_a_mail_that_failed_and_then_went_out_is_sent(
    submitted: Initiative, server: type[Unreliable]
) -> None:
    server.failing["ravi"] = SMTPServerDisconnected("gone")
    send_owed(day(1))
    server.failing.clear()
    assert send_owed(day(1) + RETRIES[0]) == 1
    sent = Notice.objects.get()
    assert (sent.sent_at, sent.last_error, sent.attempts) == (day(1) + RETRIES[0], "", 2)


@pytest.mark.parametrize(
    "error",
    [
        OSError("a full disk"),
        ValueError("a header with a line break"),
        UnicodeError("what is that\x00"),
        KeyError("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_one_mail_that_cannot_be_sent_keeps_no_other_from_it(
    one: Initiative, lena: User, server: type[Unreliable], error: Exception
) -> None:
    person("rosa", reviewer=True)
    person("ruth", reviewer=True)
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    owe(day(1))
    server.failing["ravi"] = error

    assert send_owed(day(1)) == 2
    assert sorted(message.to[0] for message in server.taken) == ["rosa@example.com", "ruth@example.com"]
    assert owed() == ["ravi"]


def test_a_server_that_takes_nothing_is_not_asked_two_hundred_times(
    one: Initiative, lena: User, server: type[Unreliable]
) -> None:
    names = [f"r{number}" for number in range(8)]
    for name in names:
        person(name, reviewer=True)
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    owe(day(1))
    server.failing.update(dict.fromkeys([*names, "ravi"], TimeoutError("no answer")))

    assert send_owed(day(1)) == 0
    assert len(server.tried) == PATIENCE
    server.failing.clear()
    assert send_owed(day(1)) + send_owed(day(1) + RETRIES[0]) == 9


def test_the_limit_of_a_task_is_no_failure_of_a_mail(submitted: Initiative, server: type[Unreliable]) -> None:
    server.failing["ravi"] = SoftTimeLimitExceeded()
    with pytest.raises(SoftTimeLimitExceeded):
        send_owed(day(1))
    assert Notice.objects.get().last_error == ""
    server.failing.clear()
    assert send_owed(day(1) + LEASE) == 1


def test_both_copies_of_a_mail_would_carry_the_same_name(submitted: Initiative) -> None:
    [first] = outbox(day(1))
    Notice.objects.update(sent_at=None, due_at=day(1))
    [second] = outbox(day(1))
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.extra_headers["Auto-Submitted"] == "auto-generated"


def test_what_happened_longer_than_two_weeks_ago_is_no_news(one: Initiative, lena: User) -> None:
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    assert posted(day(1) + NEWS_FOR + timedelta(seconds=1)) == []
    assert Notice.objects.filter(event__verb="gate.submitted").count() == 0


@pytest.mark.parametrize("late", [MAILED_FOR + timedelta(seconds=1), NEWS_FOR])
def test_what_happened_longer_than_three_days_ago_stands_under_the_bell_alone(
    one: Initiative, lena: User, ravi: User, late: timedelta
) -> None:
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    assert posted(day(1) + late) == []
    told = Notice.objects.get(event__verb="gate.submitted")
    assert (told.recipient, told.read_at, told.due_at) == (ravi, None, None)


def test_what_happened_almost_three_days_ago_is_mailed(one: Initiative, lena: User) -> None:
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    assert len(posted(day(1) + MAILED_FOR)) == 1


def test_a_long_trail_is_read_in_turns_and_nothing_left_out(
    one: Initiative, lena: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "READ_AT_ONCE", 3)
    for _ in range(4):
        record(COMMAND, "thing.done", {}, day(1))
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    for _ in range(4):
        record(COMMAND, "thing.done", {}, day(1))

    assert owe(day(1)) == 9
    assert owed() == ["ravi"]
    assert ReadUpTo.objects.get().seq == Event.objects.latest("seq").seq


def test_an_event_this_version_cannot_read_stops_nothing_behind_it(
    one: Initiative, lena: User, caplog: pytest.LogCaptureFixture
) -> None:
    """As after going back to an older version, whose list of flags is shorter."""
    ledger = Ledger(day(1))
    unknown = {"standing": {"flags_opened": [{"code": "flag_of_tomorrow", "severity": "warning"}]}}
    ledger.append(COMMAND, "standing.changed", unknown, one.pk)
    ledger.append(COMMAND, "gate.submitted", {}, one.pk)
    ledger.close()
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))

    assert [address for address, _ in posted(day(1))] == ["ravi@example.com"]
    assert "could not be read for news" in caplog.text


def test_as_many_queries_for_many_events_as_for_one(
    one: Initiative, lena: User, query_count: Callable[[Callable[[], Any]], int]
) -> None:
    def happen(times: int) -> None:
        for _ in range(times):
            other = create(lena, day(1), stage="poc")
            submit_gate(other.pk, "checkpoint-0", "", Actor.person(lena), day(1))

    happen(1)
    few = query_count(lambda: owe(day(1)))
    happen(20)
    many = query_count(lambda: owe(day(1)))
    assert many <= few + 2  # SQLite takes fewer rows at once
    assert len(owed()) >= 21


def test_without_a_mail_server_each_mail_is_a_file(
    submitted: Initiative, settings: LazySettings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    assert send_owed(day(1)) == 1
    [file] = tmp_path.iterdir()
    written = file.read_text()
    assert "To: ravi@example.com" in written
    assert "Message-ID: <notice-" in written


def test_who_ends_their_mails_while_one_fails_gets_it_no_more(
    submitted: Initiative, server: type[Unreliable], ravi: User
) -> None:
    server.failing["ravi"] = ConnectionRefusedError("nobody there")
    server.meanwhile.append(lambda: end_mails(ravi, day(1)))
    assert send_owed(day(1)) == 0
    server.failing.clear()
    assert Notice.objects.get().due_at is None
    assert send_owed(day(30)) == 0
    assert server.taken == []
