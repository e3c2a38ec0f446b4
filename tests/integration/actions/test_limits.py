"""Parallel limits: who sets them, when they are asked for, and that a reason passes them."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gates.models import Initiative, ParallelLimit, StageEntry
from readiness.accounts.models import User
from readiness.actions.errors import Conflict, Invalid, NotAllowed
from readiness.actions.holds import set_hold
from readiness.actions.initiatives import create_initiative, edit_initiative
from readiness.actions.limits import (
    MOST_MAX,
    LimitReached,
    Wanted,
    limits_reached,
    remove_limit,
    replace_limits,
    set_limit,
)
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND
from tests.fixtures import create, make_ready, person
from tests.integration.actions.props import LESSON, act, on, the_day

pytestmark = pytest.mark.django_db


def limit(ada: User, most: int = 1, stage: str = "pilot", unit: str = "Finance") -> None:
    set_limit(Wanted(stage, unit, most), act(ada), on(0))


def back(one: Initiative, by: User, to: str = "pilot", **given: str) -> None:
    move_stage(one.pk, to, act(by), on(1), "Too early.", **given)


def standing() -> set[tuple[str, str, int]]:
    return set(ParallelLimit.objects.values_list("stage", "unit_key", "most"))


# --- Setting --------------------------------------------------------------------------------------------------


def test_an_admin_sets_changes_and_takes_away_a_limit_and_each_leaves_one_event(ada: User) -> None:
    limit(ada, 3, unit="  Customer   Service ")
    limit(ada, 4, unit="customer service")
    limit(ada, 4, unit="CUSTOMER SERVICE")  # the same again changes nothing
    assert standing() == {("pilot", "customer service", 4)}
    assert ParallelLimit.objects.get().unit == "Customer Service"
    remove_limit("pilot", "customer service", act(ada), on(0))
    remove_limit("pilot", "customer service", act(ada), on(0))
    assert standing() == set()
    events = Event.objects.filter(verb="limit.set").order_by("seq")
    assert [event.data["changed"] for event in events] == [
        {"pilot/Customer Service": [None, 3]},
        {"pilot/customer service": [3, 4]},
        {"pilot/Customer Service": [4, None]},
    ]
    assert {event.initiative_id for event in events} == {None}


def test_all_are_replaced_at_once_or_none(ada: User) -> None:
    limit(ada, 3)
    limit(ada, 2, "poc", "")
    replace_limits([Wanted("pilot", "Finance", 5), Wanted("rollout", "", 1)], act(ada), on(0))
    assert standing() == {("pilot", "finance", 5), ("rollout", "", 1)}
    assert Event.objects.filter(verb="limit.set").latest("seq").data["changed"] == {
        "pilot/Finance": [3, 5],
        "poc/*": [2, None],
        "rollout/*": [None, 1],
    }
    wrong = [Wanted("pilot", "Legal", 2), Wanted("intake", "", 0), Wanted("pilot", " LEGAL", 2)]
    with pytest.raises(Invalid) as refused:
        replace_limits(wrong, act(ada), on(0))
    assert [(error.field, error.code) for error in refused.value.errors] == [
        ("limits.1.stage", "unknown_word"),
        ("limits.1.most", "out_of_range"),
        ("limits.2.business_unit", "named_twice"),
    ]
    assert standing() == {("pilot", "finance", 5), ("rollout", "", 1)}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (("intake", "", 1), "stage"),
        (("live", "", 1), "stage"),
        (("pilot", "", 0), "most"),
        (("pilot", "", MOST_MAX + 1), "most"),
        (("pilot", "x" * 201, 1), "business_unit"),
        (("pilot", "a\x00b", 1), "business_unit"),
        (("pilot", "\ud83d", 1), "business_unit"),
    ],
)
def test_what_is_no_limit_is_refused_at_its_field(ada: User, given: tuple[str, str, int], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_limit(Wanted(*given), act(ada), on(0))
    assert [error.field for error in refused.value.errors] == [field]
    assert standing() == set()


@pytest.mark.parametrize("who", ["lena", "ravi", "elsa", "iris"])
def test_nobody_else_sets_one(who: str, request: pytest.FixtureRequest) -> None:
    by = act(request.getfixturevalue(who))
    for refused in (
        lambda: set_limit(Wanted("pilot", "", 1), by, on(0)),
        lambda: remove_limit("pilot", "", by, on(0)),
        lambda: replace_limits([], by, on(0)),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert not Event.objects.filter(verb="limit.set").exists()


def test_the_database_holds_what_a_limit_is() -> None:
    for nonsense in ({"stage": "intake", "most": 1}, {"stage": "pilot", "most": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ParallelLimit.objects.create(**nonsense)


# --- Entering a stage -----------------------------------------------------------------------------------------


def test_up_to_the_limit_they_enter_and_the_next_is_refused(lena: User, ada: User) -> None:
    limit(ada, 2)
    first, second = create(lena, on(0), stage="pilot"), create(lena, on(0), stage="pilot", name="Second")
    third = create(ada, on(0), stage="rollout", people={"members": ["lena"]})
    with pytest.raises(LimitReached) as refused:
        back(third, lena)
    assert (refused.value.code, refused.value.most, refused.value.stage) == ("parallel_limit", 2, "pilot")
    assert set(refused.value.seen) == {first, second}
    assert "Finance may have 2 in Pilot at once" in refused.value.message
    assert f"{second.ref} Second" in refused.value.message
    third.refresh_from_db()
    assert third.stage == "rollout"
    assert not Event.objects.filter(initiative=third, verb="stage.moved").exists()


def test_one_step_forward_is_asked_too(lena: User, ravi: User, ada: User) -> None:
    limit(ada, 1, "rollout")
    create(ada, on(0), stage="rollout")
    ready = create(lena, on(0), stage="pilot")
    make_ready(ready, lena, ravi, on(0))
    with pytest.raises(LimitReached):
        move_stage(ready.pk, "rollout", act(lena), on(0))
    move_stage(ready.pk, "rollout", act(lena), on(0), over_limit="The board wants both this year.")
    ready.refresh_from_db()
    assert ready.stage == "rollout"


def test_what_stands_in_the_way_is_told_before_the_limit(lena: User, ada: User) -> None:
    limit(ada, 1, "rollout")
    create(ada, on(0), stage="rollout")
    one = create(lena, on(0), stage="pilot")
    with pytest.raises(Conflict) as refused:
        move_stage(one.pk, "rollout", act(lena), on(0), over_limit="All the same.")
    assert refused.value.code == "stage_guarded"


def test_a_reason_lets_it_in_and_is_kept(lena: User, ada: User) -> None:
    limit(ada)
    create(lena, on(0), stage="pilot")
    one = create(ada, on(0), stage="rollout", people={"members": ["lena"]})
    back(one, lena, over_limit="  The auditors wait for it.  ")
    stay = StageEntry.objects.get(initiative=one, left_on__isnull=True)
    assert (stay.stage, stay.over_limit, stay.reason) == ("pilot", "The auditors wait for it.", "Too early.")
    moved = Event.objects.get(initiative=one, verb="stage.moved")
    assert moved.data["over_limit"] == "The auditors wait for it."


def test_a_reason_that_was_not_needed_is_not_kept(lena: User, ada: User) -> None:
    limit(ada, 2)
    create(lena, on(0), stage="pilot")
    one = create(ada, on(0), stage="rollout", people={"members": ["lena"]})
    back(one, lena, over_limit="Just in case.")
    assert StageEntry.objects.get(initiative=one, left_on__isnull=True).over_limit == ""
    assert "over_limit" not in Event.objects.get(initiative=one, verb="stage.moved").data


@pytest.mark.parametrize("reason", ["x" * 2001, "a\x00b"])
def test_a_reason_that_cannot_be_kept_is_refused_at_its_field(lena: User, ada: User, reason: str) -> None:
    limit(ada)
    create(lena, on(0), stage="pilot")
    one = create(ada, on(0), stage="rollout", people={"members": ["lena"]})
    with pytest.raises(Invalid) as refused:
        back(one, lena, over_limit=reason)
    assert [error.field for error in refused.value.errors] == ["over_limit_reason"]
    with pytest.raises(Invalid):
        create(lena, on(0), stage="pilot", over_limit_reason=reason)


def test_what_is_taken_over_is_asked_at_its_stage(lena: User, ada: User) -> None:
    limit(ada)
    create(lena, on(0), stage="pilot")
    made = Initiative.objects.count()
    with pytest.raises(LimitReached):
        create(lena, on(0), stage="pilot", business_unit=" FINANCE ")
    assert Initiative.objects.count() == made
    one = create(lena, on(0), stage="pilot", over_limit_reason="It runs already.")
    assert StageEntry.objects.get(initiative=one).over_limit == "It runs already."
    assert (
        Event.objects.get(initiative=one, verb="initiative.created").data["over_limit"] == "It runs already."
    )


def test_intake_live_and_ends_are_never_asked(lena: User, ada: User) -> None:
    for stage in ("poc", "pilot", "rollout"):
        limit(ada, 1, stage, "")
    for stage in ("intake", "intake", "live", "live"):
        create(ada, on(0), stage=stage)
    one, two = create(lena, on(0), stage="poc"), create(lena, on(0), stage="pilot")
    back(one, lena, "intake")
    move_stage(two.pk, "stopped", act(lena), on(1), "", LESSON)
    assert set(StageEntry.objects.values_list("over_limit", flat=True)) == {""}


def test_each_unit_is_counted_by_itself_and_its_own_limit_comes_first(lena: User, ada: User) -> None:
    limit(ada, 1, unit="")
    limit(ada, 2, unit="Finance")
    for unit in ("Finance", "Finance", "Legal", ""):
        create(lena, on(0), stage="pilot", business_unit=unit)
    for unit in ("Finance", "Legal", ""):
        with pytest.raises(LimitReached):
            create(lena, on(0), stage="pilot", business_unit=unit)
    create(lena, on(0), stage="pilot", business_unit="Sales")
    create(lena, on(0), stage="poc", business_unit="Legal")


def test_who_is_on_hold_keeps_the_place_and_who_left_frees_it(lena: User, ada: User) -> None:
    limit(ada)
    held = create(lena, on(0), stage="pilot")
    set_hold(held.pk, "Budget freeze.", the_day(30), act(lena), on(0))
    with pytest.raises(LimitReached):
        create(lena, on(0), stage="pilot")
    move_stage(held.pk, "stopped", act(lena), on(1), "", LESSON)
    create(lena, on(1), stage="pilot")


def test_an_edit_of_the_unit_enters_no_stage(lena: User, ada: User) -> None:
    limit(ada)
    create(lena, on(0), stage="pilot")
    other = create(lena, on(0), stage="pilot", business_unit="Legal")
    edit_initiative(other.pk, {"business_unit": "Finance"}, act(lena), on(0))
    assert Initiative.objects.filter(stage="pilot", business_unit_key="finance").count() == 2


def test_the_refusal_names_only_whom_the_person_may_see(lena: User, omar: User, ada: User) -> None:
    limit(ada, 2)
    create(omar, on(0), stage="pilot", name="Hidden merger", visibility="team")
    shown = create(omar, on(0), stage="pilot", name="Parcel routing")
    with pytest.raises(LimitReached) as refused:
        create(lena, on(0), stage="pilot")
    assert refused.value.seen == (shown,)
    assert "Hidden" not in refused.value.message
    assert "as far as you may see: 1 (" in refused.value.message
    with pytest.raises(LimitReached) as to_admin:
        create(ada, on(0), stage="pilot")
    assert len(to_admin.value.seen) == 2


def test_of_many_only_some_are_named_and_without_any_to_see_none(lena: User, omar: User, ada: User) -> None:
    limit(ada, 7)
    for number in range(7):
        create(lena, on(0), stage="pilot", name=f"Pilot {number}")
    with pytest.raises(LimitReached) as refused:
        create(lena, on(0), stage="pilot")
    assert "Pilot 4 and 2 more" in refused.value.message
    nils = person("nils")
    hidden = Initiative.objects.filter(business_unit_key="finance")
    hidden.update(visibility="team")
    joined = create(ada, on(0), stage="rollout", people={"members": ["nils"]})
    with pytest.raises(LimitReached) as blind:
        back(joined, nils)
    assert blind.value.seen == ()
    assert "as far as you may see" not in blind.value.message


def test_a_command_is_asked_as_well(lena: User, ada: User) -> None:
    limit(ada)
    facts: dict[str, Any] = {
        "name": "Routing", "business_problem": "Late.", "business_unit": "Finance", "stage": "pilot"
    }  # fmt: skip
    create(lena, on(0), stage="pilot", visibility="team")
    with pytest.raises(LimitReached) as refused:
        create_initiative(facts, COMMAND, on(0))
    assert len(refused.value.seen) == 1


def test_the_stages_it_could_only_enter_with_a_reason_are_known_before(lena: User, ada: User) -> None:
    limit(ada, 1)
    limit(ada, 5, "rollout", "")
    limit(ada, 1, "poc")
    here = create(lena, on(0), stage="poc")
    create(lena, on(0), stage="pilot")
    assert limits_reached(here) == {"pilot": 1}
