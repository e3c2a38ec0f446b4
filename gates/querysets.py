"""The named questions people ask about initiatives."""

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When

from gates.stages import ENDED, Stage

TEAM_ONLY = "team"
Row = TypeVar("Row", bound=models.Model)


def only_row(rows: models.QuerySet[Row]) -> Row | None:
    """The row of a question that has one answer at most; ``first()`` would have it sorted as well."""
    return next(iter(rows.order_by()), None)


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

    def tagged(self, tag: str) -> "InitiativeQuerySet":
        """Those with this tag, whatever its case."""
        return self.filter(tags_key__contains=tags_key([tag]))

    def sponsored_by(self, username: str) -> "InitiativeQuerySet":
        """Those of which this person is the executive sponsor today; "": those that have none."""
        places = self.model._meta.get_field("team_roles").related_model
        sponsors = places.objects.filter(  # type: ignore[union-attr]  # a relation of ours always has its model
            initiative=OuterRef("pk"), role="executive_sponsor", until__isnull=True
        )
        if not username:
            return self.filter(~Exists(sponsors))
        return self.filter(Exists(sponsors.filter(user__username=username)))

    def started_between(self, first: date | None, last: date | None) -> "InitiativeQuerySet":
        """Those whose first known day in any stage is one of these days, both included; None: no end."""
        rows = self.annotate(started_on=self._first_day())
        if first is not None:
            rows = rows.filter(started_on__gte=first)
        return rows if last is None else rows.filter(started_on__lte=last)

    def units(self) -> list[tuple[str, str]]:
        """(normalised, spelling) of each business unit once, in the order people expect."""
        return self._spelt("business_unit")

    def technologies(self) -> list[tuple[str, str]]:
        """The same of the technologies."""
        return self._spelt("technology")

    def vendors(self) -> list[tuple[str, str]]:
        """The same of the vendors."""
        return self._spelt("vendor")

    def tags(self) -> list[tuple[str, str]]:
        """(normalised, normalised) of each tag once, in the order people expect."""
        kept = self.exclude(tags_key="").order_by().values_list("tags_key", flat=True).distinct()
        found = {tag for tags in kept for tag in tags.split("\n") if tag}
        return [(tag, tag) for tag in sorted(found, key=lambda tag: (sort_key(tag), tag))]

    def _spelt(self, field: str) -> list[tuple[str, str]]:
        key = f"{field}_key"
        named = self.exclude(**{key: ""}).order_by(key)
        spelt = named.values_list(key).annotate(spelling=models.Min(field))
        return sorted(spelt, key=lambda one: (sort_key(one[0]), one[0]))

    def _first_day(self) -> models.Subquery:
        stays = self.model._meta.get_field("stage_entries").related_model.objects  # type: ignore[union-attr]
        of_it = stays.filter(initiative=OuterRef("pk"), entered_on__isnull=False).order_by("entered_on")
        return models.Subquery(of_it.values("entered_on")[:1])

    def _open_place(self, user: Viewer) -> Exists:
        places = self.model._meta.get_field("team_roles").related_model
        roles = places.objects  # type: ignore[union-attr]  # a relation of ours always has its model
        return Exists(roles.filter(initiative=OuterRef("pk"), user=user.pk, until__isnull=True))


def normalised(text: str) -> str:
    """Case folded, white space collapsed: how spellings of one thing are compared, on every database alike."""
    return " ".join(text.casefold().split())


def tags_key(tags: Iterable[str]) -> str:
    """How tags are kept to be found: normalised, each between line breaks, which no normalised tag holds."""
    kept = dict.fromkeys(tag for tag in map(normalised, tags) if tag)
    return "".join(f"\n{tag}\n" for tag in kept)


def sort_key(text: str) -> str:
    """Normalised and without accents, so that "Ärger" stands beside "Argus"; at most three times as long.

    Only the marks that Latin, Greek and Cyrillic letters carry are left out: in other scripts a mark is a letter.
    """
    parts = unicodedata.normalize("NFD", normalised(text))
    return unicodedata.normalize("NFC", "".join(part for part in parts if not "\u0300" <= part <= "\u036f"))
