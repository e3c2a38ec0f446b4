"""What every view of the API has: one clock reading, a checked query and body, what the person may see, pages."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.cache import patch_vary_headers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from gates.criteria import Blocker
from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import Scope, Token, User
from readiness.actions.errors import FieldError, Invalid
from readiness.api.again import once
from readiness.api.codes import Code
from readiness.api.documents import initiatives
from readiness.api.documents.checklist import items_by_code
from readiness.api.documents.readiness import blockers
from readiness.api.errors import Malformed, Problem, field_errors, malformed
from readiness.api.etags import initiative_etag, unchanged
from readiness.api.fields import RULE_CODES, Shape
from readiness.api.openapi import ApiSchema
from readiness.api.pagination import KeysetPagination, Order
from readiness.api.queries import Query
from readiness.api.texts import text_errors
from readiness.api.throttling import PerCaller
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome
from readiness.standing.recompute import fresh_outcome, judge_to_show


class ApiView(APIView):
    """The base of every view. ``scopes`` and ``queries`` say per method which scope a token needs and which query
    is known; a method without a scope does not exist."""

    scopes: ClassVar[dict[str, Scope]] = {}
    queries: ClassVar[dict[str, type[Query]]] = {}
    throttle_classes: Sequence[type[BaseThrottle]] = (PerCaller,)
    schema = ApiSchema()
    order = Order("pk")
    told_once: ClassVar[frozenset[str]] = frozenset()
    """Fields of an answer that are kept nowhere: whoever asks the same again is told null."""
    in_parts = False
    """Whether a write of this view is several transactions, none of which does anything twice."""
    request: Request

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Every POST may carry a key, whoever writes the view."""
        super().__init_subclass__(**kwargs)
        if "post" in vars(cls):
            cls.post = once(cls.post)  # type: ignore[attr-defined]  # just looked for

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.at = clock.now()
        self.found: Initiative | None = None
        super().initial(request, *args, **kwargs)
        self.filters = self._query()

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """Which methods there are: the header ``Allow`` says it."""
        return Response(status=204)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Nothing is kept by anybody on the way unless a view says otherwise."""
        final = super().finalize_response(request, response, *args, **kwargs)
        if not final.has_header("Cache-Control"):
            final["Cache-Control"] = "no-store"
        patch_vary_headers(final, ["Authorization", "Cookie"])
        return final

    # --- Who and what ---------------------------------------------------------------------------------------

    @property
    def person(self) -> User:
        user = self.request.user
        if not isinstance(user, User):
            raise Problem(Code.NOT_AUTHENTICATED)
        return user

    @property
    def actor(self) -> Actor:
        """The person, by the token they came with if it was one."""
        token = self.request.auth
        return Actor.person(self.person, token.name if isinstance(token, Token) else "")

    def initiative(self, key: int) -> Initiative:
        """The initiative with this key, if the person may know of it: else 404."""
        rows = Initiative.objects.visible_to(self.person).with_place()
        found = rows.filter(pk=key).first()
        if found is None:
            raise Problem(Code.NOT_FOUND)
        self.found = found
        return found

    def body(self, shape: type[Shape]) -> dict[str, Any]:
        """The body, checked against its shape. Raises Malformed, or Invalid where only limits are passed."""
        data = self.request.data
        given = {} if data is None or hasattr(data, "getlist") else data
        if not isinstance(given, dict):
            raise malformed("", "wrong_type", "The body must be a JSON object.")
        return checked(shape(data=given))

    def _query(self) -> dict[str, Any]:
        method = "GET" if self.request.method == "HEAD" else str(self.request.method)
        given: dict[str, str] = {}
        errors: list[FieldError] = []
        for name, values in self.request.query_params.lists():
            if len(values) > 1:
                errors.append(FieldError(name[:100], "named_twice", "Name it once."))
            errors += text_errors(name[:100], name + values[-1])
            given[name] = values[-1]
        if errors:
            raise Malformed(errors)
        query = self.queries.get(method, Query)(data=given)
        if not query.is_valid():
            raise Malformed(field_errors(query.errors))
        return dict(query.validated_data)

    # --- Answers --------------------------------------------------------------------------------------------

    def page(self, rows: Any, order: Order, told: Callable[[Sequence[Any]], Sequence[Any]]) -> Response:
        """One page of rows, told by ``told`` (all at once, so that it can read ahead)."""
        self.order = order
        pager = KeysetPagination()
        page = pager.paginate_queryset(rows, self.request, self)
        return pager.get_paginated_response(told(page))

    def the_initiative(
        self, row: Initiative, outcome: Outcome | None = None, *, status: int = 200
    ) -> Response:
        """The initiative as it is now, with its ETag; ``outcome`` is what the act just made of it."""
        fresh = Initiative.objects.with_place().get(pk=row.pk) if outcome else row
        self.found = fresh
        document = initiatives.initiative(fresh, outcome or fresh_outcome(row.pk, self.at))
        return Response(document, status=status, headers={"ETag": initiative_etag(fresh)})

    # --- Refusals -------------------------------------------------------------------------------------------

    def unchanged(self, row: Initiative) -> AbstractContextManager[None]:
        """Hold a write under an initiative against ``If-Match``, which names the initiative's ETag."""
        return unchanged(self.request, row.pk, self.actor, lambda now: (now, initiative_etag(now)))

    def current(self, about: Any) -> tuple[Any, str]:
        """What a stale write was about, as it stands now, and its ETag: an initiative, or an item by its code."""
        found = self._found()
        if isinstance(about, Initiative):
            fresh = Initiative.objects.with_place().get(pk=found.pk)
            return initiatives.initiative(fresh, fresh_outcome(fresh.pk, self.at)), initiative_etag(fresh)
        item = items_by_code(found.ref, judge_to_show(found.pk, self.at), [about])[about]
        return item, item["etag"]

    def shown_blockers(self, found: Sequence[Blocker]) -> list[Any]:
        return list(blockers(self._found().ref, found))

    def _found(self) -> Initiative:
        if self.found is None:
            raise Problem(Code.NOT_FOUND)
        return self.found


def checked(given: Shape) -> dict[str, Any]:
    """What was given, in its shape. Raises Malformed, or Invalid where only limits are passed."""
    if given.is_valid():
        return dict(given.validated_data)
    errors = field_errors(given.errors)
    if {error.code for error in errors} <= RULE_CODES:
        raise Invalid(errors)
    raise Malformed(errors)
