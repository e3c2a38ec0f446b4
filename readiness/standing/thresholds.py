"""The thresholds that hold now: the admin's where set, the content's default elsewhere."""

from gates.asking import Prepared
from readiness.standing.definitions import thresholds
from readiness.standing.flags.thresholds import Thresholds
from readiness.standing.models import Threshold

_set_ones = Prepared(lambda keys: Threshold.objects.order_by())


def current_thresholds() -> Thresholds:
    """One query, whatever the number of rules."""
    return thresholds({(one.code, one.stage, one.key): one.value for one in _set_ones.all()})
