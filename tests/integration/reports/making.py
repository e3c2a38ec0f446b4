"""A report as a person asks for it, a worker makes it and they download it."""

from typing import Any
from urllib.parse import urlencode

from readiness import clock
from readiness.accounts.models import User
from readiness.reports import making
from readiness.reports.models import Report
from tests.fixtures import pages

HOME = "/portfolio/reports/"


def ask(by: User, wanted: str, **filters: str) -> Any:
    return pages(by).post(f"{HOME}?{urlencode(filters)}", {"format": wanted})


def newest(by: User) -> Report:
    report = Report.objects.of(by.pk).first()
    assert report is not None
    return report


def work_off(report: Report) -> Report:
    """What a worker does with it."""
    assert report.work_id is not None
    making.carry_on(report.work_id, clock.now())
    report.refresh_from_db()
    return report


def made(by: User, wanted: str, **filters: str) -> Report:
    assert ask(by, wanted, **filters).status_code == 302
    return work_off(newest(by))


def file_of(by: User, report: Report) -> bytes:
    response = pages(by).get(f"{HOME}{report.pk}/file/")
    assert response.status_code == 200
    return response.getvalue()


def taken(by: User, wanted: str, **filters: str) -> bytes:
    return file_of(by, made(by, wanted, **filters))
