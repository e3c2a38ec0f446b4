"""Signing in with a second factor."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from readiness.accounts import throttle
from readiness.accounts.models import Authenticator, RecoveryCode, Scope, User
from readiness.accounts.password_links import Occasion, make_link_key
from readiness.actions.passwords import end_own_sessions
from readiness.actions.tokens import issue_token
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from tests.fixtures import PASSWORD
from tests.integration.accounts.apps import AT, App, give_code, with_app
from tests.integration.accounts.doors import is_signed_in, sign_in

SetClock = Callable[[datetime], None]
STEP = timedelta(seconds=30)
LATER = AT + 10 * STEP
"""When the codes of the setting up are long gone."""


@pytest.fixture
def at(set_clock: SetClock) -> datetime:
    """When everything is set up."""
    set_clock(AT)
    return AT


@pytest.fixture
def app(lena: User, at: datetime, set_clock: SetClock) -> App:
    """Of lena, who set it up a while ago."""
    found, _codes = with_app(lena)
    set_clock(LATER)
    return found


@pytest.fixture
def codes(lena: User, at: datetime, set_clock: SetClock) -> list[str]:
    """Lena's recovery codes."""
    _app, found = with_app(lena)
    set_clock(LATER)
    return found


@pytest.fixture
def halfway(client: Client, lena: User, app: App) -> Client:
    """Who has given the password."""
    assert sign_in(client, "lena")["Location"] == "/login/code/"
    return client


def test_the_password_alone_opens_nothing(client: Client, lena: User, app: App) -> None:
    answer = sign_in(client, "lena", next="/account/tokens/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/code/?next=%2Faccount%2Ftokens%2F")
    assert not is_signed_in(client)
    assert client.get("/api/v1/initiatives/").status_code == 401


def test_the_code_of_the_app_completes_it(halfway: Client, app: App) -> None:
    answer = halfway.post("/login/code/", {"code": app.shows(LATER), "next": "/account/tokens/"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/tokens/")
    assert is_signed_in(halfway)


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere_after_the_code(halfway: Client, app: App, elsewhere: str) -> None:
    assert halfway.post("/login/code/", {"code": app.shows(LATER), "next": elsewhere})["Location"] == "/"


@pytest.mark.parametrize("typed", ["000000", "12345", "x" * 60, "١٢٣٤٥٦", "12 34 5z", "\x00"])
def test_a_wrong_code_is_refused_and_said(halfway: Client, app: App, typed: str) -> None:
    answer = give_code(halfway, typed)
    assert answer.status_code == 422
    assert not is_signed_in(halfway)


def test_the_code_of_a_wrong_person_opens_nothing(halfway: Client, ravi: User) -> None:
    his, _codes = with_app(ravi, LATER)
    assert give_code(halfway, his.shows(LATER)).status_code == 422
    assert not is_signed_in(halfway)


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_differ_by_one_step(halfway: Client, app: App, steps: int, taken: bool) -> None:
    assert (give_code(halfway, app.shows(LATER + steps * STEP)).status_code == 302) is taken


def test_a_code_opens_once(halfway: Client, app: App) -> None:
    code = app.shows(LATER)
    assert give_code(halfway, code).status_code == 302
    second = Client()
    sign_in(second, "lena")
    assert give_code(second, code).status_code == 422
    assert not is_signed_in(second)


def test_nor_does_an_earlier_one_that_was_not_used(halfway: Client, app: App) -> None:
    assert give_code(halfway, app.shows(LATER)).status_code == 302
    second = Client()
    sign_in(second, "lena")
    assert give_code(second, app.shows(LATER - STEP)).status_code == 422
    assert give_code(second, app.shows(LATER + STEP)).status_code == 302


def test_the_code_of_the_setting_up_is_used(client: Client, lena: User, at: datetime) -> None:
    app, _codes = with_app(lena)
    sign_in(client, "lena")
    assert give_code(client, app.shows(AT)).status_code == 422


def test_nobody_tries_a_million_codes(halfway: Client, app: App, set_clock: SetClock) -> None:
    limit = throttle.SECOND_FACTOR.own
    for turn in range(limit.tries):
        halfway.defaults["REMOTE_ADDR"] = f"203.0.113.{turn + 1}"
        assert give_code(halfway, "000000").status_code == 422
    refused = give_code(halfway, app.shows(LATER))
    assert (refused.status_code, refused["Retry-After"]) == (429, str(int(limit.window.total_seconds())))
    assert not is_signed_in(halfway)
    set_clock(LATER + limit.window)
    sign_in(halfway, "lena")
    assert give_code(halfway, app.shows(LATER + limit.window)).status_code == 302


def test_the_right_password_does_not_give_new_tries(halfway: Client, app: App) -> None:
    for _turn in range(throttle.SECOND_FACTOR.own.tries):
        give_code(halfway, "000000")
    sign_in(halfway, "lena")
    assert give_code(halfway, app.shows(LATER)).status_code == 429


def test_the_code_must_follow_the_password_soon(halfway: Client, app: App, set_clock: SetClock) -> None:
    late = LATER + timedelta(minutes=10, seconds=1)
    set_clock(late)
    answer = give_code(halfway, app.shows(late), "?next=/account/")
    assert answer["Location"] == "/login/?next=%2Faccount%2F"
    assert not is_signed_in(halfway)


def test_without_a_password_before_there_is_no_code_to_give(client: Client, lena: User, app: App) -> None:
    assert give_code(client, app.shows(LATER))["Location"] == "/login/"
    assert client.get("/login/code/")["Location"] == "/login/"


def test_whose_sessions_were_ended_meanwhile_begins_anew(halfway: Client, lena: User, app: App) -> None:
    end_own_sessions(lena, LATER)
    assert give_code(halfway, app.shows(LATER))["Location"] == "/login/"
    assert not is_signed_in(halfway)


def test_who_was_deactivated_meanwhile_stays_out(halfway: Client, lena: User, app: App) -> None:
    User.objects.filter(pk=lena.pk).update(is_active=False)
    assert give_code(halfway, app.shows(LATER))["Location"] == "/login/"
    assert not is_signed_in(halfway)


def test_the_session_key_changes_with_the_code(halfway: Client, app: App) -> None:
    before = halfway.cookies["fivegates_session"].value
    give_code(halfway, app.shows(LATER))
    assert halfway.cookies["fivegates_session"].value != before


def test_a_recovery_code_opens_once_and_is_told_of(client: Client, lena: User, codes: list[str]) -> None:
    sign_in(client, "lena")
    assert give_code(client, f" {codes[3].upper().replace('-', ' ')} ", "?with=recovery").status_code == 302
    assert "9 are left" in client.get("/account/").content.decode()
    event = Event.objects.get(verb="two_factor.recovery_code_used")
    assert (event.actor.username, event.data) == ("lena", {"username": "lena", "left": 9})
    second = Client()
    sign_in(second, "lena")
    assert give_code(second, codes[3]).status_code == 422
    assert give_code(second, codes[4]).status_code == 302


def test_a_recovery_code_of_another_opens_nothing(
    client: Client, lena: User, ravi: User, codes: list[str]
) -> None:
    _his, of_ravi = with_app(ravi, LATER)
    sign_in(client, "lena")
    assert give_code(client, of_ravi[0]).status_code == 422
    assert RecoveryCode.objects.filter(used_at__isnull=False).count() == 0


def test_a_new_password_by_a_link_does_not_pass_the_code_by(client: Client, lena: User, app: App) -> None:
    lena.refresh_from_db()
    client.get(f"/password/set/{make_link_key(lena, Occasion.RESET, LATER)}/")
    new = {"password": "another long password", "repeated": "another long password"}
    assert client.post("/password/set/", new)["Location"] == "/login/"
    assert sign_in(client, "lena", "another long password")["Location"] == "/login/code/"
    assert not is_signed_in(client)


def test_a_token_goes_on_without_a_code(client: Client, lena: User, app: App) -> None:
    _token, plain = issue_token(lena, "BI", [Scope.READ], None, Actor.person(lena), LATER)
    answer = client.get("/api/v1/initiatives/", headers={"Authorization": f"Bearer {plain}"})
    assert answer.status_code == 200


def test_with_the_key_of_the_installation_gone_a_recovery_code_still_opens(
    client: Client, lena: User, codes: list[str]
) -> None:
    Authenticator.objects.update(key_mark="0" * 16)
    sign_in(client, "lena")
    assert give_code(client, "123456").status_code == 422
    assert give_code(client, codes[0]).status_code == 302


def test_no_table_holds_the_key_or_a_code(lena: User, at: datetime) -> None:
    app, codes = with_app(lena)
    rows = [*Authenticator.objects.values(), *RecoveryCode.objects.values(), *Event.objects.values()]
    written = repr(rows)
    assert app.key not in written
    assert not any(code in written or code.replace("-", "") in written for code in codes)
    assert PASSWORD not in written
