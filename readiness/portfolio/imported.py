"""The initiatives that an import wrote: as a list asks for them by the number of its work."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from gates.querysets import InitiativeQuerySet
from readiness.audit.models import ActorKind, Event
from readiness.audit.recording import IMPORTED
from readiness.portfolio.found import Found, Question
from readiness.work.models import LongWork

RUN = "import.run"
NUMBER_MAX = 18
"""More digits name no row of any database."""


def imported(rows: InitiativeQuerySet, argument: str, today: date) -> Found | None:
    """ "imported:12": those that import 12 brought in or up to date. While one is under way, no other is."""
    if not (argument.isascii() and argument.isdigit() and len(argument) <= NUMBER_MAX):
        return None
    work = LongWork.objects.filter(pk=int(argument), kind=RUN).first()
    if work is None:
        return None
    of_it = Event.objects.filter(
        verb=IMPORTED, actor_kind=ActorKind.PERSON, actor=work.by_id, at__gte=work.asked_at
    )
    if work.ended_at is not None:
        of_it = of_it.filter(at__lte=work.ended_at)
    return Found(
        rows.filter(pk__in=of_it.order_by().values("initiative")),
        _("Came in with import %(number)s") % {"number": argument},
    )


BEHIND: Mapping[str, Question] = {"imported": imported}
