"""When a message that was not taken is tried again, and how long its receiver is left in peace: nothing but Python."""

import re
from datetime import timedelta

RETRIES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Three days and some hours in all, as Standard Webhooks proposes."""
FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=5)
LONGEST_WISH = timedelta(hours=1)
"""A receiver that asks for longer is tried after this all the same: nobody parks a door by a header."""
_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)


def next_try(attempts: int) -> timedelta | None:
    """How long after the last of so many failed attempts the next one comes; None where there is none any more."""
    return RETRIES[attempts - 1] if attempts <= len(RETRIES) else None


def rest(failures: int) -> timedelta:
    """How long a receiver is left in peace after so many failures in a row, whatever else is due to it."""
    return min(FIRST_REST * 2 ** min(failures - 1, 10), LONGEST_REST)


def wish(retry_after: str) -> timedelta:
    """What a receiver asks for with ``Retry-After``, in seconds; nothing where it says something else."""
    found = retry_after.strip()
    return min(timedelta(seconds=int(found)), LONGEST_WISH) if _SECONDS.fullmatch(found) else timedelta()
