"""The documents as integrations were promised them: every field there, of its type, under its name.

The promise is written down here once more, on purpose: it must not change because the code did.
"""

from typing import Any

import pytest

from gates.models import Condition, Initiative
from readiness.accounts.models import User
from tests.fixtures import answer_all, api, create, pass_gate, promise, today

TEXT, WHOLE, NUMBER, YES_NO, ANY = str, int, (int, float), bool, object


def MAYBE(kind: Any) -> tuple[str, Any]:  # noqa: N802 (reads as the other words of this page)
    return ("maybe", kind)


PEOPLE = {
    "business_owner": MAYBE(TEXT),
    "executive_sponsor": MAYBE(TEXT),
    "technical_lead": MAYBE(TEXT),
    "deputy": MAYBE(TEXT),
    "members": [TEXT],
}
PLAN = {name: MAYBE(WHOLE) for name in ("poc_days", "pilot_days", "rollout_days")} | {
    "decision_on": MAYBE(TEXT)
}
BUDGET = {
    "planned": MAYBE(TEXT),
    "spent": MAYBE(TEXT),
    "currency": TEXT,
    "data_share": MAYBE(WHOLE),
    "change_share": MAYBE(WHOLE),
}
BLOCKER = {"code": TEXT, "message": TEXT, "gate": MAYBE(TEXT), "item": MAYBE(TEXT), "url": TEXT}
SCORE = {
    "framework": TEXT,
    "score": NUMBER,
    "points": NUMBER,
    "total": WHOLE,
    "met": WHOLE,
    "partial": WHOLE,
    "not_met": WHOLE,
    "unanswered": WHOLE,
    "declared_points": NUMBER,
    "optimism_gap": NUMBER,
    "required_met": WHOLE,
    "threshold_met": YES_NO,
    "verdict": TEXT,
    "stalled": YES_NO,
    "gates": [{"gate": TEXT, "status": TEXT, "met": WHOLE, "total": WHOLE, "min_met": WHOLE}],
    "computed_at": TEXT,
}
READINESS = SCORE | {
    "blockers": [BLOCKER],
    "next_actions": [{"message": TEXT, "item": MAYBE(TEXT), "gate": MAYBE(TEXT), "url": TEXT}],
    "flags": [{"code": TEXT, "severity": TEXT, "root_cause": TEXT, "countermeasure": TEXT, "since": TEXT}],
    "forecast": MAYBE({"on": TEXT, "from": TEXT, "to": MAYBE(TEXT)}),
}
INITIATIVE = {
    "id": TEXT,
    "name": TEXT,
    "business_problem": TEXT,
    "business_unit": TEXT,
    "stage": TEXT,
    "stage_since": TEXT,
    "on_hold": MAYBE({"since": TEXT, "reason": TEXT, "review_on": TEXT}),
    "technology": TEXT,
    "vendor": TEXT,
    "approach": MAYBE(TEXT),
    "visibility": TEXT,
    "priority": TEXT,
    "taken_over": YES_NO,
    "as_of": MAYBE(TEXT),
    "people": PEOPLE,
    "plan": PLAN,
    "budget": BUDGET,
    "tags": [TEXT],
    "created_at": TEXT,
    "updated_at": TEXT,
    "readiness": READINESS,
}
EVIDENCE = {
    "id": WHOLE,
    "kind": TEXT,
    "title": TEXT,
    "url": TEXT,
    "effective_on": TEXT,
    "received_at": TEXT,
    "expires_on": MAYBE(TEXT),
}
ITEM = {
    "code": TEXT,
    "gate": TEXT,
    "title": TEXT,
    "critical": YES_NO,
    "answer": TEXT,
    "measured": MAYBE(TEXT),
    "effective": TEXT,
    "why": TEXT,
    "note": TEXT,
    "evidence": [EVIDENCE],
    "waiver": MAYBE(ANY),
    "etag": TEXT,
    "answered_by": MAYBE(TEXT),
    "answered_at": MAYBE(TEXT),
}
CHECKLIST = {"framework": {"slug": TEXT, "version": TEXT}, "items": [ITEM]}
GATE = {
    "framework": TEXT,
    "gate": TEXT,
    "name": TEXT,
    "kind": TEXT,
    "status": TEXT,
    "can_submit": YES_NO,
    "review_pending": YES_NO,
    "lapsed_because": MAYBE(TEXT),
    "met": WHOLE,
    "total": WHOLE,
    "min_met": WHOLE,
    "criteria": [{"code": TEXT, "holds": YES_NO, "message": TEXT}],
    "recommendation": MAYBE(TEXT),
    "submission": MAYBE({"id": WHOLE, "by": TEXT, "at": TEXT, "note": TEXT}),
    "decision": MAYBE({"id": WHOLE, "decision": TEXT, "by": TEXT, "at": TEXT, "rationale": TEXT}),
    "conditions": [
        {"id": WHOLE, "text": TEXT, "owner": TEXT, "due": TEXT, "state": TEXT}
        | {"kept_by": MAYBE(TEXT), "kept_at": MAYBE(TEXT), "kept_note": TEXT}
    ],
}
DEPLOY_CHECK = {"allowed": YES_NO, "verdict": TEXT, "blockers": [BLOCKER]}
PORTFOLIO_SCORE = SCORE | {"initiative": TEXT, "name": TEXT, "business_unit": TEXT, "stage": TEXT}
PROBLEM = {"type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT, "code": TEXT}
FIELD_ERRORS = {"errors": [{"field": TEXT, "code": TEXT, "message": TEXT}]}


def as_promised(promised: Any, found: Any, place: str = "") -> list[str]:
    """Where what was found is not what was promised; more than promised is welcome."""
    if isinstance(promised, tuple) and promised[0] == "maybe":
        return [] if found is None else as_promised(promised[1], found, place)
    if isinstance(promised, dict):
        if not isinstance(found, dict):
            return [f"{place} is no object"]
        missing = [f"{place}.{name} is missing" for name in promised if name not in found]
        inner = [
            as_promised(promised[name], found[name], f"{place}.{name}") for name in promised if name in found
        ]
        return missing + [wrong for wrongs in inner for wrong in wrongs]
    if isinstance(promised, list):
        if not isinstance(found, list):
            return [f"{place} is no list"]
        return [
            wrong for n, one in enumerate(found) for wrong in as_promised(promised[0], one, f"{place}.{n}")
        ]
    if promised is not YES_NO and promised is not ANY and isinstance(found, bool):
        return [f"{place} is {found!r}"]
    return [] if isinstance(found, promised) else [f"{place} is {found!r}"]


@pytest.fixture
def rich(lena: User, ravi: User) -> Initiative:
    """Something of everything: answers, evidence, a submission, a decision with a condition, a waiver, flags."""
    one = create(lena, stage="pilot", budget={"planned": "10.00"}, tags=["x"], plan={"poc_days": 5})
    answer_all(one, lena)
    pass_gate(one, "data", lena, ravi, conditions=[promise(ravi)])
    lead, at = api(lena), f"initiatives/{one.ref}/"
    item = next(item for item in lead.get(f"{at}checklist/").json()["items"] if not item["critical"])
    waiver = {"item": item["code"], "reason": "Accepted.", "expires_on": str(today())}
    assert api(ravi).post(f"{at}waivers/", waiver).status_code == 201
    assert lead.post(f"{at}gates/architecture/submit/", {"note": "Please."}).status_code == 201
    assert lead.post(f"{at}hold/", {"reason": "Wait.", "review_on": str(today())}).status_code == 200
    return one


def test_reads_are_as_promised(rich: Initiative, lena: User) -> None:
    lead, at = api(lena), f"initiatives/{rich.ref}/"
    for path, promised in (
        (at, INITIATIVE),
        ("initiatives/", {"next": MAYBE(TEXT), "previous": MAYBE(TEXT), "results": [INITIATIVE]}),
        (f"{at}checklist/", CHECKLIST),
        (f"{at}checklist/?framework=poc-checkpoints", CHECKLIST),
        (f"{at}gates/", {"results": [GATE]}),
        (f"{at}readiness/", READINESS),
        (f"{at}readiness/history/", {"results": [ANY]}),
        (f"{at}deploy-check/", DEPLOY_CHECK),
        ("scores/", {"results": [PORTFOLIO_SCORE]}),
        (f"{at}flags/", {"results": READINESS["flags"]}),
        ("flags/", {"results": READINESS["flags"]}),
        (f"{at}snapshots/", {"results": [ANY]}),
        ("users/", {"results": [{"username": TEXT}]}),
    ):
        answer = lead.get(path)
        assert answer.status_code == 200
        assert as_promised(promised, answer.json(), path) == []


def test_scores_leave_out_what_they_promised_to(rich: Initiative, lena: User) -> None:
    row = api(lena).get("scores/").json()["results"][0]
    assert {"blockers", "next_actions", "flags", "forecast"} & row.keys() == set()


def test_writes_answer_as_promised(rich: Initiative, lena: User, ravi: User) -> None:
    lead, at = api(lena), f"initiatives/{rich.ref}/"
    created = lead.post("initiatives/", {"name": "X", "business_problem": "Y"})
    assert (created.status_code, "Location" in created) == (201, True)
    condition = Condition.objects.get().pk
    for status, answer, promised in (
        (201, created, INITIATIVE),
        (200, lead.delete(f"{at}hold/"), INITIATIVE),
        (200, lead.patch(at, {"vendor": "Z"}), INITIATIVE),
        (200, lead.put(f"{at}checklist/ADPT-4/", {"answer": "partial"}), ITEM | {"readiness": READINESS}),
        (200, lead.put(f"{at}checklist/ADPT-4/", {"answer": "met"}), ITEM | {"readiness": READINESS}),
        (
            201,
            api(ravi).post(f"{at}gates/architecture/decision/", {"decision": "pass", "rationale": "Y"}),
            GATE,
        ),
        (201, lead.post(f"{at}gates/integration/submit/"), GATE),
        (200, lead.post(f"{at}conditions/{condition}/keep/", {"note": "Done."}), GATE),
        (200, api(ravi).post(f"{at}conditions/{condition}/confirm/"), GATE),
        (200, lead.post(f"{at}stage/", {"to": "poc", "reason": "Back."}), INITIATIVE),
    ):
        assert answer.status_code == status, answer.content
        assert as_promised(promised, answer.json()) == []


def test_refusals_are_as_promised(rich: Initiative, lena: User, omar: User, ravi: User) -> None:
    lead, at = api(lena), f"initiatives/{rich.ref}/"
    decide = {"decision": "pass", "rationale": "X"}
    for answer, status, code, promised in (
        (lead.raw("patch", at, b"{"), 400, None, PROBLEM),
        (lead.get("initiatives/?x=1"), 400, None, PROBLEM | FIELD_ERRORS),
        (lead.patch(at, {"x": 1}), 400, None, PROBLEM | FIELD_ERRORS),
        (api(None).get(at), 401, None, PROBLEM),
        (api(omar).patch(at, {"vendor": "X"}), 403, None, PROBLEM),
        (lead.get("initiatives/AI-9999/"), 404, None, PROBLEM),
        (lead.patch(at, {"vendor": "X"}, if_match='"x"'), 412, None, PROBLEM | {"current": INITIATIVE}),
        (
            lead.put(f"{at}checklist/DATA-1/", {"note": "X"}, if_match='"x"'),
            412,
            None,
            PROBLEM | {"current": ITEM},
        ),
        (lead.raw("patch", at, b"x", "text/plain"), 415, None, PROBLEM),
        (lead.patch(at, {"name": "x" * 300}), 422, None, PROBLEM | FIELD_ERRORS),
        (lead.post(f"{at}stage/", {"to": "live"}), 409, "stage_guarded", PROBLEM | {"blockers": [BLOCKER]}),
        (lead.post(f"{at}gates/adoption/submit/"), 409, "on_hold", PROBLEM),
        (api(ravi).post(f"{at}gates/integration/decision/", decide), 409, "nothing_submitted", PROBLEM),
        (lead.post(f"{at}gates/architecture/decision/", decide), 403, None, PROBLEM),
    ):
        assert answer.status_code == status, answer.content
        assert answer["Content-Type"] == "application/problem+json"
        assert as_promised(promised, answer.json()) == []
        assert code in (None, answer.json()["code"])
