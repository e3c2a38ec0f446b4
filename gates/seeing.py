"""One initiative by its key, for somebody who may know of it: how every act and most pages begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from gates.asking import Prepared
from gates.models import Initiative
from gates.querysets import InitiativeQuerySet, Viewer


@dataclass(slots=True)
class _AnyViewer:
    """One of those who see as much; the key stands for anybody's."""

    pk: int
    sees_all: bool
    sees_organisation: bool


def seen_initiative(pk: int, viewer: Viewer | None) -> Initiative | None:
    """The initiative, where this person may know of it; nobody: the organisation itself, which knows of all."""
    return _one(pk, viewer, locks=False)


def locked_initiative(pk: int, viewer: Viewer | None) -> Initiative | None:
    """The same, its row locked until the transaction ends."""
    return _one(pk, viewer, locks=True)


def _one(pk: int, viewer: Viewer | None, *, locks: bool) -> Initiative | None:
    if viewer is None or viewer.sees_all:
        return question(True, True, locks).one(pk)
    return question(False, viewer.sees_organisation, locks).one(pk, viewer.pk)


@cache
def question(sees_all: bool, sees_organisation: bool, locks: bool) -> Prepared[Initiative]:
    def build(keys: Sequence[int]) -> InitiativeQuerySet:
        viewer = _AnyViewer(keys[-1], sees_all, sees_organisation)
        rows: InitiativeQuerySet = Initiative.objects.visible_to(viewer).filter(pk=keys[0]).order_by()
        return rows.select_for_update(of=("self",), no_key=True) if locks else rows

    return Prepared(build)
