"""Flags over REST."""

from datetime import timedelta
from typing import Any

import pytest

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.standing.models import Flag
from tests.fixtures import api, create, today


@pytest.fixture
def pilot(lena: User) -> Initiative:
    """In the pilot, without a business owner: flags are open."""
    return create(lena, name="Pilot", stage="pilot")


def _codes(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return [flag["code"] for flag in answer.json()["results"]]


def _flag(pilot: Initiative, code: str = "no_business_owner") -> Flag:
    return Flag.objects.get(initiative=pilot, code=code)


def test_open_flags_are_listed_for_one_and_for_all(pilot: Initiative, lena: User) -> None:
    other = create(lena, name="Other", stage="pilot")
    lead = api(lena)
    own = lead.get(f"initiatives/{pilot.ref}/flags/")
    readiness = lead.get(f"initiatives/{pilot.ref}/readiness/").json()
    assert sorted(_codes(own)) == sorted(flag["code"] for flag in readiness["flags"])
    everything = lead.get("flags/").json()["results"]
    assert {flag["initiative"] for flag in everything} == {pilot.ref, other.ref}
    assert _codes(lead.get("flags/", {"code": "no_business_owner"})) == ["no_business_owner"] * 2
    assert _codes(lead.get("flags/", {"severity": "critical"})) == []
    assert lead.get("flags/", {"severity": "loud"}).status_code == 400


def test_a_resolved_flag_is_gone(pilot: Initiative, lena: User) -> None:
    api(lena).patch(f"initiatives/{pilot.ref}/", {"people": {"business_owner": "lena"}})
    assert "no_business_owner" not in _codes(api(lena).get(f"initiatives/{pilot.ref}/flags/"))
    flag = Flag.objects.get(initiative=pilot, code="no_business_owner")
    refused = api(lena).post(f"flags/{flag.pk}/acknowledge/")
    assert (refused.status_code, refused.json()["code"]) == (409, "flag_resolved")


@pytest.mark.parametrize(
    ("who", "status"),
    [("lena", 200), ("ravi", 200), ("elsa", 200), ("iris", 403), ("ada", 403), ("omar", 403)],
)
def test_who_may_quiet_a_flag(
    request: pytest.FixtureRequest, pilot: Initiative, who: str, status: int
) -> None:
    user = request.getfixturevalue(who)
    flag = _flag(pilot)
    assert api(user).post(f"flags/{flag.pk}/acknowledge/").status_code == status
    snooze = {"until": str(today() + timedelta(days=7)), "reason": "The new owner begins on Monday."}
    assert api(user).post(f"flags/{flag.pk}/snooze/", snooze).status_code == status


def test_quieting_is_shown_and_changes_no_figure(pilot: Initiative, lena: User) -> None:
    flag, lead = _flag(pilot), api(lena)
    before = lead.get(f"initiatives/{pilot.ref}/readiness/").json()
    acknowledged = lead.post(f"flags/{flag.pk}/acknowledge/").json()
    assert acknowledged["acknowledged_at"] is not None
    until = str(today() + timedelta(days=7))
    snoozed = lead.post(f"flags/{flag.pk}/snooze/", {"until": until, "reason": "Soon."}).json()
    assert (snoozed["snoozed_until"], snoozed["id"], snoozed["initiative"]) == (until, flag.pk, pilot.ref)
    after = lead.get(f"initiatives/{pilot.ref}/readiness/").json()
    assert (after["stalled"], len(after["flags"])) == (before["stalled"], len(before["flags"]))


def test_a_snooze_ends_on_a_day_to_come_and_says_why(pilot: Initiative, lena: User) -> None:
    yesterday = str(today() - timedelta(days=1))
    refused = api(lena).post(f"flags/{_flag(pilot).pk}/snooze/", {"until": yesterday, "reason": ""})
    assert refused.status_code == 422
    assert {error["field"]: error["code"] for error in refused.json()["errors"]} == {
        "until": "in_the_past",
        "reason": "required",
    }


def test_a_flag_that_is_not_there_is_not_found(lena: User) -> None:
    for path in ("flags/999999/acknowledge/", "flags/0/acknowledge/", f"flags/{10**17}/acknowledge/"):
        assert api(lena).post(path).status_code == 404
