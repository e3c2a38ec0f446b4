"""One long-running part: `python -m readiness.serving.part PARENT (web DESCRIPTOR | worker | beat)`.

`serve` starts these and says under which process number. The web part is handed a listening socket by the number of
its descriptor, so that nobody who connects while it is restarted is turned away.
"""

import signal
import socket
import sys
import warnings

import waitress
from celery.exceptions import SecurityWarning
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.log import configure_logging

from readiness.celery import app
from readiness.serving.heads import without_bodies
from readiness.serving.parent import follow
from readiness.serving.refusing import refuse_as_problems

WEB_THREADS = 8


def _leave(_signal: int, _frame: object) -> None:
    raise SystemExit(0)


def serve_web(descriptor: int) -> None:
    signal.signal(signal.SIGTERM, _leave)
    refuse_as_problems()
    waitress.serve(
        without_bodies(get_wsgi_application()),
        sockets=[socket.socket(fileno=descriptor)],
        threads=WEB_THREADS,
        ident=None,
        clear_untrusted_proxy_headers=not settings.BEHIND_PROXY,
        # The product itself refuses what is too large; this is for what it shall not even have to read.
        max_request_body_size=2 * settings.FIVEGATES_MAX_UPLOAD_BYTES,
        _quiet=True,
    )


def serve_worker() -> None:
    """One process, one task at a time: what SQLite can take, and it stops with the signal it is sent."""
    # Root is unwise, not dangerous: only JSON is read, from a folder of ours. The warning would frighten newcomers.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    worker = app.Worker(
        pool_cls="solo",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        loglevel="WARNING",
        quiet=True,
    )
    worker.start()
    raise SystemExit(worker.exitcode)


def serve_beat() -> None:
    """It calls tasks by their names and runs none: neither they nor the tables need be read."""
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    app.loader.worker_initialized = True
    app.Beat(quiet=True).run()


def main(parent: str, *part: str) -> None:
    follow(int(parent))
    match part:
        case ("web", descriptor):
            serve_web(int(descriptor))
        case ("worker",):
            serve_worker()
        case ("beat",):
            serve_beat()
        case _:
            raise SystemExit("Name a part: web DESCRIPTOR, worker or beat.")


if __name__ == "__main__":
    main(*sys.argv[1:])
