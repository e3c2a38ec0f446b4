"""The review of gates: what was submitted, decided, promised, waived, and what lapsed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from checklists.models import Assessment, Gate, Item
from checklists.said import restored
from gates.models.initiative import Initiative, user_key
from gates.rules import ConditionState, DecisionKind

DECISIONS = [
    (DecisionKind.PASS.value, pgettext_lazy("a decision", "Pass")),
    (DecisionKind.PASS_WITH_CONDITIONS.value, pgettext_lazy("a decision", "Pass with conditions")),
    (DecisionKind.RETURN.value, pgettext_lazy("a decision", "Return")),
    (DecisionKind.STOP.value, pgettext_lazy("a decision", "Stop")),
]
CONDITION_STATES = [
    (ConditionState.OPEN.value, pgettext_lazy("a condition", "Open")),
    (ConditionState.KEPT.value, pgettext_lazy("a condition", "Kept, to be confirmed")),
    (ConditionState.CONFIRMED.value, pgettext_lazy("a condition", "Confirmed")),
]


class MaterialChangeKind(models.TextChoices):
    MODEL = "model", _("Model")
    VENDOR = "vendor", _("Vendor")
    DATA_SOURCE = "data_source", _("Data source")
    USER_GROUP = "user_group", _("User group")


class LessonOutcome(models.TextChoices):
    AGREED_CRITERIA = "agreed_criteria", _("Stopped on agreed criteria")
    DECIDED = "decided", _("Stopped by decision")
    FADED_OUT = "faded_out", _("Faded out")


class Passage(models.Model):
    """Joins one initiative to one assessment. ``attached_at``: null for those that it began with."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="passages")
    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="passage")
    framework_slug = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    attached_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was added beside those that the initiative began with"
    )

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
    said = models.JSONField(default=dict, help_text="What its reason is made of; see checklists.said")
    by = user_key(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_lapse_has_a_reason")]

    def __str__(self) -> str:
        return self.reason

    @property
    def sentence(self) -> str:
        """Its reason with what it is made of, to be said in any language."""
        return restored(self.reason, self.said)


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
    search_key = models.TextField(blank=True, editable=False)
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
