"""The roadmap with its phases, and spending by month."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from gates.models import Initiative
from readiness.accounts.models import Organisation, Scope
from readiness.actions.roadmaps import begin_phase, set_roadmap, take_back_phase
from readiness.actions.spending import set_spending
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.documents import plans
from readiness.api.etags import initiative_etag, roadmap_etag, unchanged
from readiness.api.openapi import WITH_ETAG, operation
from readiness.api.plan_bodies import BeginBody, RoadmapBody, SpendingBody
from readiness.standing.roadmaps import roadmap_today
from readiness.standing.spending import money_of


class RoadmapView(ApiView):
    """What the views of a roadmap share: its document, and its version as the ETag."""

    def the_roadmap(self, row: Initiative) -> Response:
        document, etag = self.current(row)
        return Response(document, headers={"ETag": etag})

    def current(self, about: Any) -> tuple[Any, str]:
        """The roadmap as it stands, and its ETag; a stale write is told both."""
        row = self._found()
        found = roadmap_today(row, Organisation.get().day_of(self.at))
        return plans.roadmap(found), roadmap_etag(row.ref, found.version)

    def as_read(self, row: Initiative) -> Any:
        """Hold a write against ``If-Match``, which names the roadmap's ETag."""

        def standing(now: Initiative) -> tuple[Any, str]:
            return now, self.current(now)[1]

        return unchanged(self.request, row.pk, self.actor, standing)


class Roadmap(RoadmapView):
    scopes = {"GET": Scope.READ, "PUT": Scope.WRITE}

    @operation("Read the roadmap", answers={200: shapes.Roadmap}, headers=WITH_ETAG)
    def get(self, request: Request, initiative_id: int) -> Response:
        """What happens if it works: days, people, money, the phase it is in. All six phases are always there."""
        return self.the_roadmap(self.initiative(initiative_id))

    @operation("Write the roadmap", answers={200: shapes.Roadmap}, body=RoadmapBody, headers=WITH_ETAG)
    def put(self, request: Request, initiative_id: int) -> Response:
        """What is given changes; the rest stays. A phase may overlap the one before it, which is told in `warnings`;
        it may not start before it."""
        row, facts = self.initiative(initiative_id), self.body(RoadmapBody)
        with self.as_read(row):
            set_roadmap(row.pk, facts, self.actor, self.at)
        return self.the_roadmap(row)


class PhaseBegin(RoadmapView):
    scopes = {"POST": Scope.WRITE, "DELETE": Scope.WRITE}

    @operation("Begin a phase", answers={200: shapes.Roadmap}, body=BeginBody, headers=WITH_ETAG)
    def post(self, request: Request, initiative_id: int, kind: str) -> Response:
        """In order, and once. Decision and preparation begin in the pilot or the rollout, the rest in the rollout; the
        end of the old process also when it is live. `on` is today or a past day."""
        row, wanted = self.initiative(initiative_id), self.body(BeginBody)
        with self.as_read(row):
            begin_phase(row.pk, kind, wanted.get("on"), self.actor, self.at)
        return self.the_roadmap(row)

    @operation("Take back the beginning of a phase", answers={200: shapes.Roadmap}, headers=WITH_ETAG)
    def delete(self, request: Request, initiative_id: int, kind: str) -> Response:
        """Of the last one that began, where it was a mistake."""
        row = self.initiative(initiative_id)
        with self.as_read(row):
            take_back_phase(row.pk, kind, self.actor, self.at)
        return self.the_roadmap(row)


class Spending(ApiView):
    scopes = {"GET": Scope.READ, "PUT": Scope.WRITE}

    @operation("Read spending", answers={200: shapes.Spending}, headers=WITH_ETAG)
    def get(self, request: Request, initiative_id: int) -> Response:
        """By month and kind, with what burns a month and what is usually advised, as quoted."""
        self.initiative(initiative_id)
        return self.the_spending()

    @operation(
        "Enter a month's spending", answers={200: shapes.Spending}, body=SpendingBody, headers=WITH_ETAG
    )
    def put(self, request: Request, initiative_id: int) -> Response:
        """A month from 1990 to the current one. From the first entry on, `budget.spent` is the sum of all months. The
        ETag is the initiative's."""
        row, wanted = self.initiative(initiative_id), self.body(SpendingBody)
        with self.unchanged(row):
            set_spending(row.pk, wanted["month"], wanted["amounts"], self.actor, self.at)
        return self.the_spending()

    def the_spending(self) -> Response:
        document, etag = self.current(None)
        return Response(document, headers={"ETag": etag})

    def current(self, about: Any) -> tuple[Any, str]:
        """The spending as it stands, and the initiative's ETag."""
        row = Initiative.objects.get(pk=self._found().pk)
        return plans.spending(row, money_of(row, Organisation.get().day_of(self.at))), initiative_etag(row)
