"""The demo portfolio: there on the first start, once, and never where somebody already works."""

import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from tests.services.stacks import EmbeddedStack

COUNT = "from gates.models import Initiative; print(Initiative.objects.count())"
IS_DEMO = "from readiness.accounts.models import Organisation; print(Organisation.get().demo)"


def test_it_says_whom_to_sign_in_as_and_they_can(demo_stack: EmbeddedStack) -> None:
    said = demo_stack.log.read_text()
    for name in ("lena", "ravi", "elsa", "ada", "omar", "iris"):
        assert name in said
        assert _signed_in(demo_stack, name, "demo"), name
    assert "The password is demo." in said
    assert not _signed_in(demo_stack, "lena", "not demo")


def test_the_first_start_says_how_far_it_is(demo_stack: EmbeddedStack) -> None:
    said = demo_stack.log.read_text()
    places = [said.index(words) for words in ("Seeding", "20 %", "40 %", "60 %", "80 %", "Starting web")]
    assert places == sorted(places)
    assert "100 %" not in said


def test_what_is_played_to_fail_warns_nobody(demo_stack: EmbeddedStack) -> None:
    assert "Webhook 1 did not take" not in demo_stack.log.read_text()


def _signed_in(stack: EmbeddedStack, username: str, password: str) -> bool:
    """Whether the sign-in page lets these in."""
    cookies = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    page = browser.open(f"{stack.url}/login/").read().decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"csrfmiddlewaretoken": token, "username": username, "password": password}
    try:
        browser.open(f"{stack.url}/login/", urllib.parse.urlencode(form).encode())
    except urllib.error.HTTPError as refused:
        assert refused.code < 500
    return any(cookie.name == "fivegates_session" for cookie in cookies)


def test_a_second_start_finds_it_there(demo_stack: EmbeddedStack) -> None:
    before = int(demo_stack.shell(COUNT))

    demo_stack.manage("prepare")

    assert before >= 35
    assert int(demo_stack.shell(COUNT)) == before


def test_a_database_in_which_somebody_works_is_never_seeded(embedded_stack: EmbeddedStack) -> None:
    embedded_stack.environment["FIVEGATES_ADMIN_PASSWORD"] = "a long enough password"
    embedded_stack.manage("create_admin", "grace")
    embedded_stack.environment["DEMO"] = "1"

    embedded_stack.manage("prepare")

    assert embedded_stack.shell(COUNT).strip() == "0"
    assert embedded_stack.shell(IS_DEMO).strip() == "False"
