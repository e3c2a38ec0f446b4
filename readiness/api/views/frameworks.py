"""Frameworks: read, kept as files, published."""

from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from checklists.loading import stored_framework
from checklists.models import Framework
from checklists.writing import framework_yaml
from readiness.accounts.models import Scope
from readiness.actions.frameworks import publish_framework
from readiness.actions.starting import choose_starting, starting_slugs
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.bodies import FrameworkFile
from readiness.api.codes import Code
from readiness.api.documents.frameworks import framework, framework_brief, starting_frameworks
from readiness.api.errors import Problem
from readiness.api.etags import conditional, content_etag, content_unchanged
from readiness.api.openapi import CACHED, IF_MATCH, LOCATED, WITH_ETAG, operation, page_of
from readiness.api.pagination import Order
from readiness.api.parsers import YamlBody, document_of
from readiness.api.queries import PageQuery, VersionQuery
from readiness.api.renderers import YamlRenderer
from readiness.api.starting_bodies import StartingFrameworksBody


class Frameworks(ApiView):
    scopes = {"GET": Scope.READ, "POST": Scope.ADMIN}
    queries = {"GET": PageQuery}
    parser_classes = (YamlBody,)

    @operation("List frameworks", answers={200: page_of(shapes.FrameworkBrief)}, query=PageQuery)
    def get(self, request: Request) -> Response:
        """The newest version of each."""
        rows = Framework.objects.current().filter(published_at__isnull=False)
        begun = starting_slugs()
        return self.page(rows, Order("slug"), lambda page: [framework_brief(row, begun) for row in page])

    @operation(
        "Publish a framework",
        answers={201: shapes.Framework, 200: shapes.Framework},
        body=FrameworkFile,
        headers=LOCATED,
    )
    def post(self, request: Request) -> Response:
        """A version as YAML; what begins from then on is assessed with it. 200 where it stands already, word for word.

        A published version never changes. With a mistake nothing is published, and `errors` names every line.
        """
        loaded = publish_framework(document_of(request.data), "the body", self.actor, self.at)
        row = Framework.objects.with_content().get(pk=loaded.framework.pk)
        where = request.build_absolute_uri(f"/api/v1/frameworks/{row.slug}/?version={row.version}")
        status = 201 if loaded.published else 200
        return Response(framework(row), status=status, headers={"Location": where})


class FrameworkDetail(ApiView):
    scopes = {"GET": Scope.READ}
    queries = {"GET": VersionQuery}
    renderer_classes = (JSONRenderer, YamlRenderer)

    @operation(
        "Read a framework",
        answers={200: shapes.Framework, (200, "application/yaml"): str, 304: None},
        query=VersionQuery,
        headers=CACHED,
    )
    def get(self, request: Request, slug: str) -> Response:
        """A version with gates, items and what counts as met; as YAML, the file that would publish it again."""
        published = Framework.objects.filter(slug=slug, published_at__isnull=False)
        version = self.filters.get("version")
        rows = published.current() if version is None else published.filter(version=version)
        row = rows.with_content().first()
        if row is None:
            raise Problem(Code.NOT_FOUND)
        as_yaml = isinstance(request.accepted_renderer, YamlRenderer)
        return conditional(request, framework_yaml(stored_framework(row)) if as_yaml else framework(row))


class StartingFrameworks(ApiView):
    scopes = {"GET": Scope.READ, "PUT": Scope.ADMIN}

    @operation(
        "Read what new initiatives begin with",
        answers={200: shapes.StartingFrameworks, 304: None},
        headers=CACHED,
    )
    def get(self, request: Request) -> Response:
        """The frameworks that an initiative is given when it is created, in their order."""
        return conditional(request, starting_frameworks())

    @operation(
        "Choose what new initiatives begin with",
        answers={200: shapes.StartingFrameworks},
        body=StartingFrameworksBody,
        headers=(IF_MATCH, *WITH_ETAG),
    )
    def put(self, request: Request) -> Response:
        """These and no others, in this order. What is under way keeps its own.

        Exactly one of them guards the step from `pilot` to `rollout` as a whole: readiness is computed on it. No two
        share the code of an item or the slug of a gate.
        """
        wanted = self.body(StartingFrameworksBody)["frameworks"]
        with content_unchanged(request, self.actor, starting_frameworks):
            choose_starting(wanted, self.actor, self.at)
        told = starting_frameworks()
        return Response(told, headers={"ETag": content_etag(told)})

    def current(self, about: Any) -> tuple[Any, str]:
        """What is chosen as it stands, and its ETag."""
        return about, content_etag(about)
