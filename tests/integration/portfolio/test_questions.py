"""What the database makes of the questions behind the figures."""

import pytest
from django.db import connection, transaction

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.portfolio.questions import free_to_move
from readiness.standing.models import Standing
from tests.integration.workbench.initiatives.scenes import copies, overrun

pytestmark = pytest.mark.django_db


def given_up(late: Initiative) -> None:
    """A large import that was refused at its end: its rows still lie in the tables, and none of them is there."""
    with transaction.atomic():
        copies(late, 300)
        transaction.set_rollback(True)


def test_what_may_move_is_found_by_its_index_where_the_tables_pass_for_empty(lena: User) -> None:
    """Read from every row's JSON, for every other row, it took half a minute with 2,000 initiatives."""
    late = overrun(lena)
    given_up(late)
    if connection.vendor == "postgresql":  # SQLite counts nothing by itself, and so is never wrong
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE standing_standing, gates_initiative")
    copies(late, 300)
    moving = [pk for pk in Initiative.objects.values_list("pk", flat=True) if pk % 5 == 0]
    Standing.objects.filter(pk__in=moving).update(next_actions=[{"code": "move_stage"}, {"code": "answer"}])
    Standing.objects.exclude(pk__in=moving).update(next_actions=[{"code": "answer"}, {"code": "move_stage"}])
    found = free_to_move(Initiative.objects.order_by("pk"))
    assert list(found.values_list("pk", flat=True)) == sorted(moving) != []
    if connection.vendor == "postgresql":
        assert "standing_may_move" in found.explain()
