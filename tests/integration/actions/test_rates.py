"""Rates of exchange: who enters them, what is refused, and what the trail keeps."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from readiness import clock
from readiness.accounts.models import Organisation, Rate, User
from readiness.actions.errors import Invalid, NotAllowed
from readiness.actions.rates import remove_rate, set_rate
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND
from tests.integration.actions.props import act, on, the_day

pytestmark = pytest.mark.django_db

DAY = date(2026, 2, 28)


def standing() -> list[tuple[str, str, date, str]]:
    rows = Rate.objects.order_by("currency", "on")
    return [(one.currency, one.into, one.on, f"{one.rate.normalize():f}") for one in rows]


def test_an_admin_enters_changes_and_takes_away_a_rate_and_each_leaves_one_event(ada: User) -> None:
    assert set_rate(" chf ", DAY, "1.05", act(ada), on(0))[1] is True
    assert set_rate("CHF", DAY, "1.0500", act(ada), on(0))[1] is False  # the same again changes nothing
    assert set_rate("CHF", DAY, Decimal("1.1"), act(ada), on(1))[1] is False
    assert standing() == [("CHF", "EUR", DAY, "1.1")]
    row = Rate.objects.get()
    assert (row.entered_by, row.entered_at) == (ada, on(1))
    for _ in range(2):
        remove_rate(row.pk, act(ada), on(2))
    assert standing() == []
    events = Event.objects.filter(verb__startswith="rate.").order_by("seq")
    place = {"currency": "CHF", "into": "EUR", "on": "2026-02-28"}
    assert [(event.verb, event.data) for event in events] == [
        ("rate.set", place | {"rate": [None, "1.05"]}),
        ("rate.set", place | {"rate": ["1.05", "1.1"]}),
        ("rate.removed", place | {"rate": ["1.1", None]}),
    ]


def test_nobody_else_enters_or_takes_away_a_rate(lena: User, elsa: User, iris: User, ada: User) -> None:
    row, _ = set_rate("USD", DAY, "0.9", COMMAND, on(0))
    assert row.entered_by is None
    for other in (lena, elsa, iris):
        with pytest.raises(NotAllowed):
            set_rate("CHF", DAY, "1", act(other), on(0))
        with pytest.raises(NotAllowed):
            remove_rate(row.pk, act(other), on(0))
    assert standing() == [("USD", "EUR", DAY, "0.9")]


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"currency": "EUR"}, ("currency", "own_currency")),
        ({"currency": "eur "}, ("currency", "own_currency")),
        ({"currency": "FRANC"}, ("currency", "unknown_word")),
        ({"currency": "C1F"}, ("currency", "unknown_word")),
        ({"currency": ""}, ("currency", "unknown_word")),
        ({"currency": "C\x00F"}, ("currency", "unknown_word")),
        ({"currency": "ÇHF"}, ("currency", "unknown_word")),
        ({"rate": "0"}, ("rate", "out_of_range")),
        ({"rate": "-1"}, ("rate", "out_of_range")),
        ({"rate": "NaN"}, ("rate", "out_of_range")),
        ({"rate": "Infinity"}, ("rate", "out_of_range")),
        ({"rate": "100000000"}, ("rate", "out_of_range")),
        ({"rate": "1e99999"}, ("rate", "out_of_range")),
        ({"rate": "0.00000000001"}, ("rate", "too_precise")),
        ({"rate": "1234567.1234567891"}, ("rate", "too_precise")),
        ({"rate": "one"}, ("rate", "wrong_type")),
        ({"rate": "1,5,0"}, ("rate", "wrong_type")),
        ({"rate": None}, ("rate", "required")),
        ({"on": None}, ("on", "required")),
        ({"on": date(1989, 12, 31)}, ("on", "out_of_range")),
        ({"on": date(9999, 12, 31)}, ("on", "out_of_range")),
    ],
)
def test_what_is_no_rate_is_refused_at_its_field(
    ada: User, sent: dict[str, Any], wrong: tuple[str, str]
) -> None:
    given = {"currency": "CHF", "on": DAY, "rate": "1.05"} | sent
    with pytest.raises(Invalid) as refused:
        set_rate(given["currency"], given["on"], given["rate"], act(ada), on(0))
    assert [(error.field, error.code) for error in refused.value.errors] == [wrong]
    assert standing() == []


@pytest.mark.parametrize("rate", ["0.0000361234", "99999999.9999999", "12345.1234567891", "1"])
def test_a_rate_comes_back_as_it_was_given(ada: User, rate: str) -> None:
    set_rate("VND", the_day(0), rate, act(ada), on(0))
    assert Rate.objects.get().rate == Decimal(rate)


def test_with_another_currency_of_the_organisation_rates_into_the_old_one_stay(ada: User) -> None:
    set_rate("CHF", DAY, "1.05", act(ada), on(0))
    Organisation.objects.update(currency="CHF")
    set_rate("EUR", DAY, "0.95", act(ada), on(0))
    assert standing() == [("CHF", "EUR", DAY, "1.05"), ("EUR", "CHF", DAY, "0.95")]


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({}, "one_rate_a_pair_and_day"),
        ({"on": date(2026, 3, 1), "rate": 0}, "rate_is_positive"),
        ({"on": date(2026, 3, 1), "rate": -1}, "rate_is_positive"),
        ({"currency": "chf"}, "rate_is_between_currencies"),
        ({"currency": "CH"}, "rate_is_between_currencies"),
        ({"into": "E1R"}, "rate_is_between_currencies"),
        ({"currency": "EUR"}, "rate_is_into_another_currency"),
    ],
)
def test_the_database_refuses_by_itself_what_is_no_rate(change: dict[str, Any], promise: str) -> None:
    sound = {"currency": "CHF", "into": "EUR", "on": DAY, "rate": 1, "entered_at": clock.now()}
    Rate.objects.create(**sound)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Rate.objects.create(**sound | change)
    columns = "accounts_rate.currency, accounts_rate.into, accounts_rate.on"
    assert promise in str(refused.value) or (not change and columns in str(refused.value))
