"""What is done on the server itself, by nobody in particular."""

import io
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from readiness import clock
from readiness.accounts.models import Token, User
from readiness.accounts.tokens import find_token
from readiness.audit.models import ActorKind, Event
from readiness.audit.recording import verify
from tests.integration.accounts.doors import make_demo_account, sign_in

GOOD = "a long enough sentence"
Run = Callable[..., str]


@pytest.fixture
def create_admin(db: None, monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(*words: str, password: str | None = GOOD, typed: str = "") -> str:
        if password is None:
            monkeypatch.delenv("FIVEGATES_ADMIN_PASSWORD", raising=False)
        else:
            monkeypatch.setenv("FIVEGATES_ADMIN_PASSWORD", password)
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        said = io.StringIO()
        call_command("create_admin", *words, stdout=said)
        return said.getvalue()

    return run


@pytest.fixture
def issue(lena: User) -> Run:
    def run(*words: str) -> str:
        said = io.StringIO()
        call_command("issue_token", *words, stdout=said)
        return said.getvalue()

    return run


class TestCreateAdmin:
    def test_the_first_admin_can_sign_in_and_administer(self, create_admin: Run, client: Client) -> None:
        said = create_admin("ada", "--name", "Ada Okafor", "--email", "ada@example.org")
        assert "Ada Okafor (ada)" in said
        assert GOOD not in said
        assert sign_in(client, "ada", GOOD).status_code == 302
        assert client.get("/people/").status_code == 200

    def test_it_is_recorded_as_done_by_a_command(self, create_admin: Run) -> None:
        create_admin("ada", "--name", "Ada Okafor")
        event = Event.objects.get(verb="person.created")
        assert (event.actor_kind, event.actor, event.data["profile"]["roles"]) == (
            ActorKind.COMMAND,
            None,
            ["admin"],
        )
        assert GOOD not in str(event.data)
        assert verify() == (1, None)

    def test_without_a_name_the_username_is_it(self, create_admin: Run) -> None:
        create_admin("ada")
        assert User.objects.get(username="ada").name == "ada"

    def test_the_password_can_come_by_the_standard_input(self, create_admin: Run, client: Client) -> None:
        create_admin("ada", "--password-stdin", password=None, typed="another good sentence\n")
        assert sign_in(client, "ada", "another good sentence").status_code == 302

    def test_without_a_terminal_or_a_password_it_says_how_to_give_one(self, create_admin: Run) -> None:
        with pytest.raises(CommandError, match="FIVEGATES_ADMIN_PASSWORD"):
            create_admin("ada", password=None)
        assert not User.objects.exists()

    @pytest.mark.parametrize(
        ("words", "password", "told"),
        [
            (("ada",), "short", "password: .*too short"),
            (("ada",), "password1234", "password: .*too common"),
            (("ada",), "", "password: "),
            (("a b",), GOOD, "username: "),
            (("x" * 10_000,), GOOD, "username: At most 60"),
            (("ada", "--name", "x" * 10_000), GOOD, "name: At most 120"),
            (("ada", "--email", "nowhere"), GOOD, "email: "),
            (("LENA",), GOOD, "username: .*already in use"),
            (("ada", "--email", "Lena@Example.com"), GOOD, "email: .*already in use"),
        ],
    )
    def test_what_is_wrong_is_named_and_nobody_is_entered(
        self, create_admin: Run, lena: User, words: tuple[str, ...], password: str, told: str
    ) -> None:
        with pytest.raises(CommandError, match=told):
            create_admin(*words, password=password)
        assert list(User.objects.all()) == [lena]
        assert not Event.objects.exists()


class TestIssueToken:
    def test_it_prints_the_token_and_nothing_else(self, issue: Run, lena: User) -> None:
        said = issue("LENA", "--name", "BI export", "--scope", "read", "--scope", "checks")
        plain = said.removesuffix("\n")
        assert plain.count("\n") == 0
        token = find_token(plain, clock.now())
        assert token is not None
        assert (token.user, token.name, token.scopes, token.expires_at) == (
            lena,
            "BI export",
            ["read", "checks"],
            None,
        )

    def test_it_is_recorded_as_done_by_a_command(self, issue: Run) -> None:
        plain = issue("lena", "--name", "BI export", "--scope", "read").strip()
        event = Event.objects.get(verb="token.issued")
        assert (event.actor_kind, event.actor, event.data["owner"]) == (ActorKind.COMMAND, None, "lena")
        assert plain not in str(event.data)

    def test_it_can_end_after_some_days(self, issue: Run) -> None:
        before = clock.now()
        issue("lena", "--name", "BI export", "--scope", "read", "--expires-in-days", "30")
        ends = Token.objects.get().expires_at
        assert before + timedelta(days=30) <= ends <= clock.now() + timedelta(days=30)

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("nobody", "--name", "x", "--scope", "read"), "no person"),
            (("lena\x00", "--name", "x", "--scope", "read"), "no person"),
            (("lena", "--name", "x", "--scope", "root"), "invalid choice"),
            (("lena", "--name", "x"), "--scope"),
            (("lena", "--name", "", "--scope", "read"), "name: "),
            (("lena", "--name", "x" * 10_000, "--scope", "read"), "name: "),
            (("lena", "--name", "\udcff", "--scope", "read"), "name: "),
            (("lena", "--name", "x", "--scope", "read", "--expires-in-days", "0"), "from 1 to"),
            (("lena", "--name", "x", "--scope", "read", "--expires-in-days", str(10**12)), "from 1 to"),
        ],
    )
    def test_what_is_wrong_is_named_and_no_token_is_made(
        self, issue: Run, words: tuple[str, ...], told: str
    ) -> None:
        with pytest.raises(CommandError, match=told):
            issue(*words)
        assert not Token.objects.exists()

    def test_who_may_not_sign_in_gets_none(self, issue: Run, lena: User) -> None:
        make_demo_account(lena)
        with pytest.raises(CommandError, match="may not sign in"):
            issue("lena", "--name", "x", "--scope", "read")
