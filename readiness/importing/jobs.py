"""An import in the background: first a check that writes nothing, then the writing, batch by batch.

What a worker leaves half done the next one carries on: the file is read again, and what is here already is left alone.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage

from checklists.documents import DocumentRefused
from checklists.said import said
from readiness import clock
from readiness.accounts.models import User
from readiness.accounts.policy import Act, allows
from readiness.audit.recording import Actor
from readiness.importing import mapping_file
from readiness.importing.comparing import Comparison
from readiness.importing.directory import directory_for
from readiness.importing.headings import BY_HEADINGS, recognised
from readiness.importing.plan import PlannedInitiative, plan
from readiness.importing.reading import SourceRefused, read_bytes
from readiness.importing.remains import entry, keep
from readiness.importing.report import Report, people_told
from readiness.importing.writing import Import, ImportRefused, compared, refuse_what_cannot_be, write
from readiness.room import is_full
from readiness.standing.sweeping import NOBODY_TO_BLAME
from readiness.work import doing
from readiness.work.models import REMAINS, LongWork

log = logging.getLogger(__name__)

CHECK, RUN = "import.check", "import.run"
KINDS = (CHECK, RUN)
LOCK = "import"
SLICE = timedelta(seconds=45)
"""So long a worker writes in one go, once it has read the file; then the rest is a task anew."""
LATEST = timedelta(seconds=75)
"""So long after its start a task begins no further batch, however long it read: below its soft time limit."""
SHOWN = 50
NOT_ALLOWED = said("Whoever asked for it may not import any more.")
FILE_GONE = said("The uploaded file is kept for a day, and is gone. Upload it again.")
UNEXPECTED = said("Something went wrong here; it is in the log. What was written before stays. Try it again.")


class SliceOver(Exception):
    """The rest is for the next task."""


@dataclass(frozen=True, slots=True)
class Read:
    """A file and its mapping, read: what would be there, and everything that could not be used."""

    planned: list[PlannedInitiative]
    report: Report
    run: Import
    labels: tuple[str, ...]


def read(params: Mapping[str, Any], by: Actor, at: datetime) -> Read:
    """Raises DocumentRefused, SourceRefused, ImportRefused."""
    try:
        with default_storage.open(params["file_key"]) as file:
            data = file.read()
    except FileNotFoundError:
        raise ImportRefused(FILE_GONE) from None
    name, text = params["mapping_name"], params.get("mapping_text", "")
    if name == BY_HEADINGS and not text:
        table = read_bytes(data, params["file_name"])
        mapping = recognised(table.header, date.fromisoformat(params["as_of"]))
    else:
        content, name = mapping_file.given(name, text)
        first = mapping_file.parse(content, name)
        table = read_bytes(
            data,
            params["file_name"],
            encoding=first.encoding,
            sheet=first.sheet,
            header_row=first.header_row,
        )
        mapping = mapping_file.parse(content, name, table.header)
    run = Import(mapping, table.source, at, by)
    refuse_what_cannot_be(run)
    planned, report = plan(table, run.mapping, directory_for(run.mapping))
    return Read(planned, report, run, table.labels)


def carry_on(work_id: int, at: datetime) -> bool:
    """Do a check or a run, as far as the time goes. Returns whether something is left for another task."""
    work = doing.take(work_id, at)
    if work is None:
        return False
    try:
        return _do(work, at)
    except (SourceRefused, ImportRefused) as refused:
        _fail(work, refused.message)
    except DocumentRefused as refused:
        _fail(work, refused.sentence)
    except NOBODY_TO_BLAME:
        raise  # the work stays, and is taken up again once its sign of life is old
    except doing.ClaimLost:
        log.warning("Work %s was taken over by another worker", work.pk)
    except Exception as error:
        log.exception("Work %s failed", work.pk)
        _fail(work, doing.FULL if is_full(error) else UNEXPECTED)
    return False


def _fail(work: LongWork, message: str) -> None:
    doing.fail(work, message, clock.now())


def _do(work: LongWork, at: datetime) -> bool:
    by = User.objects.get(pk=work.by_id)
    if not allows(by, Act.TAKE_OVER_LATE):
        raise ImportRefused(NOT_ALLOWED)
    found = read(work.params, Actor.person(by), at)
    if work.kind == CHECK:
        doing.finish(work, clock.now(), told(found, compared(found.planned, found.run)))
        return False
    if found.report.left_out and not work.params.get("skip_bad"):
        raise ImportRefused(said("Rows would be left out, and that was not agreed to. Nothing was written."))
    try:
        _write(work, found, min(clock.now() + SLICE, at + LATEST))
    except SliceOver:
        doing.pause(work, clock.now())
        return True
    return False


def _write(work: LongWork, found: Read, until: datetime) -> None:
    """What an earlier task wrote is counted as done.

    The result tells what the first found, before anything was written: to a later one that looks unchanged.
    """
    before = work.done
    if work.result:
        doing.beat(work, clock.now(), before, work.total)
    else:
        doing.note(work, clock.now(), told(found, compared(found.planned, found.run)))

    def on_batch(written: int, of: int) -> None:
        now = clock.now()
        doing.beat(work, now, before + written, before + of)
        if now >= until and written < of:
            raise SliceOver

    done = write(found.planned, found.run, whole=False, told=on_batch)
    written = before + len(done.new) + len(done.changed)
    doing.finish(work, clock.now(), work.result | {"written": written})


def told(found: Read, comparison: Comparison) -> dict[str, Any]:
    """A check or a run in figures, and the first of what could not be used, as its page shows it.

    ``remains``: the key of the file that holds all of that, "" where there is none.
    """
    report = found.report
    return {
        "rows": report.rows,
        "planned": report.planned,
        "new": len(comparison.new),
        "changed": len(comparison.changed),
        "same": len(comparison.same),
        "worked_on": [one.row for one in comparison.worked_on[:SHOWN]],
        "worked_on_count": len(comparison.worked_on),
        "gone": list(comparison.gone[:SHOWN]),
        "gone_count": len(comparison.gone),
        "left_out_count": len(report.left_out),
        "findings": [[reason.value, count] for reason, count in report.by_reason.most_common()],
        "entries": [entry(what, one) | {"text": one.text[:120]} for what, one in report.entries()[:SHOWN]],
        REMAINS: keep(report, found.labels),
        "entries_count": len(report.left_out) + len(report.findings),
        "people": people_told(report),
        "columns": [list(one) for one in report.columns],
        "unused": list(report.unused_columns),
        "stages": [[stage, count] for stage, count in report.stages.items()],
    }


def forgotten(at: datetime, send: Callable[[int], None]) -> int:
    """Send the tasks anew of work that nobody has done anything about for too long. Returns how many."""
    keys = list(LongWork.objects.filter(kind__in=KINDS).forgotten(at).values_list("pk", flat=True))
    for key in keys:
        send(key)
    return len(keys)
