"""A score read after an answer's response is never older than that answer: nothing here runs but the web."""

import re

from checklists.models import Item
from gates.models import Initiative
from readiness.accounts.models import User
from tests.fixtures import FIVE_GATES, Api, api, pages, today


def _one(document: dict[str, object], ref: str) -> dict[str, object]:
    results = document["results"]
    assert isinstance(results, list)
    return next(one for one in results if one["initiative"] == ref)


def _bins(reader: Api) -> dict[float, int]:
    return {one["low"]: one["count"] for one in reader.get("portfolio/").json()["scores"] if one["count"]}


def test_each_answer_is_in_every_figure_at_once(initiative: Initiative, lena: User, elsa: User) -> None:
    lead, executive = api(lena), api(elsa)
    lead_sees, executive_sees = pages(lena), pages(elsa)
    at, codes = f"initiatives/{initiative.ref}/", _codes()
    for count, code in enumerate(codes, start=1):
        answer = {"answer": "met"} if count % 2 else {"answer": "partial"}
        link = {"kind": "link", "url": f"https://wiki.example.com/{code}", "effective_on": today()}
        said = lead.put(f"{at}checklist/{code}/", {**answer, "evidence": [link]})
        assert said.status_code == 200
        standing = said.json()["readiness"]

        assert (standing["met"], standing["partial"]) == ((count + 1) // 2, count // 2)
        assert executive.get(f"{at}readiness/").json() == standing
        scored = _one(executive.get("scores/").json(), initiative.ref)
        assert {name: scored[name] for name in ("score", "met", "computed_at")} == {
            name: standing[name] for name in ("score", "met", "computed_at")
        }
        assert lead.get(at).json()["readiness"]["score"] == standing["score"]
        low = min(int(standing["score"] // 10) * 10, 90)
        assert _bins(executive) == {low: 1}
        for page in (
            lead_sees.get(f"/initiatives/{initiative.ref}/"),
            executive_sees.get("/initiatives/"),
        ):
            assert re.search(rf"\b{standing['score']:.1f}\b", page.content.decode())


def _codes() -> list[str]:
    items = Item.objects.filter(gate__framework__slug="five-gate").order_by("gate__position", "position")
    return list(items.values_list("code", flat=True))


def _ready_on_the_page(reader: User) -> int:
    words = re.sub(r"<[^>]*>|\s+", " ", pages(reader).get("/portfolio/").content.decode())
    found = re.search(r"Ready for production\s+(\d+)\s+every gate passed", words)
    assert found is not None
    return int(found[1])


def test_each_decision_and_each_lapse_is_in_the_portfolio_at_once(
    initiative: Initiative, lena: User, ravi: User, elsa: User
) -> None:
    lead, reviewer, executive = api(lena), api(ravi), api(elsa)
    at = f"initiatives/{initiative.ref}/"
    link = {"kind": "link", "url": "https://wiki.example.com/", "effective_on": today()}
    answers = [{"code": code, "answer": "met", "evidence": [link]} for code in _codes()]
    assert lead.patch(f"{at}checklist/", {"answers": answers}).status_code == 200
    for gate in FIVE_GATES:
        lead.post(f"{at}gates/{gate}/submit/")
        assert executive.get("portfolio/").json()["reviews_waiting"]["count"] == 1
        reviewer.post(f"{at}gates/{gate}/decision/", {"decision": "pass", "rationale": "Looked."})
        assert executive.get("portfolio/").json()["reviews_waiting"]["count"] == 0
    assert executive.get("portfolio/").json()["headline"]["ready"] == 1
    assert _ready_on_the_page(elsa) == 1

    lead.put(f"{at}checklist/DATA-1/", {"answer": "partial"})
    assert executive.get("portfolio/").json()["headline"]["ready"] == 0
    assert _ready_on_the_page(elsa) == 0
    assert executive.get(f"{at}deploy-check/").json()["allowed"] is False
