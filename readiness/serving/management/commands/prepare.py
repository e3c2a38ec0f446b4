from typing import Any

from django.core.management.base import BaseCommand

from readiness.serving.preparing import prepare


class Command(BaseCommand):
    help = (
        "Migrate, load the frameworks and, with DEMO=1, seed an empty database. Safe to run at every start."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        prepare(self.stdout.write)
