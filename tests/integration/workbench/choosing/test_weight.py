"""What a page weighs and asks the database does not follow how many people there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative
from gates.querysets import normalised, sort_key
from readiness import clock
from readiness.accounts.models import Function, User
from readiness.actions.exits import add_criterion
from readiness.actions.gates import submit_gate
from readiness.actions.kpis import create_kpi
from readiness.audit.recording import Actor
from tests.fixtures import answer_all, create, pages, person
from tests.integration.workbench.continuity.scenes import start

pytestmark = pytest.mark.django_db

MANY = 1500
PAGES = (
    ("lena", "/initiatives/{ref}/edit/"),
    ("lena", "/initiatives/{ref}/canvas/"),
    ("lena", "/initiatives/{ref}/people/"),
    ("lena", "/initiatives/{ref}/promises/kpis/new/"),
    ("lena", "/initiatives/{ref}/promises/kpis/{kpi}/edit/"),
    ("lena", "/initiatives/{ref}/promises/exits/new/"),
    ("lena", "/initiatives/{ref}/promises/exits/{criterion}/edit/"),
    ("lena", "/initiatives/{ref}/answers/DATA-1/assignment/"),
    ("lena", "/people/mia/hand-over/"),
    ("ravi", "/initiatives/{ref}/gates/data/decide/"),
    ("lena", "/initiatives/{ref}/candidates/people/?q=mia"),
)


def everybody_else() -> None:
    """Of every role, and of none."""
    names = [f"Person Number {number:04}" for number in range(MANY)]
    User.objects.bulk_create(
        User(
            username=f"many{number:04}",
            name=name,
            name_key=sort_key(name),
            search_key=normalised(name),
            unit="Claims and Complaints",
            function=Function.BUSINESS,
            created_at=clock.now(),
            is_lead=number % 2 == 0,
            is_executive=number % 7 == 0,
            is_reviewer=number % 11 == 0,
            is_auditor=number % 13 == 0,
        )
        for number, name in enumerate(names)
    )


@pytest.fixture
def addresses(lena: User, ravi: User) -> list[tuple[User, str]]:
    """Every page on which people are chosen, of one initiative that has something of everything."""
    mia = person("mia")
    row: Initiative = create(lena, people={"deputy": "mia", "members": ["lena", "mia"]})
    by, at = Actor.person(lena), clock.now()
    kpi = create_kpi(row.pk, {"name": "Handling time", "direction": "down", "owner": "mia"}, by, at)[0]
    agreed = {"kpi": kpi.pk, "comparator": "over", "limit": "9", "window_days": 28, "action": "stop"}
    criterion = add_criterion(row.pk, agreed | {"decider": "mia"}, by, at)[0]
    start(row, mia, lena)
    answer_all(row, lena, gates=["data"])
    submit_gate(row.pk, "data", "", by, at)
    words = {"ref": row.ref, "kpi": kpi.pk, "criterion": criterion.pk}
    return [({"lena": lena, "ravi": ravi}[who], address.format(**words)) for who, address in PAGES]


def weighed(who: User, address: str) -> tuple[str, int, int]:
    """An address with the bytes of its page and the number of its queries."""
    client = pages(who)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    assert response.status_code == 200, address
    return address, len(response.content), len(asked)


def test_a_page_weighs_the_same_in_a_house_of_three_and_in_one_of_fifteen_hundred(
    addresses: list[tuple[User, str]],
) -> None:
    for one in addresses:
        weighed(*one)  # what is asked once only is asked
    few = [weighed(*one) for one in addresses]
    everybody_else()
    assert [weighed(*one) for one in addresses] == few
