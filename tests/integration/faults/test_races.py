"""What the locks are there for, each time with the lock and, as a control, without it: so the test can fail."""

import pytest

from tests.integration.faults.installation import Installation


def test_a_mark_is_not_overwritten_by_a_recompute_under_way(on_postgres: Installation) -> None:
    found = on_postgres.call("races:mark_during_an_act", locked=True)
    assert found == {"waited": True, "errors": [], "due": True, "flagged": True}


def test_without_the_lock_the_mark_would_be_lost(on_postgres: Installation) -> None:
    found = on_postgres.call("races:mark_during_an_act", locked=False)
    assert found == {"waited": False, "errors": [], "due": False, "flagged": False}


def test_an_answer_given_during_a_sweep_is_in_the_score(on_postgres: Installation) -> None:
    found = on_postgres.call("races:answer_during_a_sweep", locked=True)
    assert found == {"waited": True, "errors": [], "partial": 1, "stale": False}


def test_without_the_lock_the_score_would_be_stale(on_postgres: Installation) -> None:
    found = on_postgres.call("races:answer_during_a_sweep", locked=False)
    assert found == {"waited": False, "errors": [], "partial": 0, "stale": True}


@pytest.mark.parametrize("unique", [True, False])
def test_two_recomputes_at_once_open_each_flag_once(on_postgres: Installation, unique: bool) -> None:
    """The lock alone suffices; the database's own promise lies beneath it."""
    found = on_postgres.call("races:two_recomputes", locked=True, unique=unique)
    assert found["flags"] > 0
    assert (found["waited"], found["errors"], found["doubled"], found["chain"]) == (True, [], 0, True)


def test_without_the_lock_the_database_still_refuses_a_second_flag(on_postgres: Installation) -> None:
    found = on_postgres.call("races:two_recomputes", locked=False, unique=True)
    assert found["doubled"] == 0
    assert "one_open_flag_a_code" in found["errors"][0]
    assert found["chain"]


def test_without_either_flags_would_be_doubled(on_postgres: Installation) -> None:
    found = on_postgres.call("races:two_recomputes", locked=False, unique=False)
    assert found["doubled"] == found["flags"] / 2 > 0


def test_of_two_sweeps_the_second_leaves_out_what_the_first_has_in_hand(on_postgres: Installation) -> None:
    found = on_postgres.call("races:sweep_during_a_sweep")
    assert (found["waited"], found["errors"], found["looked_at"]) == (False, [], [1])
    assert (found["due"], found["stale"]) == (0, False)


def test_who_reads_on_from_the_last_moment_seen_misses_nothing(on_postgres: Installation) -> None:
    found = on_postgres.call("races:reading_on", ticking=True)
    assert found == {"waited": False, "errors": [], "seen": True}


def test_with_the_clock_alone_a_reader_would_miss_what_was_committed_later(on_postgres: Installation) -> None:
    found = on_postgres.call("races:reading_on", ticking=False)
    assert found == {"waited": False, "errors": [], "seen": False}
