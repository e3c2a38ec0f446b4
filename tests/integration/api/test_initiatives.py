"""Initiatives over REST: created, read, found, changed; who may, and what comes back."""

from datetime import timedelta
from typing import Any

import pytest

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.audit.models import Event
from tests.fixtures import api, create, person, today

pytestmark = pytest.mark.django_db

WHOLE = {
    "name": "Invoice triage",
    "business_problem": "Invoices wait nine days before anybody reads them.",
    "business_unit": "Finance",
    "technology": "Gradient boosting",
    "vendor": "In-house",
    "approach": "build",
    "visibility": "organisation",
    "priority": "high",
    "tags": ["invoices", "back office"],
    "people": {"business_owner": "ravi", "executive_sponsor": "elsa", "deputy": "omar", "members": ["omar"]},
    "plan": {
        "intake_days": 30,
        "poc_days": 28,
        "pilot_days": 90,
        "rollout_days": None,
        "decision_on": "2027-03-01",
    },
    "budget": {
        "planned": "250000.00",
        "spent": "90000.50",
        "currency": "USD",
        "data_share": 45,
        "change_share": 25,
        "estimate_build": "400000.00",
        "estimate_run": "90000.50",
    },
}
SHOWN_AS_GIVEN = [name for name in WHOLE if name != "people"]


def test_a_new_initiative_is_shown_as_it_was_given(lena: User, ravi: User, elsa: User, omar: User) -> None:
    created = api(lena).post("initiatives/", WHOLE)
    assert created.status_code == 201
    shown = created.json()
    assert {name: shown[name] for name in SHOWN_AS_GIVEN} == {name: WHOLE[name] for name in SHOWN_AS_GIVEN}
    assert shown["people"] == {
        "business_owner": "ravi",
        "executive_sponsor": "elsa",
        "technical_lead": "lena",
        "deputy": "omar",
        "members": ["lena", "omar"],
    }
    assert (shown["stage"], shown["stage_since"], shown["taken_over"]) == ("intake", str(today()), False)
    assert (shown["on_hold"], shown["as_of"]) == (None, None)
    assert [framework["slug"] for framework in shown["frameworks"]] == [
        "poc-checkpoints",
        "five-gate",
        "environment-gap",
    ]
    assert created["Location"] == f"http://testserver/api/v1/initiatives/{shown['id']}/"
    assert api(lena).get(f"initiatives/{shown['id']}/").json() == shown


def test_two_words_are_enough_and_the_rest_is_unknown(lena: User) -> None:
    shown = api(lena).post("initiatives/", {"name": "Triage", "business_problem": "Slow."}).json()
    assert shown["approach"] is None
    assert shown["business_unit"] == ""
    assert shown["budget"] == {
        "planned": None,
        "spent": None,
        "currency": "EUR",
        "data_share": None,
        "change_share": None,
        "estimate_build": None,
        "estimate_run": None,
    }
    assert shown["readiness"]["score"] == 0.0
    assert shown["readiness"]["unanswered"] == 20


def test_the_body_may_name_another_technical_lead(lena: User, omar: User) -> None:
    body = {"name": "Triage", "business_problem": "Slow.", "people": {"technical_lead": "omar"}}
    people = api(lena).post("initiatives/", body).json()["people"]
    assert (people["technical_lead"], people["members"]) == ("omar", ["lena"])


@pytest.mark.parametrize(
    ("who", "stage", "status"),
    [
        ("lena", "pilot", 201),
        ("lena", "rollout", 403),
        ("elsa", "poc", 201),
        ("ada", "live", 201),
        ("ravi", "intake", 403),
        ("iris", "intake", 403),
    ],
)
def test_who_may_create_and_take_over(
    request: pytest.FixtureRequest, who: str, stage: str, status: int
) -> None:
    body = {
        "name": "Triage",
        "business_problem": "Slow.",
        "stage": stage,
        "stage_since": str(today() - timedelta(days=40)),
    }
    made = api(request.getfixturevalue(who)).post("initiatives/", body)
    assert made.status_code == status
    if status == 201:
        assert made.json()["taken_over"] is (stage != "intake")
        assert made.json()["stage_since"] == body["stage_since"]
    else:
        assert made.json()["code"] == "not_allowed"
        assert not Initiative.objects.exists()


def test_a_change_touches_only_what_it_names(lena: User, ravi: User, elsa: User, omar: User) -> None:
    before = api(lena).post("initiatives/", WHOLE).json()
    changed = api(lena).patch(
        f"initiatives/{before['id']}/",
        {"vendor": "", "plan": {"poc_days": None}, "people": {"deputy": None}, "budget": {"spent": 91000}},
    )
    assert changed.status_code == 200
    after = changed.json()
    assert (after["vendor"], after["plan"]["poc_days"], after["people"]["deputy"]) == ("", None, None)
    assert after["budget"]["spent"] == "91000.00"
    expected = before | {name: after[name] for name in ("vendor", "updated_at", "readiness")}
    expected["plan"] = before["plan"] | {"poc_days": None}
    expected["people"] = before["people"] | {"deputy": None}
    expected["budget"] = before["budget"] | {"spent": "91000.00"}
    assert after == expected


def test_a_stale_change_is_refused_with_what_stands_now(initiative: Initiative, lena: User) -> None:
    lead, path = api(lena), f"initiatives/{initiative.ref}/"
    etag = lead.get(path)["ETag"]
    first = lead.patch(path, {"vendor": "First"}, if_match=etag)
    assert first.status_code == 200
    assert first["ETag"] != etag
    second = lead.patch(path, {"vendor": "Second"}, if_match=etag)
    assert second.status_code == 412
    assert second.json()["code"] == "stale"
    assert second.json()["current"] == lead.get(path).json()
    assert second["ETag"] == first["ETag"]
    assert lead.patch(path, {"vendor": "Second"}, if_match=second["ETag"]).json()["vendor"] == "Second"


@pytest.mark.parametrize("matching", [None, "*", '"nothing", {etag}', "{etag}"])
def test_a_change_that_does_not_mind_or_names_the_version_is_made(
    initiative: Initiative, lena: User, matching: str | None
) -> None:
    lead, path = api(lena), f"initiatives/{initiative.ref}/"
    headers = {"if_match": matching.format(etag=lead.get(path)["ETag"])} if matching else {}
    assert lead.patch(path, {"vendor": "Any"}, **headers).status_code == 200


@pytest.mark.parametrize(("matching", "status"), [("no quotes", 400), ('W/"AI-0001-1"', 412), ('"x"', 412)])
def test_a_precondition_that_names_no_version_of_ours_holds_the_change_back(
    initiative: Initiative, lena: User, matching: str, status: int
) -> None:
    refused = api(lena).patch(f"initiatives/{initiative.ref}/", {"vendor": "X"}, if_match=matching)
    assert refused.status_code == status
    assert Initiative.objects.get(pk=initiative.pk).vendor == ""


def test_an_admin_changes_people_and_visibility_but_no_facts(
    initiative: Initiative, ada: User, omar: User
) -> None:
    admin, path = api(ada), f"initiatives/{initiative.ref}/"
    body = {"visibility": "team", "people": {"business_owner": "omar"}}
    assert admin.patch(path, body).json()["people"]["business_owner"] == "omar"
    assert admin.patch(path, {"vendor": "X"}).status_code == 403


@pytest.mark.parametrize("who", ["ravi", "elsa", "iris", "omar"])
def test_others_see_it_and_change_nothing(
    request: pytest.FixtureRequest, initiative: Initiative, who: str
) -> None:
    other, path = api(request.getfixturevalue(who)), f"initiatives/{initiative.ref}/"
    assert other.get(path).status_code == 200
    assert other.patch(path, {"vendor": "X"}).status_code == 403


def test_an_unknown_or_inactive_person_is_an_error_at_its_field(initiative: Initiative, lena: User) -> None:
    gone = person("gone", lead=True)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    people = {"deputy": "nobody", "members": ["lena", "gone"]}
    refused = api(lena).patch(f"initiatives/{initiative.ref}/", {"people": people})
    assert refused.status_code == 422
    assert {error["field"]: error["code"] for error in refused.json()["errors"]} == {
        "people.deputy": "unknown_person",
        "people.members.1": "inactive_person",
    }


def test_the_act_stands_in_the_audit_trail_with_person_and_token(initiative: Initiative, lena: User) -> None:
    api(lena).patch(f"initiatives/{initiative.ref}/", {"vendor": "X"})
    event = Event.objects.get(initiative=initiative, verb="initiative.edited")
    assert (event.actor, event.token_name) == (lena, "a test")


# --- The list -----------------------------------------------------------------------------------------------


def _names(user: User, **filters: Any) -> list[str]:
    answer = api(user).get("initiatives/", filters)
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["results"]]


@pytest.fixture
def some(lena: User) -> list[Initiative]:
    return [
        create(lena, name="Alpha Älter", business_unit="Finance ", stage="pilot", vendor="Contoso"),
        create(lena, name="beta", business_unit="  fiNance"),
        create(lena, name="Gamma", business_unit="Logistics", tags=["Ärger"]),
    ]


def test_a_list_shows_each_as_it_is_read_alone(some: list[Initiative], lena: User) -> None:
    lead = api(lena)
    listed = lead.get("initiatives/").json()["results"]
    assert listed == [lead.get(f"initiatives/{row['id']}/").json() for row in listed]


def test_it_is_ordered_by_name_whatever_its_case(some: list[Initiative], lena: User) -> None:
    assert _names(lena) == ["Alpha Älter", "beta", "Gamma"]
    assert _names(lena, ordering="-name") == ["Gamma", "beta", "Alpha Älter"]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"stage": "pilot"}, ["Alpha Älter"]),
        ({"business_unit": "FINANCE"}, ["Alpha Älter", "beta"]),
        ({"business_unit": " finance  "}, ["Alpha Älter", "beta"]),
        ({"search": "contoso älter"}, ["Alpha Älter"]),
        ({"search": "ÄRGER"}, ["Gamma"]),
        ({"search": "100%"}, []),
        ({"verdict": "not_ready"}, ["Alpha Älter", "beta", "Gamma"]),
        ({"verdict": "ready"}, []),
        ({"min_score": "0.1"}, []),
        ({"max_score": "0"}, ["Alpha Älter", "beta", "Gamma"]),
        ({"stalled": "true"}, []),
        ({"stalled": "false", "stage": "intake"}, ["beta", "Gamma"]),
        ({"updated_since": "2100-01-01T00:00:00Z"}, []),
        ({"flag": "gate_lapsed"}, []),
    ],
)
def test_filters_narrow_it(
    some: list[Initiative], lena: User, filters: dict[str, str], names: list[str]
) -> None:
    assert _names(lena, **filters) == names


def test_an_open_flag_is_found_by_its_code_and_a_resolved_one_is_not(
    some: list[Initiative], lena: User
) -> None:
    assert _names(lena, flag="no_business_owner") == ["Alpha Älter"]
    api(lena).patch(f"initiatives/{some[0].ref}/", {"people": {"business_owner": "lena"}})
    assert _names(lena, flag="no_business_owner") == []


def test_what_was_changed_since_a_moment_is_found(some: list[Initiative], lena: User) -> None:
    moment = clock.now()
    api(lena).patch(f"initiatives/{some[1].ref}/", {"vendor": "X"})
    assert _names(lena, updated_since=moment.isoformat()) == ["beta"]


def test_scores_are_ordered_as_numbers(lena: User) -> None:
    for name, met in (("two", 2), ("eleven", 11), ("none", 0)):
        one = create(lena, name=name)
        codes = [f"{gate}-{n}" for gate in ("DATA", "ARCH", "INTG") for n in range(1, 5)][:met]
        answers = [{"code": code, "answer": "partial"} for code in codes]
        if answers:
            assert (
                api(lena).patch(f"initiatives/{one.ref}/checklist/", {"answers": answers}).status_code == 200
            )
    assert _names(lena, ordering="-score") == ["eleven", "two", "none"]
    assert _names(lena, ordering="score") == ["none", "two", "eleven"]
    assert _names(lena, min_score="5", max_score="27.5", ordering="score") == ["two", "eleven"]


@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "stage=flying",
        "verdict=yes",
        "stalled=1",
        "flag=nothing",
        "min_score=abc",
        "min_score=1e1",
        "min_score=-0.1",
        "max_score=101",
        "max_score=82.55",
        "updated_since=yesterday",
        "updated_since=2026-11-01T09:30:00",
        "ordering=business_problem",
        "ordering=standing__score",
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=2422996687091782385664",
        "limit=5&limit=6",
        "cursor=made-by-hand",
        "search=a%00b",
        "stage__in=pilot",
        "format=api",
        "search=" + "x" * 201,
    ],
)
def test_an_unknown_filter_or_value_is_refused(lena: User, query: str) -> None:
    refused = api(lena).get(f"initiatives/?{query}")
    assert refused.status_code == 400
    assert refused.json()["code"] == "malformed"
    assert refused.json()["errors"][0]["field"] == query.partition("=")[0]


@pytest.mark.parametrize(
    ("score", "code"),
    [("abc", "wrong_type"), ("1e1", "wrong_type"), ("100.1", "out_of_range"), ("-1", "out_of_range")]
    + [("82.55", "too_precise")],
)
def test_a_score_in_a_filter_is_refused_for_what_is_wrong_with_it(lena: User, score: str, code: str) -> None:
    refused = api(lena).get("initiatives/", {"min_score": score})
    assert [error["code"] for error in refused.json()["errors"]] == [code]
    assert api(lena).get("initiatives/", {"min_score": "82.50"}).status_code == 200
