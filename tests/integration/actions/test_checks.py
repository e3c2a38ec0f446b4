"""Automated checks: what they report, when that measures an item, and what it may not do."""

from datetime import datetime, time, timedelta

import pytest

from checklists.models import Answer, CheckResult, Evidence, Writing
from gates.models import Decision, Lapse
from readiness.accounts.models import Organisation
from readiness.actions.checks import SKEW, Report, bind_check, report_check
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from readiness.actions.holds import set_hold
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.standing.models import Standing
from tests.fixtures import create, make_ready
from tests.integration.actions.props import (
    LESSON,
    act,
    effective,
    errors,
    evidence,
    flags,
    link,
    on,
    refused,
    say,
    standing,
    statuses,
    the_day,
)

pytestmark = pytest.mark.django_db

CHECK = "great-expectations"
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def initiative(lena):
    return create(lena, on(0))


def report(initiative, by, result, day=0, *, code="DATA-1", hour=8, expires=None, at=None, **more):
    told = {"check": CHECK, "expires_at": None if expires is None else on(expires, 8)} | more
    sent = Report(item=code, result=result, observed_at=on(day, hour), **told)
    return report_check(initiative.pk, sent, Actor.person(by, "ci"), at or on(day))


def bind(initiative, by, check=CHECK, reason="", day=0, code="DATA-1", **more):
    return bind_check(initiative.pk, code, check, reason, act(by), on(day), **more)


def answer(initiative, code="DATA-1"):
    return Answer.objects.get(assessment__passage__initiative=initiative, item__code=code)


@pytest.mark.parametrize(("result", "measured"), [("pass", "met"), ("warn", "partial"), ("fail", "not_met")])
def test_a_bound_check_measures_the_item_and_leaves_what_was_declared(initiative, lena, result, measured):
    say(initiative, lena, "DATA-1", "met", proof=True)
    bind(initiative, lena)
    taken = report(initiative, lena, result, expires=2)
    row = answer(initiative)
    assert (taken.new, row.measured, row.declared, row.measured_by) == (True, measured, "met", taken.result)
    assert row.measured_expires_at == on(2, 8)
    assert effective(initiative, "DATA-1")[0] == measured
    assert taken.outcome.standing.met == (1 if result == "pass" else 0)


def test_where_nobody_has_answered_the_measured_answer_stands_in(initiative, lena):
    bind(initiative, lena)
    report(initiative, lena, "pass")
    assert effective(initiative, "DATA-1") == (
        "met",
        "Nobody has answered, and the measured Met counts instead.",
    )


def test_past_its_expiry_met_counts_as_partial(initiative, lena):
    bind(initiative, lena)
    report(initiative, lena, "pass", expires=2)
    assert [effective(initiative, "DATA-1", day)[0] for day in (2, 3)] == ["met", "partial"]


def test_what_an_item_is_not_bound_to_is_evidence_and_measures_nothing(initiative, lena):
    say(initiative, lena, "DATA-1", "met")
    bind(initiative, lena, "another-check")
    report(initiative, lena, "pass", summary="41 of 41", url="https://ci.example.com/7", expires=3)
    [piece] = evidence(initiative, "DATA-1")
    assert (piece.kind, piece.title, piece.url) == ("check", f"{CHECK}: 41 of 41", "https://ci.example.com/7")
    assert (piece.effective_on, piece.expires_on, piece.added_by) == (the_day(0), the_day(3), lena)
    assert answer(initiative).measured is None
    assert effective(initiative, "DATA-1") == ("met", "")


@pytest.mark.parametrize("result", ["warn", "fail"])
def test_what_did_not_pass_is_evidence_that_allows_no_met(initiative, lena, result):
    say(initiative, lena, "DATA-1", "met")
    report(initiative, lena, result)
    assert effective(initiative, "DATA-1") == (
        "partial",
        "Met counts as Partial: the automated check did not pass.",
    )
    assert standing(initiative).met == 0


def test_the_same_result_renews_its_piece_and_another_one_withdraws_it(initiative, lena):
    say(initiative, lena, "DATA-1", "met")
    for day in range(3):
        report(initiative, lena, "pass", day, summary=f"run {day}")
    [piece] = evidence(initiative, "DATA-1")
    assert (piece.title, piece.effective_on) == (f"{CHECK}: run 2", the_day(2))
    report(initiative, lena, "fail", 3)
    assert effective(initiative, "DATA-1", 3)[0] == "partial"  # the pass of the day before allows Met no more
    report(initiative, lena, "pass", 3, hour=9)
    found = Evidence.objects.order_by("pk")
    assert [(one.check_result, one.withdrawn_at is None) for one in found] == [
        ("pass", False),
        ("fail", False),
        ("pass", True),
    ]
    assert CheckResult.objects.count() == 5
    assert effective(initiative, "DATA-1", 3)[0] == "met"


def test_an_older_result_and_the_same_one_again_change_nothing(initiative, lena):
    bind(initiative, lena)
    first = report(initiative, lena, "fail", 2, at=on(4)).result
    before = (Event.objects.count(), Standing.objects.get().computed_at, answer(initiative).version)
    for again in (
        report(initiative, lena, "pass", 1, at=on(4)),
        report(initiative, lena, "fail", 2, at=on(5)),
    ):
        assert (again.new, again.result) == (False, first)
    assert answer(initiative).measured == "not_met"
    assert (CheckResult.objects.count(), Evidence.objects.count()) == (1, 1)
    assert (Event.objects.count(), Standing.objects.get().computed_at, answer(initiative).version) == before


def test_of_two_of_one_moment_the_later_one_stands_and_neither_comes_twice(initiative, lena):
    bind(initiative, lena)
    report(initiative, lena, "pass")
    assert report(initiative, lena, "fail").new
    assert not report(initiative, lena, "pass").new
    assert answer(initiative).measured == "not_met"


def test_newer_is_asked_of_each_check_and_each_item(initiative, lena):
    report(initiative, lena, "pass", 2, at=on(2))
    assert report(initiative, lena, "fail", 1, check="freshness", at=on(2)).new
    assert report(initiative, lena, "fail", 1, code="DATA-2", at=on(2)).new
    assert len(evidence(initiative, "DATA-1")) == 2


def test_the_event_names_the_token_and_the_measured_answer_before_and_after(initiative, lena):
    bind(initiative, lena)
    report(initiative, lena, "pass")
    report(initiative, lena, "fail", hour=9, summary="2 of 41 failed")
    event = Event.objects.filter(verb="check.received").last()
    assert (event.token_name, event.actor) == ("ci", lena)
    assert event.data["measured"] == ["met", "not_met"]
    assert (event.data["item"], event.data["check"], event.data["summary"]) == (
        "DATA-1",
        CHECK,
        "2 of 41 failed",
    )


def test_a_machine_is_no_activity_and_does_not_stand_in_a_person_s_way(initiative, lena):
    bind(initiative, lena)
    initiative.refresh_from_db()
    before = (initiative.last_activity_on, answer(initiative).version)
    report(initiative, lena, "pass", 9)
    initiative.refresh_from_db()
    assert (initiative.last_activity_on, answer(initiative).version) == before


def test_it_counts_as_written_by_the_owner_of_the_token(initiative, lena):
    report(initiative, lena, "pass")
    assert Writing.objects.get().by == lena


WRONG = [
    ({"code": "DATA-99"}, [("item", "unknown_item")]),
    ({"check": " "}, [("check", "required")]),
    ({"check": "a\nb"}, [("check", "control_characters")]),
    ({"result": "ok"}, [("result", "unknown_word")]),
    ({"summary": "x" * 501}, [("summary", "too_long")]),
    ({"url": "ftp://x"}, [("url", "not_a_web_address")]),
    ({"hour": 10}, [("observed_at", "in_the_future")]),
    ({"at": on(0, 8) - SKEW - MOMENT}, [("observed_at", "in_the_future")]),
    ({"expires": 0}, [("expires_at", "before_effective_date")]),
]


@pytest.mark.parametrize(("given", "wrong"), WRONG)
def test_bad_input_is_refused_at_its_field(initiative, lena, given, wrong):
    given = {"result": "pass"} | given
    with refused(Invalid) as caught:
        report(initiative, lena, given.pop("result"), **given)
    assert errors(caught) == wrong


def test_a_clock_that_is_a_little_ahead_is_believed_and_sent_again_it_is_the_same(initiative, lena):
    """What it said is kept as it said it: with another moment in its place, a repetition would be a new result."""
    bind(initiative, lena)
    taken = report(initiative, lena, "pass", at=on(0, 8) - SKEW)
    assert (taken.new, taken.result.observed_at, taken.result.received_at) == (
        True,
        on(0, 8),
        on(0, 8) - SKEW,
    )
    assert answer(initiative).measured == "met"
    assert not report(initiative, lena, "pass", at=on(0, 8) - SKEW + MOMENT).new
    assert not report(initiative, lena, "fail", at=on(0, 8), hour=7).new


def test_seen_after_a_midnight_that_is_still_to_come_it_is_evidence_of_today(initiative, lena):
    say(initiative, lena, "DATA-1", "met")
    organisation = Organisation.get()
    midnight = datetime.combine(the_day(1), time(), organisation.zone)
    sent = Report(item="DATA-1", check=CHECK, result="pass", observed_at=midnight + timedelta(minutes=2))
    report_check(initiative.pk, sent, Actor.person(lena, "ci"), midnight - timedelta(minutes=1))
    [piece] = evidence(initiative, "DATA-1")
    assert piece.effective_on == the_day(0)
    assert effective(initiative, "DATA-1") == ("met", "")


def test_only_the_team_reports_and_binds(initiative, ravi, omar):
    for somebody in (ravi, omar):
        with refused(NotAllowed):
            report(initiative, somebody, "pass")
        with refused(NotAllowed):
            bind(initiative, somebody)


def test_on_hold_it_is_taken_and_after_the_end_it_is_refused(initiative, lena):
    set_hold(initiative.pk, "Waits for the budget.", the_day(30), act(lena), on(0))
    assert report(initiative, lena, "pass").new
    move_stage(initiative.pk, "stopped", act(lena), on(1), reason="No case.", lesson=LESSON)
    with refused(Conflict, "initiative_ended"):
        report(initiative, lena, "fail", 2)
    with refused(Conflict, "initiative_ended"):
        bind(initiative, lena, day=2)


def test_a_failed_check_makes_a_pass_lapse_by_an_act(lena, ravi):
    ready = create(lena, on(0), stage="pilot")
    make_ready(ready, lena, ravi, on(0))
    bind(ready, lena)
    assert set(statuses(ready)) == {"passed"}
    report(ready, lena, "fail", 1)
    assert statuses(ready) == ["lapsed", "locked", "locked", "locked", "locked"]
    lapse = Lapse.objects.get()
    assert (lapse.decision.gate.slug, lapse.by, lapse.at) == ("data", lena, on(1))
    report(ready, lena, "pass", 2)
    assert statuses(ready)[0] == "lapsed"  # only a new decision ends it
    assert Decision.objects.count() == 5


def test_to_bind_takes_over_what_the_check_last_reported(initiative, lena):
    report(initiative, lena, "pass")
    report(initiative, lena, "fail", hour=9)
    bind(initiative, lena)
    assert answer(initiative).measured == "not_met"
    event = Event.objects.get(verb="check.bound")
    assert event.data == {
        "item": "DATA-1",
        "check": ["", CHECK],
        "reason": "",
        "measured": [None, "not_met"],
    }
    before = Event.objects.count()
    bind(initiative, lena)
    assert Event.objects.count() == before


@pytest.mark.parametrize("other", ["", "another-check"])
def test_who_takes_a_measured_answer_away_says_why(initiative, lena, other):
    bind(initiative, lena)
    report(initiative, lena, "fail")
    with refused(Invalid) as caught:
        bind(initiative, lena, other)
    assert errors(caught) == [("reason", "required")]
    bind(initiative, lena, other, "The platform was replaced.", 1)
    row = answer(initiative)
    assert (row.check_name, row.measured, row.measured_by, row.measured_expires_at) == (
        other,
        None,
        None,
        None,
    )
    event = Event.objects.last()
    assert (event.verb, event.data["reason"]) == (
        "check.bound" if other else "check.unbound",
        "The platform was replaced.",
    )
    assert event.data["measured"] == ["not_met", None]


def test_binding_asks_for_an_item_that_is_measured_and_the_version_that_was_seen(initiative, lena):
    with refused(NotFound):
        bind(initiative, lena, code="DATA-99")
    with refused(Invalid) as caught:
        bind(initiative, lena, code="CP0-1")
    assert errors(caught) == [("check", "not_measured_here")]
    with refused(Invalid) as caught:
        bind(initiative, lena, "x" * 101)
    assert errors(caught) == [("check", "too_long")]
    bind(initiative, lena, version=0)
    with refused(Stale):
        bind(initiative, lena, "another", version=0)


def test_what_a_check_renews_by_itself_alarms_nobody_before_it_has_run_out(lena):
    initiative = create(lena, on(0), stage="pilot")
    say(initiative, lena, "DATA-1", "met")
    report(initiative, lena, "pass", expires=2)
    assert "evidence_expired" not in flags(initiative, 2)
    assert "evidence_expired" in flags(initiative, 3)
    say(initiative, lena, "DATA-1", None, 3, link(day=3, expires=5))
    assert "evidence_expired" in flags(initiative, 4)


def test_the_pieces_of_two_runs_within_a_day_do_not_collide(initiative, lena):
    for hour, result in enumerate(["pass", "fail", "pass", "fail"]):
        report(initiative, lena, result, hour=hour)
    last = on(0, 3) + timedelta(0)
    assert CheckResult.objects.latest("pk").observed_at == last
    assert Evidence.objects.filter(withdrawn_at__isnull=True).count() == 1
