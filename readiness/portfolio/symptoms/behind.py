"""The initiatives behind a symptom: "symptom:fading_out" in an address asks for them.

"symptom:fading_out.counted" asks for those that the first number of its figure counts, "….basis" for the second.
"""

from collections.abc import Mapping
from datetime import date

from gates.querysets import InitiativeQuerySet
from readiness.accounts.models import Organisation
from readiness.portfolio.found import Found, Question
from readiness.portfolio.scope import Scope
from readiness.portfolio.symptoms.answers import LISTS, Code, Symptom
from readiness.portfolio.symptoms.board import one_symptom
from readiness.portfolio.symptoms.words import DEFINITIONS, list_words
from readiness.ui.saying import say


def behind_symptom(rows: InitiativeQuerySet, asked: str, today: date) -> Found | None:
    """Those that a symptom over these very initiatives names."""
    code, _dot, further = asked.partition(".")
    which = further or LISTS[0]
    if code not in set(Code) or which not in LISTS:
        return None
    found = one_symptom(rows, Organisation.get(), today, Code(code))
    words = f"{say(DEFINITIONS[found.code].title)}: {say(list_words(found, which))}"
    return Found(rows.filter(pk__in=found.list_of(which)), words)


def listing(found: Symptom, scope: Scope, which: str = LISTS[0]) -> str:
    """The address of one of its lists, "" where nobody is in it."""
    if not found.list_of(which):
        return ""
    further = "" if which == LISTS[0] else f".{which}"
    return scope.listing(behind=f"symptom:{found.code.value}{further}")


BEHIND: Mapping[str, Question] = {"symptom": behind_symptom}
