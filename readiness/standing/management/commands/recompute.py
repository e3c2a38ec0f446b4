from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from readiness.clock import now
from readiness.standing import sweeping


class Command(BaseCommand):
    help = "Recompute what is due; with --all, every initiative."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="every initiative, due or not")

    def handle(self, *args: Any, **options: Any) -> None:
        at = now()
        if options["all"]:
            count = sum(sweeping.recompute_these(batch, at) for batch in sweeping.all_batches())
        else:
            count = sweeping.recompute_due(at)
        self.stdout.write(f"Recomputed {count} initiatives.")
