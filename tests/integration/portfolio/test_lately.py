"""What the tiles of the overview say of a month ago: what the history tells, and nothing where it does not."""

from datetime import date
from decimal import Decimal

import pytest

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import Organisation
from readiness.portfolio.books import rates_of
from readiness.portfolio.figures import Headline, headline
from readiness.portfolio.lately import Delta, since_then
from readiness.portfolio.past.loading import lives
from readiness.portfolio.past.marks import Counted, Mark, counted

DAY = date(2026, 10, 29)
NOW = Headline(
    total=9, running=7, ready=4, ready_live=2, conditional=1, conditional_live=0, stalled=3, live=2,
    spent=Decimal(0), spent_stalled=Decimal(0), currency="EUR", unconverted=0,
)  # fmt: skip


def stood(ready: int = 0, conditional: int = 0, **marks: int) -> Counted:
    return Counted(DAY, {"ready-ahead": ready, "conditional-ahead": conditional, **marks}, None, 0)


def test_each_tile_says_in_words_what_is_different() -> None:
    assert since_then(stood(3, 1, running=7, stalled=1), NOW) == {
        "running": Delta("as many as a month ago"),
        "ready": Delta("1 fewer than a month ago", "warning"),
        "conditional": Delta("as many as a month ago"),
        "stalled": Delta("2 more than a month ago", "critical"),
    }
    better = since_then(stood(1, 0, running=5, stalled=4), NOW)
    assert better["stalled"] == Delta("1 fewer than a month ago", "good")
    assert better["ready"] == Delta("1 more than a month ago", "good")


def test_what_the_history_does_not_know_is_not_told() -> None:
    assert since_then(stood(), NOW) == {}, "nothing ran: there is no month ago"
    assert since_then(stood(running=5, unrecorded=1), NOW).keys() == {"running"}


@pytest.mark.django_db
@pytest.mark.usefixtures("demo_portfolio")
def test_of_today_the_history_says_what_the_tiles_say() -> None:
    """Else the two ends of a change would be two different figures."""
    organisation, rows = Organisation.get(), Initiative.objects.all()
    today = organisation.day_of(clock.now())
    told, head = (
        counted(lives(rows, today, today, organisation.zone), today),
        headline(rows, rates_of(organisation, today)),
    )
    assert told.of(Mark.UNRECORDED) == 0
    tiles = (Mark.RUNNING, Mark.READY_AHEAD, Mark.CONDITIONAL_AHEAD, Mark.STALLED)
    assert [told.of(mark) for mark in tiles] == [
        head.running, head.ready_ahead, head.conditional_ahead, head.stalled
    ]  # fmt: skip
    assert min(head.ready_live, head.ready_ahead, head.stalled) > 0
