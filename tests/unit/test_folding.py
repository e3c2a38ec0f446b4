"""Groups of rows in pages: nothing is lost, nothing stands twice, and a folded group is one line."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from readiness.portfolio.gates.folding import Group, lines_of, parts_between

GROUPS = st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=12).map(
    lambda sizes: [Group(f"g{place}", size, folded) for place, (size, folded) in enumerate(sizes)]
)


def written_out(groups: list[Group]) -> list[tuple[str, int | None]]:
    """Every line one by one: (group, number of its row), or (group, None) for the head of a folded one."""
    lines: list[tuple[str, int | None]] = []
    for group in groups:
        lines += [(group.key, None)] if group.folded else [(group.key, row) for row in range(group.size)]
    return lines


@given(GROUPS, st.integers(1, 7))
def test_the_pages_together_are_every_line_once(groups: list[Group], size: int) -> None:
    lines = written_out(groups)
    assert lines_of(groups) == len(lines)
    for start in range(0, len(lines) + size, size):
        found: list[tuple[str, int | None]] = []
        for part in parts_between(groups, start, start + size):
            rows = [(part.group.key, row) for row in range(part.first, part.last)]
            found += [(part.group.key, None)] if part.group.folded else rows
        assert found == lines[start : start + size]


@given(GROUPS, st.integers(1, 7), st.integers(0, 60))
def test_a_group_that_goes_on_began_before(groups: list[Group], size: int, start: int) -> None:
    parts = parts_between(groups, start, start + size)
    for before, part in pairwise(parts):
        assert before.group.key < part.group.key or len(before.group.key) < len(part.group.key)
        assert not part.goes_on, "only the first of a page can go on"
    before_it = [key for key, row in written_out(groups)[:start] if row is not None]
    assert not parts or parts[0].goes_on == (parts[0].group.key in before_it)
