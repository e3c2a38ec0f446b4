"""The admin's pages of webhooks: where messages go, what became of each, and another try."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from readiness import clock
from readiness.accounts.tabs import admin_tabs
from readiness.actions import webhooks as acts
from readiness.actions.errors import Conflict, Refused
from readiness.standing.words import Word
from readiness.ui.lazily import gettext_lazy, pgettext_lazy
from readiness.ui.parts import Link
from readiness.webhooks.addresses import is_made_up
from readiness.webhooks.events import PING
from readiness.webhooks.models import Delivery, Endpoint, Off, State
from readiness.webhooks.schedule import RETRIES
from readiness.workbench.finding import actor_of
from readiness.workbench.people.access import for_admins
from readiness.workbench.people.webhook_forms import TICKED_AT_FIRST, WebhookForm, words_of
from readiness.workbench.refusals import OK, UNPROCESSABLE, tell

ROWS_A_PAGE = 50
CREATED = 201
STATES = {
    State.WAITING: Word(gettext_lazy("Waiting"), "info", "clock"),
    State.DELIVERED: Word(gettext_lazy("Delivered"), "good", "check"),
    State.PARKED: Word(gettext_lazy("Parked"), "warning", "pause"),
}
HOW = {
    "": Word(pgettext_lazy("a webhook", "On"), "good", "check"),
    "failing": Word(gettext_lazy("Failing"), "critical", "warning"),
    Off.ADMIN.value: Word(gettext_lazy("Switched off"), "muted", "pause"),
    Off.GONE.value: Word(gettext_lazy("Gone"), "warning", "stop"),
}


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One message as the list shows it."""

    delivery: Delivery
    state: Word
    words: str
    answer: str
    """What came back last."""
    why: str
    """Why it was not taken, "" where it was or nothing was tried."""
    due: bool
    """Whether the next run sends it."""

    @property
    def is_parked(self) -> bool:
        return self.delivery.state == State.PARKED

    @property
    def is_test(self) -> bool:
        return self.delivery.kind == PING


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest) -> HttpResponse:
    """A new secret is shown in the answer to its making, and never again."""
    status, secret = OK, ""
    form = WebhookForm(request.POST or None, initial={"events": list(TICKED_AT_FIRST)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made, secret = acts.add_webhook(
                given["url"], given["events"], given["description"], actor_of(request), clock.now()
            )
        except Refused as refused:
            status = tell(form, refused)
        else:
            return _one(request, made, secret=secret, status=CREATED)
    elif request.method == "POST":
        status = UNPROCESSABLE
    context = {"form": form, "rows": _rows(), "tabs": admin_tabs("webhooks")}
    return render(request, "workbench/people/webhooks.html", context, status=status)


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    row = _found(webhook_id)
    if request.method != "POST":
        return _one(request, row)
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _one(request, row, form, status=UNPROCESSABLE)
    try:
        acts.edit_webhook(row.pk, form.changes(), actor_of(request), clock.now())
    except Refused as refused:
        return _one(request, row, form, status=tell(form, refused))
    messages.success(request, _("The webhook is changed."))
    return redirect("webhook", row.pk)


@for_admins
@require_POST
def webhook_secret(request: HttpRequest, webhook_id: int) -> HttpResponse:
    row, secret = acts.change_secret(webhook_id, actor_of(request), clock.now())
    return _one(request, row, secret=secret)


@for_admins
@require_POST
def webhook_switch(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """``on`` says which way: who presses it twice does not undo it."""
    wanted = request.POST.get("on") == "1"
    acts.edit_webhook(webhook_id, {"active": wanted}, actor_of(request), clock.now())
    if wanted:
        messages.success(request, _("It is on: it gets what happens from now on."))
    else:
        messages.success(request, _("It is off: nothing is sent to it, and what waited is parked."))
    return redirect("webhook", webhook_id)


@for_admins
@require_POST
def webhook_ping(request: HttpRequest, webhook_id: int) -> HttpResponse:
    try:
        acts.ping(webhook_id, actor_of(request), clock.now())
    except Conflict as refused:
        messages.error(request, refused.message)
    else:
        messages.success(
            request,
            _("A test is on its way. Load this page again in a few seconds to see what became of it."),
        )
    return redirect("webhook", webhook_id)


@for_admins
@require_POST
def webhook_replay(request: HttpRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    try:
        acts.replay(webhook_id, delivery_id, actor_of(request), clock.now())
    except Conflict as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("It is sent again."))
    return redirect("webhook", webhook_id)


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_remove(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Ask once. One that somebody else has taken away meanwhile is gone, as was wanted."""
    if request.method == "POST":
        acts.remove_webhook(webhook_id, actor_of(request), clock.now())
        messages.success(request, _("The webhook is removed."))
        return redirect("webhooks")
    context = {"row": _found(webhook_id), "back": reverse("webhook", args=[webhook_id])}
    return render(request, "workbench/people/webhook_remove.html", context)


def _found(webhook_id: int) -> Endpoint:
    row = Endpoint.objects.select_related("created_by").filter(pk=webhook_id).first()
    if row is None:
        raise Http404
    return row


def _rows() -> list[dict[str, Any]]:
    """Every webhook with how it stands; one query."""
    return [{"hook": row, "how": how(row)} for row in Endpoint.objects.with_counts()]


def how(row: Endpoint) -> Word:
    """How a webhook stands, in a word."""
    return HOW["failing" if row.is_on and row.failing_since else row.off]


def _one(
    request: HttpRequest,
    row: Endpoint,
    form: WebhookForm | None = None,
    *,
    secret: str = "",
    status: int = OK,
) -> HttpResponse:
    """The page of one; ``secret`` where it has just been made."""
    shown = {"url": row.url, "events": row.events, "description": row.description}
    chosen = request.GET.get("state", "")
    at, deliveries = clock.now(), row.deliveries.in_line().order_by("-pk")
    following = row.deliveries.in_line().waiting().filter(Q(behind=None)).order_by("due_at", "pk").first()
    if chosen in State.values:
        deliveries = deliveries.filter(state=chosen)
    page = Paginator(deliveries, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "row": row,
        "how": how(row),
        "made_up": _made_up(row),
        "until": _still_signing(row, at),
        "form": form or WebhookForm(initial=shown),
        "secret": secret,
        "page": page,
        "deliveries": [_delivery(one, at) for one in page.object_list],
        "following": _delivery(following, at) if following else None,
        "most": len(RETRIES) + 1,
        "states": _states(row, chosen),
        "crumbs": [Link(label=_("Webhooks"), href=reverse("webhooks"))],
    }
    return render(request, "workbench/people/webhook.html", context, status=status)


def _made_up(row: Endpoint) -> str:
    """The host of its address where no receiver can be there, as in the demo; else ""."""
    host = urlsplit(row.url).hostname or ""
    return host if is_made_up(host) else ""


def _states(row: Endpoint, chosen: str) -> list[Link]:
    """The ways to narrow the deliveries."""
    here = reverse("webhook", args=[row.pk])
    every = Link(label=_("All"), href=here, current=chosen not in State.values)
    narrowed = [
        Link(label=str(word.label), href=f"{here}?state={state.value}", current=chosen == state.value)
        for state, word in STATES.items()
    ]
    return [every, *narrowed]


def _still_signing(row: Endpoint, at: datetime) -> datetime | None:
    """Until when the secret before this one signs as well."""
    return row.previous_until if row.previous_until and at < row.previous_until else None


def _delivery(one: Delivery, at: datetime) -> DeliveryRow:
    answer = one.last_error or (str(one.last_status) if one.last_status else "")
    due = one.next_at is not None and one.next_at <= at
    return DeliveryRow(one, STATES[State(one.state)], words_of(one.kind), answer, _why(one), due)


def _why(one: Delivery) -> str:
    """Why the last attempt failed; what the sender itself noted is kept in English."""
    if one.last_error or one.state == State.DELIVERED or not one.attempts:
        return one.last_error
    if one.last_status:
        return _("The answer was %(status)s; only 200 to 299 says that it was taken.") % {
            "status": one.last_status
        }
    return _("Nothing was noted of the attempt: it is under way, or the worker ended over it.")
