from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.importing.dates import SPELLINGS, Precision, Read, Unread, read_day, year_behind
from readiness.importing.findings import Reason

EVERY = tuple(spelling for name, spelling in SPELLINGS.items() if name not in ("D/M/YYYY", "MMM-YY"))


def read(text, *names, remarks=False):
    return read_day(text, [SPELLINGS[name] for name in names], remarks)


@pytest.mark.parametrize(
    ("text", "name", "day"),
    [
        ("3/4/2024", "M/D/YYYY", date(2024, 3, 4)),
        ("3/4/2024", "D/M/YYYY", date(2024, 4, 3)),
        (" 12/31/2024 ", "M/D/YYYY", date(2024, 12, 31)),
        ("4.3.2024", "D.M.YYYY", date(2024, 3, 4)),
        ("2024-03-04", "YYYY-MM-DD", date(2024, 3, 4)),
        ("2024-03-04T00:00:00Z", "YYYY-MM-DD", date(2024, 3, 4)),
        ("2024-03-04 00:00:00", "YYYY-MM-DD", date(2024, 3, 4)),
        ("2024/3/4", "YYYY/M/D", date(2024, 3, 4)),
        ("4 Mar 2024", "D MMM YYYY", date(2024, 3, 4)),
        ("4-March-2024", "D MMM YYYY", date(2024, 3, 4)),
        ("Mar. 4, 2024", "MMM D, YYYY", date(2024, 3, 4)),
        ("2024-03", "YYYY-MM", date(2024, 3, 1)),
        ("3/2024", "M/YYYY", date(2024, 3, 1)),
        ("Sept 2024", "MMM YYYY", date(2024, 9, 1)),
        ("Nov-24", "MMM-YY", date(2024, 11, 1)),
        ("24-Nov", "YY-MMM", date(2024, 11, 1)),
        ("2024", "YYYY", date(2024, 1, 1)),
        ("45355", "spreadsheet day number", date(2024, 3, 4)),
        ("45355.75", "spreadsheet day number", date(2024, 3, 4)),
    ],
)
def test_each_spelling_is_read_where_it_is_allowed(text, name, day):
    result = read(text, name)
    assert isinstance(result, Read)
    assert (result.day, result.spelling) == (day, name)


@pytest.mark.parametrize("name", SPELLINGS)
def test_no_spelling_is_read_where_none_is_allowed(name):
    examples = {"M/D/YYYY": "3/4/2024", "YYYY": "2024"}
    assert isinstance(read(examples.get(name, "2024-03-04")), Unread)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("10/12023", Reason.NOT_A_DATE),
        ("Ongoing", Reason.NOT_A_DATE),
        ("Q4FY25", Reason.NOT_A_DATE),
        ("2015-2022", Reason.NOT_A_DATE),
        ("2024-02-15 (start); 2024-08-23 (signed)", Reason.NOT_A_DATE),
        ("13/13/2024", Reason.NO_SUCH_DAY),
        ("2/30/2024", Reason.NO_SUCH_DAY),
        ("2023-02-29", Reason.NO_SUCH_DAY),
        ("2022", Reason.YEAR_ONLY),
        ("1/2/24", Reason.NOT_A_DATE),
        ("٣/٤/٢٠٢٤", Reason.NOT_A_DATE),
        ("24-Foo", Reason.NOT_A_DATE),
    ],
)
def test_what_is_no_day_says_why(text, reason):
    result = read(text, "M/D/YYYY", "YYYY-MM-DD", "YYYY-MM", "YY-MMM", remarks=True)
    assert isinstance(result, Unread)
    assert result.reason == reason


def test_of_a_month_the_first_day_is_taken_and_said_to_be_coarse():
    result = read("2022-08 (estimated)", "YYYY-MM", remarks=True)
    assert result == Read(date(2022, 8, 1), "YYYY-MM", Precision.MONTH, "estimated")


def test_a_remark_is_only_set_aside_where_the_mapping_allows_it():
    assert read("2022-08 (estimated)", "YYYY-MM") == Unread(
        Reason.NOT_A_DATE, "it is none of the spellings of a day that the mapping allows"
    )


def test_a_true_date_of_a_spreadsheet_needs_no_spelling():
    assert read(date(2024, 3, 4)) == Read(date(2024, 3, 4), "cell")


def test_a_year_shown_as_a_date_is_seen_through():
    assert year_behind(date(1905, 7, 16)) == 2024
    assert year_behind(date(2024, 7, 16)) is None


@given(st.dates(min_value=date(1900, 3, 1), max_value=date(2100, 12, 31)))
def test_every_day_comes_back_from_each_full_spelling(day):
    written = {
        "YYYY-MM-DD": day.isoformat(),
        "YYYY/M/D": f"{day.year}/{day.month}/{day.day}",
        "M/D/YYYY": f"{day.month}/{day.day}/{day.year}",
        "D/M/YYYY": f"{day.day}/{day.month}/{day.year}",
        "D.M.YYYY": f"{day.day}.{day.month}.{day.year}",
        "D MMM YYYY": f"{day.day} {day:%B} {day.year}",
        "MMM D, YYYY": f"{day:%b} {day.day}, {day.year}",
        "spreadsheet day number": str((day - date(1899, 12, 30)).days),
    }
    for name, text in written.items():
        result = read(text, name)
        assert isinstance(result, Read)
        assert (result.day, result.precision) == (day, Precision.DAY)


@given(st.text(max_size=40), st.booleans())
def test_any_text_is_a_day_or_a_reason(text, remarks):
    result = read_day(text, EVERY, remarks)
    if isinstance(result, Read):
        assert any(sign.isdigit() for sign in text)
    else:
        assert result.message
