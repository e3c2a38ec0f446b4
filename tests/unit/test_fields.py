"""The facts of an initiative as people give them: what is taken, and what is wrong at which field."""

from datetime import date
from decimal import Decimal

import pytest

from gates.models import NAME_MAX, PROBLEM_MAX, Initiative
from readiness.actions.fields import (
    BUDGET_MAX,
    FACTS,
    PLAN_DAYS_MAX,
    SHORT_MAX,
    TAG_MAX,
    TAGS_MAX,
    apply_facts,
    flattened,
    index,
)

TEXTS = {
    "name": NAME_MAX,
    "business_problem": PROBLEM_MAX,
    "business_unit": SHORT_MAX,
    "technology": SHORT_MAX,
    "vendor": SHORT_MAX,
}
WORDS = {"approach": "buy", "visibility": "team", "priority": "high"}
DAYS = ("intake_days", "poc_days", "pilot_days", "rollout_days")


def given(initiative=None, **facts):
    """(the initiative, what changed, what is wrong)"""
    initiative = initiative or Initiative(name="Triage", business_problem="Slow.", currency="EUR")
    changed, errors = apply_facts(initiative, facts)
    return initiative, changed, [(error.field, error.code) for error in errors]


def wrong(**facts):
    return given(**facts)[2]


@pytest.mark.parametrize(("field", "limit"), TEXTS.items())
def test_a_text_is_taken_up_to_its_limit_and_never_cut(field, limit):
    text = "é" * limit
    assert getattr(given(**{field: text})[0], field) == text
    assert wrong(**{field: text + "x"}) == [(field, "too_long")]
    assert wrong(**{field: "x" * 10_000}) == [(field, "too_long")]


@pytest.mark.parametrize("field", TEXTS)
def test_space_around_a_text_does_not_count(field):
    assert getattr(given(**{field: "  Invoice \n triage\t"})[0], field) == "Invoice \n triage"


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize(
    "text", ["🚀", "فرز الفواتير", "<script>alert(1)</script>", "\u200f\u202e", "' OR 1=1 --"]
)
def test_a_text_is_taken_as_it_was_typed(field, text):
    assert getattr(given(**{field: text})[0], field) == text


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize(
    ("character", "code"), [("\x00", "null_characters"), ("\ud800", "surrogate_characters")]
)
def test_what_no_database_can_keep_is_refused(field, character, code):
    assert wrong(**{field: f"a{character}b"}) == [(field, code)]


@pytest.mark.parametrize("value", [7, True, ["x"], {"x": 1}, b"x"])
@pytest.mark.parametrize("field", TEXTS)
def test_what_is_no_text_is_refused(field, value):
    assert wrong(**{field: value}) == [(field, "wrong_type")]


@pytest.mark.parametrize("empty", [None, "", "  \n"])
def test_the_name_and_the_problem_are_needed_and_other_texts_can_be_empty(empty):
    for field in TEXTS:
        expected = [(field, "required")] if field in ("name", "business_problem") else []
        assert wrong(**{field: empty}) == expected


@pytest.mark.parametrize(("field", "word"), WORDS.items())
def test_a_word_is_one_of_its_list(field, word):
    assert getattr(given(**{field: word})[0], field) == word
    for other in (word.upper(), f"{word} ", "nonsense", 3, ["buy"], {}, True):
        assert wrong(**{field: other}) == [(field, "unknown_word")]


def test_only_the_approach_can_be_unknown():
    assert given(approach=None)[0].approach == ""
    assert given(approach="")[0].approach == ""
    assert wrong(visibility=None) == [("visibility", "unknown_word")]
    assert wrong(priority="") == [("priority", "unknown_word")]


def test_tags_are_kept_once_each_in_their_order_without_empty_ones():
    assert given(tags=["b", " a ", "b", "", "  ", "A"])[0].tags == ["b", "a", "A"]
    assert given(tags=[])[0].tags == []


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ("finance", "wrong_type"),
        (None, "wrong_type"),
        ([1], "wrong_type"),
        ([["a"]], "wrong_type"),
        (["x" * (TAG_MAX + 1)], "too_long"),
        (["a\x00"], "null_characters"),
        ([f"tag {number}" for number in range(TAGS_MAX + 1)], "too_many"),
    ],
)
def test_tags_that_are_none_are_refused(tags, code):
    assert wrong(tags=tags) == [("tags", code)]


def test_twenty_tags_are_not_too_many():
    tags = [f"tag {number}" for number in range(TAGS_MAX)]
    assert given(tags=[*tags, *tags])[0].tags == tags


@pytest.mark.parametrize("field", DAYS)
def test_a_plan_has_from_one_day_to_ten_years_or_is_unknown(field):
    for days in (1, PLAN_DAYS_MAX, None):
        assert getattr(given(plan={field: days})[0], field) == days
    for days in (0, -1, PLAN_DAYS_MAX + 1, 2**70):
        assert wrong(plan={field: days}) == [(f"plan.{field}", "out_of_range")]
    for days in ("30", 30.0, True, [30]):
        assert wrong(plan={field: days}) == [(f"plan.{field}", "wrong_type")]


def test_a_day_lies_between_1990_and_2100_or_is_unknown():
    for day in (date(1990, 1, 1), date(2100, 12, 31), None):
        assert given(plan={"decision_on": day})[0].decision_on == day
    for day in (date(1989, 12, 31), date(2101, 1, 1), date.min, date.max):
        assert wrong(plan={"decision_on": day}) == [("plan.decision_on", "out_of_range")]
    assert wrong(plan={"decision_on": "2026-11-01"}) == [("plan.decision_on", "wrong_type")]


@pytest.mark.parametrize("field", ["planned", "spent"])
@pytest.mark.parametrize(
    ("amount", "kept"),
    [
        ("250000.00", "250000.00"),
        (0, "0.00"),
        ("0.01", "0.01"),
        (1.1, "1.10"),
        ("1.100", "1.10"),
        (str(BUDGET_MAX), str(BUDGET_MAX)),
        (Decimal("1E+3"), "1000.00"),
    ],
)
def test_an_amount_has_two_decimals(field, amount, kept):
    assert str(getattr(given(budget={field: amount})[0], f"budget_{field}")) == kept


@pytest.mark.parametrize("field", ["planned", "spent"])
@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("-0.01", "out_of_range"),
        ("1000000000000.00", "out_of_range"),
        ("1e400", "out_of_range"),
        ("9" * 5000, "out_of_range"),
        ("NaN", "out_of_range"),
        ("sNaN", "out_of_range"),
        ("Infinity", "out_of_range"),
        (float("inf"), "out_of_range"),
        ("0.001", "too_precise"),
        ("1e-400", "too_precise"),
        ("1,000", "wrong_type"),
        ("", "wrong_type"),
        ("ten", "wrong_type"),
        (True, "wrong_type"),
        ([], "wrong_type"),
    ],
)
def test_what_is_no_amount_is_refused(field, amount, code):
    assert wrong(budget={field: amount}) == [(f"budget.{field}", code)]


def test_an_amount_can_be_unknown_again():
    initiative = given(budget={"planned": 5})[0]
    assert given(initiative, budget={"planned": None})[0].budget_planned is None


def test_a_currency_has_three_capital_letters():
    assert given(budget={"currency": "CHF"})[0].currency == "CHF"
    for currency in ("chf", "EURO", "EU", "", None, "E1R", "€UR", "ÄÖÜ", 978, ["EUR"]):
        assert wrong(budget={"currency": currency}) == [("budget.currency", "unknown_word")]


@pytest.mark.parametrize("field", ["data_share", "change_share"])
def test_a_share_lies_between_0_and_100(field):
    for share in (0, 100, None):
        assert getattr(given(budget={field: share})[0], field) == share
    for share in (-1, 101):
        assert wrong(budget={field: share}) == [(f"budget.{field}", "out_of_range")]
    assert wrong(budget={field: 10.5}) == [(f"budget.{field}", "wrong_type")]


def test_both_shares_together_are_100_percent_at_most_whenever_they_are_given():
    initiative, _, errors = given(budget={"data_share": 60, "change_share": 40})
    assert errors == []
    assert given(initiative, budget={"data_share": 61})[2] == [("budget.data_share", "shares_over_100")]
    initiative.data_share = 60
    assert given(initiative, budget={"change_share": 41})[2] == [("budget.change_share", "shares_over_100")]
    initiative.change_share = 40
    both = given(initiative, budget={"data_share": 99, "change_share": 2})
    assert both[2] == [("budget.change_share", "shares_over_100")]
    assert wrong(budget={"data_share": 100, "change_share": None}) == []


def test_what_changed_is_told_with_what_stood_before_and_nothing_else_is():
    initiative, changed, _ = given(name="Triage", vendor="Acme", plan={"poc_days": 5})
    assert changed == {"vendor": ["", "Acme"], "plan.poc_days": [None, 5]}
    assert given(initiative, vendor="Acme", plan={"poc_days": 5}, tags=[])[1] == {}


def test_every_fact_that_is_wrong_is_told_and_leaves_what_stood_there():
    initiative, _, errors = given(name="", priority="urgent", plan={"poc_days": 0}, vendor="Acme")
    assert sorted(errors) == [
        ("name", "required"),
        ("plan.poc_days", "out_of_range"),
        ("priority", "unknown_word"),
    ]
    assert (initiative.name, initiative.priority, initiative.poc_days) == ("Triage", "normal", None)


def test_people_stage_and_what_is_computed_are_no_facts():
    facts = {
        "people": {"deputy": "omar"},
        "stage": "live",
        "stage_since": None,
        "readiness": {},
        "id": "AI-1",
    }
    assert flattened(facts) == {}
    assert given(**facts)[1] == {}


def test_every_fact_of_the_contract_is_known():
    contract = {
        *("name", "business_problem", "business_unit", "technology", "vendor"),
        *("approach", "visibility", "priority", "tags"),
        *(f"plan.{one}" for one in (*DAYS, "decision_on")),
        *(f"budget.{one}" for one in ("planned", "spent", "currency", "data_share", "change_share")),
        *("budget.estimate_build", "budget.estimate_run"),
    }
    assert set(FACTS) == contract


def test_spellings_that_differ_in_case_and_space_only_have_one_key():
    keys = {
        given(business_unit=unit)[0].business_unit_key
        for unit in ("Straße  10", "STRASSE 10", " strasse\t10 ")
    }
    assert keys == {"strasse 10"}


def test_the_longest_name_fits_its_key_whatever_its_case_folds_to():
    """Some characters become three when their case is folded."""
    longest = given(name="\u0390" * NAME_MAX, business_unit="\u0390" * SHORT_MAX)[0]
    limits = {
        field: Initiative._meta.get_field(field).max_length for field in ("name_key", "business_unit_key")
    }
    assert all(len(getattr(longest, field)) <= limit for field, limit in limits.items())


def test_the_search_looks_through_the_words_people_know_it_by():
    initiative = Initiative(
        pk=42,
        name="Triage",
        business_problem="Slow",
        business_unit="Finance",
        technology="LLM",
        vendor="Acme",
        tags=["Office"],
    )
    index(initiative)
    assert initiative.search_key == "ai-0042 triage slow finance llm acme office"
