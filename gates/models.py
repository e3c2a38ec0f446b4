"""The initiative and its way through the gates.

Words as in docs/rules.md. The user is ``settings.AUTH_USER_MODEL``: nothing here imports from ``readiness``.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from checklists.models import Assessment, Gate, Item
from gates.querysets import InitiativeQuerySet
from gates.rules import ConditionState, DecisionKind
from gates.stages import Stage

NAME_MAX = 200
PROBLEM_MAX = 5000


class Approach(models.TextChoices):
    BUILD = "build", "Build"
    BUY = "buy", "Buy"
    PARTNER = "partner", "Partner"


class Visibility(models.TextChoices):
    ORGANISATION = "organisation", "Everyone in the organisation"
    TEAM = "team", "The team only"


class Priority(models.TextChoices):
    HIGH = "high", "High"
    NORMAL = "normal", "Normal"
    LOW = "low", "Low"


class Role(models.TextChoices):
    BUSINESS_OWNER = "business_owner", "Business owner"
    EXECUTIVE_SPONSOR = "executive_sponsor", "Executive sponsor"
    TECHNICAL_LEAD = "technical_lead", "Technical lead"
    DEPUTY = "deputy", "Deputy"
    MEMBER = "member", "Member"


NAMED_ROLES = (Role.BUSINESS_OWNER, Role.EXECUTIVE_SPONSOR, Role.TECHNICAL_LEAD, Role.DEPUTY)


class MaterialChangeKind(models.TextChoices):
    MODEL = "model", "Model"
    VENDOR = "vendor", "Vendor"
    DATA_SOURCE = "data_source", "Data source"
    USER_GROUP = "user_group", "User group"


class LessonOutcome(models.TextChoices):
    AGREED_CRITERIA = "agreed_criteria", "Stopped on agreed criteria"
    DECIDED = "decided", "Stopped by decision"
    FADED_OUT = "faded_out", "Faded out"


STAGES = [(stage.value, stage.label) for stage in Stage]
DECISIONS = [
    (DecisionKind.PASS.value, "Pass"),
    (DecisionKind.PASS_WITH_CONDITIONS.value, "Pass with conditions"),
    (DecisionKind.RETURN.value, "Return"),
    (DecisionKind.STOP.value, "Stop"),
]
CONDITION_STATES = [
    (ConditionState.OPEN.value, "Open"),
    (ConditionState.KEPT.value, "Kept, to be confirmed"),
    (ConditionState.CONFIRMED.value, "Confirmed"),
]


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
    vendor = models.CharField(max_length=200, blank=True)
    approach = models.CharField(max_length=10, choices=Approach.choices, blank=True)
    visibility = models.CharField(max_length=15, choices=Visibility.choices, default=Visibility.ORGANISATION)
    priority = models.CharField(max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    tags = models.JSONField(default=list, blank=True)

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
    by = user_key(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["entered_on", "pk"]
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


class Passage(models.Model):
    """Joins one initiative to one assessment."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="passages")
    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="passage")
    framework_slug = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "framework_slug"], name="one_passage_a_framework"),
        ]

    def __str__(self) -> str:
        return f"{self.framework_slug} of {self.initiative_id}"


class Snapshot(models.Model):
    """What stood in one gate at one moment: answers, evidence, criteria. Never changes."""

    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="snapshots")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    occasion = models.CharField(
        max_length=10, choices=[("submission", "Submission"), ("decision", "Decision")]
    )
    content = models.JSONField()

    def __str__(self) -> str:
        return f"{self.occasion} of {self.gate_id} at {self.taken_at:%Y-%m-%d}"


class Submission(models.Model):
    """A gate handed to the reviewers, with what was frozen. Open while ``decided_at`` is null."""

    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="submissions")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="+")
    by = user_key()
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="+")
    criteria_held = models.BooleanField()
    recommendation = models.CharField(max_length=10, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    days_locked = models.PositiveIntegerField(
        default=0, help_text="Days it waited behind a lapsed gate, up to locked_since"
    )
    locked_since = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["passage", "gate"],
                condition=Q(decided_at__isnull=True),
                name="one_waiting_submission_a_gate",
            ),
            models.CheckConstraint(
                condition=Q(recommendation__in=["", "stop"]), name="recommendation_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Submission of {self.gate_id}"


class Decision(models.Model):
    """What a reviewer decided. It is never edited or deleted; a new one supersedes it."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="decision")
    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="decisions")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=25, choices=DECISIONS)
    rationale = models.TextField()
    by = user_key()
    at = models.DateTimeField()
    submitted_by = user_key()
    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=[kind.value for kind in DecisionKind]), name="decision_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(by=F("submitted_by")), name="nobody_decides_their_own_submission"
            ),
            models.CheckConstraint(condition=~Q(rationale=""), name="a_decision_has_a_rationale"),
        ]

    def __str__(self) -> str:
        return f"{self.decision} of {self.gate_id}"


class Condition(models.Model):
    """A promise attached to a pass. Open until kept, kept until confirmed; overdue from the day after ``due``."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="conditions")
    text = models.TextField()
    owner = user_key()
    due = models.DateField()
    state = models.CharField(max_length=10, choices=CONDITION_STATES, default=ConditionState.OPEN.value)
    kept_by = user_key(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)
    kept_note = models.TextField(blank=True)
    confirmed_by = user_key(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    reopened_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ConditionState]),
                name="condition_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=ConditionState.CONFIRMED.value) | Q(confirmed_by__isnull=False),
                name="a_confirmed_condition_names_who",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Waiver(models.Model):
    """An accepted risk for one item, through its expiry. It never counts as met."""

    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="waivers")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    approver = user_key()
    granted_at = models.DateTimeField()
    expires_on = models.DateField()

    class Meta:
        ordering = ["expires_on", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_waiver_has_a_reason")]

    def __str__(self) -> str:
        return f"Waiver of {self.item_id} until {self.expires_on}"


class Lapse(models.Model):
    """A passed gate that lapsed by an act. Only a new decision ends it."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="lapse")
    reason = models.TextField()
    by = user_key(null=True, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reason


class MaterialChange(models.Model):
    """A declared change of model, vendor, data source or user group, and the gates it touches."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="material_changes")
    kind = models.CharField(max_length=15, choices=MaterialChangeKind.choices)
    note = models.TextField()
    gates = models.JSONField()
    by = user_key()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MaterialChangeKind.values), name="material_change_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.note}"


class Lesson(models.Model):
    """What a stopped initiative leaves to the next one."""

    initiative = models.OneToOneField(Initiative, on_delete=models.PROTECT, related_name="lesson")
    tried = models.TextField()
    did_not_work = models.TextField()
    technical_constraint = models.TextField(blank=True)
    organisational_barrier = models.TextField(blank=True)
    root_cause = models.SlugField(max_length=60, blank=True)
    advice = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, choices=LessonOutcome.choices)
    by = user_key(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=LessonOutcome.values), name="lesson_outcome_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Lesson of {self.initiative_id}"
