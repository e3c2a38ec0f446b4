"""Cursors: what was made here is read back, and nothing else is."""

import base64
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.models import Initiative
from readiness.api.errors import Malformed
from readiness.api.pagination import CURSOR_MAX, Order, Place, decoded, encoded
from readiness.standing.models import HistoryPoint, Standing

NAME = Initiative._meta.get_field("name_key")
UPDATED = Initiative._meta.get_field("updated_at")
SCORE = Standing._meta.get_field("score")
PK = Initiative._meta.pk


def _cursor(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def test_a_row_s_place_is_read_back_as_it_was() -> None:
    at = datetime(2026, 11, 1, 9, 30, 0, 123456, tzinfo=UTC)
    row = Initiative(pk=42, name_key="größe 🚀", updated_at=at)
    row.standing = Standing(initiative=row, score=Decimal("82.5"))
    point = HistoryPoint(pk=7, on=date(2026, 11, 1))
    on = HistoryPoint._meta.get_field("on")
    assert decoded(encoded(Order("name_key"), row, backwards=False), NAME) == Place("größe 🚀", 42, False)
    assert decoded(encoded(Order("updated_at"), row, backwards=True), UPDATED) == Place(at, 42, True)
    by_score = encoded(Order("standing__score"), row, backwards=False)
    assert decoded(by_score, SCORE) == Place(Decimal("82.5"), 42, False)
    assert decoded(encoded(Order("on"), point, backwards=False), on) == Place(date(2026, 11, 1), 7, False)
    assert decoded(encoded(Order("pk"), row, backwards=False), PK) == Place(42, 42, False)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "====",
        "ü",
        _cursor(),
        _cursor("a"),
        _cursor("a", 1),
        _cursor("a", "1", 0),
        _cursor("a", 0, 0),
        _cursor("a", -5, 0),
        _cursor("a", 2**63, 0),
        _cursor("a", True, 0),
        _cursor("a", 1, 2),
        _cursor(None, 1, 0),
        _cursor("a\x00", 1, 0),
        _cursor({"a": 1}, 1, 0, 0),
        _cursor("a" * CURSOR_MAX, 1, 0),
        base64.urlsafe_b64encode(b"[" * 300).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_a_cursor_made_by_hand_is_refused(cursor: str) -> None:
    with pytest.raises(Malformed) as refused:
        decoded(cursor, NAME)
    assert [error.code for error in refused.value.errors] == ["bad_cursor"]


@pytest.mark.parametrize("value", ["no moment", "2026-11-01T00:00:00", 5, 1e300, ["x"], {}, True, "9" * 30])
def test_a_value_of_another_type_is_refused(value: Any) -> None:
    with pytest.raises(Malformed):
        decoded(_cursor(value, 1, 0), UPDATED)


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_text_breaks_the_reading_of_a_cursor(cursor: str) -> None:
    for field in (NAME, UPDATED, SCORE, PK):
        try:
            assert decoded(cursor, field).key > 0
        except Malformed:
            continue


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_no_value_breaks_the_reading_of_a_cursor(value: Any) -> None:
    for field in (NAME, UPDATED, SCORE, PK):
        try:
            assert decoded(_cursor(value, 1, 0), field).key == 1
        except Malformed:
            continue
