"""What must be true of every template and style sheet, whoever wrote it."""

import re
from pathlib import Path

import pytest

from readiness.ui.templatetags import charts, fields, ui
from tests.unit.ui.colours import STATIC

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted(
    path
    for folder in (ROOT / "templates", ROOT / "readiness", ROOT / "gates", ROOT / "checklists")
    for path in folder.rglob("*.html")
)
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
SHEETS = sorted((STATIC / "components").glob("*.css"))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


# A mail is no page of ours: its reader knows no policy and no style sheet, so that its styles stand in it.
PAGES = [path for path in TEMPLATES if path.parent != ROOT / "templates" / "emails"]


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_template_has_what_the_content_security_policy_blocks(path: Path) -> None:
    markup = re.sub(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}", "", path.read_text(), flags=re.S)
    assert not re.findall(r"\sstyle\s*=", markup), "inline style"
    assert not re.findall(r"\son[a-z]+\s*=", markup), "inline handler"
    assert not re.findall(r"\shx-on\b", markup), "inline handler of htmx"
    assert not re.findall(r"<style\b", markup), "inline style sheet"
    assert not re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", markup), "inline script"
    assert not re.findall(r"javascript:", markup, flags=re.I), "script in a link"


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_template_loads_anything_from_another_host(path: Path) -> None:
    assert not re.findall(r"(?:src|<link[^>]*href)\s*=\s*[\"'](?:https?:)?//", path.read_text())


@pytest.mark.parametrize("path", COMPONENTS, ids=named)
def test_every_component_begins_with_its_name_and_inputs(path: Path) -> None:
    first = path.read_text().splitlines()[0]
    assert re.match(rf"\{{# {path.stem}: \S.*#\}}|\{{# {path.stem}: \S", first), first


def test_the_style_sheet_joins_every_component_once_and_nothing_that_is_not_there() -> None:
    imported = re.findall(r'@import url\("([^"]+)"\)', (STATIC / "ui.css").read_text())
    there = {str(path.relative_to(STATIC)) for path in STATIC.rglob("*.css")} - {"ui.css"}
    assert sorted(imported) == sorted(there)


@pytest.mark.parametrize("path", SHEETS, ids=named)
def test_every_style_sheet_of_a_component_belongs_to_something_that_is_drawn(path: Path) -> None:
    markup = "".join(template.read_text() for template in TEMPLATES)
    markup += "".join(module.read_text() for module in (ROOT / "readiness" / "ui").rglob("*.py"))
    classes = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)))
    blocks = {name.split("__")[0].split("--")[0] for name in classes}
    assert any(re.search(rf"[\"' ]{re.escape(block)}[\"' _{{-]", markup) for block in blocks), blocks


def test_the_readme_lists_every_tag_and_none_that_is_not_there() -> None:
    readme = (ROOT / "readiness" / "ui" / "README.md").read_text()
    listed = {name for name in re.findall(r"\{% (\w+)", readme) if not name.startswith("end")}
    known = set(ui.register.tags) | set(fields.register.tags) | set(charts.register.tags)
    assert known - listed == {"theme"}
    assert listed - known == {"extends", "load", "block", "csrf_token"}
