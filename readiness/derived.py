"""Secrets that are kept nowhere: each is made anew, whenever it is needed, from the installation's key and a salt of
its own. A copy of the database alone holds none. Standard library only.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

MARK_PURPOSE = (
    b"readiness.webhooks.mark"  # named after the first who needed one; another name would be another mark
)
MARK_LENGTH = 16


class KeyIsGone(Exception):
    """The key of the installation that a secret was made from is not known any more."""


@dataclass(frozen=True, slots=True)
class Seed:
    """What a secret is made from beside the installation's key: ``salt``, and ``mark``, which tells that key again."""

    salt: str
    mark: str


def new_seed(key: str) -> Seed:
    return Seed(secrets.token_hex(16), _mark(key))


def derive(seed: Seed, keys: Sequence[str], purpose: bytes) -> bytes:
    """32 bytes, others for every purpose. ``keys``: that of the installation and those before it. Raises KeyIsGone."""
    for key in keys:
        if hmac.compare_digest(_mark(key), seed.mark):
            return hmac.new(key.encode(), purpose + seed.salt.encode(), hashlib.sha256).digest()
    raise KeyIsGone


def _mark(key: str) -> str:
    return hmac.new(key.encode(), MARK_PURPOSE, hashlib.sha256).hexdigest()[:MARK_LENGTH]
