"""Exit criteria: agreed, amended, removed, and decided when they are reached."""

from contextlib import AbstractContextManager
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from gates.models import ExitCriterion, Initiative
from readiness.accounts.models import Scope
from readiness.actions.exits import add_criterion, decide_exit, edit_criterion, remove_criterion
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.codes import Code
from readiness.api.documents.exits import criteria
from readiness.api.documents.readiness import readiness
from readiness.api.errors import Problem
from readiness.api.etags import criterion_etag, unchanged
from readiness.api.exit_bodies import CriterionFacts, ExitDecisionBody, NewCriterion
from readiness.api.openapi import CREATED, WITH_ETAG, operation, page_of
from readiness.api.pagination import Order
from readiness.api.queries import PageQuery
from readiness.standing.outcome import Outcome
from readiness.standing.recompute import fresh_outcome, judge_to_show


class ExitView(ApiView):
    """What the views of exit criteria share."""

    def criterion(self, row: Initiative, criterion_id: int) -> ExitCriterion:
        """A criterion of this initiative that is not removed: else 404."""
        rows = ExitCriterion.objects.filter(initiative=row, pk=criterion_id, removed_at__isnull=True)
        found = rows.select_related("initiative").first()
        if found is None:
            raise Problem(Code.NOT_FOUND)
        return found

    def documents(self, row: Initiative) -> dict[int, shapes.ExitCriterion]:
        """All of them as they are judged now, by key."""
        return {one["id"]: one for one in criteria(row.ref, judge_to_show(row.pk, self.at).exits)}

    def criterion_unchanged(self, row: Initiative, criterion_id: int) -> AbstractContextManager[None]:
        """Hold a write against ``If-Match``, which names the criterion's ETag."""

        def standing(now: Initiative) -> tuple[ExitCriterion, str]:
            found = self.criterion(now, criterion_id)
            return found, criterion_etag(found)

        return unchanged(self.request, row.pk, self.actor, standing)

    def current(self, about: Any) -> tuple[Any, str]:
        if isinstance(about, ExitCriterion):
            return self.documents(about.initiative)[about.pk], criterion_etag(about)
        return super().current(about)

    def written(self, row: Initiative, criterion_id: int, outcome: Outcome, status: int = 200) -> Response:
        document: shapes.ExitCriterionWritten = {
            **self.documents(row)[criterion_id],
            "readiness": readiness(row.ref, outcome),
        }
        return Response(document, status=status, headers={"ETag": document["etag"]})


class ExitCriteria(ExitView):
    scopes = {"GET": Scope.READ, "POST": Scope.WRITE}
    queries = {"GET": PageQuery}

    @operation("List exit criteria", answers={200: page_of(shapes.ExitCriterion)}, query=PageQuery)
    def get(self, request: Request, initiative_id: int) -> Response:
        """In the order in which they were agreed, each with its words, where it stands and what was decided."""
        row = self.initiative(initiative_id)
        fresh_outcome(row.pk, self.at)
        found = self.documents(row)
        rows = ExitCriterion.objects.filter(pk__in=found)
        return self.page(rows, Order("pk"), lambda page: [found[one.pk] for one in page])

    @operation(
        "Agree on an exit criterion",
        answers={201: shapes.ExitCriterionWritten},
        body=NewCriterion,
        headers=CREATED,
    )
    def post(self, request: Request, initiative_id: int) -> Response:
        """By the team. One that is agreed after the promises were locked is locked at once, and needs a `reason`."""
        row, wanted = self.initiative(initiative_id), self.body(NewCriterion)
        reason = wanted.pop("reason", "")
        with self.unchanged(row):
            made, outcome = add_criterion(row.pk, wanted, self.actor, self.at, reason)
        response = self.written(row, made.pk, outcome, status=201)
        below = f"/api/v1/initiatives/{row.ref}/exit-criteria/{made.pk}/"
        response["Location"] = request.build_absolute_uri(below)
        return response


class ExitCriterionDetail(ExitView):
    scopes = {"GET": Scope.READ, "PATCH": Scope.WRITE, "DELETE": Scope.WRITE}

    @operation("Read an exit criterion", answers={200: shapes.ExitCriterion}, headers=WITH_ETAG)
    def get(self, request: Request, initiative_id: int, criterion_id: int) -> Response:
        """With the trigger that waits for a decision, those of the past, its amendments and its ETag."""
        row = self.initiative(initiative_id)
        self.criterion(row, criterion_id)
        fresh_outcome(row.pk, self.at)
        document = self.documents(row)[criterion_id]
        return Response(document, headers={"ETag": document["etag"]})

    @operation(
        "Change an exit criterion",
        answers={200: shapes.ExitCriterionWritten},
        body=CriterionFacts,
        headers=WITH_ETAG,
    )
    def patch(self, request: Request, initiative_id: int, criterion_id: int) -> Response:
        """Fields that are absent stay as they are. Once it is locked, a change is an amendment and needs a `reason`.
        While it waits for a decision nothing is changed: 409 `exit_undecided`."""
        row, wanted = self.initiative(initiative_id), self.body(CriterionFacts)
        self.criterion(row, criterion_id)
        reason = wanted.pop("reason", "")
        with self.criterion_unchanged(row, criterion_id):
            _, outcome = edit_criterion(row.pk, criterion_id, wanted, self.actor, self.at, reason)
        return self.written(row, criterion_id, outcome)

    @operation("Remove an exit criterion", answers={200: shapes.Removed})
    def delete(self, request: Request, initiative_id: int, criterion_id: int) -> Response:
        """Only while it is not locked (409 `promise_locked`) and does not wait for a decision (409
        `exit_undecided`)."""
        row = self.initiative(initiative_id)
        self.criterion(row, criterion_id)
        with self.criterion_unchanged(row, criterion_id):
            outcome = remove_criterion(row.pk, criterion_id, self.actor, self.at)
        document: shapes.Removed = {"readiness": readiness(row.ref, outcome)}
        return Response(document)


class DecideExit(ExitView):
    scopes = {"POST": Scope.REVIEW}

    @operation("Decide an exit criterion", answers={201: shapes.ExitCriterionWritten}, body=ExitDecisionBody)
    def post(self, request: Request, initiative_id: int, criterion_id: int) -> Response:
        """One that was reached. `stop`, `hold` and `rework` are for the named person and for executives; to go on all
        the same is for an executive who is not on the team, and for the named one alone where an executive was
        named."""
        row, wanted = self.initiative(initiative_id), self.body(ExitDecisionBody)
        self.criterion(row, criterion_id)
        with self.criterion_unchanged(row, criterion_id):
            _, outcome = decide_exit(
                row.pk,
                criterion_id,
                wanted["decision"],
                self.actor,
                self.at,
                reason=wanted.get("reason", ""),
                review_on=wanted.get("review_on"),
                expires_on=wanted.get("expires_on"),
                lesson=wanted.get("lesson"),
            )
        return self.written(row, criterion_id, outcome, status=201)
