"""The roadmap is written, and its phases begin: in order, in their stage, and once."""

from datetime import date, timedelta
from typing import Any

import pytest

from gates.models import Initiative, Roadmap, RoadmapPhase
from gates.roadmap import Phase, PhaseFacts, default_plan
from readiness.accounts.models import User
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from readiness.actions.holds import set_hold
from readiness.actions.roadmaps import TEXT_MAX, begin_phase, set_roadmap, take_back_phase
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from tests.fixtures import create, person
from tests.integration.actions.props import (
    LESSON,
    UNUSUAL_TEXTS,
    act,
    errors,
    on,
    refused,
    the_day,
)

pytestmark = pytest.mark.django_db

FIRST, LAST = the_day(10), the_day(23)


@pytest.fixture
def pilot(lena: User, ada: User) -> Initiative:
    return create(lena, on(0), stage="pilot")


def rollout(ada: User, lena: User) -> Initiative:
    return create(ada, on(0), stage="rollout", people={"technical_lead": "lena"})


def dates(plan: tuple[PhaseFacts, ...]) -> list[dict[str, Any]]:
    return [{"kind": one.phase.value, "starts_on": one.starts_on, "ends_on": one.ends_on} for one in plan]


def write(initiative: Initiative, by: User, day: int = 1, version: int | None = None, **facts: Any) -> None:
    set_roadmap(initiative.pk, facts, act(by), on(day), version)


def begins(initiative: Initiative, by: User, kind: str, day: int, since: date | None = None) -> None:
    begin_phase(initiative.pk, kind, since, act(by), on(day))


def stored(initiative: Initiative) -> Roadmap:
    return Roadmap.objects.get(initiative=initiative)


def last_event() -> tuple[str, dict[str, Any]]:
    event = Event.objects.latest("seq")
    return event.verb, event.data


def test_a_whole_roadmap_is_written_and_complete(pilot: Initiative, lena: User) -> None:
    plan = default_plan(FIRST)
    write(pilot, lena, people="  Two developers, half their time ", budget="90000.5", phases=dates(plan))
    roadmap = stored(pilot)
    assert roadmap.lacking.complete
    assert (roadmap.people, str(roadmap.budget), roadmap.version) == (
        "Two developers, half their time",
        "90000.50",
        1,
    )
    assert roadmap.plan == plan
    assert (roadmap.updated_by, roadmap.updated_at) == (lena, on(1))


def test_what_is_not_given_stays_and_what_is_empty_is_taken_out(pilot: Initiative, lena: User) -> None:
    write(pilot, lena, people="Two", budget="5", phases=dates(default_plan(FIRST)))
    write(pilot, lena, budget=None, phases=[{"kind": "decision", "entry_rule": "The KPI is reached."}])
    roadmap = stored(pilot)
    decision = roadmap.phases.get(kind="decision")
    assert (roadmap.people, roadmap.budget, roadmap.version) == ("Two", None, 2)
    assert (decision.starts_on, decision.entry_rule) == (FIRST, "The KPI is reached.")
    write(pilot, lena, phases=[{"kind": "decision", "ends_on": None, "entry_rule": ""}])
    decision.refresh_from_db()
    assert (decision.starts_on, decision.ends_on, decision.entry_rule) == (FIRST, None, "")


def test_the_event_says_what_changed_and_nothing_changed_leaves_none(pilot: Initiative, lena: User) -> None:
    write(pilot, lena, people="Two", phases=[{"kind": "full", "starts_on": FIRST}])
    verb, data = last_event()
    assert verb == "roadmap.set"
    assert data["changed"] == {
        "people": ["", "Two"],
        "phases.full.starts_on": [None, FIRST.isoformat()],
    }
    count = Event.objects.count()
    write(pilot, lena, people="Two ", phases=[{"kind": "full", "starts_on": FIRST}])
    assert Event.objects.count() == count
    assert stored(pilot).version == 1


@pytest.mark.parametrize("text", UNUSUAL_TEXTS.values(), ids=UNUSUAL_TEXTS)
def test_strange_texts_are_kept_as_they_are(pilot: Initiative, lena: User, text: str) -> None:
    write(pilot, lena, people=text, phases=[{"kind": "full", "entry_rule": text, "pause_rule": text}])
    phase = RoadmapPhase.objects.get(kind="full")
    assert (stored(pilot).people, phase.entry_rule, phase.pause_rule) == (text, text, text)


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"people": "a\x00"}, [("people", "null_characters")]),
        ({"people": "x" * (TEXT_MAX + 1)}, [("people", "too_long")]),
        ({"people": 5}, [("people", "wrong_type")]),
        ({"budget": "-1"}, [("budget", "out_of_range")]),
        ({"budget": "much"}, [("budget", "wrong_type")]),
        ({"budget": "1.001"}, [("budget", "too_precise")]),
        ({"phases": [{"kind": "party"}]}, [("phases.0.kind", "unknown_word")]),
        ({"phases": [{"kind": ["full"]}]}, [("phases.0.kind", "unknown_word")]),
        ({"phases": [{"kind": "full"}, {"kind": "full"}]}, [("phases.1.kind", "named_twice")]),
        ({"phases": [{"kind": "full", "starts_on": "soon"}]}, [("phases.0.starts_on", "wrong_type")]),
        (
            {"phases": [{"kind": "full", "ends_on": date(1989, 12, 31)}]},
            [("phases.0.ends_on", "out_of_range")],
        ),
        ({"phases": [{"kind": "full", "pause_rule": "\ud800"}]}, [("phases.0.pause_rule", "surrogate_characters")]),
        (
            {"phases": [{"kind": "full", "starts_on": LAST, "ends_on": FIRST}]},
            [("phases.0.ends_on", "before_start")],
        ),
        (
            {"phases": [{"kind": "expansion", "starts_on": FIRST}, {"kind": "decision", "starts_on": LAST}]},
            [("phases.0.starts_on", "before_earlier_phase")],
        ),
        (
            {"people": "\x00", "phases": [{"kind": "full", "starts_on": LAST, "ends_on": FIRST}, {"kind": "x"}]},
            [("people", "null_characters"), ("phases.1.kind", "unknown_word"), ("phases.0.ends_on", "before_start")],
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_written(
    pilot: Initiative, lena: User, facts: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    with refused(Invalid) as caught:
        write(pilot, lena, **facts)
    assert errors(caught) == wrong


def test_the_order_is_held_against_what_stands_there_already(pilot: Initiative, lena: User) -> None:
    write(pilot, lena, phases=[{"kind": "full", "starts_on": FIRST}])
    with refused(Invalid) as caught:
        write(pilot, lena, phases=[{"kind": "decision", "starts_on": LAST}])
    assert errors(caught) == [("phases.0.starts_on", "before_earlier_phase")]
    assert "“Everyone, old process in parallel” would start before “Decision”." in str(caught.value)


def test_phases_may_overlap(pilot: Initiative, lena: User) -> None:
    phases = [
        {"kind": "decision", "starts_on": FIRST, "ends_on": LAST},
        {"kind": "preparation", "starts_on": FIRST + timedelta(days=3)},
    ]
    write(pilot, lena, phases=phases)
    assert stored(pilot).phases.count() == 2


def test_a_roadmap_that_somebody_else_changed_is_not_overwritten(pilot: Initiative, lena: User) -> None:
    write(pilot, lena, version=0, people="Two")
    with refused(Stale) as caught:
        write(pilot, lena, version=0, people="Three")
    assert caught.value.current.version == 1
    write(pilot, lena, version=1, people="Three")


def test_only_the_team_writes_it(pilot: Initiative, ravi: User, elsa: User, omar: User, ada: User) -> None:
    for outsider in (ravi, elsa, omar, ada):
        with refused(NotAllowed, "not_allowed"):
            write(pilot, outsider, people="Two")
        with refused(NotAllowed, "not_allowed"):
            begins(pilot, outsider, "decision", 1)


def test_on_one_that_has_ended_nothing_is_written(pilot: Initiative, lena: User) -> None:
    begins(pilot, lena, "decision", 1)
    move_stage(pilot.pk, "stopped", act(lena), on(1), "", LESSON)
    with refused(Conflict, "initiative_ended"):
        write(pilot, lena, people="Two")
    with refused(Conflict, "initiative_ended"):
        begins(pilot, lena, "preparation", 1)
    with refused(Conflict, "initiative_ended"):
        take_back_phase(pilot.pk, "decision", act(lena), on(1))


def test_decision_and_preparation_begin_in_the_pilot_the_rest_does_not(pilot: Initiative, lena: User) -> None:
    begins(pilot, lena, "decision", 2)
    begins(pilot, lena, "preparation", 5, the_day(3))
    assert last_event() == ("roadmap.phase_begun", {"phase": "preparation", "on": the_day(3).isoformat()})
    with refused(Conflict, "phase_not_in_this_stage"):
        begins(pilot, lena, "limited_group", 6)
    assert [one.began_on for one in stored(pilot).plan] == [the_day(2), the_day(3), None, None, None, None]


def test_in_the_rollout_all_six_begin_one_after_the_other(lena: User, ada: User) -> None:
    initiative = rollout(ada, lena)
    for day, phase in enumerate(Phase, start=1):
        begins(initiative, lena, phase.value, day)
    assert [one.began_on for one in stored(initiative).plan] == [the_day(day) for day in range(1, 7)]


@pytest.mark.parametrize("stage", ["intake", "poc"])
def test_before_the_pilot_no_phase_begins(lena: User, stage: str) -> None:
    initiative = create(lena, on(0), stage=stage)
    with refused(Conflict, "phase_not_in_this_stage"):
        begins(initiative, lena, "decision", 1)


def test_phases_begin_in_order_and_once(lena: User, ada: User) -> None:
    initiative = rollout(ada, lena)
    with refused(Conflict, "phase_out_of_order"):
        begins(initiative, lena, "preparation", 1)
    begins(initiative, lena, "decision", 1)
    with refused(Conflict, "phase_has_begun"):
        begins(initiative, lena, "decision", 2)


def test_a_phase_begins_today_or_on_a_day_past_not_before_the_one_before_it(
    pilot: Initiative, lena: User
) -> None:
    begins(pilot, lena, "decision", 5, the_day(3))
    for since, code in [
        (the_day(6), "in_the_future"),
        (the_day(2), "before_earlier_phase"),
        (date(1989, 1, 1), "out_of_range"),
    ]:
        with refused(Invalid) as caught:
            begins(pilot, lena, "preparation", 5, since)
        assert errors(caught) == [("on", code)]
    begins(pilot, lena, "preparation", 5, the_day(3))
    assert stored(pilot).plan[1].began_on == the_day(3)


def test_there_are_no_other_phases(pilot: Initiative, lena: User) -> None:
    with refused(NotFound):
        begins(pilot, lena, "party", 1)


def test_on_hold_no_phase_begins(pilot: Initiative, lena: User) -> None:
    set_hold(pilot.pk, "Budget.", the_day(30), act(lena), on(1))
    with refused(Conflict, "on_hold"):
        begins(pilot, lena, "decision", 2)


def test_the_last_phase_that_began_can_be_taken_back(pilot: Initiative, lena: User) -> None:
    begins(pilot, lena, "decision", 1)
    begins(pilot, lena, "preparation", 2)
    with refused(Conflict, "phase_not_the_last"):
        take_back_phase(pilot.pk, "decision", act(lena), on(3))
    take_back_phase(pilot.pk, "preparation", act(lena), on(3))
    assert last_event() == (
        "roadmap.phase_taken_back",
        {"phase": "preparation", "began_on": the_day(2).isoformat()},
    )
    assert [one.began_on for one in stored(pilot).plan][:2] == [the_day(1), None]


def test_what_the_flag_asks_follows_the_roadmap(pilot: Initiative, lena: User) -> None:
    """A pilot that is reached and has no roadmap is told so by its flag: until dates, people and budget stand."""
    plan = dates(default_plan(FIRST))
    steps = [{"phases": plan}, {"people": "Two"}, {"budget": "5"}]
    lacks = []
    for step in steps:
        write(pilot, lena, **step)
        lacks.append([lack.value for lack in stored(pilot).lacking.what])
    assert lacks == [["people", "budget"], ["budget"], []]


def test_a_sibling_team_sees_no_roadmap_of_another(lena: User) -> None:
    hidden = create(lena, on(0), stage="pilot", visibility="team")
    with refused(NotFound):
        write(hidden, person("tess", lead=True), people="Two")
