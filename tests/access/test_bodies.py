"""What is named in a form or a body: only what is on it, only who is there, only what belongs to it."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.forms.models import model_to_dict
from django.test import Client

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.actions.people import deactivate_person
from readiness.audit.recording import Actor
from readiness.clock import now
from tests.access.deeds import soon
from tests.access.watching import tables_written
from tests.fixtures import Api, answer_all, api, create, pages, person, submit_gate

pytestmark = pytest.mark.django_db


def columns_of(initiative: Initiative) -> dict[str, Any]:
    initiative.refresh_from_db()
    found = model_to_dict(initiative, fields=[field.name for field in Initiative._meta.concrete_fields])
    return found | {"created": initiative.created_at, "version": None}


EDITED = {
    "name": "New name",
    "business_problem": "New problem.",
    "priority": "high",
    "visibility": "organisation",
}
NOT_ON_THE_FORM = {
    "stage": "live", "stage_since": "2020-01-01", "taken_over": "on", "hold": "1", "as_of": "2020-01-01",
    "source": "x", "people_known": "", "created_by": "1", "created_at": "2020-01-01", "id": "1", "pk": "1",
    "last_activity_on": "2020-01-01", "name_key": "x", "search_key": "x", "is_admin": "on",
}  # fmt: skip


def test_the_form_of_an_initiative_takes_its_own_fields_only(initiative: Initiative, lena: User) -> None:
    before = columns_of(initiative)

    pages(lena).post(f"/initiatives/{initiative.ref}/edit/", EDITED | NOT_ON_THE_FORM)

    after = columns_of(initiative)
    changed = {name for name in after if after[name] != before[name]}
    allowed = {"name", "business_problem", "priority", "business_unit", "currency"}
    derived = {
        "name_key",
        "search_key",
        "business_unit_key",
        "technology_key",
        "vendor_key",
        "tags_key",
        "updated_at",
    }
    assert {"name", "business_problem", "priority"} <= changed <= allowed | derived


def test_an_admin_off_the_team_changes_people_and_visibility_and_nothing_else(
    initiative: Initiative, ada: User, omar: User
) -> None:
    before = columns_of(initiative)
    typed = EDITED | {"visibility": "team", "people_deputy": "omar", "people_technical_lead": "lena"}

    answered = pages(ada).post(f"/initiatives/{initiative.ref}/edit/", typed | NOT_ON_THE_FORM)

    assert answered.status_code == 302
    after = columns_of(initiative)
    assert {name for name in after if after[name] != before[name]} == {"visibility", "updated_at"}
    assert initiative.team_roles.filter(user=omar, role="deputy").exists()


def test_the_form_of_a_person_takes_its_own_fields_only(ada: User, omar: User) -> None:
    before = User.objects.values().get(pk=omar.pk)
    hidden = {
        "is_active": "",
        "is_demo": "on",
        "password": "x",
        "session_generation": "9",
        "username": "root",
    }
    hidden |= {"is_admin": "on", "id": "1", "last_login": "2020-01-01", "created_at": "2020-01-01"}

    pages(ada).post("/people/omar/edit/", {"name": "Omar A", "function": "it", "roles": ["lead"]} | hidden)

    after = User.objects.values().get(pk=omar.pk)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"name", "name_key", "search_key", "unit", "email", "function", "version"}


def test_nobody_gives_themselves_a_role(lena: User) -> None:
    """One's own account has no form for it, and the admins' is closed."""
    browser = pages(lena)
    roles = {"name": "Lena", "function": "it", "roles": ["admin", "reviewer"], "is_admin": "on"}
    for url in ("/account/", "/account/password/", "/account/tokens/", "/people/lena/edit/", "/people/new/"):
        assert browser.post(url, roles).status_code in (403, 405, 422)
    lena.refresh_from_db()
    assert [role.value for role in lena.roles] == ["lead"]


# --- People who are not there ---------------------------------------------------------------------------------


@pytest.fixture
def gone(ada: User) -> User:
    """Somebody who was deactivated."""
    user = person("gone", lead=True)
    deactivate_person("gone", Actor.person(ada), now())
    return user


NOT_THERE = ("gone", "nobody-of-this-name", "1", "' or 1=1 --")
NAMED = ("business_owner", "executive_sponsor", "technical_lead", "deputy")


@pytest.mark.parametrize(("role", "who"), [*product((*NAMED, "members"), NOT_THERE)])
def test_who_is_not_there_gets_no_place(
    initiative: Initiative, lena: User, gone: User, role: str, who: str
) -> None:
    client = api(lena)
    people = {role: [who]} if role == "members" else {role: who}
    with tables_written() as written:
        answers = [
            client.patch(f"initiatives/{initiative.ref}/", {"people": people}),
            client.post("initiatives/", {"name": "X", "business_problem": "Y", "people": people}),
        ]
    for answer in answers:
        assert answer.status_code == 422
        assert {error["field"] for error in answer.json()["errors"]} <= {
            f"people.{role}", f"people.{role}.0"
        }  # fmt: skip
    assert not set(written) & {"gates_teamrole"}
    typed = EDITED | {f"people_{role}": [who] if role == "members" else who}
    assert pages(lena).post(f"/initiatives/{initiative.ref}/edit/", typed).status_code == 422
    assert not initiative.team_roles.filter(user=gone).exists()


@pytest.fixture
def waiting(initiative: Initiative, lena: User) -> Initiative:
    """With its first gate submitted."""
    answer_all(initiative, lena, gates=["data"])
    submit_gate(initiative.pk, "data", "", Actor.person(lena), now())
    return initiative


@pytest.mark.parametrize("who", NOT_THERE)
def test_who_is_not_there_owns_no_condition(waiting: Initiative, ravi: User, gone: User, who: str) -> None:
    promise = {"text": "Write the runbook.", "owner": who, "due": soon()}
    decision = {"decision": "pass_with_conditions", "rationale": "Nearly.", "conditions": [promise]}

    answer = api(ravi).post(f"initiatives/{waiting.ref}/gates/data/decision/", decision)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["conditions.0.owner"]
    assert waiting.passages.filter(decisions__isnull=False).count() == 0


def foreign(client: Api, ref: str, other: str) -> Iterator[tuple[str, Any]]:
    """Writes that name something which is not this initiative's: (what, answer)."""
    yield (
        "item",
        client.post(f"initiatives/{ref}/waivers/", {"item": "CONV-1", "reason": "x", "expires_on": soon()}),
    )
    yield (
        "item",
        client.post(f"initiatives/{ref}/waivers/", {"item": other, "reason": "x", "expires_on": soon()}),
    )


def test_a_waiver_names_an_item_of_its_own_initiative(waiting: Initiative, ravi: User, omar: User) -> None:
    other = create(omar)
    for field, answer in foreign(api(ravi), waiting.ref, other.ref):
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("frameworks/", {"framework": "no-such"}, "framework"),
        ("material-change/", {"kind": "model", "note": "x", "gates": ["data", "no-such"]}, "gates.1"),
        ("stage/", {"to": "live", "initiative": "AI-0001"}, "initiative"),
    ],
)
def test_what_is_named_in_a_body_has_to_be_there(
    initiative: Initiative, lena: User, path: str, body: dict[str, Any], field: str
) -> None:
    answer = api(lena).post(f"initiatives/{initiative.ref}/{path}", body)
    assert answer.status_code in (400, 422)
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_an_initiative_keeps_its_identity_whatever_a_body_says(initiative: Initiative, lena: User) -> None:
    other = create(lena, name="Another")
    client = api(lena)
    for name, value in (
        ("id", other.ref),
        ("pk", other.pk),
        ("created_by", "omar"),
        ("initiative", other.ref),
    ):
        answer = client.patch(f"initiatives/{initiative.ref}/", {"name": "Moved", name: value})
        assert answer.status_code == 400
    initiative.refresh_from_db()
    other.refresh_from_db()
    assert (initiative.name, other.name) == ("Invoice triage", "Another")


def test_the_person_behind_a_write_is_the_caller_whoever_the_body_names(
    waiting: Initiative, ravi: User
) -> None:
    decision = {"decision": "return", "rationale": "Not yet.", "by": "lena"}
    path = f"initiatives/{waiting.ref}/gates/data/decision/"
    assert api(ravi).post(path, decision).status_code == 400
    del decision["by"]
    assert api(ravi).post(path, decision).json()["decision"]["by"] == "ravi"


def test_a_form_cannot_say_that_it_was_another_method(initiative: Initiative, lena: User) -> None:
    """Neither a hidden field nor a header turns a POST into something else."""
    browser: Client = pages(lena)
    url = f"/api/v1/initiatives/{initiative.ref}/"
    headers = {"x-http-method-override": "PATCH"}
    answer = browser.post(url, {"_method": "PATCH"}, content_type="application/json", headers=headers)
    assert answer.status_code == 405
