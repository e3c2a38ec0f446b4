from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from readiness.clock import now
from readiness.demo.scaling import seed_many
from readiness.demo.seeding import NotEmpty, seed


class Command(BaseCommand):
    help = (
        "Fill an empty database with a made-up insurer: about 40 initiatives and 18 months of history that end today, "
        "and turn demo mode on. With --scale N, N initiatives for measuring instead."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, metavar="N", help="make N initiatives, for measuring")

    def handle(self, *args: Any, **options: Any) -> None:
        scale = options["scale"]
        if scale is not None and not 1 <= scale <= 100_000:
            raise CommandError("--scale takes a number from 1 to 100000.")
        try:
            count = seed_many(scale, now()) if scale else seed(now())
        except NotEmpty as refused:
            raise CommandError(str(refused)) from refused
        if options["verbosity"]:
            self.stdout.write(
                f"Seeded {count} initiatives. Sign in as ada, lena, ravi, elsa, omar or iris; password demo."
            )
