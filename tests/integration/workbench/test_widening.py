"""A list that finds nothing says what was asked for, and one click leaves a part of it out."""

import pytest

from readiness.accounts.models import User
from tests.fixtures import create, pages
from tests.integration.workbench.markup import complaints, read

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        (
            "/initiatives/?q=zeppelin&stage=live&sort=name&page=1",
            {
                "the words “zeppelin”": "?stage=live&sort=name",
                "Stage: Live": "?q=zeppelin&sort=name",
            },
        ),
        ("/lessons/?q=zeppelin&kind=decided", {"the words “zeppelin”": "?kind=decided"}),
        ("/audit/?q=zeppelin&verb=gate.decided", {"Gate or checkpoint: decided": "?q=zeppelin"}),
        (
            "/people/?q=zeppelin&role=auditor",
            {"Auditor": "?q=zeppelin", "the words “zeppelin”": "?role=auditor"},
        ),
    ],
)
def test_one_click_leaves_a_part_out(ada: User, path: str, parts: dict[str, str]) -> None:
    create(ada)
    page = read(pages(ada).get(path))
    assert complaints(page) == []
    links = page.links()
    for words, url in parts.items():
        assert links[f"Leave out: {words}"] == url
        assert pages(ada).get(path.partition("?")[0] + url).status_code == 200
    assert links["Show all"] == path.partition("?")[0]


def test_what_was_asked_for_is_shown_as_text(ada: User) -> None:
    create(ada)
    response = pages(ada).get("/initiatives/", {"q": "<script>alert(1)</script>" + "x" * 300})
    assert "<script>alert(1)" not in response.content.decode()
    assert "…”" in response.content.decode()
