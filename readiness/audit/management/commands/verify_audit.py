from typing import Any

from django.core.management.base import BaseCommand, CommandError

from readiness.audit.recording import verify


class Command(BaseCommand):
    help = "Prove the audit chain, or name its first broken link (exit status 1)."

    def handle(self, *args: Any, **options: Any) -> None:
        events, broken = verify()
        if broken is not None:
            raise CommandError(f"The audit chain is broken at event {broken.seq}: {broken.reason}.")
        self.stdout.write(f"The audit chain holds: {events} events.")
