"""How texts of a spreadsheet are compared: spellings of one thing are one thing.

Pure: standard library only.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

_LIKE = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u00b4": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    }
)  # fmt: skip


def folded(text: str) -> str:
    """The text without what does not matter: case, kinds of quotes, dashes and spaces, runs of white space."""
    plain = unicodedata.normalize("NFKC", text).translate(_LIKE)
    return " ".join(plain.casefold().split())


def one_line(text: str) -> str:
    """Line breaks and runs of white space as single spaces."""
    return " ".join(text.split())


def shortened(text: str, limit: int) -> str:
    """The text if it has at most ``limit`` characters, else its beginning, cut at a word, with an ellipsis."""
    if len(text) <= limit:
        return text
    at_word = text[:limit].rsplit(" ", 1)[0]
    return (at_word if limit // 2 < len(at_word) < limit else text[: limit - 1]).rstrip() + "\u2026"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text was read as. ``word`` is None where it says nothing; ``known`` is False where nobody said how."""

    word: str | None
    known: bool = True


@dataclass(frozen=True, slots=True)
class Spellings:
    """A table from spellings to words. A spelling that ends in ``*`` stands for every text that begins so.

    An exact spelling wins over a beginning, a longer beginning over a shorter one.
    """

    exact: dict[str, str | None] = field(default_factory=dict)
    beginnings: tuple[tuple[str, str | None], ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str | None]]) -> "Spellings":
        """``pairs`` of spelling and word; a word of None is a spelling that says nothing."""
        exact: dict[str, str | None] = {}
        beginnings: dict[str, str | None] = {}
        for spelling, word in pairs:
            if spelling.endswith("*"):
                beginnings[folded(spelling[:-1])] = word
            else:
                exact[folded(spelling)] = word
        longest_first = sorted(beginnings.items(), key=lambda pair: (-len(pair[0]), pair[0]))
        return cls(exact, tuple(longest_first))

    def read(self, text: str) -> Reading:
        plain = folded(text)
        if plain in self.exact:
            return Reading(self.exact[plain])
        for beginning, word in self.beginnings:
            if plain.startswith(beginning):
                return Reading(word)
        return Reading(None, known=False)

    def words(self) -> frozenset[str]:
        """Every word the table leads to."""
        all_words = [*self.exact.values(), *(word for _, word in self.beginnings)]
        return frozenset(word for word in all_words if word is not None)
