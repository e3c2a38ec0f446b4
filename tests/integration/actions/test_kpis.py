"""KPIs as people promise them, amend them once they are locked, and remove them before."""

from decimal import Decimal
from typing import Any

import pytest

from gates.models import Amendment, Initiative, Kpi
from gates.stages import Stage
from readiness.accounts.models import User
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from readiness.actions.kpis import acknowledge_amendment, create_kpi, edit_kpi, remove_kpi
from readiness.actions.people import deactivate_person
from readiness.actions.readings import NewReading, add_reading, withdraw_reading
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.standing.models import Flag
from tests.fixtures import create
from tests.integration.actions.exiting import criterion_of, kpi_of
from tests.integration.actions.props import UNUSUAL_TEXTS, act, errors, on, pass_checkpoint, the_day

pytestmark = pytest.mark.django_db

LIMITS = {"baseline": "42", "target": "20", "go_limit": "28", "stop_limit": "38"}
MINUTES: dict[str, Any] = {"name": "Handling time", "unit": "minutes", "direction": "down", **LIMITS}


@pytest.fixture
def intake(lena: User) -> Initiative:
    return create(lena, on(0))


@pytest.fixture
def locked(intake: Initiative, lena: User, ravi: User) -> Kpi:
    """Promised on day 0, locked on day 1."""
    kpi, _ = create_kpi(intake.pk, MINUTES, act(lena), on(0))
    pass_checkpoint(intake, "checkpoint-0", lena, ravi, 1)
    kpi.refresh_from_db()
    assert kpi.locked_at is not None
    return kpi


def add(initiative: Initiative, by: User, reason: str = "", **facts: Any) -> Kpi:
    return create_kpi(initiative.pk, MINUTES | facts, act(by), on(2), reason)[0]


def edit(kpi: Kpi, by: User, day: int = 2, reason: str = "", version: int | None = None, **facts: Any) -> Kpi:
    return edit_kpi(kpi.initiative_id, kpi.pk, facts, act(by), on(day), reason, version)[0]


def last(initiative: Initiative) -> Event:
    return Event.objects.filter(initiative=initiative).latest("seq")


# --- Promising ----------------------------------------------------------------------------------------------------


def test_a_kpi_keeps_what_was_given(intake: Initiative, lena: User, elsa: User) -> None:
    given = MINUTES | {"owner": "elsa", "due": "end_of_pilot", "kind": "technical", "signal": "value"}
    kpi, outcome = create_kpi(intake.pk, given, act(lena), on(0))
    kpi.refresh_from_db()
    assert (kpi.name, kpi.unit, kpi.direction, kpi.kind) == ("Handling time", "minutes", "down", "technical")
    assert (kpi.owner, kpi.due, kpi.signal) == (elsa, "end_of_pilot", "value")
    assert (kpi.baseline, kpi.target, kpi.go_limit, kpi.stop_limit) == (42, 20, 28, 38)
    assert (kpi.locked_at, kpi.promised, kpi.version, kpi.created_by) == (None, {}, 1, lena)
    assert outcome.standing.initiative_id == intake.pk
    event = last(intake)
    assert (event.verb, event.data["kpi"], event.data["name"]) == ("kpi.added", kpi.pk, "Handling time")


def test_a_name_is_enough(intake: Initiative, lena: User) -> None:
    kpi, _ = create_kpi(intake.pk, {"name": " Accuracy "}, act(lena), on(0))
    kpi.refresh_from_db()
    assert (kpi.name, kpi.kind, kpi.direction, kpi.owner, kpi.due) == ("Accuracy", "business", "up", None, "")
    assert kpi.limits.complete is False


@pytest.mark.parametrize("text", UNUSUAL_TEXTS.values(), ids=UNUSUAL_TEXTS.keys())
def test_what_people_type_is_kept_as_it_is(intake: Initiative, lena: User, text: str) -> None:
    kpi = add(intake, lena, name=text, unit=text[:20])
    kpi.refresh_from_db()
    assert (kpi.name, kpi.unit) == (text, text[:20].strip())


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"name": ""}, {("name", "required")}),
        ({"name": "   "}, {("name", "required")}),
        ({"name": "x" * 201}, {("name", "too_long")}),
        ({"name": "a\x00b"}, {("name", "null_characters")}),
        ({"name": "a\nb"}, {("name", "control_characters")}),
        ({"unit": "x" * 41}, {("unit", "too_long")}),
        ({"kind": "other"}, {("kind", "unknown_word")}),
        ({"kind": ""}, {("kind", "unknown_word")}),
        ({"direction": "sideways"}, {("direction", "unknown_word")}),
        ({"signal": "mood"}, {("signal", "unknown_word")}),
        ({"due": "some day"}, {("due", "unknown_word")}),
        ({"owner": "nobody"}, {("owner", "unknown_person")}),
        ({"owner": "a\x00b"}, {("owner", "unknown_person")}),
        ({"baseline": "many"}, {("baseline", "wrong_type")}),
        ({"baseline": "NaN"}, {("baseline", "out_of_range")}),
        ({"baseline": "Infinity"}, {("baseline", "out_of_range")}),
        ({"baseline": "1e16"}, {("baseline", "out_of_range")}),
        ({"target": "1.00001"}, {("target", "too_precise")}),
        ({"stop_limit": "27"}, {("stop_limit", "wrong_side")}),
        ({"target": "29"}, {("target", "wrong_side")}),
        ({"direction": "up"}, {("stop_limit", "wrong_side"), ("target", "wrong_side")}),
        ({"signal": "bypass_rate", "baseline": "101"}, {("baseline", "out_of_range")}),
        ({"signal": "weekly_active_share", "target": "-1"}, {("target", "out_of_range")}),
        ({"name": "", "unit": "x" * 41, "go_limit": "?"}, {
            ("name", "required"), ("unit", "too_long"), ("go_limit", "wrong_type"),
        }),
    ],
)  # fmt: skip
def test_every_wrong_field_is_named_and_nothing_is_written(
    intake: Initiative, lena: User, facts: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        add(intake, lena, **facts)
    assert {(error.field, error.code) for error in refused.value.errors} == expected
    assert not Kpi.objects.exists()


def test_limits_may_meet(intake: Initiative, lena: User) -> None:
    assert add(intake, lena, go_limit="28", stop_limit="28", target="28").pk


def test_somebody_who_has_left_owns_nothing_new_and_keeps_what_they_own(
    intake: Initiative, lena: User, elsa: User, ada: User
) -> None:
    kpi = add(intake, lena, owner="elsa")
    deactivate_person("elsa", act(ada), on(1))
    assert edit(kpi, lena, owner="elsa", due="end_of_poc").due == "end_of_poc"
    with pytest.raises(Invalid) as refused:
        add(intake, lena, name="Another", owner="elsa")
    assert errors(refused) == [("owner", "inactive_person")]


def test_two_kpis_have_two_names_until_one_is_removed(intake: Initiative, lena: User) -> None:
    first = add(intake, lena)
    with pytest.raises(Invalid) as refused:
        add(intake, lena, name="HANDLING time")
    assert errors(refused) == [("name", "name_taken")]
    other = add(intake, lena, name="Other")
    with pytest.raises(Invalid):
        edit(other, lena, name="Handling time")
    remove_kpi(intake.pk, first.pk, act(lena), on(3))
    assert edit(other, lena, name="Handling time").name == "Handling time"


def test_there_are_at_most_three_business_kpis_that_stand(intake: Initiative, lena: User) -> None:
    kpis = [add(intake, lena, name=f"Number {number}") for number in range(3)]
    technical = add(intake, lena, name="Latency", kind="technical")
    for refused_act in (
        lambda: add(intake, lena, name="Number 4"),
        lambda: edit(technical, lena, kind="business"),
    ):
        with pytest.raises(Invalid) as refused:
            refused_act()
        assert errors(refused) == [("kind", "too_many")]
    assert edit(kpis[0], lena, unit="hours").unit == "hours"
    remove_kpi(intake.pk, kpis[0].pk, act(lena), on(3))
    assert edit(technical, lena, kind="business").kind == "business"


# --- Changing before the lock -------------------------------------------------------------------------------------


def test_before_the_lock_everything_changes_freely(intake: Initiative, lena: User) -> None:
    kpi = edit(add(intake, lena), lena, target="19", unit="min", owner="lena")
    kpi.refresh_from_db()
    assert (kpi.target, kpi.unit, kpi.owner, kpi.version) == (19, "min", lena, 2)
    assert not Amendment.objects.exists()
    event = last(intake)
    assert event.verb == "kpi.edited"
    assert event.data["changed"] == {
        "target": ["20", "19"], "unit": ["minutes", "min"], "owner": [None, "lena"],
    }  # fmt: skip


def test_a_change_that_changes_nothing_leaves_no_trace(intake: Initiative, lena: User) -> None:
    kpi = add(intake, lena)
    before = Event.objects.count()
    assert edit(kpi, lena, target="20.0", name="Handling time").version == 1
    assert Event.objects.count() == before


def test_a_version_that_no_longer_stands_is_refused(intake: Initiative, lena: User) -> None:
    kpi = add(intake, lena)
    edit(kpi, lena, unit="min", version=1)
    with pytest.raises(Stale) as refused:
        edit(kpi, lena, unit="h", version=1)
    assert refused.value.current.unit == "min"
    with pytest.raises(Stale):
        remove_kpi(intake.pk, kpi.pk, act(lena), on(3), version=1)


def test_the_new_limits_are_held_against_those_that_stay(intake: Initiative, lena: User) -> None:
    kpi = add(intake, lena)
    with pytest.raises(Invalid) as refused:
        edit(kpi, lena, go_limit="39")
    assert errors(refused) == [("stop_limit", "wrong_side")]
    kpi.refresh_from_db()
    assert kpi.go_limit == 28


# --- Amending -----------------------------------------------------------------------------------------------------


def test_several_fields_at_once_are_one_amendment_beside_the_original(locked: Kpi, lena: User) -> None:
    edit(locked, lena, 5, "The volume doubled.", target="25", unit="min", owner="lena")
    amendment = Amendment.objects.get()
    assert amendment.changes == {"target": ["20", "25"], "unit": ["minutes", "min"]}
    assert (amendment.kpi, amendment.reason, amendment.by) == (locked, "The volume doubled.", lena)
    assert (amendment.on, amendment.after_reading, amendment.acknowledged_at) == (the_day(5), False, None)
    locked.refresh_from_db()
    assert locked.promised == {
        "direction": "down", "unit": "minutes", "baseline": "42", "target": "20", "go_limit": "28",
        "stop_limit": "38",
    }  # fmt: skip
    assert (locked.limits.target, locked.promised_limits.target) == (25, Decimal(20))
    event = last(locked.initiative)
    assert (event.verb, event.data["reason"]) == ("kpi.amended", "The volume doubled.")


@pytest.mark.parametrize(
    "facts",
    [
        {"target": "1"},
        {"baseline": None},
        {"go_limit": "30"},
        {"stop_limit": "39"},
        {"unit": "h"},
        {"kind": "technical"},
        {"signal": "value"},
        {"direction": "up", "target": None, "stop_limit": None},
    ],
    ids=str,
)
def test_what_was_locked_changes_only_with_a_reason(locked: Kpi, lena: User, facts: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        edit(locked, lena, 5, "  ", **facts)
    assert errors(refused) == [("reason", "required")]
    assert not Amendment.objects.exists()
    edit(locked, lena, 5, "The world changed.", **facts)
    assert Amendment.objects.get().changes.keys() == facts.keys()


@pytest.mark.parametrize("facts", [{"name": "Time"}, {"owner": "lena"}, {"due": "after_launch"}], ids=str)
def test_name_owner_and_day_of_a_locked_kpi_change_freely(
    locked: Kpi, lena: User, facts: dict[str, Any]
) -> None:
    edit(locked, lena, 5, **facts)
    assert not Amendment.objects.exists()
    assert last(locked.initiative).verb == "kpi.edited"


def test_an_amendment_knows_whether_a_reading_stands(locked: Kpi, lena: User) -> None:
    def amended_after(day: int) -> bool:
        edit(locked, lena, day, "Again.", target=str(20 - day))
        return Amendment.objects.latest("pk").after_reading

    done = add_reading(locked.initiative_id, locked.pk, NewReading(the_day(3), 40), act(lena), on(3))
    assert amended_after(4) is True
    withdraw_reading(locked.initiative_id, done.readings[0].pk, "Miscounted.", act(lena), on(5))
    assert amended_after(6) is False


def test_a_kpi_that_comes_after_the_lock_is_locked_at_once_and_says_that_it_was_added(
    locked: Kpi, lena: User
) -> None:
    with pytest.raises(Invalid) as refused:
        add(locked.initiative, lena, name="")
    assert errors(refused) == [("name", "required"), ("reason", "required")]
    late = add(locked.initiative, lena, "Nobody had thought of it.", name="Errors")
    late.refresh_from_db()
    assert (late.locked_at, late.promised["target"]) == (on(2), "20")
    amendment = Amendment.objects.get()
    assert (amendment.kpi, amendment.changes) == (late, {"added": [None, "Errors"]})
    assert last(locked.initiative).data["reason"] == "Nobody had thought of it."


@pytest.mark.parametrize(("stage", "late"), [("pilot", False), ("rollout", False), ("live", True)])
def test_after_the_launch_a_first_kpi_is_a_late_one(lena: User, ada: User, stage: str, late: bool) -> None:
    taken_over = create(ada, on(0), stage=stage, people={"members": ["lena"]})
    assert Stage(taken_over.stage) == stage
    kpi = add(taken_over, lena, "It came with it.")
    assert (kpi.locked_at is not None, Amendment.objects.exists()) == (late, late)


# --- Acknowledging ------------------------------------------------------------------------------------------------


@pytest.fixture
def amended(locked: Kpi, lena: User) -> Amendment:
    add_reading(locked.initiative_id, locked.pk, NewReading(the_day(3), 40), act(lena), on(3))
    edit(locked, lena, 5, "The volume doubled.", target="25")
    return Amendment.objects.get()


def test_a_reviewer_who_is_not_on_the_team_acknowledges_it_and_the_flag_goes(
    amended: Amendment, lena: User, ravi: User
) -> None:
    move_stage(amended.initiative_id, "poc", act(lena), on(5))
    flag = Flag.objects.get(initiative=amended.initiative, code="promise_amended")
    assert flag.resolved_at is None
    for _ in range(2):
        acknowledge_amendment(amended.initiative_id, amended.pk, act(ravi), on(6))
    amended.refresh_from_db()
    flag.refresh_from_db()
    assert (amended.acknowledged_by, amended.acknowledged_at) == (ravi, on(6))
    assert flag.resolved_at is not None
    assert Event.objects.filter(verb="amendment.acknowledged").count() == 1


def test_nobody_else_acknowledges_it(amended: Amendment, lena: User, elsa: User, ada: User) -> None:
    for who in (lena, elsa, ada):
        with pytest.raises(NotAllowed):
            acknowledge_amendment(amended.initiative_id, amended.pk, act(who), on(6))
    amended.refresh_from_db()
    assert amended.acknowledged_at is None


def test_an_amendment_of_elsewhere_is_not_there(amended: Amendment, ravi: User, omar: User) -> None:
    other = create(omar, on(0))
    with pytest.raises(NotFound):
        acknowledge_amendment(other.pk, amended.pk, act(ravi), on(6))


# --- Removing -----------------------------------------------------------------------------------------------------


def test_a_removed_kpi_is_gone_with_its_readings_and_stays_in_the_database(
    intake: Initiative, lena: User
) -> None:
    kpi = add(intake, lena)
    add_reading(intake.pk, kpi.pk, NewReading(the_day(1), 40), act(lena), on(2))
    remove_kpi(intake.pk, kpi.pk, act(lena), on(3))
    kpi.refresh_from_db()
    assert (kpi.removed_at, kpi.readings.count()) == (on(3), 1)
    assert last(intake).verb == "kpi.removed"
    for gone in (
        lambda: edit(kpi, lena, unit="h"),
        lambda: remove_kpi(intake.pk, kpi.pk, act(lena), on(3)),
        lambda: add_reading(intake.pk, kpi.pk, NewReading(the_day(2), 40), act(lena), on(3)),
    ):
        with pytest.raises(NotFound):
            gone()


def test_what_is_locked_is_not_removed(locked: Kpi, lena: User) -> None:
    with pytest.raises(Conflict) as refused:
        remove_kpi(locked.initiative_id, locked.pk, act(lena), on(3))
    assert refused.value.code == "promise_locked"


def test_what_an_exit_criterion_stands_on_is_not_removed(intake: Initiative, lena: User, elsa: User) -> None:
    kpi = kpi_of(intake, lena)
    criterion = criterion_of(intake, lena, elsa, kpi=kpi)
    with pytest.raises(Conflict) as refused:
        remove_kpi(intake.pk, kpi.pk, act(lena), on(3))
    assert refused.value.code == "kpi_in_use"
    criterion.removed_at = on(3)
    criterion.save()
    remove_kpi(intake.pk, kpi.pk, act(lena), on(3))
    kpi.refresh_from_db()
    assert kpi.removed_at == on(3)


def test_a_kpi_of_elsewhere_is_not_there(intake: Initiative, lena: User, omar: User) -> None:
    kpi = add(create(omar, on(0)), omar)
    for elsewhere in (
        lambda: edit_kpi(intake.pk, kpi.pk, {"unit": "h"}, act(lena), on(3)),
        lambda: remove_kpi(intake.pk, kpi.pk, act(lena), on(3)),
    ):
        with pytest.raises(NotFound):
            elsewhere()
