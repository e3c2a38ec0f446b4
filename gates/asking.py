"""Questions by key that are put at every answer: building their SQL anew would cost more than asking it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row", bound=models.Model)

_FIRST_MARK = 2**62
"""Stands for the first key while the SQL is built; no row has such a key."""
KEPT = 64


class Prepared(Generic[Row]):
    """A question whose SQL Django builds once for each database and number of keys.

    ``build`` makes the queryset from the keys, such as ``lambda keys: Answer.objects.filter(assessment__in=keys)``.
    It is called with stand-ins, so it may use them as values of its filters only, each once at least, and no
    ``prefetch_related``. Rows come as from the queryset: related rows, annotations and locks included.
    """

    def __init__(self, build: Callable[[Sequence[int]], models.QuerySet[Row]]) -> None:
        self._build = build
        self._built: dict[tuple[str, int], _Statement[Row]] = {}

    def __call__(self, *keys: int) -> list[Row]:
        """The rows for these keys; none, and no query, for no key."""
        if not keys:
            return []
        if len(keys) > KEPT:  # a batch is of any size, and among so many rows the building is lost
            return list(self._build(keys))
        return self._asked(keys)

    def all(self) -> list[Row]:
        """The rows of a question that no key narrows."""
        return self._asked(())

    def _asked(self, keys: Sequence[int]) -> list[Row]:
        statement = self._statement(len(keys))
        if statement.locks and connection.get_autocommit():
            raise TransactionManagementError("Rows are locked inside of a transaction only.")
        return statement.rows(keys)

    def one(self, *keys: int) -> Row | None:
        """The row of a question that has one answer at most."""
        return next(iter(self(*keys)), None)

    def _statement(self, count: int) -> "_Statement[Row]":
        kind = (connection.vendor, count)
        if kind not in self._built:
            marks = range(_FIRST_MARK, _FIRST_MARK + count)
            rows = self._build(marks)
            compiler = rows.query.get_compiler(connection=connection)
            sql, params = compiler.as_sql()
            if {param for param in params if _is_mark(param)} != {*marks}:
                raise ValueError("A prepared question takes each of its keys as a value.")
            if rows._prefetch_related_lookups:  # type: ignore[attr-defined]  # of Django, for itself
                raise ValueError("A prepared question is one query.")
            columns = [column for column, _sql, _alias in compiler.select]
            own = compiler.klass_info["select_fields"]
            self._built[kind] = _Statement(
                rows.model,
                sql,
                params,
                bool(rows.query.select_for_update),
                [columns[place].target.attname for place in own],
                slice(own[0], own[-1] + 1),
                {place: name for name, place in compiler.annotation_col_map.items()},
                get_related_populators(compiler.klass_info, compiler.select, connection.alias),  # type: ignore[call-arg]
                compiler.get_converters(columns),
            )
        return self._built[kind]


@dataclass(frozen=True, slots=True)
class _Statement(Generic[Row]):
    """SQL and how its rows become instances.

    ``fields`` are the names of the columns in ``own``. ``annotations`` are names by the place of their column,
    ``converters`` what Django has to do there, ``related`` what makes the rows that ``select_related`` brings.
    """

    model: type[Row]
    sql: str
    params: tuple[Any, ...]
    locks: bool
    fields: list[str]
    own: slice
    annotations: dict[int, str]
    related: list[Any]
    converters: dict[int, tuple[list[Any], Any]]

    def rows(self, keys: Sequence[int]) -> list[Row]:
        """What ``raw()`` does, without finding out for every row set anew what its columns are."""
        given = [keys[param - _FIRST_MARK] if _is_mark(param) else param for param in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, given)
            return [self._instance(list(values)) for values in cursor.fetchall()]

    def _instance(self, values: list[Any]) -> Row:
        for place, (converters, expression) in self.converters.items():
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        row = self.model.from_db(connection.alias, self.fields, values[self.own])
        for populator in self.related:
            populator.populate(values, row)
        for place, name in self.annotations.items():
            setattr(row, name, values[place])
        return row


def _is_mark(param: object) -> bool:
    return isinstance(param, int) and param >= _FIRST_MARK
