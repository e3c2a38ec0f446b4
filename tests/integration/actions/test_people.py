"""People come to a team and leave it. A place is closed, never deleted."""

import pytest

from gates.models import TeamRole
from readiness.actions.errors import Invalid, NotAllowed, NotFound
from readiness.actions.initiatives import edit_initiative
from readiness.actions.people import deactivate_person
from readiness.actions.team import people_of
from readiness.audit.models import Event
from readiness.standing.sweeping import recompute_due
from tests.fixtures import create, person
from tests.integration.actions.props import act, errors, flags, on, refused, say, status

pytestmark = pytest.mark.django_db


@pytest.fixture
def initiative(lena):
    return create(lena, on(0))


def name(initiative, by, day=1, **people):
    return edit_initiative(initiative.pk, {"people": people}, act(by), on(day))[0]


def places(initiative, role):
    rows = TeamRole.objects.filter(initiative=initiative, role=role).order_by("pk")
    return [(row.user.username, row.since, row.until) for row in rows]


def test_a_role_passes_from_one_person_to_another_and_both_places_stay(initiative, lena, omar, elsa):
    name(initiative, lena, 1, business_owner="omar")
    name(initiative, lena, 5, business_owner="elsa")
    assert places(initiative, "business_owner") == [("omar", on(1), on(5)), ("elsa", on(5), None)]
    assert people_of(initiative)["business_owner"] == "elsa"


@pytest.mark.parametrize("empty", [None, ""])
def test_a_role_can_be_left_empty_and_an_empty_one_stays_as_it_is(initiative, lena, omar, empty):
    name(initiative, lena, 1, deputy="omar")
    assert name(initiative, lena, 2, deputy=empty).version == 3
    assert people_of(initiative)["deputy"] is None
    assert places(initiative, "deputy") == [("omar", on(1), on(2))]
    assert name(initiative, lena, 3, deputy=empty).version == 3


def test_people_who_are_not_named_stay_where_they_are(initiative, lena, omar, elsa):
    name(initiative, lena, 1, business_owner="elsa", members=["lena", "omar"])
    name(initiative, lena, 2, deputy="omar")
    assert people_of(initiative) == {
        "business_owner": "elsa",
        "executive_sponsor": None,
        "technical_lead": "lena",
        "deputy": "omar",
        "members": ["lena", "omar"],
    }


def test_the_members_are_those_named_in_whatever_order_and_how_often(initiative, lena, omar, elsa):
    name(initiative, lena, 1, members=["omar", "lena", "omar"])
    version = name(initiative, lena, 2, members=["lena", "omar"]).version
    assert version == 2
    name(initiative, lena, 3, members=["elsa"])
    assert places(initiative, "member") == [
        ("lena", on(0), on(3)),
        ("omar", on(1), on(3)),
        ("elsa", on(3), None),
    ]
    name(initiative, lena, 4, members=[])
    assert people_of(initiative)["members"] == []


def test_who_comes_back_has_a_new_place_beside_the_old_one(initiative, lena, omar):
    for day, members in ((1, ["lena", "omar"]), (2, ["lena"]), (3, ["lena", "omar"])):
        name(initiative, lena, day, members=members)
    assert places(initiative, "member")[1:] == [("omar", on(1), on(2)), ("omar", on(3), None)]


def test_one_person_can_hold_several_roles(initiative, lena):
    name(initiative, lena, 1, business_owner="lena", deputy="lena")
    found = people_of(initiative)
    assert (found["business_owner"], found["technical_lead"], found["deputy"]) == ("lena", "lena", "lena")


def test_unknown_and_inactive_people_are_refused_at_their_field_and_nobody_else_is_changed(initiative, lena):
    gone = person("gone")
    deactivate_person("gone", act(person("root", admin=True)), on(1))
    assert gone.pk
    with refused(Invalid) as caught:
        name(initiative, lena, 1, business_owner="Lena", deputy="gone", members=["lena", "nobody"])
    assert errors(caught) == [
        ("people.business_owner", "unknown_person"),
        ("people.deputy", "inactive_person"),
        ("people.members.1", "unknown_person"),
    ]


@pytest.mark.parametrize("wrong", ["a\x00b", "\ud800", "😀", "x" * 10_000, "' OR 1=1 --"])
def test_a_name_that_nobody_can_have_is_refused_like_any_other(initiative, lena, wrong):
    with refused(Invalid) as caught:
        name(initiative, lena, 1, deputy=wrong, members=[wrong])
    assert [error.field for error in caught.value.errors] == ["people.deputy", "people.members.0"]


def test_who_is_deactivated_keeps_the_place_and_raises_the_flag_that_they_left(initiative, lena, omar, ada):
    name(initiative, lena, 1, business_owner="omar", members=["lena", "omar"])
    deactivate_person("omar", act(ada), on(2))
    recompute_due(on(2))
    assert flags(initiative, 2)["owner_left"] == "warning"
    found = name(initiative, lena, 3, business_owner="omar", members=["omar", "lena"], deputy="ada")
    assert found.version == 3
    assert people_of(initiative)["business_owner"] == "omar"
    with refused(Invalid) as caught:
        name(initiative, lena, 4, executive_sponsor="omar")
    assert errors(caught) == [("people.executive_sponsor", "inactive_person")]


def test_who_leaves_the_team_may_no_longer_write_and_no_longer_see_what_is_the_teams_alone(
    initiative, lena, omar
):
    name(initiative, lena, 1, deputy="omar")
    say(initiative, omar, "DATA-1", "met", 1)
    name(initiative, lena, 2, deputy=None)
    with refused(NotAllowed, "not_allowed"):
        say(initiative, omar, "DATA-1", "partial", 2)
    edit_initiative(initiative.pk, {"visibility": "team"}, act(lena), on(3))
    with refused(NotFound, "not_found"):
        say(initiative, omar, "DATA-1", "partial", 3)


def test_an_admin_who_wants_to_answer_comes_to_the_team_first_and_the_audit_trail_shows_it(initiative, ada):
    with refused(NotAllowed, "not_allowed"):
        say(initiative, ada, "DATA-1", "met", 1)
    name(initiative, ada, 1, members=["ada", "lena"])
    say(initiative, ada, "DATA-1", "partial", 1)
    event = Event.objects.get(verb="initiative.edited")
    assert (event.actor_id, event.data["changed"]) == (
        ada.pk,
        {"people.members": [["lena"], ["ada", "lena"]]},
    )


def test_naming_an_owner_and_a_sponsor_resolves_their_flags_at_once(lena, omar, elsa):
    pilot = create(lena, on(0), stage="pilot", business_unit="Finance")
    assert flags(pilot, 0).keys() >= {"no_business_owner", "no_sponsor", "single_person"}
    name(pilot, lena, 0, business_owner="elsa", executive_sponsor="elsa", deputy="omar")
    assert not flags(pilot, 0).keys() & {"no_business_owner", "no_sponsor", "single_person"}
    assert status(pilot, "data") == "open"
