"""People, frameworks, the audit trail, and the API about itself."""

import pytest

from checklists.models import Item
from gates.models import Initiative
from readiness.accounts.models import User
from readiness.api.codes import Code
from readiness.audit.models import Event
from tests.fixtures import api, create, person


def test_people_are_searched_by_name_and_shown_by_username(lena: User, ravi: User, iris: User) -> None:
    gone = person("gone", lead=True)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    lead = api(lena)
    assert [one["username"] for one in lead.get("users/").json()["results"]] == ["iris", "lena", "ravi"]
    found = lead.get("users/", {"search": "RAV risk"}).json()["results"]
    assert found == [{"username": "ravi", "name": "Ravi", "unit": "Risk", "function": "business"}]
    assert lead.get("users/", {"search": "gone"}).json()["results"] == []


def test_frameworks_are_listed_and_read(lena: User) -> None:
    lead = api(lena)
    listed = lead.get("frameworks/").json()["results"]
    assert [one["slug"] for one in listed] == [
        "conversational-ai",
        "environment-gap",
        "five-gate",
        "poc-checkpoints",
    ]
    one = lead.get("frameworks/five-gate/").json()
    assert (one["required_met"], one["order"], one["kind"]) == (16, "sequential", "gates")
    assert one["guards"] == [{"from_stage": "pilot", "to_stage": "rollout", "gate": None}]
    codes = [item["code"] for gate in one["gates"] for item in gate["items"]]
    assert len(codes) == 20
    first = Item.objects.get(code="DATA-1", gate__framework__slug="five-gate")
    assert one["gates"][0]["items"][0]["statement"] == first.statement
    assert lead.get("frameworks/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("iris", 200), ("ada", 200), ("lena", 403), ("ravi", 403), ("elsa", 403)]
)
def test_who_reads_the_audit_trail(request: pytest.FixtureRequest, who: str, status: int) -> None:
    assert api(request.getfixturevalue(who)).get("audit/").status_code == status


def test_the_audit_trail_is_read_from_its_end_and_chained(
    initiative: Initiative, lena: User, iris: User
) -> None:
    api(lena).patch(f"initiatives/{initiative.ref}/", {"vendor": "X"})
    auditor = api(iris)
    events = auditor.get("audit/").json()["results"]
    assert [event["seq"] for event in events] == sorted((event["seq"] for event in events), reverse=True)
    for newer, older in zip(events, events[1:], strict=False):
        assert newer["previous_hash"] == older["hash"]
    edited = auditor.get("audit/", {"verb": "initiative.edited"}).json()["results"]
    assert [(one["actor"]["username"], one["actor"]["token"], one["initiative"]) for one in edited] == [
        ("lena", "a test", initiative.ref)
    ]
    assert edited[0]["data"]["changed"] == {"vendor": ["", "X"]}
    of_it = auditor.get("audit/", {"initiative": initiative.ref}).json()["results"]
    assert {one["verb"] for one in of_it} == {"initiative.created", "initiative.edited"}
    by_lena = auditor.get("audit/", {"actor": "lena"}).json()["results"]
    assert len(by_lena) == Event.objects.filter(actor=lena).count()
    assert auditor.get("audit/", {"initiative": "42"}).status_code == 400
    assert auditor.get("audit/", {"initiative": create(lena).ref, "verb": "nothing"}).json()["results"] == []


@pytest.mark.django_db
def test_every_refusal_can_be_read_about_by_anybody() -> None:
    nobody = api(None)
    kinds = nobody.get("problems/").json()["results"]
    assert [kind["code"] for kind in kinds] == [code.value for code in Code]
    for kind in kinds:
        assert nobody.get(f"problems/{kind['code']}/").json() == kind
    assert nobody.get("problems/nothing/").status_code == 404
