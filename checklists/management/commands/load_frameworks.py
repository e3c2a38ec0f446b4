from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from checklists.documents import DocumentRefused
from checklists.frameworks import ParsedFramework
from checklists.loading import NotPublished, load_framework, loading_order, read_framework, shipped_files
from readiness import clock


class Command(BaseCommand):
    help = (
        "Publish frameworks from YAML files (without paths: those that come with the product). What stands already "
        "is left alone; a file with a mistake is refused whole, and then nothing is loaded."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="FILE", help="a framework as YAML")

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        refused: list[str] = []
        for parsed in sorted(self._read(options["paths"] or shipped_files()), key=loading_order):
            try:
                loaded = load_framework(parsed, at)
            except NotPublished as reason:
                refused.append(str(reason))
                continue
            if options["verbosity"]:
                self.stdout.write(_report(parsed, loaded.published))
        if refused:
            raise CommandError("\n".join(refused))

    def _read(self, paths: list[Path]) -> list[ParsedFramework]:
        read: list[ParsedFramework] = []
        refused: list[str] = []
        for path in paths:
            try:
                read.append(read_framework(path))
            except OSError as error:
                refused.append(f"{path} cannot be read: {error.strerror}")
            except DocumentRefused as error:
                refused.append(str(error))
        if refused:
            raise CommandError("\n".join([*refused, "Nothing was loaded."]))
        return read


def _report(parsed: ParsedFramework, published: bool) -> str:
    version = f"{parsed.slug} {parsed.version}"
    if not published:
        return f"{version}: stands already, unchanged."
    kind = "checkpoints" if parsed.kind == "checkpoints" else "gates"
    return f"{version}: published, {kind}: {len(parsed.gates)}, items: {len(parsed.items)}."
