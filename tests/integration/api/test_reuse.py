"""A piece of evidence of one item put behind another over REST, by its key."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from checklists.models import Evidence
from gates.models import Initiative
from readiness.accounts.models import Scope, User
from tests import files
from tests.fixtures import api, create, today


def given(by: User, initiative: Initiative, code: str = "DATA-1", age: int = 1, **more: Any) -> int:
    """A link behind an item: its key."""
    link = {"kind": "link", "url": "https://wiki.example.com/1", "title": "Report"}
    body = {"evidence": [link | {"effective_on": str(today() - timedelta(days=age))} | more]}
    answer = api(by).put(f"initiatives/{initiative.ref}/checklist/{code}/", body)
    return int(answer.json()["evidence"][0]["id"])


def reuse(by: User, initiative: Initiative, piece: Any, code: str = "DATA-2", **headers: str) -> Any:
    path = f"initiatives/{initiative.ref}/checklist/{code}/evidence/reuse/"
    return api(by).post(path, {"evidence": piece}, **headers)


def behind(initiative: Initiative, code: str = "DATA-2") -> list[Evidence]:
    return [*Evidence.objects.filter(assessment__passage__initiative=initiative, item__code=code)]


def test_it_lies_behind_both_and_counts_at_both(initiative: Initiative, lena: User) -> None:
    lead, path = api(lena), f"initiatives/{initiative.ref}/checklist"
    piece = given(lena, initiative, expires_on=str(today() + timedelta(days=20)))
    before = lead.put(f"{path}/DATA-2/", {"answer": "met"}).json()
    assert before["effective"] == "partial"
    used = reuse(lena, initiative, piece, if_match=before["etag"])
    assert used.status_code == 201
    item = used.json()
    assert (item["code"], item["effective"], used["ETag"]) == ("DATA-2", "met", item["etag"])
    assert item["readiness"]["points"] == before["readiness"]["points"] + 0.5
    read = lead.get(used["Location"]).json()
    assert (read["item"], read["id"]) == ("DATA-2", item["evidence"][0]["id"])
    (source,) = lead.get(f"{path}/DATA-1/").json()["evidence"]
    own = {"id", "received_at"}
    assert {name: read[name] for name in source if name not in own} == {
        name: source[name] for name in source if name not in own
    }
    assert read["id"] != source["id"]


def test_where_it_lies_already_nothing_changes(initiative: Initiative, lena: User) -> None:
    piece = given(lena, initiative)
    first = reuse(lena, initiative, piece)
    again = reuse(lena, initiative, piece)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again["ETag"] == first["ETag"] and "Location" not in again
    assert reuse(lena, initiative, piece, "DATA-1").status_code == 200
    assert [len(behind(initiative, code)) for code in ("DATA-1", "DATA-2")] == [1, 1]


def test_a_file_is_not_sent_again(initiative: Initiative, lena: User) -> None:
    lead, path = api(lena), f"initiatives/{initiative.ref}/checklist/DATA-1/evidence/"
    form = {"file": SimpleUploadedFile("report.pdf", files.pdf()), "effective_on": str(today())}
    sent = lead.upload(path, form).json()["evidence"][0]
    (used,) = reuse(lena, initiative, sent["id"]).json()["evidence"]
    assert used["file"] == sent["file"] and used["url"] != sent["url"]
    assert b"".join(lead.get(used["url"]).streaming_content) == files.pdf()


def test_what_changed_meanwhile_is_told(initiative: Initiative, lena: User) -> None:
    piece = given(lena, initiative)
    api(lena).put(f"initiatives/{initiative.ref}/checklist/DATA-2/", {"answer": "partial"})
    stale = reuse(lena, initiative, piece, if_match='"DATA-2-0"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert (stale.json()["current"]["code"], stale.json()["current"]["answer"]) == ("DATA-2", "partial")
    assert behind(initiative) == []


def test_what_does_not_hold_there_is_refused(initiative: Initiative, lena: User) -> None:
    old = given(lena, initiative, age=400)
    refused = reuse(lena, initiative, old)
    assert (refused.status_code, refused.json()["code"]) == (409, "evidence_ran_out")
    gone = given(lena, initiative, "DATA-3")
    assert api(lena).delete(f"initiatives/{initiative.ref}/evidence/{gone}/").status_code == 200
    refused = reuse(lena, initiative, gone)
    assert (refused.status_code, refused.json()["code"]) == (409, "evidence_withdrawn")
    assert behind(initiative) == []


def test_a_piece_that_is_not_there_is_named(initiative: Initiative, lena: User, omar: User) -> None:
    """That of another initiative is none of this one's, and neither is what a check found."""
    other = create(omar, name="Secret merger", visibility="team")
    check = given(lena, initiative, "DATA-3")
    Evidence.objects.filter(pk=check).update(kind="check")
    for key in (given(omar, other), check, 2**62):
        refused = reuse(lena, initiative, key)
        assert refused.status_code == 422
        (error,) = refused.json()["errors"]
        assert (error["field"], error["code"]) == ("evidence", "unknown_evidence")
    piece = given(lena, initiative)
    assert reuse(lena, initiative, piece, "DATA-9").status_code == 404
    assert reuse(lena, other, piece).status_code == 404
    assert behind(initiative) == behind(other) == []


@pytest.mark.parametrize("who", ["omar", "ravi", "elsa", "iris", "ada"])
def test_nobody_off_the_team_does(
    request: pytest.FixtureRequest, initiative: Initiative, lena: User, who: str
) -> None:
    piece = given(lena, initiative)
    refused = reuse(request.getfixturevalue(who), initiative, piece)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    reading = api(lena, Scope.READ, Scope.REVIEW)
    path = f"initiatives/{initiative.ref}/checklist/DATA-2/evidence/reuse/"
    assert reading.post(path, {"evidence": piece}).json()["code"] == "missing_scope"
    assert behind(initiative) == []


@pytest.mark.parametrize(
    ("body", "status", "errors"),
    [
        ({}, 400, {"evidence": "required"}),
        ({"evidence": None}, 400, {"evidence": "required"}),
        ({"evidence": "7"}, 400, {"evidence": "wrong_type"}),
        ({"evidence": True}, 400, {"evidence": "wrong_type"}),
        ({"evidence": [7]}, 400, {"evidence": "wrong_type"}),
        ({"evidence": 0}, 422, {"evidence": "out_of_range"}),
        ({"evidence": -7}, 422, {"evidence": "out_of_range"}),
        ({"evidence": 10**25}, 400, {"evidence": "out_of_range"}),
        ({"evidence": 7, "note": "x"}, 400, {"note": "unknown_field"}),
    ],
)
def test_bad_input_is_told_at_its_field(
    initiative: Initiative, lena: User, body: dict[str, Any], status: int, errors: dict[str, str]
) -> None:
    refused = api(lena).post(f"initiatives/{initiative.ref}/checklist/DATA-2/evidence/reuse/", body)
    found = {error["field"]: error["code"] for error in refused.json()["errors"]}
    assert (refused.status_code, found) == (status, errors)
