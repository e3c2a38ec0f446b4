"""Evidence behind answers: what it allows, for how long, and what is left when it is withdrawn."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from checklists.models import Answer
from readiness.accounts.models import Organisation
from readiness.actions.answers import AnswerChange, record_answers, withdraw_evidence
from readiness.actions.errors import Invalid, NotAllowed, NotFound
from readiness.actions.pieces import TITLE_MAX, Piece
from readiness.audit.models import Event
from readiness.standing.recompute import recompute_batch
from tests.fixtures import create
from tests.integration.actions.props import (
    UNUSUAL_TEXTS,
    act,
    effective,
    errors,
    evidence,
    link,
    on,
    refused,
    rehearsal,
    say,
    standing,
    the_day,
)

pytestmark = pytest.mark.django_db

MAX_AGE = 60  # of DATA-1, in days, as the framework says


@pytest.fixture
def initiative(lena):
    return create(lena, on(0))


def give(initiative, by, *pieces, code="DATA-1", day=0):
    change = AnswerChange(code, evidence=pieces)
    return record_answers(initiative.pk, [change], act(by), on(day), path="")


def withdraw(initiative, by, piece, day=0):
    return withdraw_evidence(initiative.pk, piece.pk, act(by), on(day))


def statement(text="We checked every invoice of May.", by="Mira Okafor", day=0, expires=None):
    return Piece(
        "statement",
        the_day(day),
        text,
        stated_by=by,
        expires_on=None if expires is None else the_day(expires),
    )


def test_a_link_and_a_statement_are_kept_with_the_day_they_speak_of_and_the_day_they_came(initiative, lena):
    give(initiative, lena, link(day=-3, expires=20), statement(day=-9), day=1)
    one, other = evidence(initiative, "DATA-1")
    assert (one.kind, one.title, one.url) == ("link", "Proof of DATA-1", "https://wiki.example.com/DATA-1")
    assert (one.effective_on, one.expires_on, one.received_at) == (the_day(-3), the_day(20), on(1))
    assert (other.kind, other.title, other.stated_by) == (
        "statement",
        "We checked every invoice of May.",
        "Mira Okafor",
    )
    assert (other.effective_on, other.expires_on, other.added_by) == (the_day(-9), None, lena)


def test_evidence_alone_is_no_answer(initiative, lena):
    give(initiative, lena, link())
    assert effective(initiative, "DATA-1") == ("unanswered", "")
    assert standing(initiative).unanswered == 20


SAME = [
    ("sent once more", link(), link()),
    ("under another title", link(), link(title="Another title")),
    ("as a statement in the same words", statement(), statement()),
    ("as a statement of another person", statement(), statement(by="Someone else")),
    ("as a statement with a space behind it", statement(), statement("We checked every invoice of May. ")),
]
DIFFERENT = [
    ("of another day", link(), link(day=-1)),
    ("at another address", link(), link("DATA-2", title="Proof of DATA-1")),
    ("in other words", statement(), statement("We checked every invoice of June.")),
    ("a link and a statement", link(title="https://wiki.example.com/x", url="https://wiki.example.com/x"),
     statement("https://wiki.example.com/x")),
]  # fmt: skip


@pytest.mark.parametrize(("one", "again"), [pair[1:] for pair in SAME], ids=[pair[0] for pair in SAME])
def test_the_same_piece_is_one_piece(initiative, lena, one, again):
    give(initiative, lena, one)
    before = Event.objects.count()
    give(initiative, lena, again, day=1)
    assert len(evidence(initiative, "DATA-1")) == 1
    assert Event.objects.count() == before
    give(initiative, lena, one, again, one, code="DATA-2")
    assert len(evidence(initiative, "DATA-2")) == 1


@pytest.mark.parametrize(
    ("first", "again", "told"),
    [
        (link(expires=9), link(expires=20), "with 11 March 2026 as its last day"),
        (link(), link(expires=9), "without a last day"),
        (statement(), statement(expires=9), "without a last day"),
    ],
)
def test_the_same_piece_with_another_expiry_is_refused_and_nothing_is_lost_unsaid(
    initiative, lena, first, again, told
):
    give(initiative, lena, first)
    before = Event.objects.count()
    with refused(Invalid) as caught:
        give(initiative, lena, link("DATA-2"), again)
    assert errors(caught) == [("evidence.1.expires_on", "another_expiry")]
    assert told in caught.value.errors[0].message
    with refused(Invalid) as caught:
        give(initiative, lena, first, again, code="DATA-2")
    assert errors(caught) == [("evidence.1.expires_on", "another_expiry")]
    assert Event.objects.count() == before
    assert [piece.expires_on for piece in evidence(initiative, "DATA-1")] == [first.expires_on]


def test_sent_again_without_an_expiry_it_is_the_piece_that_is_there(initiative, lena):
    give(initiative, lena, link(expires=9))
    before = Event.objects.count()
    give(initiative, lena, link())
    assert Event.objects.count() == before
    assert [piece.expires_on for piece in evidence(initiative, "DATA-1")] == [the_day(9)]


def test_withdrawn_it_is_added_with_its_new_expiry_and_both_stay_on_record(initiative, lena):
    say(initiative, lena, "DATA-1", "met", 0, link(expires=2))
    withdraw(initiative, lena, evidence(initiative, "DATA-1")[0], 3)
    give(initiative, lena, link(expires=20), day=3)
    found = [(one.expires_on, one.withdrawn_at is None) for one in evidence(initiative, "DATA-1")]
    assert sorted(found) == [(the_day(2), False), (the_day(20), True)]
    assert list(Event.objects.order_by("-seq").values_list("verb", flat=True)[:2]) == [
        "answer.recorded",
        "evidence.withdrawn",
    ]


@pytest.mark.parametrize(
    ("one", "other"), [pair[1:] for pair in DIFFERENT], ids=[pair[0] for pair in DIFFERENT]
)
def test_pieces_that_differ_are_two(initiative, lena, one, other):
    give(initiative, lena, one, other)
    assert len(evidence(initiative, "DATA-1")) == 2


def test_the_same_piece_can_lie_behind_two_items(initiative, lena):
    give(initiative, lena, link())
    give(initiative, lena, link(), code="DATA-2")
    assert [len(evidence(initiative, code)) for code in ("DATA-1", "DATA-2")] == [1, 1]


def test_evidence_cannot_speak_of_a_day_to_come(initiative, lena):
    with refused(Invalid) as caught:
        give(initiative, lena, link(day=1))
    assert errors(caught) == [("evidence.0.effective_on", "in_the_future")]
    give(initiative, lena, link(day=1), day=1)


@pytest.mark.parametrize(("zone", "allowed"), [("Pacific/Auckland", True), ("Pacific/Honolulu", False)])
def test_which_day_it_is_the_organisation_says(initiative, lena, zone, allowed):
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": zone})
    at = datetime(2026, 3, 9, 20, tzinfo=UTC)  # the 10th in Auckland, the 9th in Honolulu
    tenth = AnswerChange("DATA-1", "met", evidence=(Piece("statement", date(2026, 3, 10), "x", "", "y"),))
    if allowed:
        assert record_answers(initiative.pk, [tenth], act(lena), at).standing.met == 1
    else:
        with refused(Invalid):
            record_answers(initiative.pk, [tenth], act(lena), at)


def test_evidence_names_its_day_and_does_not_expire_before_it(initiative, lena):
    with refused(Invalid) as caught:
        give(initiative, lena, Piece("link", None, "x", "https://example.com"), link(day=-1, expires=-2))
    assert errors(caught) == [
        ("evidence.0.effective_on", "required"),
        ("evidence.1.expires_on", "before_effective_date"),
    ]
    give(initiative, lena, link(day=-1, expires=-1))


@pytest.mark.parametrize("kind", ["check", "file", "Link", "", "photo"])
def test_a_kind_that_cannot_be_given_by_hand_is_refused(initiative, lena, kind):
    with refused(Invalid) as caught:
        give(initiative, lena, Piece(kind, the_day(0), "x", "https://example.com", "y"))
    assert errors(caught) == [("evidence.0.kind", "unknown_word")]


def test_a_long_address_needs_no_title(initiative, lena):
    url = "https://wiki.example.com/" + "a" * 1900
    give(initiative, lena, link(title="", url=url))
    piece = evidence(initiative, "DATA-1")[0]
    assert piece.url == url
    assert url.startswith(piece.title)
    assert len(piece.title) == TITLE_MAX


@pytest.mark.parametrize("text", UNUSUAL_TEXTS.values(), ids=UNUSUAL_TEXTS)
def test_a_statement_is_kept_as_it_was_typed(initiative, lena, text):
    give(initiative, lena, statement(text, by=text))
    piece = evidence(initiative, "DATA-1")[0]
    assert (piece.title, piece.stated_by) == (text, text)


def test_met_without_evidence_counts_as_partial_and_says_why(initiative, lena):
    outcome = say(initiative, lena, "DATA-1", "met")
    assert effective(initiative, "DATA-1") == (
        "partial",
        "Met counts as Partial: no evidence has been given.",
    )
    now = outcome.standing
    assert (str(now.declared_points), str(now.points), str(now.optimism_gap)) == ("1.0", "0.5", "0.5")
    say(initiative, lena, "DATA-1", None, proof=True)
    assert effective(initiative, "DATA-1") == ("met", "")
    assert str(standing(initiative).optimism_gap) == "0.0"


@pytest.mark.parametrize("word", ["partial", "not_met"])
def test_evidence_raises_no_answer_above_what_was_declared(initiative, lena, word):
    say(initiative, lena, "DATA-1", word, proof=True)
    assert effective(initiative, "DATA-1") == (word, "")


@pytest.mark.parametrize(
    ("day", "counts"),
    [(0, "met"), (MAX_AGE, "met"), (MAX_AGE + 1, "partial"), (2 * MAX_AGE, "partial"), (2 * MAX_AGE + 1, "not_met")],
)  # fmt: skip
def test_evidence_ages_by_whole_days_and_the_answer_with_it(initiative, lena, day, counts):
    say(initiative, lena, "DATA-1", "met", proof=True)
    value, why = effective(initiative, "DATA-1", day)
    assert value == counts
    assert bool(why) == (counts != "met")
    stored = standing(initiative, day)
    assert stored.effective["DATA-1"] == counts
    assert (stored.met, stored.partial, stored.not_met) == {
        "met": (1, 0, 0),
        "partial": (0, 1, 0),
        "not_met": (0, 0, 1),
    }[counts]


def test_an_expiry_ends_it_the_day_after_and_never_lengthens_its_life(initiative, lena):
    say(initiative, lena, "DATA-1", "met", 0, link(expires=10))
    say(initiative, lena, "DATA-2", "met", 0, link("DATA-2", expires=9999))
    assert [effective(initiative, "DATA-1", day)[0] for day in (10, 11)] == ["met", "partial"]
    assert effective(initiative, "DATA-2", 211)[0] == "partial"  # its maximum age is 210 days


def test_the_best_piece_counts(initiative, lena):
    say(initiative, lena, "DATA-1", "met", 0, link(day=-50), link(day=-20), link(day=-119))
    assert [effective(initiative, "DATA-1", day)[0] for day in (40, 41)] == ["met", "partial"]


def test_a_withdrawn_piece_never_allows_met_and_the_score_falls_with_it(initiative, lena):
    say(initiative, lena, "DATA-1", "met", proof=True)
    outcome = withdraw(initiative, lena, evidence(initiative, "DATA-1")[0], 1)
    assert (outcome.standing.met, outcome.standing.partial) == (0, 1)
    value, why = effective(initiative, "DATA-1", 1)
    assert (value, why) == ("partial", "Met counts as Partial: the evidence was withdrawn.")


@pytest.mark.parametrize("beside", [[], [link("other", -100)]], ids=["alone", "beside another"])
def test_withdrawing_never_raises_anything_on_any_later_day(initiative, lena, beside):
    rank = {"not_met": 0, "partial": 1, "met": 2}
    days = (0, 1, MAX_AGE, MAX_AGE + 1, 2 * MAX_AGE, 2 * MAX_AGE + 1)
    falls = 0
    for age, expires_after in product((0, MAX_AGE, MAX_AGE + 1, 2 * MAX_AGE + 1), (None, 5)):
        expires = None if expires_after is None else expires_after - age
        with rehearsal():
            say(initiative, lena, "DATA-1", "met", 0, link(day=-age, expires=expires), *beside)
            before = [rank[effective(initiative, "DATA-1", day)[0]] for day in days]
            withdraw(initiative, lena, evidence(initiative, "DATA-1")[0])
            after = [rank[effective(initiative, "DATA-1", day)[0]] for day in days]
        assert all(now <= then for now, then in zip(after, before, strict=True)), (age, expires_after)
        falls += before != after
    assert falls > 1


def test_what_is_withdrawn_leaves_its_trace_and_counts_the_items_version_up(initiative, lena):
    say(initiative, lena, "DATA-1", "met", proof=True)
    piece = evidence(initiative, "DATA-1")[0]
    withdraw(initiative, lena, piece, 2)
    piece.refresh_from_db()
    assert (piece.withdrawn_at, piece.withdrawn_by) == (on(2), lena)
    assert Answer.objects.get(item__code="DATA-1").version == 2
    event = Event.objects.get(verb="evidence.withdrawn")
    assert (event.data["item"], event.data["title"]) == ("DATA-1", "Proof of DATA-1")


def test_withdrawing_twice_is_withdrawing_once(initiative, lena):
    say(initiative, lena, "DATA-1", "met", proof=True)
    piece = evidence(initiative, "DATA-1")[0]
    withdraw(initiative, lena, piece, 1)
    events = Event.objects.count()
    withdraw(initiative, lena, piece, 2)
    piece.refresh_from_db()
    assert (piece.withdrawn_at, Event.objects.count()) == (on(1), events)


def test_what_was_withdrawn_can_be_given_again_beside_its_trace(initiative, lena):
    say(initiative, lena, "DATA-1", "met", proof=True)
    withdraw(initiative, lena, evidence(initiative, "DATA-1")[0], 1)
    give(initiative, lena, link(), day=2)
    withdrawn = [piece.withdrawn_at for piece in evidence(initiative, "DATA-1")]
    assert withdrawn == [on(1), None]
    assert effective(initiative, "DATA-1", 2) == ("met", "")


def test_evidence_of_another_initiative_is_not_there_and_outsiders_withdraw_nothing(
    initiative, lena, omar, ravi, ada
):
    other = create(omar, on(0), name="Another")
    say(initiative, lena, "DATA-1", "met", proof=True)
    piece = evidence(initiative, "DATA-1")[0]
    with refused(NotFound):
        withdraw(other, omar, piece)
    for by in (omar, ravi, ada):
        with refused(NotAllowed, "not_allowed"):
            withdraw(initiative, by, piece)


@pytest.mark.parametrize("code", ["CP0-1", "ENV-1"])
def test_where_no_evidence_is_asked_for_the_declared_answer_is_the_effective_one(initiative, lena, code):
    say(initiative, lena, code, "met")
    assert [effective(initiative, code, day) for day in (0, 5000)] == [("met", "")] * 2


def measure(initiative, code, value, until=None):
    """A measured answer, as its door will write it. There is none yet."""
    row, _ = Answer.objects.get_or_create(
        assessment=initiative.passages.get(framework_slug="five-gate").assessment,
        item__code=code,
    )
    row.measured, row.measured_expires_at = value, until
    row.save()
    recompute_batch([initiative.pk], on(0))


@pytest.mark.parametrize(
    ("declared", "measured", "counts"),
    [
        ("met", "met", "met"),
        ("met", "partial", "partial"),
        ("met", "not_met", "not_met"),
        ("partial", "met", "partial"),
        ("not_met", "met", "not_met"),
    ],
)
def test_the_lowest_of_what_is_declared_what_evidence_allows_and_what_was_measured_counts(
    initiative, lena, declared, measured, counts
):
    say(initiative, lena, "DATA-1", declared, proof=True)
    measure(initiative, "DATA-1", measured)
    value, why = effective(initiative, "DATA-1")
    assert value == counts
    assert bool(why) == (counts != declared)
    assert standing(initiative).effective["DATA-1"] == counts


def test_a_measured_answer_is_good_through_its_last_day_where_the_organisation_is(initiative, lena):
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": "Pacific/Auckland"})
    say(initiative, lena, "DATA-1", "met", proof=True)
    expires = datetime(2026, 3, 9, 20, tzinfo=UTC)  # the 10th in Auckland
    measure(initiative, "DATA-1", "met", expires)
    tenth = datetime(2026, 3, 9, 23, tzinfo=UTC)
    assert recompute_batch([initiative.pk], tenth)[initiative.pk].standing.met == 1
    eleventh = tenth + timedelta(days=1)
    assert recompute_batch([initiative.pk], eleventh)[initiative.pk].standing.partial == 1
    measure(initiative, "DATA-1", "not_met", expires)
    assert recompute_batch([initiative.pk], eleventh)[initiative.pk].standing.not_met == 1


def test_a_measured_answer_stands_in_where_nobody_declared_one(initiative, lena):
    give(initiative, lena, link())
    measure(initiative, "DATA-1", "met")
    value, why = effective(initiative, "DATA-1")
    assert value == "met"
    assert "Nobody has answered" in why
    assert str(standing(initiative).optimism_gap) == "0.0"
