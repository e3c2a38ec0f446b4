"""The small values that components take: each may be given as the dataclass or as a dict with its keys.

A wrong key, an unknown tone or an unknown icon raises at once, so that a typo fails a test and not a page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from readiness.ui.icons import ICONS


class Tone(StrEnum):
    """How a thing stands, for the eye. Never the only carrier of it: a word or an icon always goes with it."""

    NEUTRAL = "neutral"
    MUTED = "muted"
    INFO = "info"
    GOOD = "good"
    WARNING = "warning"
    CRITICAL = "critical"
    ACCENT = "accent"


TONE_ICONS = {
    Tone.NEUTRAL: "dot",
    Tone.MUTED: "minus",
    Tone.INFO: "info",
    Tone.GOOD: "check",
    Tone.WARNING: "warning",
    Tone.CRITICAL: "critical",
    Tone.ACCENT: "dot",
}

Part = TypeVar("Part")


def tone_of(word: str) -> str:
    """The tone by its word. Raises ValueError with the words there are."""
    if word not in set(Tone):
        raise ValueError(f"{word!r} is no tone; there are {', '.join(Tone)}")
    return str(word)


def icon_of(name: str, tone: str = Tone.NEUTRAL) -> str:
    """The icon to draw: `name`, or where it is "auto" the one that goes with the tone. Raises ValueError."""
    if name == "auto":
        return TONE_ICONS[Tone(tone)]
    if name and name not in ICONS:
        raise ValueError(f"{name!r} is no icon of static/ui/icons.svg")
    return name


def parts(kind: type[Part], values: Iterable[Part | Mapping[str, Any]]) -> list[Part]:
    """Every value as a `kind`. Raises TypeError for a key that `kind` does not have."""
    return [kind(**value) if isinstance(value, Mapping) else value for value in values]


class Toned:
    """Refuses a tone or an icon that does not exist, when the part is made."""

    def __post_init__(self) -> None:
        tone = tone_of(getattr(self, "tone", Tone.NEUTRAL))
        if hasattr(self, "icon"):
            object.__setattr__(self, "icon", icon_of(self.icon, tone))


@dataclass(frozen=True, kw_only=True)
class Step(Toned):
    """One station of a track."""

    name: str
    status: str
    tone: str = Tone.NEUTRAL
    icon: str = "auto"
    sublabel: str = ""
    href: str = ""
    current: bool = False


@dataclass(frozen=True, kw_only=True)
class Mark(Toned):
    """One small square of a tally: `label` says in words what it stands for."""

    label: str
    tone: str = Tone.NEUTRAL
    icon: str = "auto"
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Link:
    """One tab or one crumb. `count` None shows none; `holds`: the page shown is not this one but lies below it."""

    label: str
    href: str = ""
    current: bool = False
    count: int | None = None
    holds: bool = False


@dataclass(frozen=True, kw_only=True)
class Entry(Toned):
    """One line of a history. `when` is a date, an aware datetime, or words."""

    title: str
    when: date | datetime | str = ""
    who: str = ""
    body: str = ""
    tone: str = Tone.NEUTRAL
    icon: str = "auto"
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice(Toned):
    """One big option of a radio-card group."""

    value: str
    label: str
    hint: str = ""
    tone: str = Tone.ACCENT
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Match:
    """One that a combobox may mean: what stands in the field, its name, what tells it from others, what is posted."""

    value: str
    label: str
    hint: str = ""
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Shortcut:
    """Keys to press, and what they do."""

    keys: tuple[str, ...]
    label: str
