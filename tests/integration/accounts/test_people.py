"""People come, change and go: the acts behind the pages."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth import authenticate

from gates.models import Initiative, TeamRole
from readiness.accounts.models import Organisation, SystemRole, User
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from readiness.actions.people import (
    Profile,
    create_person,
    deactivate_person,
    edit_person,
    profile_of,
    reactivate_person,
)
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor, verify
from readiness.standing.models import Standing
from tests.fixtures import create, person, today
from tests.integration.accounts.doors import make_demo_account

LONG = "x" * 10_000
UMA = Profile("Uma Åberg", "uma@example.org", "Finance", "it", frozenset({SystemRole.LEAD}))


def due(*initiatives: Initiative) -> list[bool]:
    """Which of them are due today."""
    rows = dict(Standing.objects.values_list("initiative_id", "due_on"))
    return [rows[initiative.pk] == today() for initiative in initiatives]


def not_due() -> None:
    Standing.objects.update(due_on=today() + timedelta(days=100))


def renamed(user: User, **changes: object) -> Profile:
    stands = profile_of(user)
    words = {name: getattr(stands, name) for name in ("name", "email", "unit", "function", "roles")}
    return Profile(**(words | changes))


class TestEntering:
    def test_a_person_is_entered_without_a_password(self, ada: User, at: datetime) -> None:
        uma = create_person("uma", UMA, Actor.person(ada), at)
        uma.refresh_from_db()
        assert profile_of(uma) == UMA
        assert (uma.is_active, uma.has_usable_password(), uma.created_at) == (True, False, at)
        assert authenticate(None, username="uma", password="") is None

    def test_it_is_recorded_with_who_did_it(self, ada: User, at: datetime) -> None:
        create_person("uma", UMA, Actor.person(ada), at)
        event = Event.objects.get(verb="person.created")
        assert (event.actor, event.at, event.data["username"]) == (ada, at, "uma")
        assert event.data["profile"]["roles"] == ["lead"]
        assert verify() == (1, None)

    def test_white_space_around_what_was_typed_is_left_out(self, ada: User, at: datetime) -> None:
        uma = create_person(
            " uma ", Profile("  Uma ", " uma@example.org ", " Finance "), Actor.person(ada), at
        )
        assert (uma.username, uma.name, uma.email, uma.unit) == ("uma", "Uma", "uma@example.org", "Finance")

    @pytest.mark.parametrize("taken", ["lena", "LENA", "Lena", "lena@example.com"])
    def test_a_username_lets_in_one_person_only(
        self, ada: User, lena: User, at: datetime, taken: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            create_person(taken, UMA, Actor.person(ada), at)
        assert [(error.field, error.code) for error in refused.value.errors] == [("username", "taken")]

    @pytest.mark.parametrize("taken", ["lena@example.com", "LENA@EXAMPLE.COM", "ravi@corp.example"])
    def test_an_email_lets_in_one_person_only(self, ada: User, lena: User, at: datetime, taken: str) -> None:
        person("ravi@corp.example")
        with pytest.raises(Invalid) as refused:
            create_person("uma", Profile("Uma", taken), Actor.person(ada), at)
        assert [(error.field, error.code) for error in refused.value.errors] == [("email", "taken")]

    def test_any_number_of_people_have_no_email(self, ada: User, at: datetime) -> None:
        for username in ("uma", "ulf"):
            create_person(username, Profile(username), Actor.person(ada), at)
        assert User.objects.filter(email="").count() == 2

    @pytest.mark.parametrize(
        ("username", "profile", "fields"),
        [
            ("", UMA, ["username"]),
            (LONG, UMA, ["username"]),
            ("uma\x00", UMA, ["username"]),
            ("uma ulf", UMA, ["username"]),
            ("uma/ulf", UMA, ["username"]),
            ("..", UMA, ["username"]),
            ("👩‍🚀", UMA, ["username"]),
            ("שלום", UMA, ["username"]),
            ("<script>", UMA, ["username"]),
            ("ümit", UMA, ["username"]),
            ("uma", Profile(""), ["name"]),
            ("uma", Profile("   "), ["name"]),
            ("uma", Profile(LONG), ["name"]),
            ("uma", Profile("a\x00b"), ["name"]),
            ("uma", Profile("two\nlines"), ["name"]),
            ("uma", Profile("Uma", "nowhere"), ["email"]),
            ("uma", Profile("Uma", "a" * 300 + "@example.org"), ["email"]),
            ("uma", Profile("Uma", "a\x00@example.org"), ["email"]),
            ("uma", Profile("Uma", unit=LONG), ["unit"]),
            ("uma", Profile("Uma", function="magic"), ["function"]),
            ("", Profile("", "nowhere", LONG, "magic"), ["username", "name", "unit", "email", "function"]),
        ],
    )
    def test_every_mistake_is_named_at_its_field_and_nobody_is_entered(
        self, ada: User, at: datetime, username: str, profile: Profile, fields: list[str]
    ) -> None:
        with pytest.raises(Invalid) as refused:
            create_person(username, profile, Actor.person(ada), at)
        assert [error.field for error in refused.value.errors] == fields
        assert User.objects.count() == 1
        assert not Event.objects.exists()

    @pytest.mark.parametrize(
        "name", ["👩‍🚀 Uma", "עומר כהן", "<script>alert(1)</script>", "O'Neill; DROP", "x" * 120]
    )
    def test_a_name_may_be_written_in_any_script(self, ada: User, at: datetime, name: str) -> None:
        create_person("uma", Profile(name), Actor.person(ada), at)
        assert User.objects.get(username="uma").name == name

    @pytest.mark.parametrize("role", ["lead", "reviewer", "executive", "auditor"])
    def test_only_an_admin_enters_people(self, db: None, at: datetime, role: str) -> None:
        with pytest.raises(NotAllowed):
            create_person("uma", UMA, Actor.person(person("eve", **{role: True})), at)
        assert not User.objects.filter(username="uma").exists()

    def test_who_was_an_admin_a_moment_ago_no_longer_is(self, ada: User, at: datetime) -> None:
        seen_by_the_request = User.objects.get(pk=ada.pk)
        User.objects.filter(pk=ada.pk).update(is_admin=False)
        with pytest.raises(NotAllowed):
            create_person("uma", UMA, Actor.person(seen_by_the_request), at)


class TestEditing:
    def test_what_changed_is_recorded_with_before_and_after(
        self, ada: User, lena: User, at: datetime
    ) -> None:
        roles = frozenset({SystemRole.REVIEWER, SystemRole.EXECUTIVE})
        edit_person("LENA", renamed(lena, name="Lena Brandt", roles=roles), Actor.person(ada), at)
        lena.refresh_from_db()
        assert (lena.name, lena.roles, lena.username) == ("Lena Brandt", roles, "lena")
        assert Event.objects.get(verb="person.edited").data == {
            "username": "lena",
            "changed": {"name": ["Lena", "Lena Brandt"], "roles": [["lead"], ["executive", "reviewer"]]},
        }

    def test_saving_without_a_change_leaves_no_trace(self, ada: User, lena: User, at: datetime) -> None:
        edit_person("lena", renamed(lena), Actor.person(ada), at)
        lena.refresh_from_db()
        assert lena.version == 1
        assert not Event.objects.exists()

    def test_one_may_keep_ones_own_email(self, ada: User, lena: User, at: datetime) -> None:
        edit_person("lena", renamed(lena, email="LENA@example.com"), Actor.person(ada), at)
        assert User.objects.get(pk=lena.pk).email == "LENA@example.com"

    def test_of_two_who_edit_the_same_version_the_second_is_told(
        self, ada: User, lena: User, at: datetime
    ) -> None:
        edit_person("lena", renamed(lena, unit="Risk"), Actor.person(ada), at, version=1)
        with pytest.raises(Stale) as refused:
            edit_person("lena", renamed(lena, unit="Legal"), Actor.person(ada), at, version=1)
        assert refused.value.current.unit == "Risk"
        assert User.objects.get(pk=lena.pk).unit == "Risk"

    @pytest.mark.parametrize("nobody", ["nobody", "", "lena\x00"])
    def test_who_is_not_there_cannot_be_edited(
        self, ada: User, lena: User, at: datetime, nobody: str
    ) -> None:
        with pytest.raises(NotFound):
            edit_person(nobody, UMA, Actor.person(ada), at)

    @pytest.mark.parametrize("changes", [{"name": LONG}, {"email": "ada@EXAMPLE.com"}, {"unit": "a\x00"}])
    def test_mistakes_change_nothing(self, ada: User, lena: User, at: datetime, changes: dict) -> None:
        with pytest.raises(Invalid):
            edit_person("lena", renamed(lena, **changes), Actor.person(ada), at)
        assert profile_of(User.objects.get(pk=lena.pk)) == profile_of(lena)

    def test_initiatives_where_they_hold_a_place_become_due(
        self, ada: User, lena: User, omar: User, at: datetime
    ) -> None:
        hers, left, his = create(lena), create(lena, name="Left"), create(omar, name="His")
        TeamRole.objects.filter(initiative=left).update(until=at + timedelta(days=1))
        not_due()
        edit_person("lena", renamed(lena, email="new@example.com", roles=frozenset()), Actor.person(ada), at)
        assert due(hers, left, his) == [False, False, False]
        edit_person("lena", renamed(User.objects.get(pk=lena.pk), unit="Risk"), Actor.person(ada), at)
        assert due(hers, left, his) == [True, False, False]

    def test_search_and_order_follow_the_new_name(self, ada: User, lena: User, at: datetime) -> None:
        edit_person("lena", renamed(lena, name="ÄRGER, Lena"), Actor.person(ada), at)
        assert list(User.objects.matching("ärger LENA")) == [lena]
        assert not User.objects.matching("ärger ada").exists()
        assert [user.username for user in User.objects.all()] == ["ada", "lena"]


class TestLeaving:
    def test_places_stay_and_ask_for_a_handover(self, ada: User, lena: User, at: datetime) -> None:
        hers = create(lena)
        not_due()
        deactivate_person("lena", Actor.person(ada), at)
        assert TeamRole.objects.filter(user=lena, until__isnull=True).count() == 2
        assert due(hers) == [True]
        not_due()
        reactivate_person("lena", Actor.person(ada), at)
        assert due(hers) == [True]
        assert authenticate(None, username="lena", password="a long enough password") == lena

    def test_both_are_recorded(self, ada: User, lena: User, at: datetime) -> None:
        deactivate_person("lena", Actor.person(ada), at)
        reactivate_person("lena", Actor.person(ada), at)
        verbs = Event.objects.order_by("seq").values_list("verb", "actor__username", "data__username")
        assert list(verbs) == [("person.deactivated", "ada", "lena"), ("person.reactivated", "ada", "lena")]

    def test_what_is_so_already_is_refused(self, ada: User, lena: User, at: datetime) -> None:
        with pytest.raises(Conflict) as refused:
            reactivate_person("lena", Actor.person(ada), at)
        assert refused.value.code == "already_active"
        deactivate_person("lena", Actor.person(ada), at)
        with pytest.raises(Conflict) as refused:
            deactivate_person("lena", Actor.person(ada), at)
        assert refused.value.code == "already_inactive"

    def test_only_an_admin_may(self, ada: User, lena: User, at: datetime) -> None:
        for act in (deactivate_person, reactivate_person):
            with pytest.raises(NotAllowed):
                act("ada", Actor.person(lena), at)


class TestTheLastAdmin:
    def refused(self, acts: Iterable) -> list[str]:
        codes = []
        for act in acts:
            with pytest.raises(Conflict) as refused:
                act()
            codes.append(refused.value.code)
        return codes

    def test_they_cannot_be_deactivated_or_lose_the_role(self, ada: User, at: datetime) -> None:
        by = Actor.person(ada)
        without = renamed(ada, roles=frozenset({SystemRole.LEAD}))
        codes = self.refused(
            [lambda: deactivate_person("ada", by, at), lambda: edit_person("ada", without, by, at)]
        )
        assert codes == ["last_admin"] * 2
        ada.refresh_from_db()
        assert (ada.is_active, ada.is_admin) == (True, True)
        assert not Event.objects.exists()

    def test_not_even_by_a_command(self, ada: User, at: datetime) -> None:
        assert self.refused([lambda: deactivate_person("ada", COMMAND, at)]) == ["last_admin"]

    def test_of_two_one_may_go(self, ada: User, at: datetime) -> None:
        second = person("bea", admin=True)
        deactivate_person("ada", Actor.person(ada), at)
        assert self.refused([lambda: deactivate_person("bea", Actor.person(second), at)]) == ["last_admin"]

    def test_of_two_who_deactivate_each_other_the_second_is_refused(self, ada: User, at: datetime) -> None:
        second = person("bea", admin=True)
        first_request, second_request = User.objects.get(pk=ada.pk), User.objects.get(pk=second.pk)
        deactivate_person("bea", Actor.person(first_request), at)
        with pytest.raises(NotAllowed):
            deactivate_person("ada", Actor.person(second_request), at)
        assert list(User.objects.admins()) == [ada]

    def test_a_deactivated_one_does_not_count(self, ada: User, at: datetime) -> None:
        gone = person("bea", admin=True)
        User.objects.filter(pk=gone.pk).update(is_active=False)
        assert self.refused([lambda: deactivate_person("ada", Actor.person(ada), at)]) == ["last_admin"]

    def test_a_demo_account_counts_in_the_demo_only(
        self, ada: User, demo: Organisation, at: datetime
    ) -> None:
        make_demo_account(person("bea", admin=True))
        Organisation.objects.update(demo=False)
        assert self.refused([lambda: deactivate_person("ada", Actor.person(ada), at)]) == ["last_admin"]
        Organisation.objects.update(demo=True)
        assert deactivate_person("ada", Actor.person(ada), at).is_active is False
