"""The initiative: its facts, its people, its stages and holds.

Words as in docs/rules.md. The user is ``settings.AUTH_USER_MODEL``: nothing here imports from ``readiness``.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gates.querysets import InitiativeQuerySet
from gates.stages import Stage

NAME_MAX = 200
PROBLEM_MAX = 5000
STAGES = [(stage.value, stage.label) for stage in Stage]


class Approach(models.TextChoices):
    BUILD = "build", _("Build")
    BUY = "buy", _("Buy")
    PARTNER = "partner", _("Partner")


class Visibility(models.TextChoices):
    ORGANISATION = "organisation", _("Everyone in the organisation")
    TEAM = "team", _("The team only")


class Priority(models.TextChoices):
    HIGH = "high", _("High")
    NORMAL = "normal", _("Normal")
    LOW = "low", _("Low")


class Role(models.TextChoices):
    BUSINESS_OWNER = "business_owner", _("Business owner")
    EXECUTIVE_SPONSOR = "executive_sponsor", _("Executive sponsor")
    TECHNICAL_LEAD = "technical_lead", _("Technical lead")
    DEPUTY = "deputy", _("Deputy")
    MEMBER = "member", _("Member")


NAMED_ROLES = (Role.BUSINESS_OWNER, Role.EXECUTIVE_SPONSOR, Role.TECHNICAL_LEAD, Role.DEPUTY)


def user_key(**options: Any) -> models.ForeignKey:
    """A reference to a person. People are deactivated, never deleted."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **options)


class Initiative(models.Model):
    """One AI effort with one business problem, moving through stages.

    ``version`` is its ETag. Columns that end in ``_key`` are normalised copies (case folded, white space collapsed):
    search and order behave alike on every database.
    """

    name = models.CharField(max_length=NAME_MAX)
    name_key = models.CharField(max_length=NAME_MAX * 3, db_index=True)
    search_key = models.TextField(help_text="Everything the search looks through, normalised")
    business_problem = models.TextField()
    business_unit = models.CharField(max_length=200, blank=True)
    business_unit_key = models.CharField(max_length=600, blank=True, db_index=True)
    technology = models.CharField(max_length=200, blank=True)
    technology_key = models.CharField(max_length=600, blank=True, db_index=True)
    vendor = models.CharField(max_length=200, blank=True)
    vendor_key = models.CharField(max_length=600, blank=True, db_index=True)
    approach = models.CharField(max_length=10, choices=Approach.choices, blank=True)
    visibility = models.CharField(max_length=15, choices=Visibility.choices, default=Visibility.ORGANISATION)
    priority = models.CharField(max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    tags = models.JSONField(default=list, blank=True)
    tags_key = models.TextField(
        blank=True, help_text="The tags normalised, each between line breaks; blank without any"
    )

    stage = models.CharField(max_length=10, choices=STAGES, default=Stage.INTAKE.value)
    stage_since = models.DateField(null=True, blank=True, help_text="Null where an import does not say")
    taken_over = models.BooleanField(default=False)
    hold = models.OneToOneField(
        "gates.Hold",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The hold in force",
    )

    intake_days = models.PositiveSmallIntegerField(null=True, blank=True)
    poc_days = models.PositiveSmallIntegerField(null=True, blank=True)
    pilot_days = models.PositiveSmallIntegerField(null=True, blank=True)
    rollout_days = models.PositiveSmallIntegerField(null=True, blank=True)
    decision_on = models.DateField(null=True, blank=True)

    budget_planned = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    budget_spent = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    estimate_build = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="What building for production would cost",
    )
    estimate_run = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="What twelve months of running would cost",
    )
    data_share = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Percent of the planned budget"
    )
    change_share = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Percent of the planned budget"
    )

    source = models.CharField(max_length=100, blank=True, help_text="The mapping it was imported with")
    source_key = models.CharField(max_length=64, blank=True)
    source_digest = models.CharField(
        max_length=64, blank=True, help_text="Of the imported row, to see changes"
    )
    as_of = models.DateField(null=True, blank=True, help_text="The day the imported file speaks of")
    people_known = models.BooleanField(
        default=True, help_text="False while an import said nothing about people"
    )

    last_activity_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = user_key(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "pk"]
        indexes = [
            models.Index(fields=["stage", "name_key"]),
            models.Index(fields=["updated_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key"], condition=~Q(source=""), name="imported_row_once"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[stage.value for stage in Stage]), name="stage_is_known"
            ),
            models.CheckConstraint(
                condition=Q(approach__in=[*Approach.values, ""]), name="approach_is_known"
            ),
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="visibility_is_known"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="priority_is_known"),
            models.CheckConstraint(
                condition=Q(budget_planned__isnull=True) | Q(budget_planned__gte=0),
                name="planned_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(budget_spent__isnull=True) | Q(budget_spent__gte=0), name="spent_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(estimate_build__isnull=True) | Q(estimate_build__gte=0),
                name="build_estimate_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(estimate_run__isnull=True) | Q(estimate_run__gte=0),
                name="run_estimate_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(data_share__isnull=True) | Q(data_share__lte=100), name="data_share_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(change_share__isnull=True) | Q(change_share__lte=100),
                name="change_share_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(data_share__isnull=True)
                | Q(change_share__isnull=True)
                | Q(data_share__lte=100 - F("change_share")),
                name="shares_add_up_to_100_at_most",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        """Its public identifier, such as AI-0042."""
        return f"AI-{self.pk:04d}"

    @property
    def has_ended(self) -> bool:
        return Stage(self.stage).has_ended

    @property
    def stage_label(self) -> str:
        return Stage(self.stage).label


class TeamRole(models.Model):
    """A person's place on an initiative, from one moment to another; open while ``until`` is null.

    Who was on the team matters as long as a decision can still be asked for, so a place is closed, never deleted.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="team_roles")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="team_roles")
    role = models.CharField(max_length=20, choices=Role.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    heard_on = models.DateField(
        null=True, blank=True, help_text="When this person last acted on the initiative"
    )

    class Meta:
        indexes = [models.Index(fields=["user", "until"]), models.Index(fields=["initiative", "until"])]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "role"],
                condition=Q(until__isnull=True) & ~Q(role=Role.MEMBER),
                name="one_person_a_named_role",
            ),
            models.UniqueConstraint(
                fields=["initiative", "user", "role"],
                condition=Q(until__isnull=True),
                name="one_open_place_a_person_and_role",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="team_role_is_known"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="place_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} as {self.role}"


class StageEntry(models.Model):
    """One stay in one stage; open while ``left_on`` is null."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="stage_entries")
    stage = models.CharField(max_length=10, choices=STAGES)
    entered_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    over_limit = models.TextField(
        blank=True, help_text="Why it entered although the parallel limit was reached"
    )
    by = user_key(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative"], condition=Q(left_on__isnull=True), name="one_open_stage"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True)
                | Q(entered_on__isnull=True)
                | Q(left_on__gte=F("entered_on")),
                name="stage_is_left_after_it_is_entered",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[stage.value for stage in Stage]), name="entered_stage_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} from {self.entered_on}"


class Hold(models.Model):
    """A hold: from the first day up to, not including, the day it is lifted. Its days count in no rule."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="holds")
    since = models.DateField()
    reason = models.TextField()
    review_on = models.DateField()
    by = user_key(null=True, blank=True)
    lifted_on = models.DateField(null=True, blank=True)
    lifted_by = user_key(null=True, blank=True)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative"], condition=Q(lifted_on__isnull=True), name="one_open_hold"
            ),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True) | Q(lifted_on__gte=F("since")),
                name="hold_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(review_on__gte=F("since")), name="hold_is_reviewed_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"On hold since {self.since}"
