"""One look: what stands in the style sheets, whoever wrote them."""

import re
from pathlib import Path

import pytest

from tests.unit.ui.test_templates import ROOT, named

SHEETS = sorted(path for path in (ROOT / "readiness").rglob("static/**/*.css") if path.parent.name != "api")
COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\("
    r"|:\s*(?:white|black|red|gr[ae]y|blue)\b"
)
# Sizes of words that are none of the scale, each for a reason.
OWN_SIZE = {
    ("ring.css", "28px"): "units of its drawing, which grows as a whole",
    ("chart_donut.css", "26px"): "units of its drawing, which grows as a whole",
    ("chart_donut.css", "10px"): "units of its drawing, which grows as a whole",
}
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)(?:-\w+)*|left|right"
    r"|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    r"|(?<![\w-])(?:text-align|float|clear|caption-side)\s*:\s*(?:left|right)\b"
    r"|(?<![\w-])(?:background-position|transform-origin|object-position)\s*:[^;}]*\b(?:left|right)\b"
    r"|translateX\("
)
# What is meant as left or right in every language, or turned round by a rule of its own.
MEANT = {
    ("field.css", "background-position"): "the arrow of a choice; [dir=rtl] has its own place for it",
    ("shell.css", "transform-origin"): "the bar that runs; [dir=rtl] has its own origin for it",
    ("direction.css", "background-position"): "the arrow of a choice, where one reads from the right",
    ("direction.css", "transform-origin"): "the bar that runs, where one reads from the right",
}
_SIDE = r"(-?[\w.%]+|(?:var|calc)\([^;}]*?\))"
FOUR_SIDES = re.compile(
    rf"(?<![\w-])(?:margin|padding|inset)\s*:\s*{_SIDE}\s+{_SIDE}\s+{_SIDE}\s+{_SIDE}\s*[;}}]"
)
SPACE = re.compile(r"(?<![\w-])(?:margin|padding|gap|row-gap|column-gap)(?:-\w+)*\s*:([^;}]*)")
FINE = 0.5
"""In rem: below it a space may be fitted by eye."""


def rules(path: Path) -> str:
    """What stands in a style sheet, without its comments."""
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)


@pytest.mark.parametrize("path", [path for path in SHEETS if path.name != "tokens.css"], ids=named)
def test_colours_are_written_once_among_the_tokens(path: Path) -> None:
    assert COLOUR.findall(rules(path)) == []


@pytest.mark.parametrize("path", [path for path in SHEETS if path.name != "tokens.css"], ids=named)
def test_words_have_a_size_of_the_scale(path: Path) -> None:
    """Or one relative to what stands around them."""
    sizes = re.findall(r"(?<![\w-])font(?:-size)?\s*:[^;}]*?(\d*\.?\d+(?:px|rem|pt))", rules(path))
    assert [size for size in sizes if (path.name, size) not in OWN_SIZE] == []


@pytest.mark.parametrize("path", [path for path in SHEETS if path.name != "tokens.css"], ids=named)
def test_what_stands_apart_is_a_step_of_the_scale_apart(path: Path) -> None:
    """Or a hair's breadth, or relative to the size of the words."""
    found = [
        length
        for value in SPACE.findall(rules(path))
        for length, unit in re.findall(r"(?<![\w.-])(\d*\.?\d+)(px|rem)\b", value)
        if float(length) / (16 if unit == "px" else 1) >= FINE
    ]
    assert found == []


@pytest.mark.parametrize("path", SHEETS, ids=named)
def test_pages_can_be_read_from_the_right_as_well(path: Path) -> None:
    """Start and end, never left and right: but where a reason is named."""
    found = [match[0].split(":")[0].strip() for match in PHYSICAL.finditer(rules(path))]
    assert [one for one in found if (path.name, one) not in MEANT] == []
    uneven = [sides for sides in FOUR_SIDES.findall(rules(path)) if sides[1] != sides[3]]
    assert uneven == [], "right and left differ: say it with -inline-start and -inline-end"


def test_every_reason_is_still_needed() -> None:
    written = {path.name: rules(path) for path in SHEETS}
    for name, what in [*OWN_SIZE, *MEANT]:
        assert what in written[name], f"{name}: {what}"
