"""Initiatives that went a given way through the stages, written straight into the tables."""

from datetime import date

from gates.models import Initiative, StageEntry
from readiness import clock

TODAY = date(2026, 3, 31)


def way(*stays: tuple[str, date | None], **facts: object) -> Initiative:
    """An initiative with these stays, each until the next one, written straight into the tables."""
    stage, since = stays[-1]
    row = Initiative.objects.create(
        name="Way", name_key="way", search_key="way", business_problem="Late.", stage=stage, stage_since=since,
        created_at=clock.now(), updated_at=clock.now(), **facts,
    )  # fmt: skip
    for number, (of_stage, day) in enumerate(stays):
        left = stays[number + 1][1] or max(TODAY, day or TODAY) if number + 1 < len(stays) else None
        StageEntry.objects.create(
            initiative=row, stage=of_stage, entered_on=day, left_on=left, recorded_at=clock.now()
        )
    return row
