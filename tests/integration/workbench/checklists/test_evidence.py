"""Evidence from the item's card: links, statements, files, and what is withdrawn."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, override_settings

from checklists.models import Evidence
from gates.models import Initiative
from gates.stages import Stage
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers, withdraw_evidence
from readiness.actions.pieces import Piece
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from tests import files
from tests.fixtures import create, make_ready, pages, today
from tests.integration.workbench.markup import Node, complaints, read

HTMX = {"hx-request": "true"}
ANSWER_MAX = 15_000  # bytes, before they are compressed
LESSON = {"tried": "Sorting by layout.", "did_not_work": "Layouts change.", "outcome": "decided"}


pytestmark = pytest.mark.usefixtures("own_store")


def add(
    client: Client, initiative: Initiative, code: str = "DATA-2", *, htmx: bool = False, **sent: Any
) -> HttpResponse:
    given = {"kind": "link", "url": "https://wiki.example.com/load-test", "effective_on": str(today())}
    path = f"/initiatives/{initiative.ref}/answers/{code}/evidence/"
    return client.post(path, given | sent, headers=HTMX if htmx else {})


def pdf(name: str = "report.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, files.pdf() if content is None else content, "application/x-lie")


def stored(initiative: Initiative) -> list[Evidence]:
    return list(Evidence.objects.filter(assessment__passage__initiative=initiative).order_by("pk"))


def errors(card: Node) -> list[str]:
    """What stands at the fields of the evidence form."""
    return [item.text for item in card.all("ul", class_="field__error") for item in item.all("li")]


def a_piece(initiative: Initiative, by: User, code: str = "DATA-1") -> Evidence:
    piece = Piece("link", today(), "Proof", "https://wiki.example.com/proof")
    change = AnswerChange(code, "met", evidence=(piece,))
    record_answers(initiative.pk, [change], Actor.person(by), clock.now())
    return stored(initiative)[-1]


def test_a_link_is_added_and_the_card_says_so(initiative: Initiative, lena: User) -> None:
    client = pages(lena)
    response = add(client, initiative, title="Load test of May", version="0")
    assert response.headers["Location"].endswith("/checklist/data/?told=added&item=DATA-2#DATA-2")
    (piece,) = stored(initiative)
    assert (piece.kind, piece.title, piece.url) == (
        "link",
        "Load test of May",
        "https://wiki.example.com/load-test",
    )
    card = read(client.get(response.headers["Location"])).by_id("DATA-2")
    assert card.by_id("DATA-2-told").text.startswith("Evidence added")
    assert "Link · wiki.example.com · of" in card.by_id("DATA-2-pieces").text
    assert "added by Lena on" in card.by_id("DATA-2-pieces").text


def test_a_statement_keeps_its_words_and_who_said_them(initiative: Initiative, lena: User) -> None:
    words = "The platform team hosts it.\r\nFrom May on."
    add(pages(lena), initiative, kind="statement", statement=words, stated_by="Marta Silva, platform", url="")
    (piece,) = stored(initiative)
    assert (piece.kind, piece.title, piece.stated_by) == (
        "statement",
        "The platform team hosts it.\nFrom May on.",
        "Marta Silva, platform",
    )


def test_a_file_is_added_and_can_be_fetched_only_as_an_attachment(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    response = add(pages(lena), initiative, kind="file", file=pdf("Bericht März.pdf"), title="", url="")
    assert response.status_code == 302
    (piece,) = stored(initiative)
    assert piece.file_name == "Bericht März.pdf"
    card = read(pages(ravi).get(f"/initiatives/{initiative.ref}/checklist/data/")).by_id("DATA-2")
    address = card.by_id("DATA-2-pieces").links()["Bericht März.pdf"]
    fetched = pages(ravi).get(address)
    assert b"".join(fetched.streaming_content) == files.pdf()
    assert fetched.headers["Content-Type"] == "application/pdf"
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
    assert fetched.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert fetched.headers["Cache-Control"] == "private, no-store"


def test_with_htmx_the_form_comes_back_empty(initiative: Initiative, lena: User) -> None:
    response = add(pages(lena), initiative, htmx=True, title="Load test", expires_on="")
    assert response.status_code == 200
    assert len(response.content) < ANSWER_MAX
    parts = read(response)
    form = parts.by_id("DATA-2-add")
    assert form.chosen("kind") == "link"
    assert form.one("input", name="url").attrs.get("value", "") == ""
    assert form.one("input", name="version").attrs["value"] == "1"
    assert "Load test" in parts.by_id("DATA-2-pieces").text
    assert parts.by_id("DATA-2-version").attrs["value"] == "1"
    assert "DATA-2 counts as Unanswered" in parts.by_id("checklist-said").text


def test_evidence_raises_what_counts_at_once(initiative: Initiative, lena: User) -> None:
    change = AnswerChange("DATA-2", "met")
    record_answers(initiative.pk, [change], Actor.person(lena), clock.now())
    parts = read(add(pages(lena), initiative, htmx=True))
    assert parts.by_id("DATA-2-counts").text.startswith("Met")
    assert "1 of 20 met" in parts.by_id("header-score").text


def test_the_same_piece_again_is_one_piece(initiative: Initiative, lena: User) -> None:
    client = pages(lena)
    add(client, initiative)
    assert add(client, initiative, title="Another title").status_code == 302
    assert add(client, initiative, kind="file", file=pdf()).status_code == 302
    assert add(client, initiative, kind="file", file=pdf()).status_code == 302
    assert len(stored(initiative)) == 2


TOMORROW = "tomorrow"
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"url": "wiki"}, "An address that begins with https:// or http://."),
    ({"url": "javascript:alert(1)"}, "An address that begins with https:// or http://."),
    ({"url": "https://x.example.com/" + "x" * 10_000}, "At most 2,000 characters; this has 10,022."),
    ({"url": "https://x.example.com/\x00"}, "Null characters are not allowed."),
    ({"title": "x" * 10_000}, "At most 1,000 characters; this has 10,000."),
    ({"kind": "statement", "statement": "", "stated_by": "Marta"}, "Write down what is stated."),
    ({"kind": "statement", "statement": "Yes.", "stated_by": ""}, "Name the person who states it."),
    ({"kind": "statement", "statement": "x" * 10_000, "stated_by": "M"}, "At most 1,000 characters; this has 10,000."),
    ({"effective_on": TOMORROW}, "Evidence cannot speak of a day to come."),
    ({"effective_on": ""}, "This field is required."),
    ({"effective_on": "31.02.2026"}, "Enter a valid date."),
    ({"effective_on": "0001-01-01"}, "A day from 1990 on."),
    ({"effective_on": "2026-01-05", "expires_on": "2026-01-04"}, "It cannot expire before the day it speaks of."),
    ({"kind": "rumour"}, "Select a valid choice. rumour is not one of the available choices."),
    ({"kind": "check"}, "Select a valid choice. check is not one of the available choices."),
    ({"kind": "file"}, "Choose a file."),
    ({"kind": "file", "file": ("empty.pdf", b"")}, "The file is empty."),
    ({"kind": "file", "file": ("run.exe", b"MZ")}, "One of"),
    ({"kind": "file", "file": ("report.pdf", b"no pdf at all")}, "This is no PDF, whatever its name says."),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "message"), WRONG, ids=[f"{sent}"[:60] for sent, _ in WRONG])
@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_what_cannot_be_evidence_is_told_at_its_field(
    initiative: Initiative, lena: User, sent: dict[str, Any], message: str, htmx: bool
) -> None:
    sent = dict(sent)
    if sent.get("effective_on") == TOMORROW:
        sent["effective_on"] = str(today() + timedelta(days=1))
    if "file" in sent:
        sent["file"] = pdf(*sent["file"])
    response = add(pages(lena), initiative, htmx=htmx, **sent)
    assert response.status_code == 422
    page = read(response)
    assert any(message in error for error in errors(page)), errors(page)
    assert "The evidence was not added" in page.by_id("DATA-2-told").text
    assert [one.attrs["class"] for one in page.by_id("DATA-2-told").all("p")] == ["visually-hidden"]
    assert stored(initiative) == []


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_the_field_that_is_wrong_takes_the_focus(initiative: Initiative, lena: User, htmx: bool) -> None:
    form = read(add(pages(lena), initiative, htmx=htmx, url="wiki")).by_id("DATA-2-add")
    assert [one.attrs["name"] for one in form.all("input") if "autofocus" in one.attrs] == ["url"]


def test_an_address_without_its_beginning_is_kept_with_one(initiative: Initiative, lena: User) -> None:
    assert add(pages(lena), initiative, url=" wiki.example.com/Load-test ", title="").status_code == 302
    (piece,) = stored(initiative)
    assert (piece.url, piece.title) == ("https://wiki.example.com/Load-test", "Load test")


def test_what_was_typed_beside_a_mistake_stays(initiative: Initiative, lena: User) -> None:
    given = {"title": "فرز <b>الفواتير</b> 🚀", "url": "nowhere", "expires_on": "2030-01-01"}
    page = read(add(pages(lena), initiative, **given))
    form = page.by_id("DATA-2-add")
    assert {name: form.one("input", name=name).attrs["value"] for name in given} == given
    assert complaints(page) == []


def test_a_file_over_the_limit_is_refused_and_the_rest_of_the_form_kept(
    initiative: Initiative, lena: User, tmp_path: Path
) -> None:
    with override_settings(FIVEGATES_MAX_UPLOAD_BYTES=1024 * 1024):
        big = pdf("big.pdf", b"%PDF-1.7 " + b"x" * (2 * 1024 * 1024))
        response = add(pages(lena), initiative, kind="file", file=big, title="The big one")
    assert response.status_code == 422
    form = read(response).by_id("DATA-2-add")
    assert errors(form) == ["At most 1 MB."]
    assert form.one("input", name="title").attrs["value"] == "The big one"
    assert form.chosen("kind") == "file"
    assert stored(initiative) == []
    assert list((tmp_path / "uploads").iterdir()) == []


def test_with_htmx_the_chosen_file_outlives_a_mistake_elsewhere(initiative: Initiative, lena: User) -> None:
    response = add(pages(lena), initiative, htmx=True, kind="file", file=pdf(), effective_on="")
    field = read(response).by_id("DATA-2-add").one("input", name="file")
    assert field.attrs["hx-preserve"] == "true"
    refused = add(pages(lena), initiative, htmx=True, kind="file", file=pdf("x.exe", b"MZ"))
    assert "hx-preserve" not in read(refused).by_id("DATA-2-add").one("input", name="file").attrs


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_stale_version_is_refused_and_what_was_typed_stays(
    initiative: Initiative, lena: User, htmx: bool
) -> None:
    a_piece(initiative, lena, "DATA-2")
    response = add(pages(lena), initiative, htmx=htmx, title="Mine", version="0")
    assert response.status_code == 409
    page = read(response)
    assert "somebody else changed this in the meantime" in page.by_id("DATA-2-told").text
    assert len(stored(initiative)) == 1
    if htmx:
        assert page.by_id("DATA-2-evidence-version").attrs["value"] == "1"
        assert not page.has_id("DATA-2-add")
    else:
        form = page.by_id("DATA-2-add")
        assert form.one("input", name="title").attrs["value"] == "Mine"
        assert form.one("input", name="version").attrs["value"] == "1"


@pytest.mark.parametrize("who", ["omar", "ravi", "iris", "ada"])
def test_only_the_team_may_add(initiative: Initiative, who: str, request: pytest.FixtureRequest) -> None:
    client = pages(request.getfixturevalue(who))
    assert add(client, initiative).status_code == 403
    assert add(client, initiative, kind="file", file=pdf()).status_code == 403
    assert stored(initiative) == []


def test_without_the_token_of_the_form_nothing_is_added(initiative: Initiative, lena: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(lena)
    assert add(client, initiative).status_code == 403
    assert add(client, initiative, kind="file", file=pdf()).status_code == 403
    assert stored(initiative) == []


def test_with_its_token_a_form_with_a_file_is_taken(initiative: Initiative, lena: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(lena)
    page = read(client.get(f"/initiatives/{initiative.ref}/checklist/data/"))
    token = page.by_id("DATA-2-add").one("input", name="csrfmiddlewaretoken").attrs["value"]
    response = add(client, initiative, kind="file", file=pdf(), csrfmiddlewaretoken=token)
    assert response.status_code == 302
    assert len(stored(initiative)) == 1


def test_an_ended_initiative_takes_no_evidence(initiative: Initiative, lena: User) -> None:
    move_stage(initiative.pk, Stage.STOPPED, Actor.person(lena), clock.now(), "", LESSON)
    response = add(pages(lena), initiative)
    assert response.status_code == 409
    assert "This initiative has ended (stopped)." in read(response).by_id("DATA-2-told").text


def test_an_item_that_is_not_there_is_not_found(initiative: Initiative, lena: User) -> None:
    assert add(pages(lena), initiative, "DATA-9").status_code == 404


# --- Withdrawing ---


def test_withdrawing_is_asked_once_and_leaves_its_trace(initiative: Initiative, lena: User) -> None:
    piece = a_piece(initiative, lena)
    client = pages(lena)
    path = f"/initiatives/{initiative.ref}/evidence/{piece.pk}/withdraw/"
    question = read(client.get(path))
    assert question.one("h1").text == "Withdraw this evidence?"
    assert complaints(question) == []
    piece.refresh_from_db()
    assert piece.withdrawn_at is None
    response = client.post(path)
    assert response.headers["Location"].endswith("?told=withdrawn&item=DATA-1#DATA-1")
    card = read(client.get(response.headers["Location"])).by_id("DATA-1")
    assert card.by_id("DATA-1-told").text.startswith("Evidence withdrawn")
    assert card.by_id("DATA-1-counts").text.startswith("Partial")
    assert "1 piece withdrawn" in card.by_id("DATA-1-pieces").text


def test_withdrawing_what_a_pass_rests_on_makes_the_gate_lapse(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    make_ready(initiative, lena, ravi)
    piece = Evidence.objects.get(assessment__passage__initiative=initiative, item__code="DATA-1")
    pages(lena).post(f"/initiatives/{initiative.ref}/evidence/{piece.pk}/withdraw/")
    page = read(pages(lena).get(f"/initiatives/{initiative.ref}/checklist/data/"))
    assert "Lapsed" in page.by_id("checklist-side").text


def test_what_is_withdrawn_already_says_so_and_stays_as_it_is(initiative: Initiative, lena: User) -> None:
    piece = a_piece(initiative, lena)
    withdraw_evidence(initiative.pk, piece.pk, Actor.person(lena), clock.now())
    path = f"/initiatives/{initiative.ref}/evidence/{piece.pk}/withdraw/"
    client = pages(lena)
    assert "It was withdrawn already" in read(client.get(path)).text
    assert client.post(path).status_code == 302


@pytest.mark.parametrize("who", ["omar", "ravi", "iris", "ada"])
def test_only_the_team_may_withdraw(
    initiative: Initiative, lena: User, who: str, request: pytest.FixtureRequest
) -> None:
    piece = a_piece(initiative, lena)
    path = f"/initiatives/{initiative.ref}/evidence/{piece.pk}/withdraw/"
    client = pages(request.getfixturevalue(who))
    assert client.get(path).status_code == 403
    assert client.post(path).status_code == 403
    piece.refresh_from_db()
    assert piece.withdrawn_at is None


def test_on_an_ended_initiative_nothing_is_withdrawn(initiative: Initiative, lena: User) -> None:
    piece = a_piece(initiative, lena)
    move_stage(initiative.pk, Stage.STOPPED, Actor.person(lena), clock.now(), "", LESSON)
    path = f"/initiatives/{initiative.ref}/evidence/{piece.pk}/withdraw/"
    assert pages(lena).get(path).headers["Location"] == f"/initiatives/{initiative.ref}/"
    response = pages(lena).post(path)
    assert response.status_code == 409
    assert "This initiative has ended (stopped)." in read(response).text


# --- Finding nothing ---


@pytest.mark.parametrize("page", ["withdraw", "file"])
def test_a_piece_of_another_initiative_is_not_there(
    initiative: Initiative, lena: User, omar: User, page: str
) -> None:
    other = create(omar, name="Another")
    piece = a_piece(other, omar)
    assert pages(lena).get(f"/initiatives/{initiative.ref}/evidence/{piece.pk}/{page}/").status_code == 404


@pytest.mark.parametrize("page", ["withdraw", "file"])
@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_a_piece_that_is_not_there_is_not_found(
    initiative: Initiative, lena: User, page: str, number: str
) -> None:
    assert pages(lena).get(f"/initiatives/{initiative.ref}/evidence/{number}/{page}/").status_code == 404


def test_a_link_has_no_file(initiative: Initiative, lena: User) -> None:
    piece = a_piece(initiative, lena)
    assert pages(lena).get(f"/initiatives/{initiative.ref}/evidence/{piece.pk}/file/").status_code == 404


def test_the_file_of_a_hidden_initiative_is_not_there_for_others(lena: User, omar: User) -> None:
    hidden = create(lena, visibility="team")
    add(pages(lena), hidden, kind="file", file=pdf())
    (piece,) = stored(hidden)
    path = f"/initiatives/{hidden.ref}/evidence/{piece.pk}/file/"
    assert pages(omar).get(path).status_code == 404
    fetched = pages(lena).get(path)
    assert fetched.status_code == 200
    fetched.close()


def test_a_file_that_is_gone_from_the_store_is_not_found(initiative: Initiative, lena: User) -> None:
    add(pages(lena), initiative, kind="file", file=pdf())
    (piece,) = stored(initiative)
    default_storage.delete(piece.file_key)
    assert pages(lena).get(f"/initiatives/{initiative.ref}/evidence/{piece.pk}/file/").status_code == 404


def test_another_expiry_for_what_is_there_is_told_at_its_field_and_nothing_typed_is_lost(
    initiative: Initiative, lena: User
) -> None:
    client = pages(lena)
    first, later = (str(today() + timedelta(days=days)) for days in (5, 50))
    add(client, initiative, title="Load test", expires_on=first)
    response = add(client, initiative, title="Load test", expires_on=later)
    assert response.status_code == 422
    card = read(response).by_id("DATA-2")
    assert "Withdraw it first" in errors(card)[0]
    assert card.one("input", name="expires_on").attrs["value"] == later
    (piece,) = stored(initiative)
    assert str(piece.expires_on) == first
