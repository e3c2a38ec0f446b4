"""Acknowledging and snoozing quiet reminders; they change no figure and no `stalled`."""

import pytest

from gates.models import Initiative
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound
from readiness.actions.flags import acknowledge_flag, snooze_flag
from readiness.actions.initiatives import edit_initiative
from readiness.audit.models import Event
from readiness.standing.models import Flag, GateStanding, HistoryPoint, Standing
from tests.fixtures import create
from tests.integration.actions.props import act, errors, on, refused, standing, the_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def stalled(lena):
    """A pilot that nobody has touched for a year."""
    made = create(lena, on(0), stage="pilot")
    assert standing(made, 365).stalled
    return made


def flag(initiative, code="stage_overrun"):
    return Flag.objects.get(initiative=initiative, code=code, resolved_at=None)


def acknowledge(flag, by, day=365):
    return acknowledge_flag(flag.pk, act(by), on(day))


def snooze(flag, by, until=400, day=365, reason="The contract comes in April."):
    return snooze_flag(flag.pk, None if until is None else the_day(until), reason, act(by), on(day))


def figures(initiative):
    quiet = {"computed_at", "acknowledged_by_id", "acknowledged_at", "snoozed_until", "snooze_reason"}
    return [
        [
            {key: value for key, value in row.items() if key not in quiet}
            for row in model.objects.order_by("pk").values()
        ]
        for model in (Standing, GateStanding, Flag, HistoryPoint)
    ]


def test_neither_changes_a_figure_or_stalled(stalled, lena):
    before = figures(stalled)
    acknowledge(flag(stalled), lena)
    snooze(flag(stalled, "no_activity"), lena)
    assert figures(stalled) == before
    assert standing(stalled).stalled
    stalled.refresh_from_db()
    assert (stalled.version, stalled.last_activity_on) == (1, None)


def test_who_saw_it_and_until_when_it_is_quiet_is_kept_with_it_and_in_the_audit_trail(stalled, lena, ravi):
    acknowledge(flag(stalled), lena)
    snooze(flag(stalled), ravi, 365, reason=" Today only. ")
    kept = flag(stalled)
    assert (kept.acknowledged_by, kept.acknowledged_at) == (lena, on(365))
    assert (kept.snoozed_until, kept.snooze_reason) == (the_day(365), "Today only.")
    told = Event.objects.filter(verb__startswith="flag.").order_by("seq").values_list("verb", "actor_id")
    assert list(told) == [("flag.acknowledged", lena.pk), ("flag.snoozed", ravi.pk)]


@pytest.mark.parametrize(
    ("until", "reason", "wrong"),
    [
        (None, "", [("until", "required"), ("reason", "required")]),
        (364, "Later.", [("until", "in_the_past")]),
        (300 * 365, "Later.", [("until", "out_of_range")]),
        (400, " ", [("reason", "required")]),
        (400, "x" * 2001, [("reason", "too_long")]),
        (400, "a\x00", [("reason", "null_characters")]),
    ],
)
def test_to_snooze_takes_a_reason_and_a_day_that_has_not_passed(stalled, lena, until, reason, wrong):
    with refused(Invalid) as caught:
        snooze(flag(stalled), lena, until, reason=reason)
    assert errors(caught) == wrong


def test_the_team_reviewers_and_executives_quiet_it_and_nobody_else_does(
    stalled, lena, omar, ravi, elsa, iris, ada
):
    for by in (lena, ravi, elsa):
        acknowledge(flag(stalled), by)
        snooze(flag(stalled), by)
    for by in (omar, iris, ada):
        with refused(NotAllowed, "not_allowed"):
            acknowledge(flag(stalled), by)
        with refused(NotAllowed, "not_allowed"):
            snooze(flag(stalled), by)


def test_what_one_may_not_know_of_has_no_flag(stalled, lena, omar):
    edit_initiative(stalled.pk, {"visibility": "team"}, act(lena), on(365))
    with refused(NotFound, "not_found"):
        acknowledge(flag(stalled), omar)
    with refused(NotFound, "not_found"):
        acknowledge_flag(10**6, act(lena), on(365))


def test_a_flag_that_is_resolved_is_quiet_already(stalled, lena, omar, elsa):
    gone = flag(stalled, "no_business_owner")
    edit_initiative(stalled.pk, {"people": {"business_owner": "elsa"}}, act(lena), on(365))
    for quieting in (acknowledge, snooze):
        with refused(Conflict, "flag_resolved"):
            quieting(gone, lena)


def test_a_flag_whose_rule_ceased_to_hold_by_now_is_resolved_first(lena):
    """Whoever acts on what an old page shows acts on how it stands today."""
    poc = create(lena, on(0), stage="poc", plan={"decision_on": the_day(2)})
    assert standing(poc, 5).flags_open
    late = flag(poc, "decision_overdue")
    edit_initiative(poc.pk, {"plan": {"decision_on": None}}, act(lena), on(6))
    with refused(Conflict, "flag_resolved"):
        acknowledge(late, lena, 6)


def test_an_imported_initiative_that_nobody_edited_stays_on_the_day_its_file_speaks_of(stalled, lena):
    Initiative.objects.filter(pk=stalled.pk).update(as_of=the_day(365))
    before = figures(stalled)
    acknowledge(flag(stalled), lena, 2000)
    snooze(flag(stalled, "no_activity"), lena, 2100, 2000)
    assert Initiative.objects.get(pk=stalled.pk).as_of == the_day(365)
    after = figures(stalled)
    assert [row["code"] for row in after[2]] == [row["code"] for row in before[2]]
    assert after[0][0]["stalled"] == before[0][0]["stalled"]
