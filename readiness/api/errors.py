"""Refusals as problem documents (RFC 9457). Bad input never gets a 500."""

import logging
from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any, cast

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.signals import got_request_exception
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from django.utils.cache import patch_vary_headers
from rest_framework import exceptions
from rest_framework.response import Response

from readiness.accounts.models import Scope
from readiness.actions.errors import Conflict, FieldError, Invalid, NotAllowed, NotFound, Refused, Stale
from readiness.actions.limits import LimitReached
from readiness.actions.scanning import NotScanned
from readiness.api.codes import KINDS, PROBLEM_JSON, PROMOTED, Code, known, plain_document
from readiness.api.constraints import broken_promise
from readiness.api.shapes.common import Problem as ProblemDocument
from readiness.api.shapes.common import ReachedLimit
from readiness.room import is_full
from readiness.standing.links import initiative_url

RETRY_AFTER_BUSY = 2
RETRY_AFTER_SCANNER = 60

logger = logging.getLogger(__name__)


class Problem(Exception):
    """A refusal that the door itself speaks out. ``extra`` holds further members of the document."""

    def __init__(
        self,
        code: Code,
        detail: str = "",
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail or KINDS[code].title)
        self.code = code
        self.detail = detail or KINDS[code].meaning
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.extra = extra


class Malformed(Problem):
    """The request has a shape that the contract does not know."""

    def __init__(self, errors: Iterable[FieldError]) -> None:
        found = tuple(errors)
        super().__init__(Code.MALFORMED, _sentences(found), found)


class BadToken(exceptions.AuthenticationFailed):
    """The ``Authorization`` header names no token in force."""

    default_code = Code.BAD_TOKEN.value


class MissingScope(Problem):
    def __init__(self, scope: Scope) -> None:
        super().__init__(Code.MISSING_SCOPE, f"This token lacks the scope `{scope.value}`.")


def malformed(field: str, code: str, message: str) -> Malformed:
    return Malformed([FieldError(field, code, message)])


def problem_handler(exc: Exception, context: dict[str, Any]) -> Response:
    """The one exception handler of the API: whatever was raised becomes a problem document."""
    problem = _as_problem(exc, context)
    if problem.code is Code.SERVER_ERROR:
        # Told to the log and to whoever listens (the error tracker, the test client), never to the caller.
        logger.error("Unhandled error in the API", exc_info=exc)
        got_request_exception.send(sender=problem_handler, request=context.get("request"))
    response = Response(document(problem), status=KINDS[problem.code].status, headers=problem.headers)
    response.content_type = PROBLEM_JSON
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Authorization", "Cookie"])
    return response


def document(problem: Problem) -> dict[str, Any]:
    """The members of a problem document."""
    body: dict[str, Any] = {**plain_document(problem.code, problem.detail)}
    if problem.errors:
        body["errors"] = [
            {"field": error.field, "code": error.code, "message": error.message} for error in problem.errors
        ]
    return body | problem.extra


def refusal(exc: Refused, view: Any) -> ProblemDocument:
    """The problem document that one act would have been refused with, where several are asked for at once."""
    return cast("ProblemDocument", document(_of_refusal(exc, {"view": view})))


def _as_problem(exc: Exception, context: dict[str, Any]) -> Problem:
    if isinstance(exc, Problem):
        return exc
    if is_full(exc):
        logger.error("The disk is full", exc_info=exc)
        return Problem(Code.NO_ROOM)
    if isinstance(exc, Refused):
        return _of_refusal(exc, context)
    if isinstance(exc, exceptions.APIException):
        return _of_framework(exc)
    if isinstance(exc, Http404):
        return Problem(Code.NOT_FOUND)
    if isinstance(exc, PermissionDenied):
        return Problem(Code.NOT_ALLOWED)
    if isinstance(exc, RequestDataTooBig):
        return Problem(Code.TOO_LARGE)
    if isinstance(exc, TooManyFieldsSent | TooManyFilesSent | MultiPartParserError | SuspiciousOperation):
        return malformed("", "malformed", "The form could not be read.")
    if isinstance(exc, DatabaseError | InterfaceError):
        return _of_database(exc)
    return Problem(Code.SERVER_ERROR)


def _of_refusal(exc: Refused, context: dict[str, Any]) -> Problem:
    if isinstance(exc, Stale):
        view = context["view"]
        current, etag = view.current(exc.current)
        return Problem(Code.STALE, exc.message, headers={"ETag": etag}, current=current)
    if isinstance(exc, Invalid):
        return _of_rules(exc)
    if isinstance(exc, NotFound):
        return Problem(Code.NOT_FOUND)
    code = known(exc.code)
    if isinstance(exc, NotAllowed):
        return Problem(code or Code.NOT_ALLOWED, exc.message)
    if isinstance(exc, LimitReached):
        return Problem(Code.PARALLEL_LIMIT, exc.message, limit=_limit(exc))
    if isinstance(exc, Conflict):
        shown = {"blockers": context["view"].shown_blockers(exc.blockers)} if exc.blockers else {}
        return Problem(code or Code.CONFLICT, exc.message, **shown)
    if isinstance(exc, NotScanned):
        return Problem(Code.NOT_SCANNED, exc.message, headers={"Retry-After": str(RETRY_AFTER_SCANNER)})
    return Problem(code or Code.CONFLICT, exc.message)


def _limit(reached: LimitReached) -> ReachedLimit:
    return {
        "stage": reached.stage.value,
        "business_unit": reached.unit,
        "most": reached.most,
        "initiatives": [
            {"id": one.ref, "name": one.name, "url": initiative_url(one.ref)} for one in reached.seen
        ],
    }


def _of_rules(exc: Invalid) -> Problem:
    codes = {error.code for error in exc.errors}
    promoted = next((code for code in PROMOTED if codes == {code.value}), Code.INVALID)
    return Problem(promoted, _sentences(exc.errors), exc.errors)


def _of_framework(exc: exceptions.APIException) -> Problem:
    headers = {}
    challenge = getattr(exc, "auth_header", None)
    if challenge:
        headers["WWW-Authenticate"] = challenge
    if isinstance(exc, exceptions.ValidationError):
        return Malformed(field_errors(exc.detail))
    if isinstance(exc, exceptions.AuthenticationFailed | exceptions.NotAuthenticated):
        code = Code.BAD_TOKEN if isinstance(exc, BadToken) else Code.NOT_AUTHENTICATED
        return Problem(code, headers=headers)
    if isinstance(exc, exceptions.PermissionDenied):
        csrf = str(exc.detail).startswith("CSRF Failed")
        return Problem(Code.CSRF_FAILED if csrf else Code.NOT_ALLOWED)
    if isinstance(exc, exceptions.Throttled):
        seconds = max(1, ceil(getattr(exc, "wait", None) or 1))
        return Problem(Code.TOO_MANY_REQUESTS, headers={"Retry-After": str(seconds)})
    return Problem(_OF_STATUS.get(exc.status_code, Code.SERVER_ERROR), str(exc.detail))


_OF_STATUS = {
    400: Code.NOT_JSON,
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    406: Code.NOT_ACCEPTABLE,
    415: Code.UNSUPPORTED_MEDIA_TYPE,
}


def _of_database(exc: Exception) -> Problem:
    if isinstance(exc, IntegrityError):
        logger.warning("A constraint held what the rules let through", exc_info=exc)
        code, message = broken_promise(exc)
        return Problem(code, message)
    if isinstance(exc, DataError):
        logger.warning("A value reached the database that it cannot hold", exc_info=exc)
        return malformed("", "out_of_range", "A value is out of range.")
    logger.error("The database refused to work", exc_info=exc)
    return Problem(Code.BUSY, headers={"Retry-After": str(RETRY_AFTER_BUSY)})


_OWN_WORDS = {"null": "required", "invalid": "wrong_type", "not_a_list": "wrong_type", "empty": "required"}
"""The framework's words for what has one name in this contract."""


def field_errors(detail: Any, path: str = "") -> list[FieldError]:
    """The framework's nested errors as one flat list; ``a.0.b`` names a place."""
    if isinstance(detail, Mapping):
        return [
            error
            for name, inner in detail.items()
            for error in field_errors(inner, path if name == "non_field_errors" else _join(path, name))
        ]
    if isinstance(detail, list):
        if all(isinstance(inner, exceptions.ErrorDetail) for inner in detail):
            return [FieldError(path, _OWN_WORDS.get(inner.code, inner.code), str(inner)) for inner in detail]
        return [
            error
            for position, inner in enumerate(detail)
            if inner
            for error in field_errors(inner, _join(path, position))
        ]
    return [FieldError(path, getattr(detail, "code", "malformed"), str(detail))]


def _join(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


def _sentences(errors: Iterable[FieldError]) -> str:
    said = (f"{error.field}: {error.message}" if error.field else error.message for error in errors)
    return " ".join(dict.fromkeys(said))
