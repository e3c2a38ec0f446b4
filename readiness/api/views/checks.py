"""Automated checks: reporting a result, what was received, and which check measures an item."""

from rest_framework.request import Request
from rest_framework.response import Response

from checklists.models import CheckResult
from readiness.accounts.models import Scope
from readiness.actions.checks import Report, bind_check, report_check
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.check_bodies import CheckBinding, CheckFilters, CheckReport, CheckUnbinding
from readiness.api.documents.checklist import items_by_code
from readiness.api.documents.checks import check_result
from readiness.api.openapi import WITH_ETAG, operation, page_of
from readiness.api.pagination import Order
from readiness.api.views.checklist import ItemView
from readiness.standing.recompute import judge_to_show


class Checks(ApiView):
    scopes = {"GET": Scope.READ, "POST": Scope.CHECKS}
    queries = {"GET": CheckFilters}

    @operation("List check results", answers={200: page_of(shapes.CheckResult)}, query=CheckFilters)
    def get(self, request: Request, initiative_id: int) -> Response:
        """What automated checks reported of the initiative's items, the newest first."""
        rows = CheckResult.objects.filter(assessment__passage__initiative=self.initiative(initiative_id))
        if "item" in self.filters:
            rows = rows.filter(item__code=self.filters["item"])
        if "check" in self.filters:
            rows = rows.filter(name=self.filters["check"])
        rows = rows.select_related("item", "by")
        return self.page(rows, Order("pk", descending=True), lambda page: [*map(check_result, page)])

    @operation(
        "Report a check result",
        answers={200: shapes.CheckTaken, 201: shapes.CheckTaken},
        body=CheckReport,
    )
    def post(self, request: Request, initiative_id: int) -> Response:
        """It becomes evidence and, where the item is bound to the check, sets its measured answer: `pass` Met, `warn`
        Partial, `fail` Not met. What people declared stays. A result older than the newest seen, or the same one again,
        changes nothing: the answer is 200 with what stands."""
        row, wanted = self.initiative(initiative_id), self.body(CheckReport)
        with self.unchanged(row):
            taken = report_check(row.pk, Report(**wanted), self.actor, self.at)
        found = CheckResult.objects.select_related("item", "by").get(pk=taken.result.pk)
        item = items_by_code(row.ref, judge_to_show(row.pk, self.at), [found.item.code])[found.item.code]
        document: shapes.CheckTaken = {
            **check_result(found),
            "taken": taken.new,
            "bound": item["check"] is not None and item["check"]["name"] == found.name,
            "measured": item["measured"],
            "effective": item["effective"],
            "why": item["why"],
        }
        return Response(document, status=201 if taken.new else 200)


class ItemCheck(ItemView):
    scopes = {"PUT": Scope.WRITE, "DELETE": Scope.WRITE}

    @operation(
        "Bind an item to a check", answers={200: shapes.ItemWritten}, body=CheckBinding, headers=WITH_ETAG
    )
    def put(self, request: Request, initiative_id: int, code: str) -> Response:
        """The check measures the item from now on, beginning with what it last reported of it."""
        wanted = self.body(CheckBinding)
        return self._bind(initiative_id, code, wanted["check"], wanted.get("reason", ""))

    @operation(
        "Unbind an item from its check",
        answers={200: shapes.ItemWritten},
        body=CheckUnbinding,
        headers=WITH_ETAG,
    )
    def delete(self, request: Request, initiative_id: int, code: str) -> Response:
        """No check measures the item any more. What was reported stays as evidence; a lapse stays a lapse."""
        return self._bind(initiative_id, code, "", self.body(CheckUnbinding).get("reason", ""))

    def _bind(self, initiative_id: int, code: str, check: str, reason: str) -> Response:
        row = self.place(initiative_id, code)
        with self.item_unchanged(row, code):
            outcome = bind_check(row.pk, code, check, reason, self.actor, self.at)
        return self.written(row, code, outcome)
