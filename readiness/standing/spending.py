"""What initiatives burn a month, for any number of them in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from gates.budget import Burn, Spent, burn
from gates.models import Initiative, Spending, StageEntry


def spending_of(initiative_ids: Iterable[int]) -> dict[int, list[Spent]]:
    """The entries of each of these initiatives, oldest first; one query."""
    found: dict[int, list[Spent]] = defaultdict(list)
    for row in Spending.objects.filter(initiative__in=list(initiative_ids)):
        found[row.initiative_id].append(row.facts)
    return found


def burns(initiatives: Iterable[Initiative], today: date) -> dict[int, Burn]:
    """What each of them burns a month, by primary key; two queries.

    Left out is one that has ended, and one of which too little is known. An imported one counts to the day of its file.
    """
    running = [one for one in initiatives if not one.has_ended]
    keys = [one.pk for one in running]
    entries, starts = spending_of(keys), _starts(keys)
    found = {}
    for one in running:
        last_day = min(one.as_of or today, today)
        rate = burn(entries.get(one.pk, ()), one.budget_spent, starts.get(one.pk), last_day)
        if rate is not None:
            found[one.pk] = rate
    return found


def _starts(keys: list[int]) -> dict[int, date | None]:
    """The day on which each entered its first stage; None where an import does not say."""
    first: dict[int, date | None] = {}
    stays = StageEntry.objects.filter(initiative__in=keys).order_by("pk")
    for pk, entered_on in stays.values_list("initiative_id", "entered_on"):
        first.setdefault(pk, entered_on)
    return first
