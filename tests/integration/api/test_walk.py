"""The whole way over REST: an idea becomes ready for production, and one lowered answer takes that away again."""

from datetime import timedelta

from checklists.models import Item
from readiness.accounts.models import User
from tests.fixtures import FIVE_GATES, api, today


def test_an_initiative_is_created_guarded_answered_decided_moved_and_lapses(lena: User, ravi: User) -> None:
    lead, reviewer = api(lena), api(ravi)

    created = lead.post(
        "initiatives/",
        {
            "name": "Invoice triage",
            "business_problem": "Invoices wait nine days.",
            "business_unit": "Finance",
        },
    )
    assert created.status_code == 201
    one = created.json()
    at = created["Location"].removeprefix("http://testserver")
    assert at == f"/api/v1/initiatives/{one['id']}/"
    assert one["stage"] == "intake"
    assert one["people"]["technical_lead"] == "lena"
    assert one["people"]["members"] == ["lena"]
    assert one["readiness"]["verdict"] == "not_ready"

    refused = lead.post(f"{at}stage/", {"to": "rollout"})
    assert refused.status_code == 409
    assert refused.json()["code"] == "stage_guarded"
    standing_in_the_way = [(blocker["code"], blocker["gate"]) for blocker in refused.json()["blockers"]]
    for gate in FIVE_GATES:
        assert ("gate_not_passed", gate) in standing_in_the_way
    for checkpoint in ("checkpoint-0", "checkpoint-2"):
        assert ("checkpoint_not_passed", checkpoint) in standing_in_the_way
    assert ("threshold_not_met", None) in standing_in_the_way
    assert standing_in_the_way[-1] == ("stage_not_next", None)
    assert lead.get(at).json()["stage"] == "intake"

    codes = Item.objects.filter(gate__framework__slug="five-gate").values_list("code", flat=True)
    for count, code in enumerate(codes, start=1):
        answered = lead.put(f"{at}checklist/{code}/", _met(code))
        assert answered.status_code == 200
        assert answered.json()["effective"] == "met"
        assert answered.json()["readiness"]["met"] == count
        assert lead.get(f"{at}readiness/").json() == answered.json()["readiness"]
    assert answered.json()["readiness"]["score"] == 100.0

    early = lead.post(f"{at}gates/adoption/submit/")
    assert (early.status_code, early.json()["code"]) == (409, "gate_locked")
    for gate in FIVE_GATES:
        submitted = lead.post(f"{at}gates/{gate}/submit/", {"note": "Please look."})
        assert (submitted.status_code, submitted.json()["status"]) == (201, "in_review")
        own = lead.post(f"{at}gates/{gate}/decision/", {"decision": "pass", "rationale": "Mine."})
        assert own.status_code == 403
        decided = reviewer.post(f"{at}gates/{gate}/decision/", {"decision": "pass", "rationale": "Looked."})
        assert (decided.status_code, decided.json()["status"]) == (201, "passed")
    assert decided.json()["readiness"]["verdict"] == "ready"
    assert decided.json()["readiness"]["blockers"] == []

    _pass_checkpoint(lead, reviewer, at, "checkpoint-0")
    assert lead.post(f"{at}stage/", {"to": "poc"}).json()["stage"] == "poc"
    _pass_checkpoint(lead, reviewer, at, "checkpoint-1")
    _pass_checkpoint(lead, reviewer, at, "checkpoint-2")
    assert lead.post(f"{at}stage/", {"to": "pilot"}).json()["stage"] == "pilot"
    assert lead.get(f"{at}deploy-check/").json() == {"allowed": True, "verdict": "ready", "blockers": []}
    assert lead.post(f"{at}stage/", {"to": "rollout"}).json()["stage"] == "rollout"

    lowered = lead.put(f"{at}checklist/DATA-1/", {"answer": "not_met"}).json()["readiness"]
    assert {gate["gate"]: gate["status"] for gate in lowered["gates"]} == {
        "data": "lapsed",
        "architecture": "locked",
        "integration": "locked",
        "governance": "locked",
        "adoption": "locked",
    }
    assert lowered["verdict"] == "not_ready"
    assert lead.get(f"{at}deploy-check/").json()["allowed"] is False
    live = lead.post(f"{at}stage/", {"to": "live"})
    assert (live.status_code, live.json()["code"]) == (409, "stage_guarded")


def _met(code: str) -> dict[str, object]:
    day = today() - timedelta(days=1)
    link = {"kind": "link", "url": f"https://wiki.example.com/{code}", "effective_on": day}
    return {"answer": "met", "note": "Measured.", "evidence": [link]}


def _pass_checkpoint(lead, reviewer, at: str, slug: str) -> None:  # type: ignore[no-untyped-def]
    items = Item.objects.filter(gate__slug=slug, gate__framework__slug="poc-checkpoints")
    answers = [{"code": code, "answer": "met"} for code in items.values_list("code", flat=True)]
    assert lead.patch(f"{at}checklist/", {"answers": answers}).status_code == 200
    assert lead.post(f"{at}gates/{slug}/submit/").status_code == 201
    go = {"decision": "pass", "rationale": "Go."}
    assert reviewer.post(f"{at}gates/{slug}/decision/", go).status_code == 201
