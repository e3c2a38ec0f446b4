"""Webhooks and their deliveries."""

from typing import Annotated, Any, TypedDict

from readiness.api.shapes.common import Moment, Ref, Username
from readiness.api.typed import Example, Told, Words
from readiness.webhooks.events import PING, Kind
from readiness.webhooks.models import Off, State


class Webhook(TypedDict):
    """Where messages go, and which: see `events`."""

    id: int
    url: Annotated[str, Example("https://hooks.example.org/fivegates")]
    description: str
    events: Annotated[list[str], Told("Words such as `gate.decided`.")]
    active: bool
    inactive_because: Annotated[str | None, Words(Off), Told("`gone`: the receiver answered 410.")]
    failing_since: Annotated[Moment | None, Told("Since when nothing was taken; null where it last was.")]
    previous_secret_until: Annotated[
        Moment | None, Told("Until when the secret before this one signs as well; null where only one does.")
    ]
    created_by: Annotated[Username | None, Told("Null where a command made it.")]
    created_at: Moment


class WebhookWithSecret(Webhook):
    secret: Annotated[
        str | None,
        Told("Told this once. Null where a request with an `Idempotency-Key` is answered again."),
        Example("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    ]


class WebhookDelivery(TypedDict):
    """One message to one webhook."""

    id: int
    webhook_id: Annotated[
        str, Told("The header `Webhook-Id`, the same in every attempt."), Example("evt_42_1")
    ]
    type: Annotated[str, Words([*Kind, PING])]
    initiative: Ref | None
    state: Annotated[str, Words(State)]
    attempts: Annotated[int, Told("How many were begun; at most ten, after a replay again.")]
    made_at: Moment
    due_at: Annotated[
        Moment | None, Told("When it is tried next, at the earliest; null where it waits no more.")
    ]
    waits_for: Annotated[
        str | None,
        Told(
            "The `webhook_id` of the message about the same initiative that has to be out before; else null."
        ),
    ]
    tried_at: Annotated[Moment | None, Told("When the last attempt began; null before the first.")]
    ended_at: Annotated[Moment | None, Told("When it was delivered or parked.")]
    last_status: Annotated[int | None, Told("What the receiver last answered; null where nothing came back.")]
    last_error: str
    headers: Annotated[
        dict[str, str],
        Told("`Webhook-Id` and `Webhook-Timestamp` of the last attempt. Its signature is kept nowhere."),
    ]
    body: Annotated[str, Told("What is sent, as it is signed.")]
    payload: Annotated[dict[str, Any], Told("The same, read.")]
