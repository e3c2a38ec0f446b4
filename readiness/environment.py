"""Environment variables whose misspelling would be silent: each is refused with what it may be."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

_HOST = re.compile(r"([a-z0-9_.-]+|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?", re.ASCII)

YES = frozenset({"true", "on", "ok", "yes", "y", "1"})
NO = frozenset({"false", "off", "no", "n", "0", ""})


def one_of(name: str, words: Sequence[str], default: str) -> str:
    """A variable that is one of a few words. Raises ImproperlyConfigured for every other."""
    given = env.str(name, default=default)
    if given not in words:
        raise ImproperlyConfigured(f"{name} is {' or '.join(words)}, not {given!r}.")
    return str(given)


def yes_or_no(name: str) -> bool:
    """A variable that is on or off; off where it is not set or empty. Raises ImproperlyConfigured for another word."""
    given = env.str(name, default="").strip()
    if given.lower() not in YES | NO:
        raise ImproperlyConfigured(f"{name} is true or false, not {given!r}.")
    return given.lower() in YES


def web_address(name: str, default: str) -> str:
    """An address such as https://readiness.example.org, without a slash at its end. Raises ImproperlyConfigured."""
    given = env.str(name, default=default).strip()
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ImproperlyConfigured(
            f"{name} begins with https:// (or http://) and names a host, such as https://readiness.example.org; "
            f"it is {given!r}."
        )
    return given.rstrip("/")


def hosts(name: str) -> tuple[str, ...]:
    """Names of hosts or addresses, divided by commas, each perhaps with a port. Raises ImproperlyConfigured."""
    given = [one.strip().lower() for one in env.list(name, default=[]) if one.strip()]
    for one in given:
        if not _HOST.fullmatch(one):
            raise ImproperlyConfigured(
                f"{name} holds hosts such as hooks.lan, hooks.lan:8080 or [fd00::7]:8080, divided by commas; "
                f"not {one!r}."
            )
    return tuple(given)
