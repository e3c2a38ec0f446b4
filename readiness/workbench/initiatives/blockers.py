"""Why it is not ready, or why a step was refused: blockers in words, gate by gate, each with the place to mend it.

How many things stand in the way is counted by ``standing.verdict.count_in_the_way``; here it is put into words.
"""

from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklists.said import restored
from gates.criteria import BlockerCode
from gates.models import Initiative
from gates.rules import GateStatus
from readiness.standing.links import blocker_url
from readiness.standing.models import GateStanding
from readiness.standing.verdict import count_in_the_way
from readiness.standing.words import GATE_WORDS, Word
from readiness.ui.saying import content, say

_SAYS_THE_STATUS = frozenset(
    {BlockerCode.GATE_NOT_PASSED, BlockerCode.CHECKPOINT_NOT_PASSED, BlockerCode.GATE_STOPPED}
)


@dataclass(frozen=True, slots=True)
class ShownBlocker:
    message: str
    url: str


@dataclass(frozen=True, slots=True)
class BlockerGroup:
    """The blockers of one gate, or of the initiative where ``gate`` is None.

    ``head`` says where the gate stands; ``blockers`` are what is to be mended in it, perhaps nothing.
    """

    gate: GateStanding | None
    status: Word | None
    head: ShownBlocker | None
    blockers: list[ShownBlocker]

    @property
    def name(self) -> str:
        if self.gate is None:
            return ""
        name = str(content(self.gate.name))
        return name if self.gate.kind == "gate" else _("Checkpoint: %(gate)s") % {"gate": name}

    @property
    def in_the_way(self) -> list[ShownBlocker]:
        """Everything of it, in order: that it is not passed is one thing more than what is to be mended in it."""
        return [*([self.head] if self.head else []), *self.blockers]

    @property
    def count(self) -> int:
        return count_in_the_way(self.in_the_way)


def way_words(blockers: Sized) -> str:
    """How many things stand in the way, of production or of one move."""
    count = count_in_the_way(blockers)
    if not count:
        return _("Nothing stands in the way.")
    words = ngettext("%(count)s thing stands in the way.", "%(count)s things stand in the way.", count)
    return words % {"count": count}


def grouped(
    initiative: Initiative, gates: Iterable[GateStanding], blockers: Iterable[Mapping[str, Any]]
) -> list[BlockerGroup]:
    """In the order in which they are given: those of one gate stand together."""
    by_key = {(gate.framework, gate.gate): gate for gate in gates}
    groups = []
    for key, some in groupby(blockers, key=lambda one: (one["framework"], one["gate"])):
        groups.append(_group(initiative, by_key.get(key), list(some)))
    return groups


def _group(
    initiative: Initiative, gate: GateStanding | None, blockers: list[Mapping[str, Any]]
) -> BlockerGroup:
    head = next((one for one in blockers if one["code"] in _SAYS_THE_STATUS), None) if gate else None
    return BlockerGroup(
        gate=gate,
        status=GATE_WORDS[GateStatus(gate.status)] if gate and gate.status else None,
        head=_shown(initiative, head) if head else None,
        blockers=[_shown(initiative, one) for one in blockers if one is not head],
    )


def _shown(initiative: Initiative, blocker: Mapping[str, Any]) -> ShownBlocker:
    message = say(restored(blocker["message"], blocker.get("said")))
    return ShownBlocker(message, blocker_url(initiative.ref, blocker))
