"""Initiatives: the list, one, its stage, its hold, its frameworks."""

from typing import Any

from django.db.models import Exists, OuterRef
from rest_framework.request import Request
from rest_framework.response import Response

from gates.models import Initiative
from gates.querysets import InitiativeQuerySet
from readiness.accounts.models import Scope
from readiness.actions.errors import Invalid, NotFound
from readiness.actions.frameworks import attach_framework, detach_framework
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.initiatives import create_initiative, edit_initiative
from readiness.actions.stages import move_stage
from readiness.actions.stakeholders import set_stakeholders
from readiness.actions.versions import move_version, prospect
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.bodies import (
    FrameworkChoice,
    HoldBody,
    InitiativeFacts,
    NewInitiative,
    StageMove,
    StakeholdersBody,
    VersionChoice,
)
from readiness.api.documents import initiatives
from readiness.api.etags import initiative_etag
from readiness.api.narrowing import narrowed
from readiness.api.openapi import CREATED, WITH_ETAG, operation, page_of
from readiness.api.pagination import Order
from readiness.api.queries import ORDERINGS, InitiativeFilters
from readiness.standing.models import Flag

Filters = dict[str, Any]


class InitiativeList(ApiView):
    scopes = {"GET": Scope.READ, "POST": Scope.WRITE}
    queries = {"GET": InitiativeFilters}

    @operation("List initiatives", answers={200: page_of(shapes.Initiative)}, query=InitiativeFilters)
    def get(self, request: Request) -> Response:
        """Those you may see, as they were last computed (`readiness.computed_at` says when)."""
        rows = chosen(Initiative.objects.visible_to(self.person).with_place(), self.filters)
        word = self.filters.get("ordering", "name")
        order = Order(ORDERINGS[word.removeprefix("-")], word.startswith("-"))
        return self.page(rows, order, initiatives.initiatives)

    @operation("Create an initiative", answers={201: shapes.Initiative}, body=NewInitiative, headers=CREATED)
    def post(self, request: Request) -> Response:
        """The creator becomes technical lead unless the body names one, and is a member in any case."""
        row, outcome = create_initiative(self.body(NewInitiative), self.actor, self.at)
        response = self.the_initiative(row, outcome, status=201)
        response["Location"] = request.build_absolute_uri(f"/api/v1/initiatives/{row.ref}/")
        return response


class InitiativeDetail(ApiView):
    scopes = {"GET": Scope.READ, "PATCH": Scope.WRITE}

    @operation("Read an initiative", answers={200: shapes.Initiative}, headers=WITH_ETAG)
    def get(self, request: Request, initiative_id: int) -> Response:
        """With its readiness as it is now."""
        return self.the_initiative(self.initiative(initiative_id))

    @operation(
        "Change an initiative", answers={200: shapes.Initiative}, body=InitiativeFacts, headers=WITH_ETAG
    )
    def patch(self, request: Request, initiative_id: int) -> Response:
        """Facts and people that are given change; the rest stays as it is."""
        row, facts = self.initiative(initiative_id), self.body(InitiativeFacts)
        with self.unchanged(row):
            _, outcome = edit_initiative(row.pk, facts, self.actor, self.at)
        return self.the_initiative(row, outcome)


class Stage(ApiView):
    scopes = {"POST": Scope.WRITE}

    @operation("Move to another stage", answers={200: shapes.Initiative}, body=StageMove, headers=WITH_ETAG)
    def post(self, request: Request, initiative_id: int) -> Response:
        """One step forward is guarded (409 `stage_guarded` with every blocker), one step back needs a reason, and
        `stopped` a lesson. Where the parallel limit of the stage is reached (409 `parallel_limit`), it enters with
        `over_limit_reason`."""
        row, wanted = self.initiative(initiative_id), self.body(StageMove)
        with self.unchanged(row):
            outcome = move_stage(
                row.pk,
                wanted["to"],
                self.actor,
                self.at,
                wanted.get("reason", ""),
                wanted.get("lesson"),
                over_limit=wanted.get("over_limit_reason", ""),
            )
        return self.the_initiative(row, outcome)


class Hold(ApiView):
    scopes = {"POST": Scope.WRITE, "DELETE": Scope.WRITE}

    @operation("Put on hold", answers={200: shapes.Initiative}, body=HoldBody, headers=WITH_ETAG)
    def post(self, request: Request, initiative_id: int) -> Response:
        """From today on; `review_on` is the day on which to look at it again."""
        row, wanted = self.initiative(initiative_id), self.body(HoldBody)
        with self.unchanged(row):
            outcome = set_hold(row.pk, wanted["reason"], wanted["review_on"], self.actor, self.at)
        return self.the_initiative(row, outcome)

    @operation("Lift the hold", answers={200: shapes.Initiative}, headers=WITH_ETAG)
    def delete(self, request: Request, initiative_id: int) -> Response:
        """The day on which it is lifted counts again."""
        row = self.initiative(initiative_id)
        with self.unchanged(row):
            outcome = lift_hold(row.pk, self.actor, self.at)
        return self.the_initiative(row, outcome)


class Stakeholders(ApiView):
    scopes = {"GET": Scope.READ, "PUT": Scope.WRITE}

    @operation("Read the stakeholders", answers={200: shapes.Stakeholders}, headers=WITH_ETAG)
    def get(self, request: Request, initiative_id: int) -> Response:
        """Every function that has to be involved, and since when it is. The ETag is the initiative's."""
        return self.told(self.initiative(initiative_id))

    @operation(
        "Note stakeholders", answers={200: shapes.Stakeholders}, body=StakeholdersBody, headers=WITH_ETAG
    )
    def put(self, request: Request, initiative_id: int) -> Response:
        """Functions and fields that are absent stay as they are."""
        row, wanted = self.initiative(initiative_id), self.body(StakeholdersBody)
        with self.unchanged(row):
            set_stakeholders(row.pk, wanted["stakeholders"], self.actor, self.at)
        return self.told(Initiative.objects.get(pk=row.pk))

    def told(self, row: Initiative) -> Response:
        return Response(initiatives.stakeholders(row), headers={"ETag": initiative_etag(row)})


class Frameworks(ApiView):
    scopes = {"POST": Scope.WRITE}

    @operation(
        "Attach a framework", answers={201: shapes.Initiative}, body=FrameworkChoice, headers=WITH_ETAG
    )
    def post(self, request: Request, initiative_id: int) -> Response:
        """Its newest version. One whose codes collide with those of another cannot be attached beside it."""
        row, wanted = self.initiative(initiative_id), self.body(FrameworkChoice)
        with self.unchanged(row):
            outcome = attach_framework(row.pk, wanted["framework"], self.actor, self.at)
        return self.the_initiative(row, outcome, status=201)


class FrameworkDetach(ApiView):
    scopes = {"DELETE": Scope.WRITE}

    @operation("Take a framework away", answers={200: shapes.Initiative}, headers=WITH_ETAG)
    def delete(self, request: Request, initiative_id: int, slug: str) -> Response:
        """One that was attached and in which nothing was done (409 `in_use`). What the initiative began with stays (409
        `begun_with`)."""
        row = self.initiative(initiative_id)
        with self.unchanged(row):
            outcome = detach_framework(row.pk, slug, self.actor, self.at)
        return self.the_initiative(row, outcome)


class FrameworkMove(ApiView):
    scopes = {"GET": Scope.READ, "POST": Scope.WRITE}

    @operation("See what a newer version changes", answers={200: shapes.VersionMove})
    def get(self, request: Request, initiative_id: int, slug: str) -> Response:
        """What a move to the newest version of the framework would do; 404 where none is later."""
        try:
            found = prospect(self.initiative(initiative_id), slug)
        except Invalid as refused:
            raise NotFound(refused.errors[0].message) from None
        return Response(initiatives.version_move(found))

    @operation(
        "Move to another version", answers={200: shapes.Initiative}, body=VersionChoice, headers=WITH_ETAG
    )
    def post(self, request: Request, initiative_id: int, slug: str) -> Response:
        """To a later version of a framework that it has. A pass whose gate asks for something else then lapses (409
        `review_waits` while one of its gates waits for a decision)."""
        row, wanted = self.initiative(initiative_id), self.body(VersionChoice)
        with self.unchanged(row):
            outcome = move_version(row.pk, slug, self.actor, self.at, wanted.get("version", ""))
        return self.the_initiative(row, outcome)


def chosen(rows: InitiativeQuerySet, filters: Filters) -> InitiativeQuerySet:
    """The rows that pass every filter given."""
    rows = narrowed(rows, filters)
    plain = {
        "stage": "stage",
        "verdict": "standing__verdict",
        "stalled": "standing__stalled",
        "min_score": "standing__score__gte",
        "max_score": "standing__score__lte",
        "updated_since": "updated_at__gte",
    }
    rows = rows.filter(**{lookup: filters[name] for name, lookup in plain.items() if name in filters})
    if "flag" in filters:
        is_open = Flag.objects.filter(
            initiative=OuterRef("pk"), code=filters["flag"], resolved_at__isnull=True
        )
        rows = rows.filter(Exists(is_open))
    if "search" in filters:
        rows = rows.matching(filters["search"])
    return rows
