"""What the locks are there for: each time with the guard and, as a control, without it, so that the test can fail."""

from tests.integration.faults.installation import Installation


def test_a_mark_is_not_overwritten_by_a_recompute_under_way(on_postgres: Installation) -> None:
    guarded, unguarded = on_postgres.call("races:mark_during_an_act")
    assert guarded == {"waited": True, "errors": [], "due": True, "flagged": True}
    assert unguarded == {"waited": False, "errors": [], "due": False, "flagged": False}


def test_an_answer_given_during_a_recompute_is_in_the_score(on_postgres: Installation) -> None:
    guarded, unguarded = on_postgres.call("races:answer_during_a_recompute")
    assert guarded == {"waited": True, "errors": [], "partial": 1, "stale": False}
    assert unguarded == {"waited": False, "errors": [], "partial": 0, "stale": True}


def test_two_recomputes_at_once_open_each_flag_once(on_postgres: Installation) -> None:
    """The row lock alone suffices, and beneath it lies the promise of the database."""
    found = on_postgres.call("races:two_recomputes")
    assert all(one["flags"] > 0 and one["chain"] for one in found.values())
    for guard in ("both", "lock"):
        assert (found[guard]["waited"], found[guard]["errors"], found[guard]["doubled"]) == (True, [], 0)
    assert found["index"]["doubled"] == 0
    assert "one_open_flag_a_code" in found["index"]["errors"][0]
    assert found["neither"]["doubled"] == found["neither"]["flags"] / 2


def test_of_two_sweeps_the_second_does_what_is_free_first_and_waits_for_the_rest(
    on_postgres: Installation,
) -> None:
    found = on_postgres.call("races:sweep_during_a_sweep")
    assert found == {
        "waited": True,
        "errors": [],
        "due": 0,
        "order": [True, False],  # the one that was free was done while the other was in hand
        "doubled": 0,
        "stale": False,
    }


def test_who_reads_on_from_the_last_moment_seen_misses_nothing(on_postgres: Installation) -> None:
    """With the clock alone, one who began earlier and committed later would be missed."""
    guarded, unguarded = on_postgres.call("races:reading_on")
    assert guarded == {"waited": False, "errors": [], "seen": True}
    assert unguarded == {"waited": False, "errors": [], "seen": False}
