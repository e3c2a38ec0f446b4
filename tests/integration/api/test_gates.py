"""Gates over REST: submitting, deciding, conditions, waivers, material changes, snapshots."""

from datetime import timedelta
from typing import Any

import pytest

from gates.models import Condition, Decision, Initiative, Submission
from readiness.accounts.models import User
from tests.fixtures import FIVE_GATES, answer_all, api, create, pass_gate, person, promise, today

PASS = {"decision": "pass", "rationale": "Looked at every item."}
RETURN = {"decision": "return", "rationale": "Not shown."}


def _submit(user: User, initiative: Initiative, gate: str = "data", **headers: str) -> Any:
    path = f"initiatives/{initiative.ref}/gates/{gate}/submit/"
    return api(user).post(path, {"note": "Please look."}, **headers)


def _decide(user: User, initiative: Initiative, body: dict[str, Any], gate: str = "data") -> Any:
    return api(user).post(f"initiatives/{initiative.ref}/gates/{gate}/decision/", body)


def _gates(user: User, initiative: Initiative) -> dict[str, dict[str, Any]]:
    answer = api(user).get(f"initiatives/{initiative.ref}/gates/").json()
    assert (answer["next"], answer["previous"]) == (None, None)
    return {gate["gate"]: gate for gate in answer["results"]}


@pytest.fixture
def answered(initiative: Initiative, lena: User) -> Initiative:
    answer_all(initiative, lena)
    return initiative


def test_every_gate_and_checkpoint_is_listed_in_order(initiative: Initiative, lena: User) -> None:
    found = _gates(lena, initiative)
    assert [*found] == ["checkpoint-0", "checkpoint-1", "checkpoint-2", *FIVE_GATES]
    assert {gate["kind"] for gate in found.values()} == {"gate", "checkpoint"}
    assert [found[gate]["status"] for gate in FIVE_GATES] == ["open", *["locked"] * 4]
    data = found["data"]
    assert (data["met"], data["total"], data["min_met"]) == (0, 4, 3)
    assert data["can_submit"] is False
    assert data["criteria"][0]["code"] == "critical_not_met"
    assert (data["submission"], data["decision"], data["conditions"]) == (None, None, [])


def test_a_gate_whose_criteria_fail_is_not_submitted(initiative: Initiative, lena: User) -> None:
    refused = _submit(lena, initiative)
    assert (refused.status_code, refused.json()["code"]) == (409, "criteria_not_met")
    assert {blocker["code"] for blocker in refused.json()["blockers"]} >= {"critical_not_met", "too_few_met"}
    assert refused.json()["blockers"][0]["url"].startswith(
        f"/initiatives/{initiative.ref}/checklist/data/#DATA-"
    )
    assert not Submission.objects.exists()


def test_a_gate_out_of_order_is_locked(answered: Initiative, lena: User, ravi: User) -> None:
    refused = _submit(lena, answered, "integration")
    assert (refused.status_code, refused.json()["code"]) == (409, "gate_locked")
    early = _decide(ravi, answered, PASS, "integration")
    assert (early.status_code, early.json()["code"]) == (409, "nothing_submitted")


def test_a_second_submission_while_one_waits_is_refused(answered: Initiative, lena: User) -> None:
    submitted = _submit(lena, answered)
    assert submitted.status_code == 201
    assert submitted.json()["submission"]["by"] == "lena"
    assert submitted.json()["status"] == "in_review"
    again = _submit(lena, answered)
    assert (again.status_code, again.json()["code"]) == (409, "already_submitted")
    assert Submission.objects.count() == 1


def test_a_checkpoint_is_submitted_as_it_is_with_the_recommendation_to_stop(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    submitted = _submit(lena, initiative, "checkpoint-0")
    assert (submitted.status_code, submitted.json()["recommendation"]) == (201, "stop")
    refused = _decide(ravi, initiative, PASS, "checkpoint-0")
    assert (refused.status_code, refused.json()["code"]) == (409, "criteria_not_met")
    assert "not_met_when_submitted" in [blocker["code"] for blocker in refused.json()["blockers"]]


def test_a_decision_is_shown_and_superseded_by_the_next(answered: Initiative, lena: User, ravi: User) -> None:
    _submit(lena, answered)
    returned = _decide(ravi, answered, {"decision": "return", "rationale": "One proof is missing."})
    assert (returned.status_code, returned.json()["status"]) == (201, "returned")
    _submit(lena, answered)
    passed = _decide(ravi, answered, PASS)
    assert passed.json()["status"] == "passed"
    assert passed.json()["decision"] | {"id": 0, "at": ""} == PASS | {"id": 0, "at": "", "by": "ravi"}
    assert passed.json()["readiness"]["gates"][1]["status"] == "eligible"
    assert Decision.objects.count() == 2


def test_nobody_decides_what_they_are_part_of(answered: Initiative, lena: User) -> None:
    both = person("both", lead=True, reviewer=True)
    api(lena).patch(f"initiatives/{answered.ref}/", {"people": {"members": ["lena", "both"]}})
    _submit(lena, answered)
    refused = _decide(both, answered, PASS)
    assert (refused.status_code, refused.json()["code"]) == (403, "separation_of_duties")
    api(lena).patch(f"initiatives/{answered.ref}/", {"people": {"members": ["lena"]}})
    was_on_the_team = _decide(both, answered, PASS)
    assert (was_on_the_team.status_code, was_on_the_team.json()["code"]) == (403, "separation_of_duties")
    assert not Decision.objects.exists()


@pytest.mark.parametrize("who", ["lena", "elsa", "iris", "ada", "omar"])
def test_only_reviewers_decide(
    request: pytest.FixtureRequest, answered: Initiative, lena: User, who: str
) -> None:
    _submit(lena, answered)
    assert _decide(request.getfixturevalue(who), answered, PASS).status_code == 403


def test_a_pass_needs_the_criteria_now_as_well(answered: Initiative, lena: User, ravi: User) -> None:
    _submit(lena, answered)
    api(lena).put(f"initiatives/{answered.ref}/checklist/DATA-1/", {"answer": "not_met"})
    refused = _decide(ravi, answered, PASS)
    assert (refused.status_code, refused.json()["code"]) == (409, "criteria_not_met")
    assert "DATA-1" in [blocker["item"] for blocker in refused.json()["blockers"]]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"decision": "pass"}, 400, "malformed"),
        ({"decision": "approve", "rationale": "Good."}, 400, "malformed"),
        ({"decision": "pass", "rationale": "  "}, 422, "invalid"),
        ({"decision": "pass_with_conditions", "rationale": "Good."}, 422, "conditions_required"),
        (
            PASS | {"conditions": [{"text": "Do it.", "owner": "lena", "due": "2100-01-01"}]},
            422,
            "conditions_not_allowed",
        ),
        (PASS | {"hold": {"reason": "Wait.", "review_on": "2100-01-01"}}, 422, "invalid"),
        ({"decision": "stop", "rationale": "Enough."}, 422, "invalid"),
        (
            {
                "decision": "pass_with_conditions",
                "rationale": "Good.",
                "conditions": [{"text": "", "owner": "nobody", "due": "2001-01-01"}],
            },
            422,
            "invalid",
        ),
    ],
)
def test_a_decision_that_is_not_whole_is_refused(
    answered: Initiative, lena: User, ravi: User, body: dict[str, Any], status: int, code: str
) -> None:
    _submit(lena, answered)
    refused = _decide(ravi, answered, body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.json()["errors"]
    assert not Decision.objects.exists()


def test_a_return_may_put_it_on_hold(answered: Initiative, lena: User, ravi: User) -> None:
    _submit(lena, answered)
    until = today() + timedelta(days=20)
    hold = {"reason": "Wait for the contract.", "review_on": str(until)}
    assert (
        _decide(ravi, answered, {"decision": "return", "rationale": "Wait.", "hold": hold}).status_code == 201
    )
    assert api(lena).get(f"initiatives/{answered.ref}/").json()["on_hold"]["review_on"] == str(until)
    refused = _submit(lena, answered)
    assert (refused.status_code, refused.json()["code"]) == (409, "on_hold")


def test_a_stop_ends_it_with_a_lesson(answered: Initiative, lena: User, ravi: User) -> None:
    _submit(lena, answered)
    lesson = {"tried": "All of it.", "did_not_work": "The data.", "outcome": "decided"}
    stopped = _decide(ravi, answered, {"decision": "stop", "rationale": "Enough.", "lesson": lesson})
    assert (stopped.status_code, stopped.json()["status"]) == (201, "stopped")
    assert api(lena).get(f"initiatives/{answered.ref}/").json()["stage"] == "stopped"


def test_a_gate_that_is_not_there_is_not_found(initiative: Initiative, lena: User, ravi: User) -> None:
    for gate in ("nothing", "scale", "users"):  # the last is of a profile, which has no status
        assert _submit(lena, initiative, gate).status_code == 404
        assert _decide(ravi, initiative, PASS, gate).status_code == 404


def test_a_submission_minds_the_initiative_s_version(answered: Initiative, lena: User) -> None:
    etag = api(lena).get(f"initiatives/{answered.ref}/")["ETag"]
    api(lena).patch(f"initiatives/{answered.ref}/", {"vendor": "X"})
    assert _submit(lena, answered, if_match=etag).status_code == 412
    assert not Submission.objects.exists()


# --- Conditions ---------------------------------------------------------------------------------------------


@pytest.fixture
def condition(answered: Initiative, lena: User, ravi: User, omar: User) -> str:
    """The path of a condition that omar owns."""
    pass_gate(answered, "data", lena, ravi, conditions=[promise(omar)])
    return f"initiatives/{answered.ref}/conditions/{Condition.objects.get().pk}"


def test_a_condition_is_kept_confirmed_and_reopened(
    answered: Initiative, condition: str, ravi: User, omar: User
) -> None:
    shown = _gates(ravi, answered)["data"]
    assert shown["status"] == "passed_with_conditions"
    assert [(one["owner"], one["state"]) for one in shown["conditions"]] == [("omar", "open")]
    early = api(ravi).post(f"{condition}/confirm/")
    assert (early.status_code, early.json()["code"]) == (409, "condition_not_kept")
    kept = api(omar).post(f"{condition}/keep/", {"note": "Written."})
    assert (kept.status_code, kept.json()["conditions"][0]["state"]) == (200, "kept")
    again = api(omar).post(f"{condition}/keep/", {"note": "Written again."})
    assert (again.status_code, again.json()["code"]) == (409, "condition_not_open")
    confirmed = api(ravi).post(f"{condition}/confirm/")
    assert (confirmed.status_code, confirmed.json()["status"]) == (200, "passed")
    without = api(ravi).post(f"{condition}/reopen/", {"reason": ""})
    assert (without.status_code, without.json()["errors"][0]["field"]) == (422, "reason")
    reopened = api(ravi).post(f"{condition}/reopen/", {"reason": "It is gone again."})
    assert (reopened.status_code, reopened.json()["status"]) == (200, "passed_with_conditions")
    twice = api(ravi).post(f"{condition}/reopen/", {"reason": "Again."})
    assert (twice.status_code, twice.json()["code"]) == (409, "condition_open")


def test_who_may_do_what_with_a_condition(
    condition: str, lena: User, ravi: User, elsa: User, iris: User
) -> None:
    for stranger in (ravi, elsa, iris):
        assert api(stranger).post(f"{condition}/keep/", {"note": "Written."}).status_code == 403
    assert api(lena).post(f"{condition}/keep/", {"note": "Written."}).status_code == 200
    for stranger in (lena, elsa, iris):
        assert api(stranger).post(f"{condition}/confirm/").status_code == 403
        assert api(stranger).post(f"{condition}/reopen/", {"reason": "X"}).status_code == 403


def test_a_condition_of_another_initiative_is_not_found(condition: str, lena: User) -> None:
    other = create(lena)
    elsewhere = f"initiatives/{other.ref}/conditions/{Condition.objects.get().pk}"
    for act, body in (("keep", {"note": "Written."}), ("confirm", {}), ("reopen", {"reason": "X"})):
        assert api(lena).post(f"{elsewhere}/{act}/", body).status_code == 404


# --- Waivers and material changes ---------------------------------------------------------------------------


def _non_critical(initiative: Initiative, user: User) -> str:
    items = api(user).get(f"initiatives/{initiative.ref}/checklist/").json()["items"]
    return next(item["code"] for item in items if not item["critical"])


def test_a_waiver_lets_a_gate_pass_and_never_counts_as_met(
    answered: Initiative, lena: User, ravi: User
) -> None:
    code = _non_critical(answered, lena)
    api(lena).put(f"initiatives/{answered.ref}/checklist/{code}/", {"answer": "not_met"})
    until = today() + timedelta(days=60)
    body = {"item": code, "reason": "Accepted by the board.", "expires_on": str(until)}
    granted = api(ravi).post(f"initiatives/{answered.ref}/waivers/", body)
    assert granted.status_code == 201
    assert granted.json()["readiness"]["met"] == 19
    shown = {key: granted.json()[key] for key in ("item", "reason", "expires_on", "approver", "in_force")}
    assert shown == body | {"approver": "ravi", "in_force": True}
    listed = api(lena).get(f"initiatives/{answered.ref}/waivers/").json()["results"]
    assert listed == [{key: value for key, value in granted.json().items() if key != "readiness"}]
    item = api(lena).get(f"initiatives/{answered.ref}/checklist/{code}/").json()
    assert item["waiver"] == listed[0]


def test_a_critical_item_is_not_waived(answered: Initiative, ravi: User) -> None:
    body = {"item": "DATA-1", "reason": "Please.", "expires_on": str(today())}
    refused = api(ravi).post(f"initiatives/{answered.ref}/waivers/", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "item_critical")
    unknown = api(ravi).post(f"initiatives/{answered.ref}/waivers/", body | {"item": "DATA-9"})
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (422, "unknown_item")


@pytest.mark.parametrize("who", ["lena", "elsa", "iris", "ada", "omar"])
def test_only_reviewers_grant_waivers(request: pytest.FixtureRequest, answered: Initiative, who: str) -> None:
    user = request.getfixturevalue(who)
    body = {"item": _non_critical(answered, user), "reason": "X", "expires_on": str(today())}
    assert api(user).post(f"initiatives/{answered.ref}/waivers/", body).status_code == 403


def test_a_material_change_lapses_the_gates_it_names(answered: Initiative, lena: User, ravi: User) -> None:
    for gate in ("data", "architecture"):
        pass_gate(answered, gate, lena, ravi)
    body = {"kind": "data_source", "note": "A second ledger.", "gates": ["data"]}
    declared = api(ravi).post(f"initiatives/{answered.ref}/material-change/", body)
    assert declared.status_code == 201
    assert {key: declared.json()[key] for key in (*body, "by")} == body | {"by": "ravi"}
    found = _gates(lena, answered)
    assert (found["data"]["status"], found["architecture"]["status"]) == ("lapsed", "locked")
    assert found["data"]["lapsed_because"] == "Data source changed: A second ledger."
    unknown = api(lena).post(f"initiatives/{answered.ref}/material-change/", body | {"gates": ["nothing"]})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "gates.0")
    nobody = api(lena).post(f"initiatives/{answered.ref}/material-change/", body | {"gates": []})
    assert (nobody.status_code, nobody.json()["errors"][0]["code"]) == (422, "required")


# --- Snapshots ----------------------------------------------------------------------------------------------


def test_what_was_frozen_stays_as_it_was(answered: Initiative, lena: User, ravi: User) -> None:
    pass_gate(answered, "data", lena, ravi)
    path = f"initiatives/{answered.ref}/snapshots/"
    frozen = api(lena).get(path).json()["results"]
    assert [(one["occasion"], one["gate"], one["met"]) for one in frozen] == [
        ("decision", "data", 4),
        ("submission", "data", 4),
    ]
    assert [item["code"] for item in frozen[0]["items"]] == ["DATA-1", "DATA-2", "DATA-3", "DATA-4"]
    assert frozen[0]["items"][0]["evidence"][0]["url"] == "https://wiki.example.com/DATA-1"
    api(lena).put(f"initiatives/{answered.ref}/checklist/DATA-1/", {"answer": "not_met"})
    assert api(lena).get(path).json()["results"] == frozen
    assert api(lena).get(f"{path}{frozen[0]['id']}/").json() == frozen[0]
    assert api(lena).get(path, {"gate": "adoption"}).json()["results"] == []
    assert api(lena).get(f"initiatives/{create(lena).ref}/snapshots/{frozen[0]['id']}/").status_code == 404


def test_two_snapshots_are_compared_item_by_item(answered: Initiative, lena: User, ravi: User) -> None:
    lead, path = api(lena), f"initiatives/{answered.ref}/snapshots/"
    pass_gate(answered, "data", lena, ravi)
    items = f"initiatives/{answered.ref}/checklist/"
    lead.put(f"{items}DATA-2/", {"answer": "partial", "note": "The export is late."})
    old = lead.get(items).json()["items"][2]["evidence"][0]["id"]
    link = {
        "kind": "link",
        "url": "https://wiki.example.com/new",
        "title": "New",
        "effective_on": str(today()),
    }
    lead.put(f"{items}DATA-3/", {"evidence": [link]})
    assert lead.delete(f"{items}DATA-3/evidence/{old}/").status_code == 200
    lead.put(f"{items}ARCH-1/", {"answer": "not_met"})
    assert _submit(lena, answered).status_code == 201
    second, _decision, first = [one["id"] for one in lead.get(path).json()["results"]]
    told = lead.get(f"{path}{first}/diff/{second}/").json()
    assert (told["from"]["id"], told["to"]["id"], told["to"]["occasion"]) == (first, second, "submission")
    assert (told["compared"], told["only_in_from"], told["only_in_to"]) == (4, [], [])
    two, three = told["items"]
    assert (two["code"], two["answer"]) == ("DATA-2", {"before": "met", "after": "partial"})
    assert two["effective"] == {"before": "met", "after": "partial"}
    assert two["note"] == {"before": "", "after": "The export is late."}
    assert (two["measured"], two["evidence_added"], two["evidence_withdrawn"]) == (None, [], [])
    assert (three["code"], three["answer"], three["note"]) == ("DATA-3", None, None)
    assert [new["url"] for new in three["evidence_added"]] == ["https://wiki.example.com/new"]
    assert [gone["id"] for gone in three["evidence_withdrawn"]] == [old]
    back = lead.get(f"{path}{second}/diff/{first}/").json()["items"]
    assert back[0]["answer"] == {"before": "partial", "after": "met"}
    assert lead.get(f"{path}{first}/diff/{first}/").json()["items"] == []


def test_snapshots_of_two_gates_have_nothing_to_compare(
    answered: Initiative, lena: User, ravi: User, omar: User
) -> None:
    lead, path = api(lena), f"initiatives/{answered.ref}/snapshots/"
    pass_gate(answered, "data", lena, ravi)
    pass_gate(answered, "architecture", lena, ravi)
    newest, *_others, oldest = [one["id"] for one in lead.get(path).json()["results"]]
    told = lead.get(f"{path}{oldest}/diff/{newest}/").json()
    assert (told["compared"], told["items"], told["only_in_to"][0]) == (0, [], "ARCH-1")
    assert lead.get(f"{path}{oldest}/diff/999999/").status_code == 404
    others = create(omar, visibility="team")
    answer_all(others, omar)
    pass_gate(others, "data", omar, ravi)
    hidden = api(omar).get(f"initiatives/{others.ref}/snapshots/").json()["results"][0]["id"]
    assert lead.get(f"{path}{oldest}/diff/{hidden}/").status_code == 404
    assert lead.get(f"{path}{hidden}/diff/{oldest}/").status_code == 404


# --- Comments at items ---


def test_a_decision_leaves_comments_at_items(answered: Initiative, lena: User, ravi: User) -> None:
    _submit(lena, answered)
    said = [{"item": "DATA-2", "text": "Which peak?"}, {"item": "DATA-4", "text": "Only tidy input."}]
    body = {"decision": "return", "rationale": "Not shown.", "item_comments": said}
    assert _decide(ravi, answered, body).status_code == 201
    left = answered.comments.order_by("pk").values_list("gate", "item", "body", "by__username")
    assert [*left] == [
        ("data", "DATA-2", "Which peak?", "ravi"),
        ("data", "DATA-4", "Only tidy input.", "ravi"),
    ]


def test_a_comment_at_no_item_of_the_gate_refuses_the_decision(
    answered: Initiative, lena: User, ravi: User
) -> None:
    _submit(lena, answered)
    said = [{"item": "ARCH-1", "text": "Elsewhere."}, {"item": "DATA-1", "text": ""}]
    refused = _decide(ravi, answered, PASS | {"item_comments": said})
    assert refused.status_code == 422
    errors = {(error["field"], error["code"]) for error in refused.json()["errors"]}
    assert ("item_comments.0.item", "unknown_item") in errors
    assert not Decision.objects.exists() and not answered.comments.exists()


# --- The submission that was looked at ---


def test_a_decision_that_names_its_submission_does_not_decide_another(
    answered: Initiative, lena: User, ravi: User
) -> None:
    looked_at = _submit(lena, answered).json()["submission"]["id"]
    assert _decide(ravi, answered, RETURN | {"submission": looked_at}).status_code == 201
    waiting = _submit(lena, answered).json()["submission"]["id"]
    refused = _decide(ravi, answered, PASS | {"submission": looked_at})
    assert (refused.status_code, refused.json()["code"]) == (409, "another_submission")
    assert Decision.objects.count() == 1
    assert _decide(ravi, answered, PASS | {"submission": waiting}).status_code == 201
