"""Exit criteria over REST: agreed, read, amended, removed, decided."""

from datetime import timedelta
from typing import Any

import pytest

from gates.models import ExitCriterion, Initiative, Kpi, Lesson
from readiness.accounts.models import Scope, User
from readiness.actions.promises import agreed
from tests.fixtures import api, create, person, today
from tests.integration.actions.exiting import LEARNED, criterion_of, kpi_of, trip
from tests.integration.actions.props import on, pass_checkpoint


@pytest.fixture
def pilot(lena: User) -> Initiative:
    return create(lena, on(0), stage="pilot")


@pytest.fixture
def kpi(pilot: Initiative, lena: User) -> Kpi:
    return kpi_of(pilot, lena)


@pytest.fixture
def weekly(pilot: Initiative, lena: User, elsa: User, kpi: Kpi) -> ExitCriterion:
    return criterion_of(pilot, lena, elsa, kpi=kpi)


@pytest.fixture
def reached(weekly: ExitCriterion, lena: User) -> ExitCriterion:
    trip(weekly, lena)
    return weekly


def body(kpi: Kpi, **other: Any) -> dict[str, Any]:
    standard = {"comparator": "under", "limit": "30", "window_days": 28, "action": "stop", "decider": "elsa"}
    return {"kpi": kpi.pk} | standard | other


def all_of(initiative: Initiative) -> str:
    return f"initiatives/{initiative.ref}/exit-criteria/"


def one_of(criterion: ExitCriterion, below: str = "") -> str:
    return f"{all_of(criterion.initiative)}{criterion.pk}/{below}"


def problem(response: Any) -> tuple[int, str, list[tuple[str, str]]]:
    told = response.json()
    return response.status_code, told["code"], [(one["field"], one["code"]) for one in told.get("errors", [])]


def test_one_is_agreed_and_read(pilot: Initiative, lena: User, elsa: User, omar: User, kpi: Kpi) -> None:
    made = api(lena).post(all_of(pilot), body(kpi, limit=30.5))

    assert made.status_code == 201
    told = made.json()
    assert made["Location"].endswith(f"/api/v1/{all_of(pilot)}{told['id']}/")
    assert made["ETag"] == told["etag"]
    assert told.pop("readiness")["verdict"] == "not_ready"
    assert told == {
        "id": told["id"],
        "initiative": pilot.ref,
        "words": "Weekly use under 30.5 % for 4 weeks",
        "kpi": kpi.pk,
        "kpi_name": "Weekly use",
        "comparator": "under",
        "limit": "30.5",
        "unit": "%",
        "window_days": 28,
        "checkpoint": None,
        "action": "stop",
        "decider": "elsa",
        "state": "armed",
        "quiet_until": None,
        "watched": True,
        "trigger": None,
        "past_triggers": [],
        "locked_at": None,
        "promised": None,
        "amendments": [],
        "created_at": told["created_at"],
        "url": f"/initiatives/{pilot.ref}/promises/#exit-{told['id']}",
        "etag": told["etag"],
    }
    assert api(omar).get(made["Location"]).json() == told
    assert api(omar).get(all_of(pilot)).json() == {"next": None, "previous": None, "results": [told]}


def test_at_a_checkpoint(pilot: Initiative, lena: User, elsa: User, kpi: Kpi) -> None:
    given = body(kpi, window_days=None, checkpoint="checkpoint-2", comparator="over")
    told = api(lena).post(all_of(pilot), given).json()
    assert (told["checkpoint"], told["window_days"]) == ("checkpoint-2", None)
    assert told["words"].startswith("Weekly use over 30 % at “")


def test_where_it_stands_is_told_from_armed_to_quiet(reached: ExitCriterion, lena: User, elsa: User) -> None:
    told = api(lena).get(one_of(reached)).json()
    assert (told["state"], told["trigger"]["on"]) == ("triggered", "2026-03-30")
    assert told["trigger"]["readings"] == [
        {"on": "2026-03-02", "value": "20"},
        {"on": "2026-03-30", "value": "20"},
    ]
    assert (told["trigger"]["decision"], told["trigger"]["by"]) == (None, None)

    until = today() + timedelta(days=30)
    done = api(elsa).post(
        one_of(reached, "decision/"),
        {"decision": "go_on", "reason": "The new screen comes.", "expires_on": until},
    )

    assert done.status_code == 201
    told = done.json()
    assert (told["state"], told["quiet_until"], told["trigger"]) == ("quiet", until.isoformat(), None)
    (past,) = told["past_triggers"]
    assert (past["decision"], past["by"], past["reason"]) == ("go_on", "elsa", "The new screen comes.")
    assert past["expires_on"] == until.isoformat()
    assert "exit_undecided" not in {one["code"] for one in told["readiness"]["blockers"]}


def test_readiness_leads_to_where_it_is_decided(reached: ExitCriterion, lena: User) -> None:
    ref = reached.initiative.ref
    told = api(lena).get(f"initiatives/{ref}/readiness/").json()

    (blocker,) = [one for one in told["blockers"] if one["code"] == "exit_undecided"]
    (action,) = [one for one in told["next_actions"] if one["code"] == "decide_exit"]
    assert blocker["url"] == action["url"] == f"/initiatives/{ref}/promises/#exits"
    assert "Weekly use under 30 % for 4 weeks" in blocker["message"]
    check = api(lena).get(f"initiatives/{ref}/deploy-check/").json()
    assert check["allowed"] is False


def test_stop_ends_it_on_agreed_criteria(reached: ExitCriterion, elsa: User) -> None:
    claimed = {"decision": "stop", "lesson": LEARNED | {"outcome": "agreed_criteria"}}
    refused = api(elsa).post(one_of(reached, "decision/"), claimed)
    assert problem(refused) == (422, "invalid", [("lesson.outcome", "no_limit_reached")])
    ExitCriterion.objects.update(locked_at=on(27), promised=agreed(reached))
    done = api(elsa).post(one_of(reached, "decision/"), {"decision": "stop", "lesson": LEARNED})

    assert done.status_code == 201
    assert done.json()["past_triggers"][0]["decision"] == "stop"
    assert (done.json()["state"], done.json()["watched"]) == ("armed", False)
    ref = reached.initiative.ref
    assert api(elsa).get(f"initiatives/{ref}/").json()["stage"] == "stopped"
    assert Lesson.objects.get().outcome == "agreed_criteria"
    again = api(elsa).post(one_of(reached, "decision/"), {"decision": "stop", "lesson": LEARNED})
    assert problem(again)[:2] == (409, "initiative_ended")


def test_hold_and_rework(reached: ExitCriterion, lena: User, elsa: User) -> None:
    given = {"decision": "hold", "reason": "Until the data are back.", "review_on": today()}
    assert api(elsa).post(one_of(reached, "decision/"), given).status_code == 201
    told = api(elsa).get(f"initiatives/{reached.initiative.ref}/").json()
    assert told["on_hold"]["reason"] == "Until the data are back."


DECISIONS = [
    ({}, (400, "malformed", [("decision", "required")])),
    ({"decision": "ignore"}, (400, "malformed", [("decision", "unknown_word")])),
    ({"decision": 7}, (400, "malformed", [("decision", "unknown_word")])),
    ({"decision": "rework"}, (422, "invalid", [("reason", "required")])),
    ({"decision": "rework", "reason": 5}, (400, "malformed", [("reason", "wrong_type")])),
    ({"decision": "rework", "reason": "x\x00"}, (400, "malformed", [("reason", "null_characters")])),
    ({"decision": "hold", "reason": "Why."}, (422, "invalid", [("review_on", "required")])),
    ({"decision": "go_on", "reason": "Why."}, (422, "invalid", [("expires_on", "required")])),
    (
        {"decision": "go_on", "reason": "Why.", "expires_on": "tomorrow"},
        (400, "malformed", [("expires_on", "wrong_type")]),
    ),
    (
        {"decision": "go_on", "reason": "Why.", "expires_on": "2100-12-31"},
        (422, "invalid", [("expires_on", "out_of_range")]),
    ),
    (
        {"decision": "go_on", "reason": "Why.", "expires_on": "2020-01-01"},
        (422, "invalid", [("expires_on", "in_the_past")]),
    ),
    ({"decision": "stop"}, (422, "invalid", [("lesson", "required")])),
    (
        {"decision": "stop", "lesson": {"tried": "It."}},
        (400, "malformed", [("lesson.did_not_work", "required")]),
    ),
    (
        {"decision": "stop", "lesson": LEARNED | {"outcome": "faded_out"}},
        (400, "malformed", [("lesson.outcome", "unknown_word")]),
    ),
    ({"decision": "rework", "why": "Because."}, (400, "malformed", [("why", "unknown_field")])),
]


@pytest.mark.parametrize(("given", "expected"), DECISIONS)
def test_what_is_wrong_with_a_decision_is_said_at_its_field(
    reached: ExitCriterion, elsa: User, given: dict[str, Any], expected: Any
) -> None:
    refused = api(elsa).post(one_of(reached, "decision/"), given)
    assert problem(refused) == expected
    assert api(elsa).get(one_of(reached)).json()["state"] == "triggered"


def test_nothing_waits_nothing_is_decided(weekly: ExitCriterion, elsa: User) -> None:
    refused = api(elsa).post(one_of(weekly, "decision/"), {"decision": "rework", "reason": "Why."})
    assert problem(refused)[:2] == (409, "exit_not_triggered")


def test_who_decides_and_who_goes_on(
    reached: ExitCriterion, lena: User, omar: User, elsa: User, ravi: User, iris: User
) -> None:
    emil = person("emil", executive=True)
    go_on = {"decision": "go_on", "reason": "Why.", "expires_on": today() + timedelta(days=1)}
    rework = {"decision": "rework", "reason": "Why."}
    for user in (lena, omar, ravi, iris):
        for given in (go_on, rework):
            assert problem(api(user).post(one_of(reached, "decision/"), given))[:2] == (403, "not_allowed")
    refused = api(emil).post(one_of(reached, "decision/"), go_on)
    assert problem(refused)[:2] == (403, "not_allowed"), "an executive was named: nobody else goes on"
    missing = api(elsa, Scope.READ, Scope.WRITE).post(one_of(reached, "decision/"), go_on)
    assert problem(missing)[:2] == (403, "missing_scope")
    assert api(emil).post(one_of(reached, "decision/"), rework).status_code == 201


WRONG = [
    ({"kpi": "one"}, (400, [("kpi", "wrong_type")])),
    ({"kpi": 0}, (422, [("kpi", "out_of_range")])),
    ({"kpi": 10**15}, (422, [("kpi", "unknown_kpi")])),
    ({"kpi": None}, (400, [("kpi", "required")])),
    ({"comparator": "at most"}, (400, [("comparator", "unknown_word")])),
    ({"limit": "thirty"}, (400, [("limit", "wrong_type")])),
    ({"limit": True}, (400, [("limit", "wrong_type")])),
    ({"limit": 1e17}, (422, [("limit", "out_of_range")])),
    ({"limit": "0.00001"}, (422, [("limit", "too_precise")])),
    ({"window_days": 0}, (422, [("window_days", "out_of_range")])),
    ({"window_days": 366}, (422, [("window_days", "out_of_range")])),
    ({"window_days": 28.5}, (400, [("window_days", "wrong_type")])),
    ({"window_days": None}, (422, [("window_days", "required")])),
    ({"checkpoint": "checkpoint-1"}, (422, [("checkpoint", "not_both")])),
    ({"checkpoint": "<script>", "window_days": None}, (422, [("checkpoint", "unknown_gate")])),
    ({"action": "wait"}, (400, [("action", "unknown_word")])),
    ({"decider": "nobody"}, (422, [("decider", "unknown_person")])),
    ({"decider": "🚀"}, (422, [("decider", "unknown_person")])),
    ({"decider": "x" * 61}, (422, [("decider", "too_long")])),
    ({"state": "triggered"}, (400, [("state", "read_only")])),
    ({"color": "red"}, (400, [("color", "unknown_field")])),
]


@pytest.mark.parametrize(("given", "expected"), WRONG)
def test_what_is_wrong_is_said_at_its_field(
    weekly: ExitCriterion, kpi: Kpi, lena: User, given: dict[str, Any], expected: Any
) -> None:
    for refused in (
        api(lena).post(all_of(weekly.initiative), body(kpi) | given),
        api(lena).patch(one_of(weekly), given),
    ):
        status, _, errors = problem(refused)
        assert (status, errors) == expected
    assert ExitCriterion.objects.count() == 1


def test_nothing_given_names_what_is_missing(pilot: Initiative, lena: User) -> None:
    status, code, errors = problem(api(lena).post(all_of(pilot), {}))
    assert (status, code) == (400, "malformed")
    assert {field for field, _ in errors} == {"kpi", "comparator", "limit", "action", "decider"}


def test_one_is_changed_and_removed(weekly: ExitCriterion, lena: User) -> None:
    changed = api(lena).patch(one_of(weekly), {"limit": "25", "action": "rework"})
    assert (changed.status_code, changed.json()["limit"], changed.json()["action"]) == (200, "25", "rework")

    gone = api(lena).delete(one_of(weekly))
    assert (gone.status_code, [*gone.json()]) == (200, ["readiness"])
    assert api(lena).get(one_of(weekly)).status_code == 404
    assert api(lena).delete(one_of(weekly)).status_code == 404
    assert api(lena).get(all_of(weekly.initiative)).json()["results"] == []


def test_a_stale_write_is_told_what_stands(weekly: ExitCriterion, lena: User) -> None:
    first = api(lena).get(one_of(weekly))["ETag"]
    assert api(lena).patch(one_of(weekly), {"limit": "25"}, If_Match=first).status_code == 200

    stale = api(lena).patch(one_of(weekly), {"limit": "20"}, If_Match=first)

    assert stale.status_code == 412
    assert stale.json()["current"]["limit"] == "25"
    assert api(lena).delete(one_of(weekly), If_Match=first).status_code == 412


def test_a_locked_one_is_amended_and_shows_both(
    initiative: Initiative, lena: User, ravi: User, elsa: User
) -> None:
    criterion = criterion_of(initiative, lena, elsa)
    pass_checkpoint(initiative, "checkpoint-0", lena, ravi)
    refused = api(lena).patch(one_of(criterion), {"limit": "20"})
    assert problem(refused) == (422, "invalid", [("reason", "required")])
    assert problem(api(lena).delete(one_of(criterion)))[:2] == (409, "promise_locked")

    told = api(lena).patch(one_of(criterion), {"limit": "20", "reason": "A holiday."}).json()

    assert (told["limit"], told["promised"]["limit"]) == ("20", "30")
    assert told["promised"]["words"] == "Weekly use under 30 % for 4 weeks"
    (amendment,) = told["amendments"]
    assert amendment["changes"] == [{"field": "limit", "before": "30", "after": "20"}]
    assert (amendment["reason"], amendment["by"], amendment["criterion"]) == (
        "A holiday.",
        "lena",
        criterion.pk,
    )


def test_a_late_one_needs_a_reason(initiative: Initiative, lena: User, ravi: User, elsa: User) -> None:
    kpi = kpi_of(initiative, lena)
    pass_checkpoint(initiative, "checkpoint-0", lena, ravi)
    assert problem(api(lena).post(all_of(initiative), body(kpi))) == (
        422,
        "invalid",
        [("reason", "required")],
    )

    told = api(lena).post(all_of(initiative), body(kpi, reason="Nobody had thought of it.")).json()

    assert told["locked_at"] is not None
    assert [one["field"] for one in told["amendments"][0]["changes"]] == ["added"]


def test_while_a_decision_is_due_nothing_is_changed(reached: ExitCriterion, lena: User) -> None:
    assert problem(api(lena).patch(one_of(reached), {"limit": "1"}))[:2] == (409, "exit_undecided")
    assert problem(api(lena).delete(one_of(reached)))[:2] == (409, "exit_undecided")


def test_it_is_found_below_its_own_initiative_only(weekly: ExitCriterion, lena: User, elsa: User) -> None:
    path = f"{all_of(create(lena, name='Another'))}{weekly.pk}/"
    assert [api(lena).get(path).status_code, api(lena).patch(path, {}).status_code] == [404, 404]
    assert api(elsa).post(f"{path}decision/", {"decision": "rework", "reason": "Why."}).status_code == 404


def test_a_long_list_costs_no_more_queries(
    pilot: Initiative, lena: User, elsa: User, kpi: Kpi, query_count: Any
) -> None:
    client = api(lena)
    criterion_of(pilot, lena, elsa, kpi=kpi)
    client.get(all_of(pilot))  # what is due is computed once
    few = query_count(lambda: client.get(all_of(pilot)))
    for limit in range(20):
        criterion_of(pilot, lena, elsa, kpi=kpi, limit=str(limit))
    client.get(all_of(pilot))
    assert query_count(lambda: client.get(all_of(pilot))) == few
    page = client.get(all_of(pilot), {"limit": 5}).json()
    assert (len(page["results"]), page["next"] is not None) == (5, True)
