"""Writing an import: what is new is entered as taken over, what an earlier run brought in is brought up to date.

At the command nobody is signed in: the actor is the import; in the browser it is the person. Each initiative that is
written leaves one audit event and is computed by the one recompute; running it again with the same file writes nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from checklists.models import Framework, Item
from checklists.said import content, said
from gates.models import Initiative, StageEntry
from gates.stages import Stage
from readiness.accounts.models import Organisation
from readiness.actions.fields import index
from readiness.actions.initiatives import give_passages
from readiness.actions.own_reasons import LEFT_UNKNOWN, SINCE_UNKNOWN, TAKEN_OVER, TAKEN_OVER_SINCE_UNKNOWN
from readiness.actions.starting import starting_slugs
from readiness.audit.recording import IMPORT, IMPORTED, Actor
from readiness.importing.comparing import Comparison, compare
from readiness.importing.mapping import Mapping
from readiness.importing.placing import hold_named, write_people
from readiness.importing.plan import PlannedInitiative
from readiness.importing.reading import Source
from readiness.importing.saying import write_answers
from readiness.planner import refresh_statistics
from readiness.standing.recompute import BATCH, Deed, recompute

FACTS = (
    "name", "business_problem", "business_unit", "technology", "vendor", "approach", "tags", "stage", "stage_since",
    "taken_over", "intake_days", "poc_days", "pilot_days", "rollout_days", "as_of", "source_digest",
)  # fmt: skip
KEYS = ("name_key", "business_unit_key", "technology_key", "vendor_key", "tags_key", "search_key")

Row = tuple[PlannedInitiative, int | None]
"""A row, and the key of the initiative it changes; None where it is a new one."""


class ImportRefused(Exception):
    """Nothing was written. The message says why, for the person who asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Import:
    """One run: what is written by which mapping, from which file, when."""

    mapping: Mapping
    source: Source
    at: datetime
    by: Actor = IMPORT


Told = Callable[[int, int], None]
"""Told after each batch: how many rows are written, and of how many."""


def write(
    planned: Sequence[PlannedInitiative], run: Import, *, whole: bool = True, told: Told | None = None
) -> Comparison:
    """Write what is new or changed; returns what was.

    ``whole``: all of it in one transaction, or none; the first batch takes the audit chain, so nobody else writes until
    the last. (To write all rows first and compute them after would help little: most of the time goes into computing.)
    Otherwise in batches that stay when a later one fails, or when ``told`` raises between two. Raises ImportRefused.
    """
    refuse_what_cannot_be(run)
    with transaction.atomic() if whole else nullcontext():
        comparison = compared(planned, run)
        changed = sorted(comparison.changed, key=lambda pair: pair[1])
        rows: list[Row] = [*((one, None) for one in comparison.new), *changed]
        if whole:
            # Rows first, the audit chain last: no batch may lock a row after an earlier one took the chain.
            _lock([pk for _, pk in changed])
            hold_named(one for one, _ in rows)
        written = 0
        for batch in _batches(rows):
            _write_batch(batch, run)
            written += len(batch)
            if told is not None:
                told(written, len(rows))
    if rows:
        refresh_statistics()
    return comparison


def compared(planned: Sequence[PlannedInitiative], run: Import) -> Comparison:
    """The rows held against what earlier runs brought in.

    Raises ImportRefused where new ones would not have the framework whose answers the mapping brings along.
    """
    found = compare(planned, run.mapping.name)
    answers = run.mapping.framework if run.mapping.answers else ""
    if answers and found.new and answers not in (slugs := starting_slugs()):
        raise ImportRefused(
            said(
                "The mapping answers {framework}, and new initiatives do not begin with it: they begin with {slugs}.",
                framework=repr(answers),
                slugs=", ".join(slugs),
            )
        )
    return found


def refuse_what_cannot_be(run: Import) -> None:
    """Hold the mapping against this installation: its day, its framework, its items. Raises ImportRefused."""
    today = Organisation.get().day_of(run.at)
    if run.mapping.as_of > today:
        raise ImportRefused(
            said(
                "The mapping speaks of {day}, a day that is still to come.", day=run.mapping.as_of.isoformat()
            )
        )
    if not Framework.objects.current().exists():
        raise ImportRefused(said("No framework is loaded yet: run `manage.py load_frameworks` first."))
    wanted = {rule.item for rule in run.mapping.answers}
    if not wanted:
        return
    framework = Framework.objects.current().filter(slug=run.mapping.framework).first()
    if framework is None:
        raise ImportRefused(
            said(
                "The mapping answers {framework}, and there is no such framework here.",
                framework=repr(run.mapping.framework),
            )
        )
    known = set(Item.objects.filter(gate__framework=framework).values_list("code", flat=True))
    if wanted - known:
        missing = ", ".join(sorted(wanted - known))
        raise ImportRefused(
            said(
                "{framework} {version} has no item {missing}, which the mapping answers.",
                framework=content(framework.name),
                version=framework.version,
                missing=missing,
            )
        )


def _take_time() -> None:
    """Lift PostgreSQL's limit for a statement until the transaction ends: it is meant for pages people wait for.

    Within one long transaction PostgreSQL plans without statistics of what the import itself has written.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '5min'")


@transaction.atomic
def _write_batch(batch: Sequence[Row], run: Import) -> None:
    _take_time()
    locked = _lock([pk for _, pk in batch if pk is not None])
    hold_named(one for one, _ in batch)
    currency = Organisation.get().currency
    pairs = [(_new(run, currency), one) for one, pk in batch if pk is None]
    # Whom a person has begun to work on in the meantime is theirs.
    pairs += [(locked[pk], one) for one, pk in batch if pk is not None and locked[pk].as_of is not None]
    for initiative, one in pairs:
        _set_facts(initiative, one, run)
    created = [initiative for initiative, _ in pairs if initiative.pk is None]
    altered = [initiative for initiative, _ in pairs if initiative.pk is not None]
    Initiative.objects.bulk_create(created)
    for initiative in created:
        index(initiative)
    Initiative.objects.bulk_update(created, ["search_key"])
    Initiative.objects.bulk_update(altered, [*FACTS, *KEYS, "version", "updated_at"])
    _write_stages(pairs, altered, run)
    if run.mapping.people:
        write_people(pairs, run.at)
    give_passages(created, run.at)
    by_key = {initiative.pk: one for initiative, one in pairs}
    write_answers(by_key, run.mapping.framework, run.at)
    recompute(sorted(by_key), run.at, _deed(by_key, {initiative.pk for initiative in created}, run))


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _lock(keys: Sequence[int]) -> dict[int, Initiative]:
    rows = Initiative.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True)
    return {initiative.pk: initiative for initiative in rows}


def _new(run: Import, currency: str) -> Initiative:
    """What the file does not speak of is unknown: money, priorities, and people until a row names some."""
    return Initiative(
        source=run.mapping.name,
        people_known=False,
        currency=currency,
        created_at=run.at,
        version=0,
    )


def _set_facts(initiative: Initiative, one: PlannedInitiative, run: Import) -> None:
    initiative.source_key, initiative.source_digest, initiative.as_of = one.source_key, one.digest, one.as_of
    initiative.name, initiative.business_problem = one.name, one.business_problem
    initiative.business_unit, initiative.technology, initiative.vendor = (
        one.business_unit,
        one.technology,
        one.vendor,
    )
    initiative.approach, initiative.tags = one.approach, list(one.tags)
    initiative.stage, initiative.stage_since = one.stage.value, one.stage_since
    initiative.taken_over = one.stage != Stage.INTAKE
    initiative.intake_days, initiative.poc_days = one.intake_days, one.poc_days
    initiative.pilot_days, initiative.rollout_days = one.pilot_days, one.rollout_days
    initiative.updated_at = run.at
    initiative.version += 1
    index(initiative)


def _write_stages(
    pairs: Sequence[tuple[Initiative, PlannedInitiative]], altered: Sequence[Initiative], run: Import
) -> None:
    """The stays that the file tells of. Those of an earlier run are replaced: no person has moved these stages."""
    StageEntry.objects.filter(initiative__in=altered).delete()
    StageEntry.objects.bulk_create(
        entry for initiative, one in pairs for entry in _stays(initiative, one, run)
    )


def _stays(initiative: Initiative, one: PlannedInitiative, run: Import) -> Iterator[StageEntry]:
    *earlier, present = one.history
    for step, following in zip(earlier, one.history[1:], strict=True):
        known = following.entered_on is not None
        yield StageEntry(
            initiative=initiative,
            stage=step.stage.value,
            entered_on=step.entered_on,
            left_on=following.entered_on or one.as_of,
            reason="" if known else LEFT_UNKNOWN,
            recorded_at=run.at,
        )
    reason, unknown = (
        ("", SINCE_UNKNOWN) if one.stage == Stage.INTAKE else (TAKEN_OVER, TAKEN_OVER_SINCE_UNKNOWN)
    )
    yield StageEntry(
        initiative=initiative,
        stage=present.stage.value,
        entered_on=present.entered_on,
        reason=reason if present.entered_on else unknown,
        recorded_at=run.at,
    )


def _deed(planned: dict[int, PlannedInitiative], created: set[int], run: Import) -> Deed:
    data: dict[str, Any] = {
        "source": run.mapping.title or run.mapping.name,
        "mapping": run.mapping.name,
        "file": run.source.name,
        "sha256": run.source.sha256,
        "as_of": run.mapping.as_of,
    }
    each = {
        pk: {
            "row": one.row,
            "name": one.name,
            "stage": one.stage.value,
            "taken_over": one.stage != Stage.INTAKE,
            "answers": [{"item": said.item, "answer": said.answer} for said in one.answers],
            "again": pk not in created,
            "people": {place.role: list(place.usernames) for place in one.people if place.usernames},
        }
        for pk, one in planned.items()
    }
    return Deed(run.by, IMPORTED, data, each=each)
