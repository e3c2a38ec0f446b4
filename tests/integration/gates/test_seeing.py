"""One initiative by its key: found by exactly those whose lists show it, and locked where that is asked."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative, TeamRole
from gates.seeing import locked_initiative, seen_initiative
from readiness.accounts.models import User
from readiness.clock import now
from tests.fixtures import create, person

PEOPLE = ("lena", "member", "former", "omar", "nobody", "ravi", "elsa", "iris", "ada")
"""The lead; on the team, and no more, without any role; a lead of elsewhere; no role; and those who see all."""


@pytest.fixture
def everyone(lena: User, omar: User, ravi: User, elsa: User, iris: User, ada: User) -> dict[str, User]:
    others = {name: person(name) for name in ("member", "former", "nobody")}
    return {"lena": lena, "omar": omar, "ravi": ravi, "elsa": elsa, "iris": iris, "ada": ada} | others


@pytest.fixture
def two(everyone: dict[str, User], lena: User) -> list[Initiative]:
    """One for the organisation, one for its team alone; both with somebody on the team and somebody who left it."""
    rows = [create(lena, name="For all"), create(lena, name="For the team", visibility="team")]
    since = now()
    for row in rows:
        for name, until in (("member", None), ("former", since)):
            TeamRole.objects.create(
                initiative=row, user=everyone[name], role="member", since=since, until=until
            )
    return rows


@pytest.mark.django_db
def test_each_person_finds_what_their_lists_show_and_nothing_else(
    everyone: dict[str, User], two: list[Initiative]
) -> None:
    found = set()
    for _again in range(2):
        for name in PEOPLE:
            for row in two:
                listed = Initiative.objects.visible_to(everyone[name]).filter(pk=row.pk).exists()
                for find in (seen_initiative, locked_initiative):
                    one = find(row.pk, everyone[name])
                    assert (one == row) is listed, (name, row.name)
                    assert (one is None) is not listed
                if listed:
                    found.add((name, row.name))
    team = {(name, "For the team") for name in PEOPLE if name not in {"former", "omar", "nobody"}}
    assert found == team | {(name, "For all") for name in PEOPLE if name not in {"former", "nobody"}}


@pytest.mark.django_db
def test_the_organisation_itself_finds_all_of_them(two: list[Initiative]) -> None:
    assert [seen_initiative(row.pk, None) for row in two] == two
    assert seen_initiative(two[-1].pk + 10**6, None) is None


@pytest.mark.django_db
def test_every_column_is_as_the_queryset_reads_it(lena: User, two: list[Initiative]) -> None:
    Initiative.objects.filter(pk=two[1].pk).update(
        budget_planned="1250.50", tags=["a", "b"], as_of=now().date(), last_activity_on=now().date()
    )
    read = Initiative.objects.get(pk=two[1].pk)
    one = seen_initiative(read.pk, lena)
    assert one is not None
    assert not one.get_deferred_fields()
    for column in Initiative._meta.concrete_fields:
        value, same = getattr(one, column.attname), getattr(read, column.attname)
        assert (type(value), value) == (type(same), same), column.name


@pytest.mark.django_db
def test_a_lock_is_asked_for_inside_of_a_transaction_only(initiative: Initiative, lena: User) -> None:
    def outside() -> str:
        try:
            locked_initiative(initiative.pk, lena)
        except TransactionManagementError:
            return "refused"
        finally:
            connection.close()  # a thread has its own, where no transaction has begun
        return "locked"

    for _again in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert locked_initiative(initiative.pk, lena) == initiative
        if connection.vendor == "postgresql":  # SQLite locks all of it, as the transaction begins
            assert "FOR NO KEY UPDATE OF" in asked.captured_queries[0]["sql"]
            with ThreadPoolExecutor(1) as another:
                assert another.submit(outside).result() == "refused"
