"""Questions by key that are put at every answer: building their SQL anew would cost more than asking it."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)

_FIRST_MARK = 2**62
"""Stands for the first key while the SQL is built; no row has such a key."""
KEPT = 64


class Prepared(Generic[Row]):
    """A question whose SQL Django builds once for each database and number of keys.

    ``build`` makes the queryset from the keys, such as ``lambda keys: Answer.objects.filter(assessment__in=keys)``.
    It is called with stand-ins, so it may use them as values of its filters only, each once at least, and neither
    ``select_related`` nor ``prefetch_related``. Rows come as from the queryset, annotations included.
    """

    def __init__(self, build: Callable[[Sequence[int]], models.QuerySet[Row]]) -> None:
        self._build = build
        self._built: dict[tuple[str, int], tuple[type[Row], str, tuple[Any, ...]]] = {}

    def __call__(self, *keys: int) -> list[Row]:
        """The rows for these keys; none, and no query, for no key."""
        if not keys:
            return []
        if len(keys) > KEPT:  # a batch is of any size, and among so many rows the building is lost
            return list(self._build(keys))
        model, sql, params = self._statement(len(keys))
        given = [keys[param - _FIRST_MARK] if _is_mark(param) else param for param in params]
        return list(model._default_manager.raw(sql, given))

    def one(self, *keys: int) -> Row | None:
        """The row of a question that has one answer at most."""
        return next(iter(self(*keys)), None)

    def _statement(self, count: int) -> tuple[type[Row], str, tuple[Any, ...]]:
        kind = (connection.vendor, count)
        if kind not in self._built:
            marks = range(_FIRST_MARK, _FIRST_MARK + count)
            rows = self._build(marks)
            sql, params = rows.query.sql_with_params()
            if rows.query.select_related or {param for param in params if _is_mark(param)} != {*marks}:
                raise ValueError(
                    "A prepared question takes each of its keys as a value, and one table's rows."
                )
            self._built[kind] = rows.model, sql, params
        return self._built[kind]


def _is_mark(param: object) -> bool:
    return isinstance(param, int) and param >= _FIRST_MARK
