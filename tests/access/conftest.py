"""One world for all tests of a module: built once in a transaction that is rolled back when the module is through.

A test that asks for ``world`` is marked ``django_db``: what it changes is undone after it, and the world stays.
"""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from readiness.api import throttling
from tests.access.world import World, build
from tests.built_once import built_once


@pytest.fixture(autouse=True)
def _nobody_called_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound on requests in a minute is held elsewhere: here a few people ask for everything."""
    fresh = throttling.Window(throttling.LIMIT, throttling.WINDOW)
    monkeypatch.setattr(throttling, "WINDOWS", fresh)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), built_once(build) as world:
        yield world
