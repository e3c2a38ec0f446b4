"""What people are to be told because of an audit event: in the app at once, by mail as each of them chose."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from readiness.audit.models import Event


class Kind(models.TextChoices):
    """What a notice asks of whoever gets it; each is delivered as that person chose for it."""

    MINE = "mine", _("What is asked of me by name")
    REVIEWS = "reviews", _("Decisions that wait for reviewers")
    TEAM = "team", _("News of my initiatives")


class Delivery(models.TextChoices):
    AT_ONCE = "at_once", _("By mail at once")
    DAILY = "daily", _("In one mail a day")
    APP = "app", _("Only under the bell")


def default_delivery() -> str:
    """For whoever has chosen nothing: the operator's FIVEGATES_MAIL_DELIVERY."""
    return str(settings.FIVEGATES_MAIL_DELIVERY)


class Preference(models.Model):
    """How one person wants to be told. Without a row everything comes by the default."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    mine = models.CharField(max_length=10, choices=Delivery.choices)
    reviews = models.CharField(max_length=10, choices=Delivery.choices)
    team = models.CharField(max_length=10, choices=Delivery.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(**{f"{kind}__in": Delivery.values}), name=f"delivery_of_{kind}_is_known"
            )
            for kind in ("mine", "reviews", "team")
        ]

    def __str__(self) -> str:
        return f"Person {self.person_id}: {self.mine}, {self.reviews}, {self.team}"

    def wants(self, kind: Kind) -> Delivery:
        return Delivery(getattr(self, kind.value))

    @classmethod
    def default(cls, person_id: int) -> Self:
        return cls(person_id=person_id, **dict.fromkeys(Kind.values, default_delivery()))

    @classmethod
    def of(cls, person_id: int) -> Self:
        """What this person chose, or the default."""
        return cls.objects.filter(pk=person_id).first() or cls.default(person_id)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread_by(self, person_id: int) -> Self:
        return self.filter(recipient=person_id, read_at__isnull=True)

    def to_be_mailed(self) -> Self:
        return self.filter(sent_at__isnull=True, given_up_at__isnull=True, due_at__isnull=False)


class Notice(models.Model):
    """One event told to one person. Its text is made when it is shown or sent, from the event.

    ``due_at`` is None where no mail is to go out. ``mail`` names the mail it goes in, from the first try on: what was
    sent together is tried again together.
    """

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="notices")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TEAM)
    read_at = models.DateTimeField(null=True, blank=True, help_text="When it was read in the app")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When a mail is to be tried next; a worker that takes it moves this on first",
    )
    mail = models.CharField(max_length=40, blank=True, help_text="The mail it goes in, once one was tried")
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="notices_owed",
            ),
            models.Index(
                fields=["recipient"], condition=models.Q(read_at__isnull=True), name="notices_unread"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient"], name="one_notice_a_person_and_event"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="notice_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"Event {self.event_id} to {self.recipient_id}"


class AccountMailQuerySet(models.QuerySet["AccountMail"]):
    def to_be_sent(self) -> Self:
        return self.filter(sent_at__isnull=True, given_up_at__isnull=True)


class AccountMail(models.Model):
    """One event about a person's own account, told by mail to one address: it comes at once, whatever they chose.

    ``address`` is where they were to be reached when it happened, which may be another one than today's.
    """

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    address = models.EmailField()
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(
        help_text="When it is to be tried next; a worker that takes it moves this on first"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    objects = AccountMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="account_mails_owed",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "address"], name="one_account_mail_an_event_and_address")
        ]

    def __str__(self) -> str:
        return f"Event {self.event_id} about the account of {self.recipient_id}"


class ReadUpTo(models.Model):
    """How far the audit trail has been read for notices: exactly one row."""

    seq = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_reading_mark")]

    def __str__(self) -> str:
        return f"Read up to {self.seq}"
