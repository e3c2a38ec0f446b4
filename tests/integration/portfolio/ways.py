"""Initiatives that went a given way through the stages, written straight into the tables."""

from datetime import date, timedelta

from gates.models import Initiative, StageEntry
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.initiatives import give_passages
from readiness.standing.recompute import recompute_batch

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


def live_scene(by: User, count: int) -> None:
    """Initiatives of their own days, with standings, so that lists can show them."""
    today = clock.now().date()
    for number in range(count):
        start = today - timedelta(days=300 + 40 * number)
        later = [start + timedelta(days=days) for days in (9, 20, 50 + number)]
        way(("intake", start), ("pilot", later[0]), ("live", later[2]), created_by=by)
        if number % 4 == 0:
            way(("intake", start), ("poc", later[1]), ("stopped", later[2]), created_by=by)
            way(("intake", start), ("poc", later[1]), created_by=by, poc_days=20)
            way(("intake", start), visibility="team", created_by=by)
    way(("pilot", today - timedelta(days=20)), created_by=by)
    way(("intake", today - timedelta(days=20)), ("live", None), created_by=by)
    bare = Initiative.objects.filter(standing__isnull=True)
    give_passages(list(bare), clock.now())
    recompute_batch(list(bare.values_list("pk", flat=True)), clock.now())
