"""Sentences that know how they were made, so that they can be said again in another language.

Pure: standard library only. A ``Said`` is a str, and its value is the English sentence: that is what is stored, what
REST answers and what history keeps. Beside it, it carries its template and what was put into it;
``readiness.ui.saying`` translates these at the moment of display.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

Part = str | int | date | Decimal
"""What stands in a sentence: names and texts of people as they are, numbers, days, and what is said itself."""

CATALOGUE, CONTENT, FIGURE, AS_IT_IS = "django", "content", "figure", ""
"""Where the translation of a template stands: among the sentences of the code, those of the contents, or nowhere. Of a
figure only the writing changes."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Said(str):
    """A sentence or a word. ``template`` names its parts in braces; of a plural it is the form that English takes.

    ``one`` and ``many`` are both forms of a plural by ``parts["count"]``, else "". ``capital``: it begins with a
    capital letter, whatever its first part is.
    """

    template: str
    parts: Mapping[str, Part]
    domain: str
    one: str
    many: str
    capital: bool

    def __new__(
        cls,
        template: str,
        parts: Mapping[str, Part] | None = None,
        *,
        domain: str = CATALOGUE,
        one: str = "",
        many: str = "",
        capital: bool = False,
    ) -> "Said":
        given = dict(parts or {})
        text = (
            template.format_map({name: in_english(part) for name, part in given.items()})
            if given
            else template
        )
        made = super().__new__(cls, _capital(text) if capital else text)
        made.template, made.parts, made.domain = template, given, domain
        made.one, made.many, made.capital = one, many, capital
        return made

    def __deepcopy__(self, memo: dict[int, Any]) -> "Said":
        return self

    def __reduce__(self) -> Any:
        return restored, (str(self), self.stored())

    def stored(self) -> dict[str, Any]:
        """Its parts as JSON holds them, beside the sentence itself."""
        kept: dict[str, Any] = {"template": self.template}
        kept |= {"domain": self.domain} if self.domain != CATALOGUE else {}
        kept |= {"one": self.one, "many": self.many} if self.one else {}
        kept |= {"capital": True} if self.capital else {}
        if self.parts:
            kept["parts"] = {name: _stored_part(part) for name, part in self.parts.items()}
        return kept


def said(template: str, /, **parts: Part) -> Said:
    """A sentence with its parts by name, such as ``said("{name} is away.", name=person)``."""
    return Said(template, parts)


def template(text: str) -> str:
    """Marks a template that is said further on, so that it comes into the catalogue."""
    return text


def said_of(one: str, many: str, count: int, /, **parts: Part) -> Said:
    """One of two sentences by a count, which stands in them as ``{count}``."""
    return Said(one if count == 1 else many, {"count": count, **parts}, one=one, many=many)


def content(text: str, /, **parts: Part) -> Said:
    """A text of the contents (a framework, the flags' definitions), with its parts by name where it has any."""
    return Said(text, parts, domain=CONTENT)


def figure(text: str) -> Said:
    """A figure as English writes it, such as "1,250.50"; the reader's language may part its digits otherwise."""
    return Said(text, domain=FIGURE)


def together(template: str, /, **parts: Part) -> Said:
    """Parts that stand side by side in every language alike, such as ``together("{currency} {amount}", …)``."""
    return Said(template, parts, domain=AS_IT_IS)


def joined(some: Iterable[str], between: str = " ") -> str:
    """Sentences or words one after the other."""
    found = list(some)
    if not any(isinstance(one, Said) for one in found):
        return between.join(found)
    names = [f"part{place}" for place in range(len(found))]
    template = between.replace("{", "{{").replace("}", "}}").join(f"{{{name}}}" for name in names)
    return Said(template, dict(zip(names, found, strict=True)), domain=AS_IT_IS)


def listed(names: Iterable[str]) -> str:
    """Names as a sentence lists them: "A", "A and B", "A, B and C"."""
    *before, last = names
    return said("{names} and {last}", names=joined(before, ", "), last=last) if before else last


def capitalised(sentence: str) -> str:
    """With a capital first letter; the rest as it is."""
    if not isinstance(sentence, Said):
        return _capital(sentence)
    return Said(
        sentence.template,
        sentence.parts,
        domain=sentence.domain,
        one=sentence.one,
        many=sentence.many,
        capital=True,
    )


def restored(text: str, stored: object) -> str:
    """A sentence that was kept with its parts. Where these do not make it (an older row has none), the text alone."""
    if not isinstance(stored, Mapping) or not isinstance(stored.get("template"), str):
        return text
    try:
        parts = {name: _restored_part(part) for name, part in stored.get("parts", {}).items()}
        made = Said(
            stored["template"],
            parts,
            domain=stored.get("domain", CATALOGUE),
            one=stored.get("one", ""),
            many=stored.get("many", ""),
            capital=bool(stored.get("capital", False)),
        )
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, ArithmeticError):
        return text
    return made if made == text else text


def stored_parts(text: str) -> dict[str, Any]:
    """What is kept beside a text: the parts of what was said, nothing of any other."""
    return text.stored() if isinstance(text, Said) else {}


def plain_date(day: date) -> str:
    """A day as people write it in English, `3 May 2026`, whatever the server's locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def in_english(part: Part) -> str:
    if isinstance(part, Decimal):
        return f"{part.normalize():f}"
    return plain_date(part) if isinstance(part, date) else str(part)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _stored_part(part: Part) -> Any:
    if isinstance(part, Said):
        return {"said": part.stored(), "text": str(part)}
    if isinstance(part, date):
        return {"day": part.isoformat()}
    return {"number": in_english(part)} if isinstance(part, Decimal) else part


def _restored_part(kept: Any) -> Part:
    if isinstance(kept, str | int):
        return kept
    if "said" in kept:
        return restored(kept["text"], kept["said"])
    return date.fromisoformat(kept["day"]) if "day" in kept else Decimal(kept["number"])
