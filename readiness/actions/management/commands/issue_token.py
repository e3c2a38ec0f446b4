"""A token for a program: `manage.py issue_token lena --name "BI export" --scope read`."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from readiness import clock
from readiness.accounts.backend import may_sign_in
from readiness.accounts.models import Scope, User
from readiness.actions.errors import Invalid, Refused
from readiness.actions.tokens import LONGEST_LIFE, issue_token
from readiness.audit.recording import COMMAND


class Command(BaseCommand):
    help = "Print a new token of this person's, alone, on standard output. It is shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="What it is for")
        parser.add_argument("--scope", action="append", required=True, choices=Scope.values, dest="scopes")
        parser.add_argument("--expires-in-days", type=int, metavar="N")

    def handle(self, *args: Any, **options: Any) -> None:
        at, days = clock.now(), options["expires_in_days"]
        if days is not None and not 1 <= days <= LONGEST_LIFE.days:
            raise CommandError(f"--expires-in-days: from 1 to {LONGEST_LIFE.days}.")
        user = User.objects.named(options["username"]).first()
        if user is None:
            raise CommandError(f"There is no person with the username {options['username']}.")
        if not may_sign_in(user):
            raise CommandError(f"{user.name} may not sign in, so a token of theirs would be refused.")
        expires_at = None if days is None else at + timedelta(days=days)
        try:
            _, plain = issue_token(user, options["name"], options["scopes"], expires_at, COMMAND, at)
        except Invalid as refused:
            raise CommandError(
                "\n".join(f"{each.field}: {each.message}" for each in refused.errors)
            ) from None
        except Refused as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(plain)
