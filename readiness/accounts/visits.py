"""When a person was here: a visit begins after half an hour without a page, and the end of the one before it is kept.

``seen_at`` is written at most once in five minutes, so that the end of a visit may be told up to five minutes too
early: what happened in them is told twice rather than never.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from readiness.accounts.models import User
from readiness.clock import now

log = logging.getLogger(__name__)

ENDS_AFTER = timedelta(minutes=30)
WRITTEN_EVERY = timedelta(minutes=5)
NO_PAGES = ("/api/", "/health/")
ASKED_BY_ITSELF = "Fivegates-Live"
"""The header of a page that is left open and asks whether anything changed."""

View = TypeVar("View", bound=Callable[..., Any])


def note_visit(user: User, at: datetime) -> None:
    """Note that this person looks at a page now; at most one guarded update, and none most of the time.

    Of two pages that open together one writes. Who comes for the first time has no visit before this one.
    """
    known = user.seen_at
    last = known or user.created_at
    if at - last < WRITTEN_EVERY:
        return
    before = known if at - last >= ENDS_AFTER else user.before_visit_at
    written = User.objects.filter(pk=user.pk, seen_at=known).update(seen_at=at, before_visit_at=before)
    if written:
        user.seen_at, user.before_visit_at = at, before
    else:  # another page of this person was quicker
        user.refresh_from_db(fields=["seen_at", "before_visit_at"])


def no_visit(view: View) -> View:
    """For a view that a page left open asks by itself: nobody is there because of it."""
    setattr(view, "no_visit", True)  # noqa: B010 (a function that is handed in knows no such field)
    return view


class VisitMiddleware:
    """Notes whoever opens a page. A database that cannot write now is no reason to show none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> None:
        if request.path_info.startswith(NO_PAGES) or getattr(view, "no_visit", False):
            return
        if ASKED_BY_ITSELF in request.headers:
            return
        if not request.user.is_authenticated:
            return
        try:
            note_visit(request.user, now())
        except DatabaseError as error:
            log.warning("A visit could not be noted: %s", error)
