"""Exchange rates over REST: listed, entered, replaced and removed by admins."""

from datetime import date, timedelta
from typing import Any

import pytest

from readiness.accounts.models import Organisation, Rate, Scope, User
from readiness.audit.models import Event
from tests.fixtures import api, create, today

pytestmark = pytest.mark.django_db

CHF = {"currency": "CHF", "on": "2026-01-31", "rate": "1.05"}


def standing() -> list[tuple[str, str, str]]:
    rows = Rate.objects.order_by("on", "pk")
    return [(one.currency, one.on.isoformat(), f"{one.rate.normalize():f}") for one in rows]


def test_an_admin_enters_one_and_reads_it_back(ada: User) -> None:
    admin = api(ada)
    made = admin.post("rates/", CHF)
    assert made.status_code == 201
    shown = made.json()
    assert shown == CHF | {
        "id": Rate.objects.get().pk,
        "into": "EUR",
        "entered_by": "ada",
        "entered_at": shown["entered_at"],
    }
    assert admin.get(made["Location"]).json() == shown
    assert admin.get("rates/").json()["results"] == [shown]
    event = Event.objects.get(verb="rate.set")
    assert event.actor is not None
    assert (event.actor.username, event.token_name) == ("ada", "a test")


def test_one_of_the_same_day_is_replaced_and_the_same_again_changes_nothing(ada: User) -> None:
    admin = api(ada)
    first = admin.post("rates/", CHF).json()
    for rate, status in (("1.0500", 200), (1.05, 200), ("1.1", 200)):
        again = admin.post("rates/", CHF | {"currency": "chf", "rate": rate})
        assert (again.status_code, again.json()["id"], "Location" in again) == (status, first["id"], False)
    assert standing() == [("CHF", "2026-01-31", "1.1")]
    assert Event.objects.filter(verb="rate.set").count() == 2


@pytest.mark.parametrize("rate", ["0.0000361234", "99999999.9999999", 7, 0.5, 1e-7])
def test_it_comes_back_as_it_was_given(ada: User, rate: Any) -> None:
    shown = api(ada).post("rates/", CHF | {"rate": rate}).json()["rate"]
    assert (float(shown), "e" in shown) == (float(rate), False)


def test_every_figure_follows(ada: User, lena: User, elsa: User) -> None:
    create(lena, budget={"spent": "100.00", "currency": "CHF"})

    def unconverted() -> int:
        return int(api(elsa).get("portfolio/").json()["headline"]["unconverted"])

    assert unconverted() == 1
    entered = api(ada).post("rates/", CHF | {"on": str(today())}).json()
    assert unconverted() == 0
    assert api(ada).delete(f"rates/{entered['id']}/").status_code == 204
    assert unconverted() == 1


def test_it_is_taken_away_once(ada: User) -> None:
    admin = api(ada)
    path = f"rates/{admin.post('rates/', CHF).json()['id']}/"
    gone = admin.delete(path)
    assert (gone.status_code, gone.content) == (204, b"")
    assert standing() == []
    assert Event.objects.filter(verb="rate.removed").count() == 1
    assert [admin.get(path).status_code, admin.delete(path).status_code] == [404, 404]


def test_the_latest_day_comes_first_page_by_page(ada: User) -> None:
    admin, first = api(ada), date(2026, 1, 1)
    for number in range(5):
        admin.post("rates/", CHF | {"on": str(first + timedelta(days=(number * 3) % 5)), "rate": number + 1})
    admin.post("rates/", CHF | {"currency": "USD", "on": str(first + timedelta(days=2))})
    found, url = [], "rates/?limit=2"
    while url:
        page = admin.get(url).json()
        found += [(one["on"], one["currency"]) for one in page["results"]]
        url = page["next"]
    assert found == sorted(found, key=lambda one: one[0], reverse=True)
    assert len(set(found)) == 6
    refused = admin.get("rates/", {"currency": "CHF"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "unknown_filter")


def test_rates_into_a_former_currency_stay_in_the_list_and_can_be_taken_away(ada: User) -> None:
    admin = api(ada)
    old = admin.post("rates/", CHF).json()
    Organisation.objects.update(currency="CHF")
    own = admin.post("rates/", CHF)
    assert (own.status_code, own.json()["errors"][0]["code"]) == (422, "own_currency")
    new = admin.post("rates/", CHF | {"currency": "EUR", "rate": "0.95"}).json()
    assert [(one["id"], one["into"]) for one in admin.get("rates/").json()["results"]] == [
        (new["id"], "CHF"),
        (old["id"], "EUR"),
    ]
    assert admin.delete(f"rates/{old['id']}/").status_code == 204


def test_the_list_asks_as_often_for_many_as_for_one(ada: User, query_count: Any) -> None:
    admin = api(ada)
    admin.post("rates/", CHF)
    admin.get("rates/")
    few = query_count(lambda: admin.get("rates/"))
    for day in range(1, 20):
        admin.post("rates/", CHF | {"on": f"2026-02-{day:02}"})
    assert query_count(lambda: admin.get("rates/")) == few


@pytest.mark.parametrize("who", ["lena", "ravi", "elsa", "iris"])
def test_nobody_else_reads_enters_or_removes_one(request: pytest.FixtureRequest, ada: User, who: str) -> None:
    path = f"rates/{api(ada).post('rates/', CHF).json()['id']}/"
    other = api(request.getfixturevalue(who))
    answers = [
        other.get("rates/"),
        other.get(path),
        other.post("rates/", CHF | {"rate": "2"}),
        other.delete(path),
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(403, "not_allowed")] * 4
    assert standing() == [("CHF", "2026-01-31", "1.05")]


def test_the_token_needs_the_scope_admin(ada: User) -> None:
    path = f"rates/{api(ada).post('rates/', CHF).json()['id']}/"
    client = api(ada, Scope.READ, Scope.WRITE, Scope.REVIEW)
    for refused in (client.get("rates/"), client.post("rates/", CHF), client.get(path), client.delete(path)):
        assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert len(standing()) == 1


@pytest.mark.parametrize(
    ("sent", "status", "field", "code"),
    [
        ({"currency": None}, 400, "currency", "required"),
        ({"currency": 7}, 400, "currency", "wrong_type"),
        ({"currency": ""}, 422, "currency", "unknown_word"),
        ({"currency": "FRANC"}, 422, "currency", "unknown_word"),
        ({"currency": "C\x00F"}, 400, "currency", "null_characters"),
        ({"currency": "eur"}, 422, "currency", "own_currency"),
        ({"on": None}, 400, "on", "required"),
        ({"on": "2026-02-30"}, 400, "on", "wrong_type"),
        ({"on": "31.01.2026"}, 400, "on", "wrong_type"),
        ({"on": "2099-01-01"}, 422, "on", "out_of_range"),
        ({"rate": None}, 400, "rate", "required"),
        ({"rate": "1,05"}, 400, "rate", "wrong_type"),
        ({"rate": "1e3"}, 400, "rate", "wrong_type"),
        ({"rate": True}, 400, "rate", "wrong_type"),
        ({"rate": [1]}, 400, "rate", "wrong_type"),
        ({"rate": 0}, 422, "rate", "out_of_range"),
        ({"rate": "-1.5"}, 422, "rate", "out_of_range"),
        ({"rate": "100000000"}, 422, "rate", "out_of_range"),
        ({"rate": "12345678.123456789"}, 422, "rate", "too_precise"),
        ({"into": "USD"}, 400, "into", "read_only"),
        ({"from": "2026-01-01"}, 400, "from", "unknown_field"),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_entered(
    ada: User, sent: dict[str, Any], status: int, field: str, code: str
) -> None:
    refused = api(ada).post("rates/", CHF | sent)
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["field"], error["code"]) == (status, field, code)
    assert standing() == []
