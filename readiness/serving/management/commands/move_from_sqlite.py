from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from readiness.serving.moving import move_from_sqlite


class Command(BaseCommand):
    help = "Copy the database of an embedded installation into the empty PostgreSQL that DATABASE_URL names."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="its fivegates.sqlite3, which nothing uses any more")

    def handle(self, *args: Any, **options: Any) -> None:
        move_from_sqlite(options["file"], self.stdout.write)
