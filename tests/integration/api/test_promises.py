"""KPIs, readings and amendments over REST."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse

from gates.models import Amendment, Hold, Initiative, Kpi, Reading, StageEntry
from readiness import clock
from readiness.accounts.models import Scope, User
from readiness.actions.kpis import edit_kpi
from readiness.actions.readings import NewReading, add_reading
from readiness.audit.recording import Actor
from tests.fixtures import Api, api, create, pages, today
from tests.integration.actions.props import answer_checkpoint, decide, submit

KPI: dict[str, Any] = {
    "name": "Handling time", "unit": "minutes", "direction": "down", "baseline": "42", "target": 20,
    "go_limit": 28.5, "stop_limit": "38",
}  # fmt: skip


@pytest.fixture
def lead(lena: User) -> Api:
    return api(lena)


@pytest.fixture
def below(initiative: Initiative) -> str:
    return f"initiatives/{initiative.ref}"


def made(lead: Api, below: str, **facts: Any) -> dict[str, Any]:
    answer = lead.post(f"{below}/kpis/", KPI | facts)
    assert answer.status_code == 201, answer.content
    body: dict[str, Any] = answer.json()
    return body


def lock(initiative: Initiative, lena: User, ravi: User) -> None:
    answer_checkpoint(initiative, lena, "checkpoint-0")
    submit(initiative, "checkpoint-0", lena)
    decide(initiative, "checkpoint-0", ravi)


def day(ago: int = 0) -> str:
    return (today() - timedelta(days=ago)).isoformat()


def problem(answer: HttpResponse) -> tuple[int, str, list[tuple[str, str]]]:
    body = answer.json()
    found = [(error["field"], error["code"]) for error in body.get("errors", [])]
    return answer.status_code, body["code"], found


# --- KPIs ---------------------------------------------------------------------------------------------------------


def test_a_kpi_is_added_and_read(lead: Api, below: str) -> None:
    answer = lead.post(f"{below}/kpis/", KPI | {"owner": "lena", "due": "end_of_pilot", "signal": "value"})
    body = answer.json()
    assert (answer.status_code, answer["ETag"]) == (201, body["etag"])
    assert body["readiness"]["verdict"] == "not_ready"
    read = lead.get(answer["Location"])
    assert read["ETag"] == body["etag"]
    assert read.json() == {name: value for name, value in body.items() if name != "readiness"}
    told = {name: body[name] for name in (*KPI, "owner", "due", "signal", "kind")}
    assert told == KPI | {
        "target": "20", "go_limit": "28.5", "owner": "lena", "due": "end_of_pilot", "signal": "value",
        "kind": "business",
    }  # fmt: skip
    assert (body["locked_at"], body["promised"], body["amendments"]) == (None, None, [])
    assert (body["latest_reading"], body["readings_count"], body["value_checks"]) == (None, 0, [])
    assert [one["id"] for one in lead.get(f"{below}/kpis/").json()["results"]] == [body["id"]]


def test_what_is_absent_stays_and_null_takes_away(lead: Api, below: str) -> None:
    kpi = made(lead, below, owner="lena", due="end_of_poc")
    answer = lead.patch(f"{below}/kpis/{kpi['id']}/", {"owner": None, "due": None, "target": None})
    body = answer.json()
    assert (body["owner"], body["due"], body["target"], body["go_limit"]) == (None, None, None, "28.5")
    assert body["etag"] != kpi["etag"]


def test_a_stale_version_is_refused_with_what_stands(lead: Api, below: str) -> None:
    kpi = made(lead, below)
    at = f"{below}/kpis/{kpi['id']}/"
    fresh = lead.patch(at, {"unit": "min"}, if_match=kpi["etag"]).json()
    stale = lead.patch(at, {"unit": "h"}, if_match=kpi["etag"])
    assert (stale.status_code, stale["ETag"]) == (412, fresh["etag"])
    assert stale.json()["current"]["unit"] == "min"
    assert lead.delete(at, if_match=kpi["etag"]).status_code == 412
    assert lead.patch(at, {"unit": "h"}, if_match="nonsense").status_code == 400
    assert lead.delete(at, if_match=fresh["etag"]).status_code == 200
    assert lead.get(at).status_code == 404


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"name": None}, (400, "malformed", [("name", "required")])),
        ({"name": 5}, (400, "malformed", [("name", "wrong_type")])),
        ({"name": ""}, (422, "invalid", [("name", "required")])),
        ({"name": "x" * 201}, (422, "invalid", [("name", "too_long")])),
        ({"name": "a\x00"}, (400, "malformed", [("name", "null_characters")])),
        ({"name": "a\tb"}, (422, "invalid", [("name", "control_characters")])),
        ({"kind": "loud"}, (400, "malformed", [("kind", "unknown_word")])),
        ({"direction": None}, (400, "malformed", [("direction", "required")])),
        ({"target": True}, (400, "malformed", [("target", "wrong_type")])),
        ({"target": "12,5"}, (400, "malformed", [("target", "wrong_type")])),
        ({"target": [1]}, (400, "malformed", [("target", "wrong_type")])),
        ({"target": 10**16}, (422, "invalid", [("target", "out_of_range")])),
        ({"target": 1e300}, (400, "malformed", [("target", "out_of_range")])),
        ({"target": 1e-300}, (422, "invalid", [("target", "too_precise")])),
        ({"stop_limit": 28}, (422, "invalid", [("stop_limit", "wrong_side")])),
        ({"owner": "nobody"}, (422, "invalid", [("owner", "unknown_person")])),
        ({"promised": {}}, (400, "malformed", [("promised", "read_only")])),
        ({"colour": "red"}, (400, "malformed", [("colour", "unknown_field")])),
    ],
    ids=str,
)
def test_bad_input_is_refused_at_its_field(
    lead: Api, below: str, body: dict[str, Any], expected: tuple[int, str, list[tuple[str, str]]]
) -> None:
    assert problem(lead.post(f"{below}/kpis/", KPI | body)) == expected
    assert not Kpi.objects.exists()


def test_a_locked_kpi_shows_what_was_promised_and_every_amendment(
    lead: Api, below: str, initiative: Initiative, lena: User, ravi: User
) -> None:
    kpi = made(lead, below)
    lock(initiative, lena, ravi)
    at = f"{below}/kpis/{kpi['id']}/"
    assert problem(lead.patch(at, {"target": 25})) == (422, "invalid", [("reason", "required")])
    body = lead.patch(at, {"target": 25, "unit": "min", "reason": "The volume doubled."}).json()
    assert (body["target"], body["unit"]) == ("25", "min")
    assert body["promised"] == {
        "direction": "down", "unit": "minutes", "baseline": "42", "target": "20", "go_limit": "28.5",
        "stop_limit": "38",
    }  # fmt: skip
    (amendment,) = body["amendments"]
    assert amendment["changes"] == [
        {"field": "target", "before": "20", "after": "25"},
        {"field": "unit", "before": "minutes", "after": "min"},
    ]
    assert (amendment["by"], amendment["after_reading"], amendment["acknowledged_at"]) == (
        "lena",
        False,
        None,
    )
    assert problem(lead.delete(at)) == (409, "promise_locked", [])
    assert lead.get(f"{below}/amendments/").json()["results"] == [amendment]


def test_a_late_kpi_needs_a_reason(
    lead: Api, below: str, initiative: Initiative, lena: User, ravi: User
) -> None:
    lock(initiative, lena, ravi)
    assert problem(lead.post(f"{below}/kpis/", KPI)) == (422, "invalid", [("reason", "required")])
    body = lead.post(f"{below}/kpis/", KPI | {"reason": "Nobody had thought of it."}).json()
    assert body["locked_at"] is not None
    assert body["amendments"][0]["changes"] == [{"field": "added", "before": None, "after": "Handling time"}]


def test_a_reviewer_acknowledges_an_amendment(
    lead: Api, below: str, initiative: Initiative, lena: User, ravi: User
) -> None:
    kpi = made(lead, below)
    lock(initiative, lena, ravi)
    lead.patch(f"{below}/kpis/{kpi['id']}/", {"target": 25, "reason": "The volume doubled."})
    at = f"{below}/amendments/{Amendment.objects.get().pk}/acknowledge/"
    assert problem(lead.post(at)) == (403, "separation_of_duties", [])
    assert problem(api(ravi, Scope.WRITE).post(at)) == (403, "missing_scope", [])
    for _ in range(2):
        answer = api(ravi).post(at)
        assert (answer.status_code, answer.json()["acknowledged_by"]) == (200, "ravi")
    assert api(ravi).post(f"{below}/amendments/999/acknowledge/").status_code == 404


# --- Readings -----------------------------------------------------------------------------------------------------


@pytest.fixture
def readings(lead: Api, below: str) -> str:
    return f"{below}/kpis/{made(lead, below)['id']}/readings/"


def withdraw(lead: Api, at: str, body: Any) -> HttpResponse:
    return lead.raw("DELETE", at, json.dumps(body).encode())


def test_a_reading_is_pushed_once_however_often_it_is_sent(lead: Api, below: str, readings: str) -> None:
    first = lead.post(readings, {"on": day(3), "value": "31.5", "note": "Week 44"})
    again = lead.post(readings, {"on": day(3), "value": 31.5})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert (first.json()["source"], first.json()["by"], first.json()["value"]) == ("api", "lena", "31.5")
    assert "readiness" in again.json()
    kpi = lead.get(f"{below}/kpis/").json()["results"][0]
    assert kpi["latest_reading"] == {"on": day(3), "value": "31.5", "against": "between"}
    assert kpi["readings_count"] == 1


@pytest.mark.parametrize(
    ("value", "against"), [(20, "target"), (28.5, "go"), (38, "stop"), (28.6, "between")]
)
def test_the_latest_reading_is_held_against_the_limits(
    lead: Api, below: str, readings: str, value: float, against: str
) -> None:
    lead.post(readings, {"on": day(), "value": value})
    assert lead.get(f"{below}/kpis/").json()["results"][0]["latest_reading"]["against"] == against


def test_many_are_taken_whole_or_not_at_all(lead: Api, readings: str) -> None:
    sent = [{"on": day(ago), "value": ago} for ago in (1, 2, 3)]
    answer = lead.post(readings, {"readings": sent})
    body = answer.json()
    assert (answer.status_code, body["new"]) == (201, 3)
    assert [(one["on"], one["value"]) for one in body["readings"]] == [
        (day(ago), str(ago)) for ago in (1, 2, 3)
    ]
    assert lead.post(readings, {"readings": sent}).status_code == 200
    wrong = [{"on": day(4), "value": 4}, {"on": day(1), "value": 2}, {"on": day(-1), "value": 2}]
    assert problem(lead.post(readings, {"readings": wrong})) == (
        422, "invalid", [("readings.1.on", "day_has_reading"), ("readings.2.on", "in_the_future")],
    )  # fmt: skip
    listed = lead.get(readings).json()["results"]
    assert [one["on"] for one in listed] == [day(1), day(2), day(3)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (422, "invalid", [("on", "required"), ("value", "required")])),
        ({"on": "2026-02-30", "value": 1}, (400, "malformed", [("on", "wrong_type")])),
        ({"on": "1989-12-31", "value": 1}, (422, "invalid", [("on", "out_of_range")])),
        ({"on": "2099-01-01", "value": 1}, (422, "invalid", [("on", "in_the_future")])),
        ({"on": "2026-01-01", "value": "1e5"}, (400, "malformed", [("value", "wrong_type")])),
        ({"on": "2026-01-01", "value": None}, (400, "malformed", [("value", "required")])),
        ({"on": "2026-01-01", "value": 1, "note": 5}, (400, "malformed", [("note", "wrong_type")])),
        ({"on": "2026-01-01", "value": 1, "by": "x"}, (400, "malformed", [("by", "read_only")])),
        ({"readings": []}, (422, "invalid", [("readings", "required")])),
        ({"readings": [{}]}, (400, "malformed", [("readings.0.on", "required"), ("readings.0.value", "required")])),
        ({"readings": [], "value": 1}, (400, "malformed", [("readings", "unknown_field")])),
        ({"readings": [5]}, (400, "malformed", [("readings.0", "wrong_type")])),
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_reading_is_refused_at_its_field(
    lead: Api, readings: str, body: dict[str, Any], expected: tuple[int, str, list[tuple[str, str]]]
) -> None:
    assert problem(lead.post(readings, body)) == expected
    assert not Reading.objects.exists()


def test_a_reading_is_withdrawn_with_a_reason(lead: Api, readings: str) -> None:
    reading = lead.post(readings, {"on": day(3), "value": 31}).json()
    at = f"{readings}{reading['id']}/"
    assert problem(withdraw(lead, at, {})) == (400, "malformed", [("reason", "required")])
    assert problem(withdraw(lead, at, {"reason": " "})) == (422, "invalid", [("reason", "required")])
    gone = withdraw(lead, at, {"reason": "Miscounted."})
    assert (gone.status_code, gone.json()["withdrawn_reason"]) == (200, "Miscounted.")
    assert lead.get(readings).json()["results"] == []
    (told,) = lead.get(readings, {"withdrawn": "true"}).json()["results"]
    assert told["id"] == reading["id"]
    assert lead.post(readings, {"on": day(3), "value": 30}).status_code == 201
    assert lead.get(readings, {"stands": "true"}).status_code == 400


def test_a_reading_is_only_below_its_own_kpi(lead: Api, below: str, readings: str) -> None:
    reading = lead.post(readings, {"on": day(3), "value": 31}).json()
    other = made(lead, below, name="Other")
    at = f"{below}/kpis/{other['id']}/readings/{reading['id']}/"
    assert withdraw(lead, at, {"reason": "Miscounted."}).status_code == 404


def test_with_the_browsers_session_a_reading_is_typed(lena: User, readings: str) -> None:
    sent = pages(lena).post(f"/api/v1/{readings}", {"on": day(), "value": 5}, content_type="application/json")
    assert sent.json()["source"] == "typed"


# --- After the launch ---------------------------------------------------------------------------------------------


def test_a_live_kpi_is_held_against_its_promise(ada: User) -> None:
    live = create(ada, stage="live", stage_since=today() - timedelta(days=100))
    by, at = Actor.person(ada), clock.now()
    admin = api(ada)
    kpi = made(admin, f"initiatives/{live.ref}", reason="It came with it.")
    for ago, value in ((100, 1), (85, 29), (40, 20), (5, 19)):
        add_reading(live.pk, kpi["id"], NewReading(today() - timedelta(days=ago), value), by, at)
    edit_kpi(live.pk, kpi["id"], {"target": 10, "go_limit": 12}, by, at, "More is possible.")
    (told,) = admin.get(f"initiatives/{live.ref}/kpis/").json()["results"]
    assert [(one["mark"], one["status"], one["promised"]) for one in told["value_checks"]] == [
        (30, "below", "28.5"), (90, "on", "20"), (180, "above", "20"),
    ]  # fmt: skip
    assert told["value_checks"][0]["measured"] == {"on": day(85), "value": "29"}
    assert told["value_checks"][0]["due_on"] == day(70)
    Hold.objects.create(
        initiative=live,
        reason="A contract.",
        since=today() - timedelta(days=80),
        review_on=today(),
        lifted_on=today() - timedelta(days=20),
    )
    (told,) = admin.get(f"initiatives/{live.ref}/kpis/").json()["results"]
    assert [(one["status"], one["due_on"]) for one in told["value_checks"]] == [
        ("on", day(10)), ("above", day(-50)), ("not_due", day(-140)),
    ]  # fmt: skip
    StageEntry.objects.filter(initiative=live).update(entered_on=None)
    assert admin.get(f"initiatives/{live.ref}/kpis/").json()["results"][0]["value_checks"] == []


# --- Cost ---------------------------------------------------------------------------------------------------------


def test_a_list_of_kpis_takes_as_many_queries_for_one_as_for_many(
    lead: Api, below: str, initiative: Initiative, lena: User, query_count: Callable[[Callable[[], Any]], int]
) -> None:
    kpi = made(lead, below, owner="lena")
    lead.post(f"{below}/kpis/{kpi['id']}/readings/", {"on": day(), "value": 5})
    few = query_count(lambda: lead.get(f"{below}/kpis/"))
    for number in range(12):
        other = made(lead, below, name=f"Number {number}", kind="technical", owner="lena")
        rows = [{"on": day(ago), "value": ago} for ago in range(8)]
        lead.post(f"{below}/kpis/{other['id']}/readings/", {"readings": rows})
    Kpi.objects.update(locked_at=clock.now(), promised={"direction": "down", "unit": "minutes"})
    for row in Kpi.objects.all():
        edit_kpi(initiative.pk, row.pk, {"unit": "min"}, Actor.person(lena), clock.now(), "Short.")
    assert query_count(lambda: lead.get(f"{below}/kpis/")) == few
    assert query_count(lambda: lead.get(f"{below}/amendments/")) <= few
