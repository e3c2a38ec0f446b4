"""What a link is called until somebody names it. The browser proposes the same: tests/journeys/test_evidence.py."""

import pytest

from readiness.workbench.checklists.titles import title_from
from tests.journeys.titles import TITLES


@pytest.mark.parametrize(("address", "title"), TITLES)
def test_an_address_gives_a_title(address: str, title: str) -> None:
    assert title_from(address) == title


@pytest.mark.parametrize(
    "address", ["", "wiki.example.com/a", "ftp://example.com/a", "https://[::1", "javascript:alert(1)"]
)
def test_what_is_no_address_gives_none(address: str) -> None:
    assert title_from(address) == ""
