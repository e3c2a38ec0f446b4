"""Whoever signs in to the demo finds something under the bell, and no mail goes out for what was only played."""

import pytest

from readiness import clock
from readiness.notices.models import Notice
from readiness.notices.sending import owe

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("username", ["lena", "ravi", "elsa"])
def test_the_last_two_weeks_of_the_demo_told_them_something(demo_portfolio: str, username: str) -> None:
    owe(clock.now())
    assert Notice.objects.filter(recipient__username=username, read_at__isnull=True).exists()
