"""What a link is called as long as nobody gave it a name. The page proposes the same (static/workbench/evidence.js)."""

import re
from urllib.parse import unquote, urlsplit

_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_BETWEEN_WORDS = re.compile(r"[-_+\s]+")


def title_from(address: str) -> str:
    """The last part of an address in words, `Load test of may`; the site's name and that part where it has no words.

    "" for what is no address on the web.
    """
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    last = unquote([part for part in parts.path.split("/") if part][-1:][0] if parts.path.strip("/") else "")
    words = _BETWEEN_WORDS.sub(" ", _EXTENSION.sub("", last)).strip()
    if sum(letter.isalpha() for letter in words) < 3:
        return f"{host} {words}".strip()
    return words[0].upper() + words[1:]
