"""Where messages go, and each message to each of them."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Min, OuterRef, Q, Subquery, Value, When

from readiness.derived import MARK_LENGTH, KeyIsGone, Seed
from readiness.webhooks.addresses import URL_MAX
from readiness.webhooks.signing import secret_of

OVERLAP = timedelta(hours=24)
"""So long after a change of the secret both sign."""


class Off(models.TextChoices):
    """Why nothing is sent to an endpoint."""

    ADMIN = "admin", "An admin switched it off"
    GONE = "gone", "The receiver said that it is gone (410)"


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def on(self) -> Self:
        return self.filter(off="")

    def with_counts(self) -> Self:
        """Each with how many messages are ``waiting`` and ``parked``, and when the ``oldest`` that waits was made."""
        waiting = Q(deliveries__state=State.WAITING.value)
        return self.annotate(
            waiting=Count("deliveries", filter=waiting),
            parked=Count("deliveries", filter=Q(deliveries__state=State.PARKED.value)),
            oldest=Min("deliveries__made_at", filter=waiting),
        )


class Endpoint(models.Model):
    """One address that messages go to. It belongs to the organisation: what it gets, its admins may see.

    ``read_up_to``: how far the audit trail was read for it. ``busy_until``: a worker is at it; ``rests_until``: it is
    left in peace after failures. ``failures``: so many in a row; ``failing_since``: when they began.
    """

    url = models.CharField(max_length=URL_MAX)
    description = models.CharField(max_length=200, blank=True)
    events = models.JSONField(default=list, help_text="The kinds it gets: words of webhooks.events.Kind")
    salt = models.CharField(max_length=32)
    key_mark = models.CharField(max_length=MARK_LENGTH)
    previous_salt = models.CharField(max_length=32, blank=True)
    previous_key_mark = models.CharField(max_length=MARK_LENGTH, blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    off = models.CharField(max_length=10, choices=Off.choices, blank=True)
    read_up_to = models.PositiveBigIntegerField()
    busy_until = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(off__in=["", *Off.values]), name="webhook_off_is_known"),
            models.CheckConstraint(
                condition=Q(previous_salt="", previous_until__isnull=True)
                | (~Q(previous_salt="") & Q(previous_until__isnull=False)),
                name="a_previous_secret_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"Webhook {self.pk}"

    @property
    def is_on(self) -> bool:
        return not self.off

    def signers(self, at: datetime) -> list[bytes]:
        """The secrets that sign at a moment, the newest first. Raises KeyIsGone where the newest cannot be made."""
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        found = [secret_of(Seed(self.salt, self.key_mark), keys)]
        if self.previous_until is not None and at < self.previous_until:
            with suppress(KeyIsGone):
                found.append(secret_of(Seed(self.previous_salt, self.previous_key_mark), keys))
        return found


class State(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    PARKED = "parked", "Parked"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> Self:
        return self.filter(state=State.WAITING.value)

    def in_line(self) -> Self:
        """Each with ``behind``: the message that has to be out first, as it is about the same initiative, else None."""
        ahead = Delivery.objects.waiting().filter(
            endpoint=OuterRef("endpoint"), initiative=OuterRef("initiative"), pk__lt=OuterRef("pk")
        )
        first = Subquery(ahead.order_by("pk").values("message_id")[:1])
        return self.select_related("endpoint", "initiative").annotate(
            behind=Case(When(state=State.WAITING.value, then=first), default=Value(None))
        )


class Delivery(models.Model):
    """One message to one endpoint. ``body`` is what is sent, the same in every attempt, and so is ``message_id``.

    Of the messages about one initiative the older goes first.
    """

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=60)
    kind = models.CharField(max_length=30)
    initiative = models.ForeignKey(
        "gates.Initiative", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING.value)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was delivered or parked")
    tried_at = models.DateTimeField(null=True, blank=True, help_text="When the last attempt began")
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="deliveries_of_one"),
            models.Index(
                fields=["endpoint", "due_at"], condition=Q(state=State.WAITING.value), name="deliveries_owed"
            ),
            models.Index(
                fields=["endpoint", "initiative", "id"],
                condition=Q(state=State.WAITING.value),
                name="deliveries_in_order",
            ),
            models.Index(fields=["ended_at"], name="deliveries_ended"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "message_id"], name="one_delivery_a_message"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="delivery_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=State.WAITING.value, ended_at__isnull=True)
                | (~Q(state=State.WAITING.value) & Q(ended_at__isnull=False)),
                name="ended_delivery_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.message_id

    @property
    def next_at(self) -> datetime | None:
        """When it is tried next, at the earliest; None where it waits no more."""
        if self.state != State.WAITING:
            return None
        rests_until = self.endpoint.rests_until
        return max(self.due_at, rests_until) if rests_until else self.due_at

    @property
    def headers(self) -> dict[str, str]:
        """Those of the last attempt that tell it apart; a signature is made for each attempt, and kept nowhere."""
        told = {"Webhook-Id": self.message_id}
        return told | ({"Webhook-Timestamp": timestamp(self.tried_at)} if self.tried_at else {})


def timestamp(at: datetime) -> str:
    """A moment as the header ``Webhook-Timestamp`` has it: whole seconds since 1970."""
    return str(int(at.timestamp()))
