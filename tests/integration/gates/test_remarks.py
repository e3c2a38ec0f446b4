"""What a reviewer says at single items comes with the decision or not at all; nothing is decided unseen."""

import pytest

from checklists.models import Answer
from gates.models import Comment, Decision, Initiative, Submission
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.errors import Conflict, Invalid, Stale
from readiness.actions.gates import ItemComment, Seen, decide_gate, submit_gate
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from tests.fixtures import answer_all

LESSON = {"tried": "Sorting by layout.", "did_not_work": "Layouts change.", "outcome": "decided"}


@pytest.fixture
def submitted(initiative: Initiative, lena: User) -> Initiative:
    answer_all(initiative, lena, gates=["data"])
    submit_gate(initiative.pk, "data", "", Actor.person(lena), clock.now())
    return initiative


def decide(initiative: Initiative, by: User, decision: str = "return", **more: object) -> Decision:
    rationale = "The peak is not shown."
    at = clock.now()
    made, _outcome = decide_gate(initiative.pk, "data", decision, rationale, Actor.person(by), at, **more)  # type: ignore[arg-type]
    return made


def seen(initiative: Initiative) -> Seen:
    rows = Answer.objects.filter(assessment__passage__initiative=initiative, item__gate__slug="data")
    return Seen(Submission.objects.latest("pk").pk, dict(rows.values_list("item__code", "version")))


def test_each_remark_becomes_a_comment_at_its_item(submitted: Initiative, lena: User, ravi: User) -> None:
    remarks = [
        ItemComment("DATA-2", " Which peak, @lena? "),
        ItemComment("DATA-4", "Only tidy input."),
    ]
    made = decide(submitted, ravi, item_comments=remarks)
    left = Comment.objects.order_by("pk")
    assert [(one.gate, one.item, one.body, one.by, one.at) for one in left] == [
        ("data", "DATA-2", "Which peak, @lena?", ravi, made.at),
        ("data", "DATA-4", "Only tidy input.", ravi, made.at),
    ]
    assert [one.person for one in left[0].mentions.all()] == [lena]
    told = Event.objects.get(verb="gate.decided").data["item_comments"]
    assert told == [
        {"item": "DATA-2", "text": "Which peak, @lena?"},
        {"item": "DATA-4", "text": "Only tidy input."},
    ]
    assert Event.objects.filter(verb="comment.added").count() == 2


def test_a_stop_leaves_them_too(submitted: Initiative, ravi: User) -> None:
    decide(submitted, ravi, "stop", lesson=LESSON, item_comments=[ItemComment("DATA-1", "Never measured.")])
    assert Comment.objects.get().item == "DATA-1"


@pytest.mark.parametrize(
    ("remark", "field", "code"),
    [
        (ItemComment("DATA-9", "Where?"), "item_comments.1.item", "unknown_item"),
        (ItemComment("ARCH-1", "Elsewhere."), "item_comments.1.item", "unknown_item"),
        (ItemComment("DATA-2", "  "), "item_comments.1.text", "required"),
        (ItemComment("DATA-2", "x" * 5001), "item_comments.1.text", "too_long"),
        (ItemComment("DATA-2", "Ask @nobody."), "item_comments.1.text", "unknown_mention"),
    ],
)
def test_one_that_cannot_be_left_refuses_the_decision_whole(
    submitted: Initiative, ravi: User, remark: ItemComment, field: str, code: str
) -> None:
    events = Event.objects.count()
    with pytest.raises(Invalid) as refused:
        decide(submitted, ravi, item_comments=[ItemComment("DATA-1", "Good."), remark])
    assert [(error.field, error.code) for error in refused.value.errors] == [(field, code)]
    assert not Decision.objects.exists()
    assert not Comment.objects.exists()
    assert Event.objects.count() == events


def test_what_was_looked_at_is_decided(submitted: Initiative, ravi: User) -> None:
    assert decide(submitted, ravi, "pass", seen=seen(submitted)).decision == "pass"


def test_an_answer_that_changed_since_it_was_looked_at_refuses_the_decision(
    submitted: Initiative, lena: User, ravi: User
) -> None:
    looked_at = seen(submitted)
    change = AnswerChange("DATA-3", note="The owner left.")
    record_answers(submitted.pk, [change], Actor.person(lena), clock.now())
    with pytest.raises(Stale) as refused:
        decide(submitted, ravi, "pass", seen=looked_at)
    assert refused.value.current == ["DATA-3"]
    assert not Decision.objects.exists()
    assert decide(submitted, ravi, "pass", seen=seen(submitted)).decision == "pass"


def test_a_change_in_another_gate_is_none_of_it(submitted: Initiative, lena: User, ravi: User) -> None:
    looked_at = seen(submitted)
    record_answers(submitted.pk, [AnswerChange("ARCH-1", "met")], Actor.person(lena), clock.now())
    assert decide(submitted, ravi, seen=looked_at).decision == "return"


def test_another_submission_is_not_decided_unseen(submitted: Initiative, lena: User, ravi: User) -> None:
    looked_at = seen(submitted)
    decide(submitted, ravi)
    submit_gate(submitted.pk, "data", "", Actor.person(lena), clock.now())
    with pytest.raises(Conflict) as refused:
        decide(submitted, ravi, "pass", seen=looked_at)
    assert refused.value.code == "another_submission"
    assert Decision.objects.count() == 1
