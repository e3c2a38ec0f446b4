"""The same code sent by many at once, on both databases: it lets one in. And a policy that comes at the same moment."""

import json

import pytest

from tests.services.stacks import ServerStack

TRIES = 8
SENT_AT_ONCE = f"""
import json
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from readiness.actions.two_factor import prove
from tests.fixtures import person
from tests.integration.accounts.apps import AT, with_app
from datetime import timedelta

lena, at = person("lena", lead=True), AT + timedelta(minutes=5)
app, codes = with_app(lena)

def one_try(code):
    try:
        return prove(lena, code, at)
    finally:
        connection.close()

def sent_at_once(code):
    with ThreadPoolExecutor(max_workers={TRIES}) as threads:
        return [proof for proof in threads.map(one_try, [code] * {TRIES}) if proof is not None]

print(json.dumps([sent_at_once(app.shows(at)), sent_at_once(codes[0])]))
"""


@pytest.mark.live
@pytest.mark.parametrize("kind", ["embedded", "server"])
def test_of_many_who_send_the_same_code_one_is_let_in(request: pytest.FixtureRequest, kind: str) -> None:
    stack = request.getfixturevalue(f"{kind}_stack")
    assert json.loads(stack.shell(SENT_AT_ONCE)) == [["app"], ["recovery_code"]]


TURNED_OFF_AS_IT_IS_ASKED_FOR = """
import json, threading
from datetime import timedelta
from django.db import connection, transaction
from readiness.accounts.models import Authenticator, Organisation, User
from readiness.actions.organisation import edit_organisation
from readiness.actions.two_factor import turn_off
from readiness.audit.recording import COMMAND
from tests.fixtures import person
from tests.integration.accounts.apps import AT, with_app

lena, at, asked = person("lena", lead=True), AT + timedelta(minutes=5), threading.Event()
app, _codes = with_app(lena)

def ask():
    stands = Organisation.get()
    edit_organisation(stands.name, stands.time_zone, stands.currency, COMMAND, at, two_factor_for="everybody")
    connection.close()
    asked.set()

other = threading.Thread(target=ask)
with transaction.atomic():
    kept = turn_off(lena, app.shows(at), at).session_generation
    other.start()
    asked.wait(3)
other.join()
lena.refresh_from_db()
print(json.dumps([Authenticator.objects.count(), lena.session_generation - kept]))
"""


@pytest.mark.live
def test_who_turns_it_off_as_it_is_asked_for_is_signed_out(server_stack: ServerStack) -> None:
    """On PostgreSQL, where two can write at once."""
    assert json.loads(server_stack.shell(TURNED_OFF_AS_IT_IS_ASKED_FOR)) == [0, 1]
