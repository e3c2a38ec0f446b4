"""The first admin, and any later one: `manage.py create_admin ada --name "Ada Lovelace" --email ada@example.org`."""

import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from readiness import clock
from readiness.accounts.models import SystemRole, User
from readiness.actions.errors import Invalid
from readiness.actions.passwords import password_errors
from readiness.actions.people import Profile, create_person
from readiness.audit.recording import COMMAND

PASSWORD_VARIABLE = "FIVEGATES_ADMIN_PASSWORD"  # noqa: S105  the name of a variable, not a password


class Command(BaseCommand):
    help = (
        "Enter a person with the role admin and a password. The password is asked for, or read from "
        f"{PASSWORD_VARIABLE}, or with --password-stdin from the first line of the standard input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", help="The full name; the username where it is left out")
        parser.add_argument("--email", default="")
        parser.add_argument("--password-stdin", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"]
        profile = Profile(options["name"] or username, options["email"], roles=frozenset({SystemRole.ADMIN}))
        password = _password(options["password_stdin"])
        try:
            errors = password_errors(
                password, User(username=username, name=profile.name, email=profile.email)
            )
            if errors:
                raise Invalid(errors)
            person = create_person(username, profile, COMMAND, clock.now(), password=password)
        except Invalid as refused:
            raise CommandError(
                "\n".join(f"{each.field}: {each.message}" for each in refused.errors)
            ) from None
        self.stdout.write(f"{person.name} ({person.username}) is an admin and can sign in.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise CommandError(
            f"No terminal to ask for a password: set {PASSWORD_VARIABLE} or use --password-stdin."
        )
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise CommandError("The two passwords differ.")
    return password
