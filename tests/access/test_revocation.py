"""What is taken away is gone with the next request: a role, a place, a token, a person, a look at something."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import Organisation, Scope, SystemRole, Token, User
from readiness.actions.gates import submit_gate
from readiness.actions.initiatives import edit_initiative
from readiness.actions.organisation import end_demo
from readiness.actions.passwords import change_own_password, end_own_sessions
from readiness.actions.people import Profile, deactivate_person, edit_person, reactivate_person
from readiness.actions.tokens import issue_token, revoke_token
from readiness.audit.recording import Actor
from tests.fixtures import PASSWORD, Api, answer_all, api, create, pages

pytestmark = pytest.mark.django_db

DECISION = {"decision": "return", "rationale": "Not yet."}
ANSWER = {"answer": "partial"}


def page_of(initiative: Initiative) -> str:
    return f"/initiatives/{initiative.ref}/"


def take_roles(user: User, by: User, *left: SystemRole) -> None:
    """Leave this person these roles and no others."""
    profile = Profile(user.name, user.email, user.unit, user.function, frozenset(left))
    edit_person(user.username, profile, Actor.person(by), clock.now())


def set_team(initiative: Initiative, by: User, *members: str) -> None:
    edit_initiative(initiative.pk, {"people": {"members": list(members)}}, Actor.person(by), clock.now())


@pytest.fixture
def submitted(initiative: Initiative, lena: User) -> Initiative:
    answer_all(initiative, lena, gates=["data"])
    submit_gate(initiative.pk, "data", "", Actor.person(lena), clock.now())
    return initiative


def test_a_reviewer_who_is_none_any_more_decides_nothing(
    submitted: Initiative, ravi: User, ada: User
) -> None:
    """Not even what was opened before."""
    browser, client = pages(ravi), api(ravi)
    opened = browser.get(f"{page_of(submitted)}gates/data/decide/")
    assert opened.status_code == 200

    take_roles(ravi, ada, SystemRole.LEAD)

    assert browser.post(f"{page_of(submitted)}gates/data/decide/", DECISION).status_code == 403
    assert client.post(f"initiatives/{submitted.ref}/gates/data/decision/", DECISION).status_code == 403
    assert browser.get("/reviews/").status_code == 403


def test_a_reviewer_who_joins_the_team_decides_nothing(submitted: Initiative, ravi: User, lena: User) -> None:
    client = api(ravi)
    set_team(submitted, lena, "lena", "ravi")
    refused = client.post(f"initiatives/{submitted.ref}/gates/data/decision/", DECISION)
    assert (refused.status_code, refused.json()["code"]) == (403, "separation_of_duties")


def test_who_left_the_team_writes_nothing_and_sees_no_more_than_others(lena: User, omar: User) -> None:
    initiative = create(lena, visibility="team")
    set_team(initiative, lena, "lena", "omar")
    browser, client = pages(omar), api(omar)
    assert browser.get(page_of(initiative)).status_code == 200
    assert client.put(f"initiatives/{initiative.ref}/checklist/DATA-1/", ANSWER).status_code == 200

    set_team(initiative, lena, "lena")

    assert browser.get(page_of(initiative)).status_code == 404
    assert browser.post(f"{page_of(initiative)}answers/DATA-1/", ANSWER).status_code == 404
    assert client.put(f"initiatives/{initiative.ref}/checklist/DATA-1/", ANSWER).status_code == 404
    assert initiative.ref not in [one["id"] for one in client.get("initiatives/").json()["results"]]


def test_who_left_the_team_of_what_all_may_see_only_looks(lena: User, omar: User) -> None:
    initiative = create(lena)
    set_team(initiative, lena, "lena", "omar")
    browser, client = pages(omar), api(omar)
    assert browser.get(f"{page_of(initiative)}edit/").status_code == 200

    set_team(initiative, lena, "lena")

    assert browser.get(page_of(initiative)).status_code == 200
    assert browser.get(f"{page_of(initiative)}edit/").status_code == 403
    assert browser.post(f"{page_of(initiative)}answers/DATA-1/", ANSWER).status_code == 403
    assert client.put(f"initiatives/{initiative.ref}/checklist/DATA-1/", ANSWER).status_code == 403


def test_what_a_team_takes_back_to_itself_is_not_there_for_others(
    initiative: Initiative, lena: User, omar: User
) -> None:
    browser, client = pages(omar), api(omar)
    assert browser.get(page_of(initiative)).status_code == 200

    edit_initiative(initiative.pk, {"visibility": "team"}, Actor.person(lena), clock.now())

    assert browser.get(page_of(initiative)).status_code == 404
    assert client.get(f"initiatives/{initiative.ref}/").status_code == 404
    assert client.get("initiatives/").json()["results"] == []
    assert initiative.name not in browser.get("/initiatives/").content.decode()


def test_who_loses_the_last_role_sees_their_teams_only(initiative: Initiative, omar: User, ada: User) -> None:
    browser, client = pages(omar), api(omar)
    own = create(omar, name="Parcel routing")

    take_roles(omar, ada)

    assert browser.get(page_of(initiative)).status_code == 404
    assert [one["id"] for one in client.get("initiatives/").json()["results"]] == [own.ref]
    assert browser.post("/initiatives/new/", {"name": "X", "business_problem": "Y"}).status_code == 403


def test_who_is_no_admin_any_more_administers_nothing(ada: User, iris: User) -> None:
    take_roles(iris, ada, SystemRole.ADMIN)
    browser = pages(iris)
    assert browser.get("/people/").status_code == 200

    take_roles(iris, ada, SystemRole.AUDITOR)

    assert browser.get("/people/").status_code == 403
    assert browser.post("/people/iris/edit/", {"name": "Iris", "roles": ["admin"]}).status_code == 403


def test_who_becomes_an_auditor_only_reads(initiative: Initiative, lena: User, ada: User) -> None:
    browser, client = pages(lena), api(lena)
    take_roles(lena, ada, SystemRole.LEAD, SystemRole.AUDITOR)
    assert browser.get(page_of(initiative)).status_code == 200
    assert browser.post(f"{page_of(initiative)}answers/DATA-1/", ANSWER).status_code == 403
    assert client.put(f"initiatives/{initiative.ref}/checklist/DATA-1/", ANSWER).status_code == 403


# --- Sessions and tokens --------------------------------------------------------------------------------------


def is_out(browser: Client) -> bool:
    answer = browser.get("/account/")
    return answer.status_code == 302 and answer["Location"].startswith("/login/")


def test_who_is_deactivated_is_out_at_once(initiative: Initiative, lena: User, ada: User) -> None:
    browser, client = pages(lena), api(lena)
    assert client.get("initiatives/").status_code == 200

    deactivate_person("lena", Actor.person(ada), clock.now())

    assert is_out(browser)
    assert browser.post(f"{page_of(initiative)}answers/DATA-1/", ANSWER).status_code == 302
    assert client.get("initiatives/").status_code == 401
    assert client.put(f"initiatives/{initiative.ref}/checklist/DATA-1/", ANSWER).status_code == 401
    assert Client().post("/login/", {"username": "lena", "password": PASSWORD}).status_code == 422


def test_who_is_let_in_again_finds_the_old_session_and_the_old_token_ended(lena: User, ada: User) -> None:
    browser, client = pages(lena), api(lena)
    deactivate_person("lena", Actor.person(ada), clock.now())
    reactivate_person("lena", Actor.person(ada), clock.now())
    assert is_out(browser)
    assert client.get("initiatives/").status_code == 401


def _revoked(token: Token, owner: User, admin: User) -> None:
    revoke_token(token.pk, Actor.person(owner), clock.now())


def _revoked_by_an_admin(token: Token, owner: User, admin: User) -> None:
    revoke_token(token.pk, Actor.person(admin), clock.now())


def _expired(token: Token, owner: User, admin: User) -> None:
    Token.objects.filter(pk=token.pk).update(expires_at=clock.now() - timedelta(microseconds=1))


@pytest.mark.parametrize("end", [_revoked, _revoked_by_an_admin, _expired])
def test_a_token_that_ended_opens_nothing(
    initiative: Initiative, lena: User, ada: User, end: Callable[[Token, User, User], None]
) -> None:
    at = clock.now()
    token, plain = issue_token(lena, "CI", list(Scope), at + timedelta(days=1), Actor.person(lena), at)
    client = Api(plain)
    assert client.get(f"initiatives/{initiative.ref}/").status_code == 200

    end(token, lena, ada)

    for answer in (
        client.get("initiatives/"),
        client.patch(f"initiatives/{initiative.ref}/", {"vendor": "x"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_token")


def test_a_token_follows_its_owners_roles(submitted: Initiative, ravi: User, ada: User) -> None:
    client = api(ravi, Scope.REVIEW)
    take_roles(ravi, ada, SystemRole.EXECUTIVE)
    path = f"initiatives/{submitted.ref}/gates/data/decision/"
    assert client.post(path, DECISION).status_code == 403


def test_a_changed_password_ends_the_other_sessions(lena: User) -> None:
    browser = pages(lena)
    change_own_password(lena, PASSWORD, "quite another password", clock.now())
    assert is_out(browser)


def test_ended_sessions_are_ended(lena: User) -> None:
    browser, here = pages(lena), pages(lena)
    end_own_sessions(lena, clock.now())
    assert is_out(browser)
    assert is_out(here)


def test_with_the_demo_its_accounts_end(ada: User, lena: User) -> None:
    Organisation.objects.filter(pk=Organisation.get().pk).update(demo=True)
    User.objects.filter(pk=lena.pk).update(is_demo=True)
    lena.refresh_from_db()
    browser, client = pages(lena), api(lena)
    assert browser.get("/").status_code == 200

    end_demo(Actor.person(ada), clock.now())

    assert is_out(browser)
    assert client.get("initiatives/").status_code == 401
