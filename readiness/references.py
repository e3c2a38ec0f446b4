"""A short name for every request, the same on the page of an error, in its header and on each line of the log.

Whoever reports a failure reads it out; whoever looks after the installation finds the lines it belongs to.
"""

import logging
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"

_current: ContextVar[str] = ContextVar("reference", default="")


def current_reference() -> str:
    """That of the request under way; "" outside of one."""
    return _current.get()


class ReferenceMiddleware:
    """The outermost: what every other one logs carries the reference too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _current.set(secrets.token_hex(5))
        try:
            response = self.get_response(request)
            response[HEADER] = current_reference()
            request.reference = current_reference()  # type: ignore[attr-defined]  # for the lines that are logged after it
            return response
        finally:
            _current.reset(token)


class WithReference(logging.Filter):
    """Gives a log record its ``reference``, and ``at_reference`` for a line of plain text."""

    def filter(self, record: logging.LogRecord) -> bool:
        # What Django logs of an answer of 400 and above comes after the middleware, and carries the request.
        reference = current_reference() or getattr(getattr(record, "request", None), "reference", "")
        record.reference = reference
        record.at_reference = f" [{reference}]" if reference else ""
        return True
