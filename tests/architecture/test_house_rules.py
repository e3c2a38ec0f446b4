"""Habits of this house that a machine can hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture import sources

LONGEST_FILE = 400
LONGEST_LIST_OF_TABLES = 550  # `models.py` is a list of tables, each read by itself
LONGEST_FUNCTION = 60
NAMES_THAT_SAY_NOTHING = {"utils.py", "helpers.py", "misc.py"}


def test_no_file_is_longer_than_one_can_keep_in_mind() -> None:
    long = {
        sources.name(path): length
        for path in sources.modules()
        if (length := len(path.read_text().splitlines())) > _longest(path)
    }
    assert long == {}


def _longest(path: Path) -> int:
    return LONGEST_LIST_OF_TABLES if path.name == "models.py" else LONGEST_FILE


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{sources.name(path)}:{function.lineno} {function.name}": length
        for path in sources.modules()
        for function in _functions(sources.tree(path))
        if (length := _length(function)) > LONGEST_FUNCTION
    }
    assert long == {}


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Of what it does: its signature and its docstring are there to make it easier to read."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_every_file_has_a_name_that_says_what_it_is() -> None:
    assert [sources.name(path) for path in sources.modules() if path.name in NAMES_THAT_SAY_NOTHING] == []


def test_no_serializer_or_form_takes_all_fields_there_are() -> None:
    """A field that is added tomorrow must not be writable by accident."""
    assert _modules_with(r"""fields\s*=\s*["']__all__["']""") == []


def test_no_step_is_hidden_in_a_signal_of_the_database() -> None:
    assert _modules_with(r"\b(pre|post)_(save|delete|init)\b|\bm2m_changed\b") == []


def test_no_task_is_run_where_it_is_called() -> None:
    assert _modules_with(r"task_always_eager|TASK_ALWAYS_EAGER") == []


def _modules_with(pattern: str) -> list[str]:
    return [sources.name(path) for path in sources.modules() if re.search(pattern, path.read_text())]


# The content security policy forbids it, and a browser would drop it without a word.
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=|href=[\"']javascript:", re.IGNORECASE
)


def test_no_page_holds_code_or_style_inline() -> None:
    found = {
        sources.name(path): match.group()
        for path in sources.templates()
        if path.parent.name != "emails"  # no page: mail programs drop style sheets
        if (match := _inline(path.read_text()))
    }
    assert found == {}


def _inline(text: str) -> re.Match[str] | None:
    without_comments = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", text, flags=re.DOTALL)
    return INLINE.search(without_comments)


def test_code_inline_would_be_seen() -> None:
    for text in (
        "<script>alert()</script>",
        '<p style="color: red">',
        '<a onclick="go()">',
        '<a href="javascript:go()">',
    ):
        assert _inline(text), text
    assert not _inline(
        '<script src="/static/ui/ui.js" defer></script><svg><rect fill="red" width="3"/></svg>'
    )


def test_what_needs_no_database_has_none() -> None:
    """`tests/unit` holds the pure rules; whoever asks for the database there has written another kind of test."""
    unit = sources.REPOSITORY / "tests" / "unit"
    asking = [
        path for path in unit.rglob("*.py") if re.search(r"django_db|transactional_db", path.read_text())
    ]
    assert asking == []


def test_every_package_of_tests_has_one_of_the_known_names() -> None:
    """`tests.run` says by folder what is run on which database: an unknown folder would be run on one only."""
    folders = {path.name for path in Path(sources.REPOSITORY / "tests").iterdir() if path.is_dir()}
    known = {"unit", "integration", "access", "journeys", "architecture", "services"}
    assert folders - known - {"__pycache__"} == set()


def test_a_sentence_does_not_count_by_what_it_writes_out() -> None:
    """Of `count counter=due with due=due|figure` Django counts by the second `due`, words, and the page breaks."""
    counts = re.compile(r"{% blocktranslate([^%]*)\bcount \w+=(\w+)([^%]*)%}")
    wrong = [
        f"{sources.name(path)}: {found[0]}"
        for path in sources.templates()
        for found in counts.finditer(path.read_text())
        if re.search(rf"\b{found[2]}=[^ %]*\|figure", found[1] + found[3])
    ]
    assert wrong == []
