"""What `docker-compose.yml` says, read without an engine."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Service:
    """One service: its command as a list of words, and all else as it stands in the file."""

    name: str
    command: list[str]
    definition: dict[str, Any]


def document(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text()))


def services(path: Path) -> dict[str, Service]:
    return {
        name: Service(name, _words(definition.get("command", [])), definition)
        for name, definition in document(path)["services"].items()
    }


def _words(command: str | list[str]) -> list[str]:
    return shlex.split(command) if isinstance(command, str) else list(command)
