"""Installations of the product to break: data of their own, on either database, with no process running."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.faults.installation import Installation
from tests.services import postgres
from tests.services.stacks import ServerStack


@pytest.fixture(scope="session")
def prepared_postgres(postgres_url: str) -> Iterator[str]:
    """What a first `prepare` leaves behind in a database, to be copied."""
    with (
        tempfile.TemporaryDirectory(prefix="fivegates-prepared-", ignore_cleanup_errors=True) as folder,
        postgres.database(postgres_url) as url,
    ):
        Installation(Path(folder), url).manage("prepare")
        yield url


@pytest.fixture
def on_postgres(scratch: Path, postgres_url: str, prepared_postgres: str) -> Iterator[Installation]:
    with postgres.database(postgres_url, like=prepared_postgres) as url:
        yield Installation(scratch, url)


@pytest.fixture
def server(
    scratch: Path, postgres_url: str, prepared_postgres: str, private_redis_url: str
) -> Iterator[ServerStack]:
    """gunicorn, worker and beat of this test alone on PostgreSQL and Redis: prepared, not started."""
    with postgres.database(postgres_url, like=prepared_postgres) as url:
        # A killed worker's task comes again after this long.
        stack = ServerStack(
            scratch, url, private_redis_url, {"DJANGO_SETTINGS_MODULE": "tests.services.impatient"}
        )
        yield stack
        stack.stop()


@pytest.fixture
def on_sqlite(scratch: Path, prepared_data: Path) -> Installation:
    installation = Installation(scratch)
    shutil.copytree(prepared_data, installation.var)
    return installation


@pytest.fixture(params=["sqlite", "postgres"])
def installation(request: pytest.FixtureRequest) -> Installation:
    """On either database: what holds on one must hold on the other."""
    chosen: Installation = request.getfixturevalue(f"on_{request.param}")
    return chosen


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These bring their databases themselves: they are run once, with everything else on SQLite."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("live")
            if "server" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group("live"))
