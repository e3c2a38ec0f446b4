"""Who gets in, with what, and what nobody learns of."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from checklists.loading import load_framework, stored_framework
from checklists.models import Evidence, Framework
from gates.models import (
    Amendment,
    Assignment,
    Condition,
    ExitCriterion,
    Handover,
    Initiative,
    Kpi,
    Reading,
    Snapshot,
)
from readiness import clock
from readiness.accounts.models import Scope, Token, User
from readiness.actions.assignments import assign
from readiness.actions.exits import add_criterion
from readiness.actions.handovers import start_handover
from readiness.actions.tokens import issue_token, revoke_token
from readiness.api.urls import initiative as below_an_initiative
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.standing.models import Flag
from tests.access.secret import promised, teach
from tests.fixtures import PASSWORD, Api, answer_all, api, create, pages, pass_gate, person, promise, today

METHODS = ("get", "post", "put", "patch", "delete")
MARK = "Zanzibar"


# --- Tokens and sessions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "not_authenticated"),
        ("Basic bGVuYTpkZW1v", "not_authenticated"),
        ("Bearer", "bad_token"),
        ("Bearer nothing", "bad_token"),
        ("Bearer fg_" + "x" * 43, "bad_token"),
        ("Bearer two words", "bad_token"),
        ("Bearer " + "x" * 5000, "bad_token"),
        ("bearer  ", "bad_token"),
        ("Bearer fg_ü", "bad_token"),
        ("Bearer fg_\x00", "bad_token"),
    ],
)
@pytest.mark.django_db
def test_without_a_token_in_force_nobody_gets_in(header: str | None, code: str) -> None:
    client = Client(headers={"authorization": header} if header else {})
    refused = client.get("/api/v1/initiatives/")
    assert (refused.status_code, refused.json()["code"]) == (401, code)
    assert refused["WWW-Authenticate"] == 'Bearer realm="api"'
    assert refused["Content-Type"] == "application/problem+json"


def test_a_token_ends_at_once(lena: User) -> None:
    at, by = clock.now(), Actor.person(lena)
    token, plain = issue_token(lena, "short", ["read"], at + timedelta(days=1), by, at)
    client = Api(plain)
    assert client.get("initiatives/").status_code == 200
    Token.objects.filter(pk=token.pk).update(expires_at=at)
    assert client.get("initiatives/").status_code == 401
    Token.objects.filter(pk=token.pk).update(expires_at=None)
    assert client.get("initiatives/").status_code == 200
    revoke_token(token.pk, by, at)
    assert client.get("initiatives/").status_code == 401


def test_a_deactivated_person_is_out_at_once_by_token_and_session(lena: User) -> None:
    by_token, by_session = api(lena), pages(lena)
    assert by_session.get("/api/v1/initiatives/").status_code == 200
    User.objects.filter(pk=lena.pk).update(is_active=False)
    assert by_token.get("initiatives/").status_code == 401
    assert by_session.get("/api/v1/initiatives/").status_code == 401


def test_a_token_that_is_in_force_says_when_it_was_used(lena: User) -> None:
    api(lena).get("initiatives/")
    assert Token.objects.get().last_used_at is not None


def test_a_session_reads_and_writes_only_with_its_csrf_token(initiative: Initiative, lena: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    login = browser.get(reverse("login"))
    browser.post(
        reverse("login"),
        {"username": "lena", "password": PASSWORD, "csrfmiddlewaretoken": login.context["csrf_token"]},
    )
    assert browser.get("/api/v1/initiatives/").status_code == 200
    path, body = f"/api/v1/initiatives/{initiative.ref}/", '{"vendor": "X"}'
    for content_type in ("application/json", "text/plain"):
        refused = browser.patch(path, body, content_type=content_type)
        assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    token = browser.get(f"/initiatives/{initiative.ref}/edit/").context["csrf_token"]
    done = browser.patch(path, body, content_type="application/json", headers={"x-csrftoken": str(token)})
    assert done.status_code == 200
    assert Event.objects.get(verb="initiative.edited").token_name == ""


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        (Scope.READ, {"read"}),
        (Scope.WRITE, {"write"}),
        (Scope.REVIEW, {"review"}),
        (Scope.CHECKS, {"checks"}),
        (Scope.ADMIN, set()),
    ],
)
def test_a_scope_opens_its_own_routes_and_no_others(
    initiative: Initiative, lena: User, scope: Scope, allowed: set[str]
) -> None:
    client, at = api(lena, scope), f"initiatives/{initiative.ref}/"
    tried = {
        "read": [client.get(path) for path in ("initiatives/", at, f"{at}readiness/", "flags/", "users/")],
        "write": [
            client.patch(at, {"vendor": "X"}),
            client.put(f"{at}checklist/DATA-1/", {"answer": "partial"}),
            client.post(f"{at}gates/data/submit/"),
            client.delete(f"{at}hold/"),
        ],
        "review": [
            client.post(f"{at}gates/data/decision/", {"decision": "pass", "rationale": "X"}),
            client.post(f"{at}waivers/", {"item": "DATA-1", "reason": "X", "expires_on": str(today())}),
            client.post(f"{at}conditions/1/confirm/"),
        ],
        "checks": [client.post(f"{at}checks/", {})],
    }
    for needed, answers in tried.items():
        missing = [answer.json().get("code") == "missing_scope" for answer in answers]
        assert missing == [needed not in allowed] * len(answers)
        assert all(answer.status_code == 403 for answer, no in zip(answers, missing, strict=True) if no)


def test_a_scope_gives_no_more_than_its_owner_may_do(initiative: Initiative, iris: User) -> None:
    client = api(iris, *Scope)
    assert client.patch(f"initiatives/{initiative.ref}/", {"vendor": "X"}).status_code == 403
    assert client.put(f"initiatives/{initiative.ref}/checklist/DATA-1/", {"answer": "met"}).status_code == 403


# --- What one may not see is not there ----------------------------------------------------------------------


@pytest.fixture
def hidden(lena: User, ravi: User) -> Initiative:
    """Lena's, seen by its team and by those who see everything, with something of every kind below it."""
    one = create(lena, name=MARK, business_problem=MARK, business_unit=MARK, visibility="team", stage="pilot")
    answer_all(one, lena)
    pass_gate(one, "data", lena, ravi, conditions=[promise(lena, MARK)])
    promised(one, lena)
    by, at = Actor.person(lena), clock.now()
    agreed = {"kpi": Kpi.objects.get(initiative=one).pk, "comparator": "under", "limit": 8, "action": "stop"}
    add_criterion(one.pk, agreed | {"window_days": 28, "decider": lena.username}, by, at)
    start_handover(one.pk, lena.username, by, at)
    assign(one.pk, "ARCH-1", lena.username, today(), by, at, note=MARK)
    teach(one)
    profile = Framework.objects.current().with_content().get(slug="environment-gap")
    load_framework(replace(stored_framework(profile), version="9.0"), at)
    return one


def _paths(one: Initiative) -> list[str]:
    """Every address below an initiative, with keys that are there."""
    keys = {
        "initiative_id": one.pk,
        "code": "DATA-1",
        "slug": "environment-gap",
        "gate": "architecture",
        "evidence_id": Evidence.objects.get(assessment__passage__initiative=one, item__code="DATA-1").pk,
        "condition_id": Condition.objects.get(decision__passage__initiative=one).pk,
        "snapshot_id": Snapshot.objects.filter(passage__initiative=one).first().pk,  # type: ignore[union-attr]
        "other_id": Snapshot.objects.filter(passage__initiative=one).last().pk,  # type: ignore[union-attr]
        "kind": "preparation",
        "kpi_id": Kpi.objects.get(initiative=one).pk,
        "reading_id": Reading.objects.get(kpi__initiative=one, withdrawn_at__isnull=True).pk,
        "amendment_id": Amendment.objects.get(initiative=one).pk,
        "criterion_id": ExitCriterion.objects.get(initiative=one).pk,
        "handover_id": Handover.objects.get(initiative=one).pk,
        "assignment_id": Assignment.objects.get(passage__initiative=one).pk,
    }
    names = [(route.name, route.pattern.converters) for route in below_an_initiative]
    return [
        reverse(str(name), kwargs={"initiative_id": one.pk} | {key: keys[key] for key in converters})
        for name, converters in names
    ]


def test_for_an_outsider_nothing_below_a_hidden_initiative_is_there(hidden: Initiative, omar: User) -> None:
    outsider, nowhere = api(omar), Initiative(pk=999_999)
    before = Event.objects.count()
    for path in _paths(hidden):
        for method in METHODS:
            answer = outsider.raw(method, path, b"{}")
            missing = outsider.raw(method, path.replace(hidden.ref, nowhere.ref), b"{}")
            assert answer.status_code == missing.status_code, f"{method} {path}"
            assert answer.status_code in (400, 404, 405, 415), f"{method} {path}"
            assert answer.content == missing.content
            assert MARK not in answer.content.decode()
    for flag in Flag.objects.filter(initiative=hidden):
        for act in ("acknowledge", "snooze"):
            body = {"until": str(today()), "reason": "X"} if act == "snooze" else {}
            assert outsider.post(f"flags/{flag.pk}/{act}/", body).status_code == 404
    assert Event.objects.count() == before


def test_every_read_below_a_hidden_initiative_is_a_404_for_an_outsider_and_there_for_its_team(
    hidden: Initiative, lena: User, omar: User
) -> None:
    read = 0
    for path in _paths(hidden):
        seen = api(lena).get(path)
        if seen.status_code == 405 or path.endswith("/file/"):
            continue
        assert seen.status_code == 200, path
        assert api(omar).get(path).status_code == 404, path
        read += 1
    assert read >= 12


def test_every_write_to_a_hidden_initiative_is_a_404_for_an_outsider(hidden: Initiative, omar: User) -> None:
    outsider, at = api(omar), f"initiatives/{hidden.ref}/"
    condition = Condition.objects.get().pk
    assignment = Assignment.objects.get().pk
    evidence = Evidence.objects.first()
    assert evidence is not None
    day = str(today())
    writes: list[Any] = [
        outsider.patch(at, {"vendor": "X"}),
        outsider.post(f"{at}stage/", {"to": "poc", "reason": "X"}),
        outsider.post(f"{at}hold/", {"reason": "X", "review_on": day}),
        outsider.delete(f"{at}hold/"),
        outsider.post(f"{at}frameworks/", {"framework": "conversational-ai"}),
        outsider.post(f"{at}frameworks/five-gate/move/", {}),
        outsider.delete(f"{at}frameworks/five-gate/"),
        outsider.patch(f"{at}checklist/", {"answers": [{"code": "DATA-1", "answer": "met"}]}),
        outsider.put(f"{at}checklist/DATA-1/", {"answer": "met"}),
        outsider.upload(f"{at}checklist/DATA-1/evidence/", {"effective_on": day}),
        outsider.delete(f"{at}evidence/{evidence.pk}/"),
        outsider.post(f"{at}gates/architecture/submit/"),
        outsider.post(f"{at}gates/data/decision/", {"decision": "pass", "rationale": "X"}),
        outsider.patch(f"{at}conditions/{condition}/", {"owner": "omar"}),
        outsider.post(f"{at}conditions/{condition}/keep/", {"note": "Done."}),
        outsider.post(f"{at}conditions/{condition}/confirm/"),
        outsider.post(f"{at}conditions/{condition}/reopen/", {"reason": "X"}),
        outsider.post(f"{at}waivers/", {"item": "DATA-2", "reason": "X", "expires_on": day}),
        outsider.post(f"{at}material-change/", {"kind": "model", "note": "X", "gates": ["data"]}),
        outsider.post(f"{at}comments/", {"body": "X"}),
        outsider.post(f"{at}assignments/", {"item": "DATA-1", "person": "lena", "due": day}),
        outsider.patch(f"{at}assignments/{assignment}/", {"note": "X"}),
        outsider.post(f"{at}assignments/{assignment}/end/", {"outcome": "done"}),
    ]
    assert [write.status_code for write in writes] == [404] * len(writes)


def test_a_hidden_initiative_is_in_no_list_and_no_count(hidden: Initiative, omar: User, elsa: User) -> None:
    lists = ["initiatives/", "scores/", "flags/", "portfolio/", f"initiatives/?search={MARK}"]
    lists += [f"initiatives/?business_unit={MARK}", "initiatives/?flag=no_business_owner", "users/"]
    for path in lists:
        answer = api(omar).get(path)
        assert answer.status_code == 200
        assert MARK not in answer.content.decode(), path
        assert hidden.ref not in answer.content.decode(), path
    figures = api(omar).get("portfolio/").json()
    assert figures["headline"]["total"] == 0
    assert figures["reviews_waiting"]["count"] == 0
    assert api(elsa).get("portfolio/").json()["headline"]["total"] == 1


def test_a_condition_s_owner_off_the_team_keeps_it_only_where_they_see_the_initiative(
    lena: User, ravi: User, omar: User
) -> None:
    one = create(lena)
    answer_all(one, lena)
    pass_gate(one, "data", lena, ravi, conditions=[promise(omar)])
    path = f"initiatives/{one.ref}/conditions/{Condition.objects.get().pk}/keep/"
    api(lena).patch(f"initiatives/{one.ref}/", {"visibility": "team"})
    assert api(omar).post(path, {"note": "Done."}).status_code == 404
    api(lena).patch(f"initiatives/{one.ref}/", {"visibility": "organisation"})
    assert api(omar).post(path, {"note": "Done."}).status_code == 200


@pytest.mark.parametrize("who", ["ravi", "elsa", "iris", "ada", "lena"])
def test_team_reviewers_executives_auditors_and_admins_see_it(
    request: pytest.FixtureRequest, hidden: Initiative, who: str
) -> None:
    assert api(request.getfixturevalue(who)).get(f"initiatives/{hidden.ref}/").status_code == 200


def test_who_holds_no_role_sees_only_what_they_are_on(hidden: Initiative, lena: User) -> None:
    nobody = person("nobody")
    public = create(lena)
    client = api(nobody)
    assert client.get("initiatives/").json()["results"] == []
    assert client.get(f"initiatives/{public.ref}/").status_code == 404
    api(lena).patch(f"initiatives/{hidden.ref}/", {"people": {"members": ["lena", "nobody"]}})
    assert [row["id"] for row in client.get("initiatives/").json()["results"]] == [hidden.ref]


# --- Methods and headers ------------------------------------------------------------------------------------


def test_head_options_and_unknown_methods(initiative: Initiative, lena: User) -> None:
    lead, path = api(lena), f"initiatives/{initiative.ref}/"
    head = lead.raw("head", path)
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == lead.get(path)["ETag"]
    options = lead.raw("options", path)
    assert (options.status_code, options["Allow"]) == (204, "GET, PATCH, HEAD, OPTIONS")
    assert api(None).raw("options", path).status_code == 401
    for method in ("put", "delete", "post", "trace"):
        refused = lead.raw(method, path)
        assert (refused.status_code, refused["Content-Type"]) == (405, "application/problem+json")
        assert refused.json()["code"] == "method_not_allowed"
        assert refused["Allow"] == "GET, PATCH, HEAD, OPTIONS"
    assert api(None).raw("put", path).status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["", "nothing/", "initiatives", "initiatives/AI-42/", "initiatives/x/", "../v2/x/"]
)
def test_an_address_that_is_not_there_is_a_problem_document(path: str) -> None:
    for method in METHODS:
        refused = api(None).raw(method, f"/api/v1/{path}")
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


def test_answers_are_kept_by_nobody_and_problems_neither(initiative: Initiative, lena: User) -> None:
    lead = api(lena)
    for answer in (lead.get("initiatives/"), lead.get("nothing/"), lead.get("initiatives/?x=1")):
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert {"Authorization", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}


def test_only_json_is_spoken(initiative: Initiative, lena: User) -> None:
    lead = api(lena)
    assert lead.get("initiatives/", accept="text/html").status_code == 406
    assert lead.get("initiatives/", accept="text/html, application/json;q=0.5").status_code == 200
    for content_type in (
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ):
        refused = lead.raw("patch", f"initiatives/{initiative.ref}/", b"vendor=X", content_type)
        assert (refused.status_code, refused.json()["code"]) == (415, "unsupported_media_type")
