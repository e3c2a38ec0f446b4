"""Which checkpoints lie behind a stage: what is taken over there never passed them here."""

from collections.abc import Iterable

from gates.criteria import GateDefinition
from gates.definitions import LoadedFramework
from gates.models import Decision, Initiative
from gates.rules import PASSING_DECISIONS
from gates.stages import LADDER, Stage, is_readiness_guard


def checkpoints_behind(stage: Stage, frameworks: Iterable[LoadedFramework]) -> list[GateDefinition]:
    """Those that guard a step on the way to this stage, with what comes before each of them, in order.

    What readiness is computed on is left out: it is asked about in every stage.
    """
    found: list[GateDefinition] = []
    for framework in frameworks:
        gates = framework.definition.gates
        guards = [one for one in framework.guards if not is_readiness_guard(one)]
        behind = [one.gate for one in guards if LADDER.index(one.to_stage) <= LADDER.index(stage)]
        slugs = [gate.slug for gate in gates]
        last = max((len(gates) if slug is None else slugs.index(slug) + 1 for slug in behind), default=0)
        found += gates[:last]
    return found


def never_passed(initiative: Initiative, frameworks: Iterable[LoadedFramework]) -> list[GateDefinition]:
    """The checkpoints of its frameworks that what was taken over has not passed here until today; none of what began
    here. One query, where its stays were fetched."""
    entries = initiative.stage_entries.all()
    if not initiative.taken_over or not entries:
        return []
    passed = Decision.objects.filter(
        passage__initiative=initiative, decision__in=[kind.value for kind in PASSING_DECISIONS]
    )
    slugs = set(passed.values_list("gate__slug", flat=True))
    behind = checkpoints_behind(Stage(entries[0].stage), frameworks)
    return [gate for gate in behind if gate.slug not in slugs]
