"""The initiatives behind the figures of time: each question reads them as the figure does, so that both count alike."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from gates.querysets import InitiativeQuerySet
from gates.stages import Stage
from readiness.portfolio.courses import PLANNED, Course, Outcome, Quarter, Untimed, quarter_of
from readiness.portfolio.durations import courses
from readiness.portfolio.found import Found, Question
from readiness.portfolio.survival import Spell
from readiness.standing.words import STAGE_WORDS
from readiness.ui.lazily import gettext_lazy

QUARTER = re.compile(r"(to-)?([0-9]{4})-Q([1-4])")
Test = Callable[[Course], bool]

OUTCOME_WORDS = {
    Outcome.LIVE: gettext_lazy("Went live"),
    Outcome.ENDED: gettext_lazy("Ended without going live"),
    Outcome.RUNNING: gettext_lazy("Still under way"),
}
UNTIMED_WORDS = {
    Untimed.NO_START: gettext_lazy("First day in intake not known"),
    Untimed.NO_END: gettext_lazy("Day of going live or of the end not known"),
}


def timed(rows: InitiativeQuerySet, asked: str, today: date) -> Found | None:
    """ "timed:live": those on the curve with this outcome, or those that are not on it for this reason."""
    if asked in set(Outcome):
        wanted = Outcome(asked)
        found = _those(rows, today, lambda one: isinstance(one.timed, Spell) and one.outcome == wanted)
        what = OUTCOME_WORDS[wanted]
    elif asked in set(Untimed):
        found = _those(rows, today, lambda one: one.timed == asked)
        what = UNTIMED_WORDS[Untimed(asked)]
    else:
        return None
    return Found(found, _("Time to production: %(what)s") % {"what": what})


def began(rows: InitiativeQuerySet, asked: str, today: date) -> Found | None:
    """ "began:2026-Q3.live": those of this quarter, or with "to-" up to its end, with this outcome, or any."""
    name, _dot, further = asked.partition(".")
    read = QUARTER.fullmatch(name)
    tests: dict[str, Test] = {
        "": lambda one: True,
        "pilot": lambda one: one.reached_pilot,
        **{outcome.value: _has(outcome) for outcome in Outcome},
    }
    if read is None or further not in tests or read[2] == "0000":
        return None
    quarter, open_ended = Quarter(int(read[2]), int(read[3])), bool(read[1])

    def test(one: Course) -> bool:
        day = one.started_on
        if day is None or not tests[further](one):
            return False
        own = quarter_of(day)
        return own.order <= quarter.order if open_ended else own == quarter

    words = _("Began up to %(quarter)s") if open_ended else _("Began in %(quarter)s")
    what = (
        _("Reached the pilot")
        if further == "pilot"
        else str(OUTCOME_WORDS[Outcome(further)])
        if further
        else ""
    )
    said = words % {"quarter": quarter_words(quarter)}
    return Found(_those(rows, today, test), f"{said}: {what}" if what else said)


def in_stage(rows: InitiativeQuerySet, asked: str, today: date) -> Found | None:
    """ "time:poc.beyond": those in this stage and beyond its plan. "unplanned": without a plan; "undated": since an
    unknown day; "over": those of which a stay in it is over.
    """
    name, _dot, what = asked.partition(".")
    if name not in set(PLANNED) or what not in STAGE_TESTS:
        return None
    stage, (words, test) = Stage(name), STAGE_TESTS[what]
    found = _those(rows, today, lambda one: test(one, stage))
    return Found(found, f"{STAGE_WORDS[stage].label}: {words}")


STAGE_TESTS: Mapping[str, tuple[str, Callable[[Course, Stage], bool]]] = {
    "beyond": (gettext_lazy("Beyond the plan"), lambda one, stage: one.stage == stage and one.beyond_plan),
    "unplanned": (
        gettext_lazy("Without a plan"),
        lambda one, stage: one.stage == stage and one.planned_days is None,
    ),
    "undated": (
        gettext_lazy("Since an unknown day"),
        lambda one, stage: one.stage == stage and one.days_in_stage is None,
    ),
    "over": (
        gettext_lazy("Has been through it"),
        lambda one, stage: any(of == stage and days is not None for of, days in one.completed()),
    ),
}


def quarter_words(quarter: Quarter) -> str:
    return _("Q%(number)s %(year)s") % {"number": quarter.number, "year": quarter.year}


def _has(outcome: Outcome) -> Test:
    return lambda one: one.outcome == outcome


def _those(rows: InitiativeQuerySet, today: date, test: Test) -> InitiativeQuerySet:
    return rows.filter(pk__in=[one.key for one in courses(rows, today) if test(one)])


BEHIND: Mapping[str, Question] = {"timed": timed, "began": began, "time": in_stage}
