from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gates.stages import Stage
from readiness.standing.flags.facts import BudgetFacts
from tests.unit.flags.cast import SINCE, flag, initiative, raised, silent_in


def shares(data: int | None, change: int | None, **changes: Any) -> Any:
    return initiative(budget=BudgetFacts(data_share=data, change_share=change), **changes)


def spent(amount: str | None, planned: str | None = "100000.00") -> Any:
    return initiative(
        budget=BudgetFacts(
            planned=None if planned is None else Decimal(planned),
            spent=None if amount is None else Decimal(amount),
            currency="EUR",
        )
    )


class TestBudgetShape:
    @pytest.mark.parametrize(
        ("data", "change", "halves", "cause"),
        [
            (40, 20, None, None),
            (39, 20, ["data"], "data_quality"),
            (40, 19, ["change"], "change_management"),
            (39, 19, ["data", "change"], "data_quality"),
            (0, 0, ["data", "change"], "data_quality"),
        ],
    )
    def test_each_half_has_its_own_limit(
        self, data: int, change: int, halves: list[str] | None, cause: str | None
    ) -> None:
        found = flag("budget_shape", shares(data, change), SINCE)
        assert (found and [one["half"] for one in found.details["halves"]]) == halves  # type: ignore
        assert (found and found.root_cause) == cause

    def test_each_half_names_its_own_cause_and_figures(self) -> None:
        found = raised("budget_shape", shares(30, 10), SINCE)
        assert (found.severity, found.stalls) == ("info", False)
        assert found.details["halves"] == [
            {"half": "data", "root_cause": "data_quality", "share_percent": 30, "threshold_percent": "40"},
            {
                "half": "change",
                "root_cause": "change_management",
                "share_percent": 10,
                "threshold_percent": "20",
            },
        ]
        assert found.message == (
            "Data preparation has 30 % of the planned budget, under the threshold of 40 %. "
            "Change management has 10 % of the planned budget, under the threshold of 20 %."
        )

    def test_of_bought_ai_only_change_is_asked(self) -> None:
        assert flag("budget_shape", shares(0, 20, bought=True), SINCE) is None
        found = raised("budget_shape", shares(0, 10, bought=True), SINCE)
        assert found.root_cause == "change_management"

    @pytest.mark.parametrize(("data", "change"), [(None, 10), (10, None), (None, None)])
    def test_both_must_be_known(self, data: int | None, change: int | None) -> None:
        assert flag("budget_shape", shares(data, change), SINCE) is None

    def test_speaks_of_poc_and_pilot(self) -> None:
        silent = silent_in("budget_shape", shares(10, 10), SINCE)
        assert silent == {Stage.INTAKE, Stage.ROLLOUT, Stage.LIVE}


class TestBudgetOverrun:
    @pytest.mark.parametrize(
        ("amount", "severity"),
        [
            ("89999.99", None),
            ("90000.00", "info"),
            ("99999.99", "info"),
            ("100000.00", "warning"),
            ("250000.00", "warning"),
        ],
    )
    def test_is_information_from_90_percent_and_a_warning_from_100(
        self, amount: str, severity: str | None
    ) -> None:
        found = flag("budget_overrun", spent(amount), SINCE)
        assert (found and found.severity) == severity

    def test_says_the_money_plainly(self) -> None:
        nearly, over = (
            raised("budget_overrun", spent(amount), SINCE) for amount in ("95000.50", "120000.00")
        )
        assert nearly.message == "EUR 95,000.50 of the planned EUR 100,000 has been spent."
        assert over.message == "EUR 120,000 has been spent; EUR 100,000 was planned."
        assert (over.root_cause, over.stalls) == ("running_cost", False)
        assert over.details == {
            "planned": "100000.00",
            "spent": "120000.00",
            "currency": "EUR",
            "info_from_percent": "90",
            "warning_from_percent": "100",
        }

    @pytest.mark.parametrize(
        ("amount", "planned"), [(None, "1000"), ("1000", None), (None, None), ("0.00", "0.00"), ("0", "1000")]
    )
    def test_what_is_unknown_or_unspent_is_no_overrun(self, amount: str | None, planned: str | None) -> None:
        assert flag("budget_overrun", spent(amount, planned), SINCE) is None

    def test_anything_spent_of_nothing_planned_is_one(self) -> None:
        assert raised("budget_overrun", spent("1.00", "0.00"), SINCE).severity == "warning"

    def test_an_admin_may_turn_the_limits_around_and_nothing_breaks(self) -> None:
        overrides = {("budget_overrun", "", "info_from_percent"): Decimal(120)}
        found = flag("budget_overrun", spent("100000.00"), SINCE, overrides)
        assert found is not None
        assert found.severity == "warning"

    def test_speaks_of_poc_pilot_and_rollout(self) -> None:
        assert silent_in("budget_overrun", spent("95000"), SINCE) == {Stage.INTAKE, Stage.LIVE}
        live = replace(spent("95000"), stage=Stage.LIVE)
        assert flag("budget_overrun", live, SINCE) is None
