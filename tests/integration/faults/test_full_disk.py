"""A full disk: said in words, with nothing half written, and over as soon as there is room.

The disk is a real one, a small one of its own. Of PostgreSQL, whose disk belongs to others too, only
the error is asked for.
"""

import errno
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from django.utils.functional import empty

from checklists.models import Evidence
from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.importing import jobs
from readiness.portfolio.scope import EVERYTHING
from readiness.reports import making
from readiness.reports.models import Format, Report
from readiness.room import is_full
from readiness.work import doing
from readiness.work.models import LongWork, State
from tests.fixtures import api, pages, today
from tests.services.disk import SmallDisk
from tests.services.stacks import EmbeddedStack
from tests.unit.importing.building import MAPPING as OWN_MAPPING
from tests.unit.importing.building import csv_bytes, row

pytestmark = pytest.mark.django_db

TEXT = b"Checked by hand, line by line.\n" * 3000
MAPPING = "us-federal-ai-use-cases-2024"
WORDS = "The server has no room left. Nothing was saved."


@pytest.fixture
def disk(new_disk: Callable[..., SmallDisk], tmp_path: Path) -> SmallDisk:
    return new_disk(tmp_path / "disk")


@pytest.fixture(autouse=True)
def folders(settings: LazySettings, tmp_path: Path) -> Iterator[dict[str, Path]]:
    """Where files of this test lie, all on the large disk at first."""
    made = {name: tmp_path / name for name in ("uploads", "evidence", "reports")}
    for folder in made.values():
        folder.mkdir()
    lie(settings, **made)
    yield made
    default_storage._wrapped = empty


def lie(settings: LazySettings, **folders: Path) -> None:
    """Have uploads, evidence or reports lie in these folders."""
    if "uploads" in folders:
        settings.UPLOAD_DIR = settings.FILE_UPLOAD_TEMP_DIR = folders["uploads"]
    given = dict(settings.STORAGES)
    for name, alias in (("evidence", "default"), ("reports", "reports")):
        if name in folders:
            options = given[alias]["OPTIONS"] | {"location": folders[name]}
            given[alias] = given[alias] | {"OPTIONS": options}
    settings.STORAGES = given
    default_storage._wrapped = empty
    storages._storages.clear()


def lying(folders: dict[str, Path]) -> list[Path]:
    return [path for folder in folders.values() for path in folder.rglob("*") if path.is_file()]


def upload(client: Client, initiative: Initiative, text: bytes = TEXT, **headers: str) -> Any:
    sent = {
        "kind": "file",
        "title": "What the <audit> found",
        "effective_on": str(today()),
        "version": "0",
        "file": SimpleUploadedFile("notes.txt", text),
    }
    return client.post(f"/initiatives/{initiative.ref}/answers/DATA-1/evidence/", sent, headers=headers)


def upload_over_rest(by: User, initiative: Initiative, text: bytes = TEXT) -> Any:
    fields = {"effective_on": str(today()), "file": SimpleUploadedFile("notes.txt", text)}
    return api(by).upload(f"initiatives/{initiative.ref}/checklist/DATA-1/evidence/", fields)


def is_told(answer: Any) -> None:
    assert answer.status_code == 507, answer.content.decode()[-6000:]
    if answer["Content-Type"] == "application/problem+json":
        assert (answer.json()["code"], answer.json()["status"]) == ("no_room", 507)
    else:
        assert WORDS in answer.content.decode()


@pytest.mark.parametrize("full", ["uploads", "evidence"])
def test_a_file_that_finds_no_room_is_refused_and_what_was_typed_is_kept(
    initiative: Initiative,
    lena: User,
    disk: SmallDisk,
    folders: dict[str, Path],
    settings: LazySettings,
    full: str,
) -> None:
    lie(settings, **{full: disk.folder})
    disk.fill()
    page = upload(pages(lena), initiative)
    is_told(page)
    html = page.content.decode()
    assert 'value="What the &lt;audit&gt; found"' in html
    assert 'id="DATA-1-evidence-add"' in html, "the form is there to be sent again"
    by_htmx = upload(pages(lena), initiative, **{"HX-Request": "true"})
    assert by_htmx.status_code == 507
    is_told(upload_over_rest(lena, initiative))
    assert not Evidence.objects.exists()
    assert (disk.files(), lying(folders)) == ([], [])

    disk.free()
    assert upload(pages(lena), initiative).status_code == 302
    assert Evidence.objects.get().file_size == len(TEXT)
    assert upload_over_rest(lena, initiative).status_code == 200, "the same piece"
    assert len(disk.files()) + len(lying(folders)) == 1


def test_a_small_file_that_was_held_back_until_its_end_is_refused_as_well(
    initiative: Initiative,
    lena: User,
    disk: SmallDisk,
    settings: LazySettings,
) -> None:
    small = b"Checked by hand.\n"
    lie(settings, uploads=disk.folder)
    disk.fill()
    is_told(upload(pages(lena), initiative, small))
    is_told(upload_over_rest(lena, initiative, small))
    assert disk.files() == []
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("full", ["uploads", "evidence"])
def test_a_spreadsheet_that_finds_no_room_is_refused(
    ada: User, disk: SmallDisk, folders: dict[str, Path], settings: LazySettings, full: str
) -> None:
    def send() -> Any:
        sent = {"file": SimpleUploadedFile("list.csv", TEXT), "mapping": MAPPING}
        return pages(ada).post("/organisation/imports/", sent)

    lie(settings, **{full: disk.folder})
    disk.fill()
    page = send()
    is_told(page)
    assert "This field is required" not in page.content.decode()
    assert not LongWork.objects.exists()
    assert (disk.files(), lying(folders)) == ([], [])


def test_a_report_that_finds_no_room_ends_with_the_reason_and_can_be_asked_for_anew(
    lena: User, initiative: Initiative, disk: SmallDisk, settings: LazySettings
) -> None:
    def make() -> Report:
        made = making.ask(lena, Format.CSV, EVERYTHING, "All", "en", clock.now())
        making.carry_on(made.work_id, clock.now())
        made.refresh_from_db()
        return made

    for place in ("uploads", "reports"):
        lie(settings, **{place: disk.folder})
        disk.fill()
        report = make()
        work = LongWork.objects.get(pk=report.work_id)
        assert (work.state, work.message) == (State.FAILED, str(doing.FULL))
        assert (report.made_at, report.file_key, disk.files()) == (None, "", [])
        disk.free()
        assert make().made_at is not None
        Report.objects.all().delete()
        for name in disk.files():
            (disk.folder / name).unlink()


def test_an_import_that_finds_no_room_for_what_it_left_out_ends_with_the_reason(
    ada: User, disk: SmallDisk, settings: LazySettings
) -> None:
    key = default_storage.save("ab/list", SimpleUploadedFile("list.csv", csv_bytes([row(name="")])))
    params = {
        "file_key": key,
        "file_name": "list.csv",
        "mapping_name": "own.yaml",
        "mapping_text": OWN_MAPPING,
    }
    work = doing.ask_for(jobs.CHECK, "list.csv", ada, clock.now(), params)
    lie(settings, uploads=disk.folder)
    disk.fill()
    jobs.carry_on(work.pk, clock.now())
    work.refresh_from_db()
    assert (work.state, work.message) == (State.FAILED, str(doing.FULL))


SCENE = """
import json, os
from pathlib import Path
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from checklists.models import Evidence
from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.initiatives import create_initiative
from readiness.audit.recording import Actor, verify
from readiness.work.models import LongWork
from tests.services.disk import SmallDisk

disk = SmallDisk(settings.FIVEGATES_VAR.parent)
ada = User.objects.create(username="ada", name="Ada", is_admin=True, is_lead=True, created_at=clock.now())
facts = {"name": "Invoice triage", "business_problem": "Invoices wait. " * 60, "business_unit": "Finance"}
one = create_initiative(facts, Actor.person(ada), clock.now())[0]
client = Client(SERVER_NAME="localhost", raise_request_exception=False)
client.force_login(ada)
day = clock.now().date().isoformat()

def file(name, number):
    return SimpleUploadedFile(name, b"%d times,1\\n" % number * 40)

def listed(number):
    return SimpleUploadedFile("list.csv", b"Name,Stage\\nNumber %d,pilot\\n" % number)

ACTS = {
    "a page": lambda n: client.post(
        f"/initiatives/{one.ref}/answers/DATA-1/evidence/",
        {"kind": "file", "title": "Kept", "effective_on": day, "version": "0", "file": file("notes.txt", n)},
    ),
    "rest": lambda n: client.post(
        f"/api/v1/initiatives/{one.ref}/checklist/DATA-2/evidence/", {"effective_on": day, "file": file("a.txt", n)}
    ),
    "an import": lambda n: client.post("/organisation/imports/", {"file": listed(n)}),
    "another page": lambda n: client.post(
        f"/initiatives/{one.ref}/answers/DATA-3/", {"answer": "met", "note": "Noted.", "version": "0"}
    ),
    "a link": lambda n: client.post(
        f"/initiatives/{one.ref}/answers/DATA-4/evidence/",
        {"kind": "link", "url": "https://example.org/kept", "effective_on": day, "version": "0"},
    ),
    "another endpoint": lambda n: client.post("/api/v1/initiatives/", facts, "application/json"),
}

def counted():
    lying = [path for path in settings.EVIDENCE_DIR.rglob("*") if path.is_file()]
    uploads = list(settings.UPLOAD_DIR.iterdir())
    return [Evidence.objects.count() + LongWork.objects.count(), len(lying), len(uploads), Initiative.objects.count()]

def told(act, number):
    answer = ACTS[act](number)
    return [answer.status_code, answer.headers["Content-Type"].split(";")[0], answer.content.decode()]

before, found, after = counted(), {}, {}
disk.fill()
for number, act in enumerate(ACTS):
    found[act] = told(act, number)
reading, still = client.get(f"/initiatives/{one.ref}/").status_code, counted()
disk.free()
for number, act in enumerate(ACTS):
    after[act] = told(act, number)[0]
print(json.dumps([before, found, reading, still, after, counted(), verify()[1] is None]))
"""


def test_with_the_database_on_the_full_disk_nothing_half_is_left_and_all_goes_on_afterwards(
    new_disk: Callable[..., SmallDisk], tmp_path: Path, prepared_data: Path
) -> None:
    """The embedded database, the store and the folder of uploads lie together there, as in `var/`."""
    stack = EmbeddedStack(new_disk(tmp_path / "installation", "48m").folder)
    shutil.copytree(prepared_data, stack.var)
    before, found, reading, still, after, in_the_end, chain_holds = json.loads(stack.shell(SCENE))
    assert {act: status for act, (status, _, _) in found.items()} == dict.fromkeys(found, 507)
    assert {act for act, (_, kind, _) in found.items() if kind == "application/problem+json"} == {
        "rest",
        "another endpoint",
    }
    assert json.loads(found["rest"][2])["code"] == "no_room"
    assert WORDS in found["a page"][2] and 'value="Kept"' in found["a page"][2]
    assert WORDS in found["a link"][2] and 'value="https://example.org/kept"' in found["a link"][2]
    assert WORDS in found["an import"][2]
    assert "what you typed is still there" in found["another page"][2]
    assert reading == 200, "what was saved can be read all the while"
    assert still == before == [0, 0, 0, 1]
    assert {act for act, status in after.items() if status == 201} == {"rest", "another endpoint"}
    assert set(after.values()) == {201, 302}
    assert in_the_end == [4, 3, 0, 2]
    assert chain_holds


def test_a_full_disk_of_postgresql_is_known_by_its_code(postgres_database: str) -> None:
    def ask(code: str) -> psycopg2.Error:
        with closing(psycopg2.connect(postgres_database)) as wire, wire.cursor() as cursor:
            with pytest.raises(psycopg2.Error) as raised:
                cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{code}'; END $$")
            return raised.value

    for code, full in (("disk_full", True), ("out_of_memory", False), ("unique_violation", False)):
        error = ask(code)
        wrapped = DatabaseError("as Django raises it")
        wrapped.__cause__ = error
        assert is_full(error) is is_full(wrapped) is full
    assert is_full(OSError(errno.EDQUOT, "over the quota"))
    assert not is_full(OSError(errno.EACCES, "not yours"))
    assert not is_full(None)


def test_the_small_disk_is_full_when_it_is_filled(disk: SmallDisk) -> None:
    disk.fill()
    with pytest.raises(OSError, match="No space left"):
        (disk.folder / "one").write_bytes(b"x")
