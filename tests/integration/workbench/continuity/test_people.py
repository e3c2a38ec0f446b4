"""The page of an initiative's people, and its handovers: read, begun, written, closed, refused."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Handover, HandoverTopic, Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.handovers import NOTE_MAX, close_handover
from readiness.actions.people import deactivate_person
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from tests.fixtures import create, pages, person
from tests.integration.workbench.continuity.scenes import LESSON, page_at, shown, start, url
from tests.integration.workbench.initiatives.scenes import EMOJI, RTL, SCRIPT
from tests.integration.workbench.markup import Node, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def noor(db: None) -> User:
    return person("noor", unit="Claims", function="it")


@pytest.fixture
def initiative(lena: User, noor: User) -> Initiative:
    """Lena's, with noor as deputy."""
    return create(lena, people={"deputy": "noor"})


def rows(page: Node, caption: str) -> list[str]:
    [table] = [one for one in page.all("table") if one.one("caption").text == caption]
    return [row.text for row in table.one("tbody").all("tr")]


def form_of(handover: Handover, **typed: Any) -> dict[str, Any]:
    """What a browser sends: what was shown, and what was typed over it."""
    sent: dict[str, Any] = {"initial-successor": "", "successor": ""}
    for point in handover.points.all():
        sent[f"initial-points_{point.topic}_note"] = sent[f"points_{point.topic}_note"] = point.note
        sent[f"initial-points_{point.topic}_done"] = str(point.done_at is not None)
        if point.done_at is not None:
            sent[f"points_{point.topic}_done"] = "on"
    return sent | typed


def save(by: User, handover: Handover, **sent: Any) -> Any:
    return pages(by).post(url(handover.initiative, f"people/handovers/{handover.pk}/"), sent)


class TestReading:
    def test_it_says_who_holds_which_place_since_when_and_when_heard(
        self, lena: User, initiative: Initiative
    ) -> None:
        page = page_at(lena, url(initiative, "people/"))
        deputy = next(row for row in rows(page, "Places") if row.startswith("Deputy"))
        assert "Noor" in deputy and "Claims" in deputy and "IT" in deputy and "Not yet" in deputy
        pages(lena).post(url(initiative, "comments/"), {"body": "Hello."})
        lead = next(
            row for row in rows(page_at(lena, url(initiative, "people/")), "Places") if "Technical" in row
        )
        assert "Not yet" not in lead

    def test_the_tab_is_the_current_one(self, lena: User, initiative: Initiative) -> None:
        page = page_at(lena, url(initiative, "people/"))
        assert page.one("a", aria_current="page", href=url(initiative, "people/")).text == "People"

    def test_who_was_here_before_is_listed(self, lena: User, initiative: Initiative) -> None:
        assert "Who was here before" not in page_at(lena, url(initiative, "people/")).text
        pages(lena).post(url(initiative, "edit/"), {"name": "x", "business_problem": "x", "priority": "normal",
                         "visibility": "organisation", "people_technical_lead": "lena"})  # fmt: skip
        assert any(
            row.startswith("Noor Deputy")
            for row in rows(page_at(lena, url(initiative, "people/")), "Former places")
        )

    def test_an_outsider_reads_what_is_handed_over_and_is_offered_nothing(
        self, lena: User, omar: User, noor: User, initiative: Initiative
    ) -> None:
        handover = start(initiative, noor, lena)
        save(lena, handover, **form_of(handover, points_setup_note=f"See {SCRIPT}", points_setup_done="on"))
        page = page_at(omar, url(initiative, "people/"))
        assert "Handover of Noor" in page.text and f"See {SCRIPT}" in page.text
        assert page.all("textarea") == []
        assert "Begin the handover" not in page.text

    def test_its_queries_do_not_grow(self, lena: User, noor: User, initiative: Initiative) -> None:
        def counted() -> int:
            browser = pages(lena)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(url(initiative, "people/")).status_code == 200
            return len(queries)

        first = start(initiative, noor, lena)
        close_handover(initiative.pk, first.pk, Actor.person(lena), clock.now())
        start(initiative, noor, lena)
        few = counted()
        people = [person(f"p{number}") for number in range(8)]
        pages(lena).post(url(initiative, "edit/"), {"name": "x", "business_problem": "x", "priority": "normal",
                         "visibility": "organisation", "people_technical_lead": "lena", "people_deputy": "noor",
                         "people_members": [one.username for one in people]})  # fmt: skip
        for number, one in enumerate(people):
            handover = start(initiative, one, lena)
            if number % 2:
                close_handover(initiative.pk, handover.pk, Actor.person(lena), clock.now())
        assert counted() == few


class TestHandingOver:
    def test_it_is_begun_by_hand(self, lena: User, noor: User, initiative: Initiative) -> None:
        response = pages(lena).post(url(initiative, "people/handovers/"), {"leaver": "noor"})
        handover = Handover.objects.get()
        assert response["Location"] == url(initiative, f"people/#handover-{handover.pk}")
        page = page_at(lena, url(initiative, "people/"))
        assert page.has_id(f"handover-{handover.pk}")
        assert len(page.all("textarea")) == len(HandoverTopic.values)
        options = [option.attrs["value"] for option in page.one("select", name="leaver").all("option")]
        assert options == ["lena"]

    @pytest.mark.parametrize("leaver", ["", "nobody", "a\x00b", EMOJI])
    def test_nobody_else_hands_over(self, lena: User, initiative: Initiative, leaver: str) -> None:
        response = pages(lena).post(url(initiative, "people/handovers/"), {"leaver": leaver}, follow=True)
        said = read(response).text
        assert any(words in said for words in ("Name a person.", "holds no place", "Null characters"))
        assert not Handover.objects.exists()

    def test_what_is_typed_is_kept(self, lena: User, noor: User, initiative: Initiative) -> None:
        handover = start(initiative, noor, lena)
        typed = {
            "points_setup_note": f"{RTL} {EMOJI}\r\nsecond line",
            "points_data_done": "on",
            "successor": "lena",
        }
        assert save(noor, handover, **form_of(handover, **typed)).status_code == 302
        handover.refresh_from_db()
        assert handover.points.get(topic="setup").note == f"{RTL} {EMOJI}\r\nsecond line"
        assert handover.points.get(topic="data").done_by == noor
        assert handover.successor == lena
        page = page_at(lena, url(initiative, "people/"))
        assert "1 of 6" in page.text

    def test_two_who_write_at_once_do_not_undo_each_other(
        self, lena: User, noor: User, initiative: Initiative
    ) -> None:
        handover = start(initiative, noor, lena)
        as_shown = form_of(handover)
        save(lena, handover, **as_shown | {"points_setup_note": "Lena's.", "points_setup_done": "on"})
        save(noor, handover, **as_shown | {"points_data_note": "Noor's."})
        setup = handover.points.get(topic="setup")
        assert (setup.note, setup.done_by) == ("Lena's.", lena)
        assert handover.points.get(topic="data").note == "Noor's."

    def test_what_is_too_long_is_said_at_its_field_and_stays(
        self, lena: User, noor: User, initiative: Initiative
    ) -> None:
        handover = start(initiative, noor, lena)
        long = "x" * (NOTE_MAX + 1)
        response = save(lena, handover, **form_of(handover, points_setup_note=long, points_data_note="Good."))
        page = shown(response, 422)
        assert f"At most {NOTE_MAX:,} characters" in page.text
        assert page.one("textarea", name="points_setup_note").text == long
        assert page.one("textarea", name="points_data_note").text == "Good."
        assert set(handover.points.values_list("note", flat=True)) == {""}

    def test_what_is_typed_into_one_that_was_closed_meanwhile_stays_on_the_page(
        self, lena: User, noor: User, initiative: Initiative
    ) -> None:
        handover = start(initiative, noor, lena)
        sent = form_of(handover, points_setup_note="Hours of work.")
        close_handover(initiative.pk, handover.pk, Actor.person(noor), clock.now())
        page = shown(save(lena, handover, **sent), 409)
        assert "The handover of Noor is closed." in page.text
        assert page.one("textarea", name="points_setup_note").text == "Hours of work."

    def test_closing_asks_and_says_what_is_missing(
        self, lena: User, noor: User, initiative: Initiative
    ) -> None:
        handover = start(initiative, noor, lena)
        done = {f"points_{topic}_done": "on" for topic in HandoverTopic.values if topic != "access"}
        save(lena, handover, **form_of(handover, **done))
        place = url(initiative, f"people/handovers/{handover.pk}/close/")
        asked = page_at(lena, place)
        assert "Access and accounts" in asked.text and "Contacts" not in asked.text
        assert pages(lena).post(place)["Location"] == url(initiative, "people/")
        page = page_at(lena, url(initiative, "people/"))
        assert "Handovers that are closed" in page.text and "1 not handed on" in page.text
        assert pages(lena).get(place).status_code == 302

    def test_an_ended_initiative_is_only_read(self, lena: User, noor: User, initiative: Initiative) -> None:
        handover = start(initiative, noor, lena)
        move_stage(initiative.pk, "stopped", Actor.person(lena), clock.now(), lesson=LESSON)
        page = page_at(lena, url(initiative, "people/"))
        assert page.all("textarea") == [] and not page.all("select", name="leaver")
        assert save(lena, handover, **form_of(handover, points_setup_note="Late.")).status_code == 409

    def test_the_flag_leads_here(self, lena: User, ada: User, noor: User) -> None:
        initiative = create(lena, stage="poc", people={"deputy": "noor"})
        deactivate_person("noor", Actor.person(ada), clock.now())
        page = page_at(lena, f"/initiatives/{initiative.ref}/")
        assert page.by_id("flags").links()["Look at the handover"] == url(initiative, "people/")


class TestEverything:
    def test_the_admin_sees_what_somebody_holds(self, ada: User, lena: User, initiative: Initiative) -> None:
        for page in (page_at(ada, "/people/noor/edit/"), page_at(ada, "/people/noor/deactivate/")):
            assert page.links_to(url(initiative, "people/")) and "Deputy" in page.text
            assert page.links_to("/people/noor/hand-over/")
        assert "Nothing on any running initiative" in page_at(ada, "/people/ada/deactivate/").text

    def test_everything_is_handed_over_from_one_page(
        self, ada: User, lena: User, noor: User, initiative: Initiative
    ) -> None:
        place = "/people/noor/hand-over/"
        page = page_at(ada, place)
        assert initiative.ref in page.text and "Deputy" in page.text
        done = shown(pages(ada).post(place, {"to": "lena"}))
        assert "Lena holds what Noor held on 1 initiative." in done.text
        assert "Lena is their own deputy now." in done.text
        assert initiative.team_roles.get(role="deputy", until__isnull=True).user == lena
        assert "Nothing to hand over" in page_at(ada, place).text
        assert shown(pages(ada).post(place, {"to": "lena"}), 409)

    @pytest.mark.parametrize("to", ["", "noor", "nobody", "gone"])
    def test_who_cannot_follow_is_said_at_the_field(self, ada: User, initiative: Initiative, to: str) -> None:
        User.objects.filter(pk=person("gone").pk).update(is_active=False)
        page = shown(pages(ada).post("/people/noor/hand-over/", {"to": to}), 422)
        assert page.has_id("id_to_error")
        assert initiative.team_roles.get(role="deputy", until__isnull=True).user.username == "noor"

    def test_a_team_sees_what_is_not_theirs_to_change(
        self, lena: User, omar: User, initiative: Initiative
    ) -> None:
        other = create(omar, name="Omar's own", people={"deputy": "noor"})
        page = page_at(lena, "/people/noor/hand-over/")
        assert "Not yours to change" in page.text and page.links_to(url(other, "people/"))

    def test_nobody_of_that_name_is_not_there(self, ada: User) -> None:
        assert pages(ada).get("/people/nobody/hand-over/").status_code == 404
