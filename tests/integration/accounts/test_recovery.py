"""A forgotten password, and links that set a new one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from readiness.accounts import throttle
from readiness.accounts.mails import send_invitation, send_reset_link
from readiness.accounts.models import Organisation, User
from readiness.accounts.password_links import LIFETIME, Occasion, holder_of, make_link_key
from readiness.accounts.tokens import find_token
from readiness.actions.errors import NotFound
from readiness.actions.passwords import set_password_by_link
from readiness.actions.people import deactivate_person
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from tests.fixtures import person, token_for
from tests.integration.accounts.doors import is_signed_in, link_in_mail, make_demo_account, sign_in

NEW = "an entirely new sentence"
SetClock = Callable[[datetime], None]
WorkOff = Callable[[], int]


def ask(client: Client, email: str) -> HttpResponse:
    return client.post("/password/forgotten/", {"email": email})


def choose(client: Client, password: str = NEW, repeated: str | None = None) -> HttpResponse:
    return client.post("/password/set/", {"password": password, "repeated": repeated or password})


@pytest.fixture
def opened(client: Client, lena: User, at: datetime) -> Client:
    """A browser in which lena has opened a fresh link."""
    response = client.get(f"/password/set/{make_link_key(lena, Occasion.RESET, at)}/")
    assert response["Location"] == "/password/set/"
    return client


def test_from_the_forgotten_password_to_signing_in_with_a_new_one(
    client: Client, lena: User, at: datetime, work_off: WorkOff
) -> None:
    assert ask(client, "LENA@example.com")["Location"] == "/password/forgotten/sent/"
    assert client.get("/password/forgotten/sent/").status_code == 200
    assert work_off() == 1
    assert mail.outbox[-1].to == ["lena@example.com"]
    assert client.get(link_in_mail())["Location"] == "/password/set/"
    assert "Lena" in client.get("/password/set/").content.decode()
    assert choose(client)["Location"] == "/login/"
    assert not is_signed_in(client)
    assert sign_in(client, "lena").status_code == 422
    assert sign_in(client, "lena", NEW).status_code == 302


def test_the_answer_does_not_tell_whether_an_account_exists(
    lena: User, at: datetime, work_off: WorkOff
) -> None:
    known, unknown = ask(Client(), "lena@example.com"), ask(Client(), "nobody@example.com")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert known.content == unknown.content
    assert work_off() == 2
    assert [message.to for message in mail.outbox] == [["lena@example.com"]]


def test_the_same_work_is_done_for_a_known_and_an_unknown_address(
    lena: User, at: datetime, query_count: Callable[[Callable[[], Any]], int], work_off: WorkOff
) -> None:
    known = query_count(lambda: ask(Client(), "lena@example.com"))
    assert query_count(lambda: ask(Client(), "nobody@example.com")) == known


@pytest.mark.parametrize("who", ["deactivated", "never invited", "demo"])
def test_who_may_not_sign_in_gets_no_link(lena: User, ada: User, at: datetime, who: str) -> None:
    if who == "deactivated":
        deactivate_person("lena", Actor.person(ada), at)
    elif who == "never invited":
        lena.set_unusable_password()
        lena.save()
    else:
        make_demo_account(lena)
    assert send_reset_link("lena@example.com", at) is False
    assert mail.outbox == []


def test_nobody_gets_a_link_for_an_empty_address(lena: User, at: datetime) -> None:
    User.objects.filter(pk=lena.pk).update(email="")
    assert send_reset_link("", at) is False


def test_a_lookalike_address_gets_nothing(lena: User, at: datetime) -> None:
    User.objects.filter(pk=lena.pk).update(email="mike@example.com")
    assert send_reset_link("mıke@example.com", at) is False
    assert send_reset_link("MIKE@EXAMPLE.COM", at) is True
    assert mail.outbox[-1].to == ["mike@example.com"]


def test_the_link_names_the_configured_address_and_not_the_visitors_host(
    lena: User, at: datetime, settings: Any, work_off: WorkOff
) -> None:
    settings.FIVEGATES_URL = "https://gates.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    Client(headers={"host": "evil.example"}).post("/password/forgotten/", {"email": "lena@example.com"})
    work_off()
    assert "https://gates.example.org/password/set/" in mail.outbox[-1].body
    assert "evil" not in mail.outbox[-1].body


def test_asking_too_often_is_refused_for_known_and_unknown_alike(
    lena: User, at: datetime, work_off: WorkOff
) -> None:
    tries = throttle.RESET.own.tries
    for email in ("lena@example.com", "nobody@example.com"):
        answers = [ask(Client(), email) for _ in range(tries + 1)]
        assert [response.status_code for response in answers] == [302] * tries + [429]
        assert answers[-1]["Retry-After"] == "3600"
    assert work_off() == 2 * tries


@pytest.mark.parametrize(
    "typed", ["x" * 10_000 + "@example.com", "lena\x00@example.com", "<script>", "👩‍🚀", ""]
)
def test_nasty_addresses_get_an_error_and_send_nothing(
    client: Client, db: None, work_off: WorkOff, typed: str
) -> None:
    assert ask(client, typed).status_code == 422
    assert work_off() == 0


def test_a_link_works_once(opened: Client, lena: User, at: datetime) -> None:
    key = opened.session["password_link"]
    assert choose(opened).status_code == 302
    assert holder_of(key, at) is None
    assert opened.get(f"/password/set/{key}/").status_code == 410
    assert choose(opened, "another new sentence").status_code == 410
    assert sign_in(Client(), "lena", NEW).status_code == 302


def test_a_link_used_twice_at_once_works_for_the_first(lena: User, at: datetime) -> None:
    key = make_link_key(lena, Occasion.RESET, at)
    set_password_by_link(key, NEW, at)
    with pytest.raises(NotFound):
        set_password_by_link(key, "another new sentence", at)


@pytest.mark.parametrize("occasion", Occasion)
def test_a_link_ends_with_its_lifetime(lena: User, at: datetime, occasion: Occasion) -> None:
    key = make_link_key(lena, occasion, at)
    assert holder_of(key, at + LIFETIME[occasion]) == lena
    assert holder_of(key, at + LIFETIME[occasion] + timedelta(seconds=1)) is None


def test_a_reset_lasts_an_hour_and_an_invitation_three_days() -> None:
    assert (LIFETIME[Occasion.RESET], LIFETIME[Occasion.INVITATION]) == (
        timedelta(hours=1),
        timedelta(days=3),
    )


@pytest.mark.parametrize("change", ["password", "sign-in", "email", "deactivated", "sessions"])
def test_a_link_is_void_once_something_has_changed(lena: User, ada: User, at: datetime, change: str) -> None:
    key = make_link_key(lena, Occasion.INVITATION, at)
    if change == "password":
        lena.set_password(NEW)
        lena.save()
    elif change == "sign-in":
        sign_in(Client(), "lena")
    elif change == "email":
        User.objects.filter(pk=lena.pk).update(email="lena@elsewhere.example")
    elif change == "deactivated":
        deactivate_person("lena", Actor.person(ada), at)
    else:
        User.objects.filter(pk=lena.pk).update(session_generation=7)
    assert holder_of(key, at) is None


@pytest.mark.parametrize("change", [None, "email"])
def test_a_link_outlives_the_secret_key_while_that_is_named_as_a_former_one(
    lena: User, at: datetime, settings: Settings, change: str | None
) -> None:
    former = settings.SECRET_KEY
    key = make_link_key(lena, Occasion.INVITATION, at)
    if change:
        User.objects.filter(pk=lena.pk).update(email="lena@elsewhere.example")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key " * 5, ["yet another", former]
    assert holder_of(key, at) == (None if change else lena)
    settings.SECRET_KEY_FALLBACKS = []
    assert holder_of(key, at) is None


@pytest.mark.parametrize(
    "forge", [lambda key: key[:-2], lambda key: "A" + key, lambda key: "x", lambda key: "a.b.c"]
)
def test_a_forged_or_cut_link_is_void(
    client: Client, lena: User, at: datetime, forge: Callable[[str], str]
) -> None:
    key = forge(make_link_key(lena, Occasion.RESET, at))
    assert client.get(f"/password/set/{key}/").status_code == 410


def test_a_link_holds_neither_password_nor_email(lena: User, at: datetime) -> None:
    key = make_link_key(lena, Occasion.RESET, at)
    assert lena.password not in key
    assert "example" not in key


def test_the_page_of_a_link_keeps_its_key_out_of_the_address(opened: Client) -> None:
    key = opened.session["password_link"]
    page = opened.get("/password/set/")
    assert key not in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_without_a_link_there_is_no_page_to_set_a_password(client: Client, db: None) -> None:
    assert client.get("/password/set/").status_code == 410
    assert choose(client).status_code == 410


@pytest.mark.parametrize(
    ("password", "repeated", "told"),
    [
        ("short", "short", "too short"),
        ("password1234", "password1234", "too common"),
        (NEW, NEW + "x", "differ"),
        ("lena@example.com", "lena@example.com", "too similar"),
        ("x" * 2000, "x" * 2000, "at most"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_stays_open(
    opened: Client, password: str, repeated: str, told: str
) -> None:
    response = choose(opened, password, repeated)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert choose(opened).status_code == 302


def test_setting_a_password_ends_sessions_and_leaves_tokens(opened: Client, lena: User, at: datetime) -> None:
    token, elsewhere = token_for(lena), Client()
    sign_in(elsewhere, "lena")
    lena.refresh_from_db()
    opened.get(f"/password/set/{make_link_key(lena, Occasion.RESET, at)}/")
    assert choose(opened).status_code == 302
    assert not is_signed_in(elsewhere)
    assert find_token(token, at) is not None


def test_what_is_recorded_holds_no_secret(opened: Client, lena: User) -> None:
    key = opened.session["password_link"]
    choose(opened)
    event = Event.objects.get(verb="password.changed")
    assert (event.actor, event.data) == (lena, {"username": "lena", "by": "link"})
    everything = str(list(Event.objects.values_list("data", flat=True)))
    assert NEW not in everything
    assert key not in everything


def test_setting_a_password_needs_the_forms_token(lena: User, at: datetime) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get(f"/password/set/{make_link_key(lena, Occasion.RESET, at)}/")
    assert choose(strict).status_code == 403
    assert strict.post("/password/forgotten/", {"email": "lena@example.com"}).status_code == 403


class TestInvitation:
    def test_a_person_without_a_password_gets_in_by_it(self, client: Client, ada: User, at: datetime) -> None:
        uma = person("uma", lead=True)
        uma.set_unusable_password()
        uma.save()
        assert send_invitation(uma.pk, at) is True
        assert "3 days" in mail.outbox[-1].body
        assert "Choose a password, then sign in with it:" in mail.outbox[-1].body
        client.get(link_in_mail())
        assert choose(client)["Location"] == "/login/"
        assert not is_signed_in(client)
        assert sign_in(client, "uma", NEW).status_code == 302

    @pytest.mark.parametrize("missing", ["email", "active"])
    def test_without_an_email_or_an_open_door_none_is_sent(
        self, lena: User, at: datetime, missing: str
    ) -> None:
        if missing == "email":
            User.objects.filter(pk=lena.pk).update(email="")
        else:
            User.objects.filter(pk=lena.pk).update(is_active=False)
        assert send_invitation(lena.pk, at) is False

    def test_names_arrive_as_they_are_written(self, lena: User, at: datetime) -> None:
        Organisation.get()
        Organisation.objects.update(name="Müller & Söhne")
        User.objects.filter(pk=lena.pk).update(name="Lena <O'Neill>")
        send_invitation(lena.pk, at)
        assert mail.outbox[-1].subject == "Your Fivegates account at Müller & Söhne"
        assert "Lena <O'Neill>" in mail.outbox[-1].body


def test_without_a_broker_the_visitor_is_told_to_come_again(
    client: Client, lena: User, no_broker: None
) -> None:
    response = ask(client, "lena@example.com")
    assert response.status_code == 503
    assert "cannot be sent at the moment" in response.content.decode()
    assert 'value="lena@example.com"' in response.content.decode()
