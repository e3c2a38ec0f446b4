"""A list offers to clear its search, filters and order where there is something to clear, and only there."""

import pytest

from readiness.accounts.models import User
from tests.fixtures import create, pages
from tests.integration.workbench.markup import read

pytestmark = pytest.mark.django_db

AS_EVER = (
    *(
        "/initiatives/",
        "/initiatives/?q=&stage=&sort=name&page=2",
        "/initiatives/?stage=nonsense&sort=nonsense",
    ),
    *("/lessons/", "/lessons/?q=+&kind=&order=newest", "/lessons/?order=nonsense"),
    *("/audit/", "/audit/?q=&who=&since=", "/audit/?before=3&verb=nonsense"),
    *("/people/", "/people/?q=&role=&state="),
)
CHANGED = (
    *(
        f"/initiatives/?{asked}"
        for asked in ("q=ahead", "stage=pilot", "since=2026-01-01", "behind=reached:poc")
    ),
    *(f"/initiatives/?sort={order}" for order in ("-name", "days", "-score", "stage")),
    *(f"/lessons/?{asked}" for asked in ("q=ahead", "kind=worked", "order=oldest")),
    *(f"/audit/?{asked}" for asked in ("q=ahead", "verb=gate.decided", "who=lena", "since=nonsense")),
    *("/people/?q=ahead", "/people/?role=lead"),
)


@pytest.fixture
def by(lena: User) -> User:
    """An admin, who may see every list."""
    create(lena)
    lena.is_admin = True
    lena.save()
    return lena


@pytest.mark.parametrize("address", AS_EVER)
def test_where_nothing_is_set_there_is_nothing_to_clear(by: User, address: str) -> None:
    assert "Clear" not in read(pages(by).get(address)).links()


@pytest.mark.parametrize("address", CHANGED)
def test_what_is_set_is_cleared_with_one_click(by: User, address: str) -> None:
    assert read(pages(by).get(address)).links()["Clear"] == address.partition("?")[0]
