"""What was promised and what came of it: KPIs, readings, exit criteria, amendments.

Words as in docs/rules.md, "Promises". Values are decimals in the KPI's own unit.
"""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gates.models.initiative import Initiative, user_key
from gates.promises import Comparator, Direction, ExitAction, Limits

LIMIT_FIELDS = ("baseline", "target", "go_limit", "stop_limit")


class KpiKind(models.TextChoices):
    BUSINESS = "business", pgettext_lazy("a kind of KPI", "Business")
    TECHNICAL = "technical", pgettext_lazy("a kind of KPI", "Technical")


class KpiSignal(models.TextChoices):
    """What a KPI tells a rule, where one needs to know."""

    WEEKLY_ACTIVE_SHARE = "weekly_active_share", _("Share of eligible users active in a week, in percent")
    BYPASS_RATE = "bypass_rate", _("Share of cases handled outside the system, in percent")
    VALUE = "value", _("Value in money a month")


class KpiDue(models.TextChoices):
    """By when it must be shown."""

    END_OF_POC = "end_of_poc", _("At the end of the PoC")
    END_OF_PILOT = "end_of_pilot", _("At the end of the pilot")
    AFTER_LAUNCH = "after_launch", _("After the launch")


class ReadingSource(models.TextChoices):
    TYPED = "typed", _("Typed in")
    FILE = "file", _("From a file")
    API = "api", _("Sent by a program")


DIRECTIONS = [(Direction.UP.value, _("Higher is better")), (Direction.DOWN.value, _("Lower is better"))]
COMPARATORS = [(Comparator.UNDER.value, _("under")), (Comparator.OVER.value, _("over"))]
EXIT_ACTIONS = [
    (ExitAction.STOP.value, _("Stop it")),
    (ExitAction.HOLD.value, _("Put it on hold")),
    (ExitAction.REWORK.value, _("Rework it")),
]
GO_ON = "go_on"
EXIT_DECISIONS = [*EXIT_ACTIONS, (GO_ON, _("Go on all the same"))]


def number(**options: Any) -> models.DecimalField:
    return models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True, **options)


class Kpi(models.Model):
    """A measure with its limits. Locked when Checkpoint 0 is passed: ``promised`` keeps what was promised then.

    ``promised``: {field: text} of the limits, the unit and the direction as they were locked; a later change is an
    Amendment. Removed ones stay, out of sight. ``version`` is its ETag.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="kpis")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=KpiKind.choices, default=KpiKind.BUSINESS)
    unit = models.CharField(max_length=40, blank=True)
    direction = models.CharField(max_length=5, choices=DIRECTIONS, default=Direction.UP.value)
    signal = models.CharField(max_length=20, choices=KpiSignal.choices, blank=True)
    due = models.CharField(max_length=15, choices=KpiDue.choices, blank=True)
    owner = user_key(null=True, blank=True)
    baseline = number()
    target = number()
    go_limit = number()
    stop_limit = number()
    locked_at = models.DateTimeField(null=True, blank=True)
    promised = models.JSONField(default=dict, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = user_key(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "name"],
                condition=Q(removed_at__isnull=True),
                name="one_kpi_of_a_name",
            ),
            models.CheckConstraint(condition=Q(kind__in=KpiKind.values), name="kpi_kind_is_known"),
            models.CheckConstraint(
                condition=Q(direction__in=[word for word, _ in DIRECTIONS]), name="kpi_direction_is_known"
            ),
            models.CheckConstraint(
                condition=Q(signal__in=["", *KpiSignal.values]), name="kpi_signal_is_known"
            ),
            models.CheckConstraint(condition=Q(due__in=["", *KpiDue.values]), name="kpi_due_is_known"),
            models.CheckConstraint(
                condition=Q(go_limit__isnull=True)
                | Q(stop_limit__isnull=True)
                | Q(direction=Direction.UP.value, stop_limit__lte=F("go_limit"))
                | Q(direction=Direction.DOWN.value, stop_limit__gte=F("go_limit")),
                name="stop_limit_on_its_side",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def limits(self) -> Limits:
        """As they stand now, amendments counted."""
        return Limits(
            direction=Direction(self.direction), **{name: getattr(self, name) for name in LIMIT_FIELDS}
        )

    @property
    def promised_limits(self) -> Limits:
        """As they were locked; as they stand while they are not."""
        if self.locked_at is None:
            return self.limits
        kept = {name: Decimal(text) for name in LIMIT_FIELDS if (text := self.promised.get(name)) is not None}
        return Limits(direction=Direction(self.promised.get("direction", self.direction)), **kept)


class Reading(models.Model):
    """A KPI's measured value on a day. A wrong one is withdrawn and stays; one at most stands for a day."""

    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="readings")
    value = models.DecimalField(max_digits=20, decimal_places=4)
    on = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=5, choices=ReadingSource.choices)
    by = user_key(null=True, blank=True)
    received_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = user_key(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "on"], condition=Q(withdrawn_at__isnull=True), name="one_reading_a_day"
            ),
            models.CheckConstraint(
                condition=Q(source__in=ReadingSource.values), name="reading_source_is_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="a_withdrawn_reading_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} on {self.on}"


class ExitCriterion(models.Model):
    """A condition agreed before the start under which the initiative is to be stopped, put on hold or reworked.

    It looks at its KPI over a window of days, or at a checkpoint (a gate's slug). Locked, amended and removed as a
    KPI is.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="exit_criteria")
    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="exit_criteria")
    comparator = models.CharField(max_length=5, choices=COMPARATORS)
    limit = models.DecimalField(max_digits=20, decimal_places=4)
    window_days = models.PositiveSmallIntegerField(null=True, blank=True)
    checkpoint = models.SlugField(max_length=60, blank=True)
    action = models.CharField(max_length=10, choices=EXIT_ACTIONS)
    decider = user_key()
    locked_at = models.DateTimeField(null=True, blank=True)
    promised = models.JSONField(default=dict, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = user_key(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                # Said outright: a comparison with null is unknown, and what is unknown passes a check.
                condition=Q(window_days__isnull=False, window_days__gte=1, checkpoint="")
                | (Q(window_days__isnull=True) & ~Q(checkpoint="")),
                name="exit_criterion_over_a_window_or_at_a_checkpoint",
            ),
            models.CheckConstraint(
                condition=Q(comparator__in=[one.value for one in Comparator]), name="comparator_is_known"
            ),
            models.CheckConstraint(
                condition=Q(action__in=[one.value for one in ExitAction]), name="exit_action_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.comparator} {self.limit.normalize():f}"


class ExitTrigger(models.Model):
    """An exit criterion that was met. It stands until somebody decides, whatever later readings say.

    ``words``: the criterion in words when it triggered. To go on all the same needs a reason and an expiry.
    """

    criterion = models.ForeignKey(ExitCriterion, on_delete=models.PROTECT, related_name="triggers")
    on = models.DateField()
    at = models.DateTimeField()
    words = models.TextField()
    readings = models.JSONField(default=list, help_text="[{on, value}]: the first and last that triggered it")
    decision = models.CharField(max_length=10, choices=EXIT_DECISIONS, blank=True)
    reason = models.TextField(blank=True)
    expires_on = models.DateField(null=True, blank=True)
    by = user_key(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["criterion"],
                condition=Q(decided_at__isnull=True),
                name="one_open_trigger_a_criterion",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decision="")
                | Q(decided_at__isnull=False, decision__in=[word for word, _ in EXIT_DECISIONS])
                & ~Q(reason=""),
                name="a_decided_trigger_says_what_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(decision=GO_ON) | Q(expires_on__isnull=False, by__isnull=False),
                name="to_go_on_names_who_and_until_when",
            ),
        ]

    def __str__(self) -> str:
        return self.words


class Amendment(models.Model):
    """A change of a locked promise, kept beside the original. A reviewer who is not on the team acknowledges it.

    ``changes``: {field: [before, after]} as text. ``after_reading``: the KPI had been read before.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="amendments")
    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, null=True, blank=True, related_name="amendments")
    criterion = models.ForeignKey(
        ExitCriterion, on_delete=models.PROTECT, null=True, blank=True, related_name="amendments"
    )
    changes = models.JSONField()
    reason = models.TextField()
    after_reading = models.BooleanField()
    by = user_key(null=True, blank=True)
    at = models.DateTimeField()
    on = models.DateField()
    acknowledged_by = user_key(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kpi__isnull=True, criterion__isnull=False)
                | Q(kpi__isnull=False, criterion__isnull=True),
                name="an_amendment_of_one_promise",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_amendment_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"Amendment of {self.kpi or self.criterion}"
