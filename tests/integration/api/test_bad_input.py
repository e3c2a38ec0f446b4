"""Bad input gets a clear refusal at its place, and nothing is written: never a server error."""

import json
from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError, transaction
from django.test import override_settings

from checklists.models import Evidence
from gates.models import Hold, Initiative
from readiness.accounts.models import User
from readiness.api import throttling
from readiness.api.views import initiatives
from tests.fixtures import api, create, today

NEW = {"name": "Triage", "business_problem": "Slow."}
STRANGE = [
    "🚀👩‍👩‍👧‍👦",
    "مرحبا \u202eמשהו",
    "<script>alert(1)</script>",
    "'; DROP TABLE gates_initiative; --",
    "{{ 7 * 7 }} {% load x %}",
    "a\u200bb\ufeffc\u2028d",
    "=cmd|' /C calc'!A0",
    "%00 %s %d",
    "ﷺ" * 30,
    "\t line\r\nfeed \x7f",
]


def _problem(response: Any) -> tuple[int, str, dict[str, str]]:
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["type"]) == (response.status_code, f"/api/v1/problems/{body['code']}/")
    errors = {error["field"]: error["code"] for error in body.get("errors", [])}
    return response.status_code, body["code"], errors


@pytest.mark.parametrize("text", STRANGE)
def test_strange_text_is_kept_as_it_was_written(lena: User, text: str) -> None:
    lead = api(lena)
    made = lead.post(
        "initiatives/", {"name": text, "business_problem": text, "vendor": text, "tags": [text[:50]]}
    )
    assert made.status_code == 201
    kept = lead.get(f"initiatives/{made.json()['id']}/").json()
    assert (kept["name"], kept["business_problem"], kept["vendor"]) == (text.strip(),) * 3
    found = lead.get("initiatives/", {"search": text}).json()["results"]
    assert [row["id"] for row in found] == [made.json()["id"]]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (NEW | {"name": "x" * 10_000}, (422, "invalid", {"name": "too_long"})),
        (NEW | {"name": ""}, (422, "invalid", {"name": "required"})),
        (NEW | {"name": "   "}, (422, "invalid", {"name": "required"})),
        ({"name": "Triage"}, (400, "malformed", {"business_problem": "required"})),
        (NEW | {"name": None}, (400, "malformed", {"name": "required"})),
        (NEW | {"name": "a\x00b"}, (400, "malformed", {"name": "null_characters"})),
        (
            NEW | {"people": {"members": ["a\x00b"]}},
            (400, "malformed", {"people.members.0": "null_characters"}),
        ),
        (NEW | {"colour": "red"}, (400, "malformed", {"colour": "unknown_field"})),
        (NEW | {"readiness": {"score": 100}}, (400, "malformed", {"readiness": "read_only"})),
        (NEW | {"id": "AI-0001"}, (400, "malformed", {"id": "read_only"})),
        (NEW | {"version": 9}, (400, "malformed", {"version": "unknown_field"})),
        (NEW | {"stage": "stopped"}, (400, "malformed", {"stage": "unknown_word"})),
        (NEW | {"stage_since": "2999-01-01"}, (422, "invalid", {"stage_since": "out_of_range"})),
        (NEW | {"stage_since": "2100-01-01"}, (422, "invalid", {"stage_since": "in_the_future"})),
        (NEW | {"approach": "rent"}, (400, "malformed", {"approach": "unknown_word"})),
        (NEW | {"tags": ["x"] * 21}, (422, "invalid", {"tags": "too_many"})),
        (NEW | {"tags": ["x" * 51]}, (422, "invalid", {"tags": "too_long"})),
        (NEW | {"tags": "x"}, (400, "malformed", {"tags": "wrong_type"})),
        (NEW | {"plan": {"poc_days": 0}}, (422, "invalid", {"plan.poc_days": "out_of_range"})),
        (NEW | {"plan": {"poc_days": 10**25}}, (400, "malformed", {"plan.poc_days": "out_of_range"})),
        (
            NEW | {"plan": {"decision_on": "2026-02-30"}},
            (400, "malformed", {"plan.decision_on": "wrong_type"}),
        ),
        (NEW | {"budget": {"planned": "-1"}}, (422, "invalid", {"budget.planned": "out_of_range"})),
        (NEW | {"budget": {"planned": "1.005"}}, (422, "invalid", {"budget.planned": "too_precise"})),
        (NEW | {"budget": {"planned": "1e9"}}, (400, "malformed", {"budget.planned": "wrong_type"})),
        (NEW | {"budget": {"currency": "euro"}}, (422, "invalid", {"budget.currency": "unknown_word"})),
        (
            NEW | {"budget": {"data_share": 60, "change_share": 50}},
            (422, "invalid", {"budget.change_share": "shares_over_100"}),
        ),
        (NEW | {"people": {"deputy": "x" * 61}}, (422, "invalid", {"people.deputy": "too_long"})),
        (NEW | {"people": {"boss": "lena"}}, (400, "malformed", {"people.boss": "unknown_field"})),
        (NEW | {"people": []}, (400, "malformed", {"people": "wrong_type"})),
    ],
)
def test_each_wrong_field_is_named(
    lena: User, body: dict[str, Any], expected: tuple[int, str, dict[str, str]]
) -> None:
    assert _problem(api(lena).post("initiatives/", body)) == expected
    assert not Initiative.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"\xff\xfe",
        b'{"name": NaN}',
        b'{"name": 1, "name": 2}',
        b"[" * 100_000,
        b"null,",
    ],
)
def test_broken_json_is_refused_everywhere(initiative: Initiative, lena: User, body: bytes) -> None:
    lead, at = api(lena), f"initiatives/{initiative.ref}/"
    for method, path in (
        ("post", "initiatives/"),
        ("patch", at),
        ("put", f"{at}checklist/DATA-1/"),
        ("patch", f"{at}checklist/"),
        ("post", f"{at}stage/"),
        ("post", f"{at}gates/data/decision/"),
        ("post", f"{at}waivers/"),
    ):
        refused = lead.raw(method, path, body)
        if body:
            assert refused.status_code == 400, (method, path)
        else:
            assert refused.status_code in (200, 400), (method, path)
    assert Initiative.objects.count() == 1


@pytest.mark.parametrize("body", ["[]", '"text"', "5", "true", "null", "[[]]"])
def test_json_that_is_no_object_is_refused(initiative: Initiative, lena: User, body: str) -> None:
    refused = api(lena).raw("post", f"initiatives/{initiative.ref}/stage/", body.encode())
    assert _problem(refused)[:2] == (400, "malformed")


def test_a_body_over_two_megabytes_is_refused(initiative: Initiative, lena: User) -> None:
    body = json.dumps(NEW | {"business_problem": "x" * (2 * 1024 * 1024)}).encode()
    assert _problem(api(lena).raw("post", "initiatives/", body))[:2] == (413, "too_large")


@pytest.mark.parametrize(
    "path",
    [
        "initiatives/AI-99999999999999999999/",
        "initiatives/AI-0000/",
        "initiatives/AI-000%00/",
        "initiatives/AI-٠٠٠١/",
        "initiatives/AI-0001'/",
        "initiatives/%F0%9F%9A%80/",
        "initiatives/AI-0001/checklist/DATA%001/",
        "initiatives/AI-0001/checklist/../../",
        "initiatives/AI-0001/evidence/99999999999999999999999/",
        "initiatives/AI-0001/evidence/-1/",
        "initiatives/AI-0001/conditions/999999999999999999/keep/",
        "initiatives/AI-0001/snapshots/999999999999999999/",
        "frameworks/%00/",
        "flags/999999999999999999/acknowledge/",
    ],
)
def test_keys_that_no_row_can_have_are_not_found(initiative: Initiative, lena: User, path: str) -> None:
    path = path.replace("AI-0001/", f"{initiative.ref}/") if "'" not in path else path
    for method in ("get", "post", "put", "patch", "delete"):
        assert api(lena).raw(method, path, b"{}").status_code in (400, 404, 405, 415), (method, path)


@pytest.mark.parametrize(
    "query",
    ["?a=%FF%FE", "?%00=1", "?limit=%00", "?search=%ED%A0%80", "?cursor=%00", "?" + "&".join(["x=1"] * 2000)],
)
def test_strange_queries_are_refused_or_read_as_text(initiative: Initiative, lena: User, query: str) -> None:
    for path in ("initiatives/", "scores/", "flags/", "users/", f"initiatives/{initiative.ref}/readiness/"):
        assert api(lena).get(path + query).status_code in (200, 400), path


# --- The database's own promises ----------------------------------------------------------------------------


def _violates(name: str) -> Any:
    """A write that the database itself refuses, by the name of its constraint."""

    @transaction.atomic
    def write(*_: Any, **__: Any) -> Any:
        one = Initiative.objects.get()
        match name:
            case "one_open_hold":
                for _ in range(2):
                    Hold.objects.create(initiative=one, since=today(), reason="X", review_on=today())
            case "one_passage_a_framework":
                passage = one.passages.first()
                passage.pk, passage.assessment_id = None, one.passages.last().assessment_id
                passage.position = 99
                type(passage).objects.filter(pk=one.passages.last().pk).delete()
                passage.save()
            case "shares_add_up_to_100_at_most":
                Initiative.objects.filter(pk=one.pk).update(data_share=60, change_share=60)
            case "evidence_expires_after_it_takes_effect":
                Evidence.objects.create(
                    assessment_id=one.passages.first().assessment_id,
                    item=one.passages.first().assessment.framework.gates.first().items.first(),
                    kind="link",
                    title="X",
                    effective_on="2026-01-02",
                    expires_on="2026-01-01",
                    received_at=one.created_at,
                    fingerprint="x",
                )

    return write


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("one_open_hold", 409, "already_on_hold"),
        ("one_passage_a_framework", 409, "already_attached"),
        ("shares_add_up_to_100_at_most", 422, "invalid"),
        ("evidence_expires_after_it_takes_effect", 422, "invalid"),
    ],
)
def test_what_only_the_database_refuses_is_a_conflict_or_a_broken_rule(
    initiative: Initiative, lena: User, monkeypatch: pytest.MonkeyPatch, name: str, status: int, code: str
) -> None:
    monkeypatch.setattr(initiatives, "set_hold", _violates(name))
    hold = {"reason": "X", "review_on": str(today())}
    refused = api(lena).post(f"initiatives/{initiative.ref}/hold/", hold)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert name.replace("_", " ") in refused.json()["detail"]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (IntegrityError("something nobody knows"), 409, "conflict"),
        (DataError("value out of range"), 400, "malformed"),
        (OperationalError("database is locked"), 503, "busy"),
    ],
)
def test_a_database_that_refuses_is_no_server_error(
    initiative: Initiative,
    lena: User,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    code: str,
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(initiatives, "set_hold", fail)
    refused = api(lena).post(
        f"initiatives/{initiative.ref}/hold/", {"reason": "X", "review_on": str(today())}
    )
    assert _problem(refused)[:2] == (status, code)
    assert ("Retry-After" in refused) is (status == 503)


def test_a_defect_is_said_to_be_one_and_told_to_nobody_but_the_log(
    initiative: Initiative, lena: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("the secret inside")

    monkeypatch.setattr(initiatives, "set_hold", fail)
    client = api(lena)
    client.client.raise_request_exception = False
    refused = client.client.post(
        f"/api/v1/initiatives/{initiative.ref}/hold/",
        {"reason": "X", "review_on": str(today())},
        content_type="application/json",
    )
    assert _problem(refused)[:2] == (500, "server_error")
    assert "secret" not in refused.content.decode()
    assert "the secret inside" in caplog.text


def test_a_column_left_empty_is_a_defect_and_no_conflict(
    initiative: Initiative, lena: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """So it looks to a process of the old version once a new one has migrated: to read again would not help."""

    @transaction.atomic
    def write(*_: Any, **__: Any) -> None:
        Initiative.objects.filter(pk=initiative.pk).update(name=None)

    monkeypatch.setattr(initiatives, "set_hold", write)
    client = api(lena)
    client.client.raise_request_exception = False
    refused = client.client.post(
        f"/api/v1/initiatives/{initiative.ref}/hold/",
        {"reason": "X", "review_on": str(today())},
        content_type="application/json",
    )
    assert _problem(refused)[:2] == (500, "server_error")
    assert "Unhandled error in the API" in caplog.text


def test_too_many_requests_are_told_when_to_come_again(
    initiative: Initiative, lena: User, ravi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttling, "WINDOWS", throttling.Window(3, 60))
    lead = api(lena)
    assert [lead.get("initiatives/").status_code for _ in range(3)] == [200] * 3
    refused = lead.post("initiatives/", NEW)
    assert _problem(refused)[:2] == (429, "too_many_requests")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert api(ravi).get("initiatives/").status_code == 200
    assert api(lena).get("initiatives/").status_code == 200, "another token of hers counts for itself"


def test_nothing_is_lost_where_a_write_is_refused(initiative: Initiative, lena: User) -> None:
    lead, path = api(lena), f"initiatives/{initiative.ref}/"
    before = lead.get(path).json()
    lead.patch(path, {"vendor": "New", "plan": {"poc_days": -1}})
    lead.patch(path, {"vendor": "New", "people": {"deputy": "nobody"}})
    assert lead.get(path).json() == before


def test_the_largest_of_everything_is_taken(lena: User) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=2 * 1024 * 1024):
        one = create(
            lena, name="x" * 200, business_problem="ß" * 5000, vendor="ﷺ" * 200, business_unit="İ" * 200
        )
    shown = api(lena).get(f"initiatives/{one.ref}/").json()
    assert (len(shown["name"]), len(shown["business_problem"]), len(shown["vendor"])) == (200, 5000, 200)
