"""A framework version as the pure rules take it, read from the tables once.

A published version never changes, so what was read stays true for the life of the process.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.db.models import F

from checklists.models import Framework, Gate, Item, Order
from checklists.scoring import ItemDefinition
from gates.asking import Prepared
from gates.criteria import KIND_OF_GATES, GateDefinition
from gates.models import Passage
from gates.rules import FrameworkDefinition
from gates.stages import Guard, Stage, is_readiness_guard


@dataclass(frozen=True, slots=True)
class LoadedFramework:
    """A framework's definition with the keys of its rows.

    ``items`` maps row keys to codes, ``gates`` row keys to slugs, ``gates_before`` those of the framework's earlier
    versions, in which an initiative's decisions may have been made, ``signals`` a signal to the codes of the items that
    carry it, ``titles`` codes to titles, ``facts`` the codes of items that name a fact to that fact, ``rows`` codes to
    the rows of the items, each with its gate.
    ``recommend_stop_over``: see ``gates.criteria.recommends_stop``; None where the framework recommends nothing.
    """

    pk: int
    checksum: str
    slug: str
    version: str
    name: str
    kind: str
    guards: tuple[Guard, ...]
    definition: FrameworkDefinition
    items: dict[int, str]
    gates: dict[int, str]
    gates_before: dict[int, str]
    signals: dict[str, tuple[str, ...]]
    titles: dict[str, str]
    facts: dict[str, str]
    rows: dict[str, Item]
    recommend_stop_over: Fraction | None

    def slug_of(self, gate: int) -> str:
        """The slug of a gate by its row's key, of this version or of an earlier one."""
        return self.gates.get(gate) or self.gates_before[gate]

    @property
    def decides_readiness(self) -> bool:
        """It guards the step from pilot to rollout as a whole; readiness is computed on the first that does."""
        return any(is_readiness_guard(guard) for guard in self.guards)


def loaded_framework(pk: int, checksum: str) -> LoadedFramework:
    """The framework version with this key. The checksum tells apart what a test or a restore may have replaced."""
    return _load(pk, checksum)


def passages_of(*initiatives: int) -> list[tuple[Passage, LoadedFramework]]:
    """The frameworks of these initiatives, each's in their order; one query once they were read."""
    found = [(row, loaded_framework(row.framework, row.checksum)) for row in _passages(*initiatives)]
    return sorted(found, key=lambda pair: (pair[0].initiative_id, pair[0].position))


_passages: Prepared[Any] = Prepared(
    lambda keys: (
        Passage.objects.filter(initiative__in=keys)
        .order_by()
        .annotate(framework=F("assessment__framework"), checksum=F("assessment__framework__checksum"))
    )
)


@lru_cache(maxsize=64)
def _load(pk: int, checksum: str) -> LoadedFramework:
    framework = Framework.objects.with_content().get(pk=pk, checksum=checksum)
    gates = list(framework.gates.all())
    items = [item for gate in gates for item in gate.items.all()]
    earlier = Gate.objects.filter(framework__slug=framework.slug, framework__lt=framework.pk).order_by()
    signals: dict[str, list[str]] = {}
    for item in items:
        for signal in item.signals:
            signals.setdefault(signal, []).append(item.code)
    return LoadedFramework(
        pk=framework.pk,
        checksum=framework.checksum,
        slug=framework.slug,
        version=framework.version,
        name=framework.name,
        kind=framework.kind,
        guards=tuple(
            Guard(Stage(guard["from"]), Stage(guard["to"]), framework.slug, guard.get("gate"))
            for guard in framework.guards
        ),
        definition=FrameworkDefinition(
            framework.slug,
            framework.name,
            framework.order == Order.SEQUENTIAL,
            tuple(_gate_definition(framework, gate) for gate in gates),
            framework.required_met,
        ),
        items={item.pk: item.code for item in items},
        gates={gate.pk: gate.slug for gate in gates},
        gates_before=dict(earlier.values_list("pk", "slug")),
        signals={signal: tuple(codes) for signal, codes in signals.items()},
        titles={item.code: item.title for item in items},
        facts={item.code: item.fact for item in items if item.fact},
        rows={item.code: item for item in items},
        recommend_stop_over=_fraction(framework.notes.get("recommend_stop_over", "")),
    )


def _gate_definition(framework: Framework, gate: Gate) -> GateDefinition:
    items = (
        ItemDefinition(
            code=item.code,
            gate=gate.slug,
            title=item.title,
            critical=item.critical,
            evidence_required=framework.evidence_required,
            evidence_max_age_days=item.evidence_max_age_days,
        )
        for item in gate.items.all()
    )
    return GateDefinition(
        framework=framework.slug,
        slug=gate.slug,
        name=gate.name,
        kind=KIND_OF_GATES[framework.kind],
        position=gate.position,
        items=tuple(items),
        min_met=gate.min_met,
        min_share_met=_fraction(gate.min_share_met),
    )


def _fraction(text: str) -> Fraction | None:
    return Fraction(text) if text else None
