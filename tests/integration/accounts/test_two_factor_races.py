"""The same code sent by many at once, on both databases: it lets one in."""

import json

import pytest

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
