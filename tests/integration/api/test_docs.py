"""docs/api.md: its commands are run, its answers compared, its table held against the product's own."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from readiness.api.codes import KINDS
from tests.services.stacks import REPOSITORY, EmbeddedStack

PAGE, GUIDE = REPOSITORY / "docs" / "api.md", REPOSITORY / "docs" / "guide.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANYTHING = "…"
PEOPLE = """
from tests.fixtures import person
person("lena", lead=True)
person("ada", admin=True)
person("iris", auditor=True)
"""
ENTERED = """
from readiness.accounts.models import User
from tests.fixtures import create
print(create(User.objects.get(username="lena")).ref)
"""


def _steps() -> list[tuple[str, str, str]]:
    """Each command of the page with the answer written under it: its language ("" where none is) and text."""
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    steps = []
    for (language, text), following in zip(blocks, [*blocks[1:], ("sh", "")], strict=True):
        if language == "sh":
            steps.append((text, *(following if following[0] != "sh" else ("", ""))))
    return steps


def differences(written: Any, found: Any, place: str = "") -> list[str]:
    """Where what was answered is not what is written; more than is written is welcome."""
    if isinstance(written, dict) and isinstance(found, dict):
        missing = [f"{place}.{key} is missing" for key in written if key not in found]
        common = [key for key in written if key in found]
        return missing + [
            wrong for key in common for wrong in differences(written[key], found[key], f"{place}.{key}")
        ]
    if isinstance(written, list) and isinstance(found, list):
        if len(found) < len(written):
            return [f"{place} has {len(found)} entries"]
        return [
            wrong for n, one in enumerate(written) for wrong in differences(one, found[n], f"{place}.{n}")
        ]
    if isinstance(written, str) and ANYTHING in written and isinstance(found, str):
        pattern = ".*".join(re.escape(part) for part in written.split(ANYTHING))
        return [] if re.fullmatch(pattern, found) else [f"{place} is {found!r}"]
    return [] if written == found else [f"{place} is {found!r}, written {written!r}"]


@pytest.fixture
def shell(embedded_stack: EmbeddedStack, tmp_path: Path) -> Any:
    """Runs one command after the other as one session would, on an installation of its own; what each printed."""
    assert shutil.which("curl"), "docs/api.md is tried with curl, and there is none"
    embedded_stack.start()
    embedded_stack.shell(PEOPLE)
    state = tmp_path / "state"
    state.write_text("")

    def run(command: str) -> str:
        command = command.replace("http://127.0.0.1:8000", embedded_stack.url)
        command = command.replace("python manage.py", f"python {REPOSITORY}/manage.py")
        command = command.replace("python ", f"{sys.executable} ")
        script = f". {state}\ncd {tmp_path}\n{command}\ndeclare -p AT TOKEN FIVEGATES > {state} 2>/dev/null || true"
        done = subprocess.run(
            ["bash", "-e", "-c", script],
            env=embedded_stack.environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_every_command_works_and_answers_what_is_written(shell: Any) -> None:
    steps = _steps()
    assert len(steps) > 10
    for command, language, written in steps:
        printed = shell(command)
        if language == "json":
            assert differences(json.loads(written), json.loads(printed)) == [], command
        elif language == "text":
            assert printed.splitlines()[-1] == written.strip(), command


def test_what_the_guide_says_to_a_pipeline_binds_an_item_and_measures_it(
    shell: Any, embedded_stack: EmbeddedStack
) -> None:
    [command] = [
        text for language, text in BLOCK.findall(GUIDE.read_text(encoding="utf-8")) if language == "sh"
    ]
    ref = embedded_stack.shell(ENTERED).strip()
    *_, last = shell(command.replace("AI-0033", ref)).replace("}{", "}\n{").splitlines()
    told = json.loads(last)
    assert (told["check"], told["bound"], told["measured"]) == ("interfaces-live", True, "met")


def test_every_refusal_stands_in_the_table_as_it_is() -> None:
    rows = re.findall(r"^\| (\d{3}) \| `(\w+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(str(kind.status), code.value, kind.meaning) for code, kind in KINDS.items()]
