"""Who is told of what happens to their own account: at once, at the right address, and whatever else they chose."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command

from readiness import clock
from readiness.accounts.models import Authenticator, Organisation, RecoveryCode, Scope, Token, User
from readiness.accounts.password_links import Occasion, make_link_key
from readiness.actions.passwords import change_own_password, set_password_by_link
from readiness.actions.people import deactivate_person, edit_person, profile_of
from readiness.actions.tokens import issue_token
from readiness.actions.two_factor import prove, renew_recovery_codes, reset_two_factor, turn_off
from readiness.audit.recording import COMMAND, Actor
from readiness.notices.account_mails import send_account_mails
from readiness.notices.choosing import end_mails
from readiness.notices.models import AccountMail
from readiness.notices.sending import LEASE, MAILED_FOR, RETRIES, owe
from tests.fixtures import PASSWORD
from tests.integration.accounts.apps import AT, with_app
from tests.integration.notices.post import Unreliable

NEW_PASSWORD = "another long enough password"
LATER = AT + timedelta(minutes=10)


def told(at: datetime = LATER) -> list[EmailMessage]:
    """Do as the task does, and return what went out now."""
    mail.outbox.clear()
    owe(at)
    send_account_mails(at)
    return list(mail.outbox)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def with_factor(lena: User) -> tuple[User, list[str]]:
    """Lena with an app, of which she has been told, and her recovery codes."""
    _app, codes = with_app(lena)
    told(AT)
    return lena, codes


def of_password(lena: User, ada: User, codes: list[str]) -> None:
    change_own_password(User.objects.get(pk=lena.pk), PASSWORD, NEW_PASSWORD, LATER)


def of_link(lena: User, ada: User, codes: list[str]) -> None:
    key = make_link_key(User.objects.get(pk=lena.pk), Occasion.RESET, LATER)
    set_password_by_link(key, NEW_PASSWORD, LATER)


def of_turning_off(lena: User, ada: User, codes: list[str]) -> None:
    turn_off(lena, codes[0], LATER)


def of_codes(lena: User, ada: User, codes: list[str]) -> None:
    renew_recovery_codes(lena, codes[0], LATER)


def of_reset(lena: User, ada: User, codes: list[str]) -> None:
    reset_two_factor("lena", Actor.person(ada), LATER)


def of_reset_by_command(lena: User, ada: User, codes: list[str]) -> None:
    call_command("reset_two_factor", "lena", stdout=StringIO())


def of_token(lena: User, ada: User, codes: list[str]) -> None:
    issue_token(lena, "BI export", [Scope.READ], None, Actor.person(lena), LATER)


def of_token_by_command(lena: User, ada: User, codes: list[str]) -> None:
    call_command("issue_token", "lena", name="BI export", scopes=["read"], stdout=StringIO())


def of_recovery_code(lena: User, ada: User, codes: list[str]) -> None:
    prove(lena, codes[0], LATER)


SELF = "By: you yourself, or somebody who was signed in as you\n"
COMMANDED = "By: a command on the server\n"
SCENES: list[tuple[Callable[[User, User, list[str]], None], str, str]] = [
    (of_password, "Your password was changed.", SELF),
    (of_link, "Your password was changed.", "By: whoever opened the link"),
    (of_turning_off, "second factor of your account was switched off", SELF),
    (of_codes, "New recovery codes were made", SELF),
    (of_recovery_code, "One of your recovery codes was used", SELF),
    (of_reset, "second factor of your account was taken away", "By: the admin Ada\n"),
    (of_reset_by_command, "second factor of your account was taken away", COMMANDED),
    (of_token, "An API token was made in your name: “BI export”. It may: Read everything", SELF),
    (of_token_by_command, "An API token was made in your name: “BI export”", COMMANDED),
]


@pytest.mark.parametrize(("act", "what", "by"), SCENES, ids=[act.__name__ for act, _, _ in SCENES])
def test_it_is_told_at_once_with_when_and_by_whom(
    with_factor: tuple[User, list[str]],
    ada: User,
    act: Callable[[User, User, list[str]], None],
    what: str,
    by: str,
) -> None:
    Organisation.objects.update(time_zone="Asia/Tokyo")
    lena, codes = with_factor
    end_mails(lena, AT)  # whatever is switched off, this is not
    act(lena, ada, codes)
    found = [one for one in told() if what in one.body]
    assert [one.to for one in found] == [["lena@example.com"]]
    body = found[0].body
    assert by in body
    hour = LATER if "command" not in by else AT
    assert f"When: {hour + timedelta(hours=9):%-d %b %Y, %H:%M} JST" in body
    assert "tell an admin of Our organisation at once" in body
    assert "/password/forgotten/" in body
    assert what in found[0].subject
    assert "List-Unsubscribe" not in found[0].extra_headers
    assert told(LATER + timedelta(days=1)) == []


@pytest.mark.parametrize("act", [act for act, _, _ in SCENES], ids=lambda act: act.__name__)
def test_no_mail_holds_a_secret(
    with_factor: tuple[User, list[str]], ada: User, act: Callable[[User, User, list[str]], None]
) -> None:
    lena, codes = with_factor
    act(lena, ada, codes)
    said = "".join(f"{one.subject}{one.body}{one.extra_headers}" for one in told())
    assert said
    secrets = [*codes, PASSWORD, NEW_PASSWORD, User.objects.get(pk=lena.pk).password]
    secrets += Token.objects.values_list("digest", flat=True)
    secrets += RecoveryCode.objects.values_list("digest", flat=True)
    secrets += Authenticator.objects.values_list("salt", flat=True)
    assert [secret for secret in secrets if secret in said] == []


def test_setting_up_the_second_factor_is_told(lena: User) -> None:
    with_app(lena)
    assert [(one.to, "was set up as the second factor" in one.body) for one in told(AT)] == [
        (["lena@example.com"], True)
    ]


def test_a_changed_address_is_told_to_both(lena: User, ada: User) -> None:
    edit_person("lena", replace(profile_of(lena), email="new@example.com"), Actor.person(ada), AT)
    found = told()
    assert sorted(one.to[0] for one in found) == ["lena@example.com", "new@example.com"]
    words = "was changed from lena@example.com to new@example.com."
    assert [words in one.body and "By: the admin Ada\n" in one.body for one in found] == [True, True]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [("", "new@example.com", "is now new@example.com"), ("lena@example.com", "", "was taken out")],
)
def test_an_address_that_came_or_went_is_told_to_the_one_there_is(
    lena: User, ada: User, before: str, after: str, words: str
) -> None:
    lena.email = before
    lena.save()
    edit_person("lena", replace(profile_of(lena), email=after), Actor.person(ada), AT)
    found = told()
    assert [(one.to, words in one.body) for one in found] == [([before or after], True)]


def test_who_changes_the_address_afterwards_does_not_take_the_mails_with_it(lena: User, ada: User) -> None:
    """An admin's account in wrong hands: a token by command, the address away, and the next one."""
    issue_token(lena, "first", [Scope.READ], None, COMMAND, AT)
    edit_person("lena", replace(profile_of(lena), email="thief@example.com"), Actor.person(ada), AT)
    issue_token(lena, "second", [Scope.READ], None, COMMAND, AT)
    went = {(one.to[0], one.subject.partition(": ")[2][:40]) for one in told()}
    token, address = "An API token was made in your name: “fir", "The e-mail address of your account was c"
    assert went == {
        ("lena@example.com", token),
        ("lena@example.com", address),
        ("thief@example.com", address),
        ("thief@example.com", token.replace("fir", "sec")),
    }


def test_other_edits_are_not_told(lena: User, ada: User) -> None:
    edit_person("lena", replace(profile_of(lena), unit="Risk"), Actor.person(ada), AT)
    assert told() == []


def test_who_was_closed_out_meanwhile_is_told_all_the_same(lena: User, ada: User) -> None:
    issue_token(lena, "first", [Scope.READ], None, COMMAND, AT)
    deactivate_person("lena", Actor.person(ada), AT)
    assert [one.to for one in told()] == [["lena@example.com"]]


def test_an_account_with_a_password_from_the_command_line_is_told(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIVEGATES_ADMIN_PASSWORD", NEW_PASSWORD)
    call_command("create_admin", "grace", email="grace@example.com", stdout=StringIO())
    found = told()
    assert [one.to for one in found] == [["grace@example.com"]]
    assert "An account with a password was made for you." in found[0].body
    assert NEW_PASSWORD not in found[0].body


def test_it_is_told_in_the_language_of_its_reader(lena: User) -> None:
    User.objects.update(language="de")
    issue_token(lena, "first", [Scope.READ], None, COMMAND, AT)
    assert "durch einen Befehl auf dem Server" in told()[0].body


def test_demo_people_are_told_nothing_once_the_demo_has_ended(lena: User) -> None:
    User.objects.update(is_demo=True)
    issue_token(lena, "first", [Scope.READ], None, COMMAND, AT)
    assert told() == []


def test_what_is_long_past_is_no_news(lena: User) -> None:
    issue_token(lena, "first", [Scope.READ], None, COMMAND, datetime(2020, 1, 1, tzinfo=UTC))
    assert told(datetime(2020, 1, 1, tzinfo=UTC) + MAILED_FOR + timedelta(seconds=1)) == []


def test_a_mail_that_was_not_taken_is_tried_again_and_goes_out_once(
    lena: User, server: type[Unreliable]
) -> None:
    issue_token(lena, "first", [Scope.READ], None, COMMAND, AT)
    owe(AT)
    server.failing["lena"] = ConnectionRefusedError("nobody there")
    assert send_account_mails(AT) == 0
    server.failing.clear()
    assert send_account_mails(AT + RETRIES[0] - timedelta(seconds=1)) == 0
    assert [send_account_mails(AT + RETRIES[0]), send_account_mails(AT + timedelta(days=2))] == [1, 0]
    assert len(server.taken) == 1


def test_a_mail_that_is_never_taken_is_given_up(lena: User, server: type[Unreliable]) -> None:
    issue_token(lena, "first", [Scope.READ], None, COMMAND, AT)
    owe(AT)
    server.failing["lena"] = ConnectionRefusedError("nobody there")
    at = AT
    for wait in (*RETRIES, timedelta(0)):
        assert send_account_mails(at) == 0
        at += wait
    row = AccountMail.objects.get()
    assert (row.attempts, row.given_up_at, row.last_error) == (len(RETRIES) + 1, at, "nobody there")


def test_a_worker_killed_while_it_sends_leaves_the_mail_to_another_after_a_while(
    lena: User, server: type[Unreliable]
) -> None:
    class Killed(BaseException):
        """Not an error: nothing of the worker's own runs after it."""

    issue_token(lena, "first", [Scope.READ], None, COMMAND, AT)
    owe(AT)
    server.failing["lena"] = Killed()  # type: ignore[assignment]
    with pytest.raises(Killed):
        send_account_mails(AT)
    server.failing.clear()
    assert send_account_mails(AT + LEASE - timedelta(seconds=1)) == 0
    assert send_account_mails(AT + LEASE) == 1
