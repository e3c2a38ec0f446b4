"""A process that ends when the one that started it does, however that one ended."""

import os
import signal
import threading
import time

LOOK_EVERY = 0.5  # seconds
PATIENCE = 20.0  # seconds between asking for an orderly end and ending


def follow(parent: int) -> None:
    """End when `parent` is no longer the parent of this process.

    Its number is given, not looked up: it may be gone before its child looks for the first time. That the number of
    the parent changes is the same on Linux and macOS.
    """
    threading.Thread(target=_follow, args=(parent,), name="follow-parent", daemon=True).start()


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(1)
