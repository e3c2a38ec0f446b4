"""The demo portfolio in the test database: eighteen months of acts, so played once for all tests that ask for it.

Those tests run one after the other: in one worker, or at the end of a run without workers. The demo stands in a
transaction, which is rolled back before the next test of that worker that did not ask for it.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

from tests.built_once import built_once

FIXTURE = "demo_portfolio"
_stands = ExitStack()


@pytest.fixture(scope="session")
def demo_portfolio(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The demo stands in the database; what the command said."""
    out = StringIO()
    with django_db_blocker.unblock():
        _stands.enter_context(built_once(lambda: call_command("seed_demo", stdout=out)))
    yield out.getvalue()
    with django_db_blocker.unblock():
        _stands.close()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Those that ask for it belong to one worker, and come last, whatever order the others are put in."""
    for item in filter(_asks_for_it, items):
        item.add_marker(pytest.mark.xdist_group("demo"))
    yield
    items.sort(key=_asks_for_it)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if not _asks_for_it(item):
        with item.config.stash[blocking_manager_key].unblock():
            _stands.close()


def _asks_for_it(item: pytest.Item) -> bool:
    return FIXTURE in getattr(item, "fixturenames", ())
