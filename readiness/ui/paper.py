"""Drawings for a document that no browser lays out: each carries its own colours, and its icons are drawn in.

What lays a PDF out applies no style sheet of the page to a drawing, and follows no reference to another file. Colours
are those of the tokens in the light, so that paper and screen never drift apart.
"""

import base64
import re
from collections.abc import Mapping
from functools import cache
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path

STATIC = Path(__file__).parent / "static" / "ui"
_TOKEN = re.compile(r"--([\w-]+):\s*(?:light-dark\((#[0-9a-fA-F]{6}),|(#[0-9a-fA-F]{6});)")
_SYMBOL = re.compile(r'<symbol id="([\w-]+)"([^>]*)>(.*?)</symbol>', re.S)
_USE = re.compile(r'<use\s[^>]*?#([\w-]+)"\s*/?>(?:</use>)?')
_TITLE = re.compile(r"<title>.*?</title>", re.S)
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
XMLNS = "http://www.w3.org/2000/svg"
FONTS = "Liberation Sans, Noto Sans, DejaVu Sans, sans-serif"
_SIZES: Mapping[str, tuple[int, int]] = {
    "plot__area": (600, 216),
    "plot__side": (44, 216),
    "curves__area": (600, 300),
    "curves__side": (44, 300),
    "curves__swatch": (28, 12),
}
"""Of drawings that a page makes as wide as it is: their width on paper, and the height of their style sheets."""
_STRETCHED = re.compile(r'\s(?:viewBox|preserveAspectRatio)="[^"]*"')
_STROKE = re.compile(r"([MLHV])([^MLHVZ]*)")


@cache
def tokens() -> Mapping[str, str]:
    """Every colour by its name, as it is in the light."""
    text = (STATIC / "tokens.css").read_text(encoding="utf-8")
    return {name: light or plain for name, light, plain in _TOKEN.findall(text)}


@cache
def _symbols() -> Mapping[str, tuple[str, str]]:
    text = (STATIC / "icons.svg").read_text(encoding="utf-8")
    return {name: (attributes, drawn) for name, attributes, drawn in _SYMBOL.findall(text)}


def mixed(colour: str, share: float, ground: str) -> str:
    """``share`` (0 to 1) of a colour on a ground, all as #rrggbb."""
    pairs = ((int(colour[at : at + 2], 16), int(ground[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(one * share + under * (1 - share)):02x}" for one, under in pairs)


def painted(markup: str) -> str:
    """A page with its drawings painted.

    A drawing that says something (``aria-label``) keeps it as its title; one that only decorates becomes a background,
    so that it is no figure to whoever has the document read out.
    """
    painter = _Painter()
    painter.feed(markup)
    painter.close()
    return "".join(painter.out)


class _Painter(HTMLParser):
    """Hands on every piece of the page as it stands, but drawings."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self.tones: list[tuple[str, str]] = []
        self.depth = 0
        self.drawing: list[str] = []
        self.opened: dict[str, str | None] = {}
        self.box: tuple[float, float] = (100, 100)
        """How wide and high it is within the axes."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag, dict(attrs), closed=False)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag, dict(attrs), closed=True)

    def _begin(self, tag: str, attributes: dict[str, str | None], closed: bool) -> None:
        text = self.get_starttag_text() or ""
        tone = self._tone(attributes)
        if tag == "svg":
            text = self._sized(text, attributes)
        if tag == "svg" and not self.depth:
            self.opened, self.drawing = attributes, []
        if tag == "svg" and not closed:
            self.depth += 1
        if not closed and tag not in _VOID:
            self.tones.append((tag, tone))
        if self.depth:
            text = _scaled(text, *self.box) if _is_stretched(attributes) else text
            self.drawing.append(_coloured(text, attributes.get("class") or "", tone))
        else:
            self.out.append(text)

    def _sized(self, text: str, attributes: dict[str, str | None]) -> str:
        """The tag of a drawing with the size it has on paper.

        What is stretched into its axes loses that: paper would stretch the strokes with it, so the lines are placed.
        """
        if not self.depth:
            size = _SIZES.get(attributes.get("class") or "")
            if size is None:
                return text
            self.box = size
            return text.replace("<svg", f'<svg width="{size[0]}" height="{size[1]}"', 1)
        if (attributes.get("height") or "%")[-1] != "%":
            self.box = (self.box[0], float(attributes["height"] or 0))
        return _STRETCHED.sub("", text) if attributes.get("preserveaspectratio") == "none" else text

    def _tone(self, attributes: dict[str, str | None]) -> str:
        """The name of the colours that hold here: what this element says, else what stands around it."""
        around = self.tones[-1][1] if self.tones else "neutral"
        series, said = attributes.get("data-series"), attributes.get("data-tone")
        return f"series-{series}" if series else said or around

    def handle_endtag(self, tag: str) -> None:
        here = self.tones[-1][1] if self.tones else "neutral"
        while self.tones:
            if self.tones.pop()[0] == tag:
                break
        if not self.depth:
            self.out.append(f"</{tag}>")
            return
        self.drawing.append(f"</{tag}>")
        if tag == "svg":
            self.depth -= 1
            if not self.depth:
                self.out.append(_placed("".join(self.drawing), self.opened, here))

    def handle_data(self, data: str) -> None:
        (self.drawing if self.depth else self.out).append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        """Nobody reads one on paper."""


def _is_stretched(attributes: dict[str, str | None]) -> bool:
    return "d" in attributes and (attributes.get("class") or "").startswith(("plot__", "curves__"))


def _scaled(text: str, width: float, height: float) -> str:
    """The tag of a path whose percentages of a box become places in it."""

    def placed(found: re.Match[str]) -> str:
        scales = {"H": (width,), "V": (height,)}.get(found[1], (width, height))
        numbers = zip(found[2].split(), scales, strict=True)
        return found[1] + " ".join(f"{float(number) * scale / 100:.2f}" for number, scale in numbers)

    before, opened, rest = text.partition(' d="')
    path, _quote, after = rest.partition('"')
    return f'{before}{opened}{_STROKE.sub(placed, path)}"{after}'


def _solid(tone: str) -> str:
    colours = tokens()
    return colours[tone] if tone.startswith("series-") else colours[f"{tone}-solid"]


_LINES = {
    "chart__text--strong": ' font-weight="700"',
    "chart__limit": ' stroke="{text-soft}" stroke-width="1.5" stroke-dasharray="4 3"',
    "chart__swatch-line": ' stroke="{solid}" stroke-width="2"',
    "plot__line": ' fill="none" stroke="{solid}" stroke-width="2"',
    "plot__fill": ' fill="{solid}" fill-opacity="0.1"',
    "plot__dot": ' fill="{solid}"',
    "plot__last": ' fill="{surface}" stroke="{solid}" stroke-width="2"',
    "is-dashed": ' stroke-dasharray="5 4"',
    "curves__line": ' fill="none" stroke="{solid}" stroke-width="2.25"',
    "curves__band": ' fill="{solid}" fill-opacity="0.14" stroke="{solid}" stroke-width="0.75" stroke-dasharray="2 3"',
    "columns__part": ' stroke="{surface}" stroke-width="1"',
    "columns__rows": ' stroke="{surface}" stroke-opacity="0.55" stroke-width="2000" stroke-dasharray="2 4"',
    "columns__bars": ' stroke="{surface}" stroke-opacity="0.55" stroke-width="2000" stroke-dasharray="2 4"',
}
"""What the style sheets of the charts say of lines, as attributes."""
_OF_LINES = ("surface", "text-soft")


def _coloured(text: str, classes: str, tone: str) -> str:
    """A tag of a drawing with the colours that its classes have in the style sheets."""
    colours, added = tokens(), ""
    for name in classes.split():
        match name:
            case "chart__mark":
                added += f' fill="{_solid(tone)}"'
            case "funnel__taper":
                added += f' fill="{mixed(_solid(tone), 0.22, colours["surface"])}"'
            case "stacked-bar__part":
                added += f' stroke="{colours["surface"]}" stroke-width="0.4"'
            case "chart__grid":
                added += f' stroke="{colours["line"]}"'
            case "chart__axis":
                added += f' stroke="{colours["line-strong"]}"'
            case "chart__text":
                added += f' fill="{colours["text-faint"]}" font-size="11" font-family="{FONTS}"'
            case _ if name in _LINES:
                added += _LINES[name].format(solid=_solid(tone), **{key: colours[key] for key in _OF_LINES})
    if not added:
        return text
    return f"{text[:-2]}{added}/>" if text.endswith("/>") else f"{text[:-1]}{added}>"


def _placed(drawing: str, opened: dict[str, str | None], tone: str) -> str:
    """A drawing as it goes into the document."""
    drawing = _USE.sub(_symbol, drawing)
    text_colour = tokens().get(f"{tone}-text", tokens()["text"])
    label, classes = opened.get("aria-label"), opened.get("class") or ""
    if label and not opened.get("aria-hidden"):
        head, _close, rest = drawing.partition(">")
        return f"{head}><title>{escape(label)}</title>{_TITLE.sub('', rest)}".replace(
            "currentColor", text_colour
        )
    alone = _TITLE.sub("", drawing).replace("currentColor", text_colour)
    is_icon = "viewbox" not in opened and classes not in _SIZES
    box = ' viewBox="0 0 24 24"' if is_icon else ""  # that of its symbol
    alone = alone.replace("<svg", f'<svg xmlns="{XMLNS}"{box}', 1)
    encoded = base64.b64encode(unescape(alone).encode()).decode()
    return (
        f'<span class="{escape(classes)} drawn" '
        f"style=\"background-image:url('data:image/svg+xml;base64,{encoded}')\"></span>"
    )


def _symbol(found: re.Match[str]) -> str:
    attributes, drawn = _symbols()[found[1]]
    return f"<svg{attributes}>{drawn}</svg>"
