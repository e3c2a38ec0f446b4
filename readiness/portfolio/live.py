"""A page that is left open asks again by itself: it is answered with the page, or cheaply with "nothing changed".

Every change that a figure can show is written together with an event of the audit trail, and time changes figures from
one day to the next. So the last event, the day, the person and what they speak make a page's tag.
"""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from readiness.accounts.current import organisation_of
from readiness.accounts.visits import ASKED_BY_ITSELF
from readiness.audit.models import Chain
from readiness.clock import now

AS_OF = "Fivegates-As-Of"
"""In the answer: the time of the figures where the organisation is, "12:03"."""
NOT_MODIFIED = 304

View = Callable[..., HttpResponse]


def live(view: View) -> View:
    """The view, which answers 304 where its page asks by itself and has the newest figures; two queries."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if ASKED_BY_ITSELF not in request.headers:
            return view(request, *args, **kwargs)
        tag = _tag(request)
        if request.headers.get("If-None-Match") == tag:
            response = HttpResponse(status=NOT_MODIFIED)
        else:
            response = view(request, *args, **kwargs)
        response["ETag"] = tag
        response[AS_OF] = now().astimezone(organisation_of(request).zone).strftime("%H:%M")
        return response

    return answer


def _tag(request: HttpRequest) -> str:
    """Read before the figures are: what is written meanwhile is seen the next time."""
    last = Chain.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    parts = (
        last,
        organisation_of(request).day_of(now()),
        request.user.pk,
        get_language(),
        request.get_full_path(),
    )
    return f'"{sha256(repr(parts).encode()).hexdigest()[:32]}"'
