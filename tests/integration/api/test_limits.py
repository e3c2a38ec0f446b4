"""Parallel limits over REST: read, set, refused, and the reason that passes one."""

from typing import Any

import pytest

from gates.models import Initiative, ParallelLimit, StageEntry
from readiness.accounts.models import Scope, User
from tests.fixtures import api, create

pytestmark = pytest.mark.django_db

PILOTS = {"stage": "pilot", "business_unit": "Finance", "most": 1}


def put(by: User, *limits: Any) -> Any:
    return api(by).put("limits/", {"limits": list(limits)})


def test_an_admin_sets_all_of_them_at_once_and_reads_them_back(ada: User) -> None:
    common = {"stage": "poc", "business_unit": "", "most": 9}
    answer = put(ada, PILOTS, {"stage": "poc", "most": 9})
    assert (answer.status_code, answer.json()) == (200, {"limits": [common, PILOTS]})
    read = api(ada).get("limits/")
    assert read.json() == answer.json()
    assert api(ada).get("limits/", if_none_match=read["ETag"]).status_code == 304
    assert put(ada).json() == {"limits": []}
    assert not ParallelLimit.objects.exists()


def test_what_another_admin_set_meanwhile_is_not_overwritten(ada: User) -> None:
    seen = api(ada).get("limits/")["ETag"]
    other = put(ada, PILOTS)
    assert other["ETag"] == api(ada).get("limits/")["ETag"] != seen

    stale = api(ada).put("limits/", {"limits": []}, if_match=seen)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert (stale.json()["current"], stale["ETag"]) == (other.json(), other["ETag"])
    assert ParallelLimit.objects.count() == 1

    assert api(ada).put("limits/", {"limits": []}, if_match=stale["ETag"]).status_code == 200
    assert not ParallelLimit.objects.exists()
    assert api(ada).put("limits/", {"limits": []}, if_match="*").status_code == 200


def test_a_stale_etag_tells_nothing_to_who_may_not_read_them(ada: User, lena: User) -> None:
    put(ada, PILOTS)
    refused = api(lena).put("limits/", {"limits": []}, if_match='"x"')
    assert (refused.status_code, "current" in refused.json()) == (403, False)


@pytest.mark.parametrize("who", ["lena", "ravi", "elsa", "iris"])
def test_nobody_else_reads_or_sets_them(request: pytest.FixtureRequest, who: str) -> None:
    by = request.getfixturevalue(who)
    assert (put(by, PILOTS).status_code, api(by).get("limits/").status_code) == (403, 403)
    assert not ParallelLimit.objects.exists()


def test_the_token_needs_the_scope_admin(ada: User) -> None:
    client = api(ada, Scope.READ, Scope.WRITE)
    for refused in (client.get("limits/"), client.put("limits/", {"limits": []})):
        assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "limits"),
        ({"limits": None}, 400, "limits"),
        ({"limits": {}}, 400, "limits"),
        ({"limits": [PILOTS | {"stage": "intake"}]}, 400, "limits.0.stage"),
        ({"limits": [PILOTS | {"most": "3"}]}, 400, "limits.0.most"),
        ({"limits": [PILOTS | {"most": True}]}, 400, "limits.0.most"),
        ({"limits": [PILOTS | {"most": 0}]}, 422, "limits.0.most"),
        ({"limits": [PILOTS | {"most": 1001}]}, 422, "limits.0.most"),
        ({"limits": [PILOTS | {"business_unit": "x" * 201}]}, 422, "limits.0.business_unit"),
        ({"limits": [PILOTS | {"business_unit": "a\x00b"}]}, 400, "limits.0.business_unit"),
        ({"limits": [PILOTS, PILOTS | {"business_unit": " finance"}]}, 422, "limits.1.business_unit"),
        ({"limits": [PILOTS | {"since": "2026-01-01"}]}, 400, "limits.0.since"),
        ({"limits": [], "more": 1}, 400, "more"),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_set(
    ada: User, body: dict[str, Any], status: int, field: str
) -> None:
    refused = api(ada).put("limits/", body)
    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (status, [field])
    assert not ParallelLimit.objects.exists()


@pytest.mark.parametrize("unit", ["👩‍🚀🚀", "שלום عالم", "<script>alert(1)</script>", "O'Hara %"])
def test_any_unit_may_have_one(ada: User, lena: User, unit: str) -> None:
    put(ada, PILOTS | {"business_unit": unit})
    create(lena, stage="pilot", business_unit=unit)
    facts = {"name": "Two", "business_problem": "Late.", "business_unit": unit, "stage": "pilot"}
    refused = api(lena).post("initiatives/", facts)
    assert (refused.status_code, refused.json()["limit"]["business_unit"]) == (409, unit)


def test_what_is_taken_over_is_refused_with_the_limit_and_enters_with_a_reason(
    ada: User, lena: User, omar: User
) -> None:
    put(ada, PILOTS | {"most": 2})
    shown = create(omar, stage="pilot", name="Parcel routing")
    create(omar, stage="pilot", name="Secret merger", visibility="team")
    facts = {"name": "Triage", "business_problem": "Late.", "business_unit": "Finance", "stage": "pilot"}
    refused = api(lena).post("initiatives/", facts)
    assert refused.status_code == 409
    problem = refused.json()
    assert (problem["code"], problem["type"]) == ("parallel_limit", "/api/v1/problems/parallel_limit/")
    assert problem["limit"] == {
        "stage": "pilot",
        "business_unit": "Finance",
        "most": 2,
        "initiatives": [{"id": shown.ref, "name": "Parcel routing", "url": f"/initiatives/{shown.ref}/"}],
    }
    assert "Secret" not in refused.content.decode()
    made = api(lena).post("initiatives/", facts | {"over_limit_reason": "It runs already."})
    assert made.status_code == 201
    entry = StageEntry.objects.get(initiative__name="Triage")
    assert entry.over_limit == "It runs already."


def test_a_move_is_refused_and_goes_on_with_a_reason(ada: User, lena: User) -> None:
    put(ada, PILOTS)
    create(lena, stage="pilot")
    one = create(ada, stage="rollout", people={"members": ["lena"]})
    back = {"to": "pilot", "reason": "Too early."}
    refused = api(lena).post(f"initiatives/{one.ref}/stage/", back)
    assert (refused.status_code, refused.json()["code"]) == (409, "parallel_limit")
    blank = api(lena).post(f"initiatives/{one.ref}/stage/", back | {"over_limit_reason": "  "})
    assert blank.json()["code"] == "parallel_limit"
    long = api(lena).post(f"initiatives/{one.ref}/stage/", back | {"over_limit_reason": "x" * 2001})
    assert (long.status_code, long.json()["errors"][0]["field"]) == (422, "over_limit_reason")
    wrong = api(lena).post(f"initiatives/{one.ref}/stage/", back | {"over_limit_reason": 7})
    assert wrong.status_code == 400
    moved = api(lena).post(
        f"initiatives/{one.ref}/stage/", back | {"over_limit_reason": "Both, says the board."}
    )
    assert (moved.status_code, moved.json()["stage"]) == (200, "pilot")
    assert Initiative.objects.filter(stage="pilot").count() == 2
