"""Which tests run on one of the two databases only, drawn anew for each run.

What asks for the database runs on both: the acts, the gates, the recompute, the trail, imports, REST. What stands on
top of these and is long (pages, doors, reports, the demo) is dealt between the two, module by module, by the seed of
the run: every test runs, each database meets half of them, and after a few runs all. `tests.run --both` deals nothing.
"""

import os
import zlib
from typing import Literal, get_args

import pytest

Database = Literal["postgresql", "sqlite"]

FOLDERS = (
    "tests/access/",
    "tests/integration/demo/",
    "tests/integration/portfolio/",
    "tests/integration/reports/",
    "tests/integration/workbench/",
)
DEMO = "demo_portfolio"
"""The fixture that plays the demo: whoever asks for it goes where the others do, so that it is played once."""


def environment(seed: int, database: Database) -> dict[str, str]:
    """For the process of pytest that runs this database's hand."""
    return {"TEST_DEAL": f"{seed} {database}"}


def hand_of(path: str, seed: int) -> Database | None:
    """The database on which a module runs in the run of this seed; None for both. ``path``: from the repository."""
    if path != DEMO and not path.startswith(FOLDERS):
        return None
    drawn: Database = get_args(Database)[zlib.crc32(f"{seed} {path}".encode()) % 2]
    return drawn


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep this database's hand; without TEST_DEAL, all of it. What runs processes of its own is dealt to nobody."""
    deal = os.environ.get("TEST_DEAL")
    if not deal:
        return
    seed, database = deal.split()
    others = [item for item in items if _hand_of(item, int(seed)) not in (None, database)]
    config.hook.pytest_deselected(items=others)
    left_out = set(others)
    items[:] = [item for item in items if item not in left_out]


def _hand_of(item: pytest.Item, seed: int) -> Database | None:
    if item.get_closest_marker("live"):
        return None
    asks_for_the_demo = DEMO in getattr(item, "fixturenames", ())
    return hand_of(DEMO if asks_for_the_demo else item.nodeid.partition("::")[0], seed)
