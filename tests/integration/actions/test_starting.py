"""What every new initiative begins with: chosen by admins, refused where it could not be, told."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gates.models import Initiative, StartingFramework
from readiness.accounts.models import User
from readiness.actions.errors import Conflict, Invalid, NotAllowed, Stale
from readiness.actions.frameworks import publish_framework
from readiness.actions.starting import choose_starting, starting_frameworks, starting_slugs
from readiness.actions.versions import move_version
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND
from readiness.standing.models import Standing
from tests.fixtures import create
from tests.integration.actions.props import act, decide, errors, on, refused, say, standing, submit
from tests.own_frameworks import SHAPE, copy_text, own_text, published

pytestmark = pytest.mark.django_db

USUAL = ("poc-checkpoints", "five-gate", "environment-gap")
OWN = ("poc-checkpoints", "house", "environment-gap")


@pytest.fixture
def house() -> None:
    published(own_text())


def begun_with(initiative: Initiative) -> list[str]:
    return list(initiative.passages.order_by("position").values_list("framework_slug", flat=True))


def choose(by: User, *slugs: str, **more: Any) -> None:
    choose_starting(slugs, act(by), on(0), **more)


def test_until_somebody_chooses_it_is_the_three(lena: User) -> None:
    assert starting_slugs() == USUAL
    assert [row.slug for row in starting_frameworks()] == list(USUAL)
    assert begun_with(create(lena, on(0))) == list(USUAL)


@pytest.mark.usefixtures("house")
def test_what_is_chosen_is_begun_with_in_that_order_and_what_is_there_keeps_its_own(
    ada: User, lena: User
) -> None:
    before = create(lena, on(0))
    choose(ada, "house", "conversational-ai", "poc-checkpoints")
    after = create(lena, on(0))
    assert begun_with(after) == ["house", "conversational-ai", "poc-checkpoints"]
    assert begun_with(before) == list(USUAL)
    assert [standing(one).framework for one in (before, after)] == ["five-gate", "house"]
    assert set(after.passages.values_list("attached_at", flat=True)) == {None}


@pytest.mark.usefixtures("house")
def test_each_choice_leaves_one_event_and_the_same_again_none(ada: User) -> None:
    for _ in range(2):
        choose(ada, *OWN)
    choose(ada, *USUAL)
    assert starting_slugs() == USUAL
    told = Event.objects.filter(verb="frameworks.chosen").order_by("seq")
    assert [(one.actor, one.data) for one in told] == [
        (ada, {"before": list(USUAL), "after": list(OWN)}),
        (ada, {"before": list(OWN), "after": list(USUAL)}),
    ]


@pytest.mark.usefixtures("house")
def test_nobody_else_chooses(lena: User, ravi: User, elsa: User, omar: User, iris: User) -> None:
    for other in (lena, ravi, elsa, omar, iris):
        with refused(NotAllowed, "not_allowed"):
            choose(other, *OWN)
    assert starting_slugs() == USUAL


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("slugs", "wrong"),
    [
        ((), [("frameworks", "no_readiness_framework")]),
        (("poc-checkpoints", "environment-gap"), [("frameworks", "no_readiness_framework")]),
        (("five-gate", "house"), [("frameworks", "two_readiness_frameworks")]),
        (("house", "no-such"), [("frameworks.1", "unknown_framework")]),
        (("\x00", "house"), [("frameworks.0", "unknown_framework")]),
        (("house", "environment-gap", "house"), [("frameworks.2", "named_twice")]),
        (("house",) * 51, [("frameworks", "too_many")]),
    ],
)
def test_what_no_initiative_could_begin_with_is_refused(
    ada: User, slugs: tuple[str, ...], wrong: list[tuple[str, str]]
) -> None:
    with refused(Invalid) as caught:
        choose(ada, *slugs)
    assert errors(caught) == wrong
    assert starting_slugs() == USUAL
    assert not Event.objects.filter(verb="frameworks.chosen").exists()


def test_two_that_use_the_same_codes_or_gates_are_refused_by_name(ada: User) -> None:
    published(own_text("same-gate", shape=[("data", 2)], more="", required=None))
    published(own_text("same-code", shape=[("arch", 1)], more="", required=None))
    for slug, word in (("same-gate", "data"), ("same-code", "ARCH-1")):
        with refused(Invalid) as caught:
            choose(ada, *USUAL, slug)
        assert errors(caught) == [("frameworks", "same_codes")]
        assert word in caught.value.message


def test_a_framework_that_guards_by_one_gate_only_is_none_that_readiness_is_computed_on(ada: User) -> None:
    by_gate = "guards: [{from: pilot, to: rollout, gate: run}]"
    published(own_text("by-gate", more=by_gate))
    with refused(Invalid) as caught:
        choose(ada, "by-gate")
    assert errors(caught) == [("frameworks", "no_readiness_framework")]
    choose(ada, "five-gate", "by-gate")


@pytest.mark.usefixtures("house")
def test_who_saw_another_choice_is_told(ada: User) -> None:
    choose(ada, *OWN, seen=USUAL)
    with pytest.raises(Stale) as caught:
        choose(ada, *USUAL, seen=USUAL)
    assert caught.value.current == OWN
    choose(ada, *USUAL, seen=OWN)


@pytest.mark.usefixtures("house")
def test_the_newest_version_is_begun_with_and_one_that_could_not_be_is_not_published(
    ada: User, lena: User
) -> None:
    choose(ada, *OWN)
    older = create(lena, on(0))
    publish_framework(own_text(version="1.1", required=6).encode(), "file", act(ada), on(1))
    newer = create(lena, on(1))
    assert [standing(one).framework_version for one in (older, newer)] == ["1.0", "1.1"]
    move_version(older.pk, "house", act(lena), on(1))
    assert standing(older).required_met == 6
    clashing = own_text(version="1.2", shape=[*SHAPE, ("checkpoint-0", 1)])
    with refused(Conflict, "not_beside_the_start") as caught:
        publish_framework(clashing.encode(), "file", act(ada), on(1))
    assert "checkpoint-0" in caught.value.message
    assert [row.version for row in starting_frameworks()][1] == "1.1"
    # Where nothing begins with it, nothing is asked of it.
    choose(ada, *USUAL)
    assert publish_framework(clashing.encode(), "file", act(ada), on(1)).published


def test_an_initiative_goes_all_the_way_on_a_framework_of_three_gates(
    ada: User, lena: User, ravi: User
) -> None:
    published(own_text())
    choose(ada, *OWN)
    one = create(lena, on(0))
    now = standing(one)
    assert (now.framework, now.total, now.required_met, now.verdict) == ("house", 7, 5, "not_ready")
    for gate, count in SHAPE:
        for number in range(1, count + 1):
            say(one, lena, f"{gate.upper()}-{number}", "met" if number < 3 else "partial", 0)
        submit(one, gate, lena, 0)
        decide(one, gate, ravi, day=0)
    now = standing(one)
    assert (now.met, now.verdict, now.blockers) == (6, "ready", [])
    assert float(now.score) == 92.9


def test_a_copy_of_the_five_gates_takes_their_place(ada: User, lena: User) -> None:
    published(copy_text())
    with refused(Invalid) as caught:
        choose(ada, *USUAL, "our-gates")
    assert {code for _field, code in errors(caught)} == {"two_readiness_frameworks", "same_codes"}
    choose(ada, "poc-checkpoints", "our-gates", "environment-gap")
    one = create(lena, on(0))
    assert Standing.objects.get(initiative=one).framework == "our-gates"
    assert Standing.objects.get(initiative=one).total == 20


def test_a_command_on_the_server_may_choose_too(ada: User) -> None:
    published(own_text())
    choose_starting(OWN, COMMAND, on(0))
    assert starting_slugs() == OWN


@pytest.fixture
def rows() -> Iterator[None]:
    StartingFramework.objects.create(slug="five-gate", position=0)
    yield
    assert StartingFramework.objects.count() == 1


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    "nonsense",
    [{"slug": "five-gate", "position": 1}, {"slug": "house", "position": 0}, {"slug": "", "position": 1}],
)
def test_the_database_holds_each_once(nonsense: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StartingFramework.objects.create(**nonsense)
