"""Exchange rates: what other currencies are worth in the organisation's. For admins."""

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from readiness.accounts.models import Rate, Scope
from readiness.accounts.policy import Act, allows
from readiness.actions.errors import NotAllowed
from readiness.actions.rates import remove_rate, set_rate
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.codes import Code
from readiness.api.documents.rates import rate
from readiness.api.errors import Problem
from readiness.api.openapi import LOCATED, operation, page_of
from readiness.api.pagination import Order
from readiness.api.queries import PageQuery
from readiness.api.rate_bodies import RateBody


class RateView(ApiView):
    """What the views of rates share: only admins read them, as only they do on the page."""

    def rates(self) -> QuerySet[Rate]:
        if not allows(self.person, Act.ADMINISTER):
            raise NotAllowed("not_allowed", f"You may not administer {Act.ADMINISTER.value}.")
        return Rate.objects.select_related("entered_by")


class Rates(RateView):
    scopes = {"GET": Scope.ADMIN, "POST": Scope.ADMIN}
    queries = {"GET": PageQuery}

    @operation("List exchange rates", answers={200: page_of(shapes.ExchangeRate)}, query=PageQuery)
    def get(self, request: Request) -> Response:
        """The latest day first; also those into a currency in which the organisation counted before."""
        return self.page(self.rates(), Order("on", descending=True), lambda page: [*map(rate, page)])

    @operation(
        "Enter an exchange rate",
        answers={200: shapes.ExchangeRate, 201: shapes.ExchangeRate},
        body=RateBody,
        headers=LOCATED,
    )
    def post(self, request: Request) -> Response:
        """Into the organisation's currency. One of the same currency and day is replaced, and the answer is 200; the
        same again changes nothing. Every figure follows."""
        wanted = self.body(RateBody)
        row, new = set_rate(wanted["currency"], wanted["on"], wanted["rate"], self.actor, self.at)
        where = request.build_absolute_uri(f"/api/v1/rates/{row.pk}/")
        return Response(rate(row), status=201 if new else 200, headers={"Location": where} if new else None)


class RateDetail(RateView):
    scopes = {"GET": Scope.ADMIN, "DELETE": Scope.ADMIN}

    @operation("Read an exchange rate", answers={200: shapes.ExchangeRate})
    def get(self, request: Request, rate_id: int) -> Response:
        """One currency from one day on."""
        return Response(rate(self._row(rate_id)))

    @operation("Remove an exchange rate", answers={204: None})
    def delete(self, request: Request, rate_id: int) -> Response:
        """The one before it then holds on; where there is none, that money is not converted. Every figure follows."""
        remove_rate(self._row(rate_id).pk, self.actor, self.at)
        return Response(status=204)

    def _row(self, key: int) -> Rate:
        row = self.rates().filter(pk=key).first()
        if row is None:
            raise Problem(Code.NOT_FOUND)
        return row
