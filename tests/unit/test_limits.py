"""Which parallel limit holds for a unit in a stage."""

from dataclasses import dataclass

import pytest

from gates.limits import LIMITED, limit_for
from gates.stages import Stage


@dataclass(frozen=True)
class Row:
    stage: str
    unit_key: str
    most: int


OWN, COMMON, OTHER = Row("pilot", "finance", 2), Row("pilot", "", 5), Row("pilot", "legal", 1)


@pytest.mark.parametrize(
    ("limits", "stage", "unit", "found"),
    [
        ([COMMON, OWN, OTHER], "pilot", "finance", OWN),
        ([OWN, COMMON], "pilot", "sales", COMMON),
        ([OWN, COMMON], "pilot", "", COMMON),
        ([OWN], "pilot", "", None),
        ([OWN, OTHER], "pilot", "sales", None),
        ([OWN, COMMON], "poc", "finance", None),
        ([], "pilot", "finance", None),
    ],
)
def test_a_units_own_limit_comes_before_that_of_every_unit(limits, stage, unit, found):
    assert limit_for(limits, stage, unit) == found


def test_neither_an_idea_nor_what_is_live_is_limited():
    assert set(LIMITED) == {Stage.POC, Stage.PILOT, Stage.ROLLOUT}
