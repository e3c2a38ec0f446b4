"""Flags: of one initiative, of all, quieting one, and saying what its cause is."""

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from gates.models import Initiative
from readiness.accounts.models import Scope
from readiness.actions.flags import acknowledge_flag, confirm_cause, snooze_flag
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.bodies import Nothing
from readiness.api.codes import Code
from readiness.api.documents.readiness import flag
from readiness.api.errors import Problem
from readiness.api.flag_bodies import CauseBody, SnoozeBody
from readiness.api.openapi import operation, page_of
from readiness.api.pagination import Order
from readiness.api.queries import FlagFilters, FlagHistoryFilters
from readiness.standing.models import Flag
from readiness.standing.thresholds import current_thresholds

PEOPLE = ("acknowledged_by", "confirmed_by")


class FlagView(ApiView):
    """What the lists of flags share."""

    def open_flags(self, rows: QuerySet[Flag]) -> Response:
        return self.flags(rows.filter(resolved_at__isnull=True))

    def flags(self, rows: QuerySet[Flag]) -> Response:
        limits = current_thresholds()
        wanted = {name: self.filters[name] for name in ("code", "severity") if name in self.filters}
        return self.page(
            rows.filter(**wanted).select_related("initiative", *PEOPLE),
            Order("opened_at", descending=True),
            lambda page: [flag(one, one.initiative, limits) for one in page],
        )

    def told(self, row: Flag) -> Response:
        """A flag as it is after an act."""
        fresh = Flag.objects.select_related("initiative", *PEOPLE).get(pk=row.pk)
        return Response(flag(fresh, fresh.initiative, current_thresholds()))

    def flag(self, flag_id: int) -> Flag:
        """A flag on an initiative that the person may see: else 404."""
        row = (
            Flag.objects.filter(pk=flag_id, initiative__in=self._visible())
            .select_related("initiative")
            .first()
        )
        if row is None:
            raise Problem(Code.NOT_FOUND)
        self.found = row.initiative
        return row

    def _visible(self) -> QuerySet[Initiative]:
        visible: QuerySet[Initiative] = Initiative.objects.visible_to(self.person)
        return visible


class FlagList(FlagView):
    scopes = {"GET": Scope.READ}
    queries = {"GET": FlagFilters}

    @operation("List open flags", answers={200: page_of(shapes.Flag)}, query=FlagFilters)
    def get(self, request: Request) -> Response:
        """Of everything you may see, the latest first."""
        return self.open_flags(Flag.objects.filter(initiative__in=self._visible()))


class InitiativeFlags(FlagView):
    scopes = {"GET": Scope.READ}
    queries = {"GET": FlagHistoryFilters}

    @operation("List an initiative's flags", answers={200: page_of(shapes.Flag)}, query=FlagHistoryFilters)
    def get(self, request: Request, initiative_id: int) -> Response:
        """The latest first: the open ones, or with `state=all` the resolved ones too."""
        rows = Flag.objects.filter(initiative=self.initiative(initiative_id))
        return self.flags(rows) if self.filters.get("state") == "all" else self.open_flags(rows)


class Acknowledge(FlagView):
    scopes = {"POST": Scope.WRITE}

    @operation("Acknowledge a flag", answers={200: shapes.Flag}, body=Nothing)
    def post(self, request: Request, flag_id: int) -> Response:
        """Says that it was seen: reminders are quiet, no figure changes."""
        row, _ = self.flag(flag_id), self.body(Nothing)
        with self.unchanged(row.initiative):
            acknowledge_flag(row.pk, self.actor, self.at)
        return self.told(row)


class Snooze(FlagView):
    scopes = {"POST": Scope.WRITE}

    @operation("Snooze a flag", answers={200: shapes.Flag}, body=SnoozeBody)
    def post(self, request: Request, flag_id: int) -> Response:
        """Quiets its reminders through a day, with a reason; no figure changes."""
        row, wanted = self.flag(flag_id), self.body(SnoozeBody)
        with self.unchanged(row.initiative):
            snooze_flag(row.pk, wanted["until"], wanted["reason"], self.actor, self.at)
        return self.told(row)


class Cause(FlagView):
    scopes = {"POST": Scope.WRITE}

    @operation("Confirm or correct a flag's root cause", answers={200: shapes.Flag}, body=CauseBody)
    def post(self, request: Request, flag_id: int) -> Response:
        """The suspected one or any other of the list; it can be changed while the flag is open."""
        row, wanted = self.flag(flag_id), self.body(CauseBody)
        with self.unchanged(row.initiative):
            confirm_cause(row.pk, wanted["root_cause"], self.actor, self.at, wanted.get("note", ""))
        return self.told(row)
