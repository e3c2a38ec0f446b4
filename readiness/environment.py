"""Environment variables whose misspelling would be silent: each is refused with what it may be."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

_HOST = re.compile(r"([a-z0-9_.-]+|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?", re.ASCII)
_LISTENS = re.compile(r"[A-Za-z0-9_.-]+:[1-9][0-9]{0,4}", re.ASCII)
# What a header `Authorization: Bearer` may carry (RFC 6750).
_SECRET = re.compile(r"[A-Za-z0-9._~+/=-]{32,}", re.ASCII)

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


def number(name: str, default: int, least: int = 1, why: str = "") -> int:
    """A variable that is a whole number above 0, and not below the ``least``, else told ``why``.

    Raises ImproperlyConfigured for every other word.
    """
    given = env.str(name, default="").strip() or str(default)
    if not (given.isascii() and given.isdecimal() and int(given)):
        raise ImproperlyConfigured(f"{name} is a whole number above 0, such as {default}, not {given!r}.")
    if int(given) < least:
        raise ImproperlyConfigured(f"{name} is at least {least}, not {given!r}: {why}.")
    return int(given)


def secret(name: str) -> str:
    """A word that is sent in a header and that nobody guesses, "" where none is set. Raises ImproperlyConfigured.

    What is refused is not repeated: a message of the start stands in logs.
    """
    given = str(env.str(name, default="")).strip()
    if given and not _SECRET.fullmatch(given):
        raise ImproperlyConfigured(
            f"{name} is at least 32 letters, digits and - . _ ~ + / =, without spaces: it is all that is asked for."
        )
    return given


def scanner(name: str) -> str:
    """Where clamd listens, as host:port or the path of its socket; "" where none does. Raises ImproperlyConfigured."""
    given = str(env.str(name, default="")).strip()
    if given and not given.startswith("/") and not _LISTENS.fullmatch(given):
        raise ImproperlyConfigured(
            f"{name} is where clamd listens: a host with its port, such as clamav:3310, or the path of a socket, such "
            f"as /run/clamav/clamd.ctl; not {given!r}."
        )
    return given


def origins(name: str) -> list[str]:
    """Addresses divided by commas, each as https://readiness.example.org. Raises ImproperlyConfigured."""
    given = [one.strip() for one in env.list(name, default=[]) if one.strip()]
    for one in given:
        if not one.startswith(("https://", "http://")):
            raise ImproperlyConfigured(f"{name} holds addresses that begin with https://; not {one!r}.")
    return given


def broker(name: str) -> str:
    """The address of what passes messages on, "" where none is set. Raises ImproperlyConfigured without a scheme."""
    given = str(env.str(name, default="")).strip()
    if given and "://" not in given:
        raise ImproperlyConfigured(f"{name} is an address such as redis://127.0.0.1:6379/0, not {given!r}.")
    return given


def served_under(name: str) -> list[str]:
    """Names of hosts, divided by commas, without scheme and port. Raises ImproperlyConfigured.

    With either of them a name matches no request: every one would be refused, and nothing would say why.
    """
    given = [one.strip() for one in env.list(name, default=[]) if one.strip()]
    for one in given:
        if "/" in one or (":" in one and not one.endswith("]")):
            raise ImproperlyConfigured(
                f"{name} holds names of hosts such as readiness.example.org, without scheme and port; not {one!r}."
            )
    return given


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
