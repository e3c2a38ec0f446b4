"""The second factor of a sign-in: codes of an authenticator app (TOTP, RFC 6238) and, in its place, recovery codes."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp

from readiness.accounts.models import Authenticator, Organisation, User
from readiness.derived import Seed, derive

DUE = "two_factor_due"
"""Stands in the session of who must set up an authenticator before anything else."""
PURPOSE = b"readiness.accounts.authenticator"
KEY_BYTES = 20
"""What RFC 4226 (section 4, R6) recommends, and every app takes."""
STEP_SECONDS = 30
TOLERATED_STEPS = 1
"""The code of the half minute before or after is taken too: clocks differ, and typing takes time (RFC 6238, 5.2)."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
"""80 random bits: no guess reaches it, so a quick digest is enough."""


def app_key(seed: Seed, keys: Sequence[str]) -> str:
    """What the app is told: 20 bytes in base32. ``keys`` of the installation, newest first. Raises KeyIsGone."""
    return base64.b32encode(derive(seed, keys, PURPOSE)[:KEY_BYTES]).decode()


def app_address(key: str, person: User, organisation: Organisation) -> str:
    """``otpauth://…``, which the app reads as a picture."""
    issuer = f"Fivegates {organisation.name}".replace(":", " ")
    return pyotp.TOTP(key, interval=STEP_SECONDS).provisioning_uri(name=person.username, issuer_name=issuer)


def step_of(code: str, key: str, at: datetime, after: int) -> int | None:
    """The half minute whose code this is, None for no code that is taken now. It is later than ``after``."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit()):
        return None
    app, now = pyotp.TOTP(key, interval=STEP_SECONDS), int(at.timestamp()) // STEP_SECONDS
    fits = None
    for step in range(now - TOLERATED_STEPS, now + TOLERATED_STEPS + 1):
        if secrets.compare_digest(app.generate_otp(step), digits) and step > after:
            fits = step
    return fits


def new_recovery_code() -> str:
    """Four groups of four letters and digits, such as ``kx7m-…``."""
    letters = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def recovery_digest(typed: str) -> str:
    """SHA-256 in hexadecimal of a recovery code, however its letters and groups were typed."""
    letters = "".join(typed.split()).replace("-", "").lower()
    return hashlib.sha256(letters.encode(errors="replace")).hexdigest()


def has_authenticator(person: User) -> bool:
    return Authenticator.objects.filter(user=person).exists()


def is_demanded(person: User) -> bool:
    """Whether the organisation asks for a second factor of this person."""
    policy = Organisation.get().two_factor_for
    return User.objects.filter(pk=person.pk).bound_to_two_factors(policy).exists()
