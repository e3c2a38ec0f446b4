"""Long work: asked for, taken by one, told of, given back, taken over from the dead, and given up in the end."""

from datetime import timedelta

import pytest

from readiness import clock
from readiness.accounts.models import User
from readiness.work.doing import (
    BROKEN,
    MOST_CLAIMS,
    AlreadyUnderWay,
    ClaimLost,
    ask_for,
    beat,
    fail,
    finish,
    pause,
    take,
)
from readiness.work.models import LEASE, NUDGE, LongWork, State

pytestmark = pytest.mark.django_db

AT = clock.now()
SECOND = timedelta(seconds=1)


def asked(ada: User, lock: str = "") -> LongWork:
    return ask_for("test", "A list", ada, AT, {"a": 1}, lock=lock)


def test_of_two_workers_one_takes_it(ada: User) -> None:
    work = asked(ada)
    mine = take(work.pk, AT)
    assert mine is not None and mine.params == {"a": 1}
    assert take(work.pk, AT + LEASE - SECOND) is None, "it gave a sign of life"
    finish(mine, AT, {"b": 2})
    assert take(work.pk, AT + LEASE * 2) is None
    work.refresh_from_db()
    assert (work.state, work.result, work.ended_at) == (State.DONE, {"b": 2}, AT)


def test_who_gave_no_sign_of_life_is_followed_and_can_write_nothing_any_more(ada: User) -> None:
    work = asked(ada)
    dead = take(work.pk, AT)
    assert dead is not None
    beat(dead, AT + SECOND, 10, 100)
    assert not LongWork.objects.forgotten(AT + LEASE).exists()
    assert LongWork.objects.forgotten(AT + SECOND + LEASE).exists()
    mine = take(work.pk, AT + SECOND + LEASE)
    assert mine is not None and (mine.done, mine.total) == (10, 100), "it carries on there"
    for act in (
        lambda: beat(dead, AT + LEASE, 20, 100),
        lambda: finish(dead, AT + LEASE, {}),
        lambda: fail(dead, "x", AT + LEASE),
    ):
        with pytest.raises(ClaimLost):
            act()
    finish(mine, AT + LEASE * 2, {})


def test_what_waits_is_sent_anew_long_before_who_is_at_it_is_thought_dead(ada: User) -> None:
    work = asked(ada)
    for at, expected in ((AT + NUDGE - SECOND, False), (AT + NUDGE, True)):
        assert work.is_forgotten(at) is LongWork.objects.forgotten(at).exists() is expected
    mine = take(work.pk, AT)
    assert mine is not None
    for at, expected in ((AT + LEASE - SECOND, False), (AT + LEASE, True)):
        assert mine.is_forgotten(at) is LongWork.objects.forgotten(at).exists() is expected
    assert NUDGE < LEASE


def test_what_is_given_back_is_taken_at_once(ada: User) -> None:
    work = asked(ada)
    first = take(work.pk, AT)
    assert first is not None
    beat(first, AT, 5, 10)
    pause(first, AT)
    second = take(work.pk, AT)
    assert second is not None and second.done == 5


def test_what_never_gets_on_is_given_up_in_the_end_and_what_does_is_not(ada: User) -> None:
    stuck, slow = asked(ada), asked(ada)
    at = AT
    for number in range(MOST_CLAIMS + 3):
        at += LEASE
        take(stuck.pk, at)
        work = take(slow.pk, at)
        assert work is not None
        beat(work, at, number + 1, 100)
    stuck.refresh_from_db()
    assert (stuck.state, stuck.message) == (State.FAILED, BROKEN)


def test_of_one_lock_one_is_active(ada: User) -> None:
    first = asked(ada, "import")
    with pytest.raises(AlreadyUnderWay) as refused:
        asked(ada, "import")
    assert refused.value.work == first
    asked(ada, "other")
    mine = take(first.pk, AT)
    assert mine is not None
    fail(mine, "No.", AT)
    asked(ada, "import")


def test_how_far_it_is() -> None:
    assert LongWork(done=5).percent is None
    assert LongWork(done=5, total=20).percent == 25
    assert LongWork(done=21, total=20).percent == 100
