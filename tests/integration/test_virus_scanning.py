"""Files are held against a virus scanner before they are kept, where one is named."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import override_settings

from checklists.models import Evidence
from gates.models import Initiative
from readiness.accounts.models import User
from readiness.work.models import LongWork
from tests.fixtures import api, pages, today
from tests.services.clamd import EICAR, NAME, Clamd, scanning

pytestmark = pytest.mark.usefixtures("own_store")

INFECTED = b"A note, and then " + EICAR
AT_PRESENT = "could not be checked for viruses at present"


@pytest.fixture
def clamd() -> Iterator[Clamd]:
    with scanning() as one, override_settings(FIVEGATES_CLAMD=one.address):
        yield one


def _stored() -> list[Path]:
    return [path for path in Path(default_storage.location).rglob("*") if path.is_file()]


def _over_rest(initiative: Initiative, lead: User, content: bytes, **headers: str) -> Any:
    fields = {"effective_on": str(today()), "title": "The report"}
    fields["file"] = SimpleUploadedFile("report.txt", content)
    return api(lead).upload(f"initiatives/{initiative.ref}/checklist/DATA-1/evidence/", fields, **headers)


def _on_the_page(initiative: Initiative, lead: User, content: bytes) -> HttpResponse:
    fields = {"kind": "file", "effective_on": str(today()), "title": "The report"}
    fields["file"] = SimpleUploadedFile("report.txt", content)
    return pages(lead).post(f"/initiatives/{initiative.ref}/answers/DATA-1/evidence/", fields)


def test_a_clean_file_is_kept_whole_after_the_scanner_saw_all_of_it(
    clamd: Clamd, initiative: Initiative, lena: User
) -> None:
    content = b"line\n" * 400_000  # more than is held in memory
    assert _over_rest(initiative, lena, content).status_code == 201
    assert clamd.seen == [content]
    assert [path.read_bytes() for path in _stored()] == [content]


def test_without_a_scanner_nothing_is_asked(initiative: Initiative, lena: User) -> None:
    """The negative control: what is refused below is taken here."""
    assert _over_rest(initiative, lena, INFECTED).status_code == 201


def test_what_the_scanner_finds_is_named_and_not_kept(
    clamd: Clamd, initiative: Initiative, lena: User
) -> None:
    refused = _over_rest(initiative, lena, INFECTED)
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["field"], error["code"]) == ("file", "file_infected")
    assert NAME in error["message"]
    page = _on_the_page(initiative, lena, INFECTED)
    assert page.status_code == 422
    assert f"A virus was found in it: {NAME}. It was not kept." in page.content.decode()
    assert _stored() == []
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "answer", ["", "stream: Can't allocate memory ERROR", "what?", "stream: OK\x00 or not"]
)
def test_an_answer_that_is_no_verdict_keeps_nothing(
    clamd: Clamd, initiative: Initiative, lena: User, answer: str
) -> None:
    clamd.answer = answer
    _expect_nothing_kept(initiative, lena)
    clamd.answer = None
    assert _over_rest(initiative, lena, b"A note").status_code == 201


def test_what_the_scanner_does_not_take_whole_is_not_kept(
    clamd: Clamd, initiative: Initiative, lena: User
) -> None:
    clamd.limit = 1000
    _expect_nothing_kept(initiative, lena, b"x" * 1_000_000)


def test_where_the_scanner_is_away_nothing_is_kept(
    initiative: Initiative, lena: User, tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"127.0.0.1:{free.getsockname()[1]}"
    for address in (nobody, str(tmp_path / "no.sock")):
        with override_settings(FIVEGATES_CLAMD=address):
            _expect_nothing_kept(initiative, lena)


def _expect_nothing_kept(initiative: Initiative, lead: User, content: bytes = b"A note") -> None:
    refused = _over_rest(initiative, lead, content)
    assert (refused.status_code, refused.json()["code"]) == (503, "not_scanned")
    assert int(refused["Retry-After"]) > 0
    page = _on_the_page(initiative, lead, content)
    assert page.status_code == 409
    assert AT_PRESENT in page.content.decode()
    assert 'value="The report"' in page.content.decode(), "what was typed stays"
    assert _stored() == []
    assert not Evidence.objects.exists()


def test_the_same_request_is_taken_once_the_scanner_is_back(
    clamd: Clamd, initiative: Initiative, lena: User
) -> None:
    """A refusal for the moment is not what a retry with the same key gets for a day."""
    clamd.answer = ""
    key = {"idempotency_key": "once"}
    assert _over_rest(initiative, lena, b"A note", **key).status_code == 503
    clamd.answer = None
    assert _over_rest(initiative, lena, b"A note", **key).status_code == 201


def test_a_spreadsheet_to_import_is_looked_at_too(clamd: Clamd, ada: User) -> None:
    def send(content: bytes) -> str:
        file = SimpleUploadedFile("list.csv", content)
        return pages(ada).post("/organisation/imports/", {"file": file}).content.decode()

    assert NAME in send(b"Name,Stage\n" + EICAR + b",PoC\n")
    clamd.answer = ""
    assert AT_PRESENT in send(b"Name,Stage\nA,PoC\n")
    assert _stored() == []
    assert not LongWork.objects.exists()
