"""How many requests one token (or one session's person) may make in a minute.

The window slides and is counted in the memory of each web process: a read then needs no write to the database. With
several processes the bound is therefore that many times higher; it guards against a runaway client, not more.
"""

import threading
import time
from collections import deque

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from readiness.accounts.models import Token

LIMIT = 3000
WINDOW = 60.0
KEPT_CALLERS = 1000


class Window:
    """When each caller came within the last ``seconds``. Safe between threads."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self._came: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def wait(self, caller: str, moment: float) -> float:
        """Count this call; 0, or the seconds until the next would be let in (this one is then not counted)."""
        with self._lock:
            if len(self._came) > KEPT_CALLERS:
                self._forget(moment)
            came = self._came.setdefault(caller, deque())
            while came and came[0] <= moment - self.seconds:
                came.popleft()
            if len(came) >= self.limit:
                return came[0] + self.seconds - moment
            came.append(moment)
            return 0.0

    def _forget(self, moment: float) -> None:
        gone = [
            caller for caller, came in self._came.items() if not came or came[-1] <= moment - self.seconds
        ]
        for caller in gone:
            del self._came[caller]


WINDOWS = Window(LIMIT, WINDOW)


class PerCaller(BaseThrottle):
    """Every request with a token counts against that token, every other against the person."""

    def __init__(self) -> None:
        self._wait = 0.0

    def allow_request(self, request: Request, view: APIView) -> bool:
        if isinstance(request.auth, Token):
            caller = f"token {request.auth.pk}"
        else:
            caller = f"person {request.user.pk}"
        self._wait = WINDOWS.wait(caller, time.monotonic())
        return self._wait == 0.0

    def wait(self) -> float | None:
        return self._wait
