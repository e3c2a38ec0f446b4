"""A spreadsheet names people: places are given as by any other act, and nobody's is taken by what cannot be read."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative, TeamRole
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.erasing import erase_person
from readiness.actions.handing_over import hand_over_everything
from readiness.actions.initiatives import edit_initiative
from readiness.actions.people import Profile, create_person, deactivate_person, reactivate_person
from readiness.actions.team import people_of
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor, verify
from readiness.importing import writing
from readiness.importing.comparing import Comparison
from readiness.importing.directory import directory_for
from readiness.importing.headings import recognised
from readiness.importing.plan import plan
from readiness.importing.reading import read_bytes
from readiness.importing.writing import Import, write
from readiness.notices.models import Notice
from readiness.notices.news import news_of
from readiness.notices.sending import owe
from readiness.standing.recompute import recompute_batch
from tests.fixtures import api, pages, person
from tests.integration.importing.test_browser import HOME, newest, page_of, run, work_off
from tests.integration.workbench.markup import read as read_page
from tests.unit.importing.building import csv_bytes

pytestmark = pytest.mark.django_db

HEADER = ("Name", "Stage", "Unit", "Business owner", "Sponsor", "Technical lead", "Deputy", "Members")
PLACES = ("owner", "sponsor", "lead", "deputy", "members")
NOBODY = {
    "business_owner": None,
    "executive_sponsor": None,
    "technical_lead": None,
    "deputy": None,
    "members": [],
}


def line(name: str = "Chat", stage: str = "Pilot", **cells: str) -> list[str]:
    return [name, stage, "Finance", *(cells.get(place, "") for place in PLACES)]


def bring(
    *rows: list[str], header: Any = HEADER, by: Actor = COMMAND, **options: Any
) -> tuple[Comparison, Any]:
    """The rows are read by their headings and written; returns what was written, and the report."""
    table = read_bytes(csv_bytes(rows, header), "list.csv")
    at = clock.now()
    mapping = recognised(table.header, at.date())
    planned, report = plan(table, mapping, directory_for(mapping))
    return write(planned, Import(mapping, table.source, at, by), **options), report


def the(name: str = "Chat") -> Initiative:
    return Initiative.objects.get(name=name)


def who(name: str = "Chat") -> dict[str, Any]:
    """Whom an initiative's places name now, without those that nobody holds."""
    return {role: held for role, held in people_of(the(name)).items() if held}


@pytest.fixture
def everybody(lena, ravi, elsa, omar):
    return lena, ravi, elsa, omar


def test_the_places_of_an_initiative_are_given_to_whom_its_row_names(everybody, ada):
    bring(
        line(
            owner="Elsa@Example.COM",
            sponsor=" elsa ",
            lead="LENA",
            deputy="@omar",
            members="Ravi; omar, lena",
        )
    )
    assert people_of(the()) == {
        "business_owner": "elsa", "executive_sponsor": "elsa", "technical_lead": "lena", "deputy": "omar",
        "members": ["lena", "omar", "ravi"],
    }  # fmt: skip
    assert the().people_known and the().as_of is not None and the().created_by is None
    assert api(ada).get(f"initiatives/{the().ref}/").json()["people"] == people_of(the())
    event = Event.objects.get(verb="initiative.imported")
    assert event.data["people"]["members"] == ["lena", "omar", "ravi"] and verify()[1] is None
    history = pages(ada).get(f"/initiatives/{the().ref}/history/")
    told = " ".join(read_page(history).text.split())
    assert "Technical lead: lena Deputy: omar Members: lena, omar, ravi" in told


def test_whoever_is_named_sees_the_initiative_and_may_work_on_it(db):
    gus = person("gus")  # who has no role, and sees nothing but his own
    bring(line(), line("Forms"))
    assert not Initiative.objects.visible_to(gus).exists()
    bring(line(members="gus"), line("Forms"))
    assert [one.name for one in Initiative.objects.visible_to(gus)] == ["Chat"]
    edit_initiative(the().pk, {"vendor": "Acme"}, Actor.person(gus), clock.now())
    assert the().vendor == "Acme"


def test_who_is_not_here_leaves_the_place_empty_and_the_row_comes_in(lena):
    _, report = bring(line(owner="Ghost", lead="lena"), line("Forms", members="ghost"), line("Bare"))
    assert who() == {"technical_lead": "lena"}
    assert [(one.row, one.column, one.text) for one in report.findings] == [
        (2, "Business owner", "Ghost"),
        (3, "Members", "ghost"),
    ]
    assert (the().people_known, the("Forms").people_known, the("Bare").people_known) == (True, False, False)


def test_from_the_first_name_on_who_is_missing_is_missing(lena):
    bring(line(lead="lena"), line("Forms", lead="ghost"))

    def codes(name: str) -> set[str]:
        return set(the(name).flags.values_list("code", flat=True))

    assert "no_business_owner" in codes("Chat")
    assert not {"no_business_owner", "no_sponsor", "single_person"} & codes("Forms")


def test_the_same_file_again_names_who_has_come_in_the_meantime(lena):
    rows = [line(lead="gus@example.org", members="lena"), line("Forms", members="lena")]
    bring(*rows)
    again, _ = bring(*rows)
    assert (len(again.changed), len(again.same)) == (0, 2)
    create_person("gus", Profile("Gus Host", "Gus@example.org"), COMMAND, clock.now())
    again, _ = bring(*rows)
    assert (len(again.changed), len(again.same)) == (1, 1)
    assert who() == {"technical_lead": "gus", "members": ["lena"]}
    assert TeamRole.objects.filter(user=lena).count() == 2, "who held a place holds it on"


def test_a_row_that_changed_gives_takes_and_keeps_places(everybody):
    bring(line(owner="elsa", lead="lena", deputy="omar", members="lena; omar"))
    first = TeamRole.objects.get(role="business_owner")
    bring(line(owner="elsa", lead="ravi", deputy="", members="omar; ravi"))
    assert who() == {"business_owner": "elsa", "technical_lead": "ravi", "members": ["omar", "ravi"]}
    assert TeamRole.objects.get(role="business_owner") == first, "what is the same is not touched"
    closed = TeamRole.objects.filter(until__isnull=False).values_list("user__username", "role")
    assert sorted(closed) == [("lena", "member"), ("lena", "technical_lead"), ("omar", "deputy")]
    bring(line())
    assert people_of(the()) == NOBODY and not the().people_known


def test_words_that_cannot_be_read_take_nobodys_place(everybody):
    bring(line(owner="elsa", lead="lena", members="lena; omar"))
    bring(line(owner="ghost", lead="lena; ravi", members="ravi; ghost"))
    assert who() == {"business_owner": "elsa", "technical_lead": "lena", "members": ["lena", "omar", "ravi"]}
    bring(line(owner="ghost", lead="lena", members="ravi"))
    assert who() == {"business_owner": "elsa", "technical_lead": "lena", "members": ["ravi"]}


def test_a_file_without_such_columns_says_nothing_of_people(lena):
    bring(line(lead="lena"))
    again, _ = bring(["Chat", "Live"], header=("Name", "Stage"))
    assert len(again.changed) == 1 and the().stage == "live"
    assert who() == {"technical_lead": "lena"} and the().people_known


def test_who_has_left_is_not_named_anew_and_stays_where_they_are(everybody):
    row = line(owner="elsa", lead="lena", members="lena; omar")
    bring(row)
    deactivate_person("lena", COMMAND, clock.now())
    _, report = bring(row, line("Forms", lead="lena", members="lena; omar"))
    assert who() == {"business_owner": "elsa", "technical_lead": "lena", "members": ["lena", "omar"]}
    assert who("Forms") == {"members": ["omar"]}
    assert {one.message for one in report.findings} == {"No longer active, and so not named: Lena (lena)."}
    reactivate_person("lena", COMMAND, clock.now())
    bring(row, line("Forms", lead="lena", members="lena; omar"))
    assert who("Forms") == {"technical_lead": "lena", "members": ["lena", "omar"]}


def test_who_was_erased_is_nobody_here_under_either_name(lena):
    deactivate_person("lena", COMMAND, clock.now())
    gone = erase_person("lena", COMMAND, clock.now())
    _, report = bring(line(lead="lena", deputy=gone.username, members="lena@example.com"))
    assert who() == {}
    assert {one.reason.value for one in report.findings} == {"unknown_person", "inactive_person"}


def test_what_a_person_has_worked_on_keeps_its_people(everybody, ada):
    rows = [line(lead="lena"), line("Forms", lead="lena")]
    bring(*rows)
    edit_initiative(the().pk, {"people": {"deputy": "omar"}}, Actor.person(ada), clock.now())
    again, _ = bring(line(lead="ravi"), line("Forms", lead="ravi"))
    assert [one.name for one in again.worked_on] == ["Chat"]
    assert who() == {"technical_lead": "lena", "deputy": "omar"} and who("Forms") == {
        "technical_lead": "ravi"
    }


def test_who_took_over_everything_of_another_keeps_it(everybody, ada):
    row = line(lead="lena", members="lena")
    bring(row)
    hand_over_everything("lena", "omar", Actor.person(ada), clock.now())
    deactivate_person("lena", COMMAND, clock.now())
    bring(row)
    assert who() == {"technical_lead": "omar", "members": ["omar"]}


def test_who_was_deactivated_after_the_file_was_read_is_not_named(lena, omar):
    table = read_bytes(csv_bytes([line(lead="lena", members="omar; lena")], HEADER), "list.csv")
    at = clock.now()
    mapping = recognised(table.header, at.date())
    planned, _ = plan(table, mapping, directory_for(mapping))
    deactivate_person("lena", COMMAND, clock.now())
    write(planned, Import(mapping, table.source, at))
    assert who() == {"members": ["omar"]}


def test_all_who_are_named_are_held_before_the_audit_trail_is(lena, omar, monkeypatch):
    monkeypatch.setattr(writing, "BATCH", 1)
    with CaptureQueriesContext(connection) as captured:
        bring(line(lead="lena"), line("Forms", lead="omar"))
    asked = [query["sql"] for query in captured]
    chain = next(place for place, sql in enumerate(asked) if "audit_chain" in sql)
    held = [sql for sql in asked[:chain] if 'LOWER("accounts_user"."username")' in sql]
    assert held and "lena" in held[0] and "omar" in held[0]


def test_nobody_is_told_what_a_file_brought_in(lena):
    bring(line(lead="lena"))
    event = Event.objects.get(verb="initiative.imported")
    assert event.data["standing"]["flags_opened"], "or the silence would prove nothing"
    assert not news_of(event)
    owe(clock.now())
    assert not Notice.objects.exists()
    event.verb = "standing.changed"
    assert news_of(event).to_team, "the same is news where it happens"


def test_many_rows_are_read_and_changed_in_as_many_queries_as_few(everybody):
    """Inserts are another matter: SQLite takes only so many values in one of them."""

    def count(first: int, rows: int) -> int:
        some = [
            line(f"No. {number}", lead="lena", members="omar; ravi; ghost")
            for number in range(first, first + rows)
        ]
        with CaptureQueriesContext(connection) as captured:
            bring(*some)
        return sum(not query["sql"].startswith("INSERT") for query in captured)

    bring(line("No. 0"))
    assert count(1000, 100) == count(2000, 3)
    assert TeamRole.objects.count() == 103 * 3


def test_five_thousand_rows_are_checked_in_one_query(everybody):
    for number in range(30):
        person(f"person{number}")
    rows = [line(f"No. {n}", lead=f"person{n % 40}", members="omar; ravi") for n in range(5000)]
    table = read_bytes(csv_bytes(rows, HEADER), "list.csv")
    mapping = recognised(table.header, clock.now().date())
    with CaptureQueriesContext(connection) as captured:
        planned, report = plan(table, mapping, directory_for(mapping))
    assert len(captured) == 1
    assert (len(planned), report.people.rows, len(report.people.named)) == (5000, 5000, 32)
    assert sum(report.people.unknown.values()) == 5000 * 10 // 40


def upload(ada: User, *rows: list[str]) -> Any:
    file = SimpleUploadedFile("people.csv", csv_bytes(rows, HEADER))
    pages(ada).post(HOME, {"file": file})
    return work_off(newest())


def test_the_check_says_who_is_named_how_often_and_who_is_not_here(ada, lena, omar):
    check = upload(
        ada,
        line(lead="lena", members="omar; <b>Gus</b>"),
        line("Forms", lead="Lena", deputy='=HYPERLINK("http://x")'),
        line("Bare", lead="ghost", members="ghost"),
    )
    page = page_of(ada, check)
    named = page.by_id("people")
    assert "2 of 3 rows name somebody who is here." in named.text
    assert "Lena lena 2" in " ".join(named.text.split()) and "Omar omar 1" in " ".join(named.text.split())
    assert "3 names belong to nobody here" in named.text and "ghost (1 row)" in named.text
    assert "<b>Gus</b> (1 row)" in named.text
    assert named.links_to("/people/list/") and named.links_to(f"{HOME}?again={check.pk}")
    assert Initiative.objects.count() == 0 == TeamRole.objects.count()
    told = pages(ada).get(f"{HOME}{check.pk}/left-out.csv")
    cells = list(csv.reader(io.StringIO(b"".join(told).decode("utf-8-sig"))))
    assert [one[3] for one in cells[1:] if one[2] == "Deputy"] == ['\'=HYPERLINK("http://x")']
    run(ada, check)
    written = work_off(newest())
    assert "import the same file again" in page_of(ada, written).by_id("people").text
    assert who("Forms") == {"technical_lead": "lena"}


def test_without_strangers_or_without_such_columns_the_check_does_not_speak_of_them(ada, lena):
    assert "nobody here" not in page_of(ada, upload(ada, line(lead="lena"))).by_id("people").text
    pages(ada).post(HOME, {"file": _plain()})
    assert 'id="people"' not in pages(ada).get(f"{HOME}{work_off(newest()).pk}/").content.decode()


def _plain() -> Any:
    return SimpleUploadedFile("plain.csv", csv_bytes([("Chat", "Pilot")], ("Name", "Stage")))


def test_an_initiative_with_people_keeps_to_the_day_of_its_file(lena):
    bring(line(lead="lena"))
    before = list(the().flags.values_list("code", flat=True))
    recompute_batch([the().pk], clock.now())
    assert list(the().flags.values_list("code", flat=True)) == before and the().as_of is not None
