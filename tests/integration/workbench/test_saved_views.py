"""Saved views: kept, shared, opened with one's own eyes, and chosen as where one begins."""

from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from readiness import clock
from readiness.accounts.models import SavedView, User
from readiness.actions import saved_views
from readiness.actions.errors import Conflict
from readiness.audit.models import Event
from readiness.portfolio.saved import address, canonical, views_of
from tests.fixtures import create, pages
from tests.integration.workbench.initiatives.scenes import EMOJI, LONG, RTL, SCRIPT
from tests.integration.workbench.markup import Node, read

pytestmark = pytest.mark.django_db


def saved(
    by: User, name: str = "Sales", page: str = "portfolio", query: str = "unit=sales", **sent: str
) -> SavedView:
    response = pages(by).post("/views/new/", {"name": name, "page": page, "query": query, **sent})
    assert response.status_code == 302, response.content.decode()
    return SavedView.objects.get(owner=by, name=" ".join(name.split()))


def menu(by: User, page: str = "/portfolio/") -> dict[str, str]:
    node = read(pages(by).get(page)).one("div", class_="menu__panel views__panel")
    return {link.text: link.attrs["href"] for link in node.all("a")}


def test_what_is_looked_at_is_saved_and_offered_on_every_page(elsa: User) -> None:
    response = pages(elsa).get("/portfolio/?unit=Sales&stage=pilot&page=7&x=1")
    form = next(one for one in read(response).all("form") if one.attrs.get("action") == "/views/new/")
    sent = {one.attrs["name"]: one.attrs.get("value", "") for one in form.all("input", type="hidden")}
    assert (sent["page"], sent["query"]) == ("portfolio", "unit=sales&stage=pilot")
    view = saved(elsa, "Sales  pilots", sent["page"], sent["query"])
    assert (view.name, view.shared, view.is_start) == ("Sales pilots", False, False)
    wanted = "/portfolio/?unit=sales&stage=pilot"
    assert menu(elsa)["Sales pilots"] == menu(elsa, "/initiatives/")["Sales pilots"] == wanted
    assert pages(elsa).get(f"/views/{view.pk}/").headers["Location"] == wanted


def test_the_list_is_saved_with_filters_of_its_own(elsa: User) -> None:
    query = "state=stalled&sort=-days&q=mail&unit=sales&page=3&next=//evil.example"
    view = saved(elsa, "Stuck", "initiatives", query)
    assert address(view) == "/initiatives/?unit=sales&q=mail&state=stalled&sort=-days"


def test_a_page_is_saved_with_choices_of_its_own(elsa: User) -> None:
    for number, (page, query) in enumerate(
        {
            "portfolio-trend": "unit=sales&months=24&step=month",
            "portfolio-gates": "unit=sales&sort=-days&fold=sales&fold=legal&fold=+",
            "portfolio-compare": "unit=sales&on=2026-01-31&against=2026-03-31&unit_a=sales&unit_b=legal",
            "symptoms": "unit=sales&stage=pilot&vendor=acme",
        }.items()
    ):
        view = saved(elsa, f"View {number}", page, f"{query}&page=3&x=1")
        assert address(view) == f"{reverse(page)}?{query}"
        assert pages(elsa).get(address(view)).status_code == 200


def test_others_see_what_is_shared_by_whom_and_with_their_own_eyes(
    lena: User, elsa: User, omar: User
) -> None:
    create(lena, business_unit="Sales", visibility="team")
    view = saved(elsa, shared="on")
    saved(elsa, "For me alone")
    assert menu(omar)["Sales Elsa"] == "/portfolio/?unit=sales"
    assert not any("For me alone" in words for words in menu(omar))
    seen = pages(omar).get(f"/views/{view.pk}/", follow=True)
    assert "Nothing to show yet" in read(seen).text
    assert "1 initiative" in read(pages(elsa).get(f"/views/{view.pk}/", follow=True)).text


def test_what_somebody_shared_goes_with_them(elsa: User, omar: User) -> None:
    view = saved(elsa, shared="on")
    User.objects.filter(pk=elsa.pk).update(is_active=False)
    assert views_of(omar).shared == []
    assert pages(omar).get(f"/views/{view.pk}/").status_code == 404


@pytest.mark.parametrize("shared", [False, True])
def test_only_its_owner_changes_it(elsa: User, ada: User, shared: bool) -> None:
    view = saved(elsa, **({"shared": "on"} if shared else {}))
    for act in ("change", "delete", "start"):
        assert pages(ada).post(f"/views/{view.pk}/{act}/", {"name": "Mine now"}).status_code == 404
    assert SavedView.objects.get().name == "Sales"
    assert pages(ada).get(f"/views/{view.pk}/").status_code == (302 if shared else 404)
    assert pages(ada).get(f"/views/{2**70}/").status_code == 404


def test_it_is_renamed_shared_and_deleted(elsa: User) -> None:
    view = saved(elsa)
    pages(elsa).post(f"/views/{view.pk}/change/", {"name": "Sales, all", "shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.shared) == ("Sales, all", True)
    pages(elsa).post(f"/views/{view.pk}/change/", {"name": "Sales, all"})
    view.refresh_from_db()
    assert not view.shared
    pages(elsa).post(f"/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()
    verbs = list(
        Event.objects.filter(verb__startswith="view.").order_by("seq").values_list("verb", flat=True)
    )
    assert verbs == ["view.saved", "view.changed", "view.changed", "view.deleted"]


def test_a_name_is_given_once_a_person_in_any_case(elsa: User, omar: User) -> None:
    view, other = saved(elsa), saved(elsa, "Other")
    saved(omar)
    refused = pages(elsa).post("/views/new/", {"name": " SALES ", "page": "portfolio", "query": "stage=poc"})
    assert refused.status_code == 422
    page = read(refused)
    assert "You have a view of this name." in page.text
    assert page.by_id("new-name").attrs["value"] == " SALES "
    again = pages(elsa).post(f"/views/{other.pk}/change/", {"name": "sales"})
    assert (again.status_code, "You have a view of this name." in read(again).text) == (422, True)
    assert pages(elsa).post(f"/views/{view.pk}/change/", {"name": "SALES"}).status_code == 302
    for constraint in ("view_named_once_a_person", "view_has_a_name"):
        key = "other" if constraint == "view_named_once_a_person" else ""
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.create(
                owner=elsa, name="x", name_key=key, page="portfolio", created_at=clock.now()
            )


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b"])
def test_a_name_that_is_none_is_refused(elsa: User, name: str) -> None:
    refused = pages(elsa).post("/views/new/", {"name": name, "page": "portfolio"})
    assert (refused.status_code, SavedView.objects.count()) == (422, 0)


@pytest.mark.parametrize("name", [SCRIPT, RTL, EMOJI, LONG[:80], "'"])
def test_any_name_is_shown_as_it_is(elsa: User, omar: User, name: str) -> None:
    saved(elsa, name, shared="on")
    for page in ("/portfolio/", "/views/", "/initiatives/"):
        for who in (elsa, omar):
            assert SCRIPT not in pages(who).get(page).content.decode()


class TestAddresses:
    """Only pages and filters that are known here, however the row came about."""

    @pytest.mark.parametrize(
        "page",
        [
            "",
            "home",
            "login",
            "audit",
            "initiative",
            "//evil.example",
            "https://evil.example/",
            "admin:index",
        ],
    )
    def test_no_other_page_is_kept(self, elsa: User, page: str) -> None:
        assert pages(elsa).post("/views/new/", {"name": "X", "page": page}).status_code == 404
        view = SavedView(page=page, query="next=//evil.example&unit=x")
        assert address(view) == "/portfolio/?unit=x"

    @pytest.mark.parametrize(
        ("query", "kept"),
        [
            ({"next": "//evil.example", "stage": "nowhere", "since": "soon"}, ""),
            (
                {"unit": " SALES ", "tag": "A&B", "until": "2026-01-31"},
                "unit=sales&tag=a%26b&until=2026-01-31",
            ),
            ({"state": "stalled"}, ""),
            ({"unit": "x\r\nLocation: //evil"}, "unit=x+location%3A+%2F%2Fevil"),
        ],
    )
    def test_filters_are_kept_as_the_page_understands_them(self, query: dict[str, str], kept: str) -> None:
        assert canonical("portfolio", query) == kept

    def test_a_very_long_one_is_refused_or_cut(self, elsa: User) -> None:
        query = urlencode(dict.fromkeys(("unit", "technology", "vendor", "tag"), "ü" * 600))
        response = pages(elsa).post("/views/new/", {"name": "Long", "page": "portfolio", "query": query})
        assert response.status_code in (302, 422)


class TestStart:
    def start(self, by: User, view: SavedView) -> None:
        assert pages(by).post(f"/views/{view.pk}/start/").status_code == 302

    def test_one_begins_there_and_finds_the_way_home(self, elsa: User, omar: User) -> None:
        view = saved(elsa)
        assert pages(elsa).get("/").status_code == 200
        self.start(elsa, view)
        assert pages(elsa).get("/").headers["Location"] == "/portfolio/?unit=sales"
        navigation = read(pages(elsa).get("/portfolio/")).one("nav", aria_label="Main")
        assert navigation.links()["Home"] == "/home/"
        home = read(pages(elsa).get("/home/"))
        current = [link.text for link in home.one("nav", aria_label="Main").all("a", aria_current="page")]
        assert current == ["Home"]
        assert pages(omar).get("/").status_code == 200

    def test_there_is_one_at_most(self, elsa: User) -> None:
        first, second = saved(elsa, "First"), saved(elsa, "Second", query="stage=poc")
        self.start(elsa, first)
        self.start(elsa, second)
        assert [one.name for one in SavedView.objects.filter(is_start=True)] == ["Second"]
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.filter(pk=first.pk).update(is_start=True)
        pages(elsa).post("/views/home/")
        assert pages(elsa).get("/").status_code == 200
        assert not SavedView.objects.filter(is_start=True).exists()

    def test_with_the_view_the_start_goes(self, elsa: User) -> None:
        view = saved(elsa)
        self.start(elsa, view)
        pages(elsa).post(f"/views/{view.pk}/delete/")
        assert pages(elsa).get("/").status_code == 200


def test_so_many_and_no_more(elsa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "VIEWS_MAX", 2)
    for name in ("One", "Two"):
        saved(elsa, name)
    with pytest.raises(Conflict):
        saved_views.save_view(elsa, "Three", "portfolio", "", False, clock.now())
    assert pages(elsa).post("/views/new/", {"name": "Three", "page": "portfolio"}).status_code == 409


def _forms(page: Node) -> list[str]:
    return [one.attrs["action"] for one in page.all("form") if one.attrs.get("method") == "post"]


def test_the_page_manages_ones_own_and_only_lists_others(elsa: User, omar: User) -> None:
    view = saved(elsa, shared="on")
    own, others = read(pages(elsa).get("/views/")), read(pages(omar).get("/views/"))
    assert f"/views/{view.pk}/change/" in _forms(own)
    assert not any(f"/views/{view.pk}/" in action for action in _forms(others))
    assert "Elsa" in others.text and others.links()["Sales"] == "/portfolio/?unit=sales"
