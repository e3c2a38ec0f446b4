"""Money and time of the portfolio over REST: the figures of its pages, held against the same oracles."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.portfolio.durations import LEAST_WATCHED
from tests.fixtures import api, create, today
from tests.integration.portfolio.money_oracle import MoneyOracle, RawMoney, Told
from tests.integration.portfolio.time_oracle import TimeOracle
from tests.integration.portfolio.ways import live_scene, way

pytestmark = pytest.mark.django_db

PARTS_OF_A_BURN = {"burn_booked", "burn_estimated", "stalled_burn_booked", "stalled_burn_estimated"}
"""REST tells the estimated ones beside the sums; what is booked is the rest."""
MONEY, SURVIVAL = "portfolio/money/", "portfolio/survival/"


def as_told(found: Told) -> dict[str, object]:
    amount = f"{found.amount.quantize(Decimal('0.01'))}" if found.within else None
    return {"amount": amount, "initiatives": len(found.within), "left_out": len(found.without)}


@pytest.fixture
def money(lena: User, ravi: User) -> MoneyOracle:
    Organisation.objects.update(currency="EUR")
    RawMoney(4, today(), ZoneInfo("UTC"), lena, ravi).money(30)
    return MoneyOracle(Initiative.objects.all(), "EUR", today())


def test_every_sum_of_money_is_what_the_rows_say(money: MoneyOracle, elsa: User) -> None:
    told = api(elsa).get(MONEY).json()
    everything = {code: as_told(found) for code, found in money.all().items()}
    expected = {code: found for code, found in everything.items() if code not in PARTS_OF_A_BURN}
    assert told["sums"] == expected
    for code in ("burn_estimated", "stalled_burn_estimated"):
        assert told[code] == everything[code]
    assert {code for code, found in expected.items() if found["amount"]} >= {"spent", "stalled", "burn"}
    assert any(found["left_out"] for found in expected.values())
    assert (told["currency"], told["as_of"]) == ("EUR", today().isoformat())
    for one in told["months"]:
        assert one["spent"] == as_told(money.month(date.fromisoformat(one["month"])))
    assert len(told["months"]) > 1
    for parts in (told["units"], told["stages"]):
        assert sum(part["initiatives"] for part in parts) == len(money.rows)
        for code, found in expected.items():
            assert sum(part["sums"][code]["initiatives"] for part in parts) == found["initiatives"]
    assert {one["currency"] for one in told["rates_missing"]} <= {"USD", "CHF"}
    assert told["left_out"] >= max(found["left_out"] for found in expected.values())


def test_the_dearest_come_first_with_what_each_cost(money: MoneyOracle, elsa: User) -> None:
    costs = {row.ref: money.spent(row) for row in money.rows}
    known = sorted((cost for cost in costs.values() if isinstance(cost, Decimal) and cost), reverse=True)
    told = api(elsa).get(MONEY).json()["dearest"]
    assert [one["spent"] for one in told] == [f"{cost.quantize(Decimal('0.01'))}" for cost in known[:10]]
    assert all(one["spent"] == f"{costs[one['initiative']]:.2f}" for one in told)


def test_money_of_one_unit_and_of_none(money: MoneyOracle, elsa: User) -> None:
    unit = max({row.business_unit for row in money.rows})
    rows = [row for row in money.rows if row.business_unit == unit]
    alone = api(elsa).get(MONEY, {"business_unit": unit.upper()}).json()
    expected = MoneyOracle(rows, "EUR", today()).all()
    assert alone["sums"] == {
        code: as_told(found) for code, found in expected.items() if code not in PARTS_OF_A_BURN
    }
    nothing = api(elsa).get(MONEY, {"business_unit": "There is none"}).json()
    assert nothing["sums"]["spent"] == {"amount": None, "initiatives": 0, "left_out": 0}
    assert (nothing["months"], nothing["units"], nothing["dearest"]) == ([], [], [])
    refused = api(elsa).get(MONEY, {"unit": unit})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "unit")


@pytest.mark.parametrize("path", ["", "symptoms/", "money/", "survival/"])
def test_a_unit_left_empty_asks_for_all(lena: User, elsa: User, path: str) -> None:
    create(lena, business_unit="Finance")
    create(lena, business_unit="")
    at = f"portfolio/{path}"
    everything = api(elsa).get(at)
    assert everything.status_code == 200
    assert api(elsa).get(at, {"business_unit": ""}).json() == everything.json()
    assert api(elsa).get(at, {"business_unit": "finance"}).json() != everything.json()


def test_what_names_no_unit_is_told_apart_from_the_rest_of_them(lena: User, elsa: User) -> None:
    for number in range(15):
        one = create(lena, business_unit=f"Unit {number}")
        Initiative.objects.filter(pk=one.pk).update(budget_spent=100 + number)
    Initiative.objects.filter(business_unit="Unit 14").update(business_unit="", business_unit_key="")
    units = api(elsa).get(MONEY).json()["units"]
    assert [one["business_unit"] for one in units] == ["", *(f"Unit {n}" for n in range(13, 2, -1)), None]
    assert units[-1]["initiatives"] == 3


@pytest.mark.parametrize("under_way", [0, 40])
def test_the_curve_is_what_the_rows_say(lena: User, elsa: User, under_way: int) -> None:
    live_scene(lena, 12)
    day = clock.now().date()
    for number in range(under_way):
        way(("intake", day - timedelta(days=45 + number)), created_by=lena)
    oracle = TimeOracle(Initiative.objects.all(), day)
    timed = [one for one in oracle.ways() if not one.why]
    told = api(elsa).get(SURVIVAL).json()["production"]
    for outcome in ("live", "ended", "running"):
        assert told[outcome] == sum(one.outcome == outcome for one in timed)
    last_day = sorted((one.days for one in timed), reverse=True)[LEAST_WATCHED - 1]
    curve = told["curve"]
    assert curve["last_day"] == last_day
    for outcome in ("live", "ended"):
        expected = {on: share for on, share in oracle.incidence(outcome).items() if on <= last_day}
        assert {step["day"]: step["share"] for step in curve[outcome]} == pytest.approx(
            {on: float(share) for on, share in expected.items()}, abs=1e-6
        )
        assert all(0 <= step["low"] <= step["share"] <= step["high"] <= 1 for step in curve[outcome])
    reached = [on for on, share in oracle.incidence("live").items() if share >= Fraction(1, 2)]
    assert curve["half_live"]["days"] == (reached[0] if reached else None)


def test_under_ten_launches_there_is_no_curve(lena: User, elsa: User, omar: User) -> None:
    live_scene(lena, 9)
    told = api(elsa).get(SURVIVAL).json()
    assert (told["production"]["live"], told["production"]["curve"]) == (9, None)
    assert {one["stage"] for one in told["stages"]} == {"intake", "poc", "pilot", "rollout"}
    # The one that was taken over in its pilot began on no day that is known.
    assert sum(one["began"] for one in told["cohorts"]) == Initiative.objects.count() - 1
    for one in told["cohorts"]:
        assert one["live"] + one["ended"] + one["running"] == one["began"]
    Initiative.objects.update(visibility="team")
    hidden = api(omar).get(SURVIVAL).json()
    assert (hidden["production"]["live"], hidden["cohorts"]) == (0, [])


def test_what_is_known_is_not_sent_again(lena: User, elsa: User) -> None:
    live_scene(lena, 1)
    for path in (MONEY, SURVIVAL):
        first = api(elsa).get(path)
        assert api(elsa).get(path, if_none_match=first["ETag"]).status_code == 304
        assert api(elsa).get(path, if_none_match='"another"').status_code == 200
