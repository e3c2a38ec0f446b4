"""How a message proves where it comes from: the scheme of Standard Webhooks. Standard library only.

No secret is kept anywhere: each is made anew, whenever it is needed, from the installation's key and a salt of its own.
A copy of the database alone signs nothing.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PURPOSE = b"readiness.webhooks.secret"
MARK_PURPOSE = b"readiness.webhooks.mark"
MARK_LENGTH = 16
PREFIX = "whsec_"


class KeyIsGone(Exception):
    """The key of the installation that a secret was made from is not known any more."""


@dataclass(frozen=True, slots=True)
class Seed:
    """What a secret is made from beside the installation's key: ``salt``, and ``mark``, which tells that key again."""

    salt: str
    mark: str


def new_seed(key: str) -> Seed:
    return Seed(secrets.token_hex(16), _mark(key))


def secret_of(seed: Seed, keys: Sequence[str]) -> bytes:
    """The 32 bytes to sign with. ``keys``: that of the installation and those it had before. Raises KeyIsGone."""
    for key in keys:
        if hmac.compare_digest(_mark(key), seed.mark):
            return hmac.new(key.encode(), PURPOSE + seed.salt.encode(), hashlib.sha256).digest()
    raise KeyIsGone


def shown(secret: bytes) -> str:
    """As the receiver enters it: ``whsec_`` and base64."""
    return PREFIX + base64.b64encode(secret).decode()


def signatures(signers: Iterable[bytes], message_id: str, timestamp: int, body: bytes) -> str:
    """The header ``Webhook-Signature``: one signature a secret, so that old and new both hold while one is replaced."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    found = (hmac.new(one, signed, hashlib.sha256).digest() for one in signers)
    return " ".join(f"v1,{base64.b64encode(one).decode()}" for one in found)


def _mark(key: str) -> str:
    return hmac.new(key.encode(), MARK_PURPOSE, hashlib.sha256).hexdigest()[:MARK_LENGTH]
