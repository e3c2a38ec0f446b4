"""Readings as a CSV file holds them: what is understood, and what is refused rather than guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.actions.reading_files import Line, parsed

DAY = date(2026, 3, 4)


def lines(text: str, encoding: str = "utf-8") -> list[tuple[int, date, str, str]]:
    found, errors = parsed(text.encode(encoding))
    assert errors == []
    return [(one.number, one.on, one.value, one.note) for one in found]


def wrong(text: str) -> list[tuple[str, str]]:
    return [(error.field, error.code) for error in parsed(text.encode())[1]]


@pytest.mark.parametrize(
    "text",
    [
        "date,value\n2026-03-04,5\n",
        "on,value\n2026-03-04,5",
        "DATE , Value\r\n 2026-03-04 , 5 \r\n",
        "\ufeffdate;value\n2026-03-04;5\n",
        "day;value\n4.3.2026;5\n",
        "value;date\n5;04.03.2026\n",
        "date,value\r2026-03-04,5\r",
        '"date","value"\n"2026-03-04","5"\n',
    ],
)
def test_delimiters_line_ends_and_spellings_of_a_day(text: str) -> None:
    assert lines(text) == [(2, DAY, "5", "")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_common_encodings(encoding: str) -> None:
    text = "date,value,note\n2026-03-04,5,Zählung geändert: größere Menge für Ölmühle\n"
    assert lines(text, encoding) == [(2, DAY, "5", "Zählung geändert: größere Menge für Ölmühle")]


@pytest.mark.parametrize(
    ("written", "value"),
    [("3,5", "3.5"), ("3.5", "3.5"), ("-0,25", "-0.25"), ("+7", "+7"), ("40000", "40000")],
)
def test_a_decimal_comma_or_point_beside_semicolons(written: str, value: str) -> None:
    assert lines(f"date;value\n4.3.2026;{written}\n") == [(2, DAY, value, "")]


def test_a_point_beside_decimal_commas_is_not_guessed_at() -> None:
    text = "date;value\n1.3.2026;3,5\n2.3.2026;1.234\n3.3.2026;4\n"
    assert wrong(text) == [("lines.3.value", "wrong_type")]


@pytest.mark.parametrize(
    "cell", ["", "x", "1e5", "1 000", "1,5", "1.234,5", "NaN", "inf", "--5", "5 %", "٣", "0x10", "1_0"]
)
def test_what_is_no_number_is_refused_beside_commas(cell: str) -> None:
    assert wrong(f'date,value\n2026-03-04,"{cell}"\n') == [("lines.2.value", "wrong_type")]


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "yesterday",
        "2026-02-30",
        "2026-3-4",
        "4/3/2026",
        "31.4.2026",
        "4.3.26",
        "2026-03-04T10:00",
        "20260304",
    ],
)
def test_what_is_no_day_is_refused(cell: str) -> None:
    assert wrong(f"date,value\n{cell},5\n") == [("lines.2.on", "wrong_type")]


def test_a_line_is_named_by_the_number_it_has_in_an_editor() -> None:
    text = 'date,value,note\n\n2026-03-04,5,"two\nlines"\n\nx,5\n2026-03-05,y\n'
    found, errors = parsed(text.encode())
    assert found == [Line(3, DAY, "5", "two\nlines")]
    assert [error.field for error in errors] == ["lines.6.on", "lines.7.value"]


def test_both_cells_of_a_line_are_named() -> None:
    assert wrong("date,value\nx,y\n") == [("lines.2.on", "wrong_type"), ("lines.2.value", "wrong_type")]


@pytest.mark.parametrize("text", ['date,value\n2026-03-04,"5\n', 'date,value\n2026-03-04,"5"5\n'])
def test_a_quotation_mark_out_of_place_is_named_by_its_line(text: str) -> None:
    assert wrong(text) == [("lines.2", "malformed")]


def test_a_message_shows_a_cell_short_and_without_what_cannot_be_seen() -> None:
    (error,) = parsed(f"date,value\n2026-03-04,\x00\x07{'x' * 500}\n".encode())[1]
    assert "\x00" not in error.message and "\x07" not in error.message
    assert len(error.message) < 100


@given(st.binary(max_size=300))
def test_no_bytes_are_too_strange_to_be_answered(data: bytes) -> None:
    found, errors = parsed(b"date,value\n" + data)
    assert found or errors
    assert all(error.field == "file" or error.field.startswith("lines.") for error in errors)


@given(
    st.lists(
        st.tuples(st.dates(date(1990, 1, 1)), st.decimals(-(10**9), 10**9, places=4)),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from([(",", "."), (";", "."), (";", ",")]),
)
def test_what_is_written_is_read(rows: list, style: tuple[str, str]) -> None:
    delimiter, point = style
    written = [f"{day}{delimiter}{str(value).replace('.', point)}" for day, value in rows]
    text = "\n".join([f"date{delimiter}value", *written])
    assert [(on, value) for _, on, value, _ in lines(text)] == [(day, str(value)) for day, value in rows]
