"""Starts parts as processes of their own, keeps them running, and ends them together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from readiness.celery import SIGN_OF_LIFE
from readiness.serving.parent import PATIENCE

DEATHS_TOLERATED = 5
WITHIN = 60.0  # seconds
GRACE = PATIENCE + 5.0  # seconds a part has to end in order


class PartKeepsDying(Exception):
    """A part that ended again and again: something is wrong that starting it once more does not mend."""


@dataclass
class Part:
    """One process to keep running. In `folder` lie its number (`name.pid`) and its sign of life (`name.alive`)."""

    name: str
    arguments: Sequence[str]
    folder: Path
    descriptors: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)

    @property
    def sign_of_life(self) -> Path:
        """Touched by the part once it is up, and then whenever it gets something done."""
        return self.folder / f"{self.name}.alive"

    def start(self) -> None:
        self.sign_of_life.unlink(missing_ok=True)
        self.process = subprocess.Popen(  # noqa: S603 (our own module, our own arguments)
            [sys.executable, "-m", "readiness.serving.part", str(os.getpid()), *self.arguments],
            env=os.environ
            | {
                SIGN_OF_LIFE: str(self.sign_of_life),
                # Half-received uploads and messages on their way are private too, and on the same disk.
                "TMPDIR": str(settings.UPLOAD_DIR),
                "FIVEGATES_LOG_LEVEL": os.environ.get("FIVEGATES_LOG_LEVEL", "WARNING"),
            },
            pass_fds=self.descriptors,
            stdin=subprocess.DEVNULL,
            # Ctrl-C in a terminal reaches the whole group: only `serve` is to hear it, and to say when to end.
            start_new_session=True,
        )
        draft = self.folder / f"{self.name}.pid.draft"
        draft.write_text(str(self.process.pid))
        draft.replace(self.folder / f"{self.name}.pid")

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def note_death(self, at: float) -> None:
        """Remember a death at `at` (seconds of a steady clock). Raises `PartKeepsDying`."""
        self.deaths = [*(death for death in self.deaths if at - death < WITHIN), at]
        if len(self.deaths) > DEATHS_TOLERATED:
            raise PartKeepsDying(f"The {self.name} ended {len(self.deaths)} times within a minute.")

    def ask_to_end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """End it and whatever it started, at once."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)

    def end(self, deadline: float) -> None:
        """Wait for it until `deadline` (seconds of a steady clock), then kill it."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait()


class Supervisor:
    """Keeps `parts` running until `stop()`; a part that dies is started again.

    Starting again, rather than stopping everything, is what loses least: tasks are safe to run twice and the
    listening socket stays open meanwhile. Only a part that cannot stay up stops the whole.
    """

    def __init__(self, parts: Sequence[Part], say: Callable[[str], None]) -> None:
        self.parts = parts
        self.say = say
        self.stopping = False

    def stop(self) -> None:
        """End soon; when asked a second time, end at once."""
        if self.stopping:
            for part in self.parts:
                part.kill()
        self.stopping = True

    def start(self) -> None:
        for part in self.parts:
            part.start()

    def mend(self) -> None:
        """Start again what has ended. Raises `PartKeepsDying`."""
        for part in self.parts:
            if part.has_ended() and not self.stopping:
                code = part.process.returncode if part.process else None
                part.note_death(time.monotonic())
                self.say(f"The {part.name} ended unexpectedly (code {code}); starting it again.")
                part.start()

    def watch(self, until: Callable[[], bool], every: float = 0.2) -> None:
        """Mend until `until()` holds or `stop()` was called. Raises `PartKeepsDying`."""
        while not self.stopping and not until():
            self.mend()
            time.sleep(every)

    def end(self) -> None:
        """End all parts: in order if they can within the grace, else by force."""
        self.stopping = True
        for part in self.parts:
            part.ask_to_end()
        deadline = time.monotonic() + GRACE
        for part in self.parts:
            part.end(deadline)
