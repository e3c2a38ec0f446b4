"""Webhooks: where messages go, what became of each, and another try. For admins."""

from typing import ClassVar

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from readiness.accounts.models import Scope
from readiness.accounts.policy import Act, allows
from readiness.actions import webhooks as acts
from readiness.actions.errors import NotAllowed
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.bodies import Nothing
from readiness.api.codes import Code
from readiness.api.documents.webhooks import delivery, webhook, webhook_with_secret
from readiness.api.errors import Problem
from readiness.api.openapi import LOCATED, operation, page_of
from readiness.api.pagination import Order
from readiness.api.queries import DeliveryFilters, PageQuery
from readiness.api.webhook_bodies import WebhookBody, WebhookChange
from readiness.webhooks.events import Kind
from readiness.webhooks.models import Delivery, Endpoint


class WebhookView(ApiView):
    """What these views share: only admins read them, as only they do on the page."""

    def endpoints(self) -> QuerySet[Endpoint]:
        if not allows(self.person, Act.ADMINISTER):
            raise NotAllowed("not_allowed", f"You may not administer {Act.ADMINISTER.value}.")
        return Endpoint.objects.select_related("created_by")

    def endpoint(self, key: int) -> Endpoint:
        row = self.endpoints().filter(pk=key).first()
        if row is None:
            raise Problem(Code.NOT_FOUND)
        return row

    def delivery(self, webhook_id: int, key: int) -> shapes.WebhookDelivery:
        row = Delivery.objects.in_line().filter(endpoint=self.endpoint(webhook_id), pk=key).first()
        if row is None:
            raise Problem(Code.NOT_FOUND)
        return delivery(row)


class Webhooks(WebhookView):
    scopes = {"GET": Scope.ADMIN, "POST": Scope.ADMIN}
    queries = {"GET": PageQuery}
    told_once: ClassVar[frozenset[str]] = frozenset({"secret"})

    @operation("List webhooks", answers={200: page_of(shapes.Webhook)}, query=PageQuery)
    def get(self, request: Request) -> Response:
        """The oldest first."""
        return self.page(self.endpoints(), Order("pk"), lambda page: [webhook(one, self.at) for one in page])

    @operation("Add a webhook", answers={201: shapes.WebhookWithSecret}, body=WebhookBody, headers=LOCATED)
    def post(self, request: Request) -> Response:
        """It gets what happens from now on, about every initiative. The secret is told this once."""
        wanted = self.body(WebhookBody)
        events = wanted.get("events", [*Kind])
        made, secret = acts.add_webhook(
            wanted["url"], events, wanted.get("description", ""), self.actor, self.at
        )
        where = request.build_absolute_uri(f"/api/v1/webhooks/{made.pk}/")
        document = webhook_with_secret(made, secret, self.at)
        return Response(document, status=201, headers={"Location": where})


class WebhookDetail(WebhookView):
    scopes = {"GET": Scope.ADMIN, "PATCH": Scope.ADMIN, "DELETE": Scope.ADMIN}

    @operation("Read a webhook", answers={200: shapes.Webhook})
    def get(self, request: Request, webhook_id: int) -> Response:
        """All but its secret."""
        return Response(webhook(self.endpoint(webhook_id), self.at))

    @operation("Change a webhook", answers={200: shapes.Webhook}, body=WebhookChange)
    def patch(self, request: Request, webhook_id: int) -> Response:
        """Switched off, it gets nothing and what waits is parked; on again, it gets what happens from then on."""
        wanted = self.body(WebhookChange)
        self.endpoint(webhook_id)
        acts.edit_webhook(webhook_id, wanted, self.actor, self.at)
        return Response(webhook(self.endpoint(webhook_id), self.at))

    @operation("Remove a webhook", answers={204: None})
    def delete(self, request: Request, webhook_id: int) -> Response:
        """With what waits, and with the list of its deliveries."""
        acts.remove_webhook(self.endpoint(webhook_id).pk, self.actor, self.at)
        return Response(status=204)


class WebhookSecret(WebhookView):
    scopes = {"POST": Scope.ADMIN}
    told_once: ClassVar[frozenset[str]] = frozenset({"secret"})

    @operation("Change a webhook's secret", answers={200: shapes.WebhookWithSecret}, body=Nothing)
    def post(self, request: Request, webhook_id: int) -> Response:
        """The new one is told this once. For 24 hours the one before it signs as well."""
        self.body(Nothing)
        self.endpoint(webhook_id)
        row, secret = acts.change_secret(webhook_id, self.actor, self.at)
        return Response(webhook_with_secret(row, secret, self.at))


class WebhookPing(WebhookView):
    scopes = {"POST": Scope.ADMIN}

    @operation("Try a webhook", answers={201: shapes.WebhookDelivery}, body=Nothing)
    def post(self, request: Request, webhook_id: int) -> Response:
        """Sends a `ping`, signed like every message. What became of it is found among the deliveries."""
        self.body(Nothing)
        self.endpoint(webhook_id)
        made = acts.ping(webhook_id, self.actor, self.at)
        return Response(self.delivery(webhook_id, made.pk), status=201)


class WebhookDeliveries(WebhookView):
    scopes = {"GET": Scope.ADMIN}
    queries = {"GET": DeliveryFilters}

    @operation(
        "List a webhook's deliveries", answers={200: page_of(shapes.WebhookDelivery)}, query=DeliveryFilters
    )
    def get(self, request: Request, webhook_id: int) -> Response:
        """The newest first. What was delivered or parked is kept for 30 days."""
        rows = Delivery.objects.in_line().filter(endpoint=self.endpoint(webhook_id))
        if "state" in self.filters:
            rows = rows.filter(state=self.filters["state"])
        return self.page(rows, Order("pk", descending=True), lambda page: [*map(delivery, page)])


class WebhookDelivery(WebhookView):
    scopes = {"GET": Scope.ADMIN}

    @operation("Read a webhook's delivery", answers={200: shapes.WebhookDelivery})
    def get(self, request: Request, webhook_id: int, delivery_id: int) -> Response:
        """What was sent, what came back, and when it is tried next."""
        return Response(self.delivery(webhook_id, delivery_id))


class WebhookReplay(WebhookView):
    scopes = {"POST": Scope.ADMIN}

    @operation("Replay a parked delivery", answers={200: shapes.WebhookDelivery}, body=Nothing)
    def post(self, request: Request, webhook_id: int, delivery_id: int) -> Response:
        """The same message under the same `Webhook-Id`, with all its retries."""
        self.body(Nothing)
        self.endpoint(webhook_id)
        acts.replay(webhook_id, delivery_id, self.actor, self.at)
        return Response(self.delivery(webhook_id, delivery_id))
