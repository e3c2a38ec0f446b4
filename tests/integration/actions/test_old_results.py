"""Which results of automated checks are kept: the newest, and those that something rests on."""

from datetime import timedelta

import pytest

from checklists.models import CheckResult, Evidence
from gates.models import Initiative
from readiness.accounts.models import User
from readiness.actions.checks import Report, bind_check, report_check
from readiness.actions.old_results import KEPT, forget_old_results
from readiness.actions.tasks import clean_up_at
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from tests.fixtures import create
from tests.integration.actions.props import effective, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def initiative(lena: User) -> Initiative:
    return create(lena, on(0))


def reported(
    initiative: Initiative, by: User, *results: str, check: str = "quality", code: str = "DATA-1"
) -> None:
    """One a minute, each newer than whatever stands."""
    for result in results:
        at = on(1) + timedelta(minutes=Event.objects.count())
        sent = Report(item=code, check=check, result=result, observed_at=at)
        assert report_check(initiative.pk, sent, Actor.person(by, "ci"), at).new


def left(**which: str) -> list[str]:
    return list(CheckResult.objects.filter(**which).order_by("pk").values_list("result", flat=True))


def test_of_each_check_at_each_item_the_newest_are_kept(initiative: Initiative, lena: User) -> None:
    reported(initiative, lena, *["pass"] * 6)
    reported(initiative, lena, *["warn"] * 5, check="freshness")
    reported(initiative, lena, *["pass"] * 3, code="DATA-2")
    newest = set(CheckResult.objects.filter(name="quality", item__code="DATA-1").order_by("-pk")[:3])
    events = Event.objects.count()
    assert forget_old_results(kept=2) == 3 + 2
    assert forget_old_results(kept=2) == 0
    assert set(CheckResult.objects.filter(name="quality", item__code="DATA-1")) == newest
    assert [len(left(name="freshness")), len(left(item__code="DATA-2"))] == [3, 3]
    assert (Event.objects.count(), Evidence.objects.count()) == (events, 3)


def test_what_evidence_tells_of_and_what_measures_stays(initiative: Initiative, lena: User) -> None:
    """Each change makes another piece; of each the newest result stays, however long ago it was withdrawn."""
    bind_check(initiative.pk, "DATA-1", "quality", "", Actor.person(lena), on(0))
    reported(initiative, lena, "pass", "pass", "fail", "fail", "fail", "pass", "warn")
    before = effective(initiative, "DATA-1")
    assert forget_old_results(kept=0) == 3
    assert left() == ["pass", "fail", "pass", "warn"]
    assert [piece.check_results.count() for piece in Evidence.objects.all()] == [1] * 4
    assert effective(initiative, "DATA-1") == before
    reported(initiative, lena, "warn")
    assert effective(initiative, "DATA-1")[0] == before[0] == "partial"


def test_many_go_piece_by_piece(initiative: Initiative, lena: User) -> None:
    reported(initiative, lena, *["pass"] * 9)
    assert forget_old_results(kept=1, at_once=3) == 7
    assert len(left()) == 2


def test_the_daily_cleaning_does_it(initiative: Initiative, lena: User) -> None:
    reported(initiative, lena, "pass")
    row = CheckResult.objects.get()
    older = [
        CheckResult(
            **{field.attname: getattr(row, field.attname) for field in row._meta.fields} | {"id": None}
        )
        for _ in range(KEPT + 4)
    ]
    CheckResult.objects.bulk_create(older)
    clean_up_at(on(2))
    assert CheckResult.objects.count() == KEPT + 1
    assert CheckResult.objects.filter(pk__lt=row.pk + 4).count() == 0
