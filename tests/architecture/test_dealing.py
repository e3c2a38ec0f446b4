"""What is dealt between the two databases runs on one of them in every run, and nothing falls between."""

import os
import subprocess
import sys

from tests import dealing
from tests.architecture import sources

SEEDS = range(40)
MODULES = sorted(
    path.relative_to(sources.REPOSITORY).as_posix()
    for path in (sources.REPOSITORY / "tests").rglob("test_*.py")
)
DEALT = [module for module in MODULES if dealing.hand_of(module, 1)]
# What the databases do differently is asked of both in every run.
BELOW = ("accounts", "actions", "api", "audit", "gates", "importing", "notices", "standing", "webhooks")


def test_each_database_meets_in_time_what_is_dealt() -> None:
    for module in [*DEALT, dealing.DEMO]:
        assert {dealing.hand_of(module, seed) for seed in SEEDS} == {"postgresql", "sqlite"}, module


def test_each_hand_is_about_half() -> None:
    for seed in SEEDS:
        on_sqlite = [module for module in DEALT if dealing.hand_of(module, seed) == "sqlite"]
        assert 0.25 < len(on_sqlite) / len(DEALT) < 0.75


def test_what_lies_below_and_what_knows_no_database_is_dealt_to_nobody() -> None:
    on_both = ("tests/unit/", "tests/journeys/", *(f"tests/integration/{name}/" for name in BELOW))
    assert not [module for module in DEALT if module.startswith(on_both)]
    assert all(any(module.startswith(folder) for module in DEALT) for folder in dealing.FOLDERS)


def test_two_hands_are_the_whole() -> None:
    whole = _collected({})
    one, other = (_collected(dealing.environment(3, database)) for database in ("sqlite", "postgresql"))
    assert one and other and one != whole != other
    assert one | other == whole
    assert one & other == set()


def _collected(deal: dict[str, str]) -> set[str]:
    """The tests that pytest would run in a dealt folder, some of them on the demo."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    kept.pop("TEST_DEAL", None)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--ds=tests.settings",
        "--collect-only",
        "-q",
        "-m",
        "not live",
    ]
    folders = [f"tests/integration/{name}" for name in ("portfolio", "reports")]
    done = subprocess.run(
        [*command, "-p", "no:randomly", *folders],
        cwd=sources.REPOSITORY,
        env=kept | {"DATABASE_URL": ""} | deal,
        capture_output=True,
        text=True,
        check=True,
    )
    return {line for line in done.stdout.splitlines() if "::" in line}
