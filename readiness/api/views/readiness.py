"""Readiness of one initiative, its history, and the deploy check."""

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from gates.stages import Stage
from readiness.accounts.models import Scope
from readiness.actions.acting import locked
from readiness.api import shapes
from readiness.api.badge import SvgRenderer, badge
from readiness.api.base import ApiView
from readiness.api.codes import Code
from readiness.api.documents.readiness import blockers, history_point, readiness
from readiness.api.errors import Problem
from readiness.api.etags import conditional
from readiness.api.openapi import CACHED, operation, page_of
from readiness.api.pagination import Order
from readiness.api.queries import DeployQuery, HistoryFilters
from readiness.standing.models import HistoryPoint
from readiness.standing.recompute import fresh_outcome, judge_now
from readiness.standing.verdict import deploy_allowed, deploy_blockers


class ReadinessDetail(ApiView):
    scopes = {"GET": Scope.READ}

    @operation("Read readiness", answers={200: shapes.Readiness, 304: None}, headers=CACHED)
    def get(self, request: Request, initiative_id: int) -> Response:
        """Never older than the last write that was answered, nor than today."""
        row = self.initiative(initiative_id)
        return conditional(request, readiness(row.ref, fresh_outcome(row.pk, self.at)))


class History(ApiView):
    scopes = {"GET": Scope.READ}
    queries = {"GET": HistoryFilters}

    @operation("Read the history", answers={200: page_of(shapes.HistoryPoint)}, query=HistoryFilters)
    def get(self, request: Request, initiative_id: int) -> Response:
        """One point for each day on which something changed, the oldest first. That of today still moves: ask again
        with `since=` the last day seen."""
        rows = HistoryPoint.objects.filter(initiative=self.initiative(initiative_id))
        if "since" in self.filters:
            rows = rows.filter(on__gte=self.filters["since"])
        return self.page(rows, Order("on"), lambda page: [*map(history_point, page)])


class Badge(ApiView):
    scopes = {"GET": Scope.READ}
    renderer_classes = (SvgRenderer,)

    @operation("Show a badge", answers={(200, "image/svg+xml"): str, 304: None}, headers=CACHED)
    def get(self, request: Request, initiative_id: int) -> Response:
        """Verdict and score as a picture (SVG), for a page that shows where an initiative stands."""
        row = self.initiative(initiative_id)
        return conditional(request, badge(fresh_outcome(row.pk, self.at).standing))


class DeployCheck(ApiView):
    scopes = {"GET": Scope.READ}
    queries = {"GET": DeployQuery}
    refuses = (409,)

    @operation("May it be deployed?", answers={200: shapes.DeployCheck}, query=DeployQuery)
    def get(self, request: Request, initiative_id: int) -> Response:
        """For a delivery pipeline to ask before it deploys. Allowed with the verdict ready or conditional, from the
        pilot on, and not on hold. Computed afresh on every call."""
        row = self.initiative(initiative_id)
        with transaction.atomic():
            fresh = locked(row.pk, self.actor)
            found = judge_now(row.pk, self.at).readiness
        stage = Stage(fresh.stage)
        allowed = deploy_allowed(found.verdict, stage, on_hold=fresh.hold_id is not None)
        why = blockers(row.ref, deploy_blockers(found, stage))
        if not allowed and self.filters.get("fail"):
            raise Problem(Code.NOT_DEPLOYABLE, allowed=False, verdict=found.verdict.value, blockers=why)
        document: shapes.DeployCheck = {
            "allowed": allowed,
            "verdict": found.verdict.value,
            "blockers": why,
        }
        return Response(document)
