"""For an admin who lost phone and recovery codes, where no other admin is left: `manage.py reset_two_factor ada`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from readiness import clock
from readiness.actions.errors import Refused
from readiness.actions.two_factor import reset_two_factor
from readiness.audit.recording import COMMAND


class Command(BaseCommand):
    help = "Take the second factor from a person, who is signed out and signs in with the password alone next time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = reset_two_factor(options["username"], COMMAND, clock.now())
        except Refused as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(f"{person.name} ({person.username}) signs in with the password alone next time.")
