"""How often somebody may try at the front door."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from pytest_django import DjangoDbBlocker

from readiness.accounts import throttle
from readiness.accounts.addresses import address_of
from readiness.accounts.models import LoginAttempt, User
from tests.fixtures import PASSWORD
from tests.integration.accounts.counting import CountingHasher
from tests.integration.accounts.doors import AT, is_signed_in, sign_in

SetClock = Callable[[datetime], None]
FIVE, WINDOW = throttle.SIGN_IN.own.tries, throttle.SIGN_IN.own.window


def fail(client: Client, times: int, username: str = "lena") -> list[int]:
    return [sign_in(client, username, "wrong").status_code for _ in range(times)]


def test_five_tries_are_answered_and_the_sixth_is_told_to_wait(
    client: Client, lena: User, at: datetime
) -> None:
    assert fail(client, FIVE) == [422] * FIVE
    refused = sign_in(client, "lena", "wrong")
    assert refused.status_code == 429
    assert refused["Retry-After"] == str(int(WINDOW.total_seconds()))
    assert "15 minutes" in refused.content.decode()
    assert 'value="lena"' in refused.content.decode()


def test_while_one_has_to_wait_the_right_password_is_refused_too(
    client: Client, lena: User, at: datetime
) -> None:
    fail(client, FIVE)
    assert sign_in(client, "lena").status_code == 429
    assert not is_signed_in(client)


def test_the_wait_ends_with_its_window_and_not_a_second_sooner(
    client: Client, lena: User, at: datetime, set_clock: SetClock
) -> None:
    fail(client, FIVE)
    set_clock(at + WINDOW - timedelta(seconds=1))
    early = sign_in(client, "lena")
    assert (early.status_code, early["Retry-After"]) == (429, "1")
    set_clock(at + WINDOW)
    assert sign_in(client, "lena").status_code == 302


def test_tries_while_waiting_do_not_lengthen_the_wait(
    client: Client, lena: User, at: datetime, set_clock: SetClock
) -> None:
    fail(client, FIVE)
    for minute in range(1, 15):
        set_clock(at + timedelta(minutes=minute))
        fail(client, 3)
    set_clock(at + WINDOW)
    assert sign_in(client, "lena").status_code == 302


def test_signing_in_wipes_the_slate(client: Client, lena: User, at: datetime) -> None:
    fail(client, FIVE - 1)
    assert sign_in(client, "lena").status_code == 302
    assert fail(Client(), FIVE) == [422] * FIVE


def test_all_names_of_one_person_share_one_count(client: Client, lena: User, at: datetime) -> None:
    names = ["lena", "LENA", "Lena@Example.com", " lena ", "lena@example.com"]
    assert [fail(client, 1, name) for name in names] == [[422]] * 5
    assert fail(client, 1, "leNA") == [429]


def test_an_unknown_name_is_counted_like_a_known_one(client: Client, db: None, at: datetime) -> None:
    assert fail(client, FIVE + 1, "nobody") == [422] * FIVE + [429]


def test_another_person_at_the_same_address_may_still_sign_in(
    client: Client, lena: User, ravi: User, at: datetime
) -> None:
    fail(client, FIVE + 1)
    assert sign_in(Client(), "ravi").status_code == 302


def test_the_same_person_may_still_sign_in_from_elsewhere(client: Client, lena: User, at: datetime) -> None:
    fail(client, FIVE + 1)
    assert sign_in(Client(REMOTE_ADDR="192.0.2.9"), "lena").status_code == 302


def test_one_address_may_not_try_many_names(client: Client, lena: User, at: datetime) -> None:
    many = throttle.SIGN_IN.shared.tries
    answers = [fail(client, 1, f"guess{number}") for number in range(many + 1)]
    assert answers == [[422]] * many + [[429]]
    assert sign_in(client, "lena").status_code == 429


def test_who_signs_in_often_does_not_use_up_the_tries_of_the_address(
    client: Client, lena: User, at: datetime
) -> None:
    for _ in range(throttle.SIGN_IN.shared.tries + 5):
        assert sign_in(Client(), "lena").status_code == 302


def test_a_refused_try_hashes_nothing(client: Client, lena: User, at: datetime, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["tests.integration.accounts.counting.CountingHasher"]
    lena.set_password(PASSWORD)
    lena.save()
    CountingHasher.hashed = 0
    fail(client, 40)
    assert CountingHasher.hashed == FIVE


def test_of_forty_tries_at_once_five_are_let_through(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    account, address = f"person {uuid.uuid4()}", "192.0.2.77"

    def one_try(_: int) -> int:
        try:
            return throttle.take(throttle.SIGN_IN, account, address, AT)
        finally:
            connection.close()

    with django_db_blocker.unblock():
        try:
            with ThreadPoolExecutor(max_workers=8) as threads:
                waits = list(threads.map(one_try, range(40)))
        finally:
            LoginAttempt.objects.filter(address=address).delete()
    assert (waits.count(0), waits.count(int(WINDOW.total_seconds()))) == (FIVE, 40 - FIVE)


def test_an_invented_forwarding_header_opens_no_new_count(lena: User, at: datetime) -> None:
    clients = [Client(headers={"x-forwarded-for": f"198.51.100.{number}"}) for number in range(FIVE + 1)]
    assert [fail(client, 1) for client in clients] == [[422]] * FIVE + [[429]]


def test_behind_a_proxy_only_what_the_proxy_wrote_counts(lena: User, at: datetime, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    same = [Client(headers={"x-forwarded-for": f"10.9.8.{n}, 203.0.113.5"}) for n in range(FIVE + 1)]
    assert [fail(client, 1) for client in same] == [[422]] * FIVE + [[429]]
    assert fail(Client(headers={"x-forwarded-for": "203.0.113.6"}), 1) == [422]


def test_what_is_typed_is_not_kept(client: Client, lena: User, at: datetime) -> None:
    fail(client, 1, "my secret typed by mistake")
    rows = LoginAttempt.objects.values_list("account", flat=True)
    assert {len(account) for account in rows} == {64}


def test_counters_whose_window_is_over_are_forgotten(client: Client, lena: User, at: datetime) -> None:
    fail(client, 1)
    assert throttle.forget_old(at + throttle.LONGEST_WINDOW - timedelta(seconds=1)) == 0
    assert throttle.forget_old(at + throttle.LONGEST_WINDOW) == 2
    assert not LoginAttempt.objects.exists()


@pytest.mark.parametrize(
    ("sent", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_addresses_are_counted_by_who_holds_them(sent: str, counted: str) -> None:
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=sent)) == counted
