"""How the words of a comment are shown: paragraphs, links and mentions. Whatever else is typed stays plain text."""

import re
from collections.abc import Mapping

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from gates.models import Comment
from readiness.actions.mentions import MENTION, spellings

_LINK = r"(?P<link>https?://[^\s<>\"']+)"
_TOKENS = re.compile(f"{_LINK}|(?P<mention>{MENTION.pattern})")
_NOT_OF_A_LINK = ".,;:!?"
_BLANK_LINES = re.compile(r"\n\s*\n")


def shown_words(comment: Comment) -> SafeString:
    """The comment as markup; it came with whom it mentions."""
    people = {one.person.username.lower(): one.person.name for one in comment.mentions.all()}
    text = comment.body.replace("\r\n", "\n").replace("\r", "\n")
    parts = [_paragraph(part, people) for part in _BLANK_LINES.split(text) if part.strip()]
    # Every piece of these was escaped on its way here.
    return mark_safe("".join(parts))  # noqa: S308


def _paragraph(text: str, people: Mapping[str, str]) -> str:
    shown, at = [], 0
    for token in _TOKENS.finditer(text):
        shown.append(_plain(text[at : token.start()]))
        written = token[0]
        shown.append(_link(written) if token["link"] else _mention(written, people))
        at = token.end()
    shown.append(_plain(text[at:]))
    return f'<p dir="auto">{"".join(shown)}</p>'


def _plain(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _link(address: str) -> str:
    """What a sentence puts behind an address, a bracket that it opened included, is none of it."""
    kept = address.rstrip(_NOT_OF_A_LINK)
    while kept.endswith(")") and kept.count(")") > kept.count("("):
        kept = kept[:-1].rstrip(_NOT_OF_A_LINK)
    link = format_html('<a href="{}" rel="noopener nofollow">{}</a>', kept, kept)
    return link + escape(address[len(kept) :])


def _mention(written: str, people: Mapping[str, str]) -> str:
    for name in spellings(written[1:]):
        if name in people:
            said, rest = written[: len(name) + 1], written[len(name) + 1 :]
            return format_html('<bdi class="mention" title="{}">{}</bdi>{}', people[name], said, rest)
    return _plain(written)
