"""How an act ends: what it changed of the initiative is written, and what it did not change is not read again."""

from decimal import Decimal

import pytest
from django.db import transaction

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.accounts.policy import Act
from readiness.actions.acting import begin
from readiness.audit.recording import Actor
from readiness.clock import now

pytestmark = pytest.mark.django_db


@transaction.atomic
def acted(initiative: Initiative, by: User, **changed: object) -> tuple[Initiative, Initiative]:
    """An act that changes this and calls nothing its own: the row it worked on, and the one it was judged on."""
    work = begin(initiative.pk, Act.ANSWER, Actor.person(by), now())
    for name, value in changed.items():
        setattr(work.initiative, name, value)
    after = work.finish("answer.recorded", {"answers": []})
    assert after.judgement is not None
    return work.initiative, after.judgement.facts.initiative


def test_what_an_act_changed_is_written_and_judged_as_it_was_written(
    initiative: Initiative, lena: User
) -> None:
    worked_on, judged_on = acted(initiative, lena, technology="Vision", budget_planned="12.5", tags=["new"])
    assert judged_on is not worked_on
    initiative.refresh_from_db()
    for row in (initiative, judged_on):
        assert (row.technology, row.budget_planned, row.tags) == ("Vision", Decimal("12.50"), ["new"])


def test_what_it_left_alone_is_not_read_again_and_not_written_over(
    initiative: Initiative, lena: User
) -> None:
    with transaction.atomic():
        work = begin(initiative.pk, Act.ANSWER, Actor.person(lena), now())
        Initiative.objects.filter(pk=initiative.pk).update(technology="Speech")
        after = work.finish("answer.recorded", {"answers": []})
    assert after.judgement is not None and after.judgement.facts.initiative is work.initiative
    initiative.refresh_from_db()
    assert (initiative.technology, initiative.updated_at) == ("Speech", work.at)
