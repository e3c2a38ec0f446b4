"""Files as evidence: taken in, checked, stored, handed out, swept."""

import hashlib
import io
import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from checklists.models import Evidence
from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.files import sweep_orphans
from readiness.actions.tasks import clean_up, clean_up_at
from tests import files
from tests.fixtures import Api, api, today
from tests.services.machine import ServiceFailed
from tests.services.stacks import EmbeddedStack

MEGABYTE = 1024 * 1024

pytestmark = pytest.mark.usefixtures("own_store")


def _upload(
    client: Api, initiative: Initiative, name: str = "report.pdf", content: bytes | None = None, **more: Any
) -> Any:
    fields: dict[str, Any] = {"effective_on": str(today()), "title": "The report"}
    fields |= {key: value for key, value in more.items() if key != "headers"}
    file = SimpleUploadedFile(name, files.pdf() if content is None else content, "application/x-lie")
    path = f"initiatives/{initiative.ref}/checklist/DATA-1/evidence/"
    return client.upload(path, fields | {"file": file}, **more.get("headers", {}))


def _errors(response: Any) -> dict[str, str]:
    return {error["field"]: error["code"] for error in response.json()["errors"]}


def _stored() -> list[Path]:
    return [path for path in Path(default_storage.location).rglob("*") if path.is_file()]


def test_a_file_becomes_evidence_and_comes_back_as_an_attachment(initiative: Initiative, lena: User) -> None:
    lead = api(lena)
    lead.put(f"initiatives/{initiative.ref}/checklist/DATA-1/", {"answer": "met"})
    content = files.pdf("Größe")
    added = _upload(lead, initiative, "Bericht – Größe.pdf", content)
    assert added.status_code == 201
    item = added.json()
    assert item["effective"] == "met"
    assert item["readiness"]["met"] == 1
    piece = item["evidence"][0]
    assert added["Location"].endswith(f"/api/v1/initiatives/{initiative.ref}/evidence/{piece['id']}/")
    assert piece["file"] == {
        "name": "Bericht – Größe.pdf",
        "media_type": "application/pdf",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    got = lead.get(piece["url"])
    assert got.getvalue() == content
    assert got["Content-Type"] == "application/pdf"
    assert got["Content-Disposition"].startswith("attachment; filename*=utf-8''Bericht%20")
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert got["Cross-Origin-Resource-Policy"] == "same-origin"
    assert got["Cache-Control"] == "private, no-store"


def test_a_file_is_stored_under_a_name_of_our_own_and_private(initiative: Initiative, lena: User) -> None:
    _upload(api(lena), initiative, "../../../etc/passwd.pdf")
    evidence = Evidence.objects.get()
    assert evidence.file_name == "passwd.pdf"
    (path,) = _stored()
    assert "passwd" not in str(path)
    assert path.name == evidence.file_key.rpartition("/")[2]
    assert len(path.name) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_and_its_name_are_on_the_disk_before_its_row(
    initiative: Initiative, lena: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a power cut leaves cannot be seen here; what was synced, and whether the file lay there by then, can."""
    honest, synced = os.fsync, []

    def fsync(descriptor: int) -> None:
        honest(descriptor)
        synced.append((os.fstat(descriptor).st_ino, bool(_stored()), Evidence.objects.exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    assert _upload(api(lena), initiative, "a.pdf").status_code == 201
    (path,) = _stored()
    in_place = {number for number, stored, row in synced if stored and not row}
    assert {path.parent.stat().st_ino, path.parent.parent.stat().st_ino} <= in_place
    assert (path.stat().st_ino, False, False) in synced, "its content is synced before it is moved into place"


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.png", files.png(), "image/png"),
        ("a.jpg", files.jpeg(), "image/jpeg"),
        ("a.docx", files.office("docx"), "wordprocessingml"),
        ("a.xlsx", files.office("xlsx"), "spreadsheetml"),
        ("a.pptx", files.office("pptx"), "presentationml"),
        ("a.csv", b"a;b\n", "text/csv"),
        ("a.txt", b"a\n", "text/plain"),
    ],
)
def test_every_allowed_type_is_taken(
    initiative: Initiative, lena: User, name: str, content: bytes, media_type: str
) -> None:
    added = _upload(api(lena), initiative, name, content)
    assert added.status_code == 201
    assert media_type in added.json()["evidence"][0]["file"]["media_type"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.svg", b"<svg/>", "file_not_allowed"),
        ("a.html", b"<script>", "file_not_allowed"),
        ("a.pdf", files.png(), "file_not_allowed"),
        ("a.docx", files.office("docx", {"word/vbaProject.bin": b"x"}), "file_not_allowed"),
        ("a.pdf", b"", "empty_file"),
    ],
)
def test_another_file_is_refused_and_leaves_nothing_behind(
    initiative: Initiative, lena: User, name: str, content: bytes, code: str
) -> None:
    refused = _upload(api(lena), initiative, name, content)
    assert (refused.status_code, _errors(refused)) == (422, {"file": code})
    assert not Evidence.objects.exists()
    assert _stored() == []


def test_the_same_file_for_the_same_day_is_one_piece_and_stored_once(
    initiative: Initiative, lena: User
) -> None:
    first = _upload(api(lena), initiative)
    again = _upload(api(lena), initiative, "another name.pdf")
    assert (first.status_code, again.status_code) == (201, 200)
    assert "Location" not in again
    assert len(again.json()["evidence"]) == 1
    assert len(_stored()) == 1
    other_day = _upload(api(lena), initiative, effective_on=str(today() - timedelta(days=3)))
    assert (other_day.status_code, len(_stored())) == (201, 2)


def test_a_file_against_a_rule_is_not_kept(initiative: Initiative, lena: User) -> None:
    tomorrow = today() + timedelta(days=1)
    refused = _upload(api(lena), initiative, effective_on=str(tomorrow), expires_on="2001-01-01")
    assert refused.status_code == 422
    assert _errors(refused) == {"effective_on": "in_the_future", "expires_on": "before_effective_date"}
    assert _stored() == []


def test_the_item_s_version_is_minded(initiative: Initiative, lena: User) -> None:
    first = _upload(api(lena), initiative, headers={"if_match": '"DATA-1-0"'})
    assert first.status_code == 201
    stale = _upload(api(lena), initiative, "b.png", files.png(), headers={"if_match": '"DATA-1-0"'})
    assert (stale.status_code, stale.json()["current"]["etag"]) == (412, first["ETag"])
    assert len(_stored()) == 1


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"effective_on": ""}, {"effective_on": "required"}),
        ({"effective_on": "yesterday"}, {"effective_on": "wrong_type"}),
        ({"colour": "red"}, {"colour": "unknown_field"}),
        ({"title": "a\x00b"}, {"title": "null_characters"}),
        ({"title": ["one", "two"]}, {"title": "named_twice"}),
    ],
)
def test_a_form_that_is_not_as_described_is_malformed(
    initiative: Initiative, lena: User, fields: dict[str, Any], errors: dict[str, str]
) -> None:
    refused = _upload(api(lena), initiative, **fields)
    assert (refused.status_code, _errors(refused)) == (400, errors)
    assert _stored() == []


def test_two_files_or_none_are_refused(initiative: Initiative, lena: User) -> None:
    lead, path = api(lena), f"initiatives/{initiative.ref}/checklist/DATA-1/evidence/"
    two = [SimpleUploadedFile("a.pdf", files.pdf()), SimpleUploadedFile("b.pdf", files.pdf())]
    refused = lead.upload(path, {"effective_on": str(today()), "file": two})
    assert (refused.status_code, _errors(refused)) == (400, {"file": "named_twice"})
    none = lead.upload(path, {"effective_on": str(today())})
    assert (none.status_code, _errors(none)) == (400, {"file": "required"})
    text = lead.upload(path, {"effective_on": str(today()), "file": "no file"})
    assert (text.status_code, _errors(text)) == (400, {"file": "wrong_type"})


def test_a_form_that_breaks_off_is_malformed(initiative: Initiative, lena: User) -> None:
    path = f"initiatives/{initiative.ref}/checklist/DATA-1/evidence/"
    for content_type in ("multipart/form-data", "multipart/form-data; boundary=x"):
        refused = api(lena).raw("post", path, b"--x\r\nContent-Disp", content_type)
        assert refused.status_code == 400
    assert api(lena).post(path, {"effective_on": "2026-01-01"}).status_code == 415


def test_a_file_over_the_limit_is_refused_by_its_announced_length_unread(
    initiative: Initiative, lena: User
) -> None:
    class Unread(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("read")

    refused = api(lena).client.post(
        f"/api/v1/initiatives/{initiative.ref}/checklist/DATA-1/evidence/",
        b"--x",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(2 * 1024 * MEGABYTE),
        **{"wsgi.input": Unread()},
    )
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(("over", "status"), [(-1, 201), (0, 201), (1, 413)])
def test_a_file_is_counted_while_it_comes_in(
    initiative: Initiative, lena: User, over: int, status: int
) -> None:
    content = b"x" * (MEGABYTE + over)
    with override_settings(FIVEGATES_MAX_UPLOAD_BYTES=MEGABYTE):
        answer = _upload(api(lena), initiative, "a.txt", content)
    assert answer.status_code == status
    assert len(_stored()) == (status == 201)
    assert list(Path(settings.UPLOAD_DIR).iterdir()) == []


@pytest.mark.parametrize("path", ["api", "login"])
def test_a_form_is_counted_before_its_csrf_token_is_read_on_every_page(
    initiative: Initiative, lena: User, path: str
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(lena)
    browser.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    urls = {
        "api": f"/api/v1/initiatives/{initiative.ref}/checklist/DATA-1/evidence/",
        "login": reverse("login"),
    }
    file = SimpleUploadedFile("a.txt", b"x" * (MEGABYTE + 1))
    with override_settings(FIVEGATES_MAX_UPLOAD_BYTES=MEGABYTE):
        refused = browser.post(urls[path], {"effective_on": str(today()), "file": file})
    assert refused.status_code == 413
    assert _stored() == []
    assert list(Path(settings.UPLOAD_DIR).iterdir()) == []


@pytest.mark.parametrize("who", ["ravi", "elsa", "iris", "ada", "omar"])
def test_only_the_team_adds_files_and_everybody_who_sees_it_reads_them(
    request: pytest.FixtureRequest, initiative: Initiative, lena: User, who: str
) -> None:
    url = _upload(api(lena), initiative).json()["evidence"][0]["url"]
    other = api(request.getfixturevalue(who))
    assert _upload(other, initiative, "b.png", files.png()).status_code == 403
    assert other.get(url).getvalue() == files.pdf()
    assert len(_stored()) == 1


def test_what_is_no_file_is_not_downloaded_and_a_lost_one_is_said_to_be(
    initiative: Initiative, lena: User
) -> None:
    lead = api(lena)
    link = {"kind": "link", "url": "https://x.example", "effective_on": str(today())}
    item = lead.put(f"initiatives/{initiative.ref}/checklist/DATA-1/", {"evidence": [link]}).json()
    assert (
        lead.get(f"initiatives/{initiative.ref}/evidence/{item['evidence'][0]['id']}/file/").status_code
        == 404
    )
    url = _upload(lead, initiative).json()["evidence"][0]["url"]
    (path,) = _stored()
    path.unlink()
    lost = lead.get(url)
    assert (lost.status_code, lost.json()["detail"]) == (404, "The file is missing from the store.")


def test_files_that_no_row_names_are_swept_once_they_are_old(initiative: Initiative, lena: User) -> None:
    _upload(api(lena), initiative)
    (kept,) = _stored()
    store, uploads = Path(default_storage.location), Path(settings.UPLOAD_DIR)
    orphan, young, broken_off = store / "ab" / "orphan", store / "ab" / "young", uploads / "x.upload.pdf"
    orphan.parent.mkdir(exist_ok=True)
    old = (clock.now() - timedelta(days=2)).timestamp()
    for path in (orphan, young, broken_off):
        path.write_bytes(b"x")
    for path in (kept, orphan, broken_off):
        os.utime(path, (old, old))
    assert sweep_orphans(clock.now()) == 2
    assert (kept.exists(), young.exists(), orphan.exists(), broken_off.exists()) == (True, True, False, False)
    assert sweep_orphans(clock.now()) == 0


KILLED_BEFORE_THE_ROW = """
import os, signal
from datetime import timedelta
from django.core.files.uploadedfile import SimpleUploadedFile
from readiness import clock
from readiness.actions import files as taking_in
from readiness.actions.files import sweep_orphans
from readiness.audit.recording import Actor
from tests import files
from tests.fixtures import create, person, today
sweep_orphans(clock.now() + timedelta(minutes=1), timedelta(0))  # what others left here is not counted
lead = person("killed-lead", lead=True)
one = create(lead)
def give(name):
    upload = SimpleUploadedFile(name, files.pdf(name))
    by = Actor.person(lead)
    taking_in.add_file_evidence(one.pk, "DATA-1", upload, "", today(), None, by, clock.now())
give("first.pdf")
taking_in.record_answers = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
give("second.pdf")
"""
AFTER_THE_KILL = """
from datetime import timedelta
from django.core.files.storage import default_storage
from checklists.models import Evidence
from readiness import clock
from readiness.actions.files import sweep_orphans
rows = Evidence.objects.filter(added_by__username="killed-lead")
swept = sweep_orphans(clock.now() + timedelta(minutes=1), timedelta(0))
print([row.file_name for row in rows], all(default_storage.exists(row.file_key) for row in rows), swept)
"""


def test_a_process_killed_in_between_leaves_no_row_without_its_file(live_stack: EmbeddedStack) -> None:
    with pytest.raises(ServiceFailed):
        live_stack.shell(KILLED_BEFORE_THE_ROW)
    assert live_stack.shell(AFTER_THE_KILL).strip() == "['first.pdf'] True 1"


def test_the_clean_up_removes_expired_sessions_and_is_safe_to_run_again(lena: User) -> None:
    at = clock.now()
    for number, days in enumerate((-1, 1)):
        Session.objects.create(
            session_key=f"key {number}", session_data="", expire_date=at + timedelta(days=days)
        )
    assert clean_up_at(at) == (1, 0)
    assert clean_up_at(at) == (0, 0)
    clean_up()
    assert [session.session_key for session in Session.objects.all()] == ["key 1"]
    assert clean_up.name == "actions.clean_up"
    assert clean_up.time_limit and clean_up.soft_time_limit
