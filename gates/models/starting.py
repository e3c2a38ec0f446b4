"""With which frameworks every new initiative begins, where the organisation has chosen them."""

from django.db import models
from django.db.models import Q


class StartingFramework(models.Model):
    """One framework that a new initiative is given, by its slug: the newest version at that moment.

    No row at all means nobody has chosen: ``gates.starting.UNLESS_CHOSEN``.
    """

    slug = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="begins_with_a_framework_once"),
            models.UniqueConstraint(fields=["position"], name="one_framework_a_starting_place"),
            models.CheckConstraint(condition=~Q(slug=""), name="starting_framework_is_named"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.slug}"
