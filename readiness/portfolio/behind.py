"""The initiatives behind a figure that no filter of the list speaks of: "reached:pilot" in an address asks for them.

A module of figures has its own questions beside them, of `readiness.portfolio.found`, so that a figure and its list are
written together; here they get their names.
"""

from collections.abc import Mapping
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gates.models import LessonOutcome, StageEntry
from gates.querysets import InitiativeQuerySet
from gates.stages import LADDER, Stage
from readiness.portfolio import durations_behind, imported, money, value_money
from readiness.portfolio.ahead import expected_behind, no_forecast_behind
from readiness.portfolio.causes import behind as causes
from readiness.portfolio.decisions import REVIEWS
from readiness.portfolio.found import Found, Question
from readiness.portfolio.gap import gap_behind
from readiness.portfolio.gates.behind import behind_gates
from readiness.portfolio.past.behind import changed, was
from readiness.portfolio.questions import awaiting_review, waiting_submissions
from readiness.portfolio.symptoms import behind as symptoms
from readiness.standing.words import STAGE_WORDS
from readiness.ui.markup import figure


def found_behind(rows: InitiativeQuerySet, asked: str, today: date) -> Found | None:
    """``asked`` as it stands in an address. None where nothing here knows it."""
    code, _colon, argument = asked.replace("\x00", "")[:200].partition(":")
    question = QUESTIONS.get(code)
    return question(rows, argument, today) if question else None


def _reached(rows: InitiativeQuerySet, stage: str, today: date) -> Found | None:
    """Those that were ever in this stage or in a later one of the way."""
    if stage not in {one.value for one in LADDER[:5]}:
        return None
    later = [one.value for one in LADDER[LADDER.index(Stage(stage)) : 5]]
    entered = StageEntry.objects.filter(initiative=OuterRef("pk"), stage__in=later)
    reached = rows if stage == LADDER[0].value else rows.filter(Exists(entered))
    return Found(reached, _("Reached %(stage)s") % {"stage": STAGE_WORDS[Stage(stage)].label})


def _ended(rows: InitiativeQuerySet, outcome: str, today: date) -> Found | None:
    """Those that were stopped, by how."""
    if outcome not in LessonOutcome.values:
        return None
    return Found(rows.filter(lesson__outcome=outcome), str(LessonOutcome(outcome).label))


def _reviews(rows: InitiativeQuerySet, what: str, today: date) -> Found | None:
    """Those with a submission that waits for a decision. How many these are is said: one may have several."""
    if f"reviews:{what}" != REVIEWS:
        return None
    count = waiting_submissions(rows).count()
    words = ngettext("%(count)s review waiting", "%(count)s reviews waiting", count) % {
        "count": figure(count)
    }
    return Found(awaiting_review(rows), words)


QUESTIONS: Mapping[str, Question] = {
    "reached": _reached,
    "ended": _ended,
    "reviews": _reviews,
    "gates": behind_gates,
    **causes.BEHIND,
    **money.BEHIND,
    "was": was,
    "changed": changed,
    "gap": gap_behind,
    "expected": expected_behind,
    "no_forecast": no_forecast_behind,
    **value_money.BEHIND,
    **durations_behind.BEHIND,
    **symptoms.BEHIND,
    **imported.BEHIND,
}
