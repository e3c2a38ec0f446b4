"""A list is asked by its own filters and in its own orders: no column of a table can be asked for beside them."""

from collections.abc import Iterator
from itertools import product
from urllib.parse import quote

import pytest
from django.apps import apps

from readiness.api.views.description import document
from tests.access.deeds import path_of
from tests.access.routes import ROUTES, Route
from tests.access.rows import ROWS
from tests.access.world import World

pytestmark = pytest.mark.django_db

API_READS = [
    ROUTES[row.route] for row in ROWS if row.is_api and row.method == "GET" and row.scope is not None
]
PATHS = sorted(
    {
        path
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        for path in (field.name, f"{field.name}__contains", f"{model._meta.model_name}__{field.name}")
    }
)
AT_ONCE = 200
FURTHER = (
    "user__password",
    "team_roles__user",
    "created_by__is_admin",
    "fields",
    "include",
    "expand",
    "format",
    "q",
    "page",
)


def described(route: Route) -> set[str]:
    parameters = document()["paths"][route.path]["get"].get("parameters", [])
    return {parameter["name"] for parameter in parameters if parameter["in"] == "query"}


def url_of(world: World, route: Route) -> str:
    return route.url(path_of(route.name, world.places["open"], world, "ada"))


@pytest.mark.parametrize("route", [pytest.param(route, id=route.name) for route in API_READS])
def test_what_is_no_filter_of_a_list_is_refused_by_name(world: World, route: Route) -> None:
    unknown = sorted({*PATHS, *FURTHER} - described(route))
    for names in batched(unknown, AT_ONCE):
        asked = "&".join(f"{name}=1" for name in names)
        answer = world.cast.knock("ada", "GET", f"{url_of(world, route)}?{asked}")
        assert answer.status_code == 400
        found = {error["field"] for error in answer.json()["errors"] if error["code"] == "unknown_filter"}
        assert found == set(names)


def batched(names: list[str], size: int) -> Iterator[list[str]]:
    return (names[start : start + size] for start in range(0, len(names), size))


@pytest.mark.parametrize("sign", ["", "-"])
def test_an_order_that_is_none_is_refused(world: World, sign: str) -> None:
    allowed = {"name", "score", "updated_at", "created_at"}
    columns = [path for path in PATHS if "__" not in path and path not in allowed]
    for column in [*columns, "standing__score", "created_by__password", "?", "pk"]:
        answer = world.cast.knock("ada", "GET", f"/api/v1/initiatives/?ordering={quote(sign + column)}")
        assert answer.status_code == 400, column


LISTS = ("/initiatives/", "/portfolio/", "/people/", "/audit/", "/reviews/", "/")


def shown(world: World, url: str, who: str = "ada") -> list[str]:
    page = world.cast.knock(who, "GET", url)
    assert page.status_code == 200, url
    refs = [place.ref for place in world.places.values()]
    names = [user.username for user in world.cast.people.values()]
    text = page.content.decode()
    return [word for word in (*refs, *names) if f">{word}<" in text or f"/{word}/" in text]


@pytest.mark.parametrize("address", LISTS)
def test_a_page_takes_no_notice_of_what_is_no_filter_of_its(world: World, address: str) -> None:
    """What is shown does not depend on it: nothing can be learned by asking."""
    who = "ravi" if address == "/reviews/" else "ada"
    everything = shown(world, address, who)
    for name, value in product(
        ("visibility", "created_by", "is_active", "password", "source", "pk"), ("1", "team")
    ):
        assert shown(world, f"{address}?{name}={value}", who) == everything


SORTS = ("password", "created_by__password", "-team_roles__user__email", "?", "\x00", "pk; drop")


@pytest.mark.parametrize("sort", SORTS)
def test_a_page_in_an_order_that_is_none_is_in_its_usual_one(world: World, sort: str) -> None:
    def order(query: str) -> list[str]:
        text = world.cast.knock("ada", "GET", f"/initiatives/{query}").content.decode()
        return sorted((place.ref for place in world.places.values()), key=lambda ref: text.find(f"/{ref}/"))

    assert order(f"?sort={quote(sort)}") == order("")
