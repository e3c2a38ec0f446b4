"""What a link is called as long as nobody gave it a name. The page proposes the same (static/workbench/evidence.js).

And which address is meant where somebody left out how it begins.
"""

import re
from urllib.parse import unquote, urlsplit

from readiness.actions.file_types import ALLOWED

_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_BETWEEN_WORDS = re.compile(r"[-_+\s]+")
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST_FIRST = re.compile(rf"(?:{_LABEL}\.)+[^\W\d_]{{2,}}(?::\d{{1,5}})?(?P<rest>[/?#]\S*)?")


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


def whole_address(typed: str) -> str:
    """What was typed, stripped; with `https://` before what begins like a host, `wiki.example.com/x`.

    The name of a file alone (`report.pdf`) begins like one, and is left as it is: nobody means a site by it.
    """
    address = typed.strip()
    begins = _HOST_FIRST.fullmatch(address)
    if begins is None or (begins["rest"] is None and address.rpartition(".")[2].lower() in ALLOWED):
        return address
    return f"https://{address}"
