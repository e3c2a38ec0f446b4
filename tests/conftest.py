"""What every test may ask for. The services come up when the first test asks, and end with the last."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.services import browser as browsers
from tests.services import network, pango, postgres, redis_server
from tests.services.complaints import Complaints
from tests.services.disk import SmallDisk, small_disk
from tests.services.stacks import EmbeddedStack, ServerStack, Stack

pytest_plugins = ["tests.fixtures", "tests.demo_portfolio", "tests.dealing"]

# Tests that run the product's own processes, on data of their own: dealt out to the workers like all others.
RUN_PROCESSES = {"live_stack", "demo_stack", "embedded_stack", "server_stack", "stack", "browser"}
# Playwright keeps an event loop running in this thread for as long as its browser lives, and Django would then refuse
# the database to every later test of the same process. Nothing of ours is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "live: runs the product's own processes on data of their own")
    if os.environ.get("DJANGO_SETTINGS_MODULE") != "tests.settings":
        raise pytest.UsageError(
            "The tests run with tests.settings only: DJANGO_SETTINGS_MODULE names others."
        )


@pytest.hookimpl(tryfirst=True)  # before xdist, which reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those on the served demo belong to one worker: it is seeded once, and no page of it looked at twice."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if RUN_PROCESSES & asked:
            item.add_marker("live")
        if "demo_stack" in asked:
            item.add_marker(pytest.mark.xdist_group("demo-stack"))


def pytest_collection_finish() -> None:
    """What was collected stays to the end: looking through it for garbage took an eighth of the processor's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Contents name a test by their size: bytes that differ between two workers would be two tests."""
    return f"{len(val)}-bytes" if isinstance(val, bytes) and len(val) > 40 else None


def _missing(what: str) -> None:
    """In CI nothing may be left out; elsewhere the summary says what was."""
    if IN_CI:
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    with network.guarded():
        yield


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The maintenance database of a real PostgreSQL on which databases can be made."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given
        return
    folder = postgres.binaries()
    if folder is None:
        _missing("PostgreSQL is not on this machine")
    else:
        with postgres.private_postgres(folder) as url:
            yield url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """A fresh, empty database; its URL."""
    with postgres.database(postgres_url) as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real Redis."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield given
        return
    server = redis_server.binary()
    if server is None:
        _missing("Redis is not on this machine")
    else:
        with redis_server.private_redis(server) as url:
            yield url


@pytest.fixture
def private_redis_url() -> Iterator[str]:
    """A Redis of this test alone, empty."""
    server = redis_server.binary()
    if server is None:
        _missing("Redis is not on this machine")
    else:
        with redis_server.private_redis(server) as url:
            yield url


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder for the data of one stack, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="fivegates-stack-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _session_stack(settings: dict[str, str]) -> Iterator[EmbeddedStack]:
    with tempfile.TemporaryDirectory(prefix="fivegates-stack-", ignore_cleanup_errors=True) as folder:
        stack = EmbeddedStack(Path(folder), settings)
        try:
            stack.start()
            yield stack
        finally:
            stack.stop()


@pytest.fixture(scope="session")
def live_stack() -> Iterator[EmbeddedStack]:
    """`manage.py serve` on an empty installation, shared: tests add to it and never count on being alone."""
    yield from _session_stack({"DEMO": "0"})


@pytest.fixture(scope="session")
def demo_stack() -> Iterator[EmbeddedStack]:
    """`manage.py serve` with the demo portfolio, shared: tests read it."""
    yield from _session_stack({"DEMO": "1"})


@pytest.fixture(scope="session")
def prepared_data() -> Iterator[Path]:
    """What a first `prepare` leaves behind in the folder of an installation, to be copied."""
    with tempfile.TemporaryDirectory(prefix="fivegates-prepared-", ignore_cleanup_errors=True) as folder:
        stack = EmbeddedStack(Path(folder))
        stack.manage("prepare")
        yield stack.var


@pytest.fixture
def embedded_stack(scratch: Path, prepared_data: Path) -> Iterator[EmbeddedStack]:
    """`manage.py serve` of this test alone, prepared and not started: SQLite, and no Redis."""
    stack = EmbeddedStack(scratch)
    shutil.copytree(prepared_data, stack.var)
    yield stack
    stack.stop()


@pytest.fixture(scope="session")
def prepared_database(postgres_url: str, redis_url: str) -> Iterator[str]:
    """What a first `init` leaves behind in PostgreSQL, to be copied; its URL."""
    with postgres.database(postgres_url) as url, tempfile.TemporaryDirectory() as folder:
        ServerStack(Path(folder), url, redis_url).prepare()
        yield url


@pytest.fixture
def server_stack(
    scratch: Path, postgres_url: str, prepared_database: str, private_redis_url: str
) -> Iterator[ServerStack]:
    """gunicorn, worker and beat of this test alone on PostgreSQL and Redis: prepared, not started."""
    # A killed worker's task comes again after this long.
    impatient = {"DJANGO_SETTINGS_MODULE": "tests.services.impatient"}
    with postgres.database(postgres_url, like=prepared_database) as url:
        stack = ServerStack(scratch, url, private_redis_url, impatient)
        yield stack
        stack.stop()


@pytest.fixture(params=["embedded", "server"])
def stack(request: pytest.FixtureRequest) -> Stack:
    """Either of the two: what holds on one must hold on the other. Started."""
    chosen: EmbeddedStack | ServerStack = request.getfixturevalue(f"{request.param}_stack")
    chosen.start()
    return chosen


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """A real Chromium."""
    found = browsers.chromium()
    if found is None:
        _missing("no Chromium is on this machine (CHROMIUM may name one)")
    assert found is not None
    return found


@pytest.fixture(scope="session")
def able_to_make_pdfs() -> None:
    if not pango.pdf_at_hand():
        _missing("Pango is not on this machine")


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = browsers.launch(playwright, chromium_path)
        yield chromium
        chromium.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes the cookies and the window of a person of their own; the options are those of playwright.

    At the end the test fails with whatever a browser complained of in any page: a breach of the content security
    policy, an error of a script, an error or a warning of the console.
    """
    heard: list[Complaints] = []
    with ExitStack() as contexts:

        def make(**options: Any) -> BrowserContext:
            context = browser.new_context(**options)
            contexts.callback(context.close)
            heard.append(Complaints(context))
            return context

        yield make
        said = [one for complaints in heard for one in complaints.since()]
    assert said == [], "\n".join(said)


@pytest.fixture
def new_disk() -> Iterator[Callable[..., SmallDisk]]:
    """Mounts a small file system of its own at a folder: `new_disk(folder, "48m")`."""
    with ExitStack() as mounted:

        def make(folder: Path, size: str = "1m") -> SmallDisk:
            disk = mounted.enter_context(small_disk(folder, size))
            if disk is None:
                _missing("no small disk can be mounted on this machine, by root or by sudo")
            assert disk is not None
            return disk

        yield make


@pytest.fixture
def new_page(new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Makes a page of a person of their own: `new_page(javascript=False, width=390, height=800)`."""

    def make(javascript: bool = True, width: int = 1280, height: int = 900, **options: Any) -> Page:
        viewport = {"width": width, "height": height}
        return new_context(java_script_enabled=javascript, viewport=viewport, **options).new_page()

    return make


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once more, beside the result, what `tests.run` could not run."""
    not_run = os.environ.get("TEST_NOT_RUN", "")
    if not_run:
        terminalreporter.section("NOT RUN")
        terminalreporter.write_line(not_run)
