"""Signs of life of the worker and of beat: files that each touches whenever it gets something done.

They lie in the folder that all processes of an installation share, so that any of them can tell how old they are.
"""

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

WORKER, BEAT = "worker", "beat"
PARTS = (WORKER, BEAT)


def sign_of(part: str) -> Path:
    """Its file; of several workers all touch the one."""
    return Path(settings.RUN_DIR) / f"{part}.alive"


def show(part: str) -> None:
    """Touch it. On a full disk this works too, once it is there."""
    sign_of(part).touch()


def last_seen(part: str) -> datetime | None:
    """When it last showed life; None where it never did."""
    try:
        return datetime.fromtimestamp(sign_of(part).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
