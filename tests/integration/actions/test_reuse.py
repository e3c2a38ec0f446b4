"""A piece of evidence that lies behind one item, put behind another: the same piece, under the same rules."""

import pytest

from checklists.models import Evidence
from readiness.actions.answers import withdraw_evidence
from readiness.actions.errors import Conflict, NotAllowed, NotFound
from readiness.actions.reuse import reuse_evidence
from readiness.audit.models import Event
from tests.fixtures import create
from tests.integration.actions.props import act, effective, evidence, link, on, refused, say, the_day

pytestmark = pytest.mark.django_db

AGE_THERE, AGE_HERE = 60, 210  # of DATA-1 and DATA-2, in days, as the framework says


@pytest.fixture
def initiative(lena):
    return create(lena, on(0))


def a_piece(initiative, by, code="DATA-1", **content) -> Evidence:
    say(initiative, by, code, "met", 0, link(**content))
    return evidence(initiative, code)[-1]


def reuse(initiative, by, piece, code="DATA-2", day=0):
    return reuse_evidence(initiative.pk, piece.pk, code, act(by), on(day))


def test_the_same_piece_then_lies_behind_both_items_and_counts_at_both(initiative, lena):
    say(initiative, lena, "DATA-2", "met")
    piece = a_piece(initiative, lena, day=-3, expires=20)
    reuse(initiative, lena, piece, day=1)
    (there,) = evidence(initiative, "DATA-2")
    same = ("kind", "title", "url", "effective_on", "expires_on", "fingerprint")
    assert [getattr(there, name) for name in same] == [getattr(piece, name) for name in same]
    assert (there.added_by, there.received_at) == (lena, on(1))
    assert effective(initiative, "DATA-2", 1) == ("met", "")
    event = Event.objects.latest("pk")
    assert event.data["answers"][0]["item"] == "DATA-2"


def test_what_lies_there_already_is_not_put_there_twice(initiative, lena):
    piece = a_piece(initiative, lena)
    reuse(initiative, lena, piece)
    events = Event.objects.count()
    reuse(initiative, lena, piece, day=1)
    reuse(initiative, lena, piece, "DATA-1", day=1)
    assert [len(evidence(initiative, code)) for code in ("DATA-1", "DATA-2")] == [1, 1]
    assert Event.objects.count() == events


def test_what_was_withdrawn_is_not_used_again(initiative, lena):
    piece = a_piece(initiative, lena)
    withdraw_evidence(initiative.pk, piece.pk, act(lena), on(0))
    with refused(Conflict, "evidence_withdrawn"):
        reuse(initiative, lena, piece)


@pytest.mark.parametrize(("day", "taken"), [(AGE_HERE, True), (AGE_HERE + 1, False)])
def test_whether_it_still_holds_is_asked_of_the_item_it_is_put_behind(initiative, lena, day, taken):
    piece = a_piece(initiative, lena)
    if taken:
        reuse(initiative, lena, piece, day=day)
        assert evidence(initiative, "DATA-2")[0].effective_on == the_day(0)
    else:
        with refused(Conflict, "evidence_ran_out"):
            reuse(initiative, lena, piece, day=day)


@pytest.mark.parametrize(("day", "taken"), [(5, True), (6, False)])
def test_an_expiry_ends_it_everywhere(initiative, lena, day, taken):
    piece = a_piece(initiative, lena, expires=5)
    if taken:
        reuse(initiative, lena, piece, day=day)
    else:
        with refused(Conflict, "evidence_ran_out"):
            reuse(initiative, lena, piece, day=day)


def test_a_piece_of_another_initiative_an_unknown_item_and_an_outsider(initiative, lena, omar, ravi):
    piece = a_piece(initiative, lena)
    other = create(omar, on(0), name="Another")
    with refused(NotFound):
        reuse_evidence(other.pk, piece.pk, "DATA-2", act(omar), on(0))
    with refused(NotFound):
        reuse(initiative, lena, piece, "DATA-9")
    for by in (omar, ravi):
        with refused(NotAllowed, "not_allowed"):
            reuse(initiative, by, piece)
    assert evidence(initiative, "DATA-2") == []


def test_what_a_check_found_belongs_to_its_item(initiative, lena):
    piece = a_piece(initiative, lena)
    Evidence.objects.filter(pk=piece.pk).update(kind="check")
    with refused(NotFound):
        reuse(initiative, lena, piece)


def test_what_lies_there_with_another_expiry_is_not_passed_over_in_silence(initiative, lena):
    piece = a_piece(initiative, lena, expires=20)
    say(initiative, lena, "DATA-2", None, 0, link(expires=9))
    with refused(Conflict, "evidence_has_another_expiry"):
        reuse(initiative, lena, piece)
