"""Who they were is taken out, for good: `manage.py erase_person lena`."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from readiness import clock
from readiness.actions.erasing import erase_person
from readiness.actions.errors import Refused
from readiness.audit.recording import COMMAND


class Command(BaseCommand):
    help = (
        "Put a pseudonym in place of a deactivated person, and remove what only they needed. It cannot be undone. What "
        "they did stays under the pseudonym; the audit trail keeps the names that its events were written with."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--yes", action="store_true", help="Do not ask once more")

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"]
        if not options["yes"]:
            if not sys.stdin.isatty():
                raise CommandError("No terminal to ask once more: use --yes.")
            if input(f"This cannot be undone. Type the username of {username} once more: ") != username:
                raise CommandError("That is not the username. Nothing was changed.")
        try:
            person = erase_person(username, COMMAND, clock.now())
        except Refused as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(f"Erased: what they did stands under {person.name} ({person.username}).")
