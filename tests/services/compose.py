"""What `docker-compose.yml` says, read without an engine."""

import re
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


def variables(value: str) -> list[tuple[str, str]]:
    """The `${NAME:-default}` in a value, as (name, default)."""
    return re.findall(r"\$\{(\w+):-([^}]*)\}", value)


# The part of the Compose Specification that the file uses: enough for a misspelt key or a dangling name to be seen.
TOP_LEVEL = {"services", "volumes"}
SERVICE = {
    *("build", "image", "command", "environment", "ports", "volumes", "depends_on", "healthcheck", "restart"),
    *("init", "read_only", "cap_drop", "security_opt", "tmpfs", "stop_grace_period", "pull_policy"),
}
HEALTHCHECK = {"test", "interval", "timeout", "start_period", "retries"}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}


def mistakes(content: dict[str, Any]) -> list[str]:
    """What in a compose file is not as the specification has it."""
    found = [
        f"{key} is no key of a compose file"
        for key in content
        if key not in TOP_LEVEL and not key.startswith("x-")
    ]
    for name, service in content["services"].items():
        found += _mistakes_of(name, service, content)
    return found


def _mistakes_of(name: str, service: dict[str, Any], content: dict[str, Any]) -> list[str]:
    found = [f"{name}: {key} is no key of a service" for key in service if key not in SERVICE]
    for other, wait in service.get("depends_on", {}).items():
        condition = wait["condition"]
        if other not in content["services"]:
            found.append(f"{name}: depends on {other}, which is no service")
        elif condition not in CONDITIONS:
            found.append(f"{name}: {condition} is no condition")
        elif condition == "service_healthy" and "healthcheck" not in content["services"][other]:
            found.append(f"{name}: waits for the health of {other}, which has no health check")
    for key in service.get("healthcheck", {}):
        if key not in HEALTHCHECK:
            found.append(f"{name}: {key} is no key of a health check")
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        if not source.startswith((".", "/")) and source not in content.get("volumes", {}):
            found.append(f"{name}: {source} is no volume")
    if "image" not in service and "build" not in service:
        found.append(f"{name}: has neither image nor build")
    return found
