"""What the bodies about webhooks may hold."""

from typing import Any

from readiness.actions.webhooks import DESCRIPTION_MAX
from readiness.api.fields import Many, Shape, Text, Truth, Word
from readiness.webhooks.addresses import URL_MAX
from readiness.webhooks.events import Kind


def _events(**options: Any) -> Many:
    return Many(len(Kind), child=Word([*Kind]), **options)


class WebhookBody(Shape):
    """Where messages go, and which."""

    told_only = frozenset(
        {"id", "active", "inactive_because", "failing_since", "previous_secret_until", "secret"}
        | {"created_by", "created_at"}
    )
    example = {
        "url": "https://198.51.99.7/fivegates",
        "events": ["gate.decided", "stage.changed"],
        "description": "The delivery pipeline.",
    }

    url = Text(URL_MAX)
    events = _events(required=False, help_text="All of them if not given.")
    description = Text(DESCRIPTION_MAX, required=False)


class WebhookChange(WebhookBody):
    """What is absent stays. `active`: false sends nothing more, true sends what happens from then on."""

    told_only = WebhookBody.told_only - {"active"}
    example = {"events": ["gate.submitted", "gate.decided"]}

    url = Text(URL_MAX, required=False)
    active = Truth(required=False)
