"""The optimism gap over the portfolio: what was declared beyond what the evidence allows, as it stands today."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Avg, Count, Max, Q
from django.utils.translation import gettext as _

from gates.models import Initiative
from gates.querysets import InitiativeQuerySet
from readiness.portfolio.found import Found

BINS: tuple[tuple[str, Decimal, Decimal | None], ...] = (
    ("none", Decimal(0), Decimal(0)),
    ("small", Decimal("0.5"), Decimal(1)),
    ("middle", Decimal("1.5"), Decimal(2)),
    ("large", Decimal("2.5"), Decimal(4)),
    ("huge", Decimal("4.5"), None),
)
"""Points, the first and the last that belong to each; points come in halves. None: no end."""
ANY = "any"
UNITS_SHOWN = 10
LARGEST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class GapBin:
    """How many running initiatives have a gap of ``low`` through ``high`` points."""

    code: str
    low: Decimal
    high: Decimal | None
    count: int


@dataclass(frozen=True, slots=True)
class UnitGap:
    """``mean``: points over the ``initiatives`` of a unit; ``with_gap`` of them have one. ``key`` "" is no unit."""

    key: str
    unit: str
    initiatives: int
    with_gap: int
    mean: Decimal


@dataclass(frozen=True, slots=True)
class Gaps:
    """Over running initiatives with a standing. In ``units`` are the widest of ``units_with_gap`` that have one."""

    counted: int
    with_gap: int
    bins: tuple[GapBin, ...]
    units: tuple[UnitGap, ...]
    units_with_gap: int
    largest: tuple[Initiative, ...]


def gaps(rows: InitiativeQuerySet) -> Gaps:
    """Three queries."""
    running = rows.running().filter(standing__isnull=False).order_by()
    counts = running.aggregate(
        counted=Count("pk"),
        with_gap=Count("pk", filter=_gap(ANY)),
        **{code: Count("pk", filter=_gap(code)) for code, _low, _high in BINS},
    )
    grouped = running.values_list("business_unit_key").annotate(
        spelt=Max("business_unit"),
        count=Count("pk"),
        with_gap=Count("pk", filter=_gap(ANY)),
        mean=Avg("standing__optimism_gap"),
    )
    units = [
        UnitGap(key, spelt, count, some, Decimal(mean)) for key, spelt, count, some, mean in grouped if some
    ]
    units.sort(key=lambda one: (-one.mean, -one.with_gap, one.key))
    largest = running.filter(_gap(ANY)).select_related("standing", "hold")
    return Gaps(
        counted=counts["counted"],
        with_gap=counts["with_gap"],
        bins=tuple(GapBin(code, low, high, counts[code]) for code, low, high in BINS),
        units=tuple(units[:UNITS_SHOWN]),
        units_with_gap=len(units),
        largest=tuple(largest.order_by("-standing__optimism_gap", "name_key", "pk")[:LARGEST_SHOWN]),
    )


def gap_behind(rows: InitiativeQuerySet, code: str, today: date) -> Found | None:
    """Those with a gap in one of the bins, or with any: "gap:large"."""
    codes = {ANY, *(code for code, _low, _high in BINS)}
    if code not in codes:
        return None
    return Found(
        rows.running().filter(_gap(code)), _("Optimism gap: %(points)s") % {"points": gap_words(code)}
    )


def gap_words(code: str) -> str:
    return {
        ANY: _("any"),
        "none": _("none"),
        "small": _("up to 1 point"),
        "middle": _("1.5 to 2 points"),
        "large": _("2.5 to 4 points"),
        "huge": _("more than 4 points"),
    }[code]


def _gap(code: str) -> Q:
    if code == ANY:
        return Q(standing__optimism_gap__gt=0)
    low, high = next((low, high) for name, low, high in BINS if name == code)
    found = Q(standing__optimism_gap__gte=low)
    return found if high is None else found & Q(standing__optimism_gap__lte=high)
