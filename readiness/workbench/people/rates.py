"""The admin's page of exchange rates: what other currencies are worth in the organisation's."""

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gates.models import Initiative
from readiness import clock
from readiness.accounts.current import organisation_of
from readiness.accounts.models import Organisation, Rate, User
from readiness.accounts.tabs import admin_tabs
from readiness.actions.errors import Refused
from readiness.actions.rates import remove_rate, set_rate
from readiness.portfolio.books import books, rates_of
from readiness.portfolio.money import left_out
from readiness.ui.local import long_day
from readiness.workbench.finding import actor_of
from readiness.workbench.people.access import for_admins
from readiness.workbench.people.forms import RateForm
from readiness.workbench.promises.forms import decimal, typed
from readiness.workbench.refusals import OK, UNPROCESSABLE, tell

ROWS_A_PAGE = 50


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def rates(request: HttpRequest) -> HttpResponse:
    organisation, at, status = organisation_of(request), clock.now(), OK
    today = organisation.day_of(at)
    sent = request.POST if request.method == "POST" else None
    form = RateForm(sent, initial=_asked(request, today), into=organisation.currency)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            row, _entered = set_rate(
                given["currency"], given["on"], decimal(given["rate"]), actor_of(request), at
            )
        except Refused as refused:
            status = tell(form, refused)
        else:
            words = _("1 %(currency)s is %(rate)s %(into)s from %(day)s on. Every figure follows.")
            facts = {"currency": row.currency, "rate": typed(row.rate), "into": row.into}
            messages.success(request, words % {**facts, "day": long_day(row.on)})
            return redirect("rates")
    elif form.is_bound:
        status = UNPROCESSABLE
    context = {"form": form, "tabs": admin_tabs("rates"), **_shown(request, organisation, today)}
    return render(request, "workbench/people/rates.html", context, status=status)


@for_admins
@require_POST
def rate_remove(request: HttpRequest, rate_id: int) -> HttpResponse:
    """One that somebody else has taken away meanwhile is gone, as was wanted."""
    remove_rate(rate_id, actor_of(request), clock.now())
    messages.success(request, _("The rate is taken away. Every figure follows."))
    return redirect("rates")


def _asked(request: HttpRequest, today: date) -> dict[str, str]:
    """What a link to this page has filled in."""
    on = request.GET.get("on", "")
    try:
        date.fromisoformat(on)
    except ValueError:
        on = today.isoformat()
    return {"currency": request.GET.get("currency", "")[:3].replace("\x00", ""), "on": on}


def _shown(request: HttpRequest, organisation: Organisation, today: date) -> dict[str, Any]:
    """One page of the rates, which of them count today, and the currencies of which one is missing; six queries."""
    visible = Initiative.objects.visible_to(cast(User, request.user))
    entered = Rate.objects.select_related("entered_by")
    page = Paginator(entered, ROWS_A_PAGE).get_page(request.GET.get("page"))
    counting = Rate.objects.filter(into=organisation.currency, on__lte=today).order_by()
    latest = dict(counting.values_list("currency").annotate(day=Max("on")))
    return {
        "page": page,
        "rows": [
            {
                "rate": row,
                "worth": typed(row.rate),
                "day": long_day(row.on),
                "counts": row.into == organisation.currency and latest.get(row.currency) == row.on,
                "other": row.into != organisation.currency,
                "coming": row.on > today,
            }
            for row in page.object_list
        ],
        "into": organisation.currency,
        "gaps": left_out(books(visible, today), rates_of(organisation, today)).gaps,
    }
