"""A published framework version never changes, whichever way somebody tries; an unpublished one can be changed."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from checklists.frameworks import parse_framework
from checklists.loading import load_framework
from checklists.models import Framework, Gate, Item

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CONTENT = b"""
slug: small
version: '1.0'
name: Small
kind: gates
order: sequential
evidence: optional
gates:
- slug: first
  name: First
  purpose: Why it is there
  min_met: 1
  items:
  - {code: A-1, title: One, critical: true, statement: S, met: M, partial: P, not_met: N, root_cause: ownership}
"""


@pytest.fixture
def published() -> Framework:
    return load_framework(parse_framework(CONTENT, "small.yaml"), AT).framework


@pytest.fixture
def draft() -> Framework:
    """The same, not yet published."""
    framework = Framework.objects.create(
        slug="draft",
        version="1.0",
        name="Draft",
        kind="gates",
        order="any",
        evidence_required=False,
        checksum="0" * 64,
    )
    gate = Gate.objects.create(framework=framework, slug="first", name="First", position=1, min_met=1)
    _item(gate).save()
    return framework


def _item(gate: Gate, code: str = "A-1", position: int = 1) -> Item:
    return Item(
        gate=gate,
        code=code,
        position=position,
        title="One",
        critical=True,
        statement="S",
        root_cause="ownership",
    )


def _sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


CHANGES_OF_THE_FRAMEWORK: dict[str, Callable[[Framework], object]] = {
    "rename it": lambda framework: Framework.objects.filter(pk=framework.pk).update(name="Other"),
    "save it": lambda framework: framework.save(),
    "take its publication back": lambda framework: _sql(
        "UPDATE checklists_framework SET published_at = NULL WHERE id = %s", framework.pk
    ),
    "lower its threshold by raw SQL": lambda framework: _sql(
        "UPDATE checklists_framework SET required_met = 1 WHERE id = %s", framework.pk
    ),
}
CHANGES_OF_ITS_CONTENT: dict[str, Callable[[Framework], object]] = {
    "add a gate": lambda framework: Gate.objects.create(
        framework=framework, slug="new", name="New", position=9
    ),
    "add gates in bulk": lambda framework: Gate.objects.bulk_create(
        [Gate(framework=framework, slug="new", name="New", position=9)]
    ),
    "lower a gate's minimum": lambda framework: framework.gates.update(min_met=0),
    "lower a gate's minimum by raw SQL": lambda framework: _sql(
        "UPDATE checklists_gate SET min_met = 0 WHERE framework_id = %s", framework.pk
    ),
    "add an item": lambda framework: _item(framework.gates.get(), "A-2", 2).save(),
    "add items in bulk": lambda framework: Item.objects.bulk_create([_item(framework.gates.get(), "A-2", 2)]),
    "make an item uncritical": lambda framework: Item.objects.filter(gate__framework=framework).update(
        critical=False
    ),
    "make an item uncritical by raw SQL": lambda framework: _sql(
        "UPDATE checklists_item SET critical = %s "
        "WHERE gate_id IN (SELECT id FROM checklists_gate WHERE framework_id = %s)",
        False,
        framework.pk,
    ),
    "delete an item": lambda framework: Item.objects.filter(gate__framework=framework).delete(),
    "delete an item by raw SQL": lambda framework: _sql(
        "DELETE FROM checklists_item WHERE gate_id IN (SELECT id FROM checklists_gate WHERE framework_id = %s)",
        framework.pk,
    ),
}
CHANGES = CHANGES_OF_THE_FRAMEWORK | CHANGES_OF_ITS_CONTENT


def _everything() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (Framework, Gate, Item)]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_published_framework_cannot_be_changed(
    published: Framework, change: Callable[[Framework], object]
) -> None:
    before = _everything()
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        change(published)
    assert _everything() == before


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_unpublished_framework_can_be_changed(
    draft: Framework, change: Callable[[Framework], object]
) -> None:
    Framework.objects.filter(pk=draft.pk).update(required_met=3)
    draft.notes = {"reading": "Saved again"}
    before = _everything()
    change(draft)
    if change is not CHANGES["take its publication back"]:  # there is none to take back
        assert _everything() != before


def test_a_published_framework_cannot_be_deleted_even_when_it_is_empty() -> None:
    empty = Framework.objects.create(
        slug="empty",
        version="1.0",
        name="Empty",
        kind="gates",
        order="any",
        evidence_required=False,
        checksum="0" * 64,
        published_at=AT,
    )
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        empty.delete()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        _sql("DELETE FROM checklists_framework WHERE id = %s", empty.pk)
    assert Framework.objects.filter(pk=empty.pk).exists()


def test_a_gate_of_a_published_framework_cannot_be_deleted_even_when_it_is_empty(draft: Framework) -> None:
    Item.objects.filter(gate__framework=draft).delete()
    Framework.objects.filter(pk=draft.pk).update(published_at=AT)
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        draft.gates.all().delete()
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        _sql("DELETE FROM checklists_gate WHERE framework_id = %s", draft.pk)
    assert draft.gates.exists()


def test_an_unpublished_framework_can_be_deleted_from_its_items_up(draft: Framework) -> None:
    Item.objects.filter(gate__framework=draft).delete()
    draft.gates.all().delete()
    draft.delete()
    assert not Framework.objects.filter(slug="draft").exists()


def test_a_gate_cannot_be_moved_into_a_published_framework_nor_out_of_it(
    published: Framework, draft: Framework
) -> None:
    draft.gates.update(slug="moved", position=9)
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        draft.gates.update(framework=published)
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        published.gates.update(framework=draft)
    assert (draft.gates.count(), published.gates.count()) == (1, 1)


def test_an_item_cannot_be_moved_into_a_published_framework_nor_out_of_it(
    published: Framework, draft: Framework
) -> None:
    theirs, ours = published.gates.get(), draft.gates.get()
    Item.objects.filter(gate=ours).update(code="B-1", position=9)
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        Item.objects.filter(gate=ours).update(gate=theirs)
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        Item.objects.filter(gate=theirs).update(gate=ours)
    assert (ours.items.count(), theirs.items.count()) == (1, 1)


def test_a_new_version_can_stand_beside_a_published_one(published: Framework) -> None:
    changed = CONTENT.replace(b"'1.0'", b"'1.1'").replace(b"title: One", b"title: Uno")
    newer = load_framework(parse_framework(changed, "small.yaml"), AT).framework
    assert newer.pk != published.pk
    assert [item.title for item in Item.objects.filter(gate__framework__slug="small").order_by("pk")] == [
        "One",
        "Uno",
    ]
