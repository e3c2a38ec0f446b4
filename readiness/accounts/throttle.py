"""How often somebody may try: counted in the database by guarded updates, before a password is even looked at."""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from readiness.accounts.models import LoginAttempt


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in a window that begins with the first of them."""

    tries: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Gate:
    """What is limited. ``own`` counts one account from one address, ``shared`` any account from one address.

    Without ``shared`` an account is counted wherever it is tried from.
    """

    purpose: str
    own: Limit
    shared: Limit | None

    def counted(self, account: str, address: str) -> list[tuple[str, str, Limit]]:
        """What one try counts: key, address and limit."""
        if self.shared is None:
            return [(_key(self, account), "", self.own)]
        return [(_key(self, account), address, self.own), (_key(self, ""), address, self.shared)]


SIGN_IN = Gate("sign-in", own=Limit(5, timedelta(minutes=15)), shared=Limit(50, timedelta(minutes=15)))
RESET = Gate("reset", own=Limit(3, timedelta(hours=1)), shared=Limit(20, timedelta(hours=1)))
SECOND_FACTOR = Gate("second factor", own=Limit(10, timedelta(minutes=15)), shared=None)
"""Who tries here knows the password; a million codes are no more than that, from however many addresses."""
LONGEST_WINDOW = max(
    limit.window
    for gate in (SIGN_IN, RESET, SECOND_FACTOR)
    for limit in (gate.own, gate.shared)
    if limit is not None
)


def take(gate: Gate, account: str, address: str, at: datetime) -> int:
    """Count one try. 0 when it may go on, else the seconds to wait before the next."""
    for key, counted_from, limit in gate.counted(account, address):
        wait = _count(key, counted_from, limit, at)
        if wait:
            return wait
    return 0


def forgive(gate: Gate, account: str, address: str) -> None:
    """The try succeeded: the account starts anew, and the address gets its try back."""
    (own, own_address, _own), *shared = gate.counted(account, address)
    LoginAttempt.objects.filter(account=own, address=own_address).delete()
    for key, counted_from, _limit in shared:
        tried = LoginAttempt.objects.filter(account=key, address=counted_from, failures__gt=0)
        tried.update(failures=F("failures") - 1)


def forget_old(at: datetime) -> int:
    """Delete the counters whose window is over. How many there were."""
    deleted, _ = LoginAttempt.objects.filter(window_started_at__lte=at - LONGEST_WINDOW).delete()
    return deleted


def _key(gate: Gate, account: str) -> str:
    return hashlib.sha256(f"{gate.purpose}:{account.strip().lower()}".encode(errors="replace")).hexdigest()


def _count(key: str, address: str, limit: Limit, at: datetime) -> int:
    """One guarded update decides: a new window, one more within the limit, or a refusal."""
    LoginAttempt.objects.bulk_create(
        [LoginAttempt(account=key, address=address, window_started_at=at)], ignore_conflicts=True
    )
    row = LoginAttempt.objects.filter(account=key, address=address)
    begun_before = at - limit.window
    if row.filter(window_started_at__lte=begun_before).update(failures=1, window_started_at=at):
        return 0
    within = row.filter(window_started_at__gt=begun_before, failures__lt=limit.tries)
    if within.update(failures=F("failures") + 1):
        return 0
    started = row.values_list("window_started_at", flat=True).first() or at
    return max(1, math.ceil((started + limit.window - at).total_seconds()))
