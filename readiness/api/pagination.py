"""Pages by key, not by number: rows that come or go meanwhile neither repeat nor hide others."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Model, Q
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from readiness.api.errors import malformed
from readiness.api.texts import text_errors

if TYPE_CHECKING:  # the framework's views import this module
    from rest_framework.views import APIView

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
CURSOR_MAX = 500
KEYS_END = 2**63


@dataclass(frozen=True, slots=True)
class Order:
    """An order of rows: a column that is never null, then the key. A leading ``-`` turns both round."""

    column: str
    descending: bool = False

    @classmethod
    def of(cls, word: str) -> "Order":
        return cls(word.removeprefix("-"), word.startswith("-"))

    def sorting(self, backwards: bool) -> list[str]:
        sign = "-" if self.descending is not backwards else ""
        return [f"{sign}{self.column}"] if self.column == "pk" else [f"{sign}{self.column}", f"{sign}pk"]

    def beyond(self, place: "Place") -> Q:
        """The rows behind a place, or before it when paging backwards."""
        than = "lt" if self.descending is not place.backwards else "gt"
        if self.column == "pk":
            return Q(**{f"pk__{than}": place.key})
        return Q(**{f"{self.column}__{than}": place.value}) | Q(
            **{self.column: place.value, f"pk__{than}": place.key}
        )


@dataclass(frozen=True, slots=True)
class Place:
    """The row that a page begins behind (or ends before)."""

    value: Any
    key: int
    backwards: bool


class KeysetPagination(BasePagination):
    """``{"next", "previous", "results"}`` by ``?limit=`` and an opaque ``?cursor=``.

    The view says the order of its rows (``order``) and holds the checked query (``filters``).
    """

    def __init__(self) -> None:
        self._next: str | None = None
        self._previous: str | None = None

    def paginate_queryset(self, queryset: Any, request: Request, view: "APIView | None" = None) -> list[Any]:
        order: Order = getattr(view, "order", Order("pk"))
        filters: dict[str, Any] = getattr(view, "filters", {})
        limit = filters.get("limit", DEFAULT_LIMIT)
        place = place_of(filters, queryset.model, order)
        backwards = place is not None and place.backwards
        rows = queryset.order_by(*order.sorting(backwards))
        if place is not None:
            rows = rows.filter(order.beyond(place))
        found = list(rows[: limit + 1])
        more, page = len(found) > limit, found[:limit]
        if backwards:
            page.reverse()
        if page:
            if more or backwards:
                self._next = linked(request, order, page[-1], backwards=False)
            if (more and backwards) or (place is not None and not backwards):
                self._previous = linked(request, order, page[0], backwards=True)
        return page

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self._next, "previous": self._previous, "results": data})


def place_of(filters: Mapping[str, Any], model: type[Model], order: Order) -> Place | None:
    """The place that the query's cursor names, if it has one. Raises Malformed."""
    word = filters.get("cursor")
    return None if word is None else decoded(word, _field(model, order.column))


def linked(request: Request, order: Order, row: Model, *, backwards: bool) -> str:
    """The address of the page that begins behind a row, or ends before it."""
    url = remove_query_param(request.build_absolute_uri(), "cursor")
    return replace_query_param(url, "cursor", encoded(order, row, backwards=backwards))


def part_of(rows: Sequence[Any], request: Request, filters: Mapping[str, Any]) -> Response:
    """A page of a list that is at hand as a whole and of which nothing comes or goes: all of it without a ``limit``.

    Its cursor is the number of the first row. Raises Malformed.
    """
    word = filters.get("cursor", "0")
    if not (word.isascii() and word.isdigit() and len(word) < 10 and int(word) <= len(rows)):
        raise malformed("cursor", "bad_cursor", "Take it from `next` or `previous` as it is.")
    start = int(word)
    limit = filters.get("limit", len(rows))
    end = start + limit
    here = request.build_absolute_uri()
    following = replace_query_param(here, "cursor", str(end)) if end < len(rows) else None
    previous = replace_query_param(here, "cursor", str(max(0, start - limit))) if start else None
    return Response({"next": following, "previous": previous, "results": rows[start:end]})


def encoded(order: Order, row: Model, *, backwards: bool) -> str:
    """The place of a row as a cursor."""
    field = _field(type(row), order.column)
    value: Any = row
    for name in order.column.split("__"):
        value = getattr(value, name)
    text = json.dumps([field.get_prep_value(value), row.pk, int(backwards)], default=_words)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decoded(word: str, field: "Field[Any, Any]") -> Place:
    """The place that a cursor names. Raises Malformed for anything this did not make."""
    wrong = malformed("cursor", "bad_cursor", "Take it from `next` or `previous` as it is.")
    if len(word) > CURSOR_MAX:
        raise wrong
    try:
        parts = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        value, key, backwards = parts
        value = field.to_python(value)
    except (ArithmeticError, RecursionError, TypeError, ValidationError, ValueError, binascii.Error) as error:
        raise wrong from error
    if not _holds(value) or type(key) is not int or not 0 < key < KEYS_END or backwards not in (0, 1):
        raise wrong
    return Place(value, key, bool(backwards))


def _holds(value: Any) -> bool:
    """Whether every database can compare with it."""
    if isinstance(value, str):
        return not text_errors("", value)
    if isinstance(value, datetime):
        return value.tzinfo is not None and MINYEAR < value.year < MAXYEAR
    if isinstance(value, Decimal):
        return value.is_finite() and abs(value) < KEYS_END
    if isinstance(value, int):
        return not isinstance(value, bool) and 0 <= value < KEYS_END
    return isinstance(value, date)


def _words(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _field(model: type[Model], column: str) -> "Field[Any, Any]":
    *way, last = column.split("__")
    for name in way:
        related = model._meta.get_field(name).related_model
        if not isinstance(related, type):
            raise FieldDoesNotExist(column)
        model = related
    found: Field[Any, Any] = model._meta.pk if last == "pk" else model._meta.get_field(last)  # type: ignore[assignment]
    return found
