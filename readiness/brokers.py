"""What each broker needs to keep its promises, from the address that names it."""

from pathlib import Path
from typing import Any


def transport(url: str, folder: Path, visibility_timeout: int) -> tuple[str | None, dict[str, Any]]:
    """Celery's transport for a broker's address, None where the address says it all, and its options.

    ``folder`` carries the messages where there is no Redis; ``visibility_timeout`` is in seconds.
    """
    if url.startswith("filesystem"):
        return "readiness.serving.broker:Transport", {
            "data_folder_in": str(folder),
            "data_folder_out": str(folder),
            "control_folder": str(folder / "control"),
            "polling_interval": 0.2,
        }
    return None, {
        # Longer than the hard time limit (else a second copy of a running task starts), shorter than the
        # default hour (which would leave the work of a killed worker lying).
        "visibility_timeout": visibility_timeout,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "unacked_mutex_expire": 60,
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
        "socket_keepalive": True,
        "health_check_interval": 10,
        # With the broker away a web request goes on at once instead of trying for seconds.
        "max_retries": 1,
        **dict.fromkeys(("interval_start", "interval_step", "interval_max"), 0),
    }
