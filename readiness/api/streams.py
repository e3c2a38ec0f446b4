"""Answers that are written while they are read: a line for each row, with no more than one batch of rows in memory."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from readiness.actions.errors import FieldError
from readiness.api.errors import Malformed
from readiness.api.pagination import Order, Place
from readiness.ui.cells import no_formula

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
    paged = [name for name in NOT_PAGED if name in filters]
    if paged:
        raise Malformed([FieldError(name, "unknown_filter", "A stream has no pages.") for name in paged])
    documents = (one for batch in _batches(rows, order) for one in told(batch))
    renderer = request.accepted_renderer
    lines = _csv(documents, columns) if isinstance(renderer, CsvStream) else _ndjson(documents)
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


def _ndjson(documents: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for one in documents:
        yield json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n"


class _Line:
    """A file to write to that hands back what was written."""

    def write(self, text: str) -> str:
        return text


def _csv(documents: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(columns)  # type: ignore[misc]  # it returns what the file's `write` does
    for one in documents:
        yield writer.writerow([_cell(one[name]) for name in columns])  # type: ignore[misc]


def _cell(value: Any) -> str:
    """Text that no spreadsheet takes for a formula; what is nested as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return no_formula(value)
    return json.dumps(value, ensure_ascii=False)
