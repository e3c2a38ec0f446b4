"""How lessons are searched by their words: full text on PostgreSQL, a plain search of the same words on SQLite.

Both hold a text against the same words, cut by ``words_of``, so that the same question finds the same rows.
"""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func
from django.db.models.sql.compiler import SQLCompiler

from gates.querysets import sort_key

WORD_MAX = 100
"""Longer ones are cut, in the text and in the question alike: PostgreSQL takes no word of more than 2,046 bytes."""
ASKED_MAX = 20
"""So many words of one question count."""

_WORD_CATEGORIES = frozenset("LMN")  # letters, the marks upon them, numbers
Compiled = tuple[str, tuple[Any, ...]]


def words_of(text: str) -> list[str]:
    """The words of a text in order: case folded, without accents; whatever is no letter or number parts them."""
    kept = (
        letter if unicodedata.category(letter)[0] in _WORD_CATEGORIES else " " for letter in sort_key(text)
    )
    return [word[:WORD_MAX] for word in "".join(kept).split()]


def word_key(texts: Iterable[str]) -> str:
    """What is stored to be searched: each word of these texts once, parted by single spaces."""
    return " ".join(dict.fromkeys(words_of(" ".join(texts))))


class HoldsWords(Func):
    """Whether a ``word_key`` column holds, for each of these words, a word that begins with it.

    The words are those of ``words_of``. On PostgreSQL this is what the indexes of gates migration 0005 answer.
    """

    output_field = BooleanField()

    def __init__(self, column: str, words: tuple[str, ...]) -> None:
        super().__init__(F(column))
        self.words = words[:ASKED_MAX]

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> Compiled:
        column, params = compiler.compile(self.source_expressions[0])
        test = " AND ".join([f"(' ' || {column}) LIKE %s"] * len(self.words))
        return f"({test})", tuple(value for word in self.words for value in (*params, f"% {word}%"))

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> Compiled:
        column, params = compiler.compile(self.source_expressions[0])
        asked = " & ".join(f"'{word}':*" for word in self.words)
        return f"(array_to_tsvector(string_to_array({column}, ' ')) @@ %s::tsquery)", (*params, asked)
