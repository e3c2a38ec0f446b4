"""Handovers: opened when somebody is deactivated or says they leave, written, closed; and all at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gates.models import Handover, HandoverTopic, Initiative, TeamRole
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound
from readiness.actions.handing_over import HandedOver, hand_over_everything, holdings_of
from readiness.actions.handovers import (
    NOTE_MAX,
    PointChange,
    close_handover,
    start_handover,
    write_handover,
)
from readiness.actions.initiatives import edit_initiative
from readiness.actions.people import deactivate_person, reactivate_person
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor, verify
from readiness.standing.recompute import fresh_outcome
from tests.fixtures import create, person, today

LESSON = {"tried": "It.", "did_not_work": "All.", "outcome": "decided"}


@pytest.fixture
def noor(db: None) -> User:
    """Who leaves."""
    return person("noor", function="it")


@pytest.fixture
def sam(db: None) -> User:
    """Who follows."""
    return person("sam")


def held_by(who: User, by: User, name: str = "Invoice triage", **roles: Any) -> Initiative:
    """One in its PoC on which this person holds places: ``deputy=True``, ``members=True``."""
    people = {role: [who.username] if role == "members" else who.username for role in roles}
    return create(by, name=name, stage="poc", people=people)


def people(initiative: Initiative) -> dict[str, list[str]]:
    places = TeamRole.objects.filter(initiative=initiative, until__isnull=True).order_by("user__username")
    found: dict[str, list[str]] = {}
    for role, username in places.values_list("role", "user__username"):
        found.setdefault(role, []).append(username)
    return found


def events(verb: str) -> list[dict[str, Any]]:
    return list(Event.objects.filter(verb=verb).order_by("seq").values_list("data", flat=True))


def all_over(leaver: User, to: str, by: Actor) -> HandedOver:
    return hand_over_everything(leaver.username, to, by, clock.now())


def start(initiative: Initiative, leaver: User, by: User) -> Handover:
    return start_handover(initiative.pk, leaver.username, Actor.person(by), clock.now())[0]


# --- Deactivating ---------------------------------------------------------------------------------------------


def test_deactivating_opens_a_handover_with_six_points_on_every_running_initiative(
    lena: User, ada: User, noor: User
) -> None:
    first = held_by(noor, lena, "One", deputy=True, members=True)
    second = held_by(noor, lena, "Two", business_owner=True)
    ended = held_by(noor, lena, "Three", deputy=True)
    move_stage(ended.pk, "stopped", Actor.person(lena), clock.now(), lesson=LESSON)
    create(lena, name="Not hers")
    deactivate_person("noor", Actor.person(ada), clock.now())
    opened = Handover.objects.order_by("initiative")
    assert [(one.initiative, one.leaver, one.roles, one.opened_by, one.closed_at) for one in opened] == [
        (first, noor, ["deputy", "member"], ada, None),
        (second, noor, ["business_owner"], ada, None),
    ]
    for one in opened:
        assert [point.topic for point in one.points.all()] == HandoverTopic.values
    assert [data["roles"] for data in events("handover.opened")] == [["deputy", "member"], ["business_owner"]]
    assert Event.objects.filter(verb="handover.opened", initiative_id=second.pk).count() == 1
    assert verify()[1] is None


def test_places_of_the_deactivated_stay_and_raise_the_flag(lena: User, ada: User, noor: User) -> None:
    initiative = held_by(noor, lena, deputy=True)
    deactivate_person("noor", Actor.person(ada), clock.now())
    assert people(initiative)["deputy"] == ["noor"]
    assert "owner_left" in {flag.code for flag in fresh_outcome(initiative.pk, clock.now()).flags}


def test_deactivating_takes_as_many_queries_for_one_initiative_as_for_twelve(
    lena: User, ada: User, noor: User, sam: User
) -> None:
    held_by(sam, lena, deputy=True)
    for number in range(12):
        held_by(noor, lena, f"Number {number}", deputy=True)
    with CaptureQueriesContext(connection) as one:
        deactivate_person("sam", Actor.person(ada), clock.now())
    with CaptureQueriesContext(connection) as many:
        deactivate_person("noor", Actor.person(ada), clock.now())
    assert Handover.objects.filter(leaver=noor).count() == 12
    assert len(many) == len(one)


def test_one_that_is_open_already_stays_as_it_is(lena: User, ada: User, noor: User) -> None:
    initiative = held_by(noor, lena, deputy=True)
    handover = start(initiative, noor, lena)
    deactivate_person("noor", Actor.person(ada), clock.now())
    reactivate_person("noor", Actor.person(ada), clock.now())
    deactivate_person("noor", Actor.person(ada), clock.now())
    assert list(Handover.objects.all()) == [handover]
    assert handover.points.count() == 6


def test_the_database_holds_one_open_handover_a_person(lena: User, noor: User) -> None:
    initiative = held_by(noor, lena, deputy=True)
    start(initiative, noor, lena)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(initiative=initiative, leaver=noor, opened_at=clock.now())


# --- By hand --------------------------------------------------------------------------------------------------


def test_who_leaves_the_team_and_an_admin_start_one(lena: User, ada: User, noor: User) -> None:
    for by in (noor, lena, ada):
        initiative = held_by(noor, lena, f"By {by.username}", members=True)
        assert start(initiative, noor, by).opened_by == by


def test_others_start_none(lena: User, noor: User, omar: User, elsa: User) -> None:
    initiative = held_by(noor, lena, deputy=True)
    for by in (omar, elsa):
        with pytest.raises(NotAllowed):
            start(initiative, noor, by)
    assert not Handover.objects.exists()


@pytest.mark.parametrize("username", ["sam", "nobody", "", "no\x00or", "noor🎉"])
def test_only_who_holds_a_place_hands_it_over(lena: User, noor: User, sam: User, username: str) -> None:
    initiative = held_by(noor, lena, deputy=True)
    with pytest.raises(Invalid) as refused:
        start_handover(initiative.pk, username, Actor.person(lena), clock.now())
    assert [error.field for error in refused.value.errors] == ["leaver"]


def test_it_is_started_once(lena: User, noor: User) -> None:
    initiative = held_by(noor, lena, deputy=True)
    start(initiative, noor, lena)
    with pytest.raises(Conflict) as refused:
        start(initiative, noor, lena)
    assert refused.value.code == "handover_open"


# --- Writing and closing --------------------------------------------------------------------------------------


def write(handover: Handover, by: User, **given: Any) -> None:
    write_handover(handover.initiative_id, handover.pk, Actor.person(by), clock.now(), **given)


def test_points_are_written_done_and_undone(lena: User, noor: User) -> None:
    handover = start(held_by(noor, lena, deputy=True), noor, lena)
    write(
        handover, noor, points={"setup": PointChange("  In the wiki.  ", True), "data": PointChange("SAP.")}
    )
    setup, data = handover.points.get(topic="setup"), handover.points.get(topic="data")
    assert (setup.note, setup.done_by, data.note, data.done_at) == ("In the wiki.", noor, "SAP.", None)
    write(handover, lena, points={"setup": PointChange(done=False)})
    setup.refresh_from_db()
    assert (setup.note, setup.done_by, setup.done_at) == ("In the wiki.", None, None)
    assert [data["topics"] for data in events("handover.written")] == [["setup", "data"], ["setup"]]


def test_who_handed_a_point_on_first_stays_named(lena: User, noor: User) -> None:
    handover = start(held_by(noor, lena, deputy=True), noor, lena)
    write(handover, noor, points={"setup": PointChange(done=True)})
    write(handover, lena, points={"setup": PointChange("More.", True)})
    assert handover.points.get(topic="setup").done_by == noor


def test_nothing_written_leaves_no_event(lena: User, noor: User) -> None:
    handover = start(held_by(noor, lena, deputy=True), noor, lena)
    write(handover, lena, points={"setup": PointChange("", False)}, successor="")
    assert events("handover.written") == []


def test_every_wrong_field_is_named_and_nothing_written(lena: User, noor: User) -> None:
    handover = start(held_by(noor, lena, deputy=True), noor, lena)
    points = {
        "setup": PointChange("Good."),
        "data": PointChange("x" * (NOTE_MAX + 1)),
        "reasons": PointChange("a\x00b"),
        "poetry": PointChange("x"),
    }
    with pytest.raises(Invalid) as refused:
        write(handover, lena, points=points, successor="noor")
    assert [(error.field, error.code) for error in refused.value.errors] == [
        ("points.data.note", "too_long"),
        ("points.reasons.note", "null_characters"),
        ("points.poetry", "unknown_word"),
        ("successor", "same_person"),
    ]
    assert set(handover.points.values_list("note", flat=True)) == {""}


def test_the_successor_is_somebody_else_and_active(lena: User, ada: User, noor: User, sam: User) -> None:
    handover = start(held_by(noor, lena, deputy=True), noor, lena)
    write(handover, lena, successor="SAM")
    handover.refresh_from_db()
    assert handover.successor == sam
    deactivate_person("sam", Actor.person(ada), clock.now())
    write(handover, lena, successor="sam", points={"setup": PointChange("Kept.")})  # named before: stays
    write(handover, lena, successor="")
    for username, code in [
        ("sam", "inactive_person"),
        ("nobody", "unknown_person"),
        ("a\x00", "null_characters"),
    ]:
        with pytest.raises(Invalid) as refused:
            write(handover, lena, successor=username)
        assert [error.code for error in refused.value.errors] == [code]


def test_closing_says_what_was_not_handed_on(lena: User, noor: User) -> None:
    handover = start(held_by(noor, lena, deputy=True), noor, lena)
    done = {
        topic: PointChange(done=True) for topic in HandoverTopic.values if topic not in ("access", "contacts")
    }
    write(handover, lena, points=done)
    missing, _ = close_handover(handover.initiative_id, handover.pk, Actor.person(lena), clock.now())
    assert missing == ["access", "contacts"]
    assert events("handover.closed")[0]["missing"] == ["access", "contacts"]
    for again in (lambda: write(handover, lena, points={}), lambda: _close(handover, lena)):
        with pytest.raises(Conflict) as refused:
            again()
        assert refused.value.code == "handover_closed"


def _close(handover: Handover, by: User) -> None:
    close_handover(handover.initiative_id, handover.pk, Actor.person(by), clock.now())


def test_a_handover_of_another_initiative_is_not_there(lena: User, noor: User) -> None:
    handover = start(held_by(noor, lena, deputy=True), noor, lena)
    other = create(lena, name="Other")
    with pytest.raises(NotFound):
        close_handover(other.pk, handover.pk, Actor.person(lena), clock.now())


def test_an_ended_initiative_hands_nothing_over(lena: User, noor: User) -> None:
    handover = start(held_by(noor, lena, deputy=True), noor, lena)
    move_stage(handover.initiative_id, "stopped", Actor.person(lena), clock.now(), lesson=LESSON)
    for act in (lambda: write(handover, lena, points={}), lambda: _close(handover, lena)):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "initiative_ended"


# --- Everything at once ---------------------------------------------------------------------------------------


def test_everything_changes_hands_in_one_act(lena: User, ada: User, noor: User, sam: User) -> None:
    first = held_by(noor, lena, "One", deputy=True, members=True)
    second = held_by(noor, lena, "Two", business_owner=True)
    ended = held_by(noor, lena, "Three", deputy=True)
    move_stage(ended.pk, "stopped", Actor.person(lena), clock.now(), lesson=LESSON)
    deactivate_person("noor", Actor.person(ada), clock.now())
    version = second.version
    found = all_over(noor, "sam", Actor.person(ada))
    assert [one.name for one in found.initiatives] == ["One", "Two"]
    assert people(first) == {"technical_lead": ["lena"], "deputy": ["sam"], "member": ["lena", "sam"]}
    assert people(second)["business_owner"] == ["sam"]
    assert people(ended)["deputy"] == ["noor"]
    closed = Handover.objects.filter(closed_at__isnull=False, closed_by=ada, successor=sam)
    assert closed.count() == Handover.objects.count() == 2
    second.refresh_from_db()
    assert second.version == version + 1
    assert [data["roles"] for data in events("people.handed_over")] == [
        ["deputy", "member"],
        ["business_owner"],
    ]
    for initiative in (first, second):
        assert "owner_left" not in {flag.code for flag in fresh_outcome(initiative.pk, clock.now()).flags}
    assert verify()[1] is None


def test_former_places_are_kept(lena: User, ada: User, noor: User, sam: User) -> None:
    initiative = held_by(noor, lena, deputy=True)
    all_over(noor, "sam", Actor.person(ada))
    former = TeamRole.objects.get(initiative=initiative, user=noor)
    assert (former.role, former.until is not None) == ("deputy", True)


def test_a_place_the_successor_holds_already_is_held_once(
    lena: User, ada: User, noor: User, sam: User
) -> None:
    initiative = create(lena, people={"deputy": "noor", "members": ["noor", "sam"]})
    all_over(noor, "sam", Actor.person(ada))
    assert people(initiative) == {"technical_lead": ["lena"], "deputy": ["sam"], "member": ["lena", "sam"]}


def test_what_wants_a_second_look_is_said(lena: User, ada: User, noor: User) -> None:
    owner = held_by(noor, lena, "Owner", business_owner=True)
    deputy = held_by(noor, lena, "Deputy", deputy=True)
    member = held_by(noor, lena, "Member", members=True)
    found = all_over(noor, "lena", Actor.person(ada))
    assert found.remarks == {
        owner.pk: ["Lena is business owner and technical lead now: one person alone."],
        deputy.pk: ["Lena is their own deputy now."],
    }
    assert people(member)["member"] == ["lena"]


def test_an_auditor_may_follow_and_it_is_said(lena: User, ada: User, noor: User, iris: User) -> None:
    initiative = held_by(noor, lena, deputy=True)
    found = all_over(noor, "iris", Actor.person(ada))
    assert found.remarks == {initiative.pk: ["Iris is an auditor, and only reads there."]}


def test_one_of_a_team_hands_over_theirs_only(lena: User, omar: User, noor: User, sam: User) -> None:
    own = held_by(noor, lena, "Own", deputy=True)
    other = held_by(noor, omar, "Other", deputy=True)
    hidden = create(omar, name="Hidden", visibility="team", people={"deputy": "noor"})
    found = all_over(noor, "sam", Actor.person(lena))
    assert (found.initiatives, found.left) == ([own], [other])
    assert people(other)["deputy"] == people(hidden)["deputy"] == ["noor"]


def test_who_leaves_hands_over_their_own(lena: User, noor: User, sam: User) -> None:
    initiative = held_by(noor, lena, deputy=True)
    all_over(noor, "sam", Actor.person(noor))
    assert people(initiative)["deputy"] == ["sam"]


def test_others_hand_nothing_over(
    lena: User, omar: User, elsa: User, iris: User, noor: User, sam: User
) -> None:
    initiative = create(lena, people={"deputy": "noor", "members": ["iris"]})
    for by in (omar, elsa, iris, sam):
        with pytest.raises(NotAllowed):
            all_over(noor, "sam", Actor.person(by))
    assert people(initiative)["deputy"] == ["noor"]


@pytest.mark.parametrize(
    ("to", "code"),
    [("", "required"), ("nobody", "unknown_person"), ("noor", "same_person"), ("gone", "inactive_person")],
)
def test_the_follower_is_active_and_somebody_else(
    lena: User, ada: User, noor: User, to: str, code: str
) -> None:
    held_by(noor, lena, deputy=True)
    User.objects.filter(pk=person("gone").pk).update(is_active=False)
    with pytest.raises(Invalid) as refused:
        all_over(noor, to, Actor.person(ada))
    assert [(error.field, error.code) for error in refused.value.errors] == [("to", code)]


def test_nothing_held_is_a_conflict_for_an_admin(ada: User, noor: User, sam: User) -> None:
    with pytest.raises(Conflict) as refused:
        all_over(noor, "sam", Actor.person(ada))
    assert refused.value.code == "nothing_to_hand_over"
    with pytest.raises(NotFound):
        hand_over_everything("nobody", "sam", Actor.person(ada), clock.now())


def test_all_or_nothing(
    lena: User, ada: User, noor: User, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = held_by(noor, lena, "One", deputy=True), held_by(noor, lena, "Two", deputy=True)
    start(first, noor, lena)
    # What fails comes after the places and the handovers were written.
    monkeypatch.setattr("readiness.actions.handing_over._touch", _fall_over)
    with pytest.raises(RuntimeError):
        all_over(noor, "sam", Actor.person(ada))
    assert people(first)["deputy"] == people(second)["deputy"] == ["noor"]
    assert Handover.objects.filter(closed_at__isnull=True).count() == 1


def _fall_over(*args: object) -> None:
    raise RuntimeError


def test_it_takes_as_many_queries_for_two_initiatives_as_for_nine(
    lena: User, ada: User, noor: User, sam: User
) -> None:
    def counted(leaver: User, number: int) -> int:
        for one in range(number):
            held_by(leaver, lena, f"{leaver.username} {one}", deputy=True)
        with CaptureQueriesContext(connection) as queries:
            all_over(leaver, "sam", Actor.person(ada))
        return len(queries)

    assert counted(noor, 2) == counted(person("nele"), 9)


def test_an_imported_one_lives_in_the_present_when_a_person_hands_over(
    lena: User, ada: User, noor: User, sam: User
) -> None:
    initiative = held_by(noor, lena, deputy=True)
    for by, expected in ((COMMAND, True), (Actor.person(ada), False)):
        Initiative.objects.filter(pk=initiative.pk).update(as_of=today() - timedelta(days=5))
        leaver, to = ("noor", "sam") if expected else ("sam", "noor")
        hand_over_everything(leaver, to, by, clock.now())
        initiative.refresh_from_db()
        assert (initiative.as_of is not None) is expected


def test_places_held_are_listed_by_name(lena: User, noor: User, django_assert_num_queries: Any) -> None:
    second = held_by(noor, lena, "Beta", deputy=True)
    first = held_by(noor, lena, "alpha", members=True, business_owner=True)
    edit_initiative(first.pk, {"priority": "high"}, Actor.person(lena), clock.now())
    with django_assert_num_queries(5):
        held = [(one.initiative, one.roles, bool(one.owed)) for one in holdings_of(noor)]
    assert held == [(first, ["business_owner", "member"], False), (second, ["deputy"], False)]


def test_acts_run_twice_change_nothing_more(lena: User, ada: User, noor: User, sam: User) -> None:
    held_by(noor, lena, deputy=True)
    all_over(noor, "sam", Actor.person(ada))
    places = TeamRole.objects.count()
    with pytest.raises(Conflict):
        all_over(noor, "sam", Actor.person(ada))
    assert TeamRole.objects.count() == places
