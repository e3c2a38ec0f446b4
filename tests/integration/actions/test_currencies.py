"""Only currencies in which money is paid are taken; what was stored before stays, and can be edited around."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from babel.core import get_global
from babel.numbers import get_territory_currencies, list_currencies

from gates.models import Initiative
from readiness import clock
from readiness.accounts.currencies import ACTIVE, WITHDRAWN
from readiness.accounts.models import Organisation, Rate, User
from readiness.actions.errors import Invalid
from readiness.actions.organisation import edit_organisation
from readiness.actions.rates import set_rate
from readiness.audit.recording import Actor
from tests.fixtures import api, create, today

pytestmark = pytest.mark.django_db
NONE_OF_TODAY = ["XYZ", "DEM", "XAU", "XXX", "XTS", "BGN", "HRK", "eur", "EU", "EURO", "", "ЕUR"]
SAID = "Not a currency that is in use (ISO 4217), such as EUR."


def test_the_list_holds_whatever_is_legal_tender_somewhere_by_cldr() -> None:
    """CLDR may lag behind the standard by a change or two; a code that it does not know at all is a slip."""
    day, tender = date(2026, 1, 1), set()
    for territory in get_global("territory_currencies"):
        tender |= set(get_territory_currencies(territory, day, day, tender=True))
    assert tender - ACTIVE <= {"BGN"}
    assert ACTIVE - tender <= {"SVC", "VED"}
    assert list_currencies() >= ACTIVE and len(ACTIVE) > 150


# CLDR's own, or marked so in list three.
NEVER_OF_ISO = {
    *("ALK", "ARL", "ARM", "BAN", "BGM", "BGO", "BOL", "BRZ", "CLE", "ILR"),
    *("ISJ", "KRH", "KRO", "MAF", "MCF", "MDC", "MKN", "MVP", "VNN", "YUR"),
}


def test_the_withdrawn_ones_are_what_was_legal_tender_once_by_cldr() -> None:
    tender = {
        code
        for rows in get_global("territory_currencies").values()
        for code, _since, _until, is_tender in rows
        if is_tender
    }
    assert tender - ACTIVE - WITHDRAWN == NEVER_OF_ISO
    assert WITHDRAWN - tender == {"EQE", "GHP", "LSM", "ZWN"}
    assert not ACTIVE & WITHDRAWN and len(WITHDRAWN) > 90


@pytest.mark.parametrize("code", NONE_OF_TODAY)
def test_an_initiative_takes_none_of_them(lena: User, code: str) -> None:
    one = create(lena)
    answer = api(lena).patch(f"initiatives/{one.ref}/", {"budget": {"currency": code}}, format="json")
    assert answer.status_code in (400, 422)
    told = [(error["field"], error["message"]) for error in answer.json()["errors"]]
    assert told == [("budget.currency", SAID)]
    one.refresh_from_db()
    assert one.currency == "EUR"
    assert (
        api(lena).patch(f"initiatives/{one.ref}/", {"budget": {"currency": "SLE"}}, format="json").status_code
        == 200
    )


@pytest.mark.parametrize("code", [code for code in NONE_OF_TODAY if code not in ("eur",)])
def test_nor_does_the_organisation_or_a_rate(ada: User, code: str) -> None:
    by, at, here = Actor.person(ada), clock.now(), Organisation.get()
    with pytest.raises(Invalid) as refused:
        edit_organisation(here.name, here.time_zone, code, by, at)
    assert [(error.field, error.message) for error in refused.value.errors] == [("currency", SAID)]
    with pytest.raises(Invalid) as refused:
        set_rate(code, today(), "2", by, at)
    assert [(error.field, error.message) for error in refused.value.errors] == [("currency", SAID)]
    assert (Organisation.get().currency, Rate.objects.count()) == ("EUR", 0)


def test_what_was_stored_before_is_read_edited_around_and_converted(lena: User, ada: User) -> None:
    one = create(lena, budget={"planned": "10"})
    Initiative.objects.update(currency="XYZ")
    Organisation.objects.update(currency="XYQ")
    assert api(lena).get(f"initiatives/{one.ref}/").json()["budget"]["currency"] == "XYZ"
    budget: dict[str, Any] = {"planned": "20.00", "currency": "XYZ"}
    assert api(lena).patch(f"initiatives/{one.ref}/", {"budget": budget}, format="json").status_code == 200
    one.refresh_from_db()
    assert (one.budget_planned, one.currency) == (Decimal(20), "XYZ")
    by, here = Actor.person(ada), Organisation.get()
    assert edit_organisation("Renamed", here.time_zone, "XYQ", by, clock.now()).name == "Renamed"
    assert set_rate("XYZ", today(), "2", by, clock.now())[1]
