"""`manage.py seed_demo`: one believable company in every stage and in every trouble, held against what it shows."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client

from checklists.models import Answer, Evidence
from gates.models import (
    Comment,
    Condition,
    Decision,
    Hold,
    Initiative,
    Lesson,
    LessonOutcome,
    MaterialChange,
    Reading,
    Spending,
    StageEntry,
    Submission,
    Waiver,
)
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
from readiness.portfolio.changes import LISTS, changes_of
from readiness.portfolio.figures import headline
from readiness.portfolio.past.loading import lives
from readiness.portfolio.scores import score_bins
from readiness.portfolio.symptoms.answers import Code, State
from readiness.portfolio.symptoms.board import Board, board
from readiness.portfolio.trend import trend
from readiness.standing import flags as flag_package
from readiness.standing.flags.registry import RULES
from readiness.standing.forecast import NoForecast
from readiness.standing.models import Flag, GateStanding, HistoryPoint, Severity, Standing
from readiness.standing.recompute import recompute_batch
from readiness.standing.verdict import Verdict
from tests.fixtures import today
from tests.integration.portfolio.past_oracle import PastOracle
from tests.integration.portfolio.time_checks import agrees

pytestmark = [pytest.mark.usefixtures("demo_portfolio"), pytest.mark.django_db]
FLAGS = Path(flag_package.__file__).parents[1] / "content" / "flags.yaml"
DOORS = ("ada", "lena", "ravi", "elsa", "omar", "iris")


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
        found = changes_of(lives(rows, since, today(), organisation.zone), since, today())
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
    assert [one.count for one in score_bins(Initiative.objects.all())] == bins
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
