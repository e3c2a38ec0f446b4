"""Business units as initiatives name them, so that a unit is spelled one way."""

from gates.models import Initiative
from gates.querysets import normalised
from readiness.portfolio.questions import UNITS_OFFERED


def known_units() -> list[str]:
    """Those that a field for a unit offers."""
    return [spelling for _, spelling in Initiative.objects.units()[:UNITS_OFFERED]]


def is_known(unit: str) -> bool:
    """Whether an initiative names it, however it is spelled."""
    return Initiative.objects.filter(business_unit_key=normalised(unit)).exists()
