"""What happened: append-only events in one hash chain. The same rows are the outbox of mails."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class ActorKind(models.TextChoices):
    PERSON = "person", "A person"
    COMMAND = "command", "A command on the server"
    IMPORT = "import", "An import"
    CLOCK = "clock", "The passing of time"


class Event(models.Model):
    """One thing that happened. The database refuses to change or delete it.

    ``hash`` is the SHA-256 of ``previous_hash`` and the event's canonical JSON (see ``readiness.audit.chain``).
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    token_name = models.CharField(max_length=100, blank=True, help_text="The token it was done with, if any")
    verb = models.CharField(max_length=40, help_text="Such as answer.recorded")
    initiative = models.ForeignKey(
        "gates.Initiative", on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["seq"]
        indexes = [models.Index(fields=["initiative", "-seq"]), models.Index(fields=["verb", "-seq"])]
        constraints = [
            models.CheckConstraint(condition=Q(actor_kind__in=ActorKind.values), name="actor_kind_is_known"),
            models.CheckConstraint(
                condition=~Q(actor_kind=ActorKind.PERSON) | Q(actor__isnull=False), name="a_person_is_named"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"


class Chain(models.Model):
    """The head of the chain: exactly one row. Its row lock is the chain's lock; its clock never goes back."""

    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)
    ticked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_chain")]

    def __str__(self) -> str:
        return f"Chain at {self.seq}"
