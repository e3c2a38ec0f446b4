"""What waits for a person at home: its day in words, the most urgent first, one click from its mending."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.assignments import assign
from readiness.actions.flags import snooze_flag
from readiness.actions.gates import decide_gate, submit_gate
from readiness.actions.handovers import start_handover, write_handover
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.kpis import create_kpi
from readiness.actions.pieces import Piece
from readiness.actions.readings import NewReading, add_reading
from readiness.audit.recording import Actor
from readiness.standing.flags.facts import Period
from readiness.standing.models import Flag
from readiness.workbench.home.deadlines import mark_due
from tests.fixtures import answer_all, create, pages, pass_gate, person, promise, today
from tests.integration.workbench.initiatives.scenes import ago, held
from tests.integration.workbench.markup import Node, complaints, read
from tests.integration.workbench.test_home import titled

pytestmark = pytest.mark.django_db


def waits(by: User) -> list[Node]:
    response = pages(by).get("/")
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    card = titled(page, "Waits for you")
    return [row for row in card.all("li") if "wait" in row.attrs.get("class", "").split()]


def met_until(initiative: Initiative, by: User, code: str, last_good: date, received: int = 60) -> None:
    """Answer an item with Met, on evidence that carries it through this day."""
    effective = today() - timedelta(days=received)
    piece = Piece("link", effective, "Proof", "https://wiki.example.com/proof", expires_on=last_good)
    change = AnswerChange(code, "met", evidence=(piece,))
    record_answers(initiative.pk, [change], Actor.person(by), clock.now(), "five-gate")


def test_evidence_behind_a_met_answer_that_ends_within_thirty_days(lena: User) -> None:
    initiative = create(lena, ago(90))
    for code, days in (("DATA-1", 3), ("DATA-2", -2), ("DATA-3", 31), ("DATA-4", 0)):
        met_until(initiative, lena, code, today() + timedelta(days=days), received=5)
    shown = waits(lena)
    for row, words in zip(shown, ["ended 2 days ago", "ends today", "ends in 3 days"], strict=True):
        assert words in row.text
    assert shown[0].links_to(f"/initiatives/{initiative.ref}/checklist/data/?renew=DATA-2#DATA-2-add")


def test_evidence_that_was_renewed_or_whose_answer_was_lowered_waits_no_longer(lena: User) -> None:
    initiative = create(lena, ago(90))
    met_until(initiative, lena, "DATA-1", today() - timedelta(days=2), received=5)
    met_until(initiative, lena, "DATA-2", today() - timedelta(days=2), received=5)
    assert len(waits(lena)) == 2
    met_until(initiative, lena, "DATA-1", today() + timedelta(days=200), received=4)
    record_answers(
        initiative.pk, [AnswerChange("DATA-2", "partial")], Actor.person(lena), clock.now(), "five-gate"
    )
    assert waits(lena) == []


def test_it_is_the_teams_and_neither_the_sponsors_nor_an_outsiders(lena: User, omar: User) -> None:
    sponsor, member = person("sven", executive=True), person("mia")
    initiative = create(lena, ago(90), people={"executive_sponsor": "sven", "members": ["mia", "lena"]})
    met_until(initiative, lena, "DATA-1", today(), received=5)
    assert len(waits(member)) == len(waits(lena)) == 1
    assert waits(sponsor) == waits(omar) == []


def test_a_returned_gate_comes_with_the_reviewers_words_until_it_is_submitted_again(
    lena: User, ravi: User
) -> None:
    initiative = create(lena, ago(40))
    answer_all(initiative, lena, gates=["data"])
    submit_gate(initiative.pk, "data", "", Actor.person(lena), clock.now())
    decide_gate(initiative.pk, "data", "return", "Show the <b>sample</b>.", Actor.person(ravi), clock.now())
    (row,) = [row for row in waits(lena) if "sent back" in row.text]
    assert "Show the <b>sample</b>." in row.text and "Ravi" in row.text and "returned today" in row.text
    assert row.links_to(f"/initiatives/{initiative.ref}/checklist/data/")
    submit_gate(initiative.pk, "data", "", Actor.person(lena), clock.now())
    assert not [row for row in waits(lena) if "sent back" in row.text]


def test_a_reading_after_the_launch_is_asked_for_at_its_marks(lena: User, ada: User) -> None:
    launched = today() - timedelta(days=95)
    people = {"business_owner": "lena"}
    initiative = create(ada, ago(95), stage="live", stage_since=launched, people=people)
    by = Actor.person(lena)
    kpi, _ = create_kpi(
        initiative.pk, {"name": "Hours saved", "kind": "business"}, by, clock.now(), "Forgotten."
    )
    create_kpi(initiative.pk, {"name": "Latency", "kind": "technical"}, by, clock.now(), "Forgotten.")
    (row,) = waits(lena)
    assert "Enter a reading of “Hours saved”" in row.text and "5 days overdue" in row.text
    assert row.links_to(f"/initiatives/{initiative.ref}/promises/kpis/{kpi.pk}/#enter")
    add_reading(initiative.pk, kpi.pk, NewReading(today() - timedelta(days=10), "12"), by, clock.now())
    assert waits(lena) == []


@pytest.mark.parametrize(
    ("days", "read_after", "due"),
    [
        (0, None, 30),
        (29, None, 30),
        (30, None, 30),
        (59, None, 30),
        (59, 12, None),
        (60, 12, 90),
        (89, 12, 90),
        (90, 30, 90),
        (90, 31, None),
        (149, 95, None),
        (150, 95, None),
        (150, 90, 180),
        (400, 95, None),
        (400, 90, 180),
        (20, 0, 30),
    ],
)
def test_which_mark_is_due(days: int, read_after: int | None, due: int | None) -> None:
    """Days since the launch, the day of the latest reading counted from it, and the mark that is asked for."""
    launched = date(2026, 1, 1)
    read_on = None if read_after is None else launched + timedelta(days=read_after)
    expected = None if due is None else launched + timedelta(days=due)
    assert mark_due(launched, read_on, launched + timedelta(days=days)) == expected


def test_days_on_hold_bring_no_mark_nearer() -> None:
    launched = date(2026, 1, 1)
    held = [Period(launched + timedelta(days=20), launched + timedelta(days=80))]
    lasting = [Period(launched + timedelta(days=20))]
    for days, read_after, due in ((59, None, None), (60, None, 90), (200, None, 150), (120, 90, 150)):
        read_on = None if read_after is None else launched + timedelta(days=read_after)
        expected = None if due is None else launched + timedelta(days=due)
        assert mark_due(launched, read_on, launched + timedelta(days=days), held) == expected, days
    assert mark_due(launched, None, launched + timedelta(days=300), lasting) == launched + timedelta(days=310)


def test_a_handover_waits_for_who_follows_and_for_who_leaves(lena: User) -> None:
    successor = person("susi", lead=True)
    initiative = create(lena, people={"technical_lead": "lena", "members": ["susi"]})
    by = Actor.person(lena)
    handover, _ = start_handover(initiative.pk, "lena", by, clock.now())
    write_handover(initiative.pk, handover.pk, by, clock.now(), successor="susi")
    assert "Lena hands over to you" in waits(successor)[0].text
    assert "Hand on what you know" in waits(lena)[0].text
    assert waits(lena)[0].links_to(f"/initiatives/{initiative.ref}/people/")


def test_an_assignment_waits_with_its_note(lena: User) -> None:
    asked = person("mia")
    initiative = create(lena, people={"members": ["mia", "lena"]})
    due = today() + timedelta(days=1)
    assign(initiative.pk, "DATA-1", "mia", due, Actor.person(lena), clock.now(), note="You know the source.")
    (row,) = waits(asked)
    assert "tomorrow" in row.text and "You know the source." in row.text and "Lena" in row.text
    assert row.links_to(f"/initiatives/{initiative.ref}/checklist/data/#DATA-1")
    assert waits(lena) == []


def test_a_hold_past_its_review_date_waits_for_the_team_and_its_sponsor(lena: User, omar: User) -> None:
    sponsor = person("sven", executive=True)
    team = {"executive_sponsor": "sven", "members": ["lena"]}
    past = held(lena, "Waiting for the vendor's API.", people=team)
    later = create(lena, ago(90), stage="pilot", people=team)
    set_hold(later.pk, "Budget.", today(), Actor.person(lena), clock.now())
    for by in (lena, sponsor):
        (row,) = waits(by)
        assert "Hold to review" in row.text and "10 days overdue" in row.text
        assert "Waiting for the vendor's API." in row.text
        assert row.links_to(f"/initiatives/{past.ref}/hold/")
    assert waits(omar) == []
    lift_hold(past.pk, Actor.person(lena), clock.now())
    assert waits(sponsor) == []


def test_the_most_urgent_stands_first_and_the_rest_is_not_far(lena: User, ravi: User) -> None:
    initiative = create(lena, ago(60))
    answer_all(initiative, lena, gates=["data"])
    late = type(promise(lena))("Write it.", "lena", today() - timedelta(days=1))
    pass_gate(initiative, "data", lena, ravi, ago(20), [late])
    for number in range(5):
        other = create(lena, ago(60), name=f"Other {number}")
        for code in ("DATA-1", "DATA-2"):
            met_until(other, lena, code, today() + timedelta(days=number), received=5)
    page = read(pages(lena).get("/"))
    shown = waits(lena)
    assert "1 day overdue" in shown[0].text, "what is overdue"
    assert "Other 0" in shown[1].text and "Other 4" in shown[10].text
    assert page.by_id("further-waits").one("summary").text == f"{len(shown) - 8} more"


def test_an_auditor_owes_nothing(lena: User, iris: User) -> None:
    initiative = create(lena, people={"members": ["lena", "iris"]})
    met_until(initiative, lena, "DATA-1", today(), received=5)
    assert "Waits for you" not in read(pages(iris).get("/")).text


def test_where_nothing_waits_the_next_best_thing_is_named(lena: User, elsa: User) -> None:
    initiative = create(lena)
    card = titled(read(pages(lena).get("/")), "Waits for you")
    assert "Nothing waits for you" in card.text
    (best,) = card.all("a")
    assert best.attrs["href"].startswith(f"/initiatives/{initiative.ref}/")
    assert best.text.startswith(f"{initiative.name}: ")
    assert titled(read(pages(elsa).get("/")), "Waits for you").links()["Portfolio"] == "/portfolio/"


def test_waits_of_every_kind_cost_as_many_queries_on_50_as_on_2(lena: User, ada: User) -> None:
    def more(count: int) -> None:
        for number in range(count):
            held(lena, name=f"Held {number}")
            one = create(
                ada,
                ago(95),
                stage="live",
                stage_since=today() - timedelta(days=95),
                name=f"N {number}",
                people={"business_owner": "lena"},
            )
            met_until(one, lena, "DATA-1", today() - timedelta(days=number + 1), received=80)
            create_kpi(
                one.pk, {"name": "Hours", "kind": "business"}, Actor.person(lena), clock.now(), "Forgotten."
            )

    def asked() -> int:
        client = pages(lena)
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        return len(queries)

    more(2)
    few = asked()
    more(10)
    assert len(waits(lena)) == 36
    assert asked() == few


def test_what_a_snoozed_flag_speaks_of_does_not_wait_until_the_day_after(lena: User) -> None:
    past = held(lena, "Waiting for the vendor's API.")
    met_until(past, lena, "DATA-1", today() + timedelta(days=3), received=5)
    assert len(waits(lena)) == 2
    for code in ("hold_expired", "evidence_expired"):
        flag = Flag.objects.get(initiative=past, code=code, resolved_at__isnull=True)
        snooze_flag(flag.pk, today() + timedelta(days=2), "In March.", Actor.person(lena), clock.now())
    assert waits(lena) == []
    Flag.objects.filter(initiative=past).update(snoozed_until=today() - timedelta(days=1))
    assert len(waits(lena)) == 2
