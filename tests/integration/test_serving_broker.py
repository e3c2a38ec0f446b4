"""The folder that carries messages where there is no Redis."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import Connection

MESSAGES = 1000


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Connection]:
    options = {
        "data_folder_in": str(tmp_path),
        "data_folder_out": str(tmp_path),
        "control_folder": str(tmp_path / "control"),
    }
    with Connection(transport="readiness.serving.broker:Transport", transport_options=options) as connection:
        yield connection


def test_messages_arrive_once_and_in_order(broker: Connection) -> None:
    queue = broker.SimpleQueue("in-order")
    for number in range(20):
        queue.put({"number": number})

    arrived = []
    for _ in range(20):
        message = queue.get(timeout=5)
        message.ack()
        arrived.append(message.payload["number"])

    assert arrived == list(range(20))
    assert queue.qsize() == 0
    queue.close()


def test_who_looks_at_any_moment_sees_whole_messages_only(broker: Connection, tmp_path: Path) -> None:
    queue = broker.SimpleQueue("whole")
    done = threading.Event()
    halves: list[Path] = []

    def look() -> None:
        while not done.is_set():
            halves.extend(path for path in tmp_path.glob("*.msg") if not path.read_bytes().endswith(b"}"))

    looking = threading.Thread(target=look)
    looking.start()
    for number in range(MESSAGES):
        queue.put({"number": number})
    done.set()
    looking.join()
    queue.close()

    assert len(list(tmp_path.glob("*.msg"))) == MESSAGES
    assert halves == []
