"""How a report comes about: asked for on a page, made by a worker, kept as a file, and forgotten when it is old.

A worker that is killed leaves at most a file that no row names; whoever takes over makes the report anew, as of then.
"""

import importlib
import importlib.util
import logging
import tempfile
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.utils import timezone, translation

from checklists.said import said
from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.audit.recording import Actor, record
from readiness.portfolio.scope import Scope
from readiness.reports import document
from readiness.reports.contents import gather
from readiness.reports.models import Format, Report
from readiness.reports.sheets import write_csv, write_figures, write_xlsx
from readiness.room import is_full, save_whole
from readiness.standing.sweeping import NOBODY_TO_BLAME
from readiness.work import doing
from readiness.work.models import ACTIVE, LongWork

log = logging.getLogger(__name__)

KIND = "portfolio.report"
KEPT = 20
"""So many reports of each person are kept, the newest."""
ORPHAN_AGE = timedelta(days=1)
PDF_STEPS = 3
NOT_ALLOWED = said("Whoever asked for it cannot sign in any more.")
GONE = said("This report is gone.")
NO_PDF = said("PDFs cannot be made on this server: WeasyPrint needs Pango, which is not installed.")
UNEXPECTED = said("Something went wrong here; it is in the log. Ask for it anew.")


class CannotMake(Exception):
    """It cannot be made, here or any more. ``sentence`` is for the person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


Told = Callable[[int, int | None], None]
"""Hears how far it is: what is done, of how much."""


def store() -> Storage:
    return storages["reports"]


@transaction.atomic
def ask(person: User, wanted: Format, scope: Scope, subject: str, language: str, at: datetime) -> Report:
    """Enter a report and the work of making it; whoever asks has to send its task. Raises doing.AlreadyUnderWay."""
    failed = Report.objects.of(person.pk).filter(made_at__isnull=True, month="")
    failed.exclude(work__state__in=ACTIVE).delete()
    report = Report.objects.create(
        person=person, format=wanted, asked=scope.asked, subject=subject[:300], language=language, asked_at=at
    )
    report.work = doing.ask_for(
        KIND, str(report), person, at, {"report": report.pk}, lock=f"{KIND}:{person.pk}"
    )
    report.save(update_fields=["work"])
    record(Actor.person(person), "report.ordered", told_of(report), at)
    return report


def told_of(report: Report) -> dict[str, Any]:
    """A report as the audit trail tells of it: which one, what kind of file, and what it speaks of."""
    return {"report": report.pk, "format": report.format, "filters": report.asked}


def hand_out(report: Report, at: datetime) -> File:
    """Its file for its person; that it left is noted. Raises FileNotFoundError."""
    file = store().open(report.file_key)
    try:
        with transaction.atomic():
            record(Actor.person(report.person), "report.downloaded", told_of(report), at)
    except BaseException:
        file.close()
        raise
    return file


def carry_on(work_id: int, at: datetime) -> None:
    """Make the report of this work, if nobody else is at it."""
    work = doing.take(work_id, at)
    if work is None:
        return
    try:
        _do(work, at)
    except CannotMake as reason:
        doing.fail(work, reason.sentence, clock.now())
    except NOBODY_TO_BLAME:
        raise  # the work stays, and is taken up again once its sign of life is old
    except doing.ClaimLost:
        log.warning("Work %s was taken over by another worker", work.pk)
    except Exception as error:
        log.exception("Work %s failed", work.pk)
        doing.fail(work, doing.FULL if is_full(error) else UNEXPECTED, clock.now())


def _do(work: LongWork, at: datetime) -> None:
    report = Report.objects.select_related("person").filter(pk=work.params["report"]).first()
    if report is None:
        raise CannotMake(GONE)

    def finish() -> None:
        doing.finish(work, clock.now(), {})

    make(report, at, lambda done, total: doing.beat(work, clock.now(), done, total), finish)


def make(report: Report, at: datetime, told: Told, finish: Callable[[], None]) -> None:
    """Make its file as of this moment, with what its person may see now, and keep it.

    ``finish`` is called in the transaction that names the file; where it raises, no file is kept. Raises CannotMake.
    """
    organisation = Organisation.get()
    if not User.objects.able_to_sign_in(organisation).filter(pk=report.person_id).exists():
        raise CannotMake(NOT_ALLOWED)
    with tempfile.TemporaryDirectory(dir=settings.UPLOAD_DIR, prefix="report-") as folder:
        path = Path(folder) / "report"
        with timezone.override(organisation.zone), translation.override(report.language):
            _write(report, organisation, at, path, told)
        _keep(report, path, at, finish)
    forget_old(report.person_id)


def _write(report: Report, organisation: Organisation, at: datetime, path: Path, told: Told) -> None:
    if report.kind == Format.PDF:
        told(0, PDF_STEPS)
    found = gather(report.person, organisation, report.scope, at)
    if report.kind == Format.PDF:
        told(1, PDF_STEPS)
        html = document.document(found)
        told(2, PDF_STEPS)
        _lay_out(html, path)
        told(3, PDF_STEPS)
        return
    if report.kind == Format.FIGURES:
        write_figures(found, path)
        return
    total = found.basis.total
    told(0, total)
    write = write_xlsx if report.kind == Format.XLSX else write_csv
    write(found, path, lambda count: told(min(count, total), total))


def _lay_out(html: str, path: Path) -> None:
    """Only now is loaded what lays a page out: a web process never does, and a worker only when one is wanted."""
    try:
        pdf = importlib.import_module("readiness.reports.pdf")
    except (ImportError, OSError) as missing:
        log.warning("No PDF can be made here: %s", missing)
        raise CannotMake(NO_PDF) from None
    pdf.write(html, document.SHEETS, settings.FIVEGATES_URL, path)


def _keep(report: Report, path: Path, at: datetime, finish: Callable[[], None]) -> None:
    name = uuid.uuid4().hex
    with path.open("rb") as file:
        key = save_whole(store(), f"{name[:2]}/{name}", File(file))
    try:
        with transaction.atomic():
            finish()
            Report.objects.filter(pk=report.pk).update(made_at=at, file_key=key, size=path.stat().st_size)
    except BaseException:
        store().delete(key)
        raise
    report.refresh_from_db()


def forget_old(person_id: int) -> int:
    """Remove what is beyond the newest of a person, rows first: a row never names a file that is gone."""
    old = list(Report.objects.of(person_id).made()[KEPT : KEPT + 100])
    Report.objects.filter(pk__in=[one.pk for one in old]).delete()
    for one in old:
        store().delete(one.file_key)
    return len(old)


def sweep_orphans(at: datetime) -> int:
    """Remove files that no row names, and rows of a mail that came to nothing, from workers that were killed."""
    broken_off = Report.objects.filter(made_at__isnull=True, asked_at__lt=at - ORPHAN_AGE).exclude(month="")
    removed, _each = broken_off.delete()
    for key in _stored_keys():
        if (
            store().get_modified_time(key) < at - ORPHAN_AGE
            and not Report.objects.filter(file_key=key).exists()
        ):
            store().delete(key)
            removed += 1
    return removed


def _stored_keys() -> list[str]:
    try:
        folders, _files = store().listdir("")
    except FileNotFoundError:  # nothing was ever stored
        return []
    return [f"{folder}/{name}" for folder in folders for name in store().listdir(folder)[1]]


def forgotten(at: datetime, send: Callable[[int], None]) -> int:
    """Send the tasks anew of work that nobody has done anything about for too long. Returns how many."""
    keys = list(LongWork.objects.filter(kind=KIND).forgotten(at).values_list("pk", flat=True))
    for key in keys:
        send(key)
    return len(keys)
