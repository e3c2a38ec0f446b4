"""Work that takes longer than a page may: somebody asks for it, a worker does it, and all can see how far it is."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from checklists.said import restored

LEASE = timedelta(minutes=3)
"""Without a sign of life for so long, whoever did it is thought to be gone, and another may take over.

Longer than any task may run: whoever is still at it, however silent, has not been ended yet, and is left alone.
"""
NUDGE = timedelta(minutes=1)
"""What has waited for so long may have lost its message, and is sent anew: nobody is at it, so nobody is robbed."""


SAID = "said"
"""Beside what came of work that failed: what its message was made of."""


REMAINS = "remains"
"""In what came of work: the key of a stored file that is kept with it for ``REMAINS_KEPT`` after its end."""
REMAINS_KEPT = timedelta(days=30)


class State(models.TextChoices):
    WAITING = "waiting", "Waiting for a worker"
    RUNNING = "running", "Under way"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


ACTIVE = (State.WAITING.value, State.RUNNING.value)


class LongWorkQuerySet(models.QuerySet["LongWork"]):
    def active(self) -> "LongWorkQuerySet":
        return self.filter(state__in=ACTIVE)

    def to_be_taken(self, at: datetime) -> "LongWorkQuerySet":
        """Waiting, or begun by a worker that has given no sign of life for too long."""
        return self.filter(
            Q(state=State.WAITING.value) | Q(state=State.RUNNING.value, beat_at__lte=at - LEASE)
        )

    def keeping(self, keys: Collection[str], at: datetime) -> set[str]:
        """Which of these files some work still keeps."""
        recent = self.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=at - REMAINS_KEPT))
        named = recent.filter(**{f"result__{REMAINS}__in": list(keys)})
        return set(named.values_list(f"result__{REMAINS}", flat=True))

    def forgotten(self, at: datetime) -> "LongWorkQuerySet":
        """What nobody has taken for too long: its message was lost, or its worker was killed."""
        return self.filter(
            Q(state=State.WAITING.value, beat_at__lte=at - NUDGE)
            | Q(state=State.RUNNING.value, beat_at__lte=at - LEASE)
        )


class LongWork(models.Model):
    """One piece of work. ``kind`` names who does it; ``params`` is what they need, ``result`` what came of it.

    ``total`` is null until it is known. ``beat_at``: its last sign of life, when it was asked for at first. ``claim``
    is the worker's that has it now: an older one can write nothing any more. Of one ``lock`` one is active at most.
    """

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    lock = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING.value)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    message = models.TextField(blank=True)
    params = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    claim = models.CharField(max_length=32, blank=True)
    claims = models.PositiveSmallIntegerField(
        default=0, help_text="How often it was taken without getting on"
    )
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LongWorkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["kind", "-id"], name="work_by_kind"),
            models.Index(fields=["beat_at"], condition=Q(ended_at__isnull=True), name="active_work"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="work_state_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=ACTIVE, ended_at__isnull=True)
                | (~Q(state__in=ACTIVE) & Q(ended_at__isnull=False)),
                name="ended_work_says_when",
            ),
            models.UniqueConstraint(
                fields=["lock"],
                condition=Q(ended_at__isnull=True) & ~Q(lock=""),
                name="one_active_work_a_lock",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def told(self) -> str:
        """Why it failed, as it can be said in the reader's language."""
        return restored(self.message, self.result.get(SAID))

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def percent(self) -> int | None:
        """None while it is not known how much there is."""
        return None if not self.total else min(100, self.done * 100 // self.total)

    @property
    def percent_words(self) -> str:
        return "" if self.percent is None else f"{self.percent} %"

    def is_forgotten(self, at: datetime) -> bool:
        patience = NUDGE if self.state == State.WAITING else LEASE
        return self.is_active and self.beat_at <= at - patience
