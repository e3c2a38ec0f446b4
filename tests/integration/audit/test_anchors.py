"""What was noted outside is understood however it was noted, and looked for in the chain as it is today."""

import json

import pytest

from readiness.audit import chain
from readiness.audit.anchors import Mark, mark_in, sought
from readiness.audit.models import Event
from readiness.audit.telling import told
from tests.integration.audit.tampering import ten_unguarded

ONE, OTHER = "a1" * 32, "b2" * 32
NOTED = {
    "a hash": (ONE, Mark(ONE)),
    "in capitals, with space around": (f"  {ONE.upper()}\r\n\n", Mark(ONE)),
    "behind its number": (f"12 {ONE}", Mark(ONE, 12)),
    "behind its number in words": (f"No. 12: {ONE}", Mark(ONE, 12)),
    "a line of NDJSON": (
        json.dumps({"seq": 7, "data": {"x": OTHER}, "hash": ONE, "previous_hash": OTHER}),
        Mark(ONE, 7),
    ),
    "a line of CSV": (f'7,2026-01-05,person,1,lena,,x,,,"{{}}","{{}}",{OTHER},{ONE}', Mark(ONE, 7)),
    "a line that holds other ends of lines": (
        json.dumps({"seq": 7, "data": {"x": "a\u2028b\x85c"}, "hash": ONE}, ensure_ascii=False),
        Mark(ONE, 7),
    ),
    "the last of several lines": (f"1 {OTHER}\n2 {ONE}\n", Mark(ONE, 2)),
    "a number out of all bounds": (json.dumps({"seq": 2**70, "hash": ONE}), Mark(ONE)),
    "words": ("the chain was whole", None),
    "a hash that is too short": (ONE[1:], None),
    "a hash that is too long": (f"{ONE}0", None),
    "where every chain begins": (chain.GENESIS, None),
    "half a line": ('{"seq": 7, "hash": "a1a1', None),
    "an object without a hash": ('{"seq": 7}', None),
    "nesting without an end": ('{"a":' * 100_000, None),
    "nothing": ("", None),
}


@pytest.mark.parametrize(("text", "mark"), NOTED.values(), ids=NOTED)
def test_a_mark_is_read(text: str, mark: Mark | None) -> None:
    assert mark_in(text) == mark


def test_a_mark_is_looked_for(db: None) -> None:
    ten_unguarded()
    fourth = Event.objects.get(seq=4)
    mark = mark_in(json.dumps(told(fourth)))
    assert mark == Mark(fourth.hash, 4)
    assert sought(mark).event == fourth
    assert sought(Mark(ONE)).event is sought(Mark(ONE)).other is None

    Event.objects.filter(seq=4).update(hash=OTHER)
    found = sought(mark)
    assert found.event is None
    assert found.other == Event.objects.get(seq=4)
