"""Tokens: made once, kept as a digest, found by it."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from readiness.accounts.backend import may_sign_in
from readiness.accounts.models import Token

MARK = "fg_"
"""Every token begins with it, so that a scanner finds one that leaked."""
PREFIX_LENGTH = 11
TOUCHED_EVERY = timedelta(minutes=1)


def make_token() -> tuple[str, str, str]:
    """A new token of 256 random bits: ``(plain, prefix, digest)``. Only the last two are ever stored."""
    plain = MARK + secrets.token_urlsafe(32)
    return plain, plain[:PREFIX_LENGTH], digest_of(plain)


def digest_of(plain: str) -> str:
    """SHA-256 in hexadecimal. A random token of this length needs no slow hash."""
    return hashlib.sha256(plain.encode(errors="replace")).hexdigest()


def find_token(plain: str, at: datetime) -> Token | None:
    """The token in force with its owner, or None: unknown, revoked, expired, or its owner may not sign in.

    Its ``last_used_at`` is written at most once a minute.
    """
    if not plain.startswith(MARK):
        return None
    token = Token.objects.select_related("user").filter(digest=digest_of(plain)).first()
    if token is None or not in_force(token, at) or not may_sign_in(token.user):
        return None
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - TOUCHED_EVERY)
    if token.last_used_at is None or token.last_used_at <= at - TOUCHED_EVERY:
        Token.objects.filter(stale, pk=token.pk).update(last_used_at=at)
        token.last_used_at = at
    return token


def in_force(token: Token, at: datetime) -> bool:
    """Neither revoked nor expired; it expires at the very moment named."""
    return token.revoked_at is None and (token.expires_at is None or at < token.expires_at)
