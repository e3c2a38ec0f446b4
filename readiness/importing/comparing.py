"""What an import would change in what is here already."""

from collections.abc import Sequence
from dataclasses import dataclass

from gates.models import Initiative
from readiness.importing.plan import PlannedInitiative


@dataclass(frozen=True, slots=True)
class Known:
    """An initiative that an earlier run brought in. It is ``ours`` until a person first worked on it."""

    pk: int
    digest: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """``changed`` pairs a row with the key of the initiative it would change.

    ``same`` rows are here as they stand in the file. ``worked_on`` differ from it, but a person has worked on them
    since, so they are left alone. ``gone`` are the references of what an earlier run brought in and the file no longer
    has; nothing is ever deleted.
    """

    new: tuple[PlannedInitiative, ...]
    changed: tuple[tuple[PlannedInitiative, int], ...]
    same: tuple[PlannedInitiative, ...]
    worked_on: tuple[PlannedInitiative, ...]
    gone: tuple[str, ...]

    @property
    def has_news(self) -> bool:
        return bool(self.new or self.changed)


def compare(planned: Sequence[PlannedInitiative], source: str) -> Comparison:
    """Hold rows against what earlier runs of the same mapping (``source``) brought in, in one query."""
    known = {
        key: Known(pk, digest, as_of is not None)
        for pk, key, digest, as_of in Initiative.objects.filter(source=source).values_list(
            "pk", "source_key", "source_digest", "as_of"
        )
    }
    new, changed, same, worked_on = [], [], [], []
    for one in planned:
        there = known.pop(one.source_key, None)
        if there is None:
            new.append(one)
        elif there.digest == one.digest:
            same.append(one)
        elif there.ours:
            changed.append((one, there.pk))
        else:
            worked_on.append(one)
    gone = sorted(f"AI-{there.pk:04d}" for there in known.values())
    return Comparison(tuple(new), tuple(changed), tuple(same), tuple(worked_on), tuple(gone))
