"""Two at once on one initiative, with what guards them and without it. Each function runs in a process of its own."""

from contextlib import nullcontext
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.organisation import reset_thresholds, set_thresholds
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor, Ledger, verify
from readiness.standing.models import Flag, Standing
from readiness.standing.recompute import recompute_batch
from readiness.standing.sweeping import recompute_due, recompute_these
from tests.fixtures import create, person
from tests.integration.faults.interrupting import interrupted, without_row_locks
from tests.integration.standing.pictures import unlike_what_stands

Result = dict[str, Any]


def _lena() -> User:
    return User.objects.filter(username="lena").first() or person("lena", lead=True)


def _say(one: Initiative, code: str, answer: str = "partial") -> None:
    record_answers(one.pk, [AnswerChange(code, answer)], Actor.person(_lena()), clock.now())


def _pilot(days_ago: int = 0) -> Initiative:
    return create(_lena(), clock.now() - timedelta(days=days_ago), stage="pilot")


def mark_during_an_act() -> list[Result]:
    return [_mark_during_an_act(locked=True), _mark_during_an_act(locked=False)]


def _mark_during_an_act(locked: bool) -> Result:
    """An admin changes a threshold while an answer is being written with the old one."""
    reset_thresholds("no_activity", COMMAND, clock.now())
    one = _pilot()

    def raise_the_bar() -> None:
        set_thresholds("no_activity", {("", "days"): Decimal(0)}, COMMAND, clock.now())

    with nullcontext() if locked else without_row_locks():
        outcome = interrupted(lambda: _say(one, "DATA-1"), raise_the_bar)
    now = clock.now()
    due = Standing.objects.filter(initiative=one, due_on__lte=Organisation.get().day_of(now)).exists()
    recompute_due(now)
    flagged = Flag.objects.filter(initiative=one, code="no_activity", resolved_at__isnull=True).exists()
    return {"waited": outcome.waited, "errors": outcome.errors, "due": due, "flagged": flagged}


def answer_during_a_recompute() -> list[Result]:
    return [_answer_during_a_recompute(locked=True), _answer_during_a_recompute(locked=False)]


def _answer_during_a_recompute(locked: bool) -> Result:
    """Somebody answers while a recompute has computed what it is about to write."""
    one = _pilot()
    Standing.objects.filter(initiative=one).update(score=99)
    with nullcontext() if locked else without_row_locks():
        outcome = interrupted(lambda: recompute_batch([one.pk], clock.now()), lambda: _say(one, "DATA-1"))
    return {
        "waited": outcome.waited,
        "errors": outcome.errors,
        "partial": Standing.objects.get(initiative=one).partial,
        "stale": unlike_what_stands(clock.now()) != [],
    }


def two_recomputes() -> dict[str, Result]:
    """With the row lock and the unique index, with one of them, and with neither."""
    found = {"both": _two_recomputes(locked=True), "index": _two_recomputes(locked=False)}
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_open_flag_a_code")
    return found | {"lock": _two_recomputes(locked=True), "neither": _two_recomputes(locked=False)}


def _two_recomputes(locked: bool) -> Result:
    """Two recomputes of one initiative, both of which find that flags are to be opened."""
    one = create(_lena(), clock.now(), stage="intake")
    Initiative.objects.filter(pk=one.pk).update(stage="pilot")
    with nullcontext() if locked else without_row_locks():
        outcome = interrupted(
            lambda: recompute_batch([one.pk], clock.now()), lambda: recompute_batch([one.pk], clock.now())
        )
    codes = list(Flag.objects.filter(initiative=one, resolved_at__isnull=True).values_list("code", flat=True))
    return {
        "waited": outcome.waited,
        "errors": outcome.errors,
        "flags": len(codes),
        "doubled": len(codes) - len(set(codes)),
        "chain": verify()[1] is None,
    }


def sweep_during_a_sweep() -> Result:
    """Of what is due one is in the hands of a sweep already when the next one comes."""
    one, other = _pilot(days_ago=100), _pilot(days_ago=100)
    Standing.objects.update(due_on="2020-01-01", score=99)
    outcome = interrupted(lambda: recompute_these([one.pk], clock.now()), lambda: recompute_due(clock.now()))
    flags = Flag.objects.filter(resolved_at__isnull=True).values_list("initiative", "code")
    return {
        "waited": outcome.waited,
        "errors": outcome.errors,
        "due": Standing.objects.filter(due_on="2020-01-01").count(),
        "order": [event.initiative_id == other.pk for event in Event.objects.filter(verb="standing.changed")],
        "doubled": len(flags) - len(set(flags)),
        "stale": unlike_what_stands(clock.now()) != [],
    }


def reading_on() -> list[Result]:
    return [_reading_on(ticking=True), _reading_on(ticking=False)]


def _reading_on(ticking: bool) -> Result:
    """A reader who reads on from the last `computed_at` it saw, while one who began earlier commits later."""
    one, other = _pilot(), _pilot()
    tick = Ledger.tick
    if not ticking:
        Ledger.tick = lambda self: self.at  # type: ignore[method-assign]
    try:
        outcome = interrupted(lambda: _say(one, "DATA-1"), lambda: _say(other, "DATA-1"))
    finally:
        Ledger.tick = tick  # type: ignore[method-assign]
    first, second = (Standing.objects.get(initiative=two).computed_at for two in (one, other))
    # The second was committed first: a reader has seen it, and asks for what is later.
    return {"waited": outcome.waited, "errors": outcome.errors, "seen": first > second}
