"""What has to be done before anything can be served: tables, frameworks and, if wanted, a demo portfolio."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import CommandError, call_command
from django.db import connection

from readiness.accounts.models import Organisation, User
from readiness.clock import now
from readiness.demo.seeding import holds_data, seed


def prepare(say: Callable[[str], None]) -> None:
    """Migrate, load the frameworks, on a server collect static files and, with DEMO=1, seed an empty database.

    Harmless when all is done already.
    """
    if settings.DEMO and settings.PRODUCTION:
        raise CommandError(
            "Everyone knows the demo's passwords: DEMO=1 and FIVEGATES_ENV=production exclude each other."
        )
    if settings.PRODUCTION:
        for line in _left_unset():
            say(line)
        _collect_static_files(say)
    say("Preparing the database …")
    _keep_private()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_frameworks", verbosity=0)
    if settings.DEMO and not holds_data():
        say("Seeding the demo portfolio, eighteen months of it (once) …")
        seed(now(), _in_fifths(say))


def _in_fifths(say: Callable[[str], None]) -> Callable[[float], None]:
    """Say how much of it is done, a line for each fifth that is not the last."""
    said = 0

    def told(share: float) -> None:
        nonlocal said
        if said < (fifths := int(share * 5)) < 5:
            said = fifths
            say(f"  {fifths * 20} % of it")

    return told


def _left_unset() -> list[str]:
    """What a server can start without, and what its people would miss only later."""
    lines = []
    if not settings.BEHIND_PROXY:
        lines.append(
            "Note: FIVEGATES_BEHIND_PROXY is not true. A proxy that ends TLS is not believed: every page would be "
            "redirected to https without end."
        )
    if not settings.FIVEGATES_URL.startswith("https://"):
        lines.append(f"Note: links in mails begin with {settings.FIVEGATES_URL}. FIVEGATES_URL sets it.")
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        lines.append(
            f"Note: EMAIL_URL is not set. Mails become files in {settings.MAIL_DIR}; nobody gets them."
        )
    return lines


def _collect_static_files(say: Callable[[str], None]) -> None:
    """Once: without them no page of a server can be shown. (The image holds them; an upgrade collects them anew.)"""
    try:
        if getattr(staticfiles_storage, "hashed_files", None):  # read from the folder at first use
            return
        say("Collecting style sheets and scripts (once) …")
        call_command("collectstatic", interactive=False, verbosity=0)
    except OSError as problem:
        raise CommandError(
            f"Style sheets and scripts cannot be written to {settings.STATIC_ROOT} ({problem.strerror}): "
            "set FIVEGATES_STATIC_ROOT to a folder that can be."
        ) from problem


def _keep_private() -> None:
    """A database that is a file is its owner's alone, whatever folder it lies in; SQLite makes -wal and -shm alike."""
    if connection.vendor != "sqlite":
        return
    path = Path(connection.settings_dict["NAME"])
    path.touch(mode=0o600)
    for file in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        if file.exists():
            file.chmod(0o600)


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
