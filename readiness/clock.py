"""The one place that reads the clock. Everything else is handed `at` or `today`."""

from datetime import date, datetime, tzinfo

from django.utils import timezone


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return timezone.now()


def day_in(zone: tzinfo, at: datetime) -> date:
    """The calendar day that `at` (aware) falls on in `zone`."""
    return at.astimezone(zone).date()
