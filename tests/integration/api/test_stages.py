"""Stages, holds and frameworks over REST."""

from datetime import timedelta
from typing import Any

import pytest

from gates.models import Initiative, Lesson
from readiness.accounts.models import User
from tests.fixtures import api, create, today

LESSON = {
    "tried": "A model of our own.",
    "did_not_work": "The data was not there.",
    "technical_constraint": "No history.",
    "organisational_barrier": "",
    "root_cause": "data_quality",
    "advice": "Measure the data first.",
    "outcome": "decided",
}


def _stage(user: User, initiative: Initiative, body: dict[str, Any], **headers: str) -> Any:
    return api(user).post(f"initiatives/{initiative.ref}/stage/", body, **headers)


def test_a_guarded_move_names_every_blocker_with_the_page_that_mends_it(
    initiative: Initiative, lena: User
) -> None:
    refused = _stage(lena, initiative, {"to": "poc"})
    assert refused.status_code == 409
    problem = refused.json()
    assert (problem["code"], problem["type"]) == ("stage_guarded", "/api/v1/problems/stage_guarded/")
    assert [(b["code"], b["item"], b["url"]) for b in problem["blockers"]][:2] == [
        ("checkpoint_not_passed", None, f"/initiatives/{initiative.ref}/gates/checkpoint-0/"),
        ("critical_not_met", "CP0-1", f"/initiatives/{initiative.ref}/checklist/checkpoint-0/#CP0-1"),
    ]
    initiative.refresh_from_db()
    assert initiative.stage == "intake"


def test_it_is_stopped_with_a_lesson(initiative: Initiative, lena: User) -> None:
    without = _stage(lena, initiative, {"to": "stopped", "reason": "Enough."})
    assert (without.status_code, without.json()["blockers"][0]["code"]) == (409, "lesson_required")
    stopped = _stage(lena, initiative, {"to": "stopped", "reason": "Enough.", "lesson": LESSON})
    assert (stopped.status_code, stopped.json()["stage"]) == (200, "stopped")
    lesson = Lesson.objects.get(initiative=initiative)
    assert {name: getattr(lesson, name) for name in LESSON} == LESSON


def test_agreed_criteria_cannot_be_claimed_where_none_was_reached(initiative: Initiative, lena: User) -> None:
    claimed = {"to": "stopped", "lesson": LESSON | {"outcome": "agreed_criteria"}}
    refused = _stage(lena, initiative, claimed)
    told = [(one["field"], one["code"]) for one in refused.json()["errors"]]
    assert (refused.status_code, told) == (422, [("lesson.outcome", "no_limit_reached")])
    initiative.refresh_from_db()
    assert initiative.stage == "intake"


def test_on_an_ended_initiative_nothing_is_written_any_more(initiative: Initiative, lena: User) -> None:
    _stage(lena, initiative, {"to": "stopped", "lesson": LESSON})
    lead, path = api(lena), f"initiatives/{initiative.ref}/"
    writes = [
        lead.patch(path, {"vendor": "X"}),
        lead.put(f"{path}checklist/DATA-1/", {"answer": "met"}),
        lead.post(f"{path}stage/", {"to": "intake"}),
        lead.post(f"{path}hold/", {"reason": "X", "review_on": str(today())}),
        lead.post(f"{path}gates/data/submit/"),
        lead.post(f"{path}frameworks/", {"framework": "conversational-ai"}),
    ]
    assert {(write.status_code, write.json()["code"]) for write in writes} == {(409, "initiative_ended")}
    assert [blocker["code"] for blocker in lead.get(path).json()["readiness"]["blockers"]][
        0
    ] == "initiative_ended"


def test_a_step_back_needs_a_reason(lena: User) -> None:
    one = create(lena, stage="pilot")
    refused = _stage(lena, one, {"to": "poc"})
    assert [blocker["code"] for blocker in refused.json()["blockers"]] == ["reason_required"]
    assert _stage(lena, one, {"to": "poc", "reason": "The data moved."}).json()["stage"] == "poc"


@pytest.mark.parametrize(
    ("who", "status"), [("lena", 409), ("elsa", 409), ("ravi", 403), ("iris", 403), ("ada", 403)]
)
def test_who_may_move_it(
    request: pytest.FixtureRequest, initiative: Initiative, who: str, status: int
) -> None:
    assert _stage(request.getfixturevalue(who), initiative, {"to": "poc"}).status_code == status


def test_a_move_on_a_stale_version_is_refused(lena: User) -> None:
    one = create(lena, stage="pilot")
    etag = api(lena).get(f"initiatives/{one.ref}/")["ETag"]
    api(lena).patch(f"initiatives/{one.ref}/", {"vendor": "X"})
    back = {"to": "poc", "reason": "The data moved."}
    refused = _stage(lena, one, back, if_match=etag)
    assert (refused.status_code, refused.json()["current"]["vendor"]) == (412, "X")
    assert _stage(lena, one, back, if_match=refused["ETag"]).status_code == 200


def test_a_hold_is_set_shown_and_lifted(initiative: Initiative, lena: User) -> None:
    lead, path = api(lena), f"initiatives/{initiative.ref}/hold/"
    review_on = today() + timedelta(days=30)
    held = lead.post(path, {"reason": "Budget freeze.", "review_on": review_on})
    assert held.status_code == 200
    assert held.json()["on_hold"] == {
        "since": str(today()),
        "reason": "Budget freeze.",
        "review_on": str(review_on),
    }
    assert "on_hold" in [blocker["code"] for blocker in held.json()["readiness"]["blockers"]]
    again = lead.post(path, {"reason": "Again.", "review_on": review_on})
    assert (again.status_code, again.json()["code"]) == (409, "already_on_hold")
    assert lead.get(f"initiatives/{initiative.ref}/").json()["on_hold"]["reason"] == "Budget freeze."
    lifted = lead.delete(path)
    assert (lifted.status_code, lifted.json()["on_hold"]) == (200, None)
    twice = lead.delete(path)
    assert (twice.status_code, twice.json()["code"]) == (409, "not_on_hold")


def test_the_review_of_a_hold_lies_ahead(initiative: Initiative, lena: User) -> None:
    yesterday = today() - timedelta(days=1)
    refused = api(lena).post(f"initiatives/{initiative.ref}/hold/", {"reason": " ", "review_on": yesterday})
    assert refused.status_code == 422
    assert {error["field"]: error["code"] for error in refused.json()["errors"]} == {
        "reason": "required",
        "review_on": "in_the_past",
    }


def test_a_further_framework_is_attached_once(initiative: Initiative, lena: User) -> None:
    lead, path = api(lena), f"initiatives/{initiative.ref}/frameworks/"
    attached = lead.post(path, {"framework": "conversational-ai"})
    assert attached.status_code == 201
    assert attached.json()["frameworks"][-1]["slug"] == "conversational-ai"
    checklist = lead.get(f"initiatives/{initiative.ref}/checklist/", {"framework": "conversational-ai"})
    assert checklist.status_code == 200
    again = lead.post(path, {"framework": "conversational-ai"})
    assert (again.status_code, again.json()["code"]) == (409, "already_attached")
    unknown = lead.post(path, {"framework": "nothing"})
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (422, "unknown_framework")
