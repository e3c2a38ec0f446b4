"""The one recompute: what is written, when, and in how many queries."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.gates import Promise, submit_gate
from readiness.actions.initiatives import edit_initiative
from readiness.actions.people import deactivate_person, reactivate_person
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor
from readiness.standing.models import Flag, GateStanding, HistoryPoint, Standing
from readiness.standing.recompute import fresh_outcome, recompute_batch
from readiness.standing.sweeping import all_batches, recompute_due, recompute_these
from tests.fixtures import answer_all, create, make_ready, pass_gate
from tests.integration.standing.pictures import day, picture

QUERIES_TO_READ = 27
"""Locks, the organisation, what stands, thresholds, facts: whatever the number of initiatives."""


def _say(initiative: Initiative, by: User, number: int, **answers: str) -> None:
    changes = [AnswerChange(code.replace("_", "-"), answer) for code, answer in answers.items()]
    record_answers(initiative.pk, changes, Actor.person(by), day(number), "five-gate")


def _recompute_everything(number: int) -> int:
    return sum(recompute_these(batch, day(number)) for batch in all_batches())


def test_computing_everything_anew_on_the_same_day_writes_nothing(lena: User, ravi: User) -> None:
    make_ready(create(lena, day(0), stage="pilot"), lena, ravi, day(0))
    create(lena, day(0), stage="poc")
    before = picture()

    assert _recompute_everything(0) == 2
    assert picture() == before


def test_another_day_only_notes_that_it_was_looked_at(lena: User) -> None:
    one = create(lena, day(0))
    before = picture("as_of", "due_on")

    _recompute_everything(1)

    assert picture("as_of", "due_on") == before
    assert Standing.objects.get(initiative=one).as_of == day(1).date()
    again = picture()
    _recompute_everything(1)
    assert picture() == again


def test_only_the_initiative_and_the_gate_that_changed_are_written(lena: User) -> None:
    one, other = create(lena, day(0)), create(lena, day(0))
    before = picture()

    _say(one, lena, 1, DATA_2="partial")

    after = picture()
    changed = {
        name: [row for row in after[name] if row not in before[name]] for name in ("Standing", "GateStanding")
    }
    assert [row["initiative_id"] for row in changed["Standing"]] == [one.pk]
    assert [(row["initiative_id"], row["gate"]) for row in changed["GateStanding"]] == [(one.pk, "data")]
    untouched = [row for row in after["Standing"] if row["initiative_id"] == other.pk]
    assert untouched == [row for row in before["Standing"] if row["initiative_id"] == other.pk]


def test_a_change_tells_its_event_what_it_changed(lena: User) -> None:
    one = create(lena, day(0))
    answer_all(one, lena, at=day(1))

    event = Event.objects.filter(initiative=one).latest("seq")
    assert event.verb == "answer.recorded"
    assert event.data["standing"]["score"] == ["0.0", "100.0"]
    assert event.data["standing"]["gates"]["data"] == ["open", "eligible"]

    recompute_batch([one.pk], day(15))
    told = Event.objects.filter(initiative=one).latest("seq")
    assert (told.verb, told.actor_kind, told.actor_id) == ("standing.changed", "clock", None)
    assert {flag["code"] for flag in told.data["standing"]["flags_opened"]} == {
        "no_business_owner",
        "no_sponsor",
    }


def test_a_gate_that_changes_while_nothing_else_does_is_news_all_the_same(lena: User, ravi: User) -> None:
    """An integration that reads on from the last `computed_at` must not miss a checkpoint that lapsed by time."""
    one = create(lena, day(0), stage="poc")
    answer_all(one, lena, framework="poc-checkpoints", at=day(0))
    pass_gate(one, "checkpoint-0", lena, ravi, day(0))
    kept_until_day_10 = [Promise("Ask the works council.", "lena", day(10).date())]
    pass_gate(one, "checkpoint-1", lena, ravi, day(0), kept_until_day_10)
    move_stage(one.pk, "intake", Actor.person(lena), day(1), reason="The data were not there.")
    before = picture("as_of", "due_on", "computed_at")
    computed_at = Standing.objects.get(initiative=one).computed_at

    recompute_due(day(11))

    after = picture("as_of", "due_on", "computed_at")
    assert after["Standing"] == before["Standing"]
    assert after["Flag"] == before["Flag"]
    assert GateStanding.objects.get(initiative=one, gate="checkpoint-1").status == "lapsed"
    assert Standing.objects.get(initiative=one).computed_at > computed_at


def test_history_has_one_point_a_day_and_only_where_something_changed(lena: User) -> None:
    one = create(lena, day(0))
    for number, hour, code in ((1, 9, "DATA-1"), (1, 15, "DATA-2"), (3, 9, "DATA-3")):
        change = AnswerChange(code, "partial")
        record_answers(one.pk, [change], Actor.person(lena), day(number, hour), "five-gate")
    _say(one, lena, 4, DATA_3="partial")  # as it stands already
    record_answers(one.pk, [AnswerChange("DATA-4", note="Soon.")], Actor.person(lena), day(5))
    for number in range(1, 10):
        recompute_batch([one.pk], day(number))

    points = HistoryPoint.objects.filter(initiative=one)
    assert [(point.on, point.partial) for point in points] == [
        (day(0).date(), 0),
        (day(1).date(), 2),
        (day(3).date(), 3),
    ]


def test_what_was_computed_later_carries_a_later_moment_even_if_the_clock_stands_still(
    lena: User, ravi: User
) -> None:
    initiatives = [create(lena, day(0)) for _ in range(3)]
    moments = [Standing.objects.get(initiative=one).computed_at for one in initiatives]
    for number, one in enumerate([*initiatives, *initiatives]):
        record_answers(
            one.pk,
            [AnswerChange(f"ARCH-{number % 4 + 1}", "partial")],
            Actor.person(lena),
            day(0),
            "five-gate",
        )
        moments.append(Standing.objects.get(initiative=one).computed_at)
    backwards = day(0) - timedelta(hours=1)
    record_answers(initiatives[0].pk, [AnswerChange("GOVN-1", "met")], Actor.person(lena), backwards)
    moments.append(Standing.objects.get(initiative=initiatives[0]).computed_at)

    assert moments == sorted(set(moments))


def test_many_take_as_many_queries_as_one(lena: User, ravi: User, query_count: Callable[..., int]) -> None:
    busy = create(lena, day(0), stage="pilot")
    make_ready(busy, lena, ravi, day(0))
    keys = [busy.pk, *(create(lena, day(0), stage="pilot").pk for _ in range(49))]
    recompute_batch(keys, day(1))
    reading = [query_count(partial(recompute_batch, some, day(1))) for some in (keys[:1], keys)]
    assert reading[0] == reading[1] <= QUERIES_TO_READ

    # Each of them has news now: flags open, severities change, and there is a point of history.
    writing = [query_count(partial(recompute_batch, some, day(200))) for some in (keys[:1], keys[1:])]
    assert writing[1] <= writing[0] + _batches_of_sqlite(len(keys))


def _batches_of_sqlite(initiatives: int) -> int:
    """SQLite takes only so many values in one statement."""
    if connection.vendor != "sqlite":
        return 0
    rows = {Standing: 1, GateStanding: 10, HistoryPoint: 1, Flag: 10}
    values = sum(initiatives * many * (len(model._meta.concrete_fields) + 2) for model, many in rows.items())
    return values // (connection.features.max_query_params or 1)


def _open(one: Initiative) -> dict[str, Flag]:
    return {flag.code: flag for flag in Flag.objects.filter(initiative=one, resolved_at__isnull=True)}


def test_a_flag_is_opened_once_kept_graver_resolved_and_opened_anew(lena: User) -> None:
    one = create(lena, day(0), stage="pilot", plan={"pilot_days": 20})
    opened = day(21).date()
    for number in (20, 21, 22, 22, 25, 30):
        recompute_batch([one.pk], day(number))
    first = _open(one)["stage_overrun"]
    assert (first.opened_on, first.severity) == (opened, "info")

    recompute_batch([one.pk], day(31))
    kept = _open(one)["stage_overrun"]
    assert (kept.pk, kept.opened_on, kept.severity) == (first.pk, opened, "warning")
    told = Event.objects.filter(initiative=one).latest("seq").data["standing"]
    assert told["flags_changed"] == [{"code": "stage_overrun", "severity": "warning"}]
    assert "stage_overrun" not in [flag["code"] for flag in told.get("flags_opened", [])]

    edit_initiative(one.pk, {"plan": {"pilot_days": 40}}, Actor.person(lena), day(32))
    assert "stage_overrun" not in _open(one)
    resolved = Flag.objects.get(pk=first.pk)
    assert (resolved.resolved_on, resolved.resolved_at) == (day(32).date(), day(32))
    told = Event.objects.filter(initiative=one).latest("seq").data["standing"]
    assert told["flags_resolved"] == ["stage_overrun"]

    recompute_batch([one.pk], day(41))
    again = _open(one)["stage_overrun"]
    assert again.pk != first.pk
    assert again.opened_on == day(41).date()
    assert Flag.objects.filter(initiative=one, code="stage_overrun").count() == 2


def test_a_flag_that_speaks_of_something_else_now_stays_the_same_flag(lena: User, omar: User) -> None:
    one = create(lena, day(0), stage="pilot", people={"deputy": "omar", "business_owner": "lena"})
    deactivate_person("omar", COMMAND, day(1))
    recompute_due(day(1))
    first = _open(one)["owner_left"]
    assert first.severity == "warning"

    deactivate_person("lena", COMMAND, day(2))
    recompute_due(day(2))
    kept = _open(one)["owner_left"]
    assert (kept.pk, kept.severity, len(kept.details["people"])) == (first.pk, "critical", 2)

    for username in ("omar", "lena"):
        reactivate_person(username, COMMAND, day(3))
    recompute_due(day(3))
    assert "owner_left" not in _open(one)


def test_the_database_holds_one_open_flag_of_a_code(lena: User) -> None:
    one = create(lena, day(0), stage="pilot")
    flag = Flag.objects.filter(initiative=one).first()
    assert flag is not None
    flag.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        flag.save(force_insert=True)
    flag.resolved_at, flag.resolved_on = day(0), day(0).date()
    flag.save(force_insert=True)
    assert Flag.objects.filter(initiative=one, code=flag.code).count() == 2


def test_an_ended_initiative_has_no_open_flag(lena: User) -> None:
    one = create(lena, day(0), stage="pilot")
    recompute_batch([one.pk], day(200))
    assert _open(one)

    lesson = {"tried": "Sorting.", "did_not_work": "Nobody used it.", "outcome": "decided"}
    move_stage(one.pk, "stopped", Actor.person(lena), day(200), lesson=lesson)

    assert _open(one) == {}
    ended = Standing.objects.get(initiative=one)
    assert (ended.stage, ended.stalled, ended.flags_open, ended.worst_severity) == ("stopped", False, 0, "")


def test_what_stands_is_handed_out_as_it_is_until_its_day_has_come(
    lena: User, query_count: Callable[..., int]
) -> None:
    one = create(lena, day(0), stage="poc")
    due_on = Standing.objects.get(initiative=one).due_on
    assert due_on is not None
    days = (due_on - day(0).date()).days

    assert query_count(lambda: fresh_outcome(one.pk, day(days - 1))) <= 4
    before = Event.objects.count()
    assert fresh_outcome(one.pk, day(days - 1)).changed == {}
    assert Event.objects.count() == before

    fresh = fresh_outcome(one.pk, day(days))
    assert fresh.standing.as_of == due_on
    while not fresh.changed:  # the days on which something may change, until something does
        assert Event.objects.count() == before
        due_on = fresh.standing.due_on
        assert due_on is not None
        fresh = fresh_outcome(one.pk, day((due_on - day(0).date()).days))
        assert fresh.standing.as_of == due_on
    assert due_on <= day(60).date()
    assert Event.objects.count() == before + 1


def test_a_day_that_has_come_is_worked_out_before_an_act_and_told_apart_from_it(
    lena: User, ravi: User
) -> None:
    """What time has done is no act of the person who comes next, and lapses nothing by act."""
    one = create(lena, day(0), stage="pilot")
    answer_all(one, lena, at=day(0))
    pass_gate(one, "data", lena, ravi, day(0))

    _say(one, lena, 61, ADPT_4="partial")  # DATA-1 may be 60 days old

    time, act = Event.objects.filter(initiative=one).order_by("-seq")[:2][::-1]
    assert (time.verb, time.data["standing"]["gates"]["data"]) == ("standing.changed", ["passed", "lapsed"])
    assert act.verb == "answer.recorded"
    assert "data" not in act.data["standing"].get("gates", {})
    lapsed = GateStanding.objects.get(initiative=one, gate="data")
    assert lapsed.status == "lapsed"


def test_a_submission_alone_is_no_point_of_history(lena: User) -> None:
    one = create(lena, day(0), stage="poc")
    answer_all(one, lena, at=day(1))
    submit_gate(one.pk, "data", "", Actor.person(lena), day(2))
    assert [point.on for point in HistoryPoint.objects.filter(initiative=one)] == [
        day(0).date(),
        day(1).date(),
    ]
