"""How a message proves where it comes from: the scheme of Standard Webhooks. Django is not needed."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence

from readiness.derived import Seed, derive

PURPOSE = b"readiness.webhooks.secret"
PREFIX = "whsec_"


def secret_of(seed: Seed, keys: Sequence[str]) -> bytes:
    """The 32 bytes to sign with, kept nowhere. Raises KeyIsGone."""
    return derive(seed, keys, PURPOSE)


def shown(secret: bytes) -> str:
    """As the receiver enters it: ``whsec_`` and base64."""
    return PREFIX + base64.b64encode(secret).decode()


def signatures(signers: Iterable[bytes], message_id: str, timestamp: int, body: bytes) -> str:
    """The header ``Webhook-Signature``: one signature a secret, so that old and new both hold while one is replaced."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    found = (hmac.new(one, signed, hashlib.sha256).digest() for one in signers)
    return " ".join(f"v1,{base64.b64encode(one).decode()}" for one in found)
