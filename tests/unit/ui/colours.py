"""Colours as WCAG 2.2 measures them, and the tokens of the product's style sheet."""

import re
from pathlib import Path

STATIC = Path(__file__).resolve().parents[3] / "readiness" / "ui" / "static" / "ui"
PAIR = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)")
THEMES = ("light", "dark")


def tokens() -> dict[str, dict[str, str]]:
    """Every colour token of tokens.css, per theme."""
    found = PAIR.findall((STATIC / "tokens.css").read_text())
    return {
        "light": {name: light for name, light, _ in found},
        "dark": {name: dark for name, _, dark in found},
    }


def channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2): 0 black, 1 white."""
    parts = [value / 255 for value in channels(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(over: str, under: str, percent: float) -> str:
    """CSS color-mix(in srgb, over percent, under)."""
    pairs = zip(channels(over), channels(under), strict=True)
    return "#" + "".join(f"{round(a * percent / 100 + b * (1 - percent / 100)):02x}" for a, b in pairs)
