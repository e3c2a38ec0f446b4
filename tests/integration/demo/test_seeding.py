"""Seeding into an empty database: the same each time, and only there."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from checklists.models import Answer, CheckResult, Evidence
from gates.models import Decision, ExitTrigger, Initiative, Kpi, Reading, StageEntry
from readiness.accounts.models import Organisation, User
from readiness.audit.models import Event
from readiness.demo import seeding
from readiness.demo.catalogue import Subject, subjects
from readiness.demo.director import Stage
from readiness.demo.lives import lives
from readiness.demo.seeding import SEED, seed
from readiness.demo.stories import STORIES
from readiness.standing.models import Flag, Standing
from readiness.webhooks.models import Delivery
from tests.fixtures import person
from tests.pictures import PICTURES

pytestmark = pytest.mark.django_db
# The night in which the clocks of the demo's zone go back.
AT = datetime(2026, 10, 25, 9, 30, tzinfo=UTC)
KEYS = re.compile(r'AI-\d+|"id":\d+')
SOME = (
    "pilot_in_review",
    "pilot_well",
    "lapsed_material",
    "conditional_waiver",
    "stopped_criteria",
    "orphaned",
    "on_hold",
)


@pytest.fixture
def some_stories(monkeypatch: pytest.MonkeyPatch) -> list[Subject]:
    """A part of the demo, so that it can be played more than once."""
    chosen = [subject for subject in subjects() if subject.story in SOME]
    monkeypatch.setattr(seeding, "subjects", lambda: chosen)
    return chosen


def picture() -> dict[str, list[Any]]:
    """What stands after a seeding, by name: keys differ from one seeding to the next."""
    by_name = "initiative__name"
    return {
        "initiatives": list(
            Initiative.objects.order_by("name").values_list(
                "name", "stage", "stage_since", "hold__review_on", "created_at", "updated_at", "version"
            )
        ),
        "standings": list(
            Standing.objects.order_by(by_name).values_list(
                by_name, "score", "verdict", "stalled", "flags_open", "due_on", "blockers", "next_actions"
            )
        ),
        "flags": list(
            Flag.objects.order_by(by_name, "code", "opened_at").values_list(
                by_name, "code", "severity", "message", "details", "opened_at", "resolved_at"
            )
        ),
        "decisions": list(
            Decision.objects.order_by("at", "pk").values_list(
                "gate__slug", "decision", "rationale", "by__username", "at"
            )
        ),
        "evidence": list(
            Evidence.objects.order_by("received_at", "pk").values_list("item__code", "title", "effective_on")
        ),
        "checks": list(
            CheckResult.objects.order_by("pk").values_list(
                "name", "result", "summary", "observed_at", "expires_at"
            )
        ),
        "messages": [KEYS.sub("#", one.body) for one in Delivery.objects.order_by("pk")],
        "deliveries": list(
            Delivery.objects.order_by("pk").values_list(
                "message_id",
                "kind",
                "state",
                "attempts",
                "tried_at",
                "ended_at",
                "last_status",
                "last_error",
            )
        ),
        "readings": list(
            Reading.objects.order_by("received_at", "pk").values_list("kpi__name", "on", "value", "source")
        ),
        "promises": list(
            Kpi.objects.order_by(by_name, "pk").values_list(by_name, "name", "promised", "locked_at")
        ),
        "triggers": list(
            ExitTrigger.objects.order_by("at", "pk").values_list("words", "on", "decision", "decided_on")
        ),
        "stays": list(
            StageEntry.objects.order_by(by_name, "pk").values_list(
                by_name, "stage", "entered_on", "left_on", "reason"
            )
        ),
        "events": list(Event.objects.order_by("seq").values_list("seq", "at", "verb", "actor__username")),
    }


def seeded() -> dict[str, list[Any]]:
    """The picture of a seeding that is taken back again."""
    with transaction.atomic():
        seed(AT)
        found = picture()
        transaction.set_rollback(True)
    return found


def test_the_same_stories_are_the_same_each_time_they_are_played(some_stories: list[Subject]) -> None:
    first, second = seeded(), seeded()
    assert len(first["initiatives"]) == len(some_stories) == len(SOME)
    assert first["decisions"] and first["flags"] and first["evidence"]
    assert first["readings"] and first["promises"] and first["triggers"]
    assert first["checks"] and first["deliveries"]
    assert first == second


def test_every_story_is_told_the_same_way_each_time() -> None:
    """Everything that chance decides before the play: the days and hours, and who reviews."""

    def told() -> list[tuple]:
        seeding.make_people(AT)
        stage = Stage(AT, Organisation.get().zone, SEED)
        for subject in subjects():
            STORIES[subject.story](stage, subject)
        User.objects.all().delete()
        return [(scene.at, scene.number, scene.story) for scene in stage.scenes]

    first = told()
    assert len(first) > 800
    assert first == told()


def test_every_story_has_an_initiative_and_every_initiative_a_story() -> None:
    assert {subject.story for subject in subjects()} == set(STORIES)


def test_what_is_told_beside_the_stories_belongs_to_one() -> None:
    assert set(lives()) <= set(STORIES)


def test_the_pictures_of_the_guide_show_initiatives_that_are_there() -> None:
    shown = {name for picture in PICTURES for name in re.findall(r"{(.+?)}", picture.path)}
    assert shown and shown <= {subject.name for subject in subjects()}


def test_one_story_that_cannot_be_told_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def impossible(stage: Stage, subject: Subject) -> None:
        STORIES["intake_new"](stage, subject)
        stage.add(1, lambda at: seeding.refuse_unless_empty(), "a scene that fails")

    chosen = [subject for subject in subjects() if subject.story == "intake_new"]
    monkeypatch.setattr(seeding, "subjects", lambda: chosen)
    monkeypatch.setattr(seeding, "STORIES", {"intake_new": impossible})
    with pytest.raises(seeding.NotEmpty):
        seed(AT)
    assert not Initiative.objects.exists()
    assert not User.objects.exists()
    assert not Event.objects.exists()
    assert Organisation.get().demo is False


@pytest.fixture(params=["a person", "an initiative", "an event"])
def holds(request: pytest.FixtureRequest, db: None) -> Iterator[str]:
    """A database that holds one thing."""
    if request.param == "a person":
        person("somebody")
    elif request.param == "an initiative":
        Initiative.objects.create(
            name="One", name_key="one", search_key="one", business_problem="A.", created_at=AT, updated_at=AT
        )
    else:
        Event.objects.create(seq=1, at=AT, actor_kind="command", verb="a.b", previous_hash="", hash="x")
    return request.param


def test_a_database_that_holds_anything_is_refused(holds: str) -> None:
    with pytest.raises(CommandError, match="holds data"):
        call_command("seed_demo")
    assert not Organisation.get().demo
    assert User.objects.filter(username="ada").count() == 0


@pytest.mark.parametrize("number", [0, -1, 100_001])
def test_a_scale_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(CommandError, match="from 1 to 100000"):
        call_command("seed_demo", scale=number)
    assert not User.objects.exists()


def test_at_a_scale_there_are_as_many_as_asked_for_each_with_its_standing() -> None:
    call_command("seed_demo", scale=40, verbosity=0)
    assert Initiative.objects.count() == Standing.objects.count() == 40
    assert Answer.objects.count() == 40 * 14
    past_intake = Initiative.objects.exclude(stage="intake").count()
    assert Kpi.objects.exclude(locked_at=None).count() == 2 * past_intake > 0
    assert Reading.objects.count() == 2 * 8 * past_intake
    assert ExitTrigger.objects.exists()
    assert Flag.objects.exists()
    assert Organisation.get().demo is True
