"""The life of an initiative beside its gates: stakeholders, roadmap, spending, handovers, what worked."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gates.budget import Kind, Spent
from gates.models.initiative import Initiative, user_key
from gates.roadmap import Lacking, Phase, PhaseFacts, in_order, lacking


class StakeholderFunction(models.TextChoices):
    IT = "it", _("IT")
    OPERATIONS = "operations", _("Operations")
    LEGAL = "legal", _("Legal")
    SECURITY = "security", _("Security")
    WORKS_COUNCIL = "works_council", _("Works council")


class Stakeholder(models.Model):
    """A function that has to be involved in time. A works council may be said not to exist (``needed`` false)."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="stakeholders")
    function = models.CharField(max_length=15, choices=StakeholderFunction.choices)
    contact = models.CharField(max_length=200, blank=True)
    involved_on = models.DateField(null=True, blank=True)
    needed = models.BooleanField(default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "function"], name="one_row_a_stakeholder"),
            models.CheckConstraint(
                condition=Q(function__in=StakeholderFunction.values), name="stakeholder_function_is_known"
            ),
            models.CheckConstraint(
                condition=Q(needed=True) | Q(function="works_council", involved_on__isnull=True),
                name="only_a_works_council_may_not_exist",
            ),
        ]

    def __str__(self) -> str:
        return self.get_function_display()


class Roadmap(models.Model):
    """What happens if it works: who builds and runs it, with which money. Its dates stand in its phases."""

    initiative = models.OneToOneField(Initiative, on_delete=models.PROTECT, related_name="roadmap")
    people = models.TextField(blank=True, help_text="Who is committed, for how much of their time")
    budget = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_by = user_key(null=True, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gte=0), name="roadmap_budget_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"Roadmap of {self.initiative_id}"

    @property
    def plan(self) -> tuple[PhaseFacts, ...]:
        """Its six phases as the rules take them."""
        return in_order(phase.facts for phase in self.phases.all())

    @property
    def lacking(self) -> Lacking:
        return lacking(self.plan, self.people, self.budget is not None)


class PhaseKind(models.TextChoices):
    """In the order in which they follow each other."""

    DECISION = Phase.DECISION.value, Phase.DECISION.label
    PREPARATION = Phase.PREPARATION.value, Phase.PREPARATION.label
    LIMITED_GROUP = Phase.LIMITED_GROUP.value, Phase.LIMITED_GROUP.label
    EXPANSION = Phase.EXPANSION.value, Phase.EXPANSION.label
    FULL = Phase.FULL.value, Phase.FULL.label
    OLD_PROCESS_ENDS = Phase.OLD_PROCESS_ENDS.value, Phase.OLD_PROCESS_ENDS.label


class RoadmapPhase(models.Model):
    """One phase of the way to production: planned days, rules for entering and pausing, and when it began."""

    roadmap = models.ForeignKey(Roadmap, on_delete=models.PROTECT, related_name="phases")
    kind = models.CharField(max_length=20, choices=PhaseKind.choices)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    entry_rule = models.TextField(blank=True)
    pause_rule = models.TextField(blank=True)
    began_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["roadmap", "kind"], name="one_phase_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=PhaseKind.values), name="phase_kind_is_known"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="phase_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def facts(self) -> PhaseFacts:
        return PhaseFacts(
            phase=Phase(self.kind), starts_on=self.starts_on, ends_on=self.ends_on, began_on=self.began_on
        )


class SpendingKind(models.TextChoices):
    DATA = Kind.DATA.value, Kind.DATA.label
    INFRASTRUCTURE = Kind.INFRASTRUCTURE.value, Kind.INFRASTRUCTURE.label
    INTEGRATION = Kind.INTEGRATION.value, Kind.INTEGRATION.label
    CHANGE = Kind.CHANGE.value, Kind.CHANGE.label
    OTHER = Kind.OTHER.value, Kind.OTHER.label


class Spending(models.Model):
    """What one month cost, by kind, in the initiative's currency. ``month`` is the first day of it."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="spending")
    month = models.DateField()
    kind = models.CharField(max_length=15, choices=SpendingKind.choices)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["month", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "month", "kind"], name="one_amount_a_month_and_kind"
            ),
            models.CheckConstraint(condition=Q(kind__in=SpendingKind.values), name="spending_kind_is_known"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="spending_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.month:%Y-%m}"

    @property
    def facts(self) -> Spent:
        return Spent(self.month, Kind(self.kind), self.amount)


class HandoverTopic(models.TextChoices):
    SETUP = "setup", _("Prompts, configuration and model versions")
    REASONS = "reasons", _("Reasons behind decisions")
    ACCESS = "access", _("Access and accounts")
    DATA = "data", _("Data sources and their owners")
    OPEN_ENDS = "open_ends", _("Open conditions, flags and dates")
    CONTACTS = "contacts", _("Contacts")


class Handover(models.Model):
    """What one person who leaves hands on, on one initiative. Open while ``closed_at`` is null.

    ``roles``: the places they held when it was opened.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="handovers")
    leaver = user_key()
    roles = models.JSONField(default=list)
    opened_by = user_key(null=True, blank=True)
    opened_at = models.DateTimeField()
    successor = user_key(null=True, blank=True)
    closed_by = user_key(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "leaver"],
                condition=Q(closed_at__isnull=True),
                name="one_open_handover_a_person",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("leaver")), name="handed_to_someone_else"
            ),
        ]

    def __str__(self) -> str:
        return f"Handover of {self.leaver_id} on {self.initiative_id}"


class HandoverPoint(models.Model):
    """One topic of a handover: what the next person must know, and whether it was handed on."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="points")
    topic = models.CharField(max_length=10, choices=HandoverTopic.choices)
    note = models.TextField(blank=True)
    done_by = user_key(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "topic"], name="one_point_a_topic"),
            models.CheckConstraint(
                condition=Q(topic__in=HandoverTopic.values), name="handover_topic_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_topic_display()


class WhatWorked(models.Model):
    """The lesson of one that is live: what made it work, and what others can take over."""

    initiative = models.OneToOneField(Initiative, on_delete=models.PROTECT, related_name="what_worked")
    made_it_work = models.TextField()
    reusable = models.TextField(blank=True)
    advice = models.TextField(blank=True)
    search_key = models.TextField(blank=True, editable=False)
    by = user_key(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(made_it_work=""), name="what_worked_says_what")]

    def __str__(self) -> str:
        return f"What worked in {self.initiative_id}"


class ParallelLimit(models.Model):
    """How many initiatives of a unit may be in a stage at once. A blank unit holds for each without one of its own."""

    stage = models.CharField(
        max_length=10, choices=[("poc", "PoC"), ("pilot", "Pilot"), ("rollout", "Rollout")]
    )
    unit = models.CharField(max_length=200, blank=True)
    unit_key = models.CharField(max_length=600, blank=True)
    most = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["unit_key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "unit_key"], name="one_limit_a_stage_and_unit"),
            models.CheckConstraint(
                condition=Q(stage__in=["poc", "pilot", "rollout"]), name="limited_stage_is_known"
            ),
            models.CheckConstraint(condition=Q(most__gte=1), name="a_limit_lets_one_in"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.unit or 'every unit'}: {self.most}"
