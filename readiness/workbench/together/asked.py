"""What an item's card says of working on it together: who is asked to see to it, and what is said about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gates.models import Assignment, Initiative
from readiness.accounts.policy import Act
from readiness.ui.saying import content
from readiness.workbench.home.waits import due_words
from readiness.workbench.together.threads import ThreadHead, heads_of_items


@dataclass(frozen=True, slots=True)
class ShownAssignment:
    """``adrift``: whoever was asked can no longer do it, so somebody else has to be named."""

    row: Assignment
    today: date
    adrift: bool = False

    @property
    def overdue(self) -> bool:
        return self.row.due < self.today

    @property
    def when(self) -> str:
        """In words that follow the day: "in 3 days", "2 days overdue"."""
        return due_words(self.row.due, self.today)

    @property
    def tone(self) -> str:
        return "critical" if self.overdue else "warning" if self.row.due == self.today else "neutral"

    @property
    def icon(self) -> str:
        return "warning" if self.overdue else "clock"

    @property
    def spoken_done(self) -> str:
        return _("Done: %(code)s %(title)s") % {
            "code": self.row.item.code,
            "title": content(self.row.item.title),
        }


@dataclass(frozen=True, slots=True)
class Together:
    """Of one item. ``may_assign``: this person may ask somebody, or end what was asked.

    ``talks``: there is something to read, or this person may say something.
    """

    talk: ThreadHead | None
    asked: ShownAssignment | None
    may_assign: bool
    may_comment: bool

    @property
    def talks(self) -> bool:
        return self.may_comment or (self.talk is not None and self.talk.count > 0)


def open_assignments(initiative: Initiative, codes: Iterable[str], today: date) -> dict[str, ShownAssignment]:
    """The open ones on these items, by code; one small query, and a wide one only where there are any."""
    if not Assignment.any_open(initiative.pk):
        return {}
    rows = Assignment.objects.open().of(initiative.pk).filter(item__code__in=list(codes))
    found = rows.with_adrift().with_subject()
    return {row.item.code: ShownAssignment(row, today, row.adrift) for row in found}


def together_on(
    initiative: Initiative, codes: Iterable[str], acts: frozenset[Act], today: date, *, talk: bool = True
) -> dict[str, Together]:
    """By the items' codes; three queries whatever the number, one without what is said (``talk``)."""
    wanted = list(codes)
    heads = heads_of_items(initiative, wanted) if talk else {}
    asked = open_assignments(initiative, wanted, today)
    may = Act.ASSIGN in acts and not initiative.has_ended
    comments = Act.COMMENT in acts
    return {code: Together(heads.get(code), asked.get(code), may, comments) for code in wanted}
