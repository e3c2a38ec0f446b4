"""The pages of the frameworks: read by everybody, published by admins."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from checklists.frameworks import parse_framework
from checklists.models import Framework, Item
from readiness.accounts.models import User
from tests.access.deeds import FRAMEWORK
from tests.fixtures import create, pages
from tests.integration.workbench.markup import read

pytestmark = pytest.mark.django_db


def publish(browser: Client, text: str, follow: bool = False) -> HttpResponse:
    file = SimpleUploadedFile("over.yaml", text.encode())
    return browser.post("/organisation/frameworks/", {"file": file}, follow=follow)


def test_everybody_reads_what_is_asked_and_takes_its_file(omar: User) -> None:
    page = pages(omar).get("/frameworks/five-gate/").content.decode()
    for item in Item.objects.filter(gate__framework__slug="five-gate"):
        assert item.code in page
    file = pages(omar).get("/frameworks/five-gate/file/")
    assert file["Content-Disposition"] == 'attachment; filename="five-gate-1.0.yaml"'
    stands = Framework.objects.current().get(slug="five-gate")
    assert parse_framework(file.content, "file").checksum == stands.checksum


@pytest.mark.parametrize("slug", ["conversational-ai", "environment-gap", "poc-checkpoints"])
def test_every_kind_has_its_page(omar: User, slug: str) -> None:
    answer = pages(omar).get(f"/frameworks/{slug}/")
    assert answer.status_code == 200
    assert ("Must be met: " in answer.content.decode()) == (slug != "environment-gap")  # which asks for none


@pytest.mark.parametrize(
    "path", ["/frameworks/nothing/", "/frameworks/five-gate/?version=9", "/frameworks/nothing/file/"]
)
def test_what_is_not_there_is_not_found(omar: User, path: str) -> None:
    assert pages(omar).get(path).status_code == 404


def test_the_list_counts_what_the_reader_may_see(lena: User, omar: User) -> None:
    create(lena)
    create(lena, visibility="team")
    for who, count in ((lena, "2"), (omar, "1")):
        body = read(pages(who).get("/frameworks/")).one("tbody")
        assert {row.text.split()[-1] for row in body.all("tr")} == {count, "0"}


def test_an_admin_publishes_a_file_and_a_further_version(ada: User) -> None:
    browser = pages(ada)
    page = publish(browser, FRAMEWORK, follow=True).content.decode()
    assert "Handing over 1.0 is published." in page
    assert "stands already, word for word" in publish(browser, FRAMEWORK, follow=True).content.decode()
    publish(browser, FRAMEWORK.replace("'1.0'", "'1.1'").replace("A team is named", "A team agreed"))
    newest = browser.get("/frameworks/handing-over/").content.decode()
    first = browser.get("/frameworks/handing-over/?version=1.0").content.decode()
    assert "A team agreed" in newest and "A team is named" not in newest
    assert "A team is named" in first


def test_what_is_wrong_stands_at_the_file_line_by_line(ada: User) -> None:
    broken = FRAMEWORK.replace("min_met: 1", "min_met: 5").replace(
        "name: Handing over", "nome: Handing over", 1
    )
    answer = publish(pages(ada), broken)
    assert answer.status_code == 422
    page = answer.content.decode()
    number = broken.splitlines().index("  min_met: 5") + 1
    assert f"Line {number}: " in page and "nome" in page
    assert not Framework.objects.filter(slug="handing-over").exists()
    publish(pages(ada), FRAMEWORK)
    assert publish(pages(ada), FRAMEWORK.replace("A team is", "Someone is")).status_code == 409
    assert pages(ada).post("/organisation/frameworks/").status_code == 422


def test_who_is_no_admin_is_offered_no_form(lena: User) -> None:
    assert "/organisation/frameworks/" not in pages(lena).get("/frameworks/").content.decode()
    assert publish(pages(lena), FRAMEWORK).status_code == 403
