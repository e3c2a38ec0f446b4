"""A phone with an authenticator app, and what its owner does at the doors with it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pyotp
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from readiness.accounts.models import User
from readiness.accounts.two_factor import app_key
from readiness.actions.two_factor import installation_keys, set_up
from readiness.derived import new_seed
from tests.fixtures import PASSWORD

AT = datetime.now(UTC).replace(microsecond=0)
"""About now: a session of another day would have ended by the real clock."""
PAGE, CODES, OFF = "/account/two-factor/", "/account/two-factor/codes/", "/account/two-factor/off/"


@dataclass
class App:
    """``key`` as it was scanned."""

    key: str

    def shows(self, at: datetime = AT) -> str:
        return pyotp.TOTP(self.key).at(at)


def with_app(person: User, at: datetime = AT) -> tuple[App, list[str]]:
    """Set an app up for a person by the act itself; what it is, and the recovery codes."""
    seed = new_seed(settings.SECRET_KEY)
    app = App(app_key(seed, installation_keys()))
    changed, codes = set_up(person, PASSWORD, seed, app.shows(at), at)
    person.session_generation = changed.session_generation
    return app, codes


def scanned(client: Client, address: str = PAGE) -> tuple[App, str]:
    """The app after the page was scanned, and the proposal the page sends along."""
    page = client.get(address).content.decode()
    key = re.search(r'<code class="scan__key">([A-Z2-7 ]+)</code>', page)
    proposal = re.search(r'name="proposal" value="([^"]+)"', page)
    assert key is not None and proposal is not None
    return App(key[1].replace(" ", "")), proposal[1]


def turn_on(client: Client, at: datetime = AT, **more: str) -> tuple[App, HttpResponse]:
    """Set an app up on the page; the app, and the answer."""
    app, proposal = scanned(client)
    given = {"proposal": proposal, "code": app.shows(at), "current": PASSWORD} | more
    return app, client.post(PAGE, given)


def give_code(client: Client, code: str, query: str = "") -> HttpResponse:
    return client.post(f"/login/code/{query}", {"code": code})


def codes_on(page: HttpResponse) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r"<li><code>([a-z2-7-]{19})</code></li>", page.content.decode())
