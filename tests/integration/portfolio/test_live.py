"""A page that is left open asks by itself: told anew when anything changed, and cheaply that nothing did."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.portfolio.urls import urlpatterns
from tests.fixtures import create, pages
from tests.integration.workbench.markup import read

pytestmark = pytest.mark.django_db

ASKS = {"fivegates-live": "1"}


def asked(by: User, tag: str = "", url: str = "/portfolio/", **headers: str) -> Any:
    return pages(by).get(url, headers=ASKS | ({"if-none-match": tag} if tag else {}) | headers)


def test_nothing_new_is_told_cheaply(lena: User, elsa: User) -> None:
    create(lena)
    first = asked(elsa)
    assert first.status_code == 200
    client = pages(elsa)
    with CaptureQueriesContext(connection) as queries:
        again = client.get("/portfolio/", headers=ASKS | {"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert len(queries) <= 5
    assert again["Fivegates-As-Of"] == first["Fivegates-As-Of"] == _time()
    assert "ETag" not in client.get("/portfolio/"), "a page that a person opens is always made anew"


def _time() -> str:
    return clock.now().astimezone(Organisation.get().zone).strftime("%H:%M")


def test_whatever_changes_is_told_anew(lena: User, elsa: User, omar: User) -> None:
    tag = asked(elsa)["ETag"]
    create(lena)
    changed = asked(elsa, tag)
    assert changed.status_code == 200
    assert "1 initiative" in read(changed).by_id("basis").text
    assert asked(elsa, changed["ETag"]).status_code == 304
    for other in (
        asked(omar, changed["ETag"]),
        asked(elsa, changed["ETag"], "/portfolio/?stage=poc"),
        asked(elsa, changed["ETag"], **{"accept-language": "de"}),
    ):
        assert other.status_code == 200, "of another person, of other filters, in another language"


def test_a_new_day_is_told_anew(lena: User, elsa: User) -> None:
    create(lena)
    tag = asked(elsa)["ETag"]
    Organisation.objects.update(time_zone="Pacific/Kiritimati")
    first = asked(elsa, tag)
    Organisation.objects.update(time_zone="Pacific/Pago_Pago")
    assert asked(elsa, first["ETag"]).status_code == 200


def test_nobody_is_there_because_of_it(elsa: User) -> None:
    long_ago = clock.now() - timedelta(hours=2)
    User.objects.filter(pk=elsa.pk).update(seen_at=long_ago)
    asked(elsa)
    elsa.refresh_from_db()
    assert elsa.seen_at == long_ago
    pages(elsa).get("/portfolio/")
    elsa.refresh_from_db()
    assert elsa.seen_at is not None and elsa.seen_at > long_ago


def test_every_page_of_the_portfolio_may_be_left_open(elsa: User) -> None:
    for page in urlpatterns:
        if "<" not in str(page.pattern):
            response = asked(elsa, url=f"/{page.pattern}")
            assert response.status_code == 200 and "ETag" in response, page.name


def test_it_says_how_fresh_it_is_and_can_be_read_anew_without_a_script(lena: User, elsa: User) -> None:
    create(lena, business_unit="Sales")
    page = read(pages(elsa).get("/portfolio/?unit=sales"))
    bar = page.one("p", class_="live small soft")
    assert bar.links()["Refresh"] == "/portfolio/?unit=sales"
    assert bar.one("span", role="status").text == ""
    assert "{time}" in bar.attrs["data-says-updated"]
    assert page.has_id("figures") and "As of" in page.by_id("basis").text
