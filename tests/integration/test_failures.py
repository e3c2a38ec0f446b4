"""What somebody sees where a page cannot be shown: what happened, what to do next, and the way back."""

import json
import logging
from collections.abc import Callable

import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from readiness import failures, urls
from readiness.accounts.models import User
from readiness.logs import JsonLines
from readiness.references import WithReference, current_reference
from tests.fixtures import api, create, pages
from tests.integration.workbench.markup import complaints, read

ERRORS = {
    "defect": ValueError("secret detail"),
    "away": OperationalError("connection refused"),
    "closed": InterfaceError("connection already closed"),
    "broken": ProgrammingError("no such column"),
    "large": RequestDataTooBig("too large"),
}


def failing(request: HttpRequest, kind: str) -> HttpResponse:
    raise ERRORS[kind]


handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
urlpatterns = [
    path("failing/<str:kind>/", failing),
    path("api/failing/<str:kind>/", failing),
    *urls.urlpatterns,
]


@pytest.fixture
def fail(lena: User, settings: object) -> Callable[..., HttpResponse]:
    client = pages(lena)
    client.raise_request_exception = False
    settings.ROOT_URLCONF = "tests.integration.test_failures"  # type: ignore[attr-defined]
    return client.get


@pytest.mark.django_db
def test_a_defect_is_told_with_a_reference_that_is_in_the_log_too(
    fail: Callable[..., HttpResponse], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(WithReference())
    page = fail("/failing/defect/")
    assert page.status_code == 500
    html = page.content.decode()
    assert "Something went wrong" in html and "secret detail" not in html
    reference = page["X-Request-ID"]
    assert reference and f"<code>{reference}</code>" in html
    told = [record for record in caplog.records if record.name == "django.request"]
    assert [record.reference for record in told] == [reference]  # type: ignore[attr-defined]
    assert json.loads(JsonLines().format(told[0]))["reference"] == reference
    assert current_reference() == "", "and the next request has one of its own"
    assert fail("/failing/defect/")["X-Request-ID"] != reference


@pytest.mark.django_db
def test_a_program_is_told_of_a_defect_as_a_problem(fail: Callable[..., HttpResponse]) -> None:
    answer = fail("/api/failing/defect/")
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["reference"] == answer["X-Request-ID"]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["away", "closed"])
def test_with_the_database_away_a_page_says_so_and_looks_again(
    fail: Callable[..., HttpResponse], kind: str
) -> None:
    page = fail(f"/failing/{kind}/")
    html = page.content.decode()
    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, "20", "no-store")
    assert "Back in a moment" in html and '<meta http-equiv="refresh" content="20">' in html
    answer = fail(f"/api/failing/{kind}/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "20")
    assert json.loads(answer.content)["code"] == "busy"


def test_that_page_asks_the_database_nothing(rf: RequestFactory) -> None:
    """No database is allowed in this test."""
    try:
        raise OperationalError("connection refused")
    except OperationalError:
        page = failures.server_error(rf.get("/"))
        sent = failures.server_error(rf.post("/"))
    assert page.status_code == sent.status_code == 503
    assert "refresh" not in sent.content.decode(), "what was sent is not sent again by itself"
    assert "was not saved" in sent.content.decode()


@pytest.mark.django_db
def test_tables_of_another_version_are_maintenance_and_a_wrong_query_is_a_defect(
    fail: Callable[..., HttpResponse],
) -> None:
    assert fail("/failing/broken/").status_code == 500

    latest = MigrationLoader(connection).graph.leaf_nodes("accounts")[0]
    MigrationRecorder(connection).record_unapplied(*latest)
    assert fail("/failing/broken/").status_code == 503


@pytest.mark.django_db
def test_too_much_at_once(fail: Callable[..., HttpResponse]) -> None:
    page = fail("/failing/large/")
    assert page.status_code == 413
    assert "That is too much at once" in page.content.decode()


@pytest.mark.django_db
def test_what_is_not_there_and_what_is_not_open_lead_back_where_one_came_from(lena: User) -> None:
    client = pages(lena)
    came_from = {"HTTP_REFERER": "http://testserver/initiatives/?stage=pilot"}
    for address, status in (("/no/such/page/", 404), ("/people/", 403)):
        response = client.get(address, **came_from)
        page = read(response)
        assert response.status_code == status
        assert complaints(page) == []
        assert page.links()["Back to where you were"] == "/initiatives/?stage=pilot"
        assert page.links()["Go to the start"] == "/"
        for elsewhere in ("http://evil.example/", "http://testserver/no/such/page/", "javascript:alert(1)"):
            other = read(client.get("/no/such/page/", HTTP_REFERER=elsewhere))
            assert "Back to where you were" not in other.links()


@pytest.mark.django_db
def test_the_address_of_a_form_says_that_there_is_nothing_to_read(ada: User) -> None:
    """After a refusal it is what stands in the browser."""
    answer = pages(ada).get(
        "/organisation/frameworks/", HTTP_REFERER="http://testserver/organisation/frameworks/beginning/"
    )
    page = read(answer)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert page.one("h1").text == "There is nothing to read here"
    assert page.links()["Back to where you were"] == "/organisation/frameworks/beginning/"
    assert complaints(page) == []


@pytest.mark.django_db
def test_a_page_says_why_it_is_not_open(ravi: User, lena: User) -> None:
    initiative = create(lena)
    page = pages(ravi).get(f"/initiatives/{initiative.ref}/edit/")
    assert page.status_code == 403
    assert "Only the team edits an initiative" in page.content.decode()


@pytest.mark.django_db
def test_a_form_of_an_earlier_session_says_what_to_do(lena: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(lena)
    page = client.post("/initiatives/new/", {"name": "X"})
    assert page.status_code == 403
    html = page.content.decode()
    assert "The form has expired" in html and "Nothing was changed" in html


def test_a_line_without_a_request_has_no_reference() -> None:
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "Said.", (), None)
    assert WithReference().filter(record)
    assert record.at_reference == ""  # type: ignore[attr-defined]
    assert "reference" not in json.loads(JsonLines().format(record))


@pytest.mark.django_db
def test_what_is_logged_of_a_refusal_after_the_answer_carries_its_reference(
    lena: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(WithReference())
    refused = api(lena).get("initiatives/AI-9999/")
    assert refused.status_code == 404
    told = [record for record in caplog.records if record.name == "django.request"]
    assert [record.reference for record in told] == [refused["X-Request-ID"]]  # type: ignore[attr-defined]
