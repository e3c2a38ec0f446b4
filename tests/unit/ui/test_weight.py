"""What a browser has to fetch: all scripts of the house together stay small, and all are the house's own."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders

from tests.unit.ui.test_templates import ROOT, TEMPLATES

MOST = 100_000
"""In bytes, compressed, for every script that any page of the product loads, all of them together."""
SCRIPT = re.compile(r"<script[^>]*?\bsrc\s*=\s*\"(.*?)\"\s*(?:defer|>)")
STATIC = re.compile(r"\{% static ['\"]([^'\"]+)['\"] %\}")
# The page to browse the API shows a viewer for developers, which brings a script of its own.
VIEWER = "readiness/api/"


def scripts() -> dict[str, set[str]]:
    """Of each script that a template loads, the templates."""
    found: dict[str, set[str]] = {}
    for path in TEMPLATES:
        name = str(path.relative_to(ROOT))
        for source in SCRIPT.findall(path.read_text()):
            static = STATIC.fullmatch(source)
            assert static is not None, f"{name}: {source} is no static file"
            if not name.startswith(VIEWER):
                found.setdefault(static[1], set()).add(name)
    return found


def compressed(name: str) -> int:
    path = finders.find(name)
    assert isinstance(path, str), name
    return len(gzip.compress(Path(path).read_bytes(), 9))


def test_all_scripts_together_stay_below_what_was_promised() -> None:
    sizes = {name: compressed(name) for name in scripts()}
    assert {"ui/ui.js", "django_htmx/htmx-2.min.js"} <= set(sizes)
    assert sum(sizes.values()) < MOST, sizes


def test_no_script_of_the_house_is_forgotten() -> None:
    """Each is loaded by a template, and so counted above."""
    ours = {str(path) for path in (ROOT / "readiness").rglob("static/**/*.js") if "/api/" not in str(path)}
    assert ours == {str(finders.find(name)) for name in scripts() if not name.startswith("django_htmx/")}
