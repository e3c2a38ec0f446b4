"""A spreadsheet of initiatives comes in: `manage.py import_portfolio list.csv --mapping mapping.yaml --dry-run`."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from checklists.documents import DocumentRefused
from readiness import clock
from readiness.accounts.models import Organisation
from readiness.importing import mapping_file, report
from readiness.importing.comparing import Comparison
from readiness.importing.directory import directory_for
from readiness.importing.headings import recognised
from readiness.importing.mapping import Mapping
from readiness.importing.plan import plan
from readiness.importing.reading import SourceRefused, Table, read_file
from readiness.importing.report import Report
from readiness.importing.writing import Import, ImportRefused, compared, refuse_what_cannot_be, write

SHOWN = 10


class Command(BaseCommand):
    help = (
        "Bring a spreadsheet (CSV or XLSX) of initiatives in, as a mapping says. All of it or nothing, unless "
        "--skip-bad; running it again with the same file changes nothing. Without --skip-bad or --in-batches it is one "
        "transaction, and nobody else can write anything until it is done. See docs/importing.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the CSV or XLSX file")
        parser.add_argument(
            "--mapping",
            default="",
            help="a YAML file, or one of those that ship: "
            f"{', '.join(mapping_file.shipped_names())}. Without one the headings say what the columns are",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument(
            "--skip-bad",
            action="store_true",
            help="bring in what can be, and leave rows out that have no usable name or stage",
        )
        parser.add_argument(
            "--in-batches",
            action="store_true",
            help="write batch by batch, as the browser does: others can write in between, and what is written stays",
        )
        parser.add_argument(
            "--report",
            type=Path,
            help="write every row and cell that could not be used to this .csv or .json file",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report_file = _report_file(options["report"])
        try:
            self._run(
                options["file"],
                options["mapping"],
                options["dry_run"],
                options["skip_bad"],
                report_file,
                whole=not (options["skip_bad"] or options["in_batches"]),
            )
        except (DocumentRefused, SourceRefused, ImportRefused) as refused:
            raise CommandError(str(refused)) from None

    def _run(
        self,
        file: Path,
        mapping_name: str,
        dry_run: bool,
        skip_bad: bool,
        report_file: Path | None,
        *,
        whole: bool,
    ) -> None:
        at = clock.now()
        table, mapping = _read(file, mapping_name, Organisation.get().day_of(at))
        run = Import(mapping, table.source, at)
        refuse_what_cannot_be(run)
        planned, told = plan(table, mapping, directory_for(mapping))
        self.stdout.write(report.as_text(told))
        if report_file is not None:
            self._write_report(told, report_file)
        if dry_run:
            self._say(compared(planned, run), would=True)
            if told.left_out and not skip_bad:
                self.stdout.write(
                    "Without --skip-bad nothing would be written, since rows would be left out."
                )
            return
        if told.left_out and not skip_bad:
            raise ImportRefused(
                f"Nothing was written: {len(told.left_out)} rows cannot become initiatives. Mend them, or leave them "
                "out with --skip-bad."
            )
        self._say(write(planned, run, whole=whole), would=False)

    def _write_report(self, told: Report, path: Path) -> None:
        as_json = path.suffix == ".json"
        try:
            # The mark at the beginning makes spreadsheet programs read it as UTF-8.
            path.write_text(
                report.as_json(told) if as_json else report.as_csv(told),
                encoding="utf-8" if as_json else "utf-8-sig",
            )
        except OSError as error:
            raise ImportRefused(
                f"The report cannot be written: {error.strerror}. Nothing was imported."
            ) from None
        self.stdout.write(f"Report: {path}")

    def _say(self, comparison: Comparison, *, would: bool) -> None:
        verb = "would be " if would else ""
        self.stdout.write(
            f"\n{len(comparison.new)} {verb}created, {len(comparison.changed)} {verb}brought up to date, "
            f"{len(comparison.same)} unchanged."
        )
        if comparison.worked_on:
            rows = ", ".join(str(one.row) for one in comparison.worked_on[:SHOWN])
            self.stdout.write(
                f"{len(comparison.worked_on)} differ from the file, but people have worked on them since the last "
                f"import: they are left alone (rows {rows}{_more(comparison.worked_on)})."
            )
        if comparison.gone:
            self.stdout.write(
                f"{len(comparison.gone)} came in earlier and are not in this file: they are left alone "
                f"({', '.join(comparison.gone[:SHOWN])}{_more(comparison.gone)})."
            )


def _read(file: Path, mapping_name: str, today: date) -> tuple[Table, Mapping]:
    if not mapping_name:
        table = read_file(file)
        return table, recognised(table.header, today)
    path = mapping_file.find(mapping_name)
    mapping = mapping_file.load(path)
    table = read_file(file, encoding=mapping.encoding, sheet=mapping.sheet, header_row=mapping.header_row)
    return table, mapping_file.load(path, table.header)


def _more(found: tuple[Any, ...]) -> str:
    return f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""


def _report_file(path: Path | None) -> Path | None:
    if path is not None and path.suffix not in (".csv", ".json"):
        raise CommandError("--report takes a file that ends in .csv or .json.")
    return path
