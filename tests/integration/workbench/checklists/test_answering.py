"""Answering an item from its page: saved at once with htmx, saved all the same without JavaScript."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from checklists.models import Answer, Item
from gates.models import Initiative
from gates.stages import Stage
from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.frameworks import attach_framework
from readiness.actions.pieces import Piece
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from tests.fixtures import answer_all, create, make_ready, pages, person
from tests.integration.workbench.markup import complaints, read

HTMX = {"hx-request": "true"}
SAVED_AT = re.compile(r"Saved \d\d:\d\d")
LESSON = {"tried": "Sorting by layout.", "did_not_work": "Layouts change.", "outcome": "decided"}


def answer(
    client: Client, initiative: Initiative, code: str = "DATA-2", *, htmx: bool = False, **sent: Any
) -> HttpResponse:
    path = f"/initiatives/{initiative.ref}/answers/{code}/"
    return client.post(path, sent, headers=HTMX if htmx else {})


def stands(initiative: Initiative, code: str = "DATA-2") -> tuple[str | None, str, int]:
    """What is stored of an item: the declared answer, the note, the version."""
    row = Answer.objects.get(assessment__passage__initiative=initiative, item__code=code)
    return row.declared, row.note, row.version


def nothing_stored(initiative: Initiative) -> bool:
    return not Answer.objects.filter(assessment__passage__initiative=initiative).exists()


def someone_else_says(initiative: Initiative, by: User, said: str, note: str = "") -> None:
    change = AnswerChange("DATA-2", said, note)
    record_answers(initiative.pk, [change], Actor.person(by), clock.now())


def test_without_javascript_it_leads_back_to_the_item_which_says_saved(
    initiative: Initiative, lena: User
) -> None:
    client = pages(lena)
    response = answer(client, initiative, answer="partial", note="At 2x so far.", version="0")
    checklist = f"/initiatives/{initiative.ref}/checklist/data/"
    assert response.headers["Location"] == f"{checklist}?told=saved&item=DATA-2#DATA-2"
    assert stands(initiative) == ("partial", "At 2x so far.", 1)
    card = read(client.get(f"{checklist}?told=saved&item=DATA-2")).by_id("DATA-2")
    assert SAVED_AT.fullmatch(card.by_id("DATA-2-told").text)
    assert card.chosen("answer") == "partial"
    assert card.one("textarea", name="note").text == "At 2x so far."
    assert card.all("input", name="version")[0].attrs["value"] == "1"


def test_with_htmx_every_part_that_changed_is_sent_and_nothing_that_is_being_typed(
    initiative: Initiative, lena: User
) -> None:
    response = answer(pages(lena), initiative, htmx=True, answer="partial", note="", version="0")
    assert response.status_code == 200
    parts = read(response)
    placed = [node.attrs["id"] for node in parts.walk() if "hx-swap-oob" in node.attrs]
    assert placed == [
        "DATA-2-told",
        "DATA-2-counts",
        "DATA-2-state",
        "DATA-2-version",
        "DATA-2-evidence-version",
        "header-score",
        "header-track",
        "checklist-strip",
        "checklist-side",
        "checklist-said",
    ]
    assert not parts.all("textarea")
    assert not parts.all("html")
    assert parts.by_id("DATA-2-version").attrs["value"] == "1"
    assert parts.by_id("DATA-2-evidence-version").attrs["value"] == "1"


def test_every_part_that_is_sent_has_its_place_on_the_page(initiative: Initiative, lena: User) -> None:
    client = pages(lena)
    page = read(client.get(f"/initiatives/{initiative.ref}/checklist/data/"))
    parts = read(answer(client, initiative, htmx=True, answer="partial", version="0"))
    for node in parts.walk():
        if "hx-swap-oob" in node.attrs:
            assert page.by_id(node.attrs["id"]).tag == node.tag


def test_the_score_in_the_answer_already_counts_it(initiative: Initiative, lena: User) -> None:
    answer_all(initiative, lena, gates=["data"])
    parts = read(answer(pages(lena), initiative, htmx=True, answer="not_met"))
    assert "3 of 20 met" in parts.by_id("header-score").text
    assert "3 of 4 met" in parts.by_id("checklist-strip").text
    side = parts.by_id("checklist-side").text
    assert "“Pipeline carries 3x peak” is Not met and under no waiver." in side
    said = "DATA-2 counts as Not met. Data: 3 of 4 met, 3 needed. Readiness 15.0."
    assert parts.by_id("checklist-said").text == said


def test_the_last_missing_answer_says_that_the_gate_can_be_submitted(
    initiative: Initiative, lena: User
) -> None:
    answer_all(initiative, lena, gates=["data"])
    client = pages(lena)
    answer(client, initiative, answer="unanswered")
    parts = read(answer(client, initiative, htmx=True, answer="met"))
    assert parts.by_id("checklist-said").text.endswith("The gate can be submitted.")
    assert parts.by_id("checklist-side").links()["Submit for review"].endswith("/gates/data/submit/")


def test_lowering_a_critical_answer_shows_the_lapse_at_once(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    make_ready(initiative, lena, ravi)
    parts = read(answer(pages(lena), initiative, "DATA-1", htmx=True, answer="partial"))
    assert "Lapsed" in parts.by_id("checklist-side").text
    track = [step.text for step in parts.by_id("header-track").all("li")]
    assert "Lapsed" in track[0]
    assert all("Locked" in step for step in track[1:])


def test_an_answer_can_be_taken_back(initiative: Initiative, lena: User) -> None:
    client = pages(lena)
    answer(client, initiative, answer="met", note="", version="0")
    answer(client, initiative, answer="unanswered", note="", version="1")
    assert stands(initiative) == (None, "", 2)


def test_a_note_alone_leaves_the_answer_and_an_answer_alone_the_note(
    initiative: Initiative, lena: User
) -> None:
    client = pages(lena)
    answer(client, initiative, answer="met", note="First.")
    answer(client, initiative, note="Second.")
    answer(client, initiative, answer="partial")
    assert stands(initiative) == ("partial", "Second.", 3)


def test_the_same_once_more_changes_nothing_and_leaves_no_trace(initiative: Initiative, lena: User) -> None:
    client = pages(lena)
    answer(client, initiative, answer="met", note="Two\r\nlines")
    events = Event.objects.filter(initiative=initiative).count()
    answer(client, initiative, answer="met", note="Two\r\nlines", version="1")
    assert stands(initiative) == ("met", "Two\nlines", 1)
    assert Event.objects.filter(initiative=initiative).count() == events


@pytest.mark.parametrize("code", ["CP0-1", "ENV-3"])
def test_items_of_every_framework_are_answered(initiative: Initiative, lena: User, code: str) -> None:
    parts = read(answer(pages(lena), initiative, code, htmx=True, answer="partial", version="0"))
    assert stands(initiative, code)[0] == "partial"
    assert SAVED_AT.fullmatch(parts.by_id(f"{code}-told").text)
    assert "Readiness" not in parts.by_id("checklist-said").text or code == "CP0-1"


# --- Somebody else was quicker ---


@pytest.fixture
def mia(initiative: Initiative, lena: User) -> User:
    """A colleague on the team."""
    from_team = person("mia")
    initiative.team_roles.create(user=from_team, role="member", since=clock.now())
    return from_team


def test_a_stale_version_is_refused_and_both_versions_are_shown_side_by_side(
    initiative: Initiative, lena: User, mia: User
) -> None:
    someone_else_says(initiative, mia, "not_met", "The test failed.")
    response = answer(pages(lena), initiative, answer="met", note="It held.", version="0")
    assert response.status_code == 409
    page = read(response)
    card = page.by_id("DATA-2")
    told = card.by_id("DATA-2-told")
    assert "somebody else changed this in the meantime" in told.text
    assert "The answer and the note differ." in told.text
    theirs, yours = told.all("section")
    assert (
        theirs.text.startswith("Theirs Mia, ")
        and "Not met" in theirs.text
        and "The test failed." in theirs.text
    )
    assert yours.text.startswith("Yours") and "Met" in yours.text and "It held." in yours.text
    assert theirs.one("button").text == "Take theirs" and yours.one("button").text == "Keep mine"
    assert card.chosen("answer") == "met"
    assert card.one("textarea", name="note").text == "It held."
    assert card.by_id("DATA-2-counts").text.startswith("Not met")
    assert stands(initiative) == ("not_met", "The test failed.", 1)
    assert complaints(page) == []


@pytest.mark.parametrize(
    ("answered", "note", "words"),
    [
        ("not_met", "The test failed.", ""),
        ("not_met", "It failed twice.", "Only the note differs."),
        ("partial", "The test failed.", "Only the answer differs."),
    ],
    ids=["nothing", "the note", "the answer"],
)
def test_it_is_said_what_differs_and_what_is_the_same_is_saved(
    initiative: Initiative, lena: User, mia: User, answered: str, note: str, words: str
) -> None:
    someone_else_says(initiative, mia, "not_met", "The test failed.")
    response = answer(pages(lena), initiative, htmx=True, answer=answered, note=note, version="0")
    parts = read(response)
    assert response.status_code == (409 if words else 200)
    assert words in parts.by_id("DATA-2-told").text
    assert bool(SAVED_AT.fullmatch(parts.by_id("DATA-2-told").text)) is not bool(words)
    assert parts.has_id("DATA-2-version") is not bool(words)
    assert stands(initiative) == ("not_met", "The test failed.", 1)


def test_a_second_window_of_the_same_person_is_not_somebody_else(initiative: Initiative, lena: User) -> None:
    client = pages(lena)
    answer(client, initiative, answer="met", version="0")
    told = read(answer(client, initiative, answer="partial", version="0")).by_id("DATA-2-told").text
    assert "you changed this in another window" in told
    assert "somebody else" not in told


def test_to_save_again_unseen_is_refused_again(initiative: Initiative, lena: User, mia: User) -> None:
    """The form keeps the version it began with: only the button that was shown beside both saves over theirs."""
    someone_else_says(initiative, mia, "not_met")
    client = pages(lena)
    card = read(answer(client, initiative, answer="met", note="It held.", version="0")).by_id("DATA-2")
    version = card.by_id("DATA-2-version").attrs["value"]
    assert answer(client, initiative, answer="met", note="It held.", version=version).status_code == 409
    assert stands(initiative) == ("not_met", "", 1)


def test_keep_mine_saves_over_the_version_that_was_shown(
    initiative: Initiative, lena: User, mia: User
) -> None:
    someone_else_says(initiative, mia, "not_met")
    client = pages(lena)
    card = read(answer(client, initiative, answer="met", note="It held.", version="0")).by_id("DATA-2")
    over = card.one("button", name="over").attrs["value"]
    sent = {"answer": "met", "note": "It held.", "version": "0", "over": over}
    assert answer(client, initiative, **sent).status_code == 302
    assert stands(initiative) == ("met", "It held.", 2)


def test_keep_mine_is_refused_where_it_moved_once_more(initiative: Initiative, lena: User, mia: User) -> None:
    someone_else_says(initiative, mia, "not_met")
    client = pages(lena)
    card = read(answer(client, initiative, answer="met", version="0")).by_id("DATA-2")
    over = card.one("button", name="over").attrs["value"]
    someone_else_says(initiative, mia, "partial", "Half of it.")
    again = answer(client, initiative, answer="met", version="0", over=over)
    assert again.status_code == 409
    assert "Half of it." in read(again).by_id("DATA-2-told").text
    assert stands(initiative) == ("partial", "Half of it.", 2)


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_take_theirs_writes_nothing_and_shows_what_stands(
    initiative: Initiative, lena: User, mia: User, htmx: bool
) -> None:
    someone_else_says(initiative, mia, "not_met", "The test failed.")
    client = pages(lena)
    sent = {"answer": "met", "note": "It held.", "version": "0", "theirs": "1"}
    response = answer(client, initiative, htmx=htmx, **sent)
    if not htmx:
        assert response.headers["Location"].endswith("?told=theirs&item=DATA-2#DATA-2")
        response = client.get(response.headers["Location"])
    shown = read(response)
    assert shown.by_id("DATA-2-choices").chosen("answer") == "not_met"
    assert shown.by_id("DATA-2-note").text == "The test failed."
    assert shown.by_id("DATA-2-version").attrs["value"] == "1"
    assert shown.by_id("DATA-2-told").text == "This is what stands"
    assert stands(initiative) == ("not_met", "The test failed.", 1)


def test_with_htmx_a_stale_version_leaves_the_form_alone_and_shows_what_stands(
    initiative: Initiative, lena: User, mia: User
) -> None:
    someone_else_says(initiative, mia, "not_met")
    response = answer(pages(lena), initiative, htmx=True, answer="met", note="It held.", version="0")
    assert response.status_code == 409
    parts = read(response)
    assert "Not met" in parts.by_id("DATA-2-theirs").parent.text
    assert not parts.has_id("DATA-2-version")
    assert parts.by_id("checklist-said").text == "DATA-2 was not saved."
    assert not parts.all("textarea")


# --- What is refused ---

WRONG: list[tuple[dict[str, str], str]] = [
    ({"answer": "perhaps"}, "One of met, partial, not_met, unanswered."),
    ({"answer": "met", "note": "x" * 10_000}, "At most 5,000 characters; this has 10,000."),
    ({"answer": "met", "note": "null \x00 byte"}, "Null characters are not allowed."),
    ({"answer": "met\x00"}, "Null characters are not allowed."),
    ({"answer": "met", "version": "abc"}, "Enter a whole number."),
    ({"answer": "met", "version": "-1"}, "Ensure this value is greater than or equal to 0."),
    ({"answer": "met", "version": "9" * 40}, "Ensure this value is less than or equal to"),
]


@pytest.mark.parametrize(("sent", "message"), WRONG, ids=[message for _, message in WRONG])
@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_what_cannot_be_is_told_at_the_item(
    initiative: Initiative, lena: User, sent: dict[str, str], message: str, htmx: bool
) -> None:
    response = answer(pages(lena), initiative, htmx=htmx, **sent)
    assert response.status_code == 422
    assert message in read(response).by_id("DATA-2-told").text
    assert nothing_stored(initiative)


def test_a_note_that_is_too_long_stays_as_it_was_typed(initiative: Initiative, lena: User) -> None:
    note = "word " * 2_000
    page = read(answer(pages(lena), initiative, answer="met", note=note, version="0"))
    assert page.by_id("DATA-2").one("textarea", name="note").text == note.strip()
    assert page.by_id("DATA-2").chosen("answer") == "met"


@pytest.mark.parametrize(
    "note",
    [
        "Held 🚀👩‍👩‍👧‍👦",
        "فرز الفواتير",
        "<script>alert('x')</script>",
        'O\'Hara "100 %" \\ ; DROP TABLE x; --',
    ],
    ids=["an emoji", "right-to-left text", "a script", "quotes"],
)
def test_unusual_text_is_kept_and_shown_as_it_is(initiative: Initiative, lena: User, note: str) -> None:
    client = pages(lena)
    assert answer(client, initiative, answer="met", note=note).status_code == 302
    assert stands(initiative)[1] == note
    response = client.get(f"/initiatives/{initiative.ref}/checklist/data/")
    assert read(response).by_id("DATA-2").one("textarea", name="note").text == note
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("who", ["omar", "ravi", "elsa", "iris", "ada"])
def test_only_the_team_may_answer(initiative: Initiative, who: str, request: pytest.FixtureRequest) -> None:
    client = pages(request.getfixturevalue(who))
    assert answer(client, initiative, answer="met").status_code == 403
    assert answer(client, initiative, htmx=True, answer="met").status_code == 403
    assert nothing_stored(initiative)


def test_an_auditor_may_not_answer_even_on_the_team(lena: User, iris: User) -> None:
    with_iris = create(lena, people={"members": ["iris"]})
    assert answer(pages(iris), with_iris, answer="met").status_code == 403


def test_an_initiative_that_is_not_yours_to_see_is_not_there(lena: User, omar: User) -> None:
    hidden = create(lena, visibility="team")
    assert answer(pages(omar), hidden, answer="met").status_code == 404


@pytest.mark.parametrize("code", ["DATA-9", "CONV-1", "x", "data-1"])
def test_an_item_that_is_not_there_is_not_found(initiative: Initiative, lena: User, code: str) -> None:
    assert answer(pages(lena), initiative, code, answer="met").status_code == 404


def test_a_null_character_in_the_address_is_not_found(initiative: Initiative, lena: User) -> None:
    response = pages(lena).post(f"/initiatives/{initiative.ref}/answers/DATA%00-1/", {"answer": "met"})
    assert response.status_code == 404


def test_an_ended_initiative_takes_no_answer_and_what_was_written_is_given_back(
    initiative: Initiative, lena: User
) -> None:
    move_stage(initiative.pk, Stage.STOPPED, Actor.person(lena), clock.now(), "", LESSON)
    response = answer(pages(lena), initiative, answer="met", note="My long note.")
    assert response.status_code == 409
    told = read(response).by_id("DATA-2-told").text
    assert "This initiative has ended (stopped)." in told
    assert "You had written: My long note." in told
    assert nothing_stored(initiative)


def test_who_comes_back_from_signing_in_finds_the_item(initiative: Initiative, lena: User) -> None:
    response = pages(lena).get(f"/initiatives/{initiative.ref}/answers/DATA-2/")
    assert response.headers["Location"] == f"/initiatives/{initiative.ref}/checklist/data/#DATA-2"


def test_without_the_token_of_the_form_nothing_is_written(initiative: Initiative, lena: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(lena)
    assert answer(client, initiative, answer="met").status_code == 403
    assert nothing_stored(initiative)


def test_an_answer_takes_the_same_number_of_queries_whatever_was_written_before(
    initiative: Initiative, lena: User, query_count: Callable[[Callable[[], Any]], int]
) -> None:
    client = pages(lena)
    answer(client, initiative, answer="met")
    few = query_count(lambda: answer(client, initiative, htmx=True, answer="partial"))
    answer_all(initiative, lena, gates=["architecture", "integration", "governance", "adoption"])
    assert query_count(lambda: answer(client, initiative, htmx=True, answer="met")) == few


# --- What an answer costs ---


def test_it_is_told_when_it_was_saved_in_the_organisations_zone(
    initiative: Initiative, lena: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation = Organisation.get()
    organisation.time_zone = "Asia/Tokyo"
    organisation.save()
    at = datetime(2026, 3, 2, 3, 4, tzinfo=UTC)
    monkeypatch.setattr("readiness.workbench.checklists.views.now", lambda: at)
    parts = read(answer(pages(lena), initiative, htmx=True, answer="met", version="0"))
    assert parts.by_id("DATA-2-told").text == "Saved 12:04"


def test_a_note_alone_is_saved_without_a_word_about_the_score(initiative: Initiative, lena: User) -> None:
    parts = read(answer(pages(lena), initiative, htmx=True, note="In March.", version="0"))
    assert SAVED_AT.fullmatch(parts.by_id("DATA-2-told").text)
    assert parts.by_id("checklist-said").text == ""


QUERIES = 58
"""What an answer may ask of the database, whichever it is. Look what was added before raising this."""


def test_an_answer_asks_little_of_the_database(
    initiative: Initiative, lena: User, query_count: Callable[[Callable[[], Any]], int]
) -> None:
    answer_all(initiative, lena)
    client = pages(lena)
    assert query_count(lambda: answer(client, initiative, htmx=True, answer="partial")) <= QUERIES


LARGEST = 15_000


def test_an_answer_is_small_at_the_longest_item_of_every_framework(lena: User) -> None:
    """Under 15 kB, uncompressed, with a note as long as it may be and with evidence behind it."""
    long = create(lena, name="A name as long as names may be " * 3)
    attach_framework(long.pk, "conversational-ai", Actor.person(lena), clock.now())
    client = pages(lena)
    sizes = {}
    for item in Item.objects.filter(gate__framework__assessments__passage__initiative=long):
        piece = Piece("link", clock.now().date(), "A title " * 20, "https://example.com/" + "x" * 200)
        change = AnswerChange(item.code, "met", "word " * 999, evidence=(piece,))
        record_answers(long.pk, [change], Actor.person(lena), clock.now())
    for item in Item.objects.filter(gate__framework__assessments__passage__initiative=long):
        response = answer(client, long, item.code, htmx=True, answer="partial", note="word " * 998)
        assert response.status_code == 200
        sizes[item.code] = len(response.content)
    assert max(sizes.values()) < LARGEST, sorted(sizes.items(), key=lambda pair: -pair[1])[:3]
