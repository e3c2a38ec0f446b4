"""The tables as rows, and what each cell expects."""

from dataclasses import dataclass

from readiness.accounts.models import Scope
from tests.access.cast import EVERYBODY, OUTSIDE, STRANGERS
from tests.access.tables import API, PAGES

ALLOWED, SIGN_IN = "ok", "in"
PLACES = ("open", "own", "others", "ended")


@dataclass(frozen=True)
class Row:
    """One row of a table. ``scope`` is None for pages, and for what is public in the API."""

    key: str
    method: str
    ok: int
    ended: int | None
    cells: dict[str, str]
    is_api: bool
    scope: Scope | None

    @property
    def route(self) -> str:
        """The full name of the route, without the variant."""
        return self.key if self.key.startswith("ui:") else self.key.partition(":")[0]

    @property
    def id(self) -> str:
        return f"{self.method} {self.key}"

    @property
    def changes_something(self) -> bool:
        return self.method not in ("GET", "HEAD")

    @property
    def places(self) -> tuple[str, ...]:
        """Before which initiatives the cells are tried: one will do where a row is about none."""
        return ("open",) if self.ended is None else PLACES

    def expected(self, who: str, place: str) -> str:
        """The word of this person's cell before this initiative."""
        column = "nobody" if who in OUTSIDE else who
        if place == "own" and column in ("omar", "nils"):
            return "404"
        if place == "others" and column != "nobody":
            column = STRANGERS.get(column, column)
            if not column:
                return "404"
        return self.cells[column]

    def status(self, word: str, place: str) -> int:
        """The status that a word stands for here."""
        if word == ALLOWED:
            return self.ended if place == "ended" and self.ended is not None else self.ok
        if word == SIGN_IN:
            return 401 if self.is_api else 302
        return int(word)


def _rows(table: str, is_api: bool) -> list[Row]:
    heading, *lines = [line.split() for line in table.splitlines() if line.strip()]
    names = heading[5 if is_api else 4 :]
    assert {"gone", *names} == set(EVERYBODY)
    return [_row(line, names, is_api) for line in lines]


def _row(words: list[str], names: list[str], is_api: bool) -> Row:
    key, method, *rest = words
    scope = rest.pop(0) if is_api else "-"
    ok, ended, *cells = rest
    return Row(
        key=key,
        method=method,
        ok=int(ok),
        ended=None if ended == "-" else int(ended),
        cells=dict(zip(names, cells, strict=True)),
        is_api=is_api,
        scope=None if scope == "-" else Scope(scope),
    )


ROWS = [*_rows(PAGES, is_api=False), *_rows(API, is_api=True)]
