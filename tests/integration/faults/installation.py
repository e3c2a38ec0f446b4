"""An installation of the product whose processes a test starts by itself, one by one."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.services.machine import dies_with_us
from tests.services.stacks import REPOSITORY, Stack


def call(stack: Stack, function: str, **arguments: Any) -> Any:
    """Call a function, named as ``module:name`` within this package, in a process of its own on the stack's data.

    Arguments and result are JSON.
    """
    module, name = function.split(":")
    code = (
        "import json\n"
        f"from {__package__}.{module} import {name}\n"
        f"print(json.dumps({name}(**json.loads({json.dumps(arguments)!r}))))"
    )
    return json.loads(stack.shell(code).strip().splitlines()[-1])


class Installation(Stack):
    """The data of an installation in ``scratch``; on PostgreSQL where a ``database_url`` is given, else SQLite."""

    def __init__(self, scratch: Path, database_url: str = "") -> None:
        super().__init__(scratch, {"DEMO": "0", "DATABASE_URL": database_url})
        self.database_url = database_url

    def call(self, function: str, **arguments: Any) -> Any:
        """See ``call``."""
        return call(self, function, **arguments)

    def begin(self, code: str) -> "subprocess.Popen[bytes]":
        """Run Python with Django set up without waiting for its end; in a process group of its own."""
        command = [sys.executable, "manage.py", "shell", "--no-imports", "--verbosity=0", "--command", code]
        with open(self.log, "ab") as output:
            return subprocess.Popen(
                command,
                cwd=REPOSITORY,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dies_with_us(signal.SIGKILL),
            )
