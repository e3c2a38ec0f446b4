"""The readiness badge: a small picture of one initiative's verdict and score."""

from typing import NamedTuple

from django.template.loader import render_to_string

from readiness.api.renderers import AsItIs
from readiness.standing.models import Standing
from readiness.standing.verdict import Verdict
from readiness.standing.words import VERDICT_WORDS

LETTER = 6.2
"""Pixels that a letter of 11 px takes in the fonts named there; the picture fits its words to it in any other."""
MARGIN = 8


class Tone(NamedTuple):
    fill: str
    text: str


TONES = {
    "good": Tone("#1a8052", "#ffffff"),
    "warning": Tone("#c27a0a", "#1f1300"),
    "neutral": Tone("#667080", "#ffffff"),
}
"""Of the solid colours in ``tokens.css``: a picture on a foreign page knows no style sheet of ours."""


def badge(standing: Standing) -> str:
    """The picture as SVG; the words are in its title too."""
    word = VERDICT_WORDS[Verdict(standing.verdict)]
    name, says = "Readiness", f"{standing.score} · {word.label}"
    left_text, right_text = round(len(name) * LETTER), round(len(says) * LETTER)
    left, right = left_text + 2 * MARGIN, right_text + 2 * MARGIN
    shown = {
        "name": name,
        "says": says,
        "tone": TONES[word.tone],
        "left": left,
        "seam": left - 6,
        "right": right,
        "width": left + right,
        "left_text": left_text,
        "right_text": right_text,
        "right_from": left + MARGIN,
    }
    return render_to_string("api/badge.svg", shown)


class SvgRenderer(AsItIs):
    media_type = "image/svg+xml"
    format = "svg"
