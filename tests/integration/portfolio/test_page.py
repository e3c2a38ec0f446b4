"""The portfolio's page: its figures, the lists behind them and the API agree, for each person."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative, TeamRole
from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.actions.gates import submit_gate
from readiness.actions.initiatives import edit_initiative
from readiness.audit.recording import Actor
from readiness.portfolio.scope import EVERYTHING
from readiness.reports.contents import gather, in_a_sentence
from readiness.reports.document import document
from readiness.standing.definitions import research_figures, root_causes
from readiness.standing.models import Flag, Standing
from readiness.standing.recompute import recompute_batch
from tests.fixtures import answer_all, api, create, make_ready, pages
from tests.integration.workbench.initiatives.scenes import (
    EMOJI,
    LONG,
    RTL,
    SCRIPT,
    UNITS,
    ago,
    copies,
    held,
    many,
    overrun,
)
from tests.integration.workbench.markup import Node, complaints, parsed, read

pytestmark = pytest.mark.django_db


def portfolio(by: User, **asked: str) -> Node:
    response = pages(by).get(f"/portfolio/?{urlencode(asked)}")
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def figure(text: str) -> int:
    found = re.search(r"[\d,]+", text)
    assert found, text
    return int(found[0].replace(",", ""))


def tiles(page: Node) -> dict[str, int]:
    return {
        tile.one("p", class_="stat__label").text: figure(tile.one("p", class_="stat__value").text)
        for tile in page.all("div", class_="stat")
    }


def linked_figures(page: Node) -> list[tuple[str, int]]:
    """Every figure of the page that leads to a list, with the list's address."""
    found = [
        (tile.all("a")[0].attrs["href"], figure(tile.one("p", class_="stat__value").text))
        for tile in page.all("div", class_="stat")
        if tile.all("a")
    ]
    for group in page.all("section", class_="decisions__group"):
        more = [link for link in group.all("a") if link.text.startswith("All ")]
        if more:
            found.append((more[0].attrs["href"], figure(more[0].text)))
        count = group.one("span", class_="decisions__count")
        found += [(link.attrs["href"], figure(count.text)) for link in count.all("a")]
    for step in page.all("li", class_="funnel__step"):
        for part in ("value", "note"):
            words = step.one("span", class_=f"funnel__{part}")
            found += [(link.attrs["href"], figure(words.text)) for link in words.all("a")]
    for head in page.all("th", scope="row"):
        if "past intake" in head.text and head.all("a"):
            found.append((head.one("a").attrs["href"], figure(head.all("span")[0].text)))
    for row in page.all("div", class_="bar-list__row") + page.all("li", class_="bar-list__row"):
        found.append((row.all("a")[0].attrs["href"], figure(row.all("span")[-1].text)))
    return [(href, number) for href, number in found if href.startswith("/initiatives/")]


def listed(by: User, href: str) -> int:
    return figure(read(pages(by).get(href)).by_id("found").text)


class TestOneDefinition:
    """A figure is defined once: the page, the list it leads to and the API never tell different numbers."""

    @pytest.mark.parametrize("who", ["elsa", "lena", "omar", "iris"])
    @pytest.mark.parametrize("unit", ["", "claims"])
    def test_every_figure_that_leads_to_a_list_is_that_lists_count(
        self, lena: User, ravi: User, request: pytest.FixtureRequest, who: str, unit: str
    ) -> None:
        many(lena, ravi, 14)
        viewer = request.getfixturevalue(who)
        figures = linked_figures(portfolio(viewer, unit=unit))
        assert len(figures) >= 10
        for href, number in figures:
            assert listed(viewer, href) == number, href

    @pytest.mark.parametrize("who", ["elsa", "lena", "omar"])
    @pytest.mark.parametrize("unit", ["", "Claims"])
    def test_the_api_tells_the_same(
        self, lena: User, ravi: User, request: pytest.FixtureRequest, who: str, unit: str
    ) -> None:
        many(lena, ravi, 12)
        viewer = request.getfixturevalue(who)
        page = portfolio(viewer, unit=unit)
        told = api(viewer).get("portfolio/", {"business_unit": unit} if unit else None).json()
        shown = tiles(page)
        assert shown == {
            "Running": told["headline"]["running"],
            "Ready for production": told["headline"]["ready"] - told["headline"]["ready_live"],
            "Conditional": told["headline"]["conditional"] - told["headline"]["conditional_live"],
            "Stalled": told["headline"]["stalled"],
            "Reviews waiting": told["reviews_waiting"]["count"],
        }
        funnel = [
            tuple(figure(step.one("span", class_=f"funnel__{part}").text) for part in ("value", "note"))
            for step in page.all("li", class_="funnel__step")
        ]
        assert funnel == [(one["reached"], one["now"]) for one in told["funnel"]]
        heat = page.one("table", class_="heat-map")
        for width, words in (("wide-only", "{passed} of {total}"), ("phone-only", "{passed}/{total}")):
            cells = [cell.one("span", class_=width).text for cell in heat.one("tbody").all("td")]
            assert cells == [words.format(**gate) for row in told["units"] for gate in row["gates"]]
        stalled = [row.one("th").all("a")[0].text for row in rows_of(page, "Stalled initiatives")]
        assert stalled == [one["name"] for one in told["stalled"]]

    def test_no_link_hides_one_row_alone(self, lena: User, elsa: User) -> None:
        copies(overrun(lena), 12)
        for number, shown, more in ((13, 13, 0), (14, 12, 1)):
            Standing.objects.filter(initiative__in=Initiative.objects.order_by("pk")[:number]).update(
                stalled=True
            )
            page = portfolio(elsa)
            assert len(rows_of(page, "Stalled initiatives")) == shown
            assert len([one for one in page.all("a") if one.text == "All 14 stalled initiatives"]) == more
            if number == 13:
                create(lena)

    def test_a_stalled_one_says_its_cause_and_whom_to_ask(self, lena: User, elsa: User, omar: User) -> None:
        overrun(lena)
        (row,) = rows_of(portfolio(elsa), "Stalled initiatives")
        (told,) = api(elsa).get("portfolio/").json()["stalled"]
        name = root_causes()[told["root_cause"]].name
        assert f"{name}, suspectedAsk Lena (Technical lead)" in row.text
        TeamRole.objects.create(
            initiative=Initiative.objects.get(), user=omar, role="executive_sponsor", since=clock.now()
        )
        Flag.objects.update(confirmed_cause="data_quality", confirmed_at=clock.now())
        (row,) = rows_of(portfolio(elsa), "Stalled initiatives")
        assert f"{root_causes()['data_quality'].name}, confirmedAsk Omar (Executive sponsor)" in row.text
        (told,) = api(elsa).get("portfolio/").json()["stalled"]
        assert (told["root_cause"], told["root_cause_confirmed"]) == ("data_quality", True)

    def test_what_is_live_already_is_not_among_those_that_can_go(
        self, lena: User, ravi: User, ada: User, elsa: User
    ) -> None:
        for by, stage in ((lena, "pilot"), (ada, "live"), (ada, "live")):
            make_ready(create(by, stage=stage), by, ravi)
        page = portfolio(elsa)
        (tile,) = (one for one in page.all("div", class_="stat") if "Ready for production" in one.text)
        assert "1 every gate passed, not yet live; 2 live ones hold them all" in tile.text
        assert listed(elsa, tile.one("a").attrs["href"]) == 1
        headline = api(elsa).get("portfolio/").json()["headline"]
        assert (headline["ready"], headline["ready_live"]) == (3, 2), "REST speaks of the verdict, as before"
        found = gather(elsa, Organisation.get(), EVERYTHING, clock.now())
        printed = parsed(document(found)).all("li", class_="tile")
        (told,) = (one for one in printed if "Ready for production" in one.text)
        assert told.text == tile.text and listed(elsa, told.one("a").attrs["href"]) == 1
        assert "Not yet live and ready for production: 1, with conditions: 0." in in_a_sentence(found)

    def test_the_api_counts_what_the_list_counts(self, lena: User, ravi: User, elsa: User) -> None:
        many(lena, ravi, 12)
        for filters, href in (
            ({"stalled": "true"}, "?state=stalled"),
            ({"stage": "pilot"}, "?stage=pilot"),
            ({"verdict": "ready"}, "?verdict=ready"),
            ({"flag": "stage_overrun"}, "?flag=stage_overrun"),
            ({"business_unit": "claims"}, "?unit=claims"),
        ):
            told = api(elsa).get("initiatives/", {**filters, "limit": "200"}).json()
            assert len(told["results"]) == listed(elsa, f"/initiatives/{href}"), filters

    def test_nobody_counts_what_they_may_not_see(self, lena: User, omar: User, elsa: User) -> None:
        create(lena, visibility="team", business_unit="Secret unit")
        create(lena)
        assert tiles(portfolio(lena))["Running"] == tiles(portfolio(elsa))["Running"] == 2
        response = pages(omar).get("/portfolio/")
        assert tiles(read(response))["Running"] == 1
        assert "Secret unit" not in response.content.decode()


def rows_of(page: Node, caption: str) -> list[Node]:
    tables = [table for table in page.all("table") if table.one("caption").text == caption]
    return tables[0].one("tbody").all("tr") if tables else []


class TestDecisions:
    def group(self, page: Node, title: str) -> Node:
        return next(
            one for one in page.all("section", class_="decisions__group") if one.one("h3").text == title
        )

    def test_each_kind_says_what_is_to_be_decided_and_leads_there(
        self, lena: User, ravi: User, elsa: User
    ) -> None:
        late = overrun(lena, name="Late")
        on_hold = held(lena, name="Held")
        waiting = create(lena, ago(40), name="Waiting")
        answer_all(waiting, lena, gates=["data"], at=ago(20))
        submit_gate(waiting.pk, "data", "", Actor.person(lena), ago(20))
        ready = create(lena, stage="pilot", name="Ready")
        make_ready(ready, lena, ravi)
        page = portfolio(elsa)
        expected = {
            "Gates waiting": (f"/initiatives/{waiting.ref}/gates/data/", "Data gate, submitted by Lena", "20 days"),
            "Free to move on": (f"/initiatives/{ready.ref}/", "Pilot to Rollout", ""),
            "Holds to look at again": (f"/initiatives/{on_hold.ref}/", "Waiting for the vendor.", "10 days past"),
            "Far beyond the plan": (f"/initiatives/{late.ref}/", "In Pilot; 90 days were planned", "300 days"),
        }  # fmt: skip
        for title, (href, *words) in expected.items():
            group = self.group(page, title)
            assert group.one("span", class_="decisions__count").text == "1"
            assert group.one("li").links_to(href)
            for part in words:
                assert part in group.one("li").text, part

    def test_a_checkpoint_that_is_to_be_stopped_is_marked(self, lena: User, elsa: User) -> None:
        initiative = create(lena)
        answer_all(initiative, lena, "not_met", "poc-checkpoints", ["checkpoint-0"])
        submit_gate(initiative.pk, "checkpoint-0", "", Actor.person(lena), clock.now())
        told = self.group(portfolio(elsa), "Gates waiting").one("li").text
        assert "Checkpoint “Before the PoC”" in told
        assert "Recommended: stop" in told

    def test_where_nothing_is_due_it_says_so(self, lena: User, elsa: User) -> None:
        create(lena)
        page = portfolio(elsa)
        assert "No gate waits for a decision." in self.group(page, "Gates waiting").text
        assert "None is free to move on." in self.group(page, "Free to move on").text

    def test_days_of_a_hold_are_not_counted_against_anybody(self, lena: User, elsa: User) -> None:
        initiative = overrun(lena, days=300)
        Initiative.objects.filter(pk=initiative.pk).update(as_of=ago(50).date())
        recompute_batch([initiative.pk], clock.now())
        assert "250 days" in self.group(portfolio(elsa), "Far beyond the plan").text

    def test_only_some_are_shown_and_the_rest_is_a_list(self, lena: User, elsa: User) -> None:
        for number in range(6):
            overrun(lena, name=f"Late {number}", budget={"spent": f"{number}000.00"})
        group = self.group(portfolio(elsa), "Far beyond the plan")
        names = [item.all("a")[0].text for item in group.all("li")]
        assert names == ["Late 5", "Late 4", "Late 3", "Late 2"], "those that cost most first"
        assert listed(elsa, group.links()["All 6 of far beyond the plan"]) == 6


class TestReviewsWaiting:
    def test_the_figure_leads_to_exactly_those_initiatives(self, lena: User, ravi: User, elsa: User) -> None:
        twice = create(lena, name="Twice", business_unit="Claims")
        for gate, framework in (("data", "five-gate"), ("checkpoint-0", "poc-checkpoints")):
            answer_all(twice, lena, framework=framework, gates=[gate], at=ago(9))
            submit_gate(twice.pk, gate, "", Actor.person(lena), ago(8))
        once = create(lena, name="Once", business_unit="Sales")
        answer_all(once, lena, gates=["data"], at=ago(4))
        submit_gate(once.pk, "data", "", Actor.person(lena), ago(3))
        create(lena, name="None of them")
        for asked, count, said, names in (
            ({}, 3, "on 2 initiatives, the oldest for 8 days", ["Once", "Twice"]),
            ({"unit": "claims"}, 2, "on 1 initiative, the oldest for 8 days", ["Twice"]),
            ({"unit": "sales"}, 1, "the oldest for 3 days", ["Once"]),
        ):
            page = portfolio(elsa, **asked)
            tile = next(one for one in page.all("div", class_="stat") if "Reviews waiting" in one.text)
            assert tiles(page)["Reviews waiting"] == count
            assert tile.one("p", class_="stat__note").text == said
            href = tile.one("a").attrs["href"]
            behind = read(pages(elsa).get(href))
            assert sorted(row.one("th").all("a")[0].text for row in behind.one("tbody").all("tr")) == names
            assert f"{count} review" in behind.text, "the list says how many wait on these"

    def test_where_none_waits_the_list_is_empty(self, lena: User, elsa: User) -> None:
        create(lena)
        tile = next(one for one in portfolio(elsa).all("div", class_="stat") if "Reviews waiting" in one.text)
        assert listed(elsa, tile.one("a").attrs["href"]) == 0


def test_the_large_figures_of_the_funnel_lead_to_what_ever_got_there(
    lena: User, ravi: User, elsa: User, omar: User
) -> None:
    many(lena, ravi, 12)
    for viewer in (elsa, omar):
        for step in portfolio(viewer).all("li", class_="funnel__step"):
            for part in ("value", "note"):
                words = step.one("span", class_=f"funnel__{part}")
                links = words.all("a")
                assert len(links) == (figure(words.text) > 0), "nothing leads nowhere"
                for link in links:
                    assert listed(viewer, link.attrs["href"]) == figure(words.text)
                    asked = "behind=reached" if part == "value" else "stage="
                    assert asked in link.attrs["href"]


class TestWhatItSpeaksOf:
    def test_it_says_as_of_when_for_whom_and_of_how_many(self, lena: User, elsa: User) -> None:
        create(lena)
        Organisation.objects.update(time_zone="Asia/Tokyo")
        page = portfolio(elsa)
        assert re.search(
            r"As of \d+ \w{3} \d{4}, \d\d:\d\d, for what Elsa may see: 1 initiative\.", page.text
        )
        assert "(Asia/Tokyo)" in page.text

    def test_imported_ones_that_speak_of_an_earlier_day_are_counted(self, lena: User, elsa: User) -> None:
        imported = [create(lena, stage="pilot") for _ in range(3)]
        for number, initiative in enumerate(imported):
            Initiative.objects.filter(pk=initiative.pk).update(as_of=ago(100 + number).date())
        assert "All of them were imported and speak of an earlier day" in portfolio(elsa).text
        create(lena)
        assert "3 of them were imported and speak of an earlier day" in portfolio(elsa).text
        edit_initiative(imported[0].pk, {"vendor": "Papyra"}, Actor.person(lena), clock.now())
        edit_initiative(imported[1].pk, {"vendor": "Papyra"}, Actor.person(lena), clock.now())
        assert "1 of them was imported and speaks of an earlier day" in portfolio(elsa).text
        Initiative.objects.update(as_of=None)
        assert "earlier day" not in portfolio(elsa).text

    def test_money_is_told_and_what_is_in_another_currency_is_not_mixed_in(
        self, lena: User, elsa: User
    ) -> None:
        overrun(lena, budget={"spent": "5000.00"})
        create(lena, budget={"spent": "2500.00"})
        create(lena, budget={"spent": "999999.00", "currency": "CHF"})
        text = portfolio(elsa).text
        assert "7,500 EUR" in text
        assert "Moving 2,500 EUR" in text and "Stalled 5,000 EUR" in text
        assert "1 initiative is not counted: no rate for its currency." in text

    def test_published_figures_are_quoted_with_their_source_and_nothing_else(
        self, lena: User, elsa: User
    ) -> None:
        create(lena)
        quotes = portfolio(elsa).all("figure", class_="quote")
        expected = [one for one in research_figures().values() if one.shown == "conversion"]
        assert len(quotes) == len(expected) >= 3
        for quote, one in zip(quotes, expected, strict=True):
            assert one.figure in quote.text and one.source in quote.text
            assert any(above.tag == "details" and "open" not in above.attrs for above in _above(quote))

    def test_every_chart_carries_its_figures_as_words(self, lena: User, ravi: User, elsa: User) -> None:
        many(lena, ravi, 6)
        page = portfolio(elsa)
        heat = page.one("table", class_="heat-map")
        assert [cell.text for cell in heat.all("tr")[0].all("th")] != []
        assert re.search(r"\d+ of \d+", heat.text)
        assert all(one.text for one in page.all("figure", class_="chart"))

    def test_where_no_spending_is_known_none_is_claimed(self, lena: User, elsa: User) -> None:
        overrun(lena, budget={})
        text = portfolio(elsa).text
        assert "No spending is known." in text
        assert "0 EUR" not in text

    def test_before_there_is_anything_it_says_so(self, elsa: User) -> None:
        page = portfolio(elsa)
        assert "Nothing to show yet" in page.text
        assert not page.all("table")


def _above(node: Node) -> list[Node]:
    found = []
    while node.parent is not None:
        node = node.parent
        found.append(node)
    return found


class TestUnits:
    def test_one_unit_is_chosen_in_any_case(self, lena: User, elsa: User) -> None:
        create(lena, business_unit="Claims")
        create(lena, business_unit="Sales")
        page = portfolio(elsa, unit=" CLAIMS ")
        assert tiles(page)["Running"] == 1
        assert [one.text for one in page.by_id("scope-unit").all("option", selected="")] == ["Claims"]
        assert "1 initiative (Claims)." in page.text
        assert page.links()["Clear"] == "/portfolio/"

    def test_one_that_is_not_there_shows_nothing_and_the_way_back(self, lena: User, elsa: User) -> None:
        create(lena)
        for unit in ("nowhere", SCRIPT, RTL, EMOJI, LONG[:3000], "a\x00b", "%"):
            response = pages(elsa).get(f"/portfolio/?{urlencode({'unit': unit})}")
            assert response.status_code == 200
            assert SCRIPT not in response.content.decode()
            assert "Nothing to show yet" in read(response).text
        assert tiles(portfolio(elsa, unit="\x00"))["Running"] == 1

    def test_strings_that_break_careless_pages_are_shown_as_they_are(self, lena: User, elsa: User) -> None:
        overrun(lena, name=f"{SCRIPT} {RTL} {EMOJI}", business_unit=f"{SCRIPT} unit")
        held(lena, f"{SCRIPT} reason")
        response = pages(elsa).get("/portfolio/")
        assert SCRIPT not in response.content.decode()
        page = read(response)
        assert f"{SCRIPT} {RTL} {EMOJI}" in rows_of(page, "Stalled initiatives")[0].text
        assert f"{SCRIPT} unit" in page.one("table", class_="heat-map").text
        assert f"{SCRIPT} reason" in page.by_id("decide").text


class TestSize:
    def test_it_asks_the_database_as_often_for_53_initiatives_as_for_3(
        self, lena: User, ravi: User, elsa: User, omar: User
    ) -> None:
        for kind in (overrun, held):
            kind(lena, business_unit=UNITS[0])
        waiting = create(lena, ago(9), business_unit=UNITS[0])
        answer_all(waiting, lena, gates=["data"], at=ago(8))
        submit_gate(waiting.pk, "data", "", Actor.person(lena), ago(8))
        few = [_queries(viewer) for viewer in (elsa, omar)]
        many(lena, ravi, 50)
        assert [_queries(viewer) for viewer in (elsa, omar)] == few
        # Among them: the bell 1, filters 5, saved views 1, money 6, what changed 6, what waits for the reader 1.
        assert max(few) <= 48

    def test_its_size_is_bounded_however_many_there_are(self, lena: User, elsa: User) -> None:
        late = overrun(lena)
        small = len(pages(elsa).get("/portfolio/").content)
        copies(late, 2000)
        for number, initiative in enumerate(Initiative.objects.order_by("pk")[:600]):
            initiative.business_unit = f"Unit {number}"
            initiative.business_unit_key = f"unit {number}"
            initiative.save(update_fields=["business_unit", "business_unit_key"])
        large = pages(elsa).get("/portfolio/")
        assert tiles(read(large))["Stalled"] == 2001
        assert len(large.content) < small + 60_000
        assert len(pages(elsa).get("/initiatives/").content) < 250_000


def _queries(by: User) -> int:
    client = pages(by)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/portfolio/").status_code == 200
    return len(asked)


def test_it_only_reads(lena: User, elsa: User) -> None:
    create(lena)
    client: Any = pages(elsa)
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)("/portfolio/").status_code == 405
