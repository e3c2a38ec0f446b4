"""Pictures among the evidence: which are looked at in place, and what the browser may do with them."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from checklists.models import Evidence
from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.files import add_file_evidence
from readiness.audit.recording import Actor
from readiness.workbench.checklists.pieces import THUMBNAIL_MAX
from tests import files
from tests.fixtures import create, pages, today
from tests.integration.workbench.markup import Node, read

pytestmark = pytest.mark.usefixtures("own_store")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"


def give(initiative: Initiative, by: User, name: str = "drawing.png", content: bytes = b"") -> Evidence:
    upload = SimpleUploadedFile(name, content or files.png())
    add_file_evidence(
        initiative.pk, "DATA-1", upload, "The drawing", today(), None, Actor.person(by), clock.now()
    )
    return Evidence.objects.filter(assessment__passage__initiative=initiative).latest("pk")


def preview(by: User, initiative: Initiative, piece: Evidence) -> HttpResponse:
    return pages(by).get(f"/initiatives/{initiative.ref}/evidence/{piece.pk}/preview/")


def shown(by: User, initiative: Initiative) -> Node:
    return read(pages(by).get(f"/initiatives/{initiative.ref}/checklist/data/")).by_id("DATA-1-pieces")


def put(piece: Evidence, content: bytes, media_type: str) -> None:
    """Have this content lie behind a piece, as if it had come in some other way."""
    key = default_storage.save("ab/another", ContentFile(content))
    Evidence.objects.filter(pk=piece.pk).update(file_key=key, file_type=media_type)
    piece.refresh_from_db()


@pytest.mark.parametrize(
    ("name", "content", "kind"), [("a.png", files.png(), "image/png"), ("a.jpg", files.jpeg(), "image/jpeg")]
)
def test_a_picture_is_looked_at_in_place_and_can_do_nothing_else(
    initiative: Initiative, lena: User, ravi: User, name: str, content: bytes, kind: str
) -> None:
    piece = give(initiative, lena, name, content)
    response = preview(ravi, initiative, piece)
    assert b"".join(response.streaming_content) == content
    assert response.headers["Content-Type"] == kind
    assert response.headers["Content-Disposition"] == f'inline; filename="{name}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("content", "kind"), [(GIF, "image/gif"), (WEBP, "image/webp")])
def test_what_browsers_draw_is_told_by_its_content(
    initiative: Initiative, lena: User, content: bytes, kind: str
) -> None:
    piece = give(initiative, lena)
    put(piece, content, kind)
    response = preview(lena, initiative, piece)
    assert (response.status_code, response.headers["Content-Type"]) == (200, kind)
    response.close()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (SVG, "image/svg+xml"),
        (SVG, "image/png"),
        (files.pdf(), "image/png"),
        (files.pdf(), "application/pdf"),
        (files.jpeg(), "image/png"),
        (b"<html><script>alert(1)</script>", "image/gif"),
        (b"", "image/png"),
    ],
)
def test_everything_else_is_never_shown_in_place(
    initiative: Initiative, lena: User, content: bytes, kind: str
) -> None:
    piece = give(initiative, lena)
    put(piece, content, kind)
    assert preview(lena, initiative, piece).status_code == 404
    fetched = pages(lena).get(f"/initiatives/{initiative.ref}/evidence/{piece.pk}/file/")
    assert fetched.headers["Content-Disposition"].startswith("attachment;")
    fetched.close()


def test_a_drawing_with_scripts_is_not_even_taken(initiative: Initiative, lena: User) -> None:
    for name in ("a.svg", "a.png"):
        sent = {"kind": "file", "file": SimpleUploadedFile(name, SVG), "effective_on": str(today())}
        path = f"/initiatives/{initiative.ref}/answers/DATA-1/evidence/"
        assert pages(lena).post(path, sent).status_code == 422


def test_a_small_picture_stands_in_the_card_and_is_fetched_only_when_it_is_seen(
    initiative: Initiative, lena: User
) -> None:
    piece = give(initiative, lena)
    picture = shown(lena, initiative).one("img").attrs
    assert picture["src"] == f"/initiatives/{initiative.ref}/evidence/{piece.pk}/preview/"
    assert (picture["loading"], picture["width"], picture["height"]) == ("lazy", "64", "48")
    assert picture["alt"] == "Look at The drawing"


def test_a_large_picture_is_offered_and_not_fetched_with_the_page(initiative: Initiative, lena: User) -> None:
    piece = give(initiative, lena)
    Evidence.objects.filter(pk=piece.pk).update(file_size=THUMBNAIL_MAX + 1)
    card = shown(lena, initiative)
    assert card.all("img") == []
    assert card.links()["Look at it The drawing"].endswith("/preview/")


def test_a_paper_is_neither(initiative: Initiative, lena: User) -> None:
    give(initiative, lena, "report.pdf", files.pdf())
    card = shown(lena, initiative)
    assert card.all("img") == [] and "Look at" not in card.text


def test_the_picture_of_a_hidden_initiative_is_not_there_for_others(lena: User, omar: User) -> None:
    hidden = create(lena, visibility="team")
    piece = give(hidden, lena)
    assert preview(omar, hidden, piece).status_code == 404
    response = preview(lena, hidden, piece)
    assert response.status_code == 200
    response.close()


def test_a_picture_that_is_gone_from_the_store_is_not_found(initiative: Initiative, lena: User) -> None:
    piece = give(initiative, lena)
    default_storage.delete(piece.file_key)
    assert preview(lena, initiative, piece).status_code == 404
