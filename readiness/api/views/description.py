"""The API about itself: its OpenAPI document, a page to browse it, its refusals, and what is not there. All public."""

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.codes import KINDS, Code, known
from readiness.api.errors import Problem
from readiness.api.openapi import operation, page_of
from readiness.api.pagination import part_of
from readiness.api.queries import PageQuery


class Public(ApiView):
    """Read by anybody, who need not be known."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    tag = "about"


class Schema(Public):
    renderer_classes = (JSONRenderer, OpenApiJsonRenderer, OpenApiYamlRenderer)
    schema = None  # type: ignore[assignment]  # the document does not describe where it is

    def get(self, request: Request) -> Response:
        """The OpenAPI document; as YAML where that is asked for."""
        return Response(document(), headers={"Cache-Control": "public, max-age=300"})


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document: the same for everybody, made once by each process."""
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document as a page to browse and try."""
    return render(request, "api/docs.html")


class Problems(Public):
    queries = {"GET": PageQuery}

    @operation("List refusals", answers={200: page_of(shapes.ProblemKind)}, query=PageQuery)
    def get(self, request: Request) -> Response:
        """Every machine word that a refusal can carry: one page, unless a `limit` asks for less."""
        return part_of([_kind(code) for code in KINDS], request, self.filters)


class ProblemDetail(Public):
    @operation("Read about a refusal", answers={200: shapes.ProblemKind})
    def get(self, request: Request, code: str) -> Response:
        """Where the `type` of a problem document leads."""
        found = known(code)
        if found is None:
            raise Problem(Code.NOT_FOUND)
        return Response(_kind(found))


class NotThere(Public):
    """Whatever else is asked for below /api/: a problem document, not a page."""

    schema = None  # type: ignore[assignment]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        hint = "" if request.path.endswith("/") else " Every address of the API ends with a slash."
        raise Problem(Code.NOT_FOUND, f"There is nothing at this address.{hint}")


def _kind(code: Code) -> shapes.ProblemKind:
    kind = KINDS[code]
    return {"code": code.value, "status": kind.status, "title": kind.title, "meaning": kind.meaning}
