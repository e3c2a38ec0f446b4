"""Mails by several processes at once, and by one that is killed while the mail server has it on the line."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from readiness.notices.sending import LEASE
from tests.integration.faults.installation import Installation
from tests.integration.faults.looking import OWED, UNREAD, number
from tests.services import machine

SENDERS, PILOTS, REVIEWERS = 3, 6, 3
SEND = """
import sys, time
from pathlib import Path
from readiness.notices.tasks import send_due
Path({ready!r}).touch()
while not Path({go!r}).exists():
    time.sleep(0.001)
send_due()
"""


def test_of_three_that_send_at_once_each_mail_goes_out_once(installation: Installation) -> None:
    installation.call("beating:neglected", initiatives=PILOTS)
    go = installation.scratch / "go"
    ready = [installation.scratch / f"ready-{sender}" for sender in range(SENDERS)]
    senders = [installation.begin(SEND.format(ready=str(one), go=str(go))) for one in ready]
    machine.wait_until(lambda: all(one.exists() for one in ready), 90, "the senders")
    go.touch()
    assert [sender.wait(60) for sender in senders] == [0] * SENDERS, installation.complaint()

    assert (number(installation, UNREAD), number(installation, OWED)) == (0, 0)
    found = installation.call("beating:state")
    assert (found["each_mailed_once"], found["to_reviewers"]) == (True, PILOTS * REVIEWERS)


@contextmanager
def silent_mail_server() -> Iterator[socket.socket]:
    """It takes a call and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(90)
        yield server


def test_a_sender_killed_with_the_server_on_the_line_loses_no_mail(on_postgres: Installation) -> None:
    on_postgres.call("beating:neglected", initiatives=1)
    with silent_mail_server() as server:
        files = on_postgres.environment
        on_postgres.environment = files | {"EMAIL_URL": f"smtp://127.0.0.1:{server.getsockname()[1]}"}
        sender = on_postgres.begin("from readiness.notices.tasks import send_due; send_due()")
        called, _ = server.accept()
        psutil.Process(sender.pid).kill()
        sender.wait(30)
        called.close()
        on_postgres.environment = files
    assert number(on_postgres, OWED) > 1

    minutes = int(LEASE.total_seconds() // 60)
    on_postgres.call("beating:send_what_is_left", minutes=minutes - 1)
    assert number(on_postgres, OWED) == 1, "the one that was on the line is left to its sender for a while"
    assert on_postgres.call("beating:send_what_is_left", minutes=minutes + 1) == 1
    assert number(on_postgres, OWED) == 0
    assert on_postgres.call("beating:state")["each_mailed_once"]
