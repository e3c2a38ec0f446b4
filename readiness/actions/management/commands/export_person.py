"""What is kept about a person, as a ZIP: `manage.py export_person lena --to /tmp`."""

import os
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from readiness import clock
from readiness.actions.errors import Refused
from readiness.actions.exporting import file_name, take_data_along, write_data
from readiness.audit.recording import COMMAND


class Command(BaseCommand):
    help = (
        "Write everything that carries this person into one ZIP, which only you may read. No secret is in it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--to", default=".", metavar="FOLDER", help="Where to; here where it is left out")

    def handle(self, *args: Any, **options: Any) -> None:
        at, folder = clock.now(), Path(options["to"])
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        try:
            person = take_data_along(options["username"], COMMAND, at)
        except Refused as refused:
            raise CommandError(refused.message) from None
        path = folder / file_name(person, at)
        try:
            opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise CommandError(f"{path} exists already.") from None
        try:
            with os.fdopen(opened, "wb") as file:
                write_data(person, file, at, own=False)
        except BaseException:
            with suppress(FileNotFoundError):  # half a file would be taken for a whole one
                path.unlink()
            raise
        self.stdout.write(str(path))
