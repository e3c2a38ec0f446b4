"""People come in from a CSV file: `manage.py import_people people.csv --dry-run`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from readiness import clock
from readiness.actions.errors import Invalid
from readiness.actions.people_lists import Trial, as_text, enter_list, invite_all, trial
from readiness.audit.recording import COMMAND


class Command(BaseCommand):
    help = (
        "Enter the people of a CSV file with the columns Name and E-mail, and Unit, Roles, Username, Function as "
        "wanted: all of them or nobody. Whose e-mail is here already is left as they are. Each is invited by mail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the CSV file")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument("--no-invitations", action="store_true", help="enter them and send no mail")

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        try:
            text = as_text(options["file"].read_bytes())
            found = trial(text)
            if found.errors:
                raise CommandError(_faults(found))
            if options["dry_run"]:
                self._say(found, "would be entered")
                return
            people, found = enter_list(text, COMMAND, at)
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.") from None
        except Invalid as refused:
            raise CommandError(_faults(Trial(errors=refused.errors))) from None
        self._say(found, "entered")
        if options["no_invitations"]:
            return
        for person in invite_all(people, COMMAND, at):
            self.stdout.write(
                f"No invitation could be mailed to {person.username}: make them a link on their page."
            )

    def _say(self, found: Trial, verb: str) -> None:
        self.stdout.write(f"{len(found.new)} {verb}, {len(found.here)} here already.")
        for one in found.new:
            self.stdout.write(f"  line {one.number}: {one.profile.name} ({one.username})")
        for one, person in found.here:
            self.stdout.write(
                f"  line {one.number}: {one.profile.email} is {person.username}, left as they are"
            )


def _faults(found: Trial) -> str:
    lines = [f"line {line}: {told}" if line else told for line, told in found.faults]
    return "\n".join(["Nobody was entered.", *lines])
