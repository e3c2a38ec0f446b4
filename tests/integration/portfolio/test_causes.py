"""Flags by root cause: what a person confirmed counts in place of what is suspected, and it is said which is which."""

from collections.abc import Callable

import pytest

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.flags import confirm_cause
from readiness.actions.initiatives import edit_initiative
from readiness.audit.recording import Actor
from readiness.portfolio import charts, figures
from readiness.portfolio.questions import held_up_by
from readiness.portfolio.scope import EVERYTHING
from readiness.standing.definitions import root_causes
from readiness.standing.models import Flag
from tests.fixtures import api, create, pages
from tests.integration.workbench.markup import read

pytestmark = pytest.mark.django_db


def confirm(initiative: Initiative, by: User, code: str, cause: str) -> None:
    flag = Flag.objects.get(initiative=initiative, code=code, resolved_at=None)
    confirm_cause(flag.pk, cause, Actor.person(by), clock.now())


def counted() -> dict[str, tuple[int, int]]:
    found = figures.flags_by_root_cause(Initiative.objects.all())
    return {one.root_cause: (one.initiatives, one.confirmed) for one in found}


def held_up(cause: str) -> set[int]:
    return set(held_up_by(Initiative.objects.all(), cause).values_list("pk", flat=True))


@pytest.fixture
def two(lena: User) -> list[Initiative]:
    """Pilots with flags of ownership (owner, deputy), sponsorship, decisions and metrics."""
    return [create(lena, stage="pilot") for _ in range(2)]


def test_a_suspicion_counts_as_long_as_nobody_says_otherwise(two: list[Initiative]) -> None:
    found = counted()
    assert found["ownership"] == (2, 0)
    assert "integration" not in found
    assert held_up("ownership") == {one.pk for one in two}


def test_what_is_confirmed_is_said_to_be_and_what_is_corrected_counts_elsewhere(
    two: list[Initiative], lena: User
) -> None:
    confirm(two[0], lena, "no_business_owner", "ownership")
    assert counted()["ownership"] == (2, 1)

    confirm(two[0], lena, "no_business_owner", "integration")
    assert counted()["integration"] == (1, 1)
    assert counted()["ownership"] == (2, 0), "a second flag of it is open there"
    confirm(two[0], lena, "single_person", "integration")
    assert counted()["integration"] == (1, 1), "an initiative counts once"
    assert counted()["ownership"] == (1, 0)
    assert held_up("integration") == {two[0].pk}
    assert held_up("ownership") == {two[1].pk}


def test_a_resolved_flag_counts_no_more(two: list[Initiative], lena: User) -> None:
    confirm(two[0], lena, "no_business_owner", "integration")
    edit_initiative(two[0].pk, {"people": {"business_owner": "lena"}}, Actor.person(lena), clock.now())
    assert "integration" not in counted()


def test_the_page_and_the_list_behind_it_say_which_is_which(
    two: list[Initiative], lena: User, elsa: User
) -> None:
    confirm(two[0], lena, "no_business_owner", "ownership")
    page = read(pages(elsa).get("/portfolio/"))
    assert "1 confirmed, 1 suspected." in page.text
    confirm(two[1], lena, "no_sponsor", "integration")
    listed = read(pages(elsa).get("/initiatives/?cause=integration"))
    assert two[1].ref in listed.text or f"/initiatives/{two[1].ref}/" in listed.links().values()
    bars = charts.cause_bars(figures.flags_by_root_cause(Initiative.objects.all()), EVERYTHING)
    hints = {bar.label: bar.hint for bar in bars}
    assert hints[root_causes()["integration"].name].startswith("Confirmed. ")
    assert hints[root_causes()["sponsorship"].name].startswith("Suspected. ")


def test_rest_says_it_too(two: list[Initiative], lena: User) -> None:
    confirm(two[0], lena, "no_business_owner", "ownership")
    told = {one["root_cause"]: one for one in api(lena).get("portfolio/").json()["root_causes"]}
    assert (told["ownership"]["initiatives"], told["ownership"]["confirmed"]) == (2, 1)


def test_it_is_one_query_whatever_there_is(
    two: list[Initiative], lena: User, query_count: Callable[..., int]
) -> None:
    assert query_count(counted) == 1
