"""Working on an initiative together: comments, and items that somebody is asked to see to."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from gates.models import Assignment, Comment, Initiative
from readiness.accounts.models import Organisation, Scope
from readiness.actions.assignments import AssignmentChange, assign, change_assignment, unassign
from readiness.actions.comments import add_comment
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.codes import Code
from readiness.api.documents import together
from readiness.api.errors import Problem
from readiness.api.etags import assignment_etag, unchanged
from readiness.api.narrowing import spelt
from readiness.api.openapi import CREATED, WITH_ETAG, operation, page_of
from readiness.api.pagination import Order
from readiness.api.together_bodies import (
    AssignmentBody,
    AssignmentEnd,
    AssignmentFilters,
    CommentBody,
    CommentFilters,
    NewAssignment,
)


class Comments(ApiView):
    scopes = {"GET": Scope.READ, "POST": Scope.WRITE}
    queries = {"GET": CommentFilters}

    @operation("List comments", answers={200: page_of(shapes.Comment)}, query=CommentFilters)
    def get(self, request: Request, initiative_id: int) -> Response:
        """The oldest first: on the initiative, its gates and its items."""
        rows = Comment.objects.filter(initiative=self.initiative(initiative_id)).with_people()
        for name in ("gate", "item"):
            if name in self.filters:
                rows = rows.filter(**{name: self.filters[name]})
        return self.page(rows, Order("pk"), lambda page: [*map(together.comment, page)])

    @operation("Comment", answers={201: shapes.Comment}, body=CommentBody)
    def post(self, request: Request, initiative_id: int) -> Response:
        """Also on one that has ended. A comment is never edited. Whom it mentions must be able to see the
        initiative."""
        row, wanted = self.initiative(initiative_id), self.body(CommentBody)
        with self.unchanged(row):
            made = add_comment(
                row.pk,
                wanted["body"],
                self.actor,
                self.at,
                gate=wanted.get("gate"),
                item=wanted.get("item"),
            )
        return Response(together.comment(Comment.objects.with_people().get(pk=made.pk)), status=201)


class AssignmentView(ApiView):
    """What the views of assignments share."""

    def assignment(self, row: Initiative, assignment_id: int) -> Assignment:
        """One of this initiative's: else 404."""
        rows = Assignment.objects.of(row.pk).with_adrift().with_subject()
        found = rows.filter(pk=assignment_id).first()
        if found is None:
            raise Problem(Code.NOT_FOUND)
        return found

    def documents(self, rows: Sequence[Assignment]) -> list[shapes.Assignment]:
        today = Organisation.get().day_of(self.at)
        return [together.assignment(row, today) for row in rows]

    def told(self, row: Initiative, assignment_id: int, status: int = 200) -> Response:
        """An assignment as it is now, with its ETag."""
        [document] = self.documents([self.assignment(row, assignment_id)])
        return Response(document, status=status, headers={"ETag": document["etag"]})

    def assignment_unchanged(self, row: Initiative, assignment_id: int) -> AbstractContextManager[None]:
        """Hold a write against ``If-Match``, which names the assignment's ETag."""

        def standing(now: Initiative) -> tuple[Assignment, str]:
            found = self.assignment(now, assignment_id)
            return found, assignment_etag(found)

        return unchanged(self.request, row.pk, self.actor, standing)

    def current(self, about: Any) -> tuple[Any, str]:
        if isinstance(about, Assignment):
            return self.documents([about])[0], assignment_etag(about)
        return super().current(about)


class Assignments(AssignmentView):
    scopes = {"GET": Scope.READ, "POST": Scope.WRITE}
    queries = {"GET": AssignmentFilters}

    @operation("List assignments", answers={200: page_of(shapes.Assignment)}, query=AssignmentFilters)
    def get(self, request: Request, initiative_id: int) -> Response:
        """In the order in which they were made; those that are open if nothing else is asked for."""
        rows = Assignment.objects.of(self.initiative(initiative_id).pk).with_adrift().with_subject()
        state = self.filters.get("state", "open")
        if state != "all":
            rows = rows.filter(ended_at__isnull=state == "open")
        if "item" in self.filters:
            rows = rows.filter(item__code=self.filters["item"])
        if "person" in self.filters:
            rows = rows.filter(person__username=spelt(self.filters["person"]))
        return self.page(rows, Order("pk"), self.documents)

    @operation("Assign an item", answers={201: shapes.Assignment}, body=NewAssignment, headers=CREATED)
    def post(self, request: Request, initiative_id: int) -> Response:
        """By the team, to somebody of the team who may answer. An item has one open assignment: 409
        `already_assigned`."""
        row, wanted = self.initiative(initiative_id), self.body(NewAssignment)
        with self.unchanged(row):
            made = assign(
                row.pk,
                wanted["item"],
                wanted["person"],
                wanted["due"],
                self.actor,
                self.at,
                note=wanted.get("note", ""),
            )
        response = self.told(row, made.pk, status=201)
        below = f"/api/v1/initiatives/{row.ref}/assignments/{made.pk}/"
        response["Location"] = request.build_absolute_uri(below)
        return response


class AssignmentDetail(AssignmentView):
    scopes = {"GET": Scope.READ, "PATCH": Scope.WRITE}

    @operation("Read an assignment", answers={200: shapes.Assignment}, headers=WITH_ETAG)
    def get(self, request: Request, initiative_id: int, assignment_id: int) -> Response:
        """Open or ended."""
        return self.told(self.initiative(initiative_id), assignment_id)

    @operation(
        "Change an assignment", answers={200: shapes.Assignment}, body=AssignmentBody, headers=WITH_ETAG
    )
    def patch(self, request: Request, initiative_id: int, assignment_id: int) -> Response:
        """Another person, another day, another note. An ended one stays as it is: 409 `assignment_ended`."""
        row, wanted = self.initiative(initiative_id), self.body(AssignmentBody)
        self.assignment(row, assignment_id)
        with self.assignment_unchanged(row, assignment_id):
            change_assignment(row.pk, assignment_id, AssignmentChange(**wanted), self.actor, self.at)
        return self.told(row, assignment_id)


class AssignmentEnds(AssignmentView):
    scopes = {"POST": Scope.WRITE}

    @operation("End an assignment", answers={200: shapes.Assignment}, body=AssignmentEnd, headers=WITH_ETAG)
    def post(self, request: Request, initiative_id: int, assignment_id: int) -> Response:
        """Because it is done, or taken back. It ends by itself when its item becomes met or the initiative ends."""
        row, wanted = self.initiative(initiative_id), self.body(AssignmentEnd)
        self.assignment(row, assignment_id)
        with self.assignment_unchanged(row, assignment_id):
            unassign(row.pk, assignment_id, self.actor, self.at, done=wanted["outcome"] == "done")
        return self.told(row, assignment_id)
