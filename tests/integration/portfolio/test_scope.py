"""The filters of the portfolio: each alone and any together let through what plain Python finds among the rows."""

from dataclasses import fields
from datetime import date, timedelta
from random import Random
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from django.http import QueryDict
from django.urls import reverse

from gates.models import Initiative, StageEntry, TeamRole
from readiness.accounts.models import User
from readiness.portfolio.frame import SECTIONS
from readiness.portfolio.questions import UNITS_OFFERED
from readiness.portfolio.saved import PARAMETERS
from readiness.portfolio.scope import EVERYTHING, Scope, asked_for, choices
from tests.fixtures import create, pages, today
from tests.integration.workbench.initiatives.scenes import EMOJI, LONG, RTL, SCRIPT, copies
from tests.integration.workbench.markup import Node, read

pytestmark = pytest.mark.django_db

UNITS = ("", "Sales", "SALES  EU", "sales", "Straße", "Ärger")
TECHNOLOGIES = ("", "LLM", "llm", "LLM agents", "OCR_2", "OCR%")
VENDORS = ("", "Acme", "ACME ", "Acme & Sons", "Zeta")
TAGS = ("gen", "gen ai", "genai", "Gen", "ai", "a_", "ab", "%", "straße")
STAGES = ("intake", "poc", "pilot", "rollout")
SPONSORS = ("", "elsa", "ravi")


def folded(text: str) -> str:
    """A spelling as people compare it."""
    return " ".join(text.casefold().split())


def some_portfolio(seed: int, ada: User, count: int = 26) -> Random:
    some = Random(seed)
    for number in range(count):
        sponsor = some.choice(SPONSORS)
        initiative = create(
            ada,
            name=f"Initiative {number:02d}",
            business_unit=some.choice(UNITS),
            technology=some.choice(TECHNOLOGIES),
            vendor=some.choice(VENDORS),
            tags=some.sample(TAGS, some.randint(0, 4)),
            stage=some.choice(STAGES),
            visibility=some.choice(("organisation", "organisation", "team")),
            **({"people": {"executive_sponsor": sponsor}} if sponsor else {}),
        )
        days = [some.randint(0, 20) for _ in range(some.randint(0, 2))]
        for days_ago in days:
            StageEntry.objects.create(
                initiative=initiative, stage="intake", entered_on=today() - timedelta(days=days_ago),
                left_on=today(), recorded_at=initiative.created_at,
            )  # fmt: skip
        if some.random() < 0.1:
            StageEntry.objects.filter(initiative=initiative).update(entered_on=None)
        if sponsor and some.random() < 0.2:
            TeamRole.objects.filter(initiative=initiative, role="executive_sponsor").update(
                until=initiative.created_at
            )
    return some


def some_query(some: Random, parts: int) -> dict[str, str]:
    wanted = {
        "unit": some.choice([*UNITS[1:], " sAles ", "sal", "STRASSE"]),
        "stage": some.choice([*STAGES, "live"]),
        "sponsor": some.choice(["elsa", "ravi", "omar", "els"]),
        "technology": some.choice([*TECHNOLOGIES[1:], "ocr"]),
        "vendor": some.choice([*VENDORS[1:], "ac"]),
        "tag": some.choice([*TAGS, "GEN AI", "ge", "gen\nai"]),
        "since": (today() - timedelta(days=some.randint(0, 21))).isoformat(),
        "until": (today() - timedelta(days=some.randint(0, 21))).isoformat(),
    }
    return {name: wanted[name] for name in some.sample(sorted(wanted), parts)}


def lets_through(row: Initiative, query: dict[str, str]) -> bool:
    """The oracle: what each filter means, of one row as it stands in the tables."""
    days = [one.entered_on for one in row.stage_entries.all() if one.entered_on is not None]
    sponsors = {
        place.user.username
        for place in row.team_roles.all()
        if place.role == "executive_sponsor" and place.until is None
    }
    first = min(days) if days else None
    holds = {
        "unit": lambda text: folded(row.business_unit) == folded(text),
        "stage": lambda text: row.stage == text,
        "sponsor": lambda text: text in sponsors,
        "technology": lambda text: folded(row.technology) == folded(text),
        "vendor": lambda text: folded(row.vendor) == folded(text),
        "tag": lambda text: folded(text) in {folded(tag) for tag in row.tags},
        "since": lambda text: first is not None and first >= date.fromisoformat(text),
        "until": lambda text: first is not None and first <= date.fromisoformat(text),
    }
    return all(holds[name](text) for name, text in query.items())


def expected(by: User, query: dict[str, str]) -> set[int]:
    seen = Initiative.objects.visible_to(by).values_list("pk", flat=True)
    return {row.pk for row in Initiative.objects.filter(pk__in=list(seen)) if lets_through(row, query)}


@pytest.mark.parametrize("seed", [1, 2])
def test_any_filters_let_through_what_plain_python_finds(
    seed: int, ada: User, ravi: User, elsa: User, omar: User
) -> None:
    some = some_portfolio(seed, ada)
    sizes = []
    for number in range(90):
        query = some_query(some, parts=1 if number < 50 else some.randint(2, 4))
        viewer = some.choice((elsa, omar, ravi))
        found = asked_for(query).scope.of(Initiative.objects.visible_to(viewer))
        assert set(found.values_list("pk", flat=True)) == expected(viewer, query), query
        sizes.append(found.count())
    assert sum(size > 0 for size in sizes) > 25, "the queries find something often enough to say something"


def test_the_page_and_the_list_count_alike_through_every_filter(
    ada: User, ravi: User, elsa: User, omar: User
) -> None:
    some = some_portfolio(7, ada)
    for parts in (1, 1, 1, 1, 1, 1, 2, 2, 3):
        query = some_query(some, parts)
        wanted = expected(omar, query)
        listed = read(pages(omar).get(f"/initiatives/?{urlencode(query)}")).by_id("found").text
        assert listed.split(" ")[0] == str(len(wanted)), query
        page = read(pages(omar).get(f"/portfolio/?{urlencode(query)}"))
        assert f"may see: {len(wanted)} initiative" in page.text, query


def test_an_address_is_understood_as_it_is_written() -> None:
    scope = Scope(
        unit="sales", stage="pilot", sponsor="elsa", technology="llm", vendor="acme & sons", tag="gen ai",
        since=date(2026, 1, 31), until=date(2026, 2, 28),
    )  # fmt: skip
    query = {name: values[0] for name, values in parse_qs(urlsplit(scope.query).query).items()}
    assert asked_for(query).scope == scope
    assert asked_for(query).problems == ()
    assert asked_for({}).scope == EVERYTHING
    assert (EVERYTHING.query, EVERYTHING.is_all, EVERYTHING.listing()) == ("", True, "/initiatives/")


def test_what_is_added_wins_and_what_is_emptied_goes() -> None:
    scope = Scope(unit="sales", since=date(2026, 1, 31))
    assert scope.listing(stage="poc") == "/initiatives/?unit=sales&since=2026-01-31&stage=poc"
    assert scope.address("/x/", unit="legal") == "/x/?unit=legal&since=2026-01-31"
    assert scope.address("/x/", unit="") == "/x/?since=2026-01-31"
    assert scope.without("since") == Scope(unit="sales")
    assert scope.without("tag") == scope


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"since": "31.1.2026"}, "“31.1.2026” is not a day"),
        ({"until": "2026-02-30"}, "“2026-02-30” is not a day"),
        ({"since": "x" * 500}, "“" + "x" * 40 + "” is not a day"),
        ({"stage": "limbo"}, "“limbo” is not a stage"),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "The first day is after the last one"),
    ],
)
def test_what_cannot_be_understood_is_left_out_and_said(
    query: dict[str, str], problem: str, lena: User, elsa: User
) -> None:
    create(lena)
    for address in ("/portfolio/", "/initiatives/"):
        page = read(pages(elsa).get(f"{address}?{urlencode(query)}"))
        assert problem in page.text, address
    if "first day" not in problem:
        assert asked_for(query).scope == EVERYTHING
        assert "may see: 1 initiative" in read(pages(elsa).get(f"/portfolio/?{urlencode(query)}")).text


@pytest.mark.parametrize(
    "name", ["unit", "stage", "sponsor", "technology", "vendor", "tag", "since", "until"]
)
@pytest.mark.parametrize("value", [SCRIPT, RTL, EMOJI, LONG[:4000], "\x00", "%", "_", "\n", "' OR 1=1", "-1"])
def test_any_text_may_stand_in_any_filter(name: str, value: str, lena: User, elsa: User) -> None:
    create(lena, tags=["one"], technology="LLM", vendor="Acme")
    for address in ("/portfolio/", "/initiatives/"):
        response = pages(elsa).get(f"{address}?{urlencode({name: value})}")
        assert response.status_code == 200
        assert SCRIPT not in response.content.decode()


class TestChips:
    def chips(self, by: User, **query: str) -> dict[str, str]:
        page = read(pages(by).get(f"/portfolio/?{urlencode(query)}"))
        return {_without_hint(link): link.attrs["href"] for link in page.all("a", class_="scope__chip")}

    def test_each_filter_that_is_set_can_be_taken_away(self, lena: User, elsa: User) -> None:
        create(lena, business_unit="Customer  Care", tags=["Gen AI"], people={"executive_sponsor": "elsa"})
        query = {"unit": "customer care", "tag": "GEN AI", "sponsor": "elsa", "until": "2099-01-01"}
        shown = self.chips(elsa, **query)
        assert list(shown) == [
            "Business unit Customer Care", "Sponsor Elsa", "Tag gen ai", "Started until 1 Jan 2099"
        ]  # fmt: skip
        assert shown["Sponsor Elsa"] == "/portfolio/?unit=customer+care&tag=gen+ai&until=2099-01-01"
        assert self.chips(elsa) == {}

    def test_the_title_and_the_basis_say_what_is_chosen(self, lena: User, elsa: User) -> None:
        create(lena, business_unit="Sales", stage="pilot")
        page = read(pages(elsa).get("/portfolio/?unit=sales&stage=pilot"))
        assert page.all("title")[0].text.startswith("Portfolio: Sales, Pilot")
        assert "1 initiative (Sales, Pilot)." in page.text

    def test_the_tabs_and_the_form_keep_the_filters(self, lena: User, elsa: User) -> None:
        create(lena, business_unit="Sales", vendor="Acme")
        page = read(pages(elsa).get("/portfolio/?unit=sales&vendor=acme"))
        tabs = [
            link.attrs["href"]
            for link in page.all("a")
            if "/portfolio/symptoms/" in link.attrs.get("href", "")
        ]
        assert tabs and all("unit=sales" in href and "vendor=acme" in href for href in tabs)
        assert [one.attrs["value"] for one in page.all("option", selected="")] == ["sales", "acme"]


OWN = {
    "portfolio-trend": "months=24&step=month",
    "portfolio-gates": "sort=-score&fold=sales&fold=+",
    "portfolio-compare": "on=2026-01-31&against=2026-03-31&unit_a=sales&unit_b=legal",
}
"""What a page can be asked for beside the filters of every page."""


class TestOwnChoices:
    @pytest.mark.parametrize("section", OWN)
    def test_filters_come_and_go_without_them(self, lena: User, elsa: User, section: str) -> None:
        for unit in ("Sales", "Legal"):
            create(lena, business_unit=unit, vendor="Acme", stage="poc")
        own, path = parse_qsl(OWN[section]), reverse(section)
        page = read(pages(elsa).get(f"{path}?unit=sales&vendor=acme&{OWN[section]}"))
        form = page.one("form", role="search", class_="scope__form")
        hidden = [(one.attrs["name"], one.attrs["value"]) for one in form.all("input", type="hidden")]
        assert hidden == own
        chips = {_without_hint(link): link.attrs["href"] for link in page.all("a", class_="scope__chip")}
        assert parse_qsl(urlsplit(chips["Vendor Acme"]).query) == [("unit", "sales"), *own]
        assert parse_qsl(urlsplit(page.links()["Clear"]).query) == own
        saved = page.one("form", class_="views__save")
        kept = {one.attrs["name"]: one.attrs["value"] for one in saved.all("input", type="hidden")}
        assert parse_qsl(kept["query"]) == [("unit", "sales"), ("vendor", "acme"), *own]
        tabs = [link.attrs["href"] for link in page.one("nav", aria_label="Portfolio").all("a")]
        assert len(tabs) > 5 and all(parse_qsl(urlsplit(href).query)[2:] == [] for href in tabs)

    @pytest.mark.parametrize("section", SECTIONS)
    def test_whatever_a_page_reads_from_its_address_is_kept(
        self, lena: User, elsa: User, section: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A page that learns a further choice has to name it among those that are kept."""
        create(lena, business_unit="Sales", stage="poc")
        read_names: set[str] = set()
        for method in ("get", "getlist", "__getitem__", "__contains__"):
            honest = getattr(QueryDict, method)

            def noted(this: QueryDict, name: str, *rest: object, _honest: Any = honest) -> Any:
                read_names.add(name)
                return _honest(this, name, *rest)

            monkeypatch.setattr(QueryDict, method, noted)
        assert pages(elsa).get(reverse(section)).status_code == 200
        monkeypatch.undo()
        known = {*(one.name for one in fields(Scope)), *PARAMETERS.get(section, ()), "page"}
        assert {"unit", "stage"} <= read_names <= known, read_names - known


def _without_hint(link: Node) -> str:
    return link.text.replace("Take this filter away", "").strip()


class TestOffered:
    def offered(self, by: User, scope: Scope = EVERYTHING) -> dict[str, list[tuple[str, str]]]:
        return {one.name: one.options for one in choices(Initiative.objects.visible_to(by), scope)}

    def test_nobody_is_offered_what_they_may_not_see(
        self, lena: User, ravi: User, elsa: User, omar: User
    ) -> None:
        secret = {
            "business_unit": "Merger",
            "technology": "Crystal ball",
            "vendor": "Shell Ltd",
            "tags": ["hush"],
        }
        create(lena, visibility="team", people={"executive_sponsor": "ravi"}, **secret)
        create(lena, technology="LLM", vendor="Acme", tags=["open"], people={"executive_sponsor": "elsa"})
        few, all_of_it = self.offered(omar), self.offered(elsa)
        assert few["unit"] == [("finance", "Finance")]
        assert few["technology"] == [("llm", "LLM")]
        assert few["vendor"] == [("acme", "Acme")]
        assert few["tag"] == [("open", "open")]
        assert few["sponsor"] == [("elsa", "Elsa")]
        assert all_of_it["tag"] == [("hush", "hush"), ("open", "open")]
        assert all_of_it["sponsor"] == [("elsa", "Elsa"), ("ravi", "Ravi")]
        hidden = pages(omar).get("/portfolio/?unit=merger&vendor=shell+ltd").content.decode()
        assert "Merger" not in hidden and "Shell Ltd" not in hidden

    def test_what_is_set_is_offered_in_any_case(self, lena: User, elsa: User) -> None:
        create(lena)
        offered = self.offered(elsa, Scope(unit="nowhere", sponsor="nobody", tag="none"))
        assert offered["unit"] == [("finance", "Finance"), ("nowhere", "nowhere")]
        assert (offered["sponsor"], offered["tag"]) == ([("nobody", "nobody")], [("none", "none")])

    def test_so_many_are_offered_at_most(self, lena: User, elsa: User) -> None:
        copies(create(lena), UNITS_OFFERED + 5)
        for number, pk in enumerate(Initiative.objects.values_list("pk", flat=True)):
            Initiative.objects.filter(pk=pk).update(vendor=f"V{number:03d}", vendor_key=f"v{number:03d}")
        assert len(self.offered(elsa)["vendor"]) == UNITS_OFFERED
        last = Scope(vendor=f"v{UNITS_OFFERED + 5:03d}")
        assert self.offered(elsa, last)["vendor"][-1] == (last.vendor, last.vendor.upper())

    def test_each_spelling_is_offered_once(self, lena: User, elsa: User) -> None:
        for technology, tags in (
            ("LLM", ["Gen AI"]),
            ("llm ", ["gen  ai", "x"]),
            ("Zeta", []),
            ("Ärger", []),
        ):
            create(lena, technology=technology, tags=tags)
        offered = self.offered(elsa)
        assert [key for key, _ in offered["technology"]] == ["ärger", "llm", "zeta"]
        assert [key for key, _ in offered["tag"]] == ["gen ai", "x"]
