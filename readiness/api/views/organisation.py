"""What concerns no single initiative: people and parallel limits."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from readiness.accounts.models import Scope, User
from readiness.accounts.policy import Act, allows
from readiness.actions.errors import NotAllowed
from readiness.actions.limits import Wanted, replace_limits
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.documents.frameworks import user
from readiness.api.documents.portfolio import parallel_limits
from readiness.api.etags import conditional, content_etag, content_unchanged
from readiness.api.limit_bodies import LimitsBody
from readiness.api.openapi import CACHED, IF_MATCH, WITH_ETAG, operation, page_of
from readiness.api.pagination import Order
from readiness.api.queries import SearchQuery


class Users(ApiView):
    scopes = {"GET": Scope.READ}
    queries = {"GET": SearchQuery}

    @operation("Search people", answers={200: page_of(shapes.User)}, query=SearchQuery)
    def get(self, request: Request) -> Response:
        """Active people, by name: their usernames are how the API names them."""
        people = User.objects.active()
        if "search" in self.filters:
            people = people.matching(self.filters["search"])
        return self.page(people, Order("name_key"), lambda page: [*map(user, page)])


class Limits(ApiView):
    scopes = {"GET": Scope.ADMIN, "PUT": Scope.ADMIN}

    @operation("Read the parallel limits", answers={200: shapes.Limits, 304: None}, headers=CACHED)
    def get(self, request: Request) -> Response:
        """How many initiatives of a unit may be in a stage at once; for admins."""
        if not allows(self.person, Act.ADMINISTER):
            raise NotAllowed("not_allowed", f"You may not administer {Act.ADMINISTER.value}.")
        return conditional(request, parallel_limits())

    @operation(
        "Set the parallel limits",
        answers={200: shapes.Limits},
        body=LimitsBody,
        headers=(IF_MATCH, *WITH_ETAG),
    )
    def put(self, request: Request) -> Response:
        """These and no others, all or none. A limit is asked for when a stage is entered; what is there stays."""
        asked = self.body(LimitsBody)["limits"]
        wanted = [Wanted(one["stage"], one.get("business_unit", ""), one["most"]) for one in asked]
        with content_unchanged(request, self.actor, parallel_limits):
            replace_limits(wanted, self.actor, self.at)
        told = parallel_limits()
        return Response(told, headers={"ETag": content_etag(told)})

    def current(self, about: Any) -> tuple[Any, str]:
        """The limits as they stand, and their ETag."""
        return about, content_etag(about)
