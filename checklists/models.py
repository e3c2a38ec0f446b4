"""Frameworks and the answers to them. Nothing here knows what an initiative is."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from checklists.scoring import Piece

CHECK_NAME_MAX = 100
CHECK_SUMMARY_MAX = 500


class FrameworkKind(models.TextChoices):
    GATES = "gates", "Gates"
    CHECKPOINTS = "checkpoints", "Checkpoints"
    PROFILE = "profile", "Profile"
    OVERLAY = "overlay", "Overlay"


class Order(models.TextChoices):
    SEQUENTIAL = "sequential", "In order"
    ANY = "any", "In any order"


class DeclaredValue(models.TextChoices):
    """What a person can say. Not to have said anything is the absence of a value, never a word."""

    MET = "met", "Met"
    PARTIAL = "partial", "Partial"
    NOT_MET = "not_met", "Not met"


class EvidenceKind(models.TextChoices):
    LINK = "link", "Link"
    STATEMENT = "statement", "Statement"
    FILE = "file", "File"
    CHECK = "check", "Automated check"


class CheckOutcome(models.TextChoices):
    """What an automated check reports."""

    PASS = "pass", "Passed"
    WARN = "warn", "Warned"
    FAIL = "fail", "Failed"


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def current(self) -> "FrameworkQuerySet":
        """The newest published version of each framework."""
        published = self.model.objects.filter(slug=models.OuterRef("slug"), published_at__isnull=False)
        return self.filter(pk=models.Subquery(published.order_by("-pk").values("pk")[:1]))

    def with_content(self) -> "FrameworkQuerySet":
        return self.prefetch_related("gates__items")


class Framework(models.Model):
    """One published version of a framework. Once it stands it never changes: the database refuses."""

    slug = models.SlugField(max_length=60)
    version = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=FrameworkKind.choices)
    order = models.CharField(max_length=20, choices=Order.choices)
    evidence_required = models.BooleanField()
    required_met = models.PositiveSmallIntegerField(null=True, blank=True)
    guards = models.JSONField(default=list, help_text="[{from, to, gate?}]: the stage moves it guards")
    answer_labels = models.JSONField(default=dict)
    notes = models.JSONField(default=dict, help_text="The framework's own explanations, by their YAML key")
    checksum = models.CharField(max_length=64)
    published_at = models.DateTimeField(null=True, blank=True, help_text="From then on it never changes")

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="framework_version_once"),
            models.CheckConstraint(
                condition=Q(kind__in=FrameworkKind.values), name="framework_kind_is_known"
            ),
            models.CheckConstraint(condition=Q(order__in=Order.values), name="framework_order_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Gate(models.Model):
    """A gate or a checkpoint, as the framework's kind says."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="gates")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    purpose = models.TextField(blank=True)
    key_questions = models.JSONField(default=list)
    pass_criteria = models.JSONField(default=list)
    how_it_passes = models.TextField(blank=True)
    min_met = models.PositiveSmallIntegerField(null=True, blank=True)
    min_share_met = models.CharField(max_length=10, blank=True, help_text="A fraction such as 2/3")

    class Meta:
        ordering = ["framework_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "slug"], name="gate_once_in_framework"),
            models.UniqueConstraint(fields=["framework", "position"], name="gate_position_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """One point of a checklist, with its guidance."""

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=30)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    critical = models.BooleanField()
    statement = models.TextField()
    help = models.TextField(blank=True)
    when_met = models.TextField(blank=True)
    when_partial = models.TextField(blank=True)
    when_not_met = models.TextField(blank=True)
    reviewer_check = models.TextField(blank=True)
    example_evidence = models.TextField(blank=True)
    automation = models.TextField(blank=True)
    evidence_max_age_days = models.PositiveSmallIntegerField(null=True, blank=True)
    signals = models.JSONField(default=list)
    applies_to = models.JSONField(default=dict)
    crosswalk = models.JSONField(default=dict)
    crosswalk_note = models.TextField(blank=True)
    root_cause = models.SlugField(max_length=60)
    fact = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["gate_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["gate", "code"], name="item_once_in_gate"),
            models.UniqueConstraint(fields=["gate", "position"], name="item_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Assessment(models.Model):
    """One run of one framework version."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="assessments")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Assessment {self.pk}"


class Answer(models.Model):
    """What is said of one item.

    The row is made with the first thing said (an answer, a note, evidence, a measurement). Unanswered is a declared
    value of null. ``version`` grows with every change that a person makes at the item, its evidence included: it is the
    item's ETag. ``check_name`` is the automated check that measures the item ("" = none), ``measured_by`` what it last
    reported.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="answers")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    declared = models.CharField(max_length=10, choices=DeclaredValue.choices, null=True, blank=True)
    note = models.TextField(blank=True)
    measured = models.CharField(max_length=10, choices=DeclaredValue.choices, null=True, blank=True)
    measured_expires_at = models.DateTimeField(null=True, blank=True)
    check_name = models.CharField(max_length=CHECK_NAME_MAX, blank=True)
    measured_by = models.ForeignKey(
        "CheckResult", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "item"], name="one_answer_an_item"),
            models.CheckConstraint(
                condition=Q(declared__isnull=True) | Q(declared__in=DeclaredValue.values),
                name="declared_value_is_known",
            ),
            models.CheckConstraint(
                condition=Q(measured__isnull=True) | Q(measured__in=DeclaredValue.values),
                name="measured_value_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.declared or 'unanswered'}"


class Writing(models.Model):
    """Who wrote an answer or evidence, and when: what separation of duties asks."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="writings")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "gate", "by"], name="one_writing_a_person_and_gate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by_id} in {self.gate_id}"


class Evidence(models.Model):
    """One piece behind an answer. It is withdrawn, never deleted."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="evidence")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=EvidenceKind.choices)
    title = models.CharField(max_length=1000)
    url = models.CharField(max_length=2000, blank=True)
    stated_by = models.CharField(max_length=200, blank=True)
    effective_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    received_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    fingerprint = models.CharField(
        max_length=64, help_text="SHA-256 of kind, address or text, effective date"
    )
    file_key = models.CharField(max_length=100, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    file_type = models.CharField(max_length=100, blank=True)
    file_size = models.PositiveBigIntegerField(null=True, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    check_result = models.CharField(max_length=10, choices=CheckOutcome.choices, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-effective_on", "-pk"]
        indexes = [models.Index(fields=["assessment", "item"])]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "item", "fingerprint"],
                condition=Q(withdrawn_at__isnull=True),
                name="same_piece_is_one_piece",
            ),
            models.CheckConstraint(condition=Q(kind__in=EvidenceKind.values), name="evidence_kind_is_known"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("effective_on")),
                name="evidence_expires_after_it_takes_effect",
            ),
            models.CheckConstraint(
                condition=~Q(kind=EvidenceKind.FILE)
                | (Q(file_size__gt=0) & ~Q(file_key="") & ~Q(file_sha256="")),
                name="file_evidence_has_a_file",
            ),
            models.CheckConstraint(
                condition=Q(check_result="")
                | Q(kind=EvidenceKind.CHECK, check_result__in=CheckOutcome.values),
                name="check_result_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def counted(self) -> Piece:
        """The piece as the rules take it."""
        passed = self.check_result in ("", CheckOutcome.PASS)
        return Piece(self.effective_on, self.expires_on, self.withdrawn_at is not None, passed)


class CheckResult(models.Model):
    """What an automated check reported of an item, newer than everything it had reported of it before.

    ``evidence`` is the piece it became, or the one that it renewed.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="check_results")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=CHECK_NAME_MAX)
    result = models.CharField(max_length=10, choices=CheckOutcome.choices)
    summary = models.CharField(max_length=CHECK_SUMMARY_MAX, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    observed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    token_name = models.CharField(max_length=100, blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="check_results")

    class Meta:
        indexes = [
            models.Index(fields=["assessment", "item", "name", "observed_at"], name="newest_of_a_check")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=CheckOutcome.values), name="reported_result_is_known"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("observed_at")),
                name="check_expires_after_it_was_observed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.result}"


class FrameworkDraft(models.Model):
    """A framework under way, nobody's until it is published: it is a row of ``Framework`` then, and this one gone."""

    document = models.JSONField(
        help_text="In the shape of its YAML, with its mistakes; see checklists/drafting.py"
    )
    based_on = models.ForeignKey(Framework, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1, help_text="Grows with each change")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(version__gte=1), name="draft_version_counts_from_one")
        ]

    def __str__(self) -> str:
        return f"Draft {self.pk}: {self.document.get('slug', '')} {self.document.get('version', '')}"
