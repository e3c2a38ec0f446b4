"""Events about money in words."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from gates.budget import Kind
from readiness.standing.words import SPENDING_WORDS
from readiness.ui.local import amount
from readiness.ui.local import month as month_words
from readiness.workbench.initiatives.telling import Data, Saying, change_words


def _spending(data: Data) -> Saying:
    """The amounts of the month, then what the whole was before and after; older events say the first only."""
    month = month_words(date.fromisoformat(data["month"] + "-01"))
    currency = data.get("currency", "")
    changed = {SPENDING_WORDS[kind]: data["changed"][kind] for kind in Kind if kind in data["changed"]}
    if "spent_before" in data:
        changed[_("Spent so far")] = [data["spent_before"], data["spent"]]
    lines = [
        change_words(name, *(_amount(value, currency) for value in values))
        for name, values in changed.items()
    ]
    return Saying(_("Spending of %(month)s") % {"month": month}, "\n".join(lines), "neutral", "coins")


def _amount(value: str | None, currency: str) -> str:
    return "" if value is None else amount(Decimal(value), currency)


MONEY: Mapping[str, Callable[[Data], Saying]] = {"spending.set": _spending}
