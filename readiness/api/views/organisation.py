"""What concerns no single initiative: people, parallel limits, the audit trail."""

from typing import Any

from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from gates.models import Initiative
from readiness.accounts.models import Scope, User
from readiness.accounts.policy import Act, allows
from readiness.actions.errors import NotAllowed
from readiness.actions.limits import Wanted, replace_limits
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.converters import key_of
from readiness.api.documents.frameworks import event, user
from readiness.api.documents.portfolio import parallel_limits
from readiness.api.errors import malformed
from readiness.api.etags import conditional, content_etag, content_unchanged
from readiness.api.limit_bodies import LimitsBody
from readiness.api.openapi import CACHED, IF_MATCH, WITH_ETAG, operation, page_of
from readiness.api.pagination import Order
from readiness.api.queries import AuditFilters, SearchQuery
from readiness.audit.models import Event


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


class Audit(ApiView):
    scopes = {"GET": Scope.READ}
    queries = {"GET": AuditFilters}

    @operation("Read the audit trail", answers={200: page_of(shapes.Event)}, query=AuditFilters)
    def get(self, request: Request) -> Response:
        """What happened in the whole organisation, the latest first; for auditors and admins."""
        if not allows(self.person, Act.SEE_AUDIT):
            raise NotAllowed("not_allowed", f"You may not {Act.SEE_AUDIT.value}.")
        return self.page(
            Event.objects.filter(self._wanted()).select_related("actor"),
            Order("pk", descending=True),
            lambda page: [*map(event, page)],
        )

    def _wanted(self) -> Q:
        wanted = Q()
        if "initiative" in self.filters:
            key = key_of(self.filters["initiative"])
            if key is None:
                raise malformed("initiative", "wrong_type", "A reference such as AI-0042.")
            visible = Initiative.objects.visible_to(self.person).filter(pk=key)
            wanted &= Q(initiative__in=visible)
        if "verb" in self.filters:
            wanted &= Q(verb=self.filters["verb"])
        if "actor" in self.filters:
            wanted &= Q(actor__username=self.filters["actor"])
        return wanted
