"""The one writer of rows for spreadsheets: what is text stays text, and what is a figure stays one."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from readiness.ui.cells import TRIGGERS, UNSEEN, no_formula
from readiness.ui.lines import csv_line


def test_each_kind_of_value_is_written_as_what_it_is() -> None:
    cells = [
        'Ölpreis, "A"\nB',
        -5,
        Decimal("-12.50"),
        Decimal("0.1"),
        date(2026, 2, 28),
        None,
        {"ä": [1, None]},
        True,
    ]
    (row,) = csv.reader(io.StringIO(csv_line(cells), newline=""))
    assert row == ['Ölpreis, "A"\nB', "-5", "-12.50", "0.1", "2026-02-28", "", '{"ä": [1, null]}', "true"]
    assert csv_line(["a", "b"]) == "a,b\r\n"


@pytest.mark.parametrize("before", ["", *UNSEEN, " \u200b\ufeff "])
@pytest.mark.parametrize("sign", TRIGGERS)
def test_no_text_is_a_formula_also_behind_what_is_not_seen(sign: str, before: str) -> None:
    text = f"{before}{sign}HYPERLINK(1)"
    (row,) = csv.reader(io.StringIO(csv_line([text]), newline=""))
    assert row == [f"'{text}"]
    assert no_formula(f"a{text}") == f"a{text}"


def test_rows_that_are_written_at_the_same_time_do_not_mix() -> None:
    """Two downloads in two threads: while one row's cells are computed, another row is written."""
    between = []

    def cells() -> Iterator[str]:
        yield "a"
        between.append(csv_line(["x", "y"]))
        yield "b"

    assert csv_line(cells()) == "a,b\r\n"
    assert between == ["x,y\r\n"]
