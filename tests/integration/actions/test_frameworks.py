"""A further framework is attached to an initiative, beside those that it has from its creation."""

from datetime import UTC

import pytest

from checklists.frameworks import parse_framework
from checklists.loading import load_framework
from checklists.models import Framework
from readiness.accounts.models import Scope
from readiness.actions.errors import Conflict, Invalid, NotAllowed
from readiness.actions.frameworks import attach_framework
from readiness.actions.stages import move_stage
from readiness.standing.judgement import known_of
from readiness.standing.recompute import judge_now
from readiness.standing.supposing import suppose
from tests.fixtures import api, create, make_ready, pages
from tests.integration.actions.props import (
    act,
    answer_checkpoint,
    decide,
    effective,
    errors,
    gate,
    on,
    promise,
    refused,
    say,
    standing,
    statuses,
    submit,
)

pytestmark = pytest.mark.django_db

ITEM = """
  - {{code: {code}, title: Of {code}, critical: false, statement: S, met: M, partial: P, not_met: N,
     root_cause: ownership}}"""
SMALL = """
slug: {slug}
version: '{version}'
name: Small
kind: {kind}
order: any
evidence: optional
{more}
gates:
- slug: {gate}
  name: First
  purpose: Why it is there
  min_share_met: 1/2
  items:"""


def framework(slug, gate="first", code="SMALL-1", version="1.0", kind="overlay", more=""):
    text = SMALL.format(slug=slug, gate=gate, version=version, kind=kind, more=more)
    text += "".join(ITEM.format(code=each) for each in (code, f"{code}B", f"{code}C"))
    return load_framework(parse_framework(text.encode(), "small.yaml"), on(-1)).framework


@pytest.fixture
def initiative(lena):
    return create(lena, on(0))


def attach(initiative, by, slug="conversational-ai", day=1):
    return attach_framework(initiative.pk, slug, act(by), on(day))


def test_an_overlays_items_are_there_and_its_gate_stands_open(initiative, lena):
    attach(initiative, lena)
    assert statuses(initiative, framework="conversational-ai") == ["open"]
    say(initiative, lena, "CONV-1", "met", 1, proof=True)
    assert effective(initiative, "CONV-1", 1) == ("met", "")
    assert gate(initiative, "conversation").met == 1
    initiative.refresh_from_db()
    assert initiative.version == 2


def test_what_is_attached_never_counts_among_the_five_gates(initiative, lena, ravi):
    make_ready(initiative, lena, ravi, on(0))
    outcome = attach(initiative, lena)
    say(initiative, lena, "CONV-1", "not_met", 1)
    for now in (outcome.standing, standing(initiative)):
        assert (now.framework, now.total, now.met, now.verdict) == ("five-gate", 20, 20, "ready")
        assert now.blockers == []


def test_an_overlays_gate_is_submitted_and_decided_like_any_other(lena, ravi):
    framework("small-to-decide", kind="overlay")
    one = create(lena, on(0))
    attach(one, lena, "small-to-decide")
    say(one, lena, "SMALL-1", "met", 1)
    say(one, lena, "SMALL-1B", "met", 1)
    with refused(Conflict, "criteria_not_met"):
        submit(one, "first", lena, 1)
    say(one, lena, "SMALL-1C", "partial", 1)
    submit(one, "first", lena, 1)
    decide(one, "first", ravi, day=1)
    assert gate(one, "first").status == "passed"


@pytest.mark.parametrize("slug", ["no-such", "", "five gate", "conversational-ai\x00", "\ud800", "x" * 5000])
def test_a_framework_that_does_not_exist_is_refused(initiative, lena, slug):
    with refused(Invalid) as caught:
        attach(initiative, lena, slug)
    assert errors(caught) == [("framework", "unknown_framework")]


def test_a_framework_that_is_not_published_does_not_exist_yet(initiative, lena):
    facts = {"name": "Draft", "kind": "overlay", "order": "any", "evidence_required": False}
    Framework.objects.create(slug="draft", version="1.0", checksum="0" * 64, **facts)
    with refused(Invalid) as caught:
        attach(initiative, lena, "draft")
    assert errors(caught) == [("framework", "unknown_framework")]


@pytest.mark.parametrize("slug", ["five-gate", "poc-checkpoints", "environment-gap"])
def test_what_is_there_from_the_creation_cannot_be_attached_again(initiative, lena, slug):
    with refused(Conflict, "already_attached"):
        attach(initiative, lena, slug)


@pytest.mark.parametrize("kind", ["gates", "checkpoints", "overlay"])
def test_what_is_published_later_is_attached_where_somebody_does_it_and_nowhere_by_itself(lena, kind):
    """Not even where it would collide: a copy of the five gates under another name."""
    framework(f"house-{kind}", kind=kind)
    framework(f"copy-{kind}", kind=kind, gate="data", code="DATA-1")
    one = create(lena, on(0))
    slugs = list(one.passages.order_by("position").values_list("framework_slug", flat=True))
    assert slugs == ["poc-checkpoints", "five-gate", "environment-gap"]
    attach(one, lena, f"house-{kind}")
    assert list(one.passages.order_by("position").values_list("framework_slug", flat=True)) == [
        *slugs,
        f"house-{kind}",
    ]


def test_nothing_is_attached_twice(initiative, lena):
    attach(initiative, lena)
    with refused(Conflict, "already_attached"):
        attach(initiative, lena)


def test_item_codes_and_gate_slugs_are_unique_within_one_initiative(initiative, lena):
    framework("same-code", gate="other", code="DATA-1")
    framework("same-gate", gate="adoption", code="OTHER-1")
    with refused(Conflict, "codes_collide") as caught:
        attach(initiative, lena, "same-code")
    assert "DATA-1" in caught.value.message
    with refused(Conflict, "codes_collide") as caught:
        attach(initiative, lena, "same-gate")
    assert "adoption" in caught.value.message


def test_two_that_were_attached_may_not_collide_either(initiative, lena):
    framework("first-of-two", code="TWO-1")
    framework("second-of-two", gate="second", code="TWO-1")
    attach(initiative, lena, "first-of-two")
    with refused(Conflict, "codes_collide"):
        attach(initiative, lena, "second-of-two")


def test_the_newest_version_is_attached_and_an_initiative_stays_on_its_own(initiative, lena):
    older = framework("growing")
    attach(initiative, lena, "growing")
    newer = framework("growing", gate="renamed", version="1.1")
    other = create(lena, on(1))
    attach(other, lena, "growing")
    found = [one.passages.get(framework_slug="growing").assessment.framework for one in (initiative, other)]
    assert found == [older, newer]


def test_only_the_team_attaches(initiative, omar, ravi, elsa, iris, ada):
    for by in (omar, ravi, elsa, iris, ada):
        with refused(NotAllowed, "not_allowed"):
            attach(initiative, by)


@pytest.mark.parametrize(
    ("over", "not_met", "recommendation"),
    [("1/2", 1, ""), ("1/2", 2, "stop"), ("1/3", 1, ""), ("1/4", 1, "stop"), ("2/3", 2, ""), ("", 3, "")],
)
def test_when_stopping_is_recommended_the_checkpoints_own_framework_says(lena, over, not_met, recommendation):
    """A new framework is a YAML file and no code."""
    slug = f"own-{over.replace('/', '-') or 'none'}-{not_met}"
    more = f"recommend_stop_over: {over}" if over else ""
    framework(slug, kind="checkpoints", more=more)
    one = create(lena, on(1))
    attach(one, lena, slug)
    for position, code in enumerate(("SMALL-1", "SMALL-1B", "SMALL-1C")):
        say(one, lena, code, "not_met" if position < not_met else "met", 1)
    submit(one, "first", lena, 1)
    submission = one.passages.get(framework_slug=slug).submissions.get()
    assert submission.recommendation == recommendation


def test_the_shipped_checkpoints_recommend_to_stop_where_more_than_half_is_missing(initiative, lena):
    answer_checkpoint(initiative, lena, "checkpoint-0", "partial")
    for code in ("CP0-1", "CP0-2", "CP0-3"):
        say(initiative, lena, code, "not_met")
    with_three = submit_and_recommend(initiative, lena)
    assert with_three == ""


def test_unanswered_counts_among_the_missing(initiative, lena):
    for code in ("CP0-1", "CP0-2", "CP0-3"):
        say(initiative, lena, code, "met")
    assert submit_and_recommend(initiative, lena) == "stop"  # four of seven


def submit_and_recommend(initiative, by):
    submit(initiative, "checkpoint-0", by)
    return initiative.passages.get(framework_slug="poc-checkpoints").submissions.get().recommendation


TO_ROLLOUT = "guards: [{from: pilot, to: rollout}]"


@pytest.fixture
def guarded(lena, ravi):
    """Ready on the five gates, in the pilot, with a framework of the house that guards the step to rollout as well."""
    framework("house-rules", gate="house", code="HOUSE-1", kind="gates", more=TO_ROLLOUT)
    one = create(lena, on(0), stage="pilot", stage_since=on(0).date())
    make_ready(one, lena, ravi, on(0))
    attach(one, lena, "house-rules")
    return one


def test_what_guards_the_step_to_rollout_beside_the_five_gates_holds_too(guarded, lena):
    now = standing(guarded)
    assert (now.framework, now.total, now.met, now.verdict) == ("five-gate", 20, 20, "not_ready")
    named = {(one["code"], one["framework"], one["gate"]) for one in now.blockers}
    assert ("gate_not_passed", "house-rules", "house") in named
    with refused(Conflict, "stage_guarded") as caught:
        move_stage(guarded.pk, "rollout", act(lena), on(1))
    assert {one.framework for one in caught.value.blockers} == {"house-rules"}


def test_once_it_is_passed_too_the_move_is_open_and_its_conditions_count(guarded, lena, ravi):
    for code in ("HOUSE-1", "HOUSE-1B", "HOUSE-1C"):
        say(guarded, lena, code, "met", 1)
    assert standing(guarded).next_actions[0]["gate"] == "house"  # to be submitted
    submit(guarded, "house", lena, 1)
    decide(guarded, "house", ravi, "pass_with_conditions", 1, promise(lena))
    now = standing(guarded)
    assert (now.verdict, now.blockers) == ("conditional", [])
    move_stage(guarded.pk, "rollout", act(lena), on(1))
    # And the step to live asks that this verdict still stands.
    with refused(Conflict, "stage_guarded"):
        move_stage(guarded.pk, "live", act(lena), on(40))


def test_its_pages_and_rest_name_what_it_asks_for(guarded, lena):
    ref = guarded.ref
    why = pages(lena).get(f"/initiatives/{ref}/why/").content.decode()
    assert "Small guards the step to rollout too: 0 of its 1 are passed." in why
    assert f"/initiatives/{ref}/checklist/house/#HOUSE-1" in why
    stage = pages(lena).post(f"/initiatives/{ref}/stage/", {"to": "rollout"}).content.decode()
    assert f"/initiatives/{ref}/gates/house/" in stage
    client = api(lena, Scope.READ, Scope.WRITE)
    found = client.get(f"initiatives/{ref}/readiness/").json()
    assert found["verdict"] == "not_ready"
    assert "house-rules" in {one["framework"] for one in found["blockers"]}
    moved = client.post(f"initiatives/{ref}/stage/", {"to": "rollout"})
    assert (moved.status_code, moved.json()["code"]) == (409, "stage_guarded")
    assert "house" in {one["gate"] for one in moved.json()["blockers"]}


def test_what_is_supposed_leaves_it_as_it_is(guarded):
    known = known_of(judge_now(guarded.pk, on(1)), UTC)
    assert {one.gate for one in suppose(known).readiness.blockers} == {"house"}
