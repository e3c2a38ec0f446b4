"""Frameworks: read, kept as files, published."""

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from checklists.loading import stored_framework
from checklists.models import Framework
from checklists.writing import framework_yaml
from readiness.accounts.models import Scope
from readiness.actions.frameworks import publish_framework
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.bodies import FrameworkFile
from readiness.api.codes import Code
from readiness.api.documents.frameworks import framework, framework_brief
from readiness.api.errors import Problem
from readiness.api.etags import conditional
from readiness.api.openapi import CACHED, LOCATED, operation, page_of
from readiness.api.pagination import Order
from readiness.api.parsers import YamlBody, document_of
from readiness.api.queries import PageQuery, VersionQuery
from readiness.api.renderers import YamlRenderer


class Frameworks(ApiView):
    scopes = {"GET": Scope.READ, "POST": Scope.ADMIN}
    queries = {"GET": PageQuery}
    parser_classes = (YamlBody,)

    @operation("List frameworks", answers={200: page_of(shapes.FrameworkBrief)}, query=PageQuery)
    def get(self, request: Request) -> Response:
        """The newest version of each."""
        rows = Framework.objects.current().filter(published_at__isnull=False)
        return self.page(rows, Order("slug"), lambda page: [*map(framework_brief, page)])

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
