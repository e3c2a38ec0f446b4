"""What a test of the workers prepares and looks at, in a process of its own on their data."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from celery.beat import PersistentScheduler
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from readiness import clock
from readiness.actions.gates import submit_gate
from readiness.actions.organisation import set_thresholds
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor, verify
from readiness.celery import app
from readiness.notices.account_mails import send_account_mails
from readiness.notices.models import AccountMail, Notice
from readiness.notices.sending import send_owed
from readiness.notices.tasks import send_due
from readiness.standing import sweeping
from readiness.standing.models import Flag, HistoryPoint, Standing
from readiness.standing.sweeping import recompute_due
from readiness.standing.tasks import recompute_all
from tests.fixtures import create, person, token_for
from tests.integration.standing.pictures import unlike_what_stands


def neglected(initiatives: int) -> dict[str, Any]:
    """Pilots on which each a flag is to be opened that nobody has looked for; submissions nobody was told of; two
    sessions, of which one has expired."""
    lena = person("lena", lead=True)
    for number in range(3):
        person(f"reviewer{number}", reviewer=True)
    all_of_them = [create(lena, clock.now(), stage="pilot") for _ in range(initiatives)]
    for one in all_of_them:
        submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), clock.now())
    set_thresholds("no_activity", {("", "days"): Decimal(0)}, COMMAND, clock.now())
    for age in (timedelta(days=-1), timedelta(days=1)):
        session = SessionStore()
        session.create()
        Session.objects.filter(pk=session.session_key).update(expire_date=clock.now() + age)
    return {"token": token_for(lena), "refs": [one.ref for one in all_of_them]}


def fan_out(size: int) -> int:
    """Send everything out for recompute, in batches of this size; how many batches that makes."""
    sweeping.BATCH = size
    recompute_all()
    return len(list(sweeping.all_batches()))


def send_all(times: int) -> list[str]:
    """Send what beat sends, so many times over."""
    tasks = [entry["task"] for entry in app.conf.beat_schedule.values()]
    for task in tasks * times:
        app.send_task(task)
    return tasks


def yesterdays_beats(paths: list[str]) -> list[str]:
    """Write schedules of beats that last sent anything a day ago; the names of their entries."""
    names: set[str] = set()
    for path in paths:
        scheduler = PersistentScheduler(app=app, schedule_filename=path)
        for name, entry in scheduler.schedule.items():
            entry.last_run_at -= timedelta(days=1)
            names.add(name)
        scheduler.close()
    return sorted(names)


def state() -> dict[str, Any]:
    """What came of it."""
    told = Counter(
        (event.initiative_id, flag["code"])
        for event in Event.objects.all()
        for flag in event.data.get("standing", {}).get("flags_opened", [])
    )
    stand = Counter(Flag.objects.values_list("initiative", "code"))
    days = list(HistoryPoint.objects.values_list("initiative", "on"))
    mails = Counter(_message_ids())
    return {
        "due": Standing.objects.filter(due_on__lte=clock.now().date()).count(),
        "found": Flag.objects.filter(code="no_activity").count(),
        "flags_doubled": sum(count > 1 for count in stand.values()),
        "told_as_they_stand": told == stand,
        "days_doubled": len(days) - len(set(days)),
        "mails_owed": Notice.objects.filter(sent_at__isnull=True).count()
        + AccountMail.objects.to_be_sent().count(),
        "each_mailed_once": set(mails.values()) == {1} and len(mails) == _mails_sent(),
        "to_reviewers": Notice.objects.filter(recipient__is_reviewer=True).count(),
        "sessions": Session.objects.count(),
        "chain": verify()[1] is None,
        "stale": unlike_what_stands(clock.now()),
    }


def _mails_sent() -> int:
    """Each notice stands in one of them; whoever is mailed several things at a time gets them in one. What concerns
    somebody's own account is a mail each."""
    notices = Notice.objects.filter(sent_at__isnull=False).values("mail").distinct().count()
    return notices + AccountMail.objects.filter(sent_at__isnull=False).count()


def _message_ids() -> Iterator[str]:
    """Django appends to a file the mails of one second that come from one place in memory."""
    for path in Path(settings.MAIL_DIR).iterdir():
        yield from (line for line in path.read_text().splitlines() if line.startswith("Message-ID"))


def send_what_is_left(minutes: int) -> int:
    """Send what is owed so many minutes from now; how many mails that was."""
    at = clock.now() + timedelta(minutes=minutes)
    return send_account_mails(at) + send_owed(at)


def damaged() -> dict[str, list[str]]:
    """Each damage that a kill might do, and what of the state above tells of it."""
    recompute_due(clock.now())
    send_due()
    send_what_is_left(minutes=3 * 24 * 60)  # whatever hour a digest goes out at
    return {name: _told_by(do) for name, do in DAMAGES.items()}


def _told_by(damage: Callable[[], object]) -> list[str]:
    before = state()
    with transaction.atomic():
        damage()
        after = state()
        transaction.set_rollback(True)
    return [name for name, value in after.items() if value != before[name]]


def _double_a_flag() -> None:
    flag = Flag.objects.earliest("pk")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_open_flag_a_code")
    flag.pk = None
    flag.save(force_insert=True)


def _break_the_chain() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse_update_audit_event ON audit_event")
    Event.objects.filter(seq=1).update(verb="nothing.happened")


DAMAGES: dict[str, Callable[[], object]] = {
    "a doubled flag": _double_a_flag,
    "a score older than its answers": lambda: Standing.objects.update(partial=7),
    "a flag lost": lambda: Flag.objects.earliest("pk").delete(),
    "an event changed": _break_the_chain,
    "a mail forgotten": lambda: Notice.objects.update(sent_at=None),
    "a mark forgotten": lambda: Standing.objects.filter(pk=1).update(due_on="2020-01-01"),
}
