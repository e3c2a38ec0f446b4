"""What starting a private server takes, whichever it is."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
UNPRIVILEGED = ("postgres", "nobody")


class ServiceFailed(Exception):
    """A server that should have come up did not; the message holds the end of its log."""


def free_port() -> int:
    """A port of the loopback on which nothing listened a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    """Look again and again; raise `ServiceFailed` once `seconds` have passed."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise ServiceFailed(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(0.05)


def unprivileged_user() -> str | None:
    """Whom to run as what refuses root; None where we are not root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


def scratch_folder(name: str, owner: str | None = None) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"fivegates-{name}-"))
    if owner is not None:
        shutil.chown(folder, owner)
    return folder


def dies_with_us(number: signal.Signals) -> Callable[[], None] | None:
    """To be called in the child before it runs: on Linux it then gets this signal should the tests be killed."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, int(number))


def start(
    command: Sequence[str | Path],
    log: Path,
    user: str | None = None,
    on_our_death: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, with its output in `log`."""
    with open(log, "ab") as output:
        return subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
            start_new_session=True,
            preexec_fn=dies_with_us(on_our_death),
        )


def end_of(log: Path, lines: int = 30) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def set_age(path: Path, at: float) -> None:
    """Make `path` look last touched at `at` (seconds since the epoch)."""
    os.utime(path, (at, at))
