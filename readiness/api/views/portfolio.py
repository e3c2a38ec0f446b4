"""The whole portfolio: its scores, and its figures."""

from collections.abc import Sequence
from typing import get_type_hints

from django.http import StreamingHttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from gates.models import Initiative
from gates.querysets import InitiativeQuerySet, normalised
from readiness.accounts.models import Organisation, Scope
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.documents.initiatives import stored_outcomes
from readiness.api.documents.money import portfolio_money
from readiness.api.documents.portfolio import portfolio, symptom_list
from readiness.api.documents.readiness import portfolio_score
from readiness.api.documents.survival import portfolio_survival
from readiness.api.etags import conditional
from readiness.api.narrowing import narrowed
from readiness.api.openapi import CACHED, operation, page_of
from readiness.api.pagination import Order
from readiness.api.queries import ScoreFilters, UnitQuery
from readiness.api.streams import CsvStream, NdjsonStream, streamed, streams


class _Figures(ApiView):
    """Figures over all that the person may see, or over one unit or sponsor of it, or what is of none."""

    scopes = {"GET": Scope.READ}
    queries = {"GET": UnitQuery}

    def rows(self) -> InitiativeQuerySet:
        return narrowed(Initiative.objects.visible_to(self.person), self.filters)


class Portfolio(_Figures):
    @operation(
        "Read the portfolio",
        answers={200: shapes.Portfolio, 304: None},
        query=UnitQuery,
        headers=CACHED,
    )
    def get(self, request: Request) -> Response:
        """Funnel, gates, scores, what is stalled and why, what waits for a decision, and how initiatives ended."""
        organisation = Organisation.get()
        return conditional(request, portfolio(self.rows(), organisation, organisation.day_of(self.at)))


class Symptoms(_Figures):
    @operation(
        "Read the symptoms of the PoC trap",
        answers={200: shapes.Symptoms, 304: None},
        query=UnitQuery,
        headers=CACHED,
    )
    def get(self, request: Request) -> Response:
        """Signs that much is tried and little reaches production, each with its figure, over twelve months that end
        today. `cannot_tell` says which facts are missing."""
        others = dict(self.filters)
        unit = others.pop("business_unit", None)
        rows = narrowed(Initiative.objects.visible_to(self.person), others)
        organisation = Organisation.get()
        today = organisation.day_of(self.at)
        key = None if unit is None else normalised(unit)
        return conditional(request, symptom_list(rows, organisation, today, key, narrowed=bool(others)))


class Money(_Figures):
    @operation(
        "Read the money of the portfolio",
        answers={200: shapes.PortfolioMoney, 304: None},
        query=UnitQuery,
        headers=CACHED,
    )
    def get(self, request: Request) -> Response:
        """Planned, spent, burning, stalled, and gone with what was stopped: in the organisation's currency, with what
        cannot be converted counted beside each sum."""
        organisation = Organisation.get()
        return conditional(request, portfolio_money(self.rows(), organisation, organisation.day_of(self.at)))


class Survival(_Figures):
    @operation(
        "Read how long initiatives take",
        answers={200: shapes.PortfolioSurvival, 304: None},
        query=UnitQuery,
        headers=CACHED,
    )
    def get(self, request: Request) -> Response:
        """Time to production as a curve with its band, days in each stage, and what became of what was begun."""
        return conditional(request, portfolio_survival(self.rows(), Organisation.get().day_of(self.at)))


_NAMES = ("initiative", "name", "business_unit", "stage")
SCORE_COLUMNS = (*_NAMES, *(name for name in get_type_hints(shapes.PortfolioScore) if name not in _NAMES))


class Scores(ApiView):
    scopes = {"GET": Scope.READ}
    queries = {"GET": ScoreFilters}
    renderer_classes = (JSONRenderer, CsvStream, NdjsonStream)

    @operation(
        "List scores",
        answers={
            200: page_of(shapes.PortfolioScore),
            (200, CsvStream.media_type): str,
            (200, NdjsonStream.media_type): str,
            304: None,
        },
        query=ScoreFilters,
        headers=CACHED,
    )
    def get(self, request: Request) -> Response | StreamingHttpResponse:
        """Everything you may see in the order of `computed_at`, which follows the order of commits. Hand in the last
        `computed_at` you saw as `updated_since`, and nothing that changed is missed.

        As `text/csv` (a row with the names first) and `application/x-ndjson` (an object a line) it is streamed whole,
        with the same fields, no pages and no ETag. What changes meanwhile comes once more at its new place."""
        rows = narrowed(Initiative.objects.visible_to(self.person).with_place(), self.filters)
        if "updated_since" in self.filters:
            rows = rows.filter(standing__computed_at__gte=self.filters["updated_since"])
        order = Order("standing__computed_at")
        if streams(request):
            return streamed(request, rows, order, _scores, SCORE_COLUMNS, self.filters)
        page = self.page(rows, order, _scores)
        return conditional(request, page.data)


def _scores(rows: Sequence[Initiative]) -> list[shapes.PortfolioScore]:
    outcomes = stored_outcomes(rows, flags=False)
    return [portfolio_score(row, outcomes[row.pk]) for row in rows]
