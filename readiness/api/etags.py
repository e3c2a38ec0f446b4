"""Versions as ETags: what a write was based on, and what a read has seen already."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from gates.models import Assignment, ExitCriterion, Initiative, Kpi
from readiness.actions.acting import locked
from readiness.actions.administering import begin_administration
from readiness.actions.errors import Stale
from readiness.api.errors import malformed
from readiness.audit.recording import Actor


def initiative_etag(initiative: Initiative) -> str:
    """Grows with every change of the initiative's own fields, people, stage or hold."""
    return f'"{initiative.ref}-{initiative.version}"'


def roadmap_etag(ref: str, version: int) -> str:
    """Grows with every change of the roadmap and every phase that begins; 0 while there is none."""
    return f'"{ref}-roadmap-{version}"'


def item_etag(code: str, version: int) -> str:
    """Grows with every change of an item's answer, note or evidence; 0 while nothing was said."""
    return f'"{code}-{version}"'


def kpi_etag(kpi: Kpi) -> str:
    """Grows with every change of the KPI's own fields; readings are none."""
    return f'"kpi-{kpi.pk}-{kpi.version}"'


def criterion_etag(criterion: ExitCriterion) -> str:
    """Grows with every change of what was agreed; triggers and decisions are none."""
    return f'"exit-{criterion.pk}-{criterion.version}"'


def assignment_etag(assignment: Assignment) -> str:
    """Grows with every change of an assignment, and when it ends."""
    return f'"assignment-{assignment.pk}-{assignment.version}"'


def expected(request: Request) -> list[str] | None:
    """The tags of ``If-Match``; None where there is none, or it asks for whatever stands. Raises Malformed."""
    header = request.headers.get("If-Match")
    if header is None:
        return None
    tags = parse_etags(header)
    if not tags:
        raise malformed("If-Match", "wrong_type", 'One or more ETags in quotes, such as "AI-0042-7", or *.')
    return None if tags == ["*"] else tags


@contextmanager
def unchanged(
    request: Request, initiative_id: int, by: Actor, standing: Callable[[Initiative], tuple[Any, str]]
) -> Iterator[None]:
    """Hold the write within against ``If-Match``, under the initiative's row lock.

    ``standing`` gives what the write is about and its ETag as it stands. Raises Stale.
    """
    tags = expected(request)
    if tags is None:
        yield
        return
    with transaction.atomic():
        about, etag = standing(locked(initiative_id, by))
        if etag not in tags:
            raise Stale(about)
        yield


@contextmanager
def content_unchanged(request: Request, by: Actor, read: Callable[[], Any]) -> Iterator[None]:
    """Hold an admin's write within against ``If-Match``, under the organisation's row lock.

    ``read`` gives what the write replaces, as ``conditional`` told it. Raises Stale with it, or NotAllowed.
    """
    tags = expected(request)
    if tags is None:
        yield
        return
    with transaction.atomic():
        begin_administration(by)
        standing = read()
        if content_etag(standing) not in tags:
            raise Stale(standing)
        yield


def content_etag(data: Any) -> str:
    """Changes with anything that is told."""
    return f'"{hashlib.sha256(JSONRenderer().render(data)).hexdigest()[:32]}"'


def conditional(request: Request, data: Any) -> Response:
    """The data with an ETag of its content; 304 without it where the client has it already."""
    etag = content_etag(data)
    seen = parse_etags(request.headers.get("If-None-Match", ""))
    known = seen == ["*"] or etag in {tag.removeprefix("W/") for tag in seen}
    response = Response(status=304) if known else Response(data)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Authorization", "Cookie"])
    return response
