"""Answers and evidence over REST."""

from datetime import timedelta
from typing import Any

import pytest

from checklists.models import Answer, Evidence, Item
from gates.models import Initiative
from readiness.accounts.models import User
from tests.fixtures import api, today


def _link(url: str = "https://wiki.example.com/1", days_ago: int = 1, **more: Any) -> dict[str, Any]:
    return {"kind": "link", "url": url, "effective_on": str(today() - timedelta(days=days_ago))} | more


def _put(
    user: User, initiative: Initiative, body: dict[str, Any], code: str = "DATA-1", **headers: str
) -> Any:
    return api(user).put(f"initiatives/{initiative.ref}/checklist/{code}/", body, **headers)


def _errors(response: Any) -> dict[str, str]:
    return {error["field"]: error["code"] for error in response.json()["errors"]}


def test_a_checklist_has_every_item_in_the_framework_s_order(initiative: Initiative, lena: User) -> None:
    lead, path = api(lena), f"initiatives/{initiative.ref}/checklist/"
    found = lead.get(path).json()
    assert found["framework"]["slug"] == "five-gate"
    expected = Item.objects.filter(gate__framework__slug="five-gate").order_by("gate__position", "position")
    assert [item["code"] for item in found["items"]] == [*expected.values_list("code", flat=True)]
    assert found["items"][0] | {"title": "", "critical": True} == {
        "code": "DATA-1",
        "gate": "data",
        "title": "",
        "critical": True,
        "answer": "unanswered",
        "measured": None,
        "check": None,
        "effective": "unanswered",
        "why": "",
        "note": "",
        "evidence": [],
        "waiver": None,
        "etag": '"DATA-1-0"',
        "answered_by": None,
        "answered_at": None,
        "proposal": None,
    }
    checkpoints = lead.get(path, {"framework": "poc-checkpoints"}).json()
    assert len(checkpoints["items"]) == 19
    assert lead.get(path, {"framework": "conversational-ai"}).status_code == 404


def test_met_without_evidence_counts_as_partial_and_says_why(initiative: Initiative, lena: User) -> None:
    item = _put(lena, initiative, {"answer": "met", "note": " Measured. "}).json()
    assert (item["answer"], item["effective"], item["note"]) == ("met", "partial", "Measured.")
    assert item["why"] == "Met counts as Partial: no evidence has been given."
    assert item["answered_by"] == "lena"
    assert item["readiness"]["points"] == 0.5
    assert item["readiness"]["declared_points"] == 1.0
    assert item["readiness"]["optimism_gap"] == 0.5


def test_absent_fields_stay_and_unanswered_takes_back(initiative: Initiative, lena: User) -> None:
    _put(lena, initiative, {"answer": "met", "note": "First.", "evidence": [_link()]})
    kept = _put(lena, initiative, {"answer": "partial"}).json()
    assert (kept["answer"], kept["note"], len(kept["evidence"])) == ("partial", "First.", 1)
    noted = _put(lena, initiative, {"note": ""}).json()
    assert (noted["answer"], noted["note"]) == ("partial", "")
    nothing = _put(lena, initiative, {}).json()
    assert nothing["etag"] == noted["etag"]
    taken_back = _put(lena, initiative, {"answer": "unanswered"}).json()
    assert (taken_back["answer"], taken_back["effective"]) == ("unanswered", "unanswered")
    assert len(taken_back["evidence"]) == 1


def test_evidence_is_added_and_the_same_piece_is_one_piece(initiative: Initiative, lena: User) -> None:
    statement = {
        "kind": "statement",
        "title": "We measured it.",
        "stated_by": "Head of data",
        "effective_on": str(today()),
        "expires_on": str(today() + timedelta(days=10)),
    }
    _put(lena, initiative, {"evidence": [_link(title="Report"), statement]})
    item = _put(lena, initiative, {"evidence": [_link(title="Report again"), statement]}).json()
    assert [(piece["kind"], piece["title"], piece["stated_by"]) for piece in item["evidence"]] == [
        ("statement", "We measured it.", "Head of data"),
        ("link", "Report", ""),
    ]
    assert item["evidence"][0]["expires_on"] == statement["expires_on"]
    assert Evidence.objects.count() == 2


def test_the_same_piece_with_another_expiry_is_told_so(initiative: Initiative, lena: User) -> None:
    _put(lena, initiative, {"evidence": [_link(expires_on=str(today()))]})
    longer = _link(expires_on=str(today() + timedelta(days=90)))
    refused = _put(lena, initiative, {"answer": "met", "evidence": [longer]})
    assert (refused.status_code, _errors(refused)) == (422, {"evidence.0.expires_on": "another_expiry"})
    assert Answer.objects.get().declared is None


def test_a_withdrawn_piece_leaves_its_trace_and_raises_nothing(initiative: Initiative, lena: User) -> None:
    lead = api(lena)
    piece = _put(lena, initiative, {"answer": "met", "evidence": [_link()]}).json()["evidence"][0]
    for path in (f"evidence/{piece['id']}/", f"checklist/DATA-1/evidence/{piece['id']}/"):
        withdrawn = lead.delete(f"initiatives/{initiative.ref}/{path}")
        assert withdrawn.status_code == 200
        assert (withdrawn.json()["effective"], withdrawn.json()["evidence"]) == ("partial", [])
    trace = lead.get(f"initiatives/{initiative.ref}/evidence/{piece['id']}/").json()
    assert (trace["item"], trace["withdrawn_at"] is not None) == ("DATA-1", True)
    assert (
        lead.delete(f"initiatives/{initiative.ref}/checklist/DATA-2/evidence/{piece['id']}/").status_code
        == 404
    )


def test_a_stale_answer_is_refused_with_the_item_as_it_stands(initiative: Initiative, lena: User) -> None:
    seen = api(lena).get(f"initiatives/{initiative.ref}/checklist/DATA-1/")
    assert seen["ETag"] == '"DATA-1-0"'
    first = _put(lena, initiative, {"answer": "partial"}, if_match=seen["ETag"])
    assert (first.status_code, first["ETag"]) == (200, '"DATA-1-1"')
    second = _put(lena, initiative, {"answer": "met"}, if_match=seen["ETag"])
    assert (second.status_code, second["ETag"]) == (412, '"DATA-1-1"')
    problem = second.json()
    assert (problem["code"], problem["current"]["answer"]) == ("stale", "partial")
    assert problem["current"] == api(lena).get(f"initiatives/{initiative.ref}/checklist/DATA-1/").json()
    assert _put(lena, initiative, {"answer": "met"}, if_match=second["ETag"]).status_code == 200
    assert _put(lena, initiative, {"answer": "not_met"}).json()["answer"] == "not_met"


def test_withdrawing_minds_the_version_too(initiative: Initiative, lena: User) -> None:
    item = _put(lena, initiative, {"evidence": [_link()]}).json()
    path = f"initiatives/{initiative.ref}/evidence/{item['evidence'][0]['id']}/"
    assert api(lena).delete(path, if_match='"DATA-1-0"').status_code == 412
    assert api(lena).delete(path, if_match=item["etag"]).status_code == 200


def test_many_answers_are_written_at_once(initiative: Initiative, lena: User) -> None:
    answers = [
        {"code": "DATA-1", "answer": "met", "evidence": [_link()]},
        {"code": "ADPT-4", "answer": "not_met", "note": "Nobody trained yet."},
        {"code": "CP0-1", "answer": "met"},
    ]
    written = api(lena).patch(f"initiatives/{initiative.ref}/checklist/", {"answers": answers}).json()
    assert [(item["code"], item["effective"]) for item in written["items"]] == [
        ("DATA-1", "met"),
        ("ADPT-4", "not_met"),
        ("CP0-1", "met"),
    ]
    assert (written["readiness"]["met"], written["readiness"]["not_met"]) == (1, 1)


def test_of_many_answers_none_is_written_where_one_is_wrong_and_all_errors_are_listed(
    initiative: Initiative, lena: User
) -> None:
    answers = [
        {"code": "DATA-1", "answer": "met"},
        {"code": "DATA-9", "answer": "met"},
        {"code": "DATA-1", "answer": "partial"},
        {"code": "DATA-2", "evidence": [_link("ftp://x", days_ago=-1, expires_on="2001-01-01")]},
        {"code": "DATA-3", "note": "x" * 5001},
    ]
    refused = api(lena).patch(f"initiatives/{initiative.ref}/checklist/", {"answers": answers})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert _errors(refused) == {
        "answers.1.code": "unknown_item",
        "answers.2.code": "named_twice",
        "answers.3.evidence.0.url": "not_a_web_address",
        "answers.3.evidence.0.effective_on": "in_the_future",
        "answers.3.evidence.0.expires_on": "before_effective_date",
        "answers.4.note": "too_long",
    }
    assert not Answer.objects.exists()


def test_of_many_answers_none_is_written_where_one_is_stale(initiative: Initiative, lena: User) -> None:
    path = f"initiatives/{initiative.ref}/checklist/"
    _put(lena, initiative, {"answer": "partial"}, code="DATA-2")
    answers = [
        {"code": "DATA-1", "answer": "met", "etag": '"DATA-1-0"'},
        {"code": "DATA-2", "answer": "met", "etag": '"DATA-2-0"'},
    ]
    refused = api(lena).patch(path, {"answers": answers})
    assert (refused.status_code, refused.json()["current"]["code"]) == (412, "DATA-2")
    assert Answer.objects.count() == 1
    answers[1]["etag"] = refused.json()["current"]["etag"]
    assert api(lena).patch(path, {"answers": answers}).status_code == 200
    wrong = api(lena).patch(path, {"answers": [{"code": "DATA-1", "etag": '"DATA-2-1"'}]})
    assert (wrong.status_code, _errors(wrong)) == (400, {"answers.0.etag": "wrong_type"})


def test_an_item_that_is_not_there_is_not_found(initiative: Initiative, lena: User) -> None:
    for code in ("DATA-5", "data-1", "CONV-1", "x" * 60):
        assert _put(lena, initiative, {"answer": "met"}, code=code).status_code == 404
    lead = api(lena)
    elsewhere = f"initiatives/{initiative.ref}/checklist/DATA-1/?framework=poc-checkpoints"
    assert lead.put(elsewhere, {"answer": "met"}).status_code == 404
    assert lead.put(elsewhere.replace("poc-checkpoints", "five-gate"), {"answer": "met"}).status_code == 200


@pytest.mark.parametrize("who", ["ravi", "elsa", "iris", "ada", "omar"])
def test_only_the_team_answers(request: pytest.FixtureRequest, initiative: Initiative, who: str) -> None:
    other = request.getfixturevalue(who)
    assert _put(other, initiative, {"answer": "met"}).json()["code"] == "not_allowed"
    refused = api(other).patch(
        f"initiatives/{initiative.ref}/checklist/", {"answers": [{"code": "DATA-1", "answer": "met"}]}
    )
    assert refused.status_code == 403
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("body", "status", "errors"),
    [
        ({"answer": "great"}, 400, {"answer": "unknown_word"}),
        ({"answer": None}, 400, {"answer": "required"}),
        ({"answer": 1}, 400, {"answer": "unknown_word"}),
        ({"note": 5}, 400, {"note": "wrong_type"}),
        ({"score": 5}, 400, {"score": "unknown_field"}),
        ({"measured": "met"}, 400, {"measured": "unknown_field"}),
        ({"evidence": {}}, 400, {"evidence": "wrong_type"}),
        ({"evidence": [{"kind": "link"}]}, 400, {"evidence.0.effective_on": "required"}),
        (
            {"evidence": [{"kind": "file", "effective_on": "2026-01-01"}]},
            400,
            {"evidence.0.kind": "unknown_word"},
        ),
        (
            {"evidence": [{"kind": "check", "effective_on": "2026-01-01"}]},
            400,
            {"evidence.0.kind": "unknown_word"},
        ),
        (
            {"evidence": [{"kind": "link", "effective_on": "1989-12-31"}]},
            422,
            {"evidence.0.effective_on": "out_of_range"},
        ),
        (
            {"evidence": [{"kind": "statement", "effective_on": "2026-01-01"}]},
            422,
            {"evidence.0.title": "required", "evidence.0.stated_by": "required"},
        ),
        (
            {"evidence": [{"kind": "link", "url": "javascript:alert(1)", "effective_on": "2026-01-01"}]},
            422,
            {"evidence.0.url": "not_a_web_address"},
        ),
        (
            {
                "evidence": [
                    {"kind": "link", "url": "https://x.example/" + "y" * 2000, "effective_on": "2026-01-01"}
                ]
            },
            422,
            {"evidence.0.url": "too_long"},
        ),
    ],
)
def test_a_wrong_answer_is_an_error_at_its_field(
    initiative: Initiative, lena: User, body: dict[str, Any], status: int, errors: dict[str, str]
) -> None:
    refused = _put(lena, initiative, body)
    assert (refused.status_code, _errors(refused)) == (status, errors)
    assert not Answer.objects.exists()


def test_tomorrow_s_evidence_is_against_a_rule(initiative: Initiative, lena: User) -> None:
    refused = _put(lena, initiative, {"answer": "met", "evidence": [_link(days_ago=-1)]})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert _errors(refused) == {"evidence.0.effective_on": "in_the_future"}
    assert not Answer.objects.exists()
