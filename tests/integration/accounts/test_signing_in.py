"""The front door: who is let in, and what the page says."""

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from readiness.accounts.models import Organisation, User
from tests.fixtures import PASSWORD, person
from tests.integration.accounts.counting import CountingHasher
from tests.integration.accounts.doors import is_signed_in, make_demo_account, sign_in

NASTY = [
    "x" * 10_000,
    "ada\x00",
    "<script>alert(1)</script>",
    "👩‍🚀",
    "שלום",
    "' OR 1=1 --",
    "a@b\r\nSet-Cookie: x",
]


@pytest.mark.parametrize("typed", ["lena", "LENA", " Lena ", "lena@example.com", "LENA@Example.COM"])
def test_one_signs_in_by_username_or_email_whatever_its_case(client: Client, lena: User, typed: str) -> None:
    response = sign_in(client, typed)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_signed_in(client)


def test_a_wrong_password_is_refused_and_the_name_stays_typed(client: Client, lena: User) -> None:
    response = sign_in(client, "lena", "not it at all")
    assert response.status_code == 422
    assert 'value="lena"' in response.content.decode()
    assert "not it at all" not in response.content.decode()
    assert not is_signed_in(client)


def test_an_unknown_name_a_wrong_password_and_a_closed_account_are_answered_alike(
    lena: User, ravi: User
) -> None:
    ravi.is_active = False
    ravi.save()
    unusable = person("uma", lead=True)
    unusable.set_unusable_password()
    unusable.save()
    answers = set()
    for name, password in [("lena", "wrong"), ("ravi", PASSWORD), ("uma", PASSWORD), ("nobody", PASSWORD)]:
        response = sign_in(Client(), name, password)
        words = response.content.decode().replace(f'value="{name}"', "")
        answers.add((response.status_code, words.count("do not go together"), words.count("field__error")))
    assert answers == {(422, 1, 0)}


@pytest.mark.parametrize("name", ["lena", "nobody", "closed", "never"])
def test_one_password_is_hashed_whoever_is_named(lena: User, name: str, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["tests.integration.accounts.counting.CountingHasher"]
    closed, never = person("closed"), person("never")
    closed.is_active = False
    closed.save()
    never.set_unusable_password()
    never.save()
    lena.set_password(PASSWORD)
    lena.save()
    CountingHasher.hashed = 0
    assert authenticate(None, username=name, password="wrong") is None
    assert CountingHasher.hashed == 1


def test_a_username_goes_before_the_same_words_as_an_email(lena: User) -> None:
    User.objects.filter(pk=lena.pk).update(email="ravi")
    ravi = person("ravi", reviewer=True)
    assert authenticate(None, username="ravi", password=PASSWORD) == ravi


@pytest.mark.parametrize("typed", NASTY)
def test_nasty_names_get_an_error_and_never_a_500(client: Client, lena: User, typed: str) -> None:
    response = sign_in(client, typed)
    assert response.status_code == 422
    assert "<script>alert" not in response.content.decode()


def test_a_long_password_is_refused_before_it_is_hashed(client: Client, lena: User) -> None:
    assert sign_in(client, "lena", "x" * 100_000).status_code == 422


def test_signing_in_leads_to_the_page_that_was_wanted(client: Client, ada: User) -> None:
    asked = client.get("/people/")
    assert asked["Location"] == "/login/?next=/people/"
    assert 'name="next" value="/people/"' in client.get(asked["Location"]).content.decode()
    assert sign_in(client, "ada", next="/people/")["Location"] == "/people/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "https:evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "\x00",
    ],
)
def test_nobody_is_led_elsewhere_after_signing_in(client: Client, lena: User, elsewhere: str) -> None:
    assert sign_in(client, "lena", next=elsewhere)["Location"] == "/"


def test_who_is_signed_in_goes_on(client: Client, lena: User) -> None:
    client.force_login(lena)
    assert client.get("/login/?next=/account/")["Location"] == "/account/"


def test_signing_in_needs_the_forms_token(lena: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict, "lena").status_code == 403
    token = strict.get("/login/").context["csrf_token"]
    assert sign_in(strict, "lena", csrfmiddlewaretoken=str(token)).status_code == 302


def test_signing_out_is_a_post_and_ends_the_session(client: Client, lena: User) -> None:
    client.force_login(lena)
    key = client.session.session_key
    assert client.get("/logout/").status_code == 405
    assert is_signed_in(client)
    assert client.post("/logout/")["Location"] == "/login/"
    client.cookies["fivegates_session"] = key
    assert not is_signed_in(client)


def test_signing_out_needs_the_forms_token(lena: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lena)
    assert strict.post("/logout/").status_code == 403
    assert is_signed_in(strict)


def test_the_page_is_never_kept_by_a_cache(client: Client, db: None) -> None:
    assert "no-store" in client.get("/login/")["Cache-Control"]


class TestWithoutAnAdmin:
    def test_the_page_names_the_command_that_makes_one(self, client: Client, lena: User) -> None:
        assert "manage.py create_admin" in client.get("/login/").content.decode()

    def test_it_does_not_once_there_is_one(self, client: Client, ada: User) -> None:
        assert "create_admin" not in client.get("/login/").content.decode()

    def test_a_demo_account_left_over_counts_for_nothing(self, client: Client, ada: User) -> None:
        make_demo_account(ada)
        assert "manage.py create_admin" in client.get("/login/").content.decode()

    def test_no_page_makes_one_without_a_signed_in_admin(self, client: Client, lena: User) -> None:
        typed = {"name": "Eve", "username": "eve", "function": "it", "roles": ["admin"]}
        assert client.post("/people/new/", typed)["Location"].startswith("/login/")
        client.force_login(lena)
        assert client.post("/people/new/", typed).status_code == 403
        assert not User.objects.filter(username="eve").exists()


class TestDemo:
    def test_the_page_shows_its_people_and_one_click_signs_in(
        self, client: Client, demo: Organisation, ada: User, lena: User, ravi: User
    ) -> None:
        make_demo_account(ada)
        make_demo_account(lena)
        shown = client.get("/login/").content.decode()
        assert [name in shown for name in ('value="ada"', 'value="lena"', 'value="ravi"')] == [
            True,
            True,
            False,
        ]
        assert "create_admin" not in shown
        assert sign_in(client, "lena", "demo").status_code == 302
        assert is_signed_in(client)

    def test_its_accounts_cannot_sign_in_outside_it(self, client: Client, lena: User) -> None:
        make_demo_account(lena)
        assert sign_in(client, "lena", "demo").status_code == 422
        assert 'value="demo"' not in client.get("/login/").content.decode()

    def test_its_open_sessions_end_with_it(self, client: Client, demo: Organisation, lena: User) -> None:
        make_demo_account(lena)
        sign_in(client, "lena", "demo")
        Organisation.objects.update(demo=False)
        assert not is_signed_in(client)
