"""What has to be done before anything can be served: tables, frameworks and, if wanted, a demo portfolio."""

from collections.abc import Callable

from django.conf import settings
from django.core.management import CommandError, call_command

from gates.models import Initiative
from readiness.accounts.models import Organisation, User


def holds_data() -> bool:
    """Whether anybody ever did anything here: such a database is never filled with a demo."""
    return User.objects.exists() or Initiative.objects.exists()


def prepare(say: Callable[[str], None]) -> None:
    """Migrate, load the frameworks and, with DEMO=1, seed an empty database. Harmless when all is done already."""
    if settings.DEMO and settings.PRODUCTION:
        raise CommandError(
            "Everyone knows the demo's passwords: DEMO=1 and FIVEGATES_ENV=production exclude each other."
        )
    say("Preparing the database …")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_frameworks", verbosity=0)
    if settings.DEMO and not holds_data():
        say("Seeding the demo portfolio (once) …")
        call_command("seed_demo", verbosity=0)


def welcome() -> list[str]:
    """Whom to sign in as, or how to make somebody who can."""
    if Organisation.get().demo:
        return [
            "Sign in as lena (project lead), ravi (reviewer), elsa (executive), ada (admin),",
            "omar (lead of another unit) or iris (auditor). The password is demo.",
        ]
    if not User.objects.admins().exists():
        return [
            "Nobody can sign in yet. Make the first admin: .venv/bin/python manage.py create_admin USERNAME"
        ]
    return []
