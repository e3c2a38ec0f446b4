"""What somebody sees where a page cannot be shown: what happened, what to do next, and the way back.

The page of a defect and that of maintenance ask the database nothing, which may be the very thing that is away.
"""

import logging
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost, PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from readiness.api.codes import PROBLEM_JSON, Code
from readiness.api.errors import Problem, document
from readiness.references import current_reference
from readiness.room import is_full

log = logging.getLogger(__name__)

RETRY_AFTER = 20
"""Seconds after which a page that could not be shown is asked for again."""
API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where more was sent than is taken."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", {"back": _back(request)}, status=413)
    return render(request, "400.html", {"back": _back(request)}, status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the reason, where one was given."""
    reason = str(exception) if isinstance(exception, PermissionDenied) else ""
    return render(request, "403.html", {"back": _back(request), "reason": reason}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", {"back": _back(request)}, status=404)


class NothingToReadMiddleware:
    """405 to who opens the address of a form: after a refusal it stands in the browser, to be opened again or kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET":
            page = render_to_string("405.html", {"back": _back(request)}, request)
            return HttpResponse(page, status=405, headers={"Allow": response["Allow"]})
        return response


def server_error(request: HttpRequest) -> HttpResponse:
    """507 where the disk is full, 503 where the database is away or its tables are of another version; else 500.

    That one has the reference of the log.
    """
    error = sys.exc_info()[1]
    if is_full(error):
        return _no_room(request)
    if isinstance(error, DatabaseError | InterfaceError) and _is_away(error):
        return _unavailable(request)
    reference = current_reference()
    if request.path_info.startswith(API):
        body = document(Problem(Code.SERVER_ERROR, reference=reference))
        return JsonResponse(body, status=500, content_type=PROBLEM_JSON)
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)


def _unavailable(request: HttpRequest) -> HttpResponse:
    response: HttpResponse
    if request.path_info.startswith(API):
        response = JsonResponse(document(Problem(Code.BUSY)), status=503, content_type=PROBLEM_JSON)
    else:
        # Only what was asked for without changing anything is asked for again by itself.
        context = {"again": RETRY_AFTER if request.method in ("GET", "HEAD") else 0}
        response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def _no_room(request: HttpRequest) -> HttpResponse:
    response: HttpResponse
    if request.path_info.startswith(API):
        body = document(Problem(Code.NO_ROOM))
        response = JsonResponse(body, status=507, content_type=PROBLEM_JSON)
    else:
        response = HttpResponse(render_to_string("507.html"), status=507)
    response["Cache-Control"] = "no-store"
    return response


def _is_away(error: Exception) -> bool:
    """Cannot be reached or is too busy; or it misses what this version of the product wants to find."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, ProgrammingError) and _migrations_are_pending()


def _migrations_are_pending() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        log.warning("Whether migrations are pending is not known: %s", error)
        return False


def _back(request: HttpRequest) -> str:
    """The page from which the person came, where it is one of ours and another than this; else ""."""
    came_from = request.META.get("HTTP_REFERER", "")
    try:
        host = request.get_host()
    except DisallowedHost:  # the very reason for the page of a 400
        return ""
    if not url_has_allowed_host_and_scheme(came_from, {host}, request.is_secure()):
        return ""
    parts = urlsplit(came_from)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return "" if path in ("", request.get_full_path()) else path
