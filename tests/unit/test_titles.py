"""What a link is called until somebody names it. The browser proposes the same: tests/journeys/test_evidence.py."""

import pytest

from readiness.workbench.checklists.titles import title_from, whole_address
from tests.journeys.titles import TITLES


@pytest.mark.parametrize(("address", "title"), TITLES)
def test_an_address_gives_a_title(address: str, title: str) -> None:
    assert title_from(address) == title


@pytest.mark.parametrize(
    "address", ["", "wiki.example.com/a", "ftp://example.com/a", "https://[::1", "javascript:alert(1)"]
)
def test_what_is_no_address_gives_none(address: str) -> None:
    assert title_from(address) == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wiki.example.com/x", "https://wiki.example.com/x"),
        (" wiki.example.com ", "https://wiki.example.com"),
        ("wiki.example.com:8443/report.pdf", "https://wiki.example.com:8443/report.pdf"),
        ("example.com?page=2", "https://example.com?page=2"),
        ("bücher.example", "https://bücher.example"),
        ("HTTP://example.com/x", "HTTP://example.com/x"),
        ("https://example.com", "https://example.com"),
    ],
)
def test_what_begins_like_a_host_gets_its_beginning(typed: str, meant: str) -> None:
    assert whole_address(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "wiki", "wiki/x", "report.pdf", "Report.DOCX", "javascript:alert(1)", "//example.com", "lea@example.com",
     "1.2.3", "see example.com", "example.com/a b", "-x.example.com", "ftp://example.com", "x:y.example.com"],
)  # fmt: skip
def test_what_is_no_host_is_left_as_it_is(typed: str) -> None:
    assert whole_address(typed) == typed
