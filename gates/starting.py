"""What every new initiative begins with: which sets of frameworks can stand together, and what would change.

Codes of items and slugs of gates are unique within one initiative, and readiness is computed on one framework.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from checklists.said import content, said
from gates.definitions import LoadedFramework
from gates.stages import Stage

UNLESS_CHOSEN = ("poc-checkpoints", "five-gate", "environment-gap")
"""By slug, in this order, as long as the organisation has not chosen."""

Step = tuple[Stage, Stage]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a set cannot be begun with. ``framework``: the slug of the one that is too much, "" where one is missing."""

    code: str
    message: str
    framework: str = ""


def shared_words(one: LoadedFramework, other: LoadedFramework) -> tuple[str, ...]:
    """The codes of items and slugs of gates that both use, sorted; empty where they can stand side by side."""
    return tuple(sorted(_words(one) & _words(other)))


def faults(frameworks: Sequence[LoadedFramework]) -> list[Fault]:
    """What forbids that every initiative begins with these, in their order; none where they can stand together."""
    found = []
    deciding = [one for one in frameworks if one.decides_readiness]
    if not deciding:
        message = said(
            "One of them has to guard the step from Pilot to Rollout as a whole: readiness is computed on it."
        )
        found.append(Fault("no_readiness_framework", message))
    for one in deciding[1:]:
        message = said(
            "{one} and {other} both guard the step from Pilot to Rollout as a whole; "
            "readiness is computed on one of them only.",
            one=content(deciding[0].name),
            other=content(one.name),
        )
        found.append(Fault("two_readiness_frameworks", message, one.slug))
    for before, after in combinations(frameworks, 2):
        if shared := shared_words(before, after):
            message = said(
                "{one} and {other} use the same codes: {words}.",
                one=content(before.name),
                other=content(after.name),
                words=", ".join(shared),
            )
            found.append(Fault("same_codes", message, after.slug))
    return found


def in_the_way(added: LoadedFramework, present: Iterable[LoadedFramework]) -> list[LoadedFramework]:
    """Those of a set that cannot stay beside this one: it would take their place."""
    return [
        one
        for one in present
        if shared_words(added, one) or (added.decides_readiness and one.decides_readiness)
    ]


def with_one_more(added: LoadedFramework, present: Sequence[LoadedFramework]) -> list[LoadedFramework]:
    """The set with this one: where the first stood that it cannot stand beside, else at the end."""
    leaving = in_the_way(added, present)
    kept = [one for one in present if one not in leaving]
    place = present.index(leaving[0]) if leaving else len(kept)
    return [*kept[:place], added, *kept[place:]]


def unguarded(before: Iterable[LoadedFramework], after: Iterable[LoadedFramework]) -> list[Step]:
    """The stage moves that something of the one set asks for and nothing of the other, in the order of the stages."""
    asked = {guard.step for one in before for guard in one.guards}
    left = asked - {guard.step for one in after for guard in one.guards}
    stages = list(Stage)
    return sorted(left, key=lambda step: stages.index(step[0]))


def _words(framework: LoadedFramework) -> set[str]:
    return {*framework.rows, *framework.gates.values()}
