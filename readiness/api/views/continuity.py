"""People and what they leave behind: handovers, what worked."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from gates import models
from readiness.accounts.models import Scope
from readiness.actions.handing_over import hand_over_everything
from readiness.actions.handovers import (
    PointChange,
    close_handover,
    find_handover,
    start_handover,
    write_handover,
)
from readiness.actions.teaching import leave_what_worked
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.bodies import Nothing
from readiness.api.continuity_bodies import (
    HandOverBody,
    HandoverBody,
    HandoverStart,
    WhatWorkedBody,
)
from readiness.api.documents import continuity
from readiness.api.openapi import operation, page_of
from readiness.api.pagination import Order
from readiness.api.queries import PageQuery


class HandoverView(ApiView):
    """What the views of handovers share."""

    def told(self, handover_id: int, status: int = 200) -> Response:
        """A handover as it is now."""
        rows = models.Handover.objects.select_related(*continuity.HANDOVER_PEOPLE)
        row = rows.prefetch_related("points__done_by").get(pk=handover_id)
        return Response(continuity.handover(row), status=status)


class Handovers(HandoverView):
    scopes = {"GET": Scope.READ, "POST": Scope.WRITE}
    queries = {"GET": PageQuery}

    @operation("List handovers", answers={200: page_of(shapes.Handover)}, query=PageQuery)
    def get(self, request: Request, initiative_id: int) -> Response:
        """The newest first, also those that are closed."""
        rows = models.Handover.objects.filter(initiative=self.initiative(initiative_id))
        rows = rows.select_related(*continuity.HANDOVER_PEOPLE).prefetch_related("points__done_by")
        return self.page(rows, Order("pk", descending=True), lambda page: [*map(continuity.handover, page)])

    @operation("Start a handover", answers={201: shapes.Handover}, body=HandoverStart)
    def post(self, request: Request, initiative_id: int) -> Response:
        """For somebody of the team who is going to leave. When a person is deactivated one opens by itself."""
        row, wanted = self.initiative(initiative_id), self.body(HandoverStart)
        with self.unchanged(row):
            made, _ = start_handover(row.pk, wanted["leaver"], self.actor, self.at)
        return self.told(made.pk, status=201)


class HandoverDetail(HandoverView):
    scopes = {"PATCH": Scope.WRITE}

    @operation("Write a handover", answers={200: shapes.Handover}, body=HandoverBody)
    def patch(self, request: Request, initiative_id: int, handover_id: int) -> Response:
        """Points and the successor that are given change; the rest stays as it is."""
        row, wanted = self.initiative(initiative_id), self.body(HandoverBody)
        find_handover(row.pk, handover_id)
        with self.unchanged(row):
            write_handover(
                row.pk,
                handover_id,
                self.actor,
                self.at,
                points={topic: PointChange(**point) for topic, point in wanted.get("points", {}).items()},
                successor=_named(wanted),
            )
        return self.told(handover_id)


class HandoverClose(HandoverView):
    scopes = {"POST": Scope.WRITE}

    @operation("Close a handover", answers={200: shapes.Handover}, body=Nothing)
    def post(self, request: Request, initiative_id: int, handover_id: int) -> Response:
        """Finished or not: what was not handed on stays said in the history."""
        row, _ = self.initiative(initiative_id), self.body(Nothing)
        find_handover(row.pk, handover_id)
        with self.unchanged(row):
            close_handover(row.pk, handover_id, self.actor, self.at)
        return self.told(handover_id)


class HandOver(ApiView):
    scopes = {"POST": Scope.WRITE}

    @operation("Hand everything over", answers={200: shapes.HandedOver}, body=HandOverBody)
    def post(self, request: Request, username: str) -> Response:
        """Every place this person holds on running initiatives goes to another, where you may change people, with the
        open conditions, KPIs and exit criteria in their name; their open handovers are closed. All of it or nothing:
        what has to stay is said in `remarks`."""
        wanted = self.body(HandOverBody)
        done = hand_over_everything(username, wanted["to"], self.actor, self.at)
        return Response(continuity.handed_over(done))


class WhatWorked(ApiView):
    scopes = {"GET": Scope.READ, "PUT": Scope.WRITE}

    @operation("Read what worked", answers={200: shapes.WhatWorked})
    def get(self, request: Request, initiative_id: int) -> Response:
        """Empty while nothing was left."""
        rows = models.WhatWorked.objects.filter(initiative=self.initiative(initiative_id))
        return Response(continuity.what_worked(rows.select_related("by").first()))

    @operation("Leave what worked", answers={200: shapes.WhatWorked}, body=WhatWorkedBody)
    def put(self, request: Request, initiative_id: int) -> Response:
        """Of a live or retired initiative, by its team. Said again, it replaces what stood; the history keeps both."""
        row, wanted = self.initiative(initiative_id), self.body(WhatWorkedBody)
        with self.unchanged(row):
            made = leave_what_worked(row.pk, wanted, self.actor, self.at)
        return Response(continuity.what_worked(made))


def _named(wanted: dict[str, Any]) -> str | None:
    """The successor as an act takes it: None where nothing was said, "" where nobody is to follow."""
    return wanted["successor"] or "" if "successor" in wanted else None
