"""Mails that are owed because of an audit event: each once, until it is sent or given up."""

from django.conf import settings
from django.db import models

from readiness.audit.models import Event


class Notice(models.Model):
    """One mail to one person about one event. Its text is made when it is sent, from the event."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="notices")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(
        help_text="When it is to be tried next; a worker that takes it moves this on first"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="notices_owed",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient"], name="one_notice_a_person_and_event")
        ]

    def __str__(self) -> str:
        return f"Event {self.event_id} to {self.recipient_id}"


class ReadUpTo(models.Model):
    """How far the audit trail has been read for notices: exactly one row."""

    seq = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_reading_mark")]

    def __str__(self) -> str:
        return f"Read up to {self.seq}"
