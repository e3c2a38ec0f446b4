"""What is computed of each initiative. Only ``readiness.standing.recompute`` writes these tables."""

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from checklists.said import restored
from gates.models import Initiative
from gates.rules import GateStatus
from readiness.standing.forecast import NoForecast
from readiness.standing.next_actions import ActionCode
from readiness.standing.verdict import Verdict

VERDICTS = [(verdict.value, verdict.value.replace("_", " ").capitalize()) for verdict in Verdict]
NO_FORECASTS = [(why.value, why.value.replace("_", " ").capitalize()) for why in NoForecast]
GATE_STATUSES = [(status.value, status.value.replace("_", " ").capitalize()) for status in GateStatus]

MAY_MOVE = Q(next_actions__0__code=ActionCode.MOVE_STAGE.value)
"""Of standings: the next step is a stage move that nothing stands in the way of."""


class Severity(models.TextChoices):
    INFO = "info", _("Info")
    WARNING = "warning", _("Warning")
    CRITICAL = "critical", _("Critical")


class Standing(models.Model):
    """Where an initiative stands. ``due_on`` is the earliest day on which any of it may change by time alone."""

    initiative = models.OneToOneField(
        Initiative, on_delete=models.PROTECT, primary_key=True, related_name="standing"
    )
    stage = models.CharField(max_length=10, help_text="The initiative's stage when it was computed")
    framework = models.CharField(max_length=60, help_text="The framework readiness is computed on")
    framework_version = models.CharField(max_length=20)
    score = models.DecimalField(max_digits=4, decimal_places=1)
    points = models.DecimalField(max_digits=5, decimal_places=1)
    declared_points = models.DecimalField(max_digits=5, decimal_places=1)
    optimism_gap = models.DecimalField(max_digits=5, decimal_places=1)
    total = models.PositiveSmallIntegerField()
    met = models.PositiveSmallIntegerField()
    partial = models.PositiveSmallIntegerField()
    not_met = models.PositiveSmallIntegerField()
    unanswered = models.PositiveSmallIntegerField()
    required_met = models.PositiveSmallIntegerField()
    threshold_met = models.BooleanField()
    verdict = models.CharField(max_length=15, choices=VERDICTS)
    stalled = models.BooleanField(default=False)
    flags_open = models.PositiveSmallIntegerField(default=0)
    worst_severity = models.CharField(max_length=10, choices=Severity.choices, blank=True)
    blockers = models.JSONField(default=list)
    next_actions = models.JSONField(default=list)
    effective = models.JSONField(
        default=dict, help_text="{item code: effective answer}, of all its frameworks"
    )
    risen_on = models.DateField(null=True, help_text="When an effective answer last rose by an act")
    forecast_on = models.DateField(null=True, help_text="When the threshold is reached at the present pace")
    forecast_from = models.DateField(null=True, help_text="The early end of the forecast's range")
    forecast_to = models.DateField(null=True, help_text="Its late end; null beyond two years")
    forecast_none = models.CharField(
        max_length=20, choices=NO_FORECASTS, blank=True, help_text="Why there is no forecast"
    )
    as_of = models.DateField(help_text="The day it was computed for")
    due_on = models.DateField(null=True)
    computed_at = models.DateTimeField(help_text="Always grows, in the order of commits")

    class Meta:
        indexes = [
            models.Index(fields=["due_on"], condition=Q(due_on__isnull=False), name="standing_due"),
            models.Index(fields=["computed_at"]),
            models.Index(fields=["score"]),
            models.Index(fields=["verdict"]),
            # Else a planner that takes the table for small reads it out of every JSON, once for every other row.
            models.Index(fields=["initiative"], condition=MAY_MOVE, name="standing_may_move"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=[verdict.value for verdict in Verdict]), name="verdict_is_known"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0) & Q(score__lte=100), name="score_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(forecast_on__isnull=True, forecast_from__isnull=True, forecast_to__isnull=True)
                | (Q(forecast_on__isnull=False, forecast_from__isnull=False) & Q(forecast_none="")),
                name="a_forecast_has_a_range_or_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id}: {self.verdict}"


class GateStanding(models.Model):
    """Where one gate or checkpoint of one initiative stands."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="gate_standings")
    framework = models.CharField(max_length=60)
    gate = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, help_text="gate, checkpoint or profile")
    position = models.PositiveSmallIntegerField(help_text="Over all its frameworks, in order")
    status = models.CharField(
        max_length=25, choices=GATE_STATUSES, blank=True, help_text="Blank for a profile"
    )
    can_submit = models.BooleanField(default=False)
    review_pending = models.BooleanField(default=False)
    lapsed_because = models.TextField(blank=True)
    met = models.PositiveSmallIntegerField()
    partial = models.PositiveSmallIntegerField()
    not_met = models.PositiveSmallIntegerField()
    unanswered = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    min_met = models.PositiveSmallIntegerField()
    criteria_hold = models.BooleanField(default=False)
    criteria = models.JSONField(default=list, help_text="[{code, holds, message, item}]")

    class Meta:
        ordering = ["initiative_id", "position"]
        indexes = [models.Index(fields=["framework", "gate", "status"])]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "framework", "gate"], name="one_standing_a_gate"),
            models.CheckConstraint(
                condition=Q(status__in=["", *[status.value for status in GateStatus]]),
                name="gate_status_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gate} {self.status}"


FOUND_CAUSE = Coalesce(NullIf("confirmed_cause", Value("")), "root_cause")
"""Of flags in a query: the root cause that a person confirmed, else the suspected one."""


class Flag(models.Model):
    """One reason why an initiative is stalled or at risk. At most one is open per initiative and code."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="flags")
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    root_cause = models.SlugField(max_length=60)
    stalls = models.BooleanField()
    message = models.TextField()
    said = models.JSONField(default=dict, help_text="What its message is made of; see checklists.said")
    details = models.JSONField(default=dict)
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    resolved_on = models.DateField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateField(null=True, blank=True)
    snooze_reason = models.TextField(blank=True)
    confirmed_cause = models.SlugField(
        max_length=60, blank=True, help_text="What a person found the cause to be"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_on", "-pk"]
        indexes = [
            models.Index(fields=["code"], condition=Q(resolved_at__isnull=True), name="open_flags_by_code")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "code"],
                condition=Q(resolved_at__isnull=True),
                name="one_open_flag_a_code",
            ),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="severity_is_known"),
            models.CheckConstraint(
                condition=Q(confirmed_cause="", confirmed_at__isnull=True)
                | (~Q(confirmed_cause="") & Q(confirmed_at__isnull=False)),
                name="a_confirmed_cause_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.initiative_id}"

    @property
    def sentence(self) -> str:
        """Its message with what it is made of, to be said in any language."""
        return restored(self.message, self.said)

    @property
    def cause(self) -> str:
        """What a person found the cause to be, else the suspected one."""
        return self.confirmed_cause or self.root_cause


class HistoryPoint(models.Model):
    """One point a day on which something changed: the last standing of that day."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="history")
    on = models.DateField()
    stage = models.CharField(max_length=10)
    framework = models.CharField(max_length=60, blank=True, help_text="Blank: not known")
    framework_version = models.CharField(max_length=20, blank=True)
    score = models.DecimalField(max_digits=4, decimal_places=1)
    met = models.PositiveSmallIntegerField()
    partial = models.PositiveSmallIntegerField()
    not_met = models.PositiveSmallIntegerField()
    unanswered = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=15, choices=VERDICTS)
    stalled = models.BooleanField()
    flags_open = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["initiative_id", "on"]
        constraints = [models.UniqueConstraint(fields=["initiative", "on"], name="one_point_a_day")]

    def __str__(self) -> str:
        return f"{self.initiative_id} on {self.on}"


class Threshold(models.Model):
    """A flag's threshold as an admin set it. A blank stage means every stage without a value of its own."""

    code = models.CharField(max_length=40)
    stage = models.CharField(max_length=10, blank=True)
    key = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "stage", "key"], name="one_value_a_threshold"),
            models.CheckConstraint(condition=Q(value__gte=0), name="threshold_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.stage} {self.key} = {self.value}"
