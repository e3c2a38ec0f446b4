"""What the browser is told with every answer: at every address, to everybody, whether the answer is good or bad."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings

from tests.access.deeds import BEFORE, path_of
from tests.access.routes import ROUTES
from tests.access.rows import ROWS, Row
from tests.access.world import World, undone
from tests.fixtures import PASSWORD

pytestmark = pytest.mark.django_db

# Somebody outside, somebody who may do much, somebody who may look, somebody who is told that nothing is there.
ASKING = ("nobody", "lena", "iris", "nils")
POLICY = {
    *(
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
    ),
    *(
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    ),
}
SANDBOX = {"sandbox", "default-src 'none'"}
DOWNLOADS = {
    "evidence-file",
    "api-evidence-file",
    "framework-file",
    "framework-draft-file",
    "audit-file",
    "import-left-out",
    "account-data",
    "import-sample",
    "import-sample-mapping",
    "people-list-sample",
}
PICTURES = {"evidence-preview"}
SAME_FOR_ALL = {"api-schema"}
READS = [row for row in ROWS if row.method == "GET" and ":" not in row.key.removeprefix("ui:")]


def answers(world: World, row: Row) -> Iterator[tuple[str, HttpResponse]]:
    place = world.places["others" if row.ended else "open"]
    for who in ASKING:
        for around in {place.ref: place, world.places["open"].ref: world.places["open"]}.values():
            with undone():
                BEFORE.get((row.key, row.method), lambda place, world: None)(around, world)
                url = ROUTES[row.route].url(path_of(row.key, around, world, who))
                yield who, world.cast.knock(who, "GET", url)


def directives(response: HttpResponse) -> set[str]:
    return {part.strip() for part in response.headers.get("Content-Security-Policy", "").split(";")}


@pytest.mark.parametrize("row", [pytest.param(row, id=row.key) for row in READS])
def test_every_answer_carries_what_protects_it(world: World, row: Row) -> None:
    for who, answer in answers(world, row):
        where = f"{row.key} to {who}: {answer.status_code}"
        handed_out = row.key in DOWNLOADS | PICTURES and answer.status_code == 200
        assert directives(answer) == (SANDBOX if handed_out else POLICY), where
        assert answer.headers["X-Frame-Options"] == "DENY", where
        assert answer.headers["X-Content-Type-Options"] == "nosniff", where
        assert answer.headers["Referrer-Policy"] == "same-origin", where
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", where
        assert "Server" not in answer.headers and "X-Powered-By" not in answer.headers, where
        if handed_out:
            assert answer.headers["Content-Disposition"].startswith(
                "inline;" if row.key in PICTURES else "attachment;"
            ), where
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin", where


@pytest.mark.parametrize("row", [pytest.param(row, id=row.key) for row in READS])
def test_what_a_person_is_shown_is_kept_by_no_cache(world: World, row: Row) -> None:
    for who, answer in answers(world, row):
        if who == "nobody" or row.key in SAME_FOR_ALL:
            continue
        kept = answer.headers.get("Cache-Control", "")
        # A client of the API may keep an answer and ask whether it still stands: nobody on the way may.
        wanted = {"private", "no-cache"} if "ETag" in answer.headers and row.is_api else {"no-store"}
        said = {word.strip() for word in kept.split(",")}
        assert "no-store" in said or wanted <= said, f"{row.key} to {who}: {kept}"


def test_a_page_that_went_wrong_is_protected_as_well() -> None:
    for path in (
        "/no/such/page/",
        "/initiatives/AI-9999/",
        "/api/v1/no-such/",
        "/login/?next=//evil.example.com",
    ):
        assert directives(Client().get(path)) == POLICY, path


def cookies_of(client: Client) -> dict[str, dict[str, object]]:
    return {
        name: {key: morsel[key] for key in ("httponly", "secure", "samesite", "path", "domain")}
        for name, morsel in client.cookies.items()
    }


def sign_in(client: Client) -> None:
    client.get("/login/")
    answered = client.post("/login/", {"username": "lena", "password": PASSWORD})
    assert answered.status_code == 302


def test_cookies_are_for_this_site_alone_and_for_no_script(world: World) -> None:
    client = Client()
    sign_in(client)
    found = cookies_of(client)
    assert set(found) == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    for name, said in found.items():
        expected = {"httponly": True, "secure": "", "samesite": "Lax", "path": "/", "domain": ""}
        assert said == expected, name


@override_settings(
    SESSION_COOKIE_NAME="__Host-session",
    CSRF_COOKIE_NAME="__Host-csrf",
    SESSION_COOKIE_SECURE=True,
    CSRF_COOKIE_SECURE=True,
)
def test_on_a_server_they_are_for_https_alone(world: World) -> None:
    """The names that begin with __Host- are kept by a browser only with these three: secure, path /, no domain."""
    client = Client()
    sign_in(client)
    for name, said in cookies_of(client).items():
        assert name.startswith("__Host-")
        assert (said["secure"], said["path"], said["domain"]) == (True, "/", "")


def test_the_theme_holds_one_word_and_nothing_else(world: World) -> None:
    client = Client()
    client.post("/ui/theme/", {"theme": "dark", "next": "https://evil.example.com/"})
    assert client.cookies["theme"].value == "dark"
    client.post("/ui/theme/", {"theme": "<script>"})
    assert client.cookies["theme"].value == ""


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example.com/", "//evil.example.com/", "javascript:alert(1)", "\\\\evil"]
)
def test_nobody_is_sent_elsewhere(world: World, elsewhere: str) -> None:
    client = Client()
    assert client.post("/ui/theme/", {"theme": "dark", "next": elsewhere})["Location"] == "/"
    told = client.post("/login/", {"username": "lena", "password": PASSWORD, "next": elsewhere})
    assert told["Location"] == "/"
    assert client.get("/login/", {"next": elsewhere})["Location"] == "/"
