"""The Celery application, and what beat does when.

All times are UTC. Each entry may be lost or doubled without harm; one that was not taken before its `expires`
(seconds) is dropped, since the next one does the same work.
"""

import os
from pathlib import Path
from typing import Any

from celery import Celery, signals
from celery.schedules import crontab

from readiness import signs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "readiness.settings")
# Django's checks look for mistakes of the source, and read all pages for it: a worker or beat that starts, perhaps
# since the last one was killed, would take longer and keep them in memory. `make check` has run them.
os.environ.setdefault("CELERY_SKIP_CHECKS", "true")

app = Celery("readiness")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

MINUTE, HOUR = 60, 3600

app.conf.beat_schedule = {
    "standing.recompute_due": {
        "task": "standing.recompute_due",
        "schedule": crontab(minute=2),
        "options": {"expires": HOUR},
    },
    "standing.recompute_all": {
        "task": "standing.recompute_all",
        "schedule": crontab(hour=1, minute=30),
        "options": {"expires": 6 * HOUR},
    },
    "notices.send_due": {
        "task": "notices.send_due",
        "schedule": float(MINUTE),
        "options": {"expires": MINUTE},
    },
    "webhooks.send_due": {
        "task": "webhooks.send_due",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "webhooks.tidy": {
        "task": "webhooks.tidy",
        "schedule": crontab(hour=3, minute=30),
        "options": {"expires": 6 * HOUR},
    },
    "importing.resume": {
        "task": "importing.resume",
        "schedule": float(MINUTE),
        "options": {"expires": MINUTE},
    },
    "reports.resume": {
        "task": "reports.resume",
        "schedule": float(MINUTE),
        "options": {"expires": MINUTE},
    },
    "reports.monthly": {
        "task": "reports.monthly",
        "schedule": crontab(minute=7),
        "options": {"expires": HOUR},
    },
    "reports.tidy": {
        "task": "reports.tidy",
        "schedule": crontab(hour=3, minute=45),
        "options": {"expires": 6 * HOUR},
    },
    "api.tidy": {
        "task": "api.tidy",
        "schedule": crontab(minute=37),
        "options": {"expires": HOUR},
    },
    "actions.clean_up": {
        "task": "actions.clean_up",
        "schedule": crontab(hour=3, minute=15),
        "options": {"expires": 6 * HOUR},
    },
}

# A worker or beat touches the file named here whenever it gets something done. Whoever started it can tell from
# its age whether it is up, and whether work still flows: a process that hangs is alive, but touches nothing.
SIGN_OF_LIFE = "FIVEGATES_SIGN_OF_LIFE"


@signals.worker_ready.connect
@signals.task_postrun.connect
@signals.beat_init.connect
@signals.after_task_publish.connect
def show_life(**_: Any) -> None:
    path = os.environ.get(SIGN_OF_LIFE)
    if path:
        Path(path).touch()


@signals.worker_ready.connect
@signals.task_postrun.connect
def worker_shows_life(**_: Any) -> None:
    signs.show(signs.WORKER)


@signals.beat_init.connect
def beat_begins(**_: Any) -> None:
    """From here on this process is beat: what it sends are its signs of life. (Web and worker send tasks too.)"""
    beat_shows_life()
    signals.after_task_publish.connect(beat_shows_life)


def beat_shows_life(**_: Any) -> None:
    signs.show(signs.BEAT)


@signals.setup_logging.connect
def keep_logging_as_set(**_: Any) -> None:
    """Celery sets up logging of its own unless somebody listens here: Django's settings have done it."""
