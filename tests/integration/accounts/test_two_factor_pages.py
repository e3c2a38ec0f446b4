"""Setting a second factor up, and whom the organisation asks for one."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from readiness.accounts import throttle
from readiness.accounts.models import Authenticator, Organisation, RecoveryCode, SystemRole, User
from readiness.actions.errors import Conflict, Invalid, NotAllowed
from readiness.actions.organisation import edit_organisation
from readiness.actions.people import Profile, edit_person, profile_of
from readiness.actions.two_factor import reset_two_factor
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from tests.fixtures import PASSWORD
from tests.integration.accounts.apps import (
    AT,
    CODES,
    OFF,
    PAGE,
    codes_on,
    give_code,
    scanned,
    turn_on,
    with_app,
)
from tests.integration.accounts.doors import is_signed_in, sign_in

SetClock = Callable[[datetime], None]
LATER = AT + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def at(set_clock: SetClock) -> datetime:
    set_clock(AT)
    return AT


@pytest.fixture
def inside(client: Client, lena: User) -> Client:
    sign_in(client, "lena")
    return client


def ask_of(policy: str, ada: User) -> Organisation:
    """Have the organisation ask for a second factor; ada has one then."""
    if not Authenticator.objects.filter(user=ada).exists():
        with_app(ada)
    stands = Organisation.get()
    by = Actor.person(User.objects.get(pk=ada.pk))
    return edit_organisation(stands.name, stands.time_zone, stands.currency, by, AT, two_factor_for=policy)


class TestSettingUp:
    def test_it_is_on_after_a_code_and_the_password(self, inside: Client, lena: User) -> None:
        elsewhere = Client()
        sign_in(elsewhere, "lena")
        app, answer = turn_on(inside)
        assert answer.status_code == 201
        assert Authenticator.objects.get().user == lena
        assert len(set(codes_on(answer))) == 10
        assert is_signed_in(inside)
        assert not is_signed_in(elsewhere)
        assert Event.objects.get(verb="two_factor.set_up").actor == lena
        assert app.key not in answer.content.decode()

    def test_the_codes_are_shown_this_once(self, inside: Client) -> None:
        turn_on(inside)
        page = inside.get(PAGE)
        assert codes_on(page) == []
        assert "Recovery codes left" in page.content.decode()

    def test_the_shown_codes_open(self, inside: Client) -> None:
        _app, answer = turn_on(inside)
        other = Client()
        sign_in(other, "lena")
        assert give_code(other, codes_on(answer)[0]).status_code == 302

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ({"current": "not it"}, "not your current password"),
            ({"code": "000000"}, "This code is not right"),
            ({"code": ""}, "required"),
            ({"proposal": "forged"}, "open for too long"),
            ({"proposal": ""}, "required"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_on(
        self, inside: Client, wrong: dict[str, str], told: str
    ) -> None:
        _app, answer = turn_on(inside, **wrong)
        assert answer.status_code == 422
        if "proposal" not in wrong:
            assert told in answer.content.decode()
        assert Authenticator.objects.count() == RecoveryCode.objects.count() == 0

    def test_a_wrong_code_does_not_change_the_picture(self, inside: Client) -> None:
        app, proposal = scanned(inside)
        answer = inside.post(PAGE, {"proposal": proposal, "code": "000000", "current": PASSWORD})
        assert f'value="{proposal}"' in answer.content.decode()
        again = inside.post(PAGE, {"proposal": proposal, "code": app.shows(), "current": PASSWORD})
        assert again.status_code == 201

    def test_the_picture_of_another_person_is_not_taken(self, inside: Client, ravi: User) -> None:
        his = Client()
        sign_in(his, "ravi")
        app, proposal = scanned(his)
        answer = inside.post(PAGE, {"proposal": proposal, "code": app.shows(), "current": PASSWORD})
        assert answer.status_code == 422
        assert Authenticator.objects.count() == 0

    def test_nobody_guesses_the_password_here(self, inside: Client) -> None:
        answers = [
            turn_on(inside, current="wrong")[1].status_code for _ in range(throttle.SIGN_IN.own.tries + 1)
        ]
        assert answers == [422] * throttle.SIGN_IN.own.tries + [429]

    def test_nor_is_a_password_taken_that_was_changed_meanwhile(self, lena: User) -> None:
        """By its owner, who puts an end to whoever else knew it."""
        now_set = User.objects.get(pk=lena.pk)
        now_set.set_password("quite another sentence")
        now_set.save()
        with pytest.raises(Invalid) as refused:
            with_app(lena)
        assert [(error.field, error.code) for error in refused.value.errors] == [
            ("current", "wrong_password")
        ]
        assert Authenticator.objects.count() == RecoveryCode.objects.count() == 0

    def test_a_second_app_is_refused(self, inside: Client) -> None:
        other_tab, proposal = scanned(inside)
        first, _answer = turn_on(inside)
        again = {"proposal": proposal, "code": other_tab.shows(), "current": PASSWORD}
        assert inside.post(PAGE, again)["Location"] == PAGE
        assert "set up already" in inside.get(PAGE).content.decode()
        later = AT + timedelta(seconds=30)
        assert inside.post(CODES, {"code": other_tab.shows(later)}).status_code == 422
        assert inside.post(CODES, {"code": first.shows(later)}).status_code == 201


class TestOnceItIsOn:
    def test_new_recovery_codes_make_the_former_void(self, inside: Client, set_clock: SetClock) -> None:
        app, answer = turn_on(inside)
        set_clock(LATER)
        renewed = inside.post(CODES, {"code": app.shows(LATER)})
        assert renewed.status_code == 201
        new = codes_on(renewed)
        assert len(new) == 10
        assert not set(new) & set(codes_on(answer))
        other = Client()
        sign_in(other, "lena")
        assert give_code(other, codes_on(answer)[0]).status_code == 422
        assert give_code(other, new[0]).status_code == 302

    @pytest.mark.parametrize("address", [CODES, OFF])
    @pytest.mark.parametrize("code", ["000000", ""])
    def test_both_need_a_code(self, inside: Client, address: str, code: str) -> None:
        turn_on(inside)
        assert inside.post(address, {"code": code}).status_code == 422
        assert Authenticator.objects.count() == 1
        assert RecoveryCode.objects.count() == 10

    @pytest.mark.parametrize("address", [CODES, OFF])
    def test_and_may_not_be_tried_for_ever(self, inside: Client, address: str) -> None:
        turn_on(inside)
        tries = throttle.SECOND_FACTOR.own.tries
        answers = [inside.post(address, {"code": "000000"}).status_code for _ in range(tries + 1)]
        assert answers == [422] * tries + [429]

    @pytest.mark.parametrize("address", [CODES, OFF])
    def test_where_it_is_off_there_is_nothing_to_prove(self, inside: Client, address: str) -> None:
        assert inside.post(address, {"code": "000000"}).status_code == 422

    def test_it_is_turned_off_and_other_sessions_end(self, inside: Client, set_clock: SetClock) -> None:
        app, _answer = turn_on(inside)
        set_clock(LATER)
        other = Client()
        sign_in(other, "lena")
        give_code(other, app.shows(LATER))
        assert is_signed_in(other)
        assert inside.post(OFF, {"code": app.shows(LATER + timedelta(seconds=30))})["Location"] == PAGE
        assert is_signed_in(inside)
        assert not is_signed_in(other)
        assert Authenticator.objects.count() == RecoveryCode.objects.count() == 0
        assert sign_in(Client(), "lena")["Location"] == "/"


class TestAskedByTheOrganisation:
    @pytest.mark.parametrize(
        ("policy", "who", "bound"),
        [
            ("nobody", "ravi", False),
            ("deciders", "lena", False),
            ("deciders", "ravi", True),
            ("everybody", "lena", True),
        ],
    )
    def test_who_is_bound_is_led_to_it_and_nowhere_else(
        self, lena: User, ravi: User, ada: User, client: Client, policy: str, who: str, bound: bool
    ) -> None:
        ask_of(policy, ada)
        answer = sign_in(client, who, next="/account/tokens/")
        led = "/account/two-factor/?next=%2Faccount%2Ftokens%2F"
        assert answer["Location"] == (led if bound else "/account/tokens/")
        pages = ["/account/", "/account/tokens/", "/home/", "/initiatives/", "/notifications/"]
        answers = {page: client.get(page) for page in pages}
        if bound:
            assert {answer["Location"] for answer in answers.values()} == {PAGE}
            assert client.get(PAGE).status_code == 200
        else:
            assert {answer.status_code for answer in answers.values()} == {200}

    def test_rest_says_so_to_the_session(self, ravi: User, ada: User, client: Client) -> None:
        ask_of("deciders", ada)
        sign_in(client, "ravi")
        refused = client.get("/api/v1/initiatives/")
        assert (refused.status_code, refused.json()["code"]) == (403, "two_factor_due")

    def test_setting_it_up_opens_the_house(self, ravi: User, ada: User, client: Client) -> None:
        ask_of("deciders", ada)
        sign_in(client, "ravi")
        _app, answer = turn_on(client, next="/account/tokens/")
        assert answer.status_code == 201
        assert 'href="/account/tokens/"' in answer.content.decode()
        assert client.get("/account/tokens/").status_code == 200
        assert client.get("/api/v1/initiatives/").status_code == 200

    def test_one_can_leave_instead(self, ravi: User, ada: User, client: Client) -> None:
        ask_of("deciders", ada)
        sign_in(client, "ravi")
        assert client.post("/logout/")["Location"] == "/login/"

    def test_it_ends_the_sessions_of_who_has_none_and_of_nobody_else(
        self, lena: User, ravi: User, ada: User
    ) -> None:
        with_app(ada)
        sessions = {who: Client() for who in ("lena", "ravi")}
        for who, session in sessions.items():
            sign_in(session, who)
        ask_of("deciders", ada)
        assert is_signed_in(sessions["lena"])
        assert not is_signed_in(sessions["ravi"])

    def test_who_becomes_a_reviewer_is_asked_from_then_on(
        self, lena: User, ada: User, client: Client
    ) -> None:
        ask_of("deciders", ada)
        sign_in(client, "lena")
        known = profile_of(lena)
        roles = known.roles | {SystemRole.REVIEWER}
        edit_person("lena", Profile(known.name, known.email, known.unit, known.function, roles), _by(ada), AT)
        assert not is_signed_in(client)
        assert sign_in(client, "lena")["Location"] == PAGE

    def test_who_asks_for_it_has_it(self, ada: User) -> None:
        stands = Organisation.get()
        with pytest.raises(Invalid) as refused:
            edit_organisation(
                stands.name, stands.time_zone, stands.currency, _by(ada), AT, two_factor_for="deciders"
            )
        assert [(error.field, error.code) for error in refused.value.errors] == [
            ("two_factor_for", "own_first")
        ]
        assert Organisation.get().two_factor_for == "nobody"

    def test_the_page_of_the_organisation_says_so(self, ada: User, client: Client) -> None:
        sign_in(client, "ada")
        form = {
            "name": "Ours",
            "time_zone": "UTC",
            "currency": "EUR",
            "language": "en",
            "two_factor_for": "deciders",
        }
        answer = client.post("/organisation/", form)
        assert answer.status_code == 422
        assert "Set up your own authenticator app first" in answer.content.decode()
        turn_on(client)
        assert client.post("/organisation/", form).status_code == 302
        assert Organisation.get().two_factor_for == "deciders"
        assert is_signed_in(client)

    def test_it_cannot_be_turned_off_meanwhile(self, ravi: User, ada: User, set_clock: SetClock) -> None:
        app, _codes = with_app(ravi)
        ask_of("deciders", ada)
        set_clock(LATER)
        client = Client()
        sign_in(client, "ravi")
        give_code(client, app.shows(LATER))
        refused = client.post(OFF, {"code": app.shows(LATER + timedelta(seconds=30))})
        assert refused.status_code == 409
        assert Authenticator.objects.filter(user=ravi).exists()
        assert OFF not in client.get(PAGE).content.decode()


class TestReset:
    def test_an_admin_lets_in_who_lost_the_phone(self, lena: User, ada: User, client: Client) -> None:
        with_app(lena)
        admin = Client()
        sign_in(admin, "ada")
        assert "Reset the second factor" in admin.get("/people/lena/edit/").content.decode()
        answer = admin.post("/people/lena/two-factor/reset/")
        assert answer["Location"] == "/people/lena/edit/"
        assert sign_in(client, "lena")["Location"] == "/"
        event = Event.objects.get(verb="two_factor.reset")
        assert (event.actor, event.data) == (ada, {"username": "lena"})

    def test_sessions_end_with_it(self, inside: Client, ada: User) -> None:
        turn_on(inside)
        reset_two_factor("lena", _by(ada), AT)
        assert not is_signed_in(inside)

    def test_nobody_else_does(self, lena: User, ravi: User) -> None:
        with_app(lena)
        with pytest.raises(NotAllowed):
            reset_two_factor("lena", _by(ravi), AT)
        assert Authenticator.objects.count() == 1

    def test_an_admin_does_not_pass_their_own_by(self, ada: User) -> None:
        with_app(ada)
        with pytest.raises(Conflict) as refused:
            reset_two_factor("ada", _by(ada), AT)
        assert refused.value.code == "own_two_factor"

    def test_where_there_is_none_it_says_so(self, lena: User, ada: User) -> None:
        with pytest.raises(Conflict) as refused:
            reset_two_factor("lena", _by(ada), AT)
        assert refused.value.code == "not_set_up"

    def test_on_the_server_it_is_a_command(self, ada: User, capsys: pytest.CaptureFixture[str]) -> None:
        with_app(ada)
        call_command("reset_two_factor", "ADA")
        assert "signs in with the password alone" in capsys.readouterr().out
        assert Authenticator.objects.count() == 0
        with pytest.raises(CommandError, match="password alone"):
            call_command("reset_two_factor", "ada")
        with pytest.raises(CommandError, match="no person"):
            call_command("reset_two_factor", "nobody")

    def test_the_list_finds_who_has_none(self, lena: User, ravi: User, ada: User, client: Client) -> None:
        with_app(ravi)
        sign_in(client, "ada")
        page = client.get("/people/?state=one_factor").content.decode()
        assert "/people/lena/edit/" in page
        assert "/people/ravi/edit/" not in page


def _by(person: User) -> Actor:
    return Actor.person(User.objects.get(pk=person.pk))
