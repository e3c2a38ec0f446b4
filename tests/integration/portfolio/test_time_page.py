"""The page Time: every figure leads to a list as long as it, for each person, and says what it leaves out."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.portfolio.courses import PLANNED
from readiness.portfolio.durations import LEAST_WATCHED
from tests.fixtures import create, pages
from tests.integration.portfolio.time_oracle import TimeOracle
from tests.integration.portfolio.ways import live_scene, way
from tests.integration.workbench.initiatives.scenes import RTL, SCRIPT
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db


def page(by: User, query: str = "") -> Node:
    response = pages(by).get(f"/portfolio/time/{query}")
    assert response.status_code == 200
    shown = read(response)
    assert complaints(shown) == []
    return shown


def figure(text: str) -> int:
    read_as = re.search(r"[\d,]+", text)
    assert read_as, text
    return int(read_as[0].replace(",", ""))


def linked(shown: Node) -> list[tuple[str, int]]:
    """Every link to a list with the figure that it carries."""
    content = shown.by_id("main")
    links = [link for link in content.all("a") if link.attrs.get("href", "").startswith("/initiatives/?")]
    tiles = {id(tile.all("a")[0]): tile for tile in content.all("div", class_="stat") if tile.all("a")}
    return [(link.attrs["href"], figure(_carried(link, tiles))) for link in links]


def _carried(link: Node, tiles: dict[int, Node]) -> str:
    if id(link) in tiles:
        return tiles[id(link)].one("p", class_="stat__value").text
    return link.text.split(":")[-1]


def test_every_figure_leads_to_a_list_as_long_as_it(lena: User, elsa: User, omar: User) -> None:
    live_scene(lena, 12)
    for viewer in (elsa, omar):
        for query in ("", "?stage=live", "?since=2024-01-01"):
            links = linked(page(viewer, query))
            assert query or len(links) > 30
            for href, number in links:
                assert figure(read(pages(viewer).get(href)).by_id("found").text) == number, href


def test_nobodys_figures_count_what_they_may_not_see(lena: User, elsa: User, omar: User) -> None:
    live_scene(lena, 12)
    told = {
        viewer.username: dict(linked(page(viewer)))["/initiatives/?behind=timed%3Arunning"]
        for viewer in (elsa, omar)
    }
    assert told == {"elsa": 6, "omar": 3}


def test_the_curve_says_its_figures_in_words(lena: User, elsa: User) -> None:
    live_scene(lena, 12)
    shown = page(elsa)
    assert "Half of what was begun is live after" in shown.text
    assert shown.one("svg", class_="curves__area").attrs["role"] == "img"
    assert "95 % band" in shown.text and "Still watched" in shown.text
    assert "1 initiative is in no quarter" in shown.text


@pytest.mark.parametrize("under_way", [0, 40])
def test_when_half_is_live_or_how_far_the_drawing_comes_is_what_the_rows_say(
    lena: User, elsa: User, under_way: int
) -> None:
    live_scene(lena, 12)
    today = clock.now().date()
    for number in range(under_way):
        way(("intake", today - timedelta(days=45 + number)), created_by=lena)
    if under_way:  # one launch where too few are watched for a drawing
        way(("intake", today - timedelta(days=700)), ("live", today - timedelta(days=200)), created_by=lena)
    words, oracle = page(elsa).by_id("main").text, TimeOracle(Initiative.objects.all(), today)
    curve = oracle.incidence("live")
    reached = [day for day, share in curve.items() if share >= Fraction(1, 2)]
    if under_way:
        watched = sorted((one.days for one in oracle.ways() if not one.why), reverse=True)
        last_day = watched[LEAST_WATCHED - 1]
        drawn = max(share for day, share in curve.items() if day <= last_day)
        assert reached == []
        assert 0 < drawn < max(curve.values())
        share = f"{float(100 * drawn):.1f}".removesuffix(".0")
        assert f"The curve does not reach 50 %: it is at {share} % after {last_day} days." in words
        assert f"still watched: {last_day} days" in words
    else:
        assert f"Half of what was begun is live after {reached[0]} days" in words


def test_under_ten_launches_there_are_counts_and_no_curve(lena: User, elsa: User) -> None:
    live_scene(lena, 9)
    shown = page(elsa)
    assert not shown.all("svg", class_="curves__area")
    assert "9 initiatives with known days went live. A curve is drawn from 10 on" in shown.text


def test_published_figures_are_quoted_as_on_the_first_page(lena: User, elsa: User) -> None:
    create(lena)
    shown = page(elsa)
    first = read(pages(elsa).get("/portfolio/"))
    quoted = [[one.text for one in of_page.all("figure", class_="quote")] for of_page in (shown, first)]
    assert quoted[0] == quoted[1] != []
    assert "they are no yardstick" in shown.text


def test_one_alone_and_none_at_all_are_shown(lena: User, elsa: User) -> None:
    assert "Nothing to show yet" in page(elsa).text
    create(lena, name=f"{SCRIPT} {RTL}")
    shown = page(elsa)
    assert "Too few for a curve" in shown.text
    assert SCRIPT not in pages(elsa).get("/portfolio/time/").content.decode()


def test_it_asks_the_database_as_often_for_many_as_for_few(lena: User, elsa: User) -> None:
    live_scene(lena, 3)
    few = _queries(elsa)
    live_scene(lena, 30)
    assert _queries(elsa) == few <= 18


def _queries(by: User) -> int:
    client = pages(by)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/portfolio/time/").status_code == 200
    return len(asked)


def test_it_only_reads(lena: User, elsa: User) -> None:
    create(lena)
    for method in ("post", "put", "patch", "delete"):
        assert getattr(pages(elsa), method)("/portfolio/time/").status_code == 405


def test_the_stages_shown_are_those_with_a_plan() -> None:
    assert [stage.value for stage in PLANNED] == ["intake", "poc", "pilot", "rollout"]
