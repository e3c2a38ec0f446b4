"""The thresholds that hold now: the admin's where set, the content's default elsewhere."""

from readiness.standing.definitions import thresholds
from readiness.standing.flags.thresholds import Thresholds
from readiness.standing.models import Threshold


def current_thresholds() -> Thresholds:
    """One query, whatever the number of rules."""
    rows = Threshold.objects.values_list("code", "stage", "key", "value")
    return thresholds({(code, stage, key): value for code, stage, key, value in rows})
