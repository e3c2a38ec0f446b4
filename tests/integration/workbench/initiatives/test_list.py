"""The list of initiatives: what it finds, in which order, for whom, and in how many queries."""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.actions.flags import acknowledge_flag
from readiness.actions.holds import lift_hold
from readiness.audit.recording import Actor
from readiness.portfolio.questions import UNITS_OFFERED, State
from readiness.standing.flags.registry import RULES
from readiness.standing.models import Flag
from readiness.standing.recompute import recompute_batch
from readiness.workbench.initiatives.listing import PAGE_SIZE
from tests.fixtures import create, make_ready, pages
from tests.integration.workbench.initiatives.scenes import (
    EMOJI,
    LONG,
    RTL,
    SCRIPT,
    ago,
    copies,
    held,
    many,
    overrun,
)
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db


def shown(by: User, **asked: str) -> Node:
    response = pages(by).get(f"/initiatives/?{urlencode(asked)}")
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def names(by: User, **asked: str) -> list[str]:
    """The names on the page, in its order."""
    tables = shown(by, **asked).all("table")
    return [row.one("th").all("a")[0].text for row in tables[0].all("tbody")[0].all("tr")] if tables else []


def found(page: Node) -> int:
    """How many the page says there are."""
    said = re.match(r"([\d,]+) initiative", page.by_id("found").text)
    assert said
    return int(said[1].replace(",", ""))


class TestWhatIsThere:
    def test_before_there_is_any_a_lead_is_told_how_to_begin(self, lena: User) -> None:
        page = shown(lena)
        assert "No initiatives yet" in page.text
        assert page.links_to("/initiatives/new/")

    def test_who_may_not_create_is_offered_nothing(self, iris: User) -> None:
        page = shown(iris)
        assert "No initiatives yet" in page.text
        assert not page.links_to("/initiatives/new/")

    def test_a_row_says_where_it_stands_and_what_comes_next(self, lena: User) -> None:
        initiative = overrun(lena, name="Invoice triage", business_unit="Finance")
        row = shown(lena).one("tbody").one("tr")
        assert row.one("th").links_to(f"/initiatives/{initiative.ref}/")
        for words in (
            "Invoice triage", initiative.ref, "Finance", "Pilot", "300", "of 90 planned", "0.0", "Not ready",
            "Stalled", "flags", "Answer “Source quality proven”.",
        ):  # fmt: skip
            assert words in row.text, words
        gates = [node.attrs["aria-label"] for node in row.all("span", role="img")]
        locked = [f"{name}: Locked" for name in ("Architecture", "Integration", "Governance", "Adoption")]
        assert gates == ["Data: Open", *locked]

    def test_days_on_hold_are_not_counted(self, lena: User) -> None:
        held(lena)
        row = shown(lena).one("tbody").one("tr")
        assert "On hold" in row.text
        assert row.one("td", data_label="Days in stage").text.startswith("50")

    def test_strings_that_break_careless_pages_are_shown_as_they_are(self, lena: User) -> None:
        create(lena, name=SCRIPT, business_unit=f"{SCRIPT} unit")
        create(lena, name=f"{RTL} {EMOJI}")
        response = pages(lena).get("/initiatives/")
        assert SCRIPT not in response.content.decode()
        assert {SCRIPT, f"{RTL} {EMOJI}"} <= set(names(lena))
        assert "<bdi>" in response.content.decode()

    def test_a_team_only_initiative_is_in_no_outsiders_list(self, lena: User, omar: User, elsa: User) -> None:
        create(lena, name="Secret", visibility="team")
        assert names(lena) == names(elsa) == ["Secret"]
        assert names(omar) == []


class TestSearch:
    def test_every_word_has_to_be_there_in_any_case(self, lena: User) -> None:
        create(lena, name="Invoice triage", vendor="Papyra", tags=["documents"])
        create(lena, name="Mail triage", business_unit="Operations")
        assert names(lena, q="TRIAGE") == ["Invoice triage", "Mail triage"]
        assert names(lena, q="triage papyra") == names(lena, q=" documents ") == ["Invoice triage"]
        assert names(lena, q="triage papyra operations") == []

    def test_a_reference_finds_its_initiative(self, lena: User) -> None:
        create(lena, name="One")
        other = create(lena, name="Other")
        assert names(lena, q=other.ref) == names(lena, q=other.ref.lower()) == ["Other"]

    def test_nothing_found_offers_the_way_back_to_all(self, lena: User) -> None:
        create(lena)
        page = shown(lena, q="nothing like it")
        assert "Nothing fits" in page.text
        assert page.links()["Show all"] == "/initiatives/"

    def test_any_words_at_all_are_only_searched_for(self, lena: User) -> None:
        create(lena)
        odd = ("%", "_", "\\", "a\x00b", "'", '"; drop table', SCRIPT, RTL, EMOJI, LONG[:3000], "İ", "ß")
        for words in odd:
            assert found(shown(lena, q=words)) in (0, 1), words
        assert SCRIPT not in pages(lena).get(f"/initiatives/?{urlencode({'q': SCRIPT})}").content.decode()

    def test_what_was_searched_for_stays_in_the_field(self, lena: User) -> None:
        assert shown(lena, q="triage").one("main").one("input", name="q").attrs["value"] == "triage"


class TestFilters:
    def test_each_state_finds_its_own(self, lena: User, ravi: User, omar: User) -> None:
        many(lena, ravi, 6)
        expected = {
            State.MINE: 5,
            State.FOR_ME: 3,
            State.RUNNING: 5,
            State.BEFORE_LIVE: 5,
            State.PAST_INTAKE: 3,
            State.STALLED: 2,
            State.EXIT_TO_DECIDE: 0,
            State.WAITING: 1,
            State.FREE_TO_MOVE: 1,
            State.FAR_BEYOND_PLAN: 1,
            State.HOLD_TO_REVIEW: 1,
            State.ON_HOLD: 1,
            State.ENDED: 1,
        }
        assert set(expected) == set(State)
        assert {state: found(shown(lena, state=state)) for state in State} == expected
        assert found(shown(omar, state=State.MINE)) == 0

    def test_states_do_not_overlook_what_has_just_changed(self, lena: User) -> None:
        initiative = held(lena)
        assert names(lena, state="on_hold") == names(lena, state="hold_to_review") == [initiative.name]
        lift_hold(initiative.pk, Actor.person(lena), ago(0))
        assert names(lena, state="on_hold") == names(lena, state="hold_to_review") == []

    def test_filters_narrow_the_list_together(self, lena: User, ravi: User) -> None:
        overrun(lena, name="Late", business_unit="Claims")
        create(lena, name="New", business_unit="Sales", priority="high")
        make_ready(create(lena, name="Ready", stage="pilot", business_unit="Legal"), lena, ravi)
        expected: list[tuple[dict[str, str], list[str]]] = [
            ({}, ["Late", "New", "Ready"]),
            ({"stage": "pilot"}, ["Late", "Ready"]),
            ({"stage": "intake"}, ["New"]),
            ({"verdict": "ready"}, ["Ready"]),
            ({"verdict": "not_ready"}, ["Late", "New"]),
            ({"unit": "sales"}, ["New"]),
            ({"unit": "  SALES "}, ["New"]),
            ({"priority": "high"}, ["New"]),
            ({"flag": "stage_overrun"}, ["Late"]),
            ({"cause": "momentum"}, ["Late"]),
            ({"flag": "stage_overrun", "verdict": "ready"}, []),
            ({"stage": "pilot", "q": "rea"}, ["Ready"]),
        ]
        assert [names(lena, **asked) for asked, _ in expected] == [wanted for _, wanted in expected]

    @pytest.mark.parametrize(
        "name", ["state", "stage", "verdict", "flag", "cause", "priority", "sort", "page"]
    )
    def test_a_value_it_does_not_know_is_left_out(self, lena: User, name: str) -> None:
        create(lena, name="One")
        for value in ("nonsense", "\x00", SCRIPT, EMOJI, LONG[:2000], "-", "-1", "0", "9" * 40):
            page = shown(lena, **{name: value})
            assert found(page) == 1, value
            assert not page.all("option", selected=""), value

    def test_what_is_chosen_stays_chosen_and_is_counted(self, lena: User) -> None:
        create(lena, business_unit="Finance")
        page = shown(lena, unit="FINANCE", stage="intake", verdict="nonsense")
        chosen = [node.attrs["value"] for node in page.all("option", selected="")]
        assert chosen == ["finance", "intake"]
        assert "Filters2" in page.one("main").one("form", role="search").text

    def test_a_flag_that_was_acknowledged_is_open_all_the_same(self, lena: User) -> None:
        initiative = overrun(lena)
        acknowledge_flag(Flag.objects.get(code="stage_overrun").pk, Actor.person(lena), ago(0))
        assert names(lena, flag="stage_overrun", state="stalled") == [initiative.name]

    def test_only_flags_that_can_be_raised_are_offered(self, lena: User) -> None:
        options = shown(lena).one("select", name="flag").all("option")
        assert [option.attrs["value"] for option in options][1:] == list(RULES)

    def test_so_many_units_are_offered_and_the_one_asked_for_in_any_case(self, lena: User) -> None:
        copies(create(lena), UNITS_OFFERED + 4)
        for number, row in enumerate(Initiative.objects.order_by("pk")):
            Initiative.objects.filter(pk=row.pk).update(
                business_unit=f"Unit {number:03d}", business_unit_key=f"unit {number:03d}"
            )
        last = f"unit {UNITS_OFFERED + 4:03d}"
        options = shown(lena, unit=last, state="ended").one("select", name="unit").all("option")
        assert len(options) == 1 + UNITS_OFFERED + 1
        assert options[-1].attrs == {"value": last, "selected": ""}
        assert options[-1].text == last.capitalize()


class TestOrder:
    def test_by_name_at_first_whatever_its_case_and_accents(self, lena: User) -> None:
        for name in ("beta", "Alpha", "Ärger", "gamma", "[3] Ledgers", "Be-all", "Be all"):
            create(lena, name=name)
        expected = ["[3] Ledgers", "Alpha", "Ärger", "Be all", "Be-all", "beta", "gamma"]
        assert names(lena) == expected
        assert names(lena, sort="-name") == expected[::-1]

    def test_by_stage_along_the_way(self, lena: User) -> None:
        for stage in ("pilot", "intake", "poc"):
            create(lena, name=stage, stage=stage)
        assert names(lena, sort="stage") == ["intake", "poc", "pilot"]
        assert names(lena, sort="-stage") == ["pilot", "poc", "intake"]

    def test_by_the_days_that_are_shown_not_by_those_on_the_calendar(self, lena: User) -> None:
        held(lena, name="Held: 50")
        overrun(lena, days=60, name="Sixty")
        overrun(lena, days=40, name="Forty")
        unknown = create(lena, name="Unknown")
        Initiative.objects.filter(pk=unknown.pk).update(stage_since=None)
        assert names(lena, sort="days") == ["Forty", "Held: 50", "Sixty", "Unknown"]
        assert names(lena, sort="-days") == ["Sixty", "Held: 50", "Forty", "Unknown"]

    def test_by_score(self, lena: User, ravi: User) -> None:
        many(lena, ravi, 4)
        assert names(lena, sort="-score")[0] == "Initiative 03"
        assert names(lena, sort="score")[-1] == "Initiative 03"

    def test_every_initiative_is_on_one_page_once_in_every_order(self, lena: User) -> None:
        copies(create(lena, name="Same"), PAGE_SIZE + 2)
        everything = {one.ref for one in Initiative.objects.all()}
        for sort in ("name", "-name", "stage", "days", "-days", "score", "-score", "nonsense"):
            refs: list[str] = []
            for page in ("1", "2"):
                rows = shown(lena, sort=sort, page=page).one("tbody").all("tr")
                refs += [row.one("th").all("span", class_="table__sub")[0].text.split(" ")[0] for row in rows]
            assert len(refs) == len(everything)
            assert set(refs) == everything


class TestPaging:
    def test_the_query_is_kept_from_page_to_page(self, lena: User) -> None:
        copies(create(lena, name="Same", business_unit="Finance & Co"), PAGE_SIZE)
        first = shown(lena, unit="finance & co", sort="-name", q="same")
        following = next(link for link in first.all("a", rel="next"))
        second = pages(lena).get("/initiatives/" + following.attrs["href"])
        assert len(read(second).one("tbody").all("tr")) == 1
        assert read(second).one("input", name="sort").attrs["value"] == "-name"
        heads = [link.attrs["href"] for link in read(second).one("thead").all("a")]
        assert all("unit=finance+%26+co" in href and "page=" not in href for href in heads)

    @pytest.mark.parametrize(("page", "rows"), [("2", 1), ("99", 1), ("0", 1), ("last", PAGE_SIZE)])
    def test_a_page_that_is_not_there_is_answered_with_one_that_is(
        self, lena: User, page: str, rows: int
    ) -> None:
        copies(create(lena), PAGE_SIZE)
        assert len(names(lena, page=page)) == rows

    def test_it_asks_the_database_as_often_for_53_rows_as_for_3(
        self, lena: User, ravi: User, elsa: User
    ) -> None:
        orders = ("", "-days", "stage")
        many(lena, ravi, 3)
        few = [self._queries(elsa, sort) for sort in orders]
        many(lena, ravi, 50)
        assert [self._queries(elsa, sort) for sort in orders] == few
        assert max(few) <= 16  # four of them are what the filters of the portfolio offer

    def test_fragments_and_pages_without_javascript_are_the_same_page(self, lena: User) -> None:
        """htmx picks the list and the count out of the very page that a browser without it gets."""
        create(lena)
        page = shown(lena)
        form = page.one("main").one("form", role="search")
        assert form.attrs["method"] == "get"
        assert form.attrs["hx-target"] == "#initiatives"
        assert page.has_id("initiatives") and page.by_id("found").attrs["role"] == "status"
        again = pages(lena).get("/initiatives/?q=triage", headers={"hx-request": "true"})
        assert read(again).has_id("initiatives") and read(again).has_id("found")

    @staticmethod
    def _queries(by: User, sort: str) -> int:
        client = pages(by)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/initiatives/?sort={sort}").status_code == 200
        return len(asked)


def test_from_the_header_of_every_page_and_where_nothing_is_one_searches_for_an_initiative(
    lena: User, omar: User
) -> None:
    create(lena, name="Alpha")
    create(lena, name="Alpha of the team", visibility="team")
    for path, status in (("/", 200), ("/portfolio/", 200), ("/initiatives/AI-9999/", 404), ("/none/", 404)):
        response = pages(omar).get(path)
        assert response.status_code == status
        page = read(response)
        assert complaints(page) == []
        header = page.one("header", class_="shell__header").one("form", role="search")
        assert (header.attrs["method"], header.attrs["action"]) == ("get", "/initiatives/")
        assert "data-search" in header.one("input", type="search", name="q").attrs
        if status == 404:
            own = page.one("main").one("form", role="search")
            assert own.attrs["action"] == "/initiatives/" and own.one("input", name="q")
    found = read(pages(omar).get(header.attrs["action"], {"q": "alpha"}))
    assert found.has_id("initiatives") and "Alpha of the team" not in found.text and "Alpha" in found.text
    assert "shell__search" not in Client().get("/login/").content.decode()


def test_what_an_import_said_is_counted_to_the_day_of_its_file(lena: User) -> None:
    initiative = overrun(lena, days=300)
    day = ago(200).date()
    Initiative.objects.filter(pk=initiative.pk).update(as_of=day, source="a file", source_key="1")
    recompute_batch([initiative.pk], ago(0))
    days = shown(lena).one("tbody").one("tr").one("td", data_label="Days in stage").text
    assert days in ("100of 90 planned", "99of 90 planned")
