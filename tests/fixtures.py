"""The cast and the props that tests share: people, clients, an initiative and its way through the gates.

Acts go through the product's own verb functions. Where no moment is named it is now.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from checklists.loading import load_framework, loading_order, read_framework, shipped_files
from checklists.models import Gate, Item
from gates import seeing
from gates.definitions import loaded_framework
from gates.models import Initiative
from gates.querysets import InitiativeQuerySet
from readiness import clock
from readiness.accounts.models import Organisation, Scope, SystemRole, User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.gates import Promise, decide_gate, submit_gate
from readiness.actions.initiatives import create_initiative
from readiness.actions.pieces import Piece
from readiness.actions.tokens import issue_token
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome
from readiness.workbench.checklists.places import text_of

PASSWORD = "a long enough password"
FIVE_GATES = ("data", "architecture", "integration", "governance", "adoption")
PUBLISHED_AT = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The shipped frameworks stand in the test database, as in every installation."""
    with django_db_blocker.unblock():
        for parsed in sorted(map(read_framework, shipped_files()), key=loading_order):
            load_framework(parsed, PUBLISHED_AT)
    yield


def person(username: str, *, unit: str = "Finance", function: str = "business", **roles: bool) -> User:
    """A person who can sign in with PASSWORD: ``person("lena", lead=True)``."""
    columns = {f"is_{SystemRole(role).value}": held for role, held in roles.items()}
    user = User(
        username=username,
        name=username.capitalize(),
        email=f"{username}@example.com",
        unit=unit,
        function=function,
        created_at=clock.now(),
        **columns,
    )
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def lena(db: None) -> User:
    """The lead of what ``create`` makes."""
    return person("lena", lead=True, function="it")


@pytest.fixture
def ravi(db: None) -> User:
    """A reviewer."""
    return person("ravi", reviewer=True, unit="Risk")


@pytest.fixture
def elsa(db: None) -> User:
    """An executive."""
    return person("elsa", executive=True)


@pytest.fixture
def omar(db: None) -> User:
    """A lead of another unit: an outsider to lena's initiatives."""
    return person("omar", lead=True, unit="Logistics")


@pytest.fixture
def iris(db: None) -> User:
    """An auditor."""
    return person("iris", auditor=True, unit="Audit")


@pytest.fixture
def ada(db: None) -> User:
    """An admin."""
    return person("ada", admin=True, unit="IT", function="it")


class Api:
    """A REST client of one person: a bearer token and JSON. Paths are given below ``/api/v1/``.

    Whoever is in ``watchers`` is shown every request's method and its response.
    """

    watchers: ClassVar[list[Callable[[str, HttpResponse], None]]] = []

    def __init__(self, token: str | None) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self.client = Client(headers=headers)

    def get(self, path: str, params: dict[str, Any] | None = None, **headers: str) -> HttpResponse:
        return self._seen("get", self.client.get(_at(path), params, headers=_headers(headers)))

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self._send("post", path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self._send("put", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self._send("patch", path, body, headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self._seen("delete", self.client.delete(_at(path), headers=_headers(headers)))

    def upload(self, path: str, fields: dict[str, Any], **headers: str) -> HttpResponse:
        """A multipart form: files are file objects or SimpleUploadedFile."""
        return self._seen("post", self.client.post(_at(path), fields, headers=_headers(headers)))

    def raw(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        content_type: str = "application/json",
        **headers: str,
    ) -> HttpResponse:
        """These bytes as they are."""
        sent = self.client.generic(
            method.upper(), _at(path), body, content_type=content_type, headers=_headers(headers)
        )
        return self._seen(method, sent)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> HttpResponse:
        send = getattr(self.client, method)
        content = json.dumps({} if body is None else body, default=str)
        sent = send(_at(path), content, content_type="application/json", headers=_headers(headers))
        return self._seen(method, sent)

    def _seen(self, method: str, response: HttpResponse) -> HttpResponse:
        for watcher in self.watchers:
            watcher(method, response)
        return response


def _at(path: str) -> str:
    return path if path.startswith(("/", "http")) else f"/api/v1/{path}"


def _headers(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def token_for(user: User, *scopes: Scope) -> str:
    """A fresh token's plain text; without scopes named it has them all."""
    wanted = [scope.value for scope in scopes or Scope]
    return issue_token(user, "a test", wanted, None, Actor.person(user), clock.now())[1]


def api(user: User | None, *scopes: Scope) -> Api:
    """A REST client of this person; None is nobody."""
    return Api(token_for(user, *scopes) if user else None)


def pages(user: User) -> Client:
    """A browser of this person, signed in."""
    client = Client()
    client.force_login(user)
    return client


def today(at: datetime | None = None) -> date:
    """The organisation's day."""
    return Organisation.get().day_of(at or clock.now())


def create(by: User, at: datetime | None = None, **facts: Any) -> Initiative:
    """An initiative of this person's, who is its technical lead."""
    given = {
        "name": "Invoice triage",
        "business_problem": "Invoices wait nine days.",
        "business_unit": "Finance",
    }
    return create_initiative(given | facts, Actor.person(by), at or clock.now())[0]


@pytest.fixture
def seen_by_rule(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Any], None]]:
    """Puts another rule of who sees which initiatives in the place of ours, until the test ends."""

    def put(rule: Callable[[Any, User], Any]) -> None:
        seeing.question.cache_clear()
        monkeypatch.setattr(InitiativeQuerySet, "visible_to", rule)

    yield put
    monkeypatch.undo()
    seeing.question.cache_clear()


@pytest.fixture
def initiative(lena: User) -> Initiative:
    """Lena's, in intake, with nothing answered."""
    return create(lena)


def answer_all(
    initiative: Initiative,
    by: User,
    answer: str = "met",
    framework: str = "five-gate",
    gates: Sequence[str] | None = None,
    at: datetime | None = None,
) -> Outcome:
    """Every item of a framework (or of some of its gates) gets this answer, with a fresh link behind it."""
    at = at or clock.now()
    items = Item.objects.filter(
        gate__framework__slug=framework, gate__framework__assessments__passage__initiative=initiative
    )
    if gates is not None:
        items = items.filter(gate__slug__in=gates)
    changes = [
        AnswerChange(
            code,
            answer,
            evidence=(Piece("link", today(at), f"Proof of {code}", f"https://wiki.example.com/{code}"),),
        )
        for code in items.order_by("gate__position", "position").values_list("code", flat=True)
    ]
    return record_answers(initiative.pk, changes, Actor.person(by), at, framework)


def pass_gate(
    initiative: Initiative,
    gate: str,
    lead: User,
    reviewer: User,
    at: datetime | None = None,
    conditions: Sequence[Promise] = (),
) -> Outcome:
    """Submit a gate whose criteria hold, and pass it; with conditions where some are given."""
    at = at or clock.now()
    submit_gate(initiative.pk, gate, "Please look.", Actor.person(lead), at)
    decision = "pass_with_conditions" if conditions else "pass"
    by = Actor.person(reviewer)
    return decide_gate(initiative.pk, gate, decision, "Looked at every item.", by, at, conditions)[1]


def make_ready(initiative: Initiative, lead: User, reviewer: User, at: datetime | None = None) -> Outcome:
    """Answer all twenty items and pass the five gates: the verdict is ready."""
    outcome = answer_all(initiative, lead, at=at)
    for gate in FIVE_GATES:
        outcome = pass_gate(initiative, gate, lead, reviewer, at)
    return outcome


def promise(owner: User, text: str = "Write the runbook.", days: int = 30) -> Promise:
    """A condition due in so many days."""
    return Promise(text, owner.username, today() + timedelta(days=days))


@pytest.fixture
def query_count(db: None, django_assert_max_num_queries: Any) -> Callable[[Callable[[], Any]], int]:
    """How many queries a call makes, in a process that has read the frameworks and keeps them."""
    for gate in Gate.objects.select_related("framework"):
        loaded_framework(gate.framework.pk, gate.framework.checksum)
        text_of(gate.framework.pk, gate.framework.checksum, gate.slug)

    def count(call: Callable[[], Any]) -> int:
        with django_assert_max_num_queries(10_000) as captured:
            call()
        return len(captured)

    return count
