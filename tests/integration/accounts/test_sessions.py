"""How a session begins and ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from readiness import clock
from readiness.accounts.models import User
from readiness.actions.passwords import end_own_sessions
from readiness.actions.people import deactivate_person, edit_person, profile_of, reactivate_person
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from tests.fixtures import PASSWORD
from tests.integration.accounts.doors import is_signed_in, sign_in

HALF_A_DAY = timedelta(hours=12)


def key_of(client: Client) -> str:
    return client.cookies["fivegates_session"].value


@pytest.fixture
def two_sessions(lena: User) -> tuple[Client, Client]:
    here, elsewhere = Client(), Client()
    sign_in(here, "lena")
    sign_in(elsewhere, "lena")
    return here, elsewhere


def test_the_session_key_changes_at_sign_in(client: Client, lena: User) -> None:
    session = client.session
    session["before"] = "planted"
    session.save()
    planted = key_of(client)
    sign_in(client, "lena")
    assert key_of(client) != planted
    other = Client()
    other.cookies["fivegates_session"] = planted
    assert not is_signed_in(other)


def test_signing_in_as_somebody_else_leaves_nothing_of_the_first(
    client: Client, lena: User, ravi: User
) -> None:
    sign_in(client, "lena")
    session = client.session
    session["mine"] = "a secret"
    session.save()
    sign_in(client, "ravi")
    assert "mine" not in client.session


def test_a_session_lasts_twelve_hours_and_no_longer(client: Client, lena: User, set_clock: Callable) -> None:
    real = timezone.now()
    set_clock(real - HALF_A_DAY + timedelta(minutes=1))
    sign_in(client, "lena")
    assert is_signed_in(client)
    late = Client()
    set_clock(real - HALF_A_DAY)
    sign_in(late, "lena")
    assert not is_signed_in(late)


def test_being_busy_does_not_lengthen_a_session(client: Client, lena: User, set_clock: Callable) -> None:
    set_clock(timezone.now() - timedelta(hours=11))
    sign_in(client, "lena")
    ends = Session.objects.get(session_key=key_of(client)).expire_date
    client.post("/account/sessions/end/")
    client.get("/account/")
    assert is_signed_in(client)
    assert Session.objects.get(session_key=key_of(client)).expire_date == ends


def test_changing_the_password_ends_every_other_session(two_sessions: tuple[Client, Client]) -> None:
    here, elsewhere = two_sessions
    new = "an entirely new sentence"
    before = key_of(here)
    changed = here.post("/account/password/", {"current": PASSWORD, "password": new, "repeated": new})
    assert changed.status_code == 302
    assert is_signed_in(here)
    assert key_of(here) != before
    assert not is_signed_in(elsewhere)
    assert sign_in(Client(), "lena").status_code == 422
    assert sign_in(Client(), "lena", new).status_code == 302


def test_one_can_sign_out_everywhere_else(two_sessions: tuple[Client, Client]) -> None:
    here, elsewhere = two_sessions
    assert here.post("/account/sessions/end/").status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert sign_in(elsewhere, "lena").status_code == 302
    assert Event.objects.filter(verb="sessions.ended", actor__username="lena").count() == 1


def test_signing_out_elsewhere_is_a_post_with_the_forms_token(lena: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lena)
    assert strict.get("/account/sessions/end/").status_code == 405
    assert strict.post("/account/sessions/end/").status_code == 403


def test_a_deactivated_person_is_out_at_the_next_request(client: Client, lena: User, ada: User) -> None:
    sign_in(client, "lena")
    assert is_signed_in(client)
    deactivate_person("lena", Actor.person(ada), clock.now())
    assert not is_signed_in(client)


def test_a_session_that_ended_does_not_come_back_with_the_person(
    client: Client, lena: User, ada: User
) -> None:
    sign_in(client, "lena")
    deactivate_person("lena", Actor.person(ada), clock.now())
    reactivate_person("lena", Actor.person(ada), clock.now())
    assert not is_signed_in(client)
    assert sign_in(client, "lena").status_code == 302


def test_a_role_given_or_taken_counts_from_the_next_request(client: Client, lena: User, ada: User) -> None:
    sign_in(client, "lena")
    assert client.get("/people/").status_code == 403
    User.objects.filter(pk=lena.pk).update(is_admin=True)
    assert client.get("/people/").status_code == 200
    lena.refresh_from_db()
    plain = profile_of(lena)
    edit_person(
        "lena",
        type(plain)(plain.name, plain.email, plain.unit, plain.function),
        Actor.person(ada),
        clock.now(),
    )
    assert client.get("/people/").status_code == 403


def test_ended_sessions_stay_ended_whoever_ended_them(client: Client, lena: User) -> None:
    sign_in(client, "lena")
    end_own_sessions(lena, clock.now())
    assert not is_signed_in(client)
