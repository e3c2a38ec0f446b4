"""Figures at a glance: stat, progress, ring, tally, track."""

from collections.abc import Iterable
from typing import Any

from django import template

from readiness.ui.markup import figure, signed
from readiness.ui.parts import Mark, Step, Tone, icon_of, parts, tone_of

register = template.Library()


@register.inclusion_tag("components/stat.html")
def stat(
    label: str,
    value: Any,
    unit: str = "",
    hint: str = "",
    delta: str = "",
    delta_tone: str = Tone.NEUTRAL,
    icon: str = "",
    tone: str = Tone.NEUTRAL,
    href: str = "",
) -> dict[str, Any]:
    """One figure with its name; `delta` is a change in words or a number, `hint` says what it compares with."""
    change = delta if isinstance(delta, str) else signed(delta)
    values = {
        "label": label,
        "value": figure(value),
        "unit": unit,
        "hint": hint,
        "delta": change,
        "href": href,
    }
    return {**values, "delta_tone": tone_of(delta_tone), "icon": icon_of(icon), "tone": tone_of(tone)}


@register.inclusion_tag("components/progress.html")
def progress(
    value: float,
    max: float = 100,
    label: str = "",
    display: str = "",
    tone: str = Tone.ACCENT,
    limit: float | None = None,
    note: str = "",
    thin: bool = False,
) -> dict[str, Any]:
    """A bar from 0 to `max`, with an optional mark at `limit`. `display` replaces the figures beside it."""
    share = 100 / max if max else 0
    filled = min(100.0, round(float(value) * share, 2)) if max else 0
    at = round(float(limit) * share, 2) if limit is not None and max else None
    shown = display or f"{figure(value)} of {figure(max)}"
    values = {"value": value, "max": max, "label": label, "display": shown, "filled": filled, "limit": at}
    return {**values, "tone": tone_of(tone), "note": note, "thin": thin}


RING_TURN = 100.0


@register.inclusion_tag("components/ring.html")
def ring(
    value: float,
    max: float = 100,
    label: str = "",
    hint: str = "",
    tone: str = Tone.ACCENT,
    display: str = "",
    limit: float | None = None,
    size: str = "",
) -> dict[str, Any]:
    """A score as a ring, with an optional notch at `limit`. Sizes: sm, lg."""
    filled = min(RING_TURN, round(float(value) / max * RING_TURN, 2)) if max else 0
    notch = round(float(limit) / max * 360 - 90, 2) if limit is not None and max else None
    values = {"value": value, "max": max, "label": label, "hint": hint, "tone": tone_of(tone), "size": size}
    return {
        **values,
        "display": display or figure(value),
        "filled": filled,
        "rest": RING_TURN,
        "notch": notch,
    }


@register.inclusion_tag("components/tally.html")
def tally(marks: Iterable, label: str) -> dict[str, Any]:
    """A row of small squares, one a mark."""
    return {"marks": parts(Mark, marks), "label": label}


@register.inclusion_tag("components/track.html")
def track(steps: Iterable, label: str, vertical: bool = False) -> dict[str, Any]:
    """Stations one after another: beside each other where there is room, below each other on a phone."""
    return {"steps": parts(Step, steps), "label": label, "vertical": vertical}
