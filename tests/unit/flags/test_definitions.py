import string
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

import checklists
from gates.stages import Stage
from readiness.standing.definitions import (
    DefinitionError,
    flag_rules,
    parse_flag_rules,
    parse_research,
    parse_root_causes,
    research_figures,
    root_causes,
    thresholds,
)
from readiness.standing.flags.registry import RULES

CAUSES = {"momentum": None}


def entry(**changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "code": "no_activity",
        "title": "Quiet",
        "messages": {"since": "Nothing since {since}."},
        "severity": "warning",
        "root_cause": "momentum",
        "stages": ["pilot"],
        "stalls": True,
        "thresholds": {"days": {"unit": "days", "label": "Days", "default": 21}},
    }
    return {key: value for key, value in {**made, **changes}.items() if value is not None}


def test_every_rule_is_defined_and_every_definition_has_its_rule_in_its_place() -> None:
    assert list(RULES) == list(flag_rules())
    assert len(RULES) == 30


def test_every_root_cause_is_one_of_the_list() -> None:
    for rule in flag_rules().values():
        assert {rule.root_cause, *rule.root_causes.values()} <= set(root_causes())


def test_only_these_may_open_on_hold() -> None:
    assert {code for code, rule in flag_rules().items() if rule.opens_on_hold} == {
        "hold_expired",
        "owner_left",
        "gate_lapsed",
        "evidence_expired",
        "condition_overdue",
        "exit_triggered",
    }


def test_no_rule_speaks_of_an_ended_initiative() -> None:
    for rule in flag_rules().values():
        assert not {Stage.RETIRED, Stage.STOPPED} & set(rule.stages)


def test_no_stored_sentence_counts_days() -> None:
    for code in RULES:
        words = {
            field
            for message in flag_rules()[code].messages.values()
            for _, field, _, _ in string.Formatter().parse(message)
        }
        assert "days" not in words or code == "stage_overrun"  # there the planned days, which stand still


def test_the_default_thresholds_are_those_of_the_rules() -> None:
    defaults = {
        (code, definition.key): definition.default
        for code in RULES
        for definition in flag_rules()[code].thresholds.values()
        if not isinstance(definition.default, Mapping) and code != "stage_overrun"
    }
    assert defaults == {
        ("no_activity", "days"): 21,
        ("score_flat", "days"): 42,
        ("score_flat", "info_within_days_of_reading"): 14,
        ("decision_overdue", "days"): 14,
        ("decision_overdue", "critical_from_times"): 2,
        ("checkpoint_overdue", "checkpoint_1_at_share_of_plan"): Decimal("0.5"),
        ("checkpoint_overdue", "checkpoint_2_at_share_of_plan"): 1,
        ("no_business_owner", "info_in_intake_after_days"): 14,
        ("no_sponsor", "info_in_intake_after_days"): 14,
        ("sponsor_silent", "days"): 60,
        ("technical_metrics_only", "from_share_of_poc"): Decimal("0.5"),
        ("clean_data_only", "share_of_plan"): Decimal("0.5"),
        ("mocked_integration", "share_of_plan"): Decimal("0.5"),
        ("one_gate_behind", "days"): 45,
        ("late_stakeholders", "share_of_plan"): Decimal("0.25"),
        ("low_usage", "below_percent"): 30,
        ("low_usage", "consecutive_readings"): 2,
        ("budget_shape", "data_percent"): 40,
        ("budget_shape", "change_percent"): 20,
        ("budget_overrun", "info_from_percent"): 90,
        ("budget_overrun", "warning_from_percent"): 100,
        ("evidence_expired", "notice_days_before"): 14,
        ("review_overdue", "days"): 92,
        ("value_unmeasured", "info_from_days"): 45,
        ("value_unmeasured", "warning_from_days"): 90,
        ("value_shortfall", "target_from_days"): 90,
    }


def test_what_no_file_is_asked_for_is_silent_on_an_import() -> None:
    assert {code for code, rule in flag_rules().items() if rule.silent_on_import} == {
        "no_exit_criteria",
        "exit_triggered",
        "sponsor_silent",
        "no_business_kpi",
        "technical_metrics_only",
        "promise_amended",
        "success_without_roadmap",
        "late_stakeholders",
        "low_usage",
        "value_unmeasured",
        "value_shortfall",
    }


class TestThresholds:
    def test_a_stage_of_its_own_goes_before_any_stage_and_that_before_the_default(self) -> None:
        limits = thresholds(
            {("stage_overrun", "pilot", "days"): Decimal(60), ("stage_overrun", "", "days"): Decimal(50)}
        )
        assert [limits.days("stage_overrun", stage, "days") for stage in ("pilot", "poc")] == [60, 50]
        assert thresholds().days("stage_overrun", "rollout", "days") == 180

    def test_a_part_of_a_day_is_rounded_up(self) -> None:
        limits = thresholds({("no_activity", "", "days"): Decimal("10.10")})
        assert limits.days("no_activity", "pilot", "days") == 11

    def test_what_is_not_defined_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            thresholds().days("no_activity", "pilot", "weeks")


class TestContent:
    def test_every_cause_has_its_words(self) -> None:
        assert len(root_causes()) == 17
        assert root_causes()["momentum"].ask == "What is it waiting for?"
        assert root_causes()["data_quality"].research is not None
        assert root_causes()["momentum"].research is None

    def test_a_figure_is_quoted_whole_with_its_source(self) -> None:
        assert len(research_figures()) == 11
        quoted = research_figures()["no_intended_value"]
        assert quoted.figure == "80.3 % of 2,400+ initiatives miss their intended business value"
        assert quoted.source == "RAND 2025, as quoted by Vantage Point"

    def test_content_cannot_be_changed_by_those_who_read_it(self) -> None:
        with pytest.raises(TypeError):
            flag_rules()["no_activity"].messages["since"] = ""  # type: ignore[index]
        with pytest.raises(TypeError):
            root_causes()["momentum"] = root_causes()["value"]  # type: ignore[index]


class TestMistakesInAFile:
    def test_a_sound_entry_is_taken(self) -> None:
        rule = parse_flag_rules([entry()], CAUSES)["no_activity"]
        assert rule.stages == (Stage.PILOT,)
        assert rule.thresholds["days"].default == 21
        assert rule.say("since", since="today") == "Nothing since today."

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"title": None}, "flags.yaml, no_activity: `title` is missing"),
            ({"title": 7}, "`title` must be a text, found 7"),
            ({"severity": "grave"}, "`severity`: 'grave' is not a valid Severity"),
            ({"speaks_to": "all"}, "`speaks_to`: 'all' is not a valid Audience"),
            ({"stages": []}, "`stages` must be a list of stages"),
            ({"stages": ["beta"]}, "'beta' is not a valid Stage"),
            ({"stalls": "yes"}, "`stalls` must be true or false, found 'yes'"),
            ({"messages": {}}, "`messages` is missing"),
            ({"messages": {"since": 3}}, "`messages` must map words to texts"),
            ({"root_cause": "fate"}, "no such root cause: fate"),
            ({"root_causes": {"data": "fate"}}, "no such root cause: fate"),
            ({"colour": "red"}, "unknown: `colour`"),
            ({"thresholds": [1]}, "`thresholds` must map keys to definitions"),
            ({"thresholds": {"days": 21}}, "threshold `days`: expected keys and values, found 21"),
            (
                {"thresholds": {"days": {"unit": "days", "label": "Days", "default": "x"}}},
                "threshold `days`: `default` must be a number, 0 or more, found 'x'",
            ),
            (
                {"thresholds": {"days": {"unit": "days", "label": "Days", "default": -1}}},
                "`default` must be a number, 0 or more, found -1",
            ),
            (
                {"thresholds": {"days": {"unit": "days", "label": "Days", "default": {"poc": 1}}}},
                "`default` needs one value for each stage of the rule",
            ),
        ],
    )
    def test_is_refused_with_entry_and_reason(self, changes: dict[str, Any], reason: str) -> None:
        with pytest.raises(DefinitionError) as refused:
            parse_flag_rules([entry(**changes)], CAUSES)
        assert reason in str(refused.value)
        assert "no_activity" in str(refused.value)

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            ({}, "flags.yaml: expected a list of entries"),
            (["x"], "flags.yaml, entry 1: expected keys and values, found 'x'"),
            ([{"title": "x"}], "flags.yaml, entry 1: `code` is missing"),
            ([entry(), entry()], "flags.yaml, no_activity: stands there twice"),
        ],
    )
    def test_a_wrong_shape_is_refused(self, data: object, reason: str) -> None:
        with pytest.raises(DefinitionError) as refused:
            parse_flag_rules(data, CAUSES)
        assert reason in str(refused.value)

    def test_a_quoted_figure_needs_its_source(self) -> None:
        words = ("name", "sentence", "suspicion", "ask", "countermeasure")
        cause: dict[str, Any] = {"slug": "x", **dict.fromkeys(words, "y"), "rule_of_thumb": None}
        with pytest.raises(DefinitionError, match="`research`: `source` is missing"):
            parse_root_causes([{**cause, "research": {"figure": "12 %"}}])

    def test_a_figure_cut_in_two_is_refused(self) -> None:
        figure = {"slug": "x", "figure": "80.3 % of 2", "source": "S", "shown": "value", "400+ of them": None}
        with pytest.raises(DefinitionError, match="unknown: `400\\+ of them`"):
            parse_research([figure])


class TestShippedFrameworks:
    """Content that a rule looks for by name: a rule that looks for what nobody carries would be silent for ever."""

    FRAMEWORKS = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((Path(checklists.__file__).parent / "content").glob("*.yaml"))
    }

    def test_carry_the_signals(self) -> None:
        carried = {
            signal
            for gate in self.FRAMEWORKS["five-gate"]["gates"]
            for item in gate["items"]
            for signal in item["signals"]
        }
        assert {"production_data", "live_integration"} <= carried

    def test_have_the_gates_that_can_be_behind(self) -> None:
        slugs = [gate["slug"] for gate in self.FRAMEWORKS["five-gate"]["gates"]]
        assert list(flag_rules()["one_gate_behind"].root_causes) == slugs[2:]

    def test_number_their_checkpoints_from_0(self) -> None:
        slugs = [gate["slug"] for gate in self.FRAMEWORKS["poc-checkpoints"]["gates"]]
        assert slugs == ["checkpoint-0", "checkpoint-1", "checkpoint-2"]

    def test_name_only_causes_of_the_list(self) -> None:
        named = {
            item["root_cause"]
            for framework in self.FRAMEWORKS.values()
            for gate in framework["gates"]
            for item in gate["items"]
            if item.get("root_cause")
        }
        assert named
        assert named <= set(root_causes())
