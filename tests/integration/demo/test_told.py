"""What people in the demo promised, read, spent and said to each other, and what other systems told it."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import pytest
from django.db.models import F

from checklists.models import Answer, CheckResult
from gates.models import (
    Amendment,
    Assignment,
    Comment,
    ExitTrigger,
    Handover,
    Initiative,
    Kpi,
    KpiKind,
    KpiSignal,
    LessonOutcome,
    Reading,
    ReadingSource,
    Roadmap,
    Role,
    Spending,
    Stakeholder,
    WhatWorked,
)
from gates.models.promises import EXIT_DECISIONS
from gates.promises import ValueStatus
from gates.roadmap import current_phase
from gates.stages import Stage
from readiness import clock
from readiness.accounts.models import User
from readiness.portfolio.value import value
from readiness.webhooks.delivering import owe, send_owed
from readiness.webhooks.models import Delivery, Endpoint, Off
from readiness.webhooks.sending import Answer as Answered
from tests.fixtures import today

pytestmark = [pytest.mark.usefixtures("demo_portfolio"), pytest.mark.django_db]


def test_every_value_after_the_launch_is_there() -> None:
    marks = value(Initiative.objects.all(), today(), "EUR").marks
    found = {status for mark in marks for status, count in mark.counts.items() if count}
    assert found == set(ValueStatus)


def test_exit_criteria_were_decided_in_every_way_and_one_waits() -> None:
    decided = set(ExitTrigger.objects.exclude(decided_at=None).values_list("decision", flat=True))
    assert decided == {word for word, _ in EXIT_DECISIONS}
    assert ExitTrigger.objects.filter(decided_at=None).exists()
    stopped = ExitTrigger.objects.filter(decision="stop", by=F("criterion__decider"))
    outcomes = {one.criterion.initiative.lesson.outcome for one in stopped}
    assert outcomes == {LessonOutcome.AGREED_CRITERIA}
    gone_on = ExitTrigger.objects.get(decision="go_on")
    assert gone_on.by is not None and gone_on.by.is_executive
    assert gone_on.expires_on is not None and gone_on.expires_on > today()


def test_most_past_intake_promised_business_figures_locked_by_checkpoint_0_and_read_since() -> None:
    past = Initiative.objects.exclude(stage=Stage.INTAKE).filter(taken_over=False)
    for row in past:
        passed = row.passages.get(framework_slug="poc-checkpoints").decisions.filter(
            gate__slug="checkpoint-0"
        )
        promised = row.kpis.filter(created_at__lt=passed.get().at)
        assert set(promised.values_list("locked_at", flat=True)) <= {passed.get().at}, row.name
    business = Kpi.objects.filter(kind=KpiKind.BUSINESS, go_limit__isnull=False, stop_limit__isnull=False)
    read = set(Reading.objects.filter(kpi__in=business).values_list("kpi__initiative", flat=True))
    assert len(read) > 0.85 * past.count()
    assert set(Kpi.objects.values_list("signal", flat=True)) == {"", *KpiSignal.values}
    assert set(Kpi.objects.values_list("kind", flat=True)) == set(KpiKind.values)
    assert {ReadingSource.TYPED, ReadingSource.FILE} <= set(Reading.objects.values_list("source", flat=True))
    assert Reading.objects.exclude(withdrawn_at=None).exists()


def test_figures_were_changed_after_they_were_read_seen_by_a_reviewer_and_not() -> None:
    changed = Amendment.objects.filter(after_reading=True)
    assert changed.filter(acknowledged_at=None).exists()
    assert changed.exclude(acknowledged_at=None).exists()


def test_roadmaps_are_complete_begun_and_lacking() -> None:
    roadmaps = list(Roadmap.objects.prefetch_related("phases").select_related("initiative"))
    assert {roadmap.lacking.complete for roadmap in roadmaps} == {True, False}
    begun = {
        current_phase(roadmap.plan)
        for roadmap in roadmaps
        if roadmap.initiative.stage in (Stage.PILOT, Stage.ROLLOUT)
    }
    assert len(begun - {None}) >= 2 and None in begun


def test_money_was_booked_by_month_and_production_estimated() -> None:
    by_month = Initiative.objects.filter(spending__isnull=False).distinct()
    assert by_month.count() >= 8
    for row in by_month:
        assert row.budget_spent == sum(one.amount for one in row.spending.all()), row.name
        assert row.spending.values("month").distinct().count() >= 3, row.name
    assert set(Spending.objects.values_list("kind", flat=True)) == {
        "data",
        "infrastructure",
        "integration",
        "change",
        "other",
    }
    assert Initiative.objects.filter(estimate_build__isnull=False, estimate_run__isnull=False).count() >= 10


def test_people_came_went_handed_over_and_spoke() -> None:
    assert {one.closed_at is None for one in Handover.objects.all()} == {True, False}
    gone = User.objects.filter(is_active=False)
    held = Initiative.objects.running().filter(team_roles__user__in=gone, team_roles__until=None)
    assert held.exists()
    assert gone.exclude(
        pk__in=held.values("team_roles__user")
    ).exists()  # what they held was handed on before
    sponsors = Comment.objects.filter(
        initiative__team_roles__role=Role.EXECUTIVE_SPONSOR, initiative__team_roles__user=F("by")
    )
    assert 0 < sponsors.count() < Comment.objects.count()
    assert Stakeholder.objects.filter(needed=False).exists()
    assert set(WhatWorked.objects.values_list("initiative__stage", flat=True)) == {Stage.LIVE, Stage.RETIRED}


def test_people_spoke_at_gates_and_items_and_asked_each_other() -> None:
    today = clock.now().date()
    assert Comment.objects.exclude(gate="").filter(item="", mentions__isnull=False).count() >= 2
    assert Comment.objects.exclude(item="").filter(mentions__isnull=False).count() >= 3
    asked = Assignment.objects.open()
    for username in ("lena", "omar"):
        assert asked.for_person(User.objects.get(username=username)).exists()
    assert asked.filter(due__lt=today).exists() and asked.filter(due__gt=today).exists()
    assert Assignment.objects.filter(outcome="done").exists()
    assert not Assignment.objects.to_be_handed_on().exists()


def test_checks_passed_warned_and_failed_before_they_passed() -> None:
    lena = User.objects.get(username="lena")
    bound = Answer.objects.exclude(check_name="").select_related("item", "measured_by", "assessment__passage")
    reported = {}
    for answer in bound:
        assert answer.assessment.passage.initiative.team_roles.filter(user=lena, until=None).exists()
        rows = CheckResult.objects.filter(assessment=answer.assessment, item=answer.item).order_by(
            "observed_at"
        )
        reported[answer.item.code] = [row.result for row in rows]
        assert answer.measured_by == rows.last()
        assert not rows.filter(received_at__lt=F("observed_at")).exists()
    assert set(reported["DATA-1"]) == {"pass"} and len(reported["DATA-1"]) > 3
    assert reported["INTG-2"] == ["warn"]
    assert reported["INTG-1"] == ["fail", "fail", "pass", "pass"]


def test_a_webhook_was_told_and_nothing_leaves_the_demo() -> None:
    """It is off, its name is one that leads nowhere, and no name was looked up: the tests have no network."""
    hook = Endpoint.objects.get()
    assert (hook.off, urlsplit(hook.url).hostname) == (Off.ADMIN, "hooks.alderfinch.example")
    assert not Delivery.objects.waiting().exists()
    told = [(one.state, one.attempts > 1, one.last_status) for one in hook.deliveries.all()]
    assert {("delivered", False, 204), ("delivered", True, 204)} <= set(told)
    parked = hook.deliveries.get(state="parked")
    assert (parked.attempts, parked.last_status) == (2, None) and "15 seconds" in parked.last_error
    before = Delivery.objects.count()
    assert (owe(clock.now()), send_owed(clock.now(), _must_not)) == (0, 0)
    assert Delivery.objects.count() == before


def _must_not(url: str, headers: Mapping[str, str], body: bytes, listed: Sequence[str]) -> Answered:
    raise AssertionError(f"Something was sent to {url}.")
