"""Several kept conditions confirmed in one call: each on its own, with a result of its own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError

from gates.models import Condition, Initiative
from readiness import clock
from readiness.accounts.models import Scope, User
from readiness.actions import conditions
from readiness.actions.conditions import keep_condition
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from tests.fixtures import answer_all, api, create, pass_gate, promise


def kept_one(lead: User, reviewer: User, name: str, **facts: Any) -> Condition:
    """A kept condition of an initiative of its own."""
    made = create(lead, name=name, **facts)
    answer_all(made, lead, gates=["data"])
    pass_gate(made, "data", lead, reviewer, conditions=[promise(lead, f"Promise of {name}.")])
    condition = Condition.objects.latest("pk")
    keep_condition(made.pk, condition.pk, "Done.", Actor.person(lead), clock.now())
    return condition


@pytest.fixture
def kept(lena: User, ravi: User) -> list[int]:
    """Three, of three initiatives; ravi has joined the team of the last."""
    keys = [kept_one(lena, ravi, f"Promised {number}").pk for number in range(3)]
    last = Initiative.objects.latest("pk")
    last.team_roles.create(user=ravi, role="member", since=clock.now())
    return keys


def confirm(by: User, *keys: Any) -> Any:
    return api(by).post("conditions/confirm/", {"conditions": list(keys)})


def states(keys: list[int]) -> list[str]:
    found = dict(Condition.objects.values_list("pk", "state"))
    return [found[key] for key in keys]


def told(response: Any) -> list[tuple[int, str | None, int, str]]:
    """Of each result: the condition, its state, and the status and code of its refusal."""
    return [
        (one["condition"], one["state"], refusal.get("status", 0), refusal.get("code", ""))
        for one in response.json()["results"]
        for refusal in [one["refusal"] or {}]
    ]


def test_they_are_confirmed_each_with_its_own_event(kept: list[int], ravi: User) -> None:
    answer = confirm(ravi, kept[1], kept[0])
    assert answer.status_code == 200
    assert (answer.json()["confirmed"], answer.json()["refused"]) == (2, 0)
    assert told(answer) == [(kept[1], "confirmed", 0, ""), (kept[0], "confirmed", 0, "")]
    place = Condition.objects.get(pk=kept[1]).decision.passage.initiative
    assert (answer.json()["results"][0]["initiative"], answer.json()["results"][0]["gate"]) == (
        place.ref,
        "data",
    )
    assert states(kept) == ["confirmed", "confirmed", "kept"]
    events = Event.objects.filter(verb="condition.confirmed")
    assert {(event.actor.username, event.token_name) for event in events} == {("ravi", "a test")}
    assert events.count() == 2


def test_one_that_is_refused_holds_up_no_other_and_says_why(kept: list[int], ravi: User) -> None:
    assert confirm(ravi, kept[0]).status_code == 200
    answer = confirm(ravi, kept[2], kept[0], kept[1], 2**62)
    assert answer.status_code == 200
    assert (answer.json()["confirmed"], answer.json()["refused"]) == (1, 3)
    assert told(answer) == [
        (kept[2], "kept", 403, "separation_of_duties"),
        (kept[0], "confirmed", 409, "condition_not_kept"),
        (kept[1], "confirmed", 0, ""),
        (2**62, None, 404, "not_found"),
    ]
    alone = api(ravi).post(f"initiatives/{_ref(kept[2])}/conditions/{kept[2]}/confirm/")
    assert answer.json()["results"][0]["refusal"] == alone.json()


def test_where_none_is_confirmed_nothing_has_changed_and_each_says_why(kept: list[int], ravi: User) -> None:
    answer = confirm(ravi, kept[2], 2**62)
    assert (answer.status_code, answer.json()["code"]) == (409, "none_confirmed")
    assert told(answer) == [(kept[2], "kept", 403, "separation_of_duties"), (2**62, None, 404, "not_found")]
    assert states(kept) == ["kept"] * 3
    assert not Event.objects.filter(verb="condition.confirmed").exists()


def test_what_one_may_not_know_of_is_as_if_it_were_not_there(
    kept: list[int], ravi: User, seen_by_rule: Callable[[Any], None]
) -> None:
    """Today a reviewer may know of all; the door asks nevertheless."""
    secret = Condition.objects.get(pk=kept[1]).decision.passage.initiative_id
    seen_by_rule(lambda rows, user: rows.exclude(pk=secret))
    hidden, missing = confirm(ravi, kept[0], kept[1], 2**62).json()["results"][1:]
    assert hidden == missing | {"condition": kept[1]}
    assert states(kept) == ["confirmed", "kept", "kept"]


@pytest.mark.parametrize("who", ["lena", "elsa", "omar", "iris", "ada"])
def test_only_reviewers_confirm_several(request: pytest.FixtureRequest, kept: list[int], who: str) -> None:
    refused = confirm(request.getfixturevalue(who), *kept)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert states(kept) == ["kept"] * 3


def test_the_token_needs_the_scope_review(kept: list[int], ravi: User) -> None:
    client = api(ravi, Scope.READ, Scope.WRITE, Scope.ADMIN)
    refused = client.post("conditions/confirm/", {"conditions": kept})
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert states(kept) == ["kept"] * 3


def _goes_away_after(monkeypatch: pytest.MonkeyPatch, calls: int) -> list[int]:
    """The database leaves after so many conditions; which were tried."""
    tried: list[int] = []
    confirming = conditions.confirm_condition

    def failing(initiative_id: int, condition_id: int, *more: Any) -> Any:
        tried.append(condition_id)
        if len(tried) > calls:
            raise OperationalError("server closed the connection unexpectedly")
        return confirming(initiative_id, condition_id, *more)

    monkeypatch.setattr(conditions, "confirm_condition", failing)
    return tried


def test_what_was_done_before_the_database_went_away_is_told(
    kept: list[int], ravi: User, lena: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = kept_one(lena, ravi, "Promised 3").pk
    tried = _goes_away_after(monkeypatch, 1)
    answer = confirm(ravi, kept[0], kept[1], more)
    assert answer.status_code == 200
    assert told(answer) == [
        (kept[0], "confirmed", 0, ""),
        (kept[1], "kept", 503, "busy"),
        (more, "kept", 503, "busy"),
    ]
    assert tried == [kept[0], kept[1]]  # nobody waits for it once more


def test_a_database_that_was_away_from_the_start_is_busy(
    kept: list[int], ravi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    _goes_away_after(monkeypatch, 0)
    answer = confirm(ravi, *kept)
    assert (answer.status_code, answer.json()["code"], "Retry-After" in answer) == (503, "busy", True)
    assert states(kept) == ["kept"] * 3


@pytest.mark.parametrize(
    ("body", "status", "errors"),
    [
        ({}, 400, {"conditions": "required"}),
        ({"conditions": None}, 400, {"conditions": "required"}),
        ({"conditions": 7}, 400, {"conditions": "wrong_type"}),
        ({"conditions": ["7"]}, 400, {"conditions.0": "wrong_type"}),
        ({"conditions": [True]}, 400, {"conditions.0": "wrong_type"}),
        ({"conditions": []}, 422, {"conditions": "required"}),
        ({"conditions": [0]}, 422, {"conditions.0": "out_of_range"}),
        ({"conditions": [7, 8, 7, 7]}, 422, {"conditions.2": "named_twice", "conditions.3": "named_twice"}),
        ({"conditions": [*range(1, 102)]}, 422, {"conditions": "too_many"}),
        ({"conditions": [7], "note": "x"}, 400, {"note": "unknown_field"}),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_confirmed(
    kept: list[int], ravi: User, body: dict[str, Any], status: int, errors: dict[str, str]
) -> None:
    refused = api(ravi).post("conditions/confirm/", body)
    found = {error["field"]: error["code"] for error in refused.json()["errors"]}
    assert (refused.status_code, found) == (status, errors)
    assert states(kept) == ["kept"] * 3


def test_a_hundred_go_in_one_call(ravi: User) -> None:
    answer = confirm(ravi, *range(1, 101))
    assert (answer.status_code, len(answer.json()["results"])) == (409, 100)


def _ref(key: int) -> str:
    ref: str = Condition.objects.get(pk=key).decision.passage.initiative.ref
    return ref


def test_how_it_was_kept_is_told_and_asked_for(lena: User, ravi: User) -> None:
    made = create(lena)
    answer_all(made, lena, gates=["data"])
    pass_gate(made, "data", lena, ravi, conditions=[promise(lena, "Write it.")])
    path = f"initiatives/{made.ref}/conditions/{Condition.objects.get().pk}/keep/"
    gates = f"initiatives/{made.ref}/gates/"

    def kept() -> dict[str, Any]:
        found = api(ravi).get(gates).json()["results"]
        (told,) = next(one["conditions"] for one in found if one["gate"] == "data")
        return {name: told[name] for name in ("kept_by", "kept_at", "kept_note")}

    assert kept() == {"kept_by": None, "kept_at": None, "kept_note": ""}
    for given, status in (({}, 400), ({"note": " "}, 422)):
        refused = api(lena).post(path, given)
        (error,) = refused.json()["errors"]
        assert (refused.status_code, error["field"], error["code"]) == (status, "note", "required")
    assert api(lena).post(path, {"note": "In the wiki."}).status_code == 200
    assert kept() | {"kept_at": ""} == {"kept_by": "lena", "kept_at": "", "kept_note": "In the wiki."}
    assert kept()["kept_at"] is not None
