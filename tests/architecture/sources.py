"""The product's own source files, as the tests of its architecture read them."""

import ast
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = ("checklists", "gates", "readiness")


def modules() -> Iterator[Path]:
    """Every Python file of the product but its migrations."""
    for package in PACKAGES:
        yield from (path for path in (REPOSITORY / package).rglob("*.py") if "migrations" not in path.parts)


def templates() -> Iterator[Path]:
    yield from (REPOSITORY / "templates").rglob("*.html")
    for package in PACKAGES:
        yield from (path for path in (REPOSITORY / package).rglob("*.html") if "templates" in path.parts)


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))
