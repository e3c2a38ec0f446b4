"""The named questions people ask about initiatives."""

import unicodedata
from typing import Protocol

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When

from gates.stages import ENDED, Stage

TEAM_ONLY = "team"


class Viewer(Protocol):
    """What a queryset asks of a user."""

    pk: int

    @property
    def sees_all(self) -> bool: ...

    @property
    def sees_organisation(self) -> bool: ...


class InitiativeQuerySet(models.QuerySet):
    def on_team_of(self, user: Viewer) -> "InitiativeQuerySet":
        """Those on whose team this person is today."""
        return self.filter(self._open_place(user))

    def visible_to(self, user: Viewer) -> "InitiativeQuerySet":
        """Those this person may know of: the organisation's, if they have a role in it, and those of their teams."""
        if user.sees_all:
            return self
        if user.sees_organisation:
            return self.filter(~Q(visibility=TEAM_ONLY) | Q(self._open_place(user)))
        return self.filter(self._open_place(user))

    def with_place(self) -> "InitiativeQuerySet":
        """With the hold in force and the standing, as every list shows them."""
        return self.select_related("hold", "standing")

    def running(self) -> "InitiativeQuerySet":
        """Those that have not ended."""
        return self.exclude(stage__in=[stage.value for stage in ENDED])

    def in_stage_order(self) -> "InitiativeQuerySet":
        """With ``stage_order``: the stage's place on the way from intake to its end."""
        places = [When(stage=stage.value, then=place) for place, stage in enumerate(Stage)]
        return self.annotate(stage_order=Case(*places, output_field=models.IntegerField()))

    def stalled(self) -> "InitiativeQuerySet":
        return self.filter(standing__stalled=True)

    def matching(self, words: str) -> "InitiativeQuerySet":
        """Those whose name, problem, unit, technology, vendor, tags or reference hold every word."""
        found = self
        for word in normalised(words).split():
            found = found.filter(search_key__contains=word)
        return found

    def units(self) -> list[tuple[str, str]]:
        """(normalised, spelling) of each business unit once, in the order people expect."""
        named = self.exclude(business_unit_key="").order_by("business_unit_key")
        spelt = named.values_list("business_unit_key").annotate(spelling=models.Min("business_unit"))
        return sorted(spelt, key=lambda unit: (sort_key(unit[0]), unit[0]))

    def _open_place(self, user: Viewer) -> Exists:
        places = self.model._meta.get_field("team_roles").related_model
        roles = places.objects  # type: ignore[union-attr]  # a relation of ours always has its model
        return Exists(roles.filter(initiative=OuterRef("pk"), user=user.pk, until__isnull=True))


def normalised(text: str) -> str:
    """Case folded, white space collapsed: how spellings of one thing are compared, on every database alike."""
    return " ".join(text.casefold().split())


def sort_key(text: str) -> str:
    """Normalised and without accents, so that "Ärger" stands beside "Argus"; at most three times as long.

    Only the marks that Latin, Greek and Cyrillic letters carry are left out: in other scripts a mark is a letter.
    """
    parts = unicodedata.normalize("NFD", normalised(text))
    return unicodedata.normalize("NFC", "".join(part for part in parts if not "\u0300" <= part <= "\u036f"))
