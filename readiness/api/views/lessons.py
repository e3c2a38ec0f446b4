"""The library of lessons."""

from rest_framework.request import Request
from rest_framework.response import Response

from gates.lessons import library, narrowed
from readiness.accounts.models import Scope
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.documents.continuity import library_entry
from readiness.api.openapi import operation, page_of
from readiness.api.pagination import Order
from readiness.api.queries import LessonFilters


class Lessons(ApiView):
    scopes = {"GET": Scope.READ}
    queries = {"GET": LessonFilters}

    @operation("Search lessons", answers={200: page_of(shapes.LibraryEntry)}, query=LessonFilters)
    def get(self, request: Request) -> Response:
        """Of every initiative you may see: what stopped ones left, and what made live ones work. The initiative that
        was entered last comes first."""
        rows = narrowed(
            library(self.person),
            text=self.filters.get("search", ""),
            root_cause=self.filters.get("root_cause", ""),
            unit=self.filters.get("business_unit", ""),
            technology=self.filters.get("technology", ""),
            kind=self.filters.get("kind", ""),
        )
        return self.page(rows, Order("pk", descending=True), lambda page: [*map(library_entry, page)])
