"""A made-up language: every message within ⟦ ⟧, from right to left. What is not within is said in English only."""

import re
from html.parser import HTMLParser
from pathlib import Path

from babel.messages import Catalog

from tests.messages import DOMAINS, extracted, mo_of

LANGUAGE = "fa"
"""Stands in for it: right to left, and with two forms of a plural as the sources have."""
SPOKEN = {"aria-label", "title", "placeholder", "alt", "data-label"}
SILENT = {"script", "style", "code", "samp", "kbd", "pre"}


def write(folder: Path) -> None:
    """Its catalogues below this folder, as ``LOCALE_PATHS`` wants them."""
    below = folder / LANGUAGE / "LC_MESSAGES"
    below.mkdir(parents=True)
    for domain in DOMAINS:
        catalogue = Catalog(locale=LANGUAGE, domain=domain)
        for msgid, context in extracted(domain):
            wrapped = _wrapped(msgid) if isinstance(msgid, str) else tuple(map(_wrapped, msgid))
            catalogue.add(msgid, wrapped, context=context)
        (below / f"{domain}.mo").write_bytes(mo_of(catalogue))


PART = re.compile(r"(<[^>]*>|%\(\w+\)[sd]|\{\w*\})")
"""What stands between the words of a message: a tag, or what is put in there, which is to be in the language too."""


def _wrapped(msgid: str) -> str:
    return "".join(
        part if PART.fullmatch(part) or not part.strip() else f"⟦{part}⟧" for part in PART.split(msgid)
    )


class Spoken(HTMLParser):
    """What a page says: its texts, and what is read aloud of its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent.append(tag)
        self.said += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        # A sentence may go on within a tag: marks are told from the whole.
        if not self.silent:
            self.said.append(data)


def unwrapped(html: str, of_people: set[str]) -> set[str]:
    """The words of a page that no catalogue said, without what people wrote (``of_people``)."""
    parser = Spoken()
    parser.feed(html)
    text = "\n".join(parser.said)
    while "⟦" in text:
        text, before = re.sub(r"⟦[^⟦⟧]*⟧", " ", text), text
        if text == before:
            break
    text = re.sub(
        r"⟦\w{1,4}\.(?!\w)", " ", text
    )  # the beginning of a word, where there is no room for all of it
    for own in sorted(of_people, key=len, reverse=True):
        if own in text:  # as whole words: what people call "en" is no part of "Momentum"
            text = re.sub(rf"(?<!\w){re.escape(own)}(?!\w)", " ", text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return {line for line in lines if re.search(r"[A-Za-z]{2,}", line)}
