"""A filter that is left empty is no filter: held for each filter of each read there is."""

from typing import Any

import pytest
from django.urls import resolve, reverse

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.api import queries, urls
from readiness.api.base import ApiView
from tests.fixtures import api, create
from tests.integration.api.test_access import _paths, hidden
from tests.integration.workbench.continuity.scenes import stopped

__all__ = ["hidden"]
pytestmark = pytest.mark.django_db


def reads(one: Initiative) -> list[tuple[str, list[str]]]:
    """Each address that takes filters, with their names."""
    everywhere = [
        reverse(str(route.name))
        for route in urls.version_1
        if getattr(route, "name", None) and not route.pattern.converters
    ]
    found = []
    for path in [*everywhere, *_paths(one)]:
        view = getattr(resolve(path).func, "view_class", None)
        if view is not None and issubclass(view, ApiView) and "GET" in view.queries:
            found.append((path, list(view.queries["GET"]().fields)))
    return found


def told(answer: Any) -> Any:
    """Without the moment at which it was computed."""
    body = answer.json()
    return (
        {name: value for name, value in body.items() if name not in ("computed_at", "at")}
        if isinstance(body, dict)
        else body
    )


def test_each_filter_of_each_read_may_be_left_empty(hidden: Initiative, lena: User, ada: User) -> None:
    create(lena, name="Without a unit", business_unit="")
    filters, clients = 0, [api(lena), api(ada)]  # a token that is made is an entry of the audit trail
    for path, names in reads(hidden):
        for client in clients:
            whole = client.get(path)
            if whole.status_code != 200 or "json" not in whole["Content-Type"]:
                continue
            for name in names:
                empty = client.get(f"{path}?{name}=")
                assert empty.status_code == 200, (path, name, empty.content[:200])
                assert told(empty) == told(whole), (path, name)
                filters += 1
    assert filters > 60
    assert {name for _path, names in reads(hidden) for name in names} >= {
        name
        for shape in vars(queries).values()
        if isinstance(shape, type) and issubclass(shape, queries.PageQuery)
        for name in shape().fields
    }


def test_an_empty_filter_that_there_is_none_of_is_still_refused(lena: User) -> None:
    answer = api(lena).get("initiatives/?nonsense=")
    assert answer.status_code == 400
    assert [error["code"] for error in answer.json()["errors"]] == ["unknown_filter"]


def test_a_space_asks_for_those_of_which_none_is_named(lena: User, elsa: User) -> None:
    create(lena, name="Here", business_unit="Finance", technology="Vision", stage="pilot")
    for name in ("Nowhere", "Nowhere either"):
        create(lena, name=name, business_unit="", stage="pilot")

    def asked(path: str) -> Any:
        answer = api(elsa).get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()

    for unit, counted in (("%20", 2), ("++", 2), ("finance", 1), ("", 3), ("elsewhere", 0)):
        query = f"?business_unit={unit}"
        assert len(asked(f"initiatives/{query}")["results"]) == counted, unit
        assert asked(f"portfolio/symptoms/{query}")["initiatives"] == counted, unit
        assert sum(one["initiatives"] for one in asked(f"portfolio/money/{query}")["units"]) == counted, unit
        assert sum(one["initiatives"] for one in asked(f"portfolio/{query}")["units"]) == counted, unit
        known = asked(f"portfolio/survival/{query}")["production"]
        assert known["running"] + known["start_not_known"] == counted, unit


def test_lessons_are_asked_for_so_by_unit_and_by_technology(lena: User, elsa: User) -> None:
    for name, facts in (("Named", {"technology": "Vision"}), ("Neither", {"business_unit": ""})):
        stopped(lena, name, facts)

    def names(query: str) -> list[str]:
        found = api(elsa).get(f"lessons/?{query}").json()["results"]
        return [one["name"] for one in found]

    assert names("business_unit=%20") == names("technology=%20") == ["Neither"]
    assert names("business_unit=finance") == names("technology=VISION") == ["Named"]
    assert names("business_unit=&technology=") == ["Neither", "Named"]


def test_one_unit_alone_is_asked_for_by_its_name_and_none_by_nothing(lena: User) -> None:
    create(lena, name="Here", business_unit="Finance")
    create(lena, name="Nowhere", business_unit="")

    def names(query: str) -> set[str]:
        return {one["name"] for one in api(lena).get(f"initiatives/?{query}").json()["results"]}

    assert names("business_unit=") == names("") == {"Here", "Nowhere"}
    assert names("business_unit=&search=here") == {"Here", "Nowhere"} & names("search=here")
    assert names("business_unit=finance&stage=") == {"Here"}
