"""Small pure pieces of text and markup."""

import re
from decimal import Decimal
from typing import Any

from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from readiness.ui.local import number
from readiness.ui.rounding import half_up

_BETWEEN_BACKTICKS = re.compile(r"`([^`]+)`")
FORBIDDEN = ("on", "style", "hx-on")


def attributes(given: dict[str, Any]) -> SafeString:
    """Extra HTML attributes from keyword arguments: `hx_get="/x/"` becomes ` hx-get="/x/"`.

    True gives a bare attribute, False, None and "" give none. Raises ValueError for what the content security
    policy would block (`style`, `on…`, `hx-on`).
    """
    names = {name.rstrip("_").replace("_", "-"): value for name, value in given.items()}
    for name in names:
        if name.startswith(FORBIDDEN):
            raise ValueError(f"attribute {name!r} is not allowed: no inline style, no inline script")
    return flatatt({name: value for name, value in names.items() if value not in (None, "", False)})


def with_code(text: Any) -> SafeString:
    """Escaped text in which what stands between two backticks is set as code; a backtick without a second one stays."""
    made = _BETWEEN_BACKTICKS.sub(r"<code>\1</code>", escape(str(text)))
    return mark_safe(made)  # noqa: S308 (escaped one line above)


def initials(name: str) -> str:
    """Two letters for a face: "Ada Lovelace" AL, "ada@example.org" AD, "" a question mark."""
    words = [
        word
        for word in name.replace(".", " ").replace("@", " ").replace("_", " ").split()
        if word[0].isalnum()
    ]
    if not words:
        return "?"
    if "@" in name or len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()


def series_of(name: str, count: int = 6) -> int:
    """A series number (1 to `count`) that stays the same for the same name, whatever process asks."""
    return sum(position * byte for position, byte in enumerate(name.encode(), start=1)) % count + 1


def figure(value: float | Decimal | str | None, digits: int | None = None) -> str:
    """A number as people read it: 2133 → "2,133", 62.5 → "62.5", 62.0 → "62", None → "–". Words pass through.

    Its separators are those of the reader's language.

    `digits` fixes the number of decimals; without it at most one is shown.
    """
    if value is None or value == "":
        return "–"
    if isinstance(value, str):
        return value
    if digits is not None:
        return number(f"{half_up(value, digits):,}")
    return number(f"{half_up(value):,}".removesuffix(".0"))


def signed(value: float | Decimal | None) -> str:
    """A change with its sign: 3 → "+3", -1.5 → "−1.5" (a real minus), 0 → "±0", None → "–"."""
    if value is None:
        return "–"
    if value == 0:
        return "±0"
    return ("+" if value > 0 else "−") + figure(value if value > 0 else -value)
