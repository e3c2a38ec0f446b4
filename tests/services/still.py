"""The product on demo data with its clock stopped: `python -m tests.services.still MOMENT PORT`.

For pictures that look alike whenever they are taken. The product, Django's sessions included, asks
`django.utils.timezone.now` for the time, so stopping that one clock stops them all. Its data lies where FIVEGATES_VAR
says; the demo is seeded when DEMO=1. No worker runs beside it: nothing becomes due while the clock stands.
"""

import sys
from datetime import datetime

import waitress
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.utils import timezone


def main(moment: str, port: str) -> None:
    """Prepare the database and serve until ended. `moment` is ISO 8601 with an offset."""
    stopped = datetime.fromisoformat(moment)
    timezone.now = lambda: stopped
    application = get_wsgi_application()
    call_command("prepare")
    waitress.serve(application, host="127.0.0.1", port=int(port), threads=8, _quiet=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
