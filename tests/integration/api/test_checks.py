"""Automated checks over REST: a pipeline reports, a lead says which check measures an item, everybody reads."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from checklists.models import CheckResult, Evidence
from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import Scope, User
from readiness.audit.models import Event
from tests.fixtures import api


def _moment(hours_ago: float = 1) -> str:
    return (clock.now() - timedelta(hours=hours_ago)).isoformat()


def _report(result: str = "pass", hours_ago: float = 1, **more: Any) -> dict[str, Any]:
    told = {"item": "DATA-1", "check": "great-expectations", "observed_at": _moment(hours_ago)}
    return told | {"result": result} | more


def _errors(response: Any) -> dict[str, str]:
    return {error["field"]: error["code"] for error in response.json()["errors"]}


def test_a_pipeline_reports_with_a_token_of_its_own(initiative: Initiative, lena: User) -> None:
    lead, pipeline, at = api(lena), api(lena, Scope.CHECKS), f"initiatives/{initiative.ref}/"
    lead.put(f"{at}checklist/DATA-1/", {"answer": "met"})
    bound = lead.put(f"{at}checklist/DATA-1/check/", {"check": "great-expectations"})
    assert bound.status_code == 200
    assert bound.json()["check"] == {"name": "great-expectations", "last": None, "good_through": None}
    later = clock.now() + timedelta(days=2)
    sent = _report("pass", summary="41 of 41", url="https://ci.example.com/1", expires_at=later.isoformat())
    made = pipeline.post(f"{at}checks/", sent)
    assert made.status_code == 201, made.json()
    told = made.json()
    assert (told["taken"], told["bound"], told["measured"], told["effective"]) == (True, True, "met", "met")
    assert (told["by"], told["result"], told["summary"]) == ("lena", "pass", "41 of 41")
    item = lead.get(f"{at}checklist/DATA-1/").json()
    assert (item["answer"], item["measured"], item["effective"]) == ("met", "met", "met")
    assert item["check"]["last"]["id"] == told["id"]
    assert item["check"]["good_through"] == later.date().isoformat()
    [piece] = item["evidence"]
    assert (piece["kind"], piece["check_result"], piece["title"], piece["url"]) == (
        "check",
        "pass",
        "great-expectations: 41 of 41",
        "https://ci.example.com/1",
    )
    failed = pipeline.post(f"{at}checks/", _report("fail", 0.5)).json()
    assert (failed["measured"], failed["effective"]) == ("not_met", "not_met")
    assert failed["why"] == "Met counts as Not met: the automated check found Not met."
    assert lead.get(f"{at}readiness/").json()["not_met"] == 1
    assert Event.objects.filter(verb="check.received").last().token_name == told["token"]  # type: ignore[union-attr]


def test_what_is_older_or_known_answers_200_with_what_stands(initiative: Initiative, lena: User) -> None:
    pipeline, path = api(lena, Scope.CHECKS), f"initiatives/{initiative.ref}/checks/"
    sent = _report("warn")
    first = pipeline.post(path, sent)
    for again in (sent, _report("pass", 5)):
        answer = pipeline.post(path, again)
        assert (answer.status_code, answer.json()["taken"], answer.json()["id"]) == (
            200,
            False,
            first.json()["id"],
        )
    assert (CheckResult.objects.count(), Evidence.objects.count()) == (1, 1)


def test_it_may_be_sent_again_under_a_key(initiative: Initiative, lena: User) -> None:
    pipeline, path, sent = api(lena, Scope.CHECKS), f"initiatives/{initiative.ref}/checks/", _report()
    first, second = (pipeline.post(path, sent, Idempotency_Key="run-4711") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert CheckResult.objects.count() == 1


def test_what_was_received_is_listed_newest_first_and_by_item_and_check(
    initiative: Initiative, lena: User
) -> None:
    client, path = api(lena, *Scope), f"initiatives/{initiative.ref}/checks/"
    for number, (item, check) in enumerate([("DATA-1", "a"), ("DATA-1", "b"), ("DATA-2", "a")]):
        client.post(path, _report("pass", 9 - number, item=item, check=check))

    def listed(**query: str) -> list[tuple[str, str]]:
        return [(one["item"], one["check"]) for one in client.get(path, query).json()["results"]]

    assert listed() == [("DATA-2", "a"), ("DATA-1", "b"), ("DATA-1", "a")]
    assert listed(item="DATA-1") == [("DATA-1", "b"), ("DATA-1", "a")]
    assert listed(check="a") == [("DATA-2", "a"), ("DATA-1", "a")]
    page = client.get(path, {"limit": "2"}).json()
    assert len(page["results"]) == 2
    assert page["next"]
    assert client.get(path, {"result": "pass"}).status_code == 400


BAD: list[tuple[dict[str, Any], int, dict[str, str]]] = [
    ({"result": "ok"}, 400, {"result": "unknown_word"}),
    ({"observed_at": "yesterday"}, 400, {"observed_at": "wrong_type"}),
    ({"note": "x"}, 400, {"note": "unknown_field"}),
    ({"item": "DATA-99"}, 422, {"item": "unknown_item"}),
    ({"item": "\x00"}, 400, {"item": "null_characters"}),
    ({"observed_at": "2099-01-01T00:00:00Z"}, 422, {"observed_at": "in_the_future"}),
    ({"expires_at": "1999-01-01T00:00:00Z"}, 422, {"expires_at": "before_effective_date"}),
    ({"url": "javascript:alert(1)"}, 422, {"url": "not_a_web_address"}),
]


@pytest.mark.parametrize(("given", "status", "errors"), BAD)
def test_bad_reports_name_their_field(
    initiative: Initiative, lena: User, given: dict[str, Any], status: int, errors: dict[str, str]
) -> None:
    refused = api(lena, Scope.CHECKS).post(f"initiatives/{initiative.ref}/checks/", _report() | given)
    assert (refused.status_code, _errors(refused)) == (status, errors)


def test_an_item_is_set_free_with_a_reason_and_the_version_that_was_read(
    initiative: Initiative, lena: User
) -> None:
    client, at = api(lena, *Scope), f"initiatives/{initiative.ref}/"
    path = f"{at}checklist/DATA-1/check/"
    client.put(path, {"check": "great-expectations"})
    client.post(f"{at}checks/", _report("fail"))
    stale = client.put(path, {"check": "other", "reason": "So."}, If_Match='"DATA-1-0"')
    assert (stale.status_code, stale.json()["current"]["code"]) == (412, "DATA-1")
    assert _errors(client.delete(path)) == {"reason": "required"}
    freed = client.raw("DELETE", path, b'{"reason": "Another platform."}', If_Match='"DATA-1-1"')
    assert (freed.status_code, freed.json()["check"], freed.json()["measured"]) == (200, None, None)
    assert client.put(f"{at}checklist/DATA-99/check/", {"check": "x"}).status_code == 404
    assert _errors(client.put(f"{at}checklist/CP0-1/check/", {"check": "x"})) == {
        "check": "not_measured_here"
    }


def test_moments_are_told_with_their_offset(initiative: Initiative, lena: User) -> None:
    sent = _report(observed_at="2026-01-31T06:00:00+01:00", expires_at=None)
    told = api(lena, Scope.CHECKS).post(f"initiatives/{initiative.ref}/checks/", sent).json()
    assert datetime.fromisoformat(told["observed_at"]) == datetime.fromisoformat(sent["observed_at"])
    assert told["expires_at"] is None
