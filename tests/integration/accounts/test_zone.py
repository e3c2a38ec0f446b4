"""Times are told as they are where the organisation is, in every request anew."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone

from readiness.accounts.middleware import OrganisationZone, OrganisationZoneMiddleware
from readiness.accounts.models import Organisation, User
from tests.fixtures import create, pages

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)


def set_zone(name: str) -> None:
    Organisation.get()
    Organisation.objects.update(time_zone=name)


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("UTC", "1 Jul 2026, 22:30"),
        ("Europe/Berlin", "2 Jul 2026, 00:30"),
        ("Asia/Kolkata", "2 Jul 2026, 04:00"),
        ("America/Los_Angeles", "1 Jul 2026, 15:30"),
    ],
)
def test_a_page_tells_times_in_the_organisations_zone(lena: User, zone: str, told: str) -> None:
    set_zone(zone)
    initiative = create(lena, AT)
    assert told in pages(lena).get(f"/initiatives/{initiative.ref}/history/").content.decode()


def test_a_changed_zone_holds_from_the_next_request_on(lena: User) -> None:
    initiative = create(lena, AT)
    client = pages(lena)
    for zone, told in (("Europe/Berlin", "00:30"), ("Asia/Tokyo", "07:30"), ("UTC", "22:30")):
        set_zone(zone)
        assert told in client.get(f"/initiatives/{initiative.ref}/history/").content.decode()


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25T02:30:00+02:00"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25T02:30:00+01:00"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "2026-03-29T01:59:00+01:00"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2026-03-29T03:00:00+02:00"),
    ],
)
def test_the_hours_around_a_change_of_clocks_are_told_apart(moment: datetime, told: str) -> None:
    set_zone("Europe/Berlin")
    shown = moment.astimezone(OrganisationZone(HttpRequest()))
    assert shown.isoformat() == told
    assert shown.astimezone(UTC) == moment


def test_a_request_that_tells_no_time_asks_the_database_nothing(
    query_count: Callable[[Callable[[], HttpResponse]], int],
) -> None:
    assert query_count(lambda: Client().get("/health/live/")) == 0


def test_the_zone_is_gone_when_the_request_is_over() -> None:
    set_zone("Asia/Tokyo")
    before = timezone.get_current_timezone()

    def view(request: HttpRequest) -> HttpResponse:
        assert timezone.localtime(AT).hour == 7
        raise LookupError

    with pytest.raises(LookupError):
        OrganisationZoneMiddleware(view)(HttpRequest())
    assert timezone.get_current_timezone() is before
