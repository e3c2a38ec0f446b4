"""Another system that is told what happens: a webhook with what became of its messages.

Nothing leaves the demo: its name is not looked up, its receiver is played, and in the end it is switched off. Its page
says that the receiver is made up, and how to put one of one's own in its place.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, time
from functools import partial

from readiness.actions.webhooks import add_webhook, edit_webhook
from readiness.demo import cast
from readiness.demo.director import Stage
from readiness.webhooks import delivering
from readiness.webhooks.delivering import owe, send_owed
from readiness.webhooks.events import Kind
from readiness.webhooks.models import Endpoint
from readiness.webhooks.sending import Answer, Failed

ADDRESS = f"https://hooks.{cast.DOMAIN}/fivegates"
PURPOSE = "The channel of the AI board. Switched off: nothing leaves the demo."
EVENTS = (Kind.GATE_SUBMITTED, Kind.GATE_DECIDED, Kind.STAGE_CHANGED)
STORY = "the webhook"
ADDED, SWITCHED_OFF = 24, 1
BUSY, SILENT = (7,), (3, 2)
"""Days on which it answers that it is busy, and not at all."""
MORNING, EVENING = time(9, 30), time(18, 0)


def connect(stage: Stage) -> None:
    """Tell the scenes of the webhook, at fixed hours: no chance is asked."""
    ada = stage.actor("ada")

    def add(at: datetime) -> None:
        add_webhook(ADDRESS, EVENTS, PURPOSE, ada, at, ask=_unasked)

    def switch_off(at: datetime) -> None:
        edit_webhook(Endpoint.objects.get(url=ADDRESS).pk, {"active": False}, ada, at, ask=_unasked)

    stage.add_at(ADDED, MORNING, add, STORY)
    for ago in range(ADDED, SWITCHED_OFF, -1):
        stage.add_at(ago, EVENING, partial(_deliver, ago), STORY)
    stage.add_at(SWITCHED_OFF, EVENING, switch_off, STORY)


def _deliver(ago: int, at: datetime) -> None:
    with _nobody_warned():
        owe(at)
        send_owed(at, partial(_received, ago))


@contextmanager
def _nobody_warned() -> Iterator[None]:
    """A receiver that is played to fail is nothing that whoever runs the product has to see to."""
    log = logging.getLogger(delivering.__name__)
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


def _received(ago: int, url: str, headers: Mapping[str, str], body: bytes, listed: Sequence[str]) -> Answer:
    """What the receiver says, without anything being sent to it."""
    if ago in SILENT:
        raise Failed("No whole answer within 15 seconds.")
    return Answer(503 if ago in BUSY else 204)


def _unasked(host: str, port: int) -> Sequence[str]:
    return ()
