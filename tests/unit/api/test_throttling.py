"""The sliding window of requests."""

from concurrent.futures import ThreadPoolExecutor

from readiness.api.throttling import KEPT_CALLERS, LIMIT, WINDOW, Window


def test_the_limit_is_well_above_what_was_promised() -> None:
    assert LIMIT * 60 / WINDOW >= 1200


def test_the_one_too_many_waits_until_the_first_is_a_window_old() -> None:
    window = Window(3, 60)
    assert [window.wait("lena", moment) for moment in (0, 10, 20)] == [0, 0, 0]
    assert window.wait("lena", 30) == 30
    assert window.wait("lena", 59) == 1
    assert window.wait("lena", 60) == 0
    assert window.wait("lena", 61) == 9


def test_callers_do_not_count_against_each_other() -> None:
    window = Window(1, 60)
    assert window.wait("lena", 0) == 0
    assert window.wait("ravi", 0) == 0


def test_no_more_get_in_when_many_come_at_once() -> None:
    window = Window(100, 60)
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda _: window.wait("lena", 0), range(1000)))
    assert waits.count(0) == 100


def test_callers_long_gone_are_forgotten() -> None:
    window = Window(1, 60)
    for number in range(KEPT_CALLERS + 1):
        window.wait(f"caller {number}", 0)
    window.wait("late", 100)
    assert list(window._came) == ["late"]
