from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.importing.findings import Reason
from readiness.importing.reading import Limits, SourceRefused, read_bytes, read_file, sniffed_delimiter
from tests.unit.importing.building import csv_bytes, xlsx_bytes

HEADER = ("Name", "Problem")


def read(data, **options):
    return read_bytes(data, "list.csv", **options)


def cells(table):
    return [row.cells for row in table.rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_common_delimiter_is_found_out(delimiter):
    data = csv_bytes([("Sort, then file", "One; two\tthree | four")], HEADER, delimiter=delimiter)
    table = read(data)
    assert table.source.delimiter == delimiter
    assert cells(table) == [("Sort, then file", "One; two\tthree | four")]


def test_the_delimiter_is_the_one_that_cuts_steadily_not_the_most_frequent():
    assert sniffed_delimiter("Name;Problem\nA, b, c, d;x\nE, f;y\n") == ";"


def test_a_line_that_names_the_delimiter_is_taken_at_its_word():
    table = read(b"sep=;\r\nName;Problem\r\nSort;a,b,c\r\n")
    assert (table.header, cells(table)) == (("Name", "Problem"), [("Sort", "a,b,c")])


def test_a_file_of_one_column_is_read():
    assert cells(read(b"Name\nSort\nFile\n")) == [("Sort",), ("File",)]


def test_line_breaks_and_quotes_inside_cells_stay_and_do_not_shift_row_numbers():
    table = read(b'Name,Problem\r\n"Sort\r\ninvoices","say ""now"""\r\nFile,x\r\n')
    assert cells(table) == [("Sort\ninvoices", 'say "now"'), ("File", "x")]
    assert [row.number for row in table.rows] == [2, 3]


def test_headings_in_curly_quotes_of_windows_are_read_as_they_are():
    data = csv_bytes([("Sort", "a list")], ("Name", "Describe the AI system’s outputs."), encoding="cp1252")
    table = read(data)
    assert table.header[1] == "Describe the AI system’s outputs."
    assert (table.source.encoding, table.source.how_encoding_was_found) == ("cp1252", "guessed")


def test_headings_that_occur_twice_are_told_apart():
    table = read(b"Name,If other,,If Other\nSort,a,b,c\n")
    assert table.labels == ("Name", "If other#1", "#3", "If Other#2")


def test_empty_rows_are_skipped_and_counted_and_keep_their_numbers():
    table = read(b"Name,Problem\n\n,\n  ,\nSort,x\n")
    assert table.empty_rows == 3
    assert [row.number for row in table.rows] == [5]


def test_a_row_with_too_many_cells_is_left_out_unless_the_surplus_is_empty():
    table = read(b"Name,Problem\nSort,x,,\nFile,y,z\n")
    assert cells(table) == [("Sort", "x")]
    (left_out,) = table.left_out
    assert (left_out.row, left_out.text, left_out.reason) == (3, "z", Reason.TOO_MANY_CELLS)


def test_a_row_that_ends_early_is_filled_up_and_reported():
    table = read(b"Name,Problem\nSort\n")
    assert cells(table) == [("Sort", "")]
    (finding,) = table.findings
    assert (finding.row, finding.column, finding.reason) == (2, "Problem", Reason.TOO_FEW_CELLS)


def test_a_cell_with_a_null_byte_is_left_empty_and_reported():
    table = read(b"Name,Problem\nSort,a\x00b\n" + b"File,plain text\n" * 50)
    assert table.rows[0].cells == ("Sort", "")
    (finding,) = table.findings
    assert (finding.row, finding.column, finding.text, finding.reason) == (
        2,
        "Problem",
        "a␀b",
        Reason.NULL_BYTE,
    )


def test_a_cell_beyond_the_limit_is_left_empty_and_reported_whole():
    table = read(csv_bytes([("Sort", "x" * 11)], HEADER), limits=Limits(cell_characters=10))
    assert cells(table) == [("Sort", "")]
    assert (table.findings[0].reason, table.findings[0].text) == (Reason.TOO_LONG, "x" * 11)


@pytest.mark.parametrize(
    "text", ["🚀 Launch", "مراجعة الفواتير", "<script>alert(1)</script>", "=1+1", "\u202eevil"]
)
def test_strange_but_possible_texts_pass_unchanged(text):
    assert cells(read(csv_bytes([(text, "x")], HEADER))) == [(text, "x")]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"Name,Problem\n", "no row below"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "xls"),
        (b"%PDF-1.7\n...", "PDF"),
        (b'Name,Problem\nSort,x\n"File,y\n' + b"z,1\n" * 3, "line 3"),
        (b'Name,Problem\nSort "now",x\nFile,"a"b\n', "line 3"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data, sentence):
    with pytest.raises(SourceRefused, match=sentence):
        read(data)


def test_too_many_rows_columns_or_bytes_are_refused():
    data = csv_bytes([("Sort", "x")] * 5, HEADER)
    with pytest.raises(SourceRefused, match="more than 4 rows"):
        read(data, limits=Limits(rows=4))
    with pytest.raises(SourceRefused, match="2 columns"):
        read(data, limits=Limits(columns=1))
    with pytest.raises(SourceRefused, match="bytes"):
        read(data, limits=Limits(file_bytes=10))


def test_a_file_is_refused_by_its_size_before_it_is_read(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"Name\n" + b"x" * 100)
    with pytest.raises(SourceRefused, match="105 bytes"):
        read_file(path, limits=Limits(file_bytes=50))


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path):
    with pytest.raises(SourceRefused, match="cannot be read"):
        read_file(tmp_path / "none.csv")
    with pytest.raises(SourceRefused, match="cannot be read"):
        read_file(tmp_path)


def test_the_header_may_stand_further_down():
    table = read(b"Our list,\nas of June,\nName,Problem\nSort,x\n", header_row=3)
    assert (table.header, [row.number for row in table.rows]) == (("Name", "Problem"), [4])
    with pytest.raises(SourceRefused, match="Row 9"):
        read(b"Name\nSort\n", header_row=9)


def test_a_workbook_reads_like_a_csv_file_whatever_it_is_called():
    data = xlsx_bytes([("Sort", "x"), ("File",)], HEADER)
    table = read(data)
    assert (table.source.kind, table.source.sheet) == ("xlsx", "Sheet1")
    assert cells(table) == [("Sort", "x"), ("File", "")]
    assert table.findings == ()


def test_values_of_a_workbook_become_texts_and_days():
    values = [(datetime(2024, 3, 4, 15, 30), 42), (date(2024, 3, 4), 42.0), (True, 0.5), (None, "x")]  # noqa: DTZ001
    assert cells(read(xlsx_bytes(values, HEADER))) == [
        (date(2024, 3, 4), "42"),
        (date(2024, 3, 4), "42"),
        ("TRUE", "0.5"),
        ("", "x"),
    ]


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_are_refused_with_a_sentence(data):
    try:
        table = read(data)
    except SourceRefused as refused:
        assert str(refused)
    else:
        assert all(len(row.cells) == len(table.header) for row in table.rows)
