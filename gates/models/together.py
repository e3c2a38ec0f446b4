"""Working on an initiative together: what people say to each other, and what they ask of each other.

A comment names its gate and its item by slug and code, which are unique within one initiative and outlive a change of
the framework's version.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from checklists.models import Item
from gates.asking import Prepared
from gates.models.initiative import Initiative, TeamRole, user_key
from gates.models.reviews import Passage
from gates.querysets import Viewer


class CommentQuerySet(models.QuerySet["Comment"]):
    def with_people(self) -> "CommentQuerySet":
        """As they are shown: with who said it and whom it mentions, in two queries."""
        mentioned = Mention.objects.select_related("person").order_by("pk")
        return self.select_related("by").prefetch_related(models.Prefetch("mentions", mentioned))

    def about(self, gate: str = "", item: str = "") -> "CommentQuerySet":
        """One item's; else those of a gate and its items; else those of the initiative as a whole."""
        if item:
            return self.filter(item=item)
        return self.filter(gate=gate)


class Comment(models.Model):
    """What somebody remarked on an initiative, on one of its gates or on one item. It is never edited.

    ``gate`` is blank where it speaks of the initiative as a whole; ``item`` where it speaks of no one item.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="comments")
    gate = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    item = models.CharField(max_length=30, blank=True, default="")
    by = user_key()
    at = models.DateTimeField()
    body = models.TextField()

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["initiative", "gate", "item"], name="comments_by_subject")]
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="a_comment_says_something"),
            models.CheckConstraint(
                condition=Q(item="") | ~Q(gate=""), name="a_commented_item_names_its_gate"
            ),
        ]

    def __str__(self) -> str:
        return self.body[:80]


class Mention(models.Model):
    """A person whom a comment speaks to. It is made with the comment and stays like it."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentions")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "person"], name="one_mention_a_person_and_comment")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.comment_id}"


class AssignmentOutcome(models.TextChoices):
    DONE = "done", _("Done")
    MET = "met", _("The item became met")
    WITHDRAWN = "withdrawn", _("Taken back")
    INITIATIVE_ENDED = "initiative_ended", _("The initiative ended")


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def open(self) -> "AssignmentQuerySet":
        return self.filter(ended_at__isnull=True)

    def of(self, initiative_id: int) -> "AssignmentQuerySet":
        return self.filter(passage__initiative=initiative_id)

    def for_person(self, person: Viewer) -> "AssignmentQuerySet":
        """What this person is asked to do where they are on the team, the earliest due first; one query."""
        places = TeamRole.objects.filter(
            initiative=OuterRef("passage__initiative"), user=person.pk, until__isnull=True
        )
        return self.filter(Exists(places), person=person.pk).with_subject().order_by("due", "pk")

    def with_adrift(self) -> "AssignmentQuerySet":
        """With ``adrift``: its person can no longer do it: not active, only reading, or not on the team any more."""
        yes = models.When(self._gone(), then=models.Value(True))
        return self.annotate(adrift=models.Case(yes, default=False, output_field=models.BooleanField()))

    def to_be_handed_on(self) -> "AssignmentQuerySet":
        """Open ones that somebody else has to take."""
        return self.open().filter(self._gone())

    def with_subject(self) -> "AssignmentQuerySet":
        """As they are shown: with the initiative, the item and its gate, and who is asked by whom."""
        return self.select_related("passage__initiative", "item__gate", "person", "by", "ended_by")

    def _gone(self) -> Q:
        places = TeamRole.objects.filter(
            initiative=OuterRef("passage__initiative"), user=OuterRef("person"), until__isnull=True
        )
        return Q(person__is_active=False) | Q(person__is_auditor=True) | Q(~Exists(places))


class Assignment(models.Model):
    """One item that a person of the team is asked to see to, by a day. Open while ``ended_at`` is null.

    ``version`` grows when another person or another day is named; what it was before stands in the history.
    ``ended_by`` is null where it ended by itself.
    """

    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="assignments")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    due = models.DateField()
    note = models.TextField(blank=True)
    by = user_key()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = user_key(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=AssignmentOutcome.choices, blank=True)
    version = models.PositiveIntegerField(default=1)
    adrift: bool  # as ``with_adrift`` found it

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["person", "due"], condition=Q(ended_at__isnull=True), name="open_assignments"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["passage", "item"],
                condition=Q(ended_at__isnull=True),
                name="one_open_assignment_an_item",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *AssignmentOutcome.values]), name="assignment_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True) | ~Q(outcome="") & Q(ended_at__isnull=False),
                name="an_ended_assignment_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} for {self.person_id}"

    @staticmethod
    def any_open(initiative_id: int) -> bool:
        """Whether somebody is asked to see to anything here."""
        return bool(_open_of(initiative_id))

    @property
    def told(self) -> dict[str, Any]:
        """What events say of it: people by key and by name, the item by its code."""
        return {
            "assignment": self.pk,
            "item": self.item.code,
            "gate": self.item.gate.slug,
            "title": self.item.title,
            "person": self.person_id,
            "username": self.person.username,
            "name": str(self.person),
            "due": self.due,
            "note": self.note,
        }


_open_of = Prepared(
    lambda keys: Assignment.objects.open().filter(passage__initiative__in=keys).order_by().only("pk")
)
