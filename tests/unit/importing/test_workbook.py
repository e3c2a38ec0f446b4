"""What only a workbook can do to a reader."""

import io
import zipfile

import openpyxl
import pytest

from readiness.importing.findings import Reason
from readiness.importing.reading import Limits, SourceRefused, read_bytes
from tests.unit.importing.building import xlsx_bytes

HEADER = ("Name", "Problem")


def read(data, **options):
    return read_bytes(data, "list.xlsx", **options)


def replaced(data: bytes, part: str, change) -> bytes:
    """The workbook with the content of one part changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry.filename, change(content) if entry.filename == part else content)
    return out.getvalue()


def test_a_formula_is_never_computed_and_one_without_a_stored_result_is_reported():
    data = xlsx_bytes([("Sort", "=1+1"), ('=HYPERLINK("http://example.org")', "x")], HEADER)
    table = read(data)
    assert [row.cells for row in table.rows] == [("Sort", ""), ("", "x")]
    assert [(one.row, one.column, one.text, one.reason) for one in table.findings] == [
        (2, "Problem", "=1+1", Reason.NO_VALUE),
        (3, "Name", '=HYPERLINK("http://example.org")', Reason.NO_VALUE),
    ]


def test_the_stored_result_of_a_formula_is_used():
    def with_result(content: bytes) -> bytes:
        return content.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>").replace(
            b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>"
        )

    data = replaced(xlsx_bytes([("Sort", "=1+1")], HEADER), "xl/worksheets/sheet1.xml", with_result)
    table = read(data)
    assert (table.rows[0].cells, table.findings) == (("Sort", "2"), ())


def test_an_error_value_is_no_value_and_is_reported():
    table = read(xlsx_bytes([("Sort", "#REF!")], HEADER))
    assert table.rows[0].cells == ("Sort", "")
    assert (table.findings[0].text, table.findings[0].reason) == ("#REF!", Reason.NO_VALUE)


def test_a_text_that_looks_like_a_formula_is_a_text():
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(["Sort", None])
    book.active["B2"].value = "=cmd|' /C calc'!A0"
    book.active["B2"].data_type = "s"
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue()).rows[0].cells == ("Sort", "=cmd|' /C calc'!A0")


def test_a_sheet_is_chosen_by_name_and_an_unknown_one_names_those_there_are():
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("List")
    sheet.append(HEADER)
    sheet.append(("Sort", "x"))
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue(), sheet="List").rows[0].cells == ("Sort", "x")
    with pytest.raises(SourceRefused, match="Notes, List"):
        read(out.getvalue(), sheet="Liste")


def test_the_size_that_a_sheet_announces_is_not_believed():
    data = xlsx_bytes([("Sort", "x")], HEADER)
    wide = replaced(
        data,
        "xl/worksheets/sheet1.xml",
        lambda content: content.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"'),
    )
    assert [row.cells for row in read(wide).rows] == [("Sort", "x")]
    assert wide != data


def test_too_many_rows_or_columns_are_refused():
    with pytest.raises(SourceRefused, match="columns"):
        read(xlsx_bytes([], [f"C{number}" for number in range(20)]), limits=Limits(columns=10))
    with pytest.raises(SourceRefused, match="rows"):
        read(xlsx_bytes([("Sort", "x")] * 20, HEADER), limits=Limits(rows=10))


def test_an_archive_that_unpacks_to_too_much_is_refused_unread():
    data = replaced(
        xlsx_bytes([("Sort", "x")], HEADER), "xl/styles.xml", lambda content: content + b" " * 3_000_000
    )
    assert len(data) < 100_000
    with pytest.raises(SourceRefused, match="Unpacked"):
        read(data, limits=Limits(unpacked_bytes=1_000_000))


def with_shared_strings(strings: bytes) -> bytes:
    """A workbook as spreadsheet programs write it: texts stand in a part of their own."""
    data = xlsx_bytes([("Sort", "x")], HEADER)
    data = replaced(
        data,
        "xl/worksheets/sheet1.xml",
        lambda content: content.replace(b't="inlineStr"><is><t>Sort</t></is>', b't="s"><v>0</v>'),
    )
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    named = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'" /></Types>'
    data = replaced(data, "[Content_Types].xml", lambda content: content.replace(b"</Types>", named))
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", strings)
    return out.getvalue()


def test_texts_that_stand_in_a_part_of_their_own_are_read():
    namespace = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    data = with_shared_strings(
        b'<sst xmlns="' + namespace + b'"><si><t>Sort \xe2\x80\x9cnow\xe2\x80\x9d</t></si></sst>'
    )
    assert read(data).rows[0].cells == ("Sort “now”", "x")


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]><x>&a;&c;</x>'
)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_entities_in_the_xml_are_refused(part):
    with pytest.raises(SourceRefused, match="cannot be read"):
        read(replaced(xlsx_bytes([("Sort", "x")], HEADER), part, lambda _: BOMB))


def test_entities_in_the_texts_are_refused():
    with pytest.raises(SourceRefused, match="cannot be read"):
        read(with_shared_strings(BOMB))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_damaged_workbook_is_refused(part):
    with pytest.raises(SourceRefused):
        read(
            replaced(xlsx_bytes([("Sort", "x")], HEADER), part, lambda content: content[: len(content) // 2])
        )


def test_other_archives_and_truncated_ones_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(SourceRefused, match="not an XLSX"):
        read(out.getvalue())
    with pytest.raises(SourceRefused):
        read(xlsx_bytes([("Sort", "x")], HEADER)[:500])
