"""The audit trail takes events and gives none back: the database itself refuses, whoever asks and in whatever words."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from gates.models import Decision, Initiative, Snapshot
from readiness.accounts.models import User
from readiness.audit.models import Chain, Event
from readiness.audit.recording import COMMAND, record
from tests.fixtures import answer_all, pass_gate
from tests.integration.standing.pictures import day


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


TAMPERING: dict[str, Callable[[], object]] = {
    "edit by SQL": lambda: sql("UPDATE audit_event SET verb = 'nothing.happened'"),
    "edit the last by SQL": lambda: sql(
        "UPDATE audit_event SET actor_id = NULL WHERE seq = (SELECT MAX(seq) FROM audit_event)"
    ),
    "delete by SQL": lambda: sql("DELETE FROM audit_event"),
    "delete the last by SQL": lambda: sql(
        "DELETE FROM audit_event WHERE seq = (SELECT MAX(seq) FROM audit_event)"
    ),
    "edit": lambda: Event.objects.update(verb="nothing.happened"),
    "save": lambda: Event.objects.earliest("seq").save(),
    "save in bulk": lambda: Event.objects.bulk_update(Event.objects.all(), ["verb"]),
    "delete": lambda: Event.objects.all().delete(),
    "delete one": lambda: Event.objects.latest("seq").delete(),
}


@pytest.mark.parametrize("tamper", TAMPERING.values(), ids=TAMPERING)
def test_no_event_is_changed_or_deleted(db: None, tamper: Callable[[], object]) -> None:
    for number in range(3):
        record(COMMAND, "thing.done", {"number": number}, day(number))
    before = list(Event.objects.values())

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        tamper()
    assert list(Event.objects.values()) == before


DECIDED: dict[str, Callable[[], object]] = {
    "edit a decision": lambda: sql("UPDATE gates_decision SET decision = 'return'"),
    "delete a decision": lambda: sql("DELETE FROM gates_decision"),
    "edit what was frozen": lambda: Snapshot.objects.update(occasion="decision"),
    "delete what was frozen": lambda: sql("DELETE FROM gates_snapshot"),
}


@pytest.mark.parametrize("tamper", DECIDED.values(), ids=DECIDED)
def test_no_decision_and_nothing_frozen_is_changed_or_deleted(
    initiative: Initiative, lena: User, ravi: User, tamper: Callable[[], object]
) -> None:
    answer_all(initiative, lena)
    pass_gate(initiative, "data", lena, ravi)
    before = [list(model.objects.values()) for model in (Decision, Snapshot)]

    with pytest.raises(IntegrityError, match="never"), transaction.atomic():
        tamper()
    assert [list(model.objects.values()) for model in (Decision, Snapshot)] == before


def test_there_is_one_chain(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Chain.objects.create(pk=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Chain(pk=1).save(force_insert=True)
