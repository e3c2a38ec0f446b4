"""`manage.py seed_demo`: one believable company in every stage and in every trouble, played once for this module."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from checklists.models import Answer, Evidence
from gates.models import (
    Condition,
    Decision,
    Hold,
    Initiative,
    Lesson,
    LessonOutcome,
    MaterialChange,
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
from readiness.demo.seeding import EIGHTEEN_MONTHS
from readiness.portfolio import figures
from readiness.standing.flags.registry import RULES
from readiness.standing.models import Flag, GateStanding, HistoryPoint, Severity, Standing
from readiness.standing.recompute import recompute_batch
from readiness.standing.verdict import Verdict

# One worker plays it, once: it is eighteen months of acts.
pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.django_db]
DOORS = ("ada", "lena", "ravi", "elsa", "omar", "iris")


@pytest.fixture(scope="module", autouse=True)
def said(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The demo stands in the database; what the command said."""
    out = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_demo", stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)


def test_the_command_says_how_many_there_are_and_who_can_sign_in(said: str) -> None:
    assert Initiative.objects.count() == len(subjects())
    assert said == (
        f"Seeded {len(subjects())} initiatives. "
        "Sign in as ada, lena, ravi, elsa, omar or iris; password demo.\n"
    )


def test_there_are_about_forty_in_many_units_led_by_many_people() -> None:
    assert 38 <= Initiative.objects.count() <= 48
    assert len(Initiative.objects.units()) >= 8
    assert Initiative.objects.values("name").distinct().count() == Initiative.objects.count()


def test_every_rule_whose_facts_exist_has_raised_a_flag_that_is_open() -> None:
    assert set(Flag.objects.filter(resolved_at=None).values_list("code", flat=True)) == set(RULES)
    assert set(Flag.objects.filter(resolved_at=None).values_list("severity", flat=True)) == {*Severity.values}
    assert Flag.objects.exclude(resolved_at=None).exists()


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


def test_nothing_lies_in_the_future() -> None:
    now = clock.now()
    today = Organisation.get().day_of(now)
    assert not Event.objects.filter(at__gt=now).exists()
    assert not Answer.objects.filter(answered_at__gt=now).exists()
    assert not Evidence.objects.filter(effective_on__gt=today).exists()
    assert not StageEntry.objects.filter(entered_on__gt=today).exists()
    assert not Flag.objects.filter(opened_on__gt=today).exists()


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
        been = ["live" if stay.stage == "retired" else stay.stage for stay in row.stage_entries.all()]
        return max((ladder.index(stage) for stage in been if stage in ladder), default=0)

    head = figures.headline(Initiative.objects.all(), "EUR")
    assert (head.total, head.running) == (len(rows), len(running))
    assert head.stalled == sum(row.standing.stalled for row in rows)
    assert head.spent == sum(row.budget_spent or 0 for row in running)
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
        for cause in set(row.flags.filter(resolved_at=None).values_list("root_cause", flat=True))
    )
    assert dict(figures.flags_by_root_cause(Initiative.objects.all())) == dict(causes)


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
