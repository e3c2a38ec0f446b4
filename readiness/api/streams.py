"""Answers that are written while they are read: a line for each row, with no more than one batch of rows in memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from readiness.actions.errors import FieldError
from readiness.api.errors import Malformed
from readiness.api.pagination import Order, Place
from readiness.ui.lines import csv_lines, ndjson_lines

BATCH = 200
NOT_PAGED = ("limit", "cursor")
Told = Callable[[Sequence[Any]], Sequence[Mapping[str, Any]]]


class _Streamed(JSONRenderer):
    """Names the media type. What streams is never rendered, so all that comes here is a refusal."""

    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        return super().render(data, "application/json", renderer_context)


class CsvStream(_Streamed):
    media_type = "text/csv"
    format = "csv"


class NdjsonStream(_Streamed):
    media_type = "application/x-ndjson"
    format = "ndjson"


def streams(request: Request) -> bool:
    """Whether a stream is asked for."""
    return isinstance(request.accepted_renderer, _Streamed)


def streamed(
    request: Request,
    rows: QuerySet[Any],
    order: Order,
    told: Told,
    columns: Sequence[str],
    filters: Mapping[str, Any],
) -> StreamingHttpResponse:
    """All rows in their order, as the media type asked for. Raises Malformed where a page is asked for.

    ``columns`` are the keys of what is told of a row. A row that changes its place meanwhile comes once more there.
    """
    refuse_pages(filters)
    documents = (one for batch in _batches(rows, order) for one in told(batch))
    return streamed_documents(request, documents, columns)


def refuse_pages(filters: Mapping[str, Any]) -> None:
    """Raises Malformed where a page is asked for: a stream has none."""
    paged = [name for name in NOT_PAGED if name in filters]
    if paged:
        raise Malformed([FieldError(name, "unknown_filter", "A stream has no pages.") for name in paged])


def streamed_documents(
    request: Request,
    documents: Iterable[Mapping[str, Any]],
    columns: Sequence[str],
) -> StreamingHttpResponse:
    """What is told of rows, as the media type asked for; a table has these ``columns``."""
    renderer = request.accepted_renderer
    lines = csv_lines(documents, columns) if isinstance(renderer, CsvStream) else ndjson_lines(documents)
    asked = lines if request.method != "HEAD" else ()
    return StreamingHttpResponse(asked, content_type=f"{renderer.media_type}; charset=utf-8")


def _batches(rows: QuerySet[Any], order: Order) -> Iterator[list[Any]]:
    """By the key of the last row that was read, as pages are."""
    rows = rows.order_by(*order.sorting(backwards=False))
    batch = list(rows[:BATCH])
    while batch:
        yield batch
        value = batch[-1]
        for name in order.column.split("__"):
            value = getattr(value, name)
        behind = Place(value, batch[-1].pk, backwards=False)
        batch = list(rows.filter(order.beyond(behind))[:BATCH]) if len(batch) == BATCH else []
