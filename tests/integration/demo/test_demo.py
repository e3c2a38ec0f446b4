"""`manage.py seed_demo`: one believable company in every stage and in every trouble, held against what it shows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client

from checklists.models import Answer, CheckResult, Evidence
from gates.models import (
    Amendment,
    Assignment,
    Comment,
    Condition,
    Decision,
    ExitTrigger,
    Handover,
    Hold,
    Initiative,
    Kpi,
    KpiKind,
    KpiSignal,
    Lesson,
    LessonOutcome,
    MaterialChange,
    Reading,
    ReadingSource,
    Roadmap,
    Role,
    Spending,
    StageEntry,
    Stakeholder,
    Submission,
    Waiver,
    WhatWorked,
)
from gates.models.promises import EXIT_DECISIONS
from gates.promises import ValueStatus
from gates.roadmap import current_phase
from gates.rules import DecisionKind, GateStatus
from gates.stages import Stage
from readiness import clock
from readiness.accounts.models import Organisation, SystemRole, User
from readiness.audit.models import ActorKind, Event
from readiness.audit.recording import verify
from readiness.demo.cast import CAST, PASSWORD
from readiness.demo.catalogue import subjects
from readiness.demo.seeding import EIGHTEEN_MONTHS, FRANCS
from readiness.portfolio import figures
from readiness.portfolio.books import rates_of
from readiness.portfolio.changes import LISTS, changes
from readiness.portfolio.figures import headline
from readiness.portfolio.symptoms.answers import Code, State
from readiness.portfolio.symptoms.board import Board, board
from readiness.portfolio.trend import trend
from readiness.portfolio.value import value
from readiness.standing import flags as flag_package
from readiness.standing.flags.registry import RULES
from readiness.standing.forecast import NoForecast
from readiness.standing.models import Flag, GateStanding, HistoryPoint, Severity, Standing
from readiness.standing.recompute import recompute_batch
from readiness.standing.verdict import Verdict
from readiness.webhooks.delivering import owe, send_owed
from readiness.webhooks.models import Delivery, Endpoint, Off
from readiness.webhooks.sending import Answer as Answered
from tests.integration.portfolio.past_oracle import PastOracle
from tests.integration.portfolio.time_checks import agrees

pytestmark = [pytest.mark.usefixtures("demo_portfolio"), pytest.mark.django_db]
FLAGS = Path(flag_package.__file__).parents[1] / "content" / "flags.yaml"
DOORS = ("ada", "lena", "ravi", "elsa", "omar", "iris")


def today() -> date:
    return Organisation.get().day_of(clock.now())


def test_the_command_says_how_many_there_are_and_who_can_sign_in(demo_portfolio: str) -> None:
    assert Initiative.objects.count() == len(subjects())
    assert demo_portfolio == (
        f"Seeded {len(subjects())} initiatives. "
        "Sign in as ada, lena, ravi, elsa, omar or iris; password demo.\n"
    )


def test_there_are_about_forty_in_many_units_led_by_many_people() -> None:
    assert 38 <= Initiative.objects.count() <= 48
    assert len(Initiative.objects.units()) >= 8
    assert Initiative.objects.values("name").distinct().count() == Initiative.objects.count()


def told_flags() -> dict[str, dict[str, Any]]:
    """The rules as their file tells them, by code."""
    entries = yaml.safe_load(FLAGS.read_text(encoding="utf-8"))
    return {entry["code"]: entry for entry in entries}


def severities(entry: dict[str, Any]) -> set[str]:
    """Every severity that a rule knows: its own, and those that a threshold or a stage gives it."""
    named = {name.partition("_")[0] for name in entry.get("thresholds", ())}
    critical = {"critical"} if "critical_in" in entry else set()
    return {entry["severity"], *critical, *(named & set(Severity.values))}


def test_every_flag_is_open_somewhere_in_every_severity_that_its_rule_knows() -> None:
    entries = told_flags()
    wanted = {(code, severity) for code, entry in entries.items() for severity in severities(entry)}
    standing = Flag.objects.filter(resolved_at=None)
    assert set(entries) == set(RULES)
    assert wanted - set(standing.values_list("code", "severity")) == set()
    assert len(wanted) > len(entries) + 8
    assert Flag.objects.exclude(resolved_at=None).exists()


def test_forecasts_are_told_with_a_range_out_of_reach_and_too_early() -> None:
    standings = Standing.objects.all()
    assert {"", NoForecast.TOO_SHORT, NoForecast.NOT_AT_THIS_PACE, NoForecast.ON_HOLD} <= {
        *standings.values_list("forecast_none", flat=True)
    }
    assert standings.filter(forecast_on__gt=F("forecast_from"), forecast_to__gt=F("forecast_on")).exists()
    assert not standings.filter(forecast_none="", forecast_on=None).exists()


def test_every_cause_that_a_flag_may_suspect_is_suspected() -> None:
    wanted = {
        (code, cause)
        for code, entry in told_flags().items()
        for cause in entry.get("root_causes", {code: entry["root_cause"]}).values()
    }
    standing = Flag.objects.filter(resolved_at=None)
    assert wanted - set(standing.values_list("code", "root_cause")) == set()


def test_people_said_what_they_think_of_flags() -> None:
    standing = Flag.objects.filter(resolved_at=None)
    said = standing.exclude(confirmed_cause="")
    assert said.filter(confirmed_cause=F("root_cause")).exists()
    assert said.exclude(confirmed_cause=F("root_cause")).exists()
    assert standing.exclude(acknowledged_at=None).exists()
    assert standing.filter(snoozed_until__gte=today()).exists()


def test_most_initiatives_are_not_burdened_and_those_that_go_well_have_no_flag_at_all() -> None:
    counts = [row.standing.flags_open for row in Initiative.objects.running().select_related("standing")]
    assert sum(count <= 3 for count in counts) > len(counts) * 2 / 3
    quiet = Initiative.objects.filter(standing__flags_open=0)
    for stage in (Stage.POC, Stage.PILOT, Stage.ROLLOUT, Stage.LIVE):
        assert quiet.filter(stage=stage).exists(), stage
    assert quiet.filter(stage=Stage.LIVE, what_worked__isnull=False).count() >= 2


def symptoms() -> Board:
    return board(Initiative.objects.all(), Organisation.get(), today())


@pytest.mark.parametrize("code", Code)
def test_every_symptom_shows_somewhere_and_is_absent_somewhere_else(code: Code) -> None:
    found = symptoms()
    units = {one.unit: next(y.state for y in one.symptoms if y.code == code) for one in found.units}
    everywhere = next(one.symptom for one in found.shown if one.symptom.code == code)
    assert State.PRESENT in {everywhere.state, *units.values()}, units
    assert State.ABSENT in units.values(), units


def test_every_value_after_the_launch_is_there() -> None:
    marks = value(Initiative.objects.all(), today(), "EUR").marks
    found = {status for mark in marks for status, count in mark.counts.items() if count}
    assert found == set(ValueStatus)


def test_exit_criteria_were_decided_in_every_way_and_one_waits() -> None:
    decided = set(ExitTrigger.objects.exclude(decided_at=None).values_list("decision", flat=True))
    assert decided == {word for word, _ in EXIT_DECISIONS}
    assert ExitTrigger.objects.filter(decided_at=None).exists()
    stopped = ExitTrigger.objects.filter(decision="stop", by=F("criterion__decider")).get()
    assert stopped.criterion.initiative.lesson.outcome == LessonOutcome.AGREED_CRITERIA
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


def test_one_entered_a_stage_over_its_limit_and_says_why() -> None:
    assert StageEntry.objects.exclude(over_limit="").count() == 1


def test_the_overlay_is_attached_and_profiles_are_answered() -> None:
    passages = Initiative.objects.filter(passages__framework_slug="conversational-ai")
    assert passages.exists()
    answers = Answer.objects.filter(item__gate__framework__slug="environment-gap")
    assert answers.values("assessment").distinct().count() >= 10


def test_there_is_one_in_every_stage_and_most_are_under_way() -> None:
    stages = Counter(Initiative.objects.values_list("stage", flat=True))
    assert set(stages) == {stage.value for stage in Stage}
    assert stages[Stage.PILOT] > stages[Stage.LIVE] > 1


def test_every_gate_status_and_every_verdict_is_there() -> None:
    statuses = set(GateStanding.objects.exclude(status="").values_list("status", flat=True))
    assert statuses == {status.value for status in GateStatus}
    assert set(Standing.objects.values_list("verdict", flat=True)) == {verdict.value for verdict in Verdict}


def test_they_ended_in_every_way() -> None:
    assert set(Lesson.objects.values_list("outcome", flat=True)) == set(LessonOutcome.values)
    assert Initiative.objects.filter(stage=Stage.LIVE, standing__verdict=Verdict.READY).exists()
    assert Initiative.objects.filter(stage=Stage.RETIRED).exists()


def test_everything_that_people_can_do_to_a_gate_was_done() -> None:
    assert set(Decision.objects.values_list("decision", flat=True)) == {kind.value for kind in DecisionKind}
    assert Condition.objects.exists()
    assert Waiver.objects.exists()
    assert MaterialChange.objects.exists()
    assert Submission.objects.filter(decided_at=None).count() >= 3


def test_some_are_on_hold_taken_over_or_seen_by_their_team_only() -> None:
    today = Organisation.get().day_of(clock.now())
    assert Hold.objects.filter(lifted_on=None, review_on__lt=today).exists()
    assert Hold.objects.filter(lifted_on=None, review_on__gt=today).exists()
    assert Initiative.objects.filter(taken_over=True).exists()
    assert Initiative.objects.filter(visibility="team").exists()
    assert User.objects.filter(is_active=False).exists()


def test_a_gate_lapsed_by_time_and_one_by_an_act() -> None:
    lapsed = GateStanding.objects.filter(status=GateStatus.LAPSED)
    by_act = Decision.objects.filter(lapse__isnull=False).values_list("passage__initiative", flat=True)
    assert lapsed.filter(initiative__in=by_act).exists()
    assert lapsed.exclude(initiative__in=by_act).exists()


def test_the_history_spans_eighteen_months_and_ends_today() -> None:
    now = clock.now()
    moments = list(Event.objects.order_by("seq").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert abs((now - moments[0]) - EIGHTEEN_MONTHS) < timedelta(hours=1)
    assert now - timedelta(days=3) < moments[-1] <= now
    first = Initiative.objects.order_by("created_at").first()
    assert first is not None
    assert now - first.created_at > timedelta(days=500)
    assert HistoryPoint.objects.count() > 10 * Initiative.objects.count()


def test_what_was_so_on_past_days_is_what_its_rows_say_and_today_is_what_the_overview_says() -> None:
    organisation, rows = Organisation.get(), Initiative.objects.all()
    oracle = PastOracle(rows, today(), organisation.zone)
    for days in (1, 31, 200):
        since = today() - timedelta(days=days)
        found = changes(rows, since, today(), organisation.zone)
        lists = {name: {one.pk for one in found.list_of(name)} for name in LISTS}
        assert lists == oracle.changes(since, today())
    now = trend(rows, today(), 12, organisation.zone).today
    overview = headline(rows, rates_of(organisation, today()))
    assert [now.of(mark) for mark in ("running", "ready", "conditional", "stalled", "stage-live")] == [
        overview.running, overview.ready, overview.conditional, overview.stalled, overview.live
    ]  # fmt: skip
    assert not trend(rows, today(), 3, organisation.zone).today.of("unrecorded")


def test_nothing_lies_in_the_future() -> None:
    now = clock.now()
    today = Organisation.get().day_of(now)
    assert not Event.objects.filter(at__gt=now).exists()
    assert not Answer.objects.filter(answered_at__gt=now).exists()
    assert not Evidence.objects.filter(effective_on__gt=today).exists()
    assert not StageEntry.objects.filter(entered_on__gt=today).exists()
    assert not Flag.objects.filter(opened_on__gt=today).exists()
    assert not Reading.objects.filter(on__gt=today).exists()
    assert not Comment.objects.filter(at__gt=now).exists()
    assert not Spending.objects.filter(month__gt=today).exists()


def test_the_audit_chain_holds_from_its_first_link_to_its_last() -> None:
    count, broken = verify()
    assert broken is None
    assert count == Event.objects.count() > 500
    assert set(Event.objects.values_list("actor_kind", flat=True)) == {
        ActorKind.PERSON,
        ActorKind.CLOCK,
        ActorKind.COMMAND,
    }


def test_what_is_stored_is_what_computing_anew_says() -> None:
    keys = list(Initiative.objects.values_list("pk", flat=True))
    outcomes = recompute_batch(keys, clock.now())
    assert {pk: outcome.changed for pk, outcome in outcomes.items() if outcome.changed} == {}


@pytest.mark.parametrize("username", DOORS)
def test_those_it_names_can_sign_in_while_demo_data_is_shown(username: str) -> None:
    person = authenticate(None, username=username, password=PASSWORD)
    assert person is not None
    assert person.username == username


@pytest.mark.parametrize("username", DOORS)
def test_outside_demo_mode_the_same_password_opens_nothing(username: str) -> None:
    Organisation.objects.update(demo=False)
    assert authenticate(None, username=username, password=PASSWORD) is None


def test_the_others_of_the_cast_only_appear_by_name() -> None:
    others = User.objects.exclude(username__in=DOORS)
    assert {user.username for user in others} == {player.username for player in CAST} - set(DOORS)
    assert not any(user.has_usable_password() for user in others)


def test_each_role_has_a_door() -> None:
    held = set().union(*(user.roles for user in User.objects.filter(username__in=DOORS)))
    assert held == set(SystemRole)


@pytest.mark.parametrize("username", DOORS)
def test_their_first_pages_show_something(client: Client, username: str) -> None:
    client.force_login(User.objects.get(username=username))
    for path in ("/", "/initiatives/", "/portfolio/"):
        response = client.get(path)
        assert response.status_code == 200, path
    assert "To decide this week" in response.content.decode()


def test_the_portfolio_counts_what_counting_by_hand_counts() -> None:
    """The figures against a plain walk over every row."""
    rows = list(Initiative.objects.select_related("standing", "lesson").prefetch_related("stage_entries"))
    running = [row for row in rows if row.stage not in ("retired", "stopped")]
    ladder = [stage.value for stage in figures.FUNNEL]

    def furthest(row: Initiative) -> int:
        been = [stay.stage for stay in row.stage_entries.all()]
        return max((ladder.index(stage) for stage in been if stage in ladder), default=0)

    head = figures.headline(Initiative.objects.all(), rates_of(Organisation.get(), today()))
    assert (head.total, head.running) == (len(rows), len(running))
    assert head.stalled == sum(row.standing.stalled for row in rows)
    foreign = [row for row in running if row.currency != "EUR"]
    assert {row.currency for row in foreign} == {"CHF", "GBP"}
    assert head.unconverted == sum(row.currency == "GBP" for row in foreign) == 1
    francs = sum(row.budget_spent or 0 for row in foreign if row.currency == "CHF")
    euros = head.spent - sum(row.budget_spent or 0 for row in running if row.currency == "EUR")
    assert min(map(Decimal, FRANCS.values())) * francs <= euros <= max(map(Decimal, FRANCS.values())) * francs
    for verdict, count in (("ready", head.ready), ("conditional", head.conditional)):
        assert count == sum(row.standing.verdict == verdict for row in running)
    assert [(one.reached, one.now) for one in figures.funnel(Initiative.objects.all())] == [
        (sum(furthest(row) >= place for row in rows), sum(row.stage == stage for row in rows))
        for place, stage in enumerate(ladder)
    ]
    bins = [sum(int(min(row.standing.score, 99)) // 10 == number for row in running) for number in range(10)]
    assert [one.count for one in figures.score_bins(Initiative.objects.all())] == bins
    endings = Counter(row.lesson.outcome for row in rows if row.stage == "stopped")
    ended = figures.outcomes(Initiative.objects.all())
    assert ended.stopped_on_criteria == endings["agreed_criteria"]
    assert (ended.stopped_by_decision, ended.faded_out) == (endings["decided"], endings["faded_out"])
    causes = Counter(
        cause
        for row in rows
        for cause in {flag.confirmed_cause or flag.root_cause for flag in row.flags.filter(resolved_at=None)}
    )
    found = figures.flags_by_root_cause(Initiative.objects.all())
    assert {one.root_cause: one.initiatives for one in found} == dict(causes)


def test_the_figures_of_time_are_what_the_rows_say_for_each_person() -> None:
    timed = {
        name: agrees(Initiative.objects.visible_to(User.objects.get(username=name)), today())
        for name in ("elsa", "lena", "omar")
    }
    assert timed["elsa"] == max(timed.values()) > 20


def test_a_database_that_holds_data_is_left_alone() -> None:
    before = _counts()
    with pytest.raises(CommandError, match="holds data"):
        call_command("seed_demo")
    with pytest.raises(CommandError, match="holds data"):
        call_command("seed_demo", scale=3)
    assert _counts() == before


def _counts() -> list[Any]:
    models = (Initiative, User, Event, Answer, Evidence, Decision, Flag, HistoryPoint)
    return [model.objects.count() for model in models]
