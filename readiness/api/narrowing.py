"""Which initiatives a read speaks of: the filters that lists and figures have in common."""

from collections.abc import Mapping
from typing import Any

from gates.querysets import InitiativeQuerySet, normalised
from readiness.accounts.models import User

_KEPT_AS = {"business_unit": "business_unit_key", "technology": "technology_key", "vendor": "vendor_key"}


def narrowed(rows: InitiativeQuerySet, filters: Mapping[str, Any]) -> InitiativeQuerySet:
    """Those that are of everything the filters name; a space asks for those of which none is named."""
    kept = {key: normalised(filters[name]) for name, key in _KEPT_AS.items() if name in filters}
    rows = rows.filter(**kept)
    if "sponsor" in filters:
        rows = rows.sponsored_by(spelt(filters["sponsor"].strip()))
    if "tag" in filters:
        tag = normalised(filters["tag"])
        rows = rows.tagged(tag) if tag else rows.filter(tags_key="")
    return rows


def spelt(username: str) -> str:
    """The username as it is kept, whatever the case it is given in; as it is given where nobody has it."""
    found = User.objects.named(username).values_list("username", flat=True).first() if username else None
    return found or username
