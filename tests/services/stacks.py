"""The product's own processes, as its users run them, on data of their own.

`EmbeddedStack` is `manage.py serve`: SQLite, the filesystem broker, parts that are started again when they die.
`ServerStack` is what `docker-compose.yml` starts: gunicorn, worker and beat on PostgreSQL and Redis, with the very
commands of that file; a part that was killed stays dead until `start`.
"""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from tests.services import compose, machine

REPOSITORY = Path(__file__).resolve().parents[2]
WEB, WORKER, BEAT = "web", "worker", "beat"
PARTS = (WEB, WORKER, BEAT)
PATIENCE = 600
"""How many seconds a start may take: with DEMO=1 a portfolio is played first, and other tests run beside it."""
# What may stand in the environment of the tests and must not reach a stack that has its own.
OURS = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "DEMO", "PORT", "ALLOWED_HOSTS", "SECRET_KEY")


class Stack:
    """Running processes with their data in `scratch`, reachable at `url`."""

    def __init__(self, scratch: Path, settings: Mapping[str, str]) -> None:
        self.scratch = scratch
        self.var = scratch / "var"
        self.port = machine.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = scratch / "log"
        self.log.touch()
        clean = {
            name: value
            for name, value in os.environ.items()
            if name not in OURS and not name.startswith(("FIVEGATES_", "DJANGO_", "PYTEST_"))
        }
        self.environment = clean | {
            "FIVEGATES_VAR": str(self.var),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            "FIVEGATES_MAIL_DELIVERY": "at_once",  # so that a test can wait for a mail
            **settings,
        }

    def manage(self, *words: str, text: str | None = None) -> str:
        """Run `manage.py words…` on the same data; its standard output. Raises with its errors if it fails."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=REPOSITORY,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=300,
        )
        if done.returncode != 0:
            raise machine.ServiceFailed(f"manage.py {' '.join(words)}:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def shell(self, code: str) -> str:
        """Run Python with Django set up, on the same data; what it printed."""
        return self.manage("shell", "--no-imports", "--verbosity=0", text=code)

    def send(self, task: str) -> None:
        """Have a task done by the worker."""
        self.shell(f"from readiness.celery import app; app.send_task({task!r})")

    def status(self, path: str, host: str | None = None) -> int | None:
        """The status code of a GET, None where nobody answers."""
        return answer(self.url + path, host)

    def pid(self, part: str) -> int:
        raise NotImplementedError

    def kill(self, part: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Kill one part, and return the number it had."""
        pid = self.pid(part)
        os.kill(pid, number)
        return pid

    def complaint(self) -> str:
        return f"the stack's log ends with:\n{machine.end_of(self.log)}"


class EmbeddedStack(Stack):
    """`manage.py serve`."""

    def __init__(self, scratch: Path, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(scratch, {"DEMO": "0", **(settings or {})})
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        """Start `serve` without waiting for it."""
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=REPOSITORY,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=machine.dies_with_us(signal.SIGTERM),
            )

    def start(self, seconds: float = PATIENCE) -> None:
        self.launch()
        self.wait_until_up(seconds)

    def wait_until_up(self, seconds: float = PATIENCE) -> None:
        """Until it has said that it is ready: then every part is up."""

        def said_or_ended() -> bool:
            ended = self.process is not None and self.process.poll() is not None
            return ended or "is ready:" in self.log.read_text()

        machine.wait_until(said_or_ended, seconds, f"the start of serve; {self.complaint()}")
        if self.process is None or self.process.poll() is not None:
            raise machine.ServiceFailed(f"serve ended; {self.complaint()}")

    def pid(self, part: str) -> int:
        return int((self.var / "run" / f"{part}.pid").read_text())

    def wait_until_replaced(self, part: str, pid: int, seconds: float = 90) -> None:
        """Until `part`, which was killed as `pid`, runs again and is up."""
        machine.wait_until(lambda: self.pid(part) != pid, seconds, f"a new {part}; {self.complaint()}")
        if part == WEB:
            machine.wait_until(lambda: self.status("/health/ready/") == 200, seconds, "the new web's answer")
        else:
            alive = self.var / "run" / f"{part}.alive"
            machine.wait_until(alive.exists, seconds, f"the new {part}'s sign of life; {self.complaint()}")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Stop it; the code it ended with. Nothing to do for one that has ended."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(60)


class ServerStack(Stack):
    """The commands of `docker-compose.yml`, on a database and a Redis of the tests."""

    def __init__(
        self, scratch: Path, database_url: str, redis_url: str, settings: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(scratch, {"DATABASE_URL": database_url, "REDIS_URL": redis_url, **(settings or {})})
        self.services = compose.services(REPOSITORY / "docker-compose.yml")
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def command(self, service: str) -> list[str]:
        """What the compose file runs for `service`, with this stack's port in place of the container's."""
        words = self.services[service].command
        ours = Path(sys.executable).with_name(words[0])
        program = str(ours) if ours.exists() else words[0]
        return [program, *(word.replace("0.0.0.0:8000", f"127.0.0.1:{self.port}") for word in words[1:])]

    def prepare(self) -> None:
        subprocess.run(
            self.command("init"), cwd=REPOSITORY, env=self.environment, check=True, capture_output=True
        )

    def start(self, *parts: str) -> None:
        """Start these parts, or all, and wait until they are up."""
        for part in parts or PARTS:
            self.launch(part)
        for part in parts or PARTS:
            machine.wait_until(partial(self._is_up, part), 120, f"the start of {part}; {self.complaint()}")

    def launch(self, part: str) -> None:
        """Start one part without waiting for it."""
        alive = self.sign_of_life(part)
        alive.unlink(missing_ok=True)
        with open(self.log, "ab") as output:
            self.processes[part] = subprocess.Popen(
                self.command(part),
                cwd=REPOSITORY,
                env=self.environment | {"FIVEGATES_SIGN_OF_LIFE": str(alive)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=machine.dies_with_us(signal.SIGKILL),
            )

    def _is_up(self, part: str) -> bool:
        return self.status("/health/ready/") == 200 if part == WEB else self.sign_of_life(part).exists()

    def sign_of_life(self, part: str) -> Path:
        """The file that this part touches when it gets something done."""
        return self.scratch / f"{part}.alive"

    def pid(self, part: str) -> int:
        return self.processes[part].pid

    def kill_group(self, part: str) -> None:
        """Kill a part together with the processes it started, and wait for its end."""
        process = self.processes.pop(part)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def stop(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self.processes.values():
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)
        self.processes.clear()


def answer(url: str, host: str | None = None) -> int | None:
    """The status code of a GET, None where nobody answers."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
    try:
        connection.request("GET", parts.path or "/", headers={"Host": host} if host else {})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
