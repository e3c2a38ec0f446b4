"""Flags over REST."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.organisation import set_thresholds
from readiness.audit.recording import Actor
from readiness.standing.definitions import root_causes
from readiness.standing.models import Flag
from readiness.standing.recompute import recompute_batch
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


def test_a_cause_is_confirmed_and_shown_with_who_found_it(pilot: Initiative, lena: User, ravi: User) -> None:
    flag = _flag(pilot)
    told = api(lena).post(f"flags/{flag.pk}/cause/", {"root_cause": "ownership"}).json()
    assert (told["root_cause"], told["confirmed_cause"], told["confirmed_by"]) == (
        "ownership",
        "ownership",
        "lena",
    )
    assert told["confirmed_at"] is not None
    sent = {"root_cause": "integration", "note": "No interface yet."}
    corrected = api(ravi).post(f"flags/{flag.pk}/cause/", sent).json()
    assert (corrected["root_cause"], corrected["confirmed_cause"]) == ("ownership", "integration")
    assert corrected["countermeasure"] == root_causes()["integration"].countermeasure
    brief = api(lena).get(f"initiatives/{pilot.ref}/readiness/").json()["flags"]
    assert {one["code"]: one["confirmed_cause"] for one in brief}["no_business_owner"] == "integration"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "required"),
        ({"root_cause": "fate"}, 400, "unknown_word"),
        ({"root_cause": None}, 400, "required"),
        ({"root_cause": ["integration"]}, 400, "unknown_word"),
        ({"root_cause": "integration", "note": 7}, 400, "wrong_type"),
        ({"root_cause": "integration", "note": "x" * 2001}, 422, "too_long"),
        ({"root_cause": "integration", "note": "a\x00"}, 400, "null_characters"),
        ({"root_cause": "integration", "why": "x"}, 400, "unknown_field"),
    ],
)
def test_a_cause_that_is_none_is_refused_at_its_field(
    pilot: Initiative, lena: User, body: dict[str, Any], status: int, code: str
) -> None:
    refused = api(lena).post(f"flags/{_flag(pilot).pk}/cause/", body)
    assert (refused.status_code, [error["code"] for error in refused.json()["errors"]]) == (status, [code])


def test_a_resolved_flag_has_no_cause_to_confirm(pilot: Initiative, lena: User) -> None:
    flag = _flag(pilot)
    api(lena).patch(f"initiatives/{pilot.ref}/", {"people": {"business_owner": "lena"}})
    refused = api(lena).post(f"flags/{flag.pk}/cause/", {"root_cause": "ownership"})
    assert (refused.status_code, refused.json()["code"]) == (409, "flag_resolved")


def test_a_flag_shows_why_and_what_it_is_held_against(pilot: Initiative, lena: User, ada: User) -> None:
    recompute_batch([pilot.pk], clock.now() + timedelta(days=30))
    listed = api(lena).get(f"initiatives/{pilot.ref}/flags/", {"code": "no_activity"}).json()["results"][0]
    assert listed["details"]["threshold_days"] == 21
    days = {"key": "days", "label": "Days without activity", "unit": "days", "value": 21.0}
    assert listed["thresholds"] == [days | {"set_for": "default"}]
    for stage, set_for in (("", "every_stage"), ("pilot", "stage")):
        set_thresholds("no_activity", {(stage, "days"): Decimal(14)}, Actor.person(ada), clock.now())
        listed = api(lena).get("flags/", {"code": "no_activity"}).json()["results"][0]
        assert listed["thresholds"] == [days | {"value": 14.0, "set_for": set_for}]


def test_the_history_of_an_initiatives_flags_holds_those_that_are_resolved(
    pilot: Initiative, lena: User
) -> None:
    lead, at = api(lena), f"initiatives/{pilot.ref}/flags/"
    lead.patch(f"initiatives/{pilot.ref}/", {"people": {"business_owner": "lena"}})
    assert "no_business_owner" not in _codes(lead.get(at, {"state": "open"}))
    gone = lead.get(at, {"state": "all", "code": "no_business_owner"}).json()["results"]
    assert [(one["resolved_on"], one["thresholds"]) for one in gone] == [(str(today()), [])]
    assert lead.get(at, {"state": "gone"}).status_code == 400
    assert lead.get("flags/", {"state": "all"}).status_code == 400


def test_a_page_of_flags_takes_as_many_queries_as_one_flag(
    pilot: Initiative, lena: User, query_count: Callable[..., int]
) -> None:
    lead = api(lena)
    for flag in Flag.objects.filter(initiative=pilot, resolved_at=None):
        lead.post(f"flags/{flag.pk}/acknowledge/")
        lead.post(f"flags/{flag.pk}/cause/", {"root_cause": "value"})
    counts = [query_count(lambda most=most: lead.get("flags/", {"limit": most})) for most in (1, 50)]
    assert counts[0] == counts[1]
