"""Where a blocker or a next action leads."""

import pytest

from readiness.standing.links import action_url, blocker_url, lesson_url

REF = "AI-0042"


@pytest.mark.parametrize(
    ("code", "gate", "item", "url"),
    [
        ("on_hold", None, None, "/initiatives/AI-0042/"),
        ("threshold_not_met", None, None, "/initiatives/AI-0042/"),
        ("gate_not_passed", "data", None, "/initiatives/AI-0042/gates/data/"),
        ("checkpoint_not_passed", "checkpoint-0", None, "/initiatives/AI-0042/gates/checkpoint-0/"),
        ("gate_stopped", "data", None, "/initiatives/AI-0042/gates/data/"),
        ("condition_overdue", "data", None, "/initiatives/AI-0042/gates/data/"),
        ("critical_not_met", "data", "DATA-1", "/initiatives/AI-0042/checklist/data/#DATA-1"),
        ("item_unanswered", "data", "DATA-2", "/initiatives/AI-0042/checklist/data/#DATA-2"),
        ("too_few_met", "data", None, "/initiatives/AI-0042/checklist/data/"),
    ],
)
def test_a_blocker_leads_to_where_it_is_mended(code: str, gate: str, item: str, url: str) -> None:
    assert blocker_url(REF, {"code": code, "gate": gate, "item": item}) == url


@pytest.mark.parametrize(
    ("code", "gate", "item", "url"),
    [
        ("decide_exit", None, None, "/initiatives/AI-0042/promises/#exits"),
        ("move_stage", None, None, "/initiatives/AI-0042/stage/"),
        ("lift_hold", None, None, "/initiatives/AI-0042/hold/"),
        ("mend_flag", None, None, "/initiatives/AI-0042/#flags"),
        ("submit_gate", "data", None, "/initiatives/AI-0042/gates/data/"),
        ("add_evidence", "data", "DATA-1", "/initiatives/AI-0042/checklist/data/#DATA-1"),
    ],
)
def test_a_next_action_leads_to_where_it_is_done(code: str, gate: str, item: str, url: str) -> None:
    assert action_url(REF, {"code": code, "gate": gate, "item": item}) == url


@pytest.mark.parametrize(
    ("flag", "url"),
    [("owner_left", "/initiatives/AI-0042/people/"), ("no_activity", "/initiatives/AI-0042/#flags")],
)
def test_a_flag_that_one_page_mends_leads_there(flag: str, url: str) -> None:
    assert action_url(REF, {"code": "mend_flag", "gate": None, "item": None, "flag": flag}) == url


@pytest.mark.parametrize(
    ("kind", "url"),
    [("worked", "/initiatives/AI-0042/#what-worked"), ("decided", "/initiatives/AI-0042/#lesson")],
)
def test_a_lesson_stands_on_the_page_of_its_initiative(kind: str, url: str) -> None:
    assert lesson_url(REF, kind) == url
