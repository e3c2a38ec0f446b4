"""The front door's own props: a clock to set, the queue of mails, and texts that break things."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from kombu import pools

from readiness import clock
from readiness.accounts.models import Organisation
from readiness.celery import app
from tests.integration.accounts.doors import AT


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """What the doors read as the present moment."""

    def set_to(at: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)

    return set_to


@pytest.fixture
def at(set_clock: Callable[[datetime], None]) -> datetime:
    """The present moment, standing still."""
    set_clock(AT)
    return AT


@pytest.fixture
def work_off(db: None) -> Iterator[Callable[[], int]]:
    """Does in this process what a worker would do with the tasks that were sent, and says how many they were."""

    def work() -> int:
        done = 0
        with app.connection_for_read() as connection, connection.SimpleQueue("celery") as queue:
            while True:
                try:
                    message = queue.get(block=False)
                except queue.Empty:
                    return done
                args, kwargs, _ = message.payload
                message.ack()
                app.tasks[message.headers["task"]](*args, **kwargs)
                done += 1

    with app.connection_for_write() as connection, connection.SimpleQueue("celery") as queue:
        queue.clear()
    yield work


@pytest.fixture
def demo(db: None) -> Organisation:
    """The organisation while demo data is shown."""
    organisation = Organisation.get()
    organisation.demo = True
    organisation.save()
    return organisation


@pytest.fixture(params=["server", "folder"])
def no_broker(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[None]:
    """Nothing answers where the broker should be: no server listens, or the folder of messages is not to be had."""
    taken = tmp_path / "a file"
    taken.touch()
    settings = {
        "server": {
            "broker_transport": "pyamqp",
            "broker_transport_options": {"max_retries": 1, "interval_start": 0},
        },
        # Who is bound to the queue stays known: kombu drops what nobody is bound to, without a word.
        "folder": {
            "broker_transport_options": app.conf.broker_transport_options
            | {"data_folder_in": str(taken), "data_folder_out": str(taken)}
        },
    }[request.param]
    if request.param == "server":
        settings |= dict.fromkeys(("broker_url", "broker_write_url"), "amqp://127.0.0.1:1//")
    for name, value in settings.items():
        monkeypatch.setitem(app.conf.changes, name, value)
    _forget_connections()
    yield
    monkeypatch.undo()
    _forget_connections()


def _forget_connections() -> None:
    pools.reset()
    app._pool = None
    app.amqp._producer_pool = None
