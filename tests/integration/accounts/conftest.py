"""The front door's own props: a clock to set, the queue of mails, and texts that break things."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.test import Client

from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.celery import app
from tests.fixtures import PASSWORD

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


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


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str):
    return client.post("/login/", {"username": username, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def link_in_mail() -> str:
    """The address, without its host, in the latest mail."""
    found = re.search(r"https?://[^/\s]+(/password/set/\S+)", mail.outbox[-1].body)
    assert found is not None
    return found[1]


def make_demo_account(user: User) -> User:
    user.is_demo = True
    user.set_password("demo")
    user.save()
    return user
