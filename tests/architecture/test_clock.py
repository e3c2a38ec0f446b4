"""The clock comes in by the door: whoever wants to know what time it is, is told."""

import ast
from pathlib import Path

import pytest

from tests.architecture import sources

CLOCK = sources.REPOSITORY / "readiness" / "clock.py"
# What reads the clock, as `owner.method`. `time.monotonic` only measures how long something takes.
READS_IT = {
    *("timezone.now", "timezone.localdate", "timezone.localtime", "datetime.now", "datetime.utcnow"),
    *("datetime.today", "date.today", "time.time", "time.localtime", "time.gmtime"),
}
KEYWORDS = {"auto_now", "auto_now_add"}
FUNCTIONS = {"Now"}  # django.db.models.functions.Now: the database's own clock


def readings(tree: ast.AST) -> list[str]:
    """Each place in the code where the clock is read, as `line: what`."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = (
                node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            )
            if f"{owner}.{node.attr}" in READS_IT:
                found.append(f"{node.lineno}: {owner}.{node.attr}")
        elif isinstance(node, ast.keyword) and node.arg in KEYWORDS:
            found.append(f"{node.value.lineno}: {node.arg}")
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in FUNCTIONS:
            found.append(f"{node.lineno}: {ast.unparse(node.func)}()")
    return found


def test_only_the_clock_reads_the_clock() -> None:
    offenders = {
        sources.name(path): found
        for path in sources.modules()
        if path != CLOCK and (found := readings(sources.tree(path)))
    }
    assert offenders == {}


def test_no_template_reads_the_clock() -> None:
    """`{% now %}` would, and the filters `timesince` and `timeuntil` without an argument."""
    assert [sources.name(path) for path in sources.templates() if _reads_it(path)] == []


def _reads_it(path: Path) -> bool:
    text = path.read_text()
    return "{% now" in text or "|timesince }}" in text or "|timeuntil }}" in text


@pytest.mark.parametrize(
    "code",
    [
        "from django.utils import timezone\nat = timezone.now()",
        "import datetime\nat = datetime.datetime.now(datetime.UTC)",
        "from datetime import date\ntoday = date.today()",
        "at = models.DateTimeField(auto_now_add=True)",
        "from django.utils import timezone\nat = models.DateTimeField(default=timezone.now)",
        "queryset.update(at=Now())",
    ],
)
def test_a_reading_of_the_clock_would_be_seen(code: str) -> None:
    assert len(readings(ast.parse(code))) == 1
