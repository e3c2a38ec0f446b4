"""What a lesson begins with: the cause that was found while the initiative was still running."""

from gates.models import Initiative
from readiness.standing.models import Flag


def found_cause(initiative: Initiative) -> str:
    """The root cause that somebody last confirmed on one of its open flags; "" where nobody did."""
    flags = Flag.objects.filter(initiative=initiative, resolved_at__isnull=True).exclude(confirmed_cause="")
    newest = flags.order_by("-confirmed_at", "-pk").values_list("confirmed_cause", flat=True).first()
    return newest or ""
