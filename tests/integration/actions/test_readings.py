"""Readings: typed, sent by a program, taken from a file, withdrawn."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from gates.models import Initiative, Kpi, Reading
from readiness.accounts.models import User
from readiness.actions.errors import Invalid, NotFound
from readiness.actions.readings import (
    NewReading,
    add_reading,
    add_readings,
    import_readings,
    withdraw_reading,
)
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from tests.fixtures import create
from tests.integration.actions.exiting import kpi_of
from tests.integration.actions.props import UNUSUAL_TEXTS, act, errors, on, the_day

pytestmark = pytest.mark.django_db

TODAY = 400
LINES = 5000


@pytest.fixture
def pilot(lena: User) -> Initiative:
    return create(lena, on(0), stage="pilot")


@pytest.fixture
def kpi(pilot: Initiative, lena: User) -> Kpi:
    return kpi_of(pilot, lena)


def add(kpi: Kpi, by: User | Actor, day: int, value: object, note: str = "", at: int = TODAY) -> Any:
    actor = by if isinstance(by, Actor) else act(by)
    return add_reading(kpi.initiative_id, kpi.pk, NewReading(the_day(day), value, note), actor, on(at))


def take(kpi: Kpi, by: User, text: str | bytes, at: int = TODAY) -> Any:
    data = text.encode() if isinstance(text, str) else text
    return import_readings(kpi.initiative_id, kpi.pk, data, "weeks.csv", act(by), on(at))


def standing(kpi: Kpi) -> list[tuple[date, str]]:
    rows = kpi.readings.filter(withdrawn_at__isnull=True).order_by("on")
    return [(one.on, f"{one.value.normalize():f}") for one in rows]


def events(initiative: Initiative) -> list[str]:
    found = Event.objects.filter(initiative=initiative, verb__startswith="reading")
    return list(found.order_by("seq").values_list("verb", flat=True))


# --- One reading --------------------------------------------------------------------------------------------------


def test_a_reading_says_what_when_by_whom_and_from_where(kpi: Kpi, lena: User) -> None:
    done = add(kpi, lena, 390, "31.5", " Week 44 ")
    reading = Reading.objects.get()
    assert (done.readings, done.new) == ((reading,), 1)
    assert (reading.kpi, reading.on, float(reading.value)) == (kpi, the_day(390), 31.5)
    assert (reading.note, reading.source, reading.by) == ("Week 44", "typed", lena)
    assert reading.received_at == on(TODAY)
    event = Event.objects.filter(initiative=kpi.initiative).latest("seq")
    assert (event.verb, event.data["value"], event.data["on"]) == (
        "reading.added", "31.5", the_day(390).isoformat(),
    )  # fmt: skip


@pytest.mark.parametrize("text", UNUSUAL_TEXTS.values(), ids=UNUSUAL_TEXTS.keys())
def test_a_note_is_kept_as_it_is(kpi: Kpi, lena: User, text: str) -> None:
    add(kpi, lena, 1, 5, text)
    assert Reading.objects.get().note == text


def test_a_person_is_active_by_it_and_a_program_is_not(kpi: Kpi, lena: User) -> None:
    def last_activity() -> date | None:
        return Initiative.objects.get(pk=kpi.initiative_id).last_activity_on

    before = last_activity()
    add(kpi, Actor.person(lena, "the pipeline"), 1, 5)
    assert (Reading.objects.get().source, last_activity()) == ("api", before)
    withdraw_reading(
        kpi.initiative_id, Reading.objects.get().pk, "No.", Actor.person(lena, "the pipeline"), on(TODAY)
    )
    assert last_activity() == before
    add(kpi, lena, 1, 6)
    assert last_activity() == the_day(TODAY)


def test_the_same_value_of_the_same_day_again_is_one_reading(kpi: Kpi, lena: User) -> None:
    add(kpi, lena, 1, "31.5")
    again = add(kpi, lena, 1, "31.50", "and a note")
    assert (again.new, again.readings) == (0, (Reading.objects.get(),))
    assert events(kpi.initiative) == ["reading.added"]


def test_another_value_of_a_day_names_the_one_that_stands(kpi: Kpi, lena: User) -> None:
    add(kpi, lena, 1, "31.5")
    with pytest.raises(Invalid) as refused:
        add(kpi, lena, 1, "32")
    (error,) = refused.value.errors
    assert (error.field, error.code) == ("on", "day_has_reading")
    assert "31.5" in error.message and "Withdraw" in error.message
    assert standing(kpi) == [(the_day(1), "31.5")]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (NewReading(the_day(TODAY + 1), 5), [("on", "in_the_future")]),
        (NewReading(None, 5), [("on", "required")]),
        (NewReading(date(1989, 12, 31), 5), [("on", "out_of_range")]),
        (NewReading(the_day(1), None), [("value", "required")]),
        (NewReading(the_day(1), ""), [("value", "required")]),
        (NewReading(the_day(1), "many"), [("value", "wrong_type")]),
        (NewReading(the_day(1), "nan"), [("value", "out_of_range")]),
        (NewReading(the_day(1), "-Infinity"), [("value", "out_of_range")]),
        (NewReading(the_day(1), "1e400"), [("value", "out_of_range")]),
        (NewReading(the_day(1), 10**16), [("value", "out_of_range")]),
        (NewReading(the_day(1), "0.00001"), [("value", "too_precise")]),
        (NewReading(the_day(1), 5, "x" * 501), [("note", "too_long")]),
        (NewReading(the_day(1), 5, "a\x00b"), [("note", "null_characters")]),
        (NewReading(the_day(1), 5, "\ud800"), [("note", "surrogate_characters")]),
        (NewReading(None, "x", "\x00"), [
            ("on", "required"), ("value", "wrong_type"), ("note", "null_characters"),
        ]),
    ],
)  # fmt: skip
def test_every_wrong_field_is_named_and_nothing_is_written(
    kpi: Kpi, lena: User, given: NewReading, expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        add_reading(kpi.initiative_id, kpi.pk, given, act(lena), on(TODAY))
    assert errors(refused) == expected
    assert not Reading.objects.exists()


def test_today_is_no_future_and_1990_no_too_distant_past(kpi: Kpi, lena: User) -> None:
    add(kpi, lena, TODAY, 5)
    add_reading(kpi.initiative_id, kpi.pk, NewReading(date(1990, 1, 1), -5), act(lena), on(TODAY))
    assert standing(kpi) == [(date(1990, 1, 1), "-5"), (the_day(TODAY), "5")]


@pytest.mark.parametrize("signal", ["weekly_active_share", "bypass_rate"])
def test_a_share_lies_between_0_and_100(pilot: Initiative, lena: User, signal: str) -> None:
    share = kpi_of(pilot, lena, name=signal, signal=signal)
    add(share, lena, 1, 0)
    add(share, lena, 2, 100)
    for value in ("-0.0001", "100.0001"):
        with pytest.raises(Invalid) as refused:
            add(share, lena, 3, value)
        assert errors(refused) == [("value", "out_of_range")]
    money = kpi_of(pilot, lena, name="Value", signal="value")
    assert add(money, lena, 3, 40_000).new == 1


# --- Many -----------------------------------------------------------------------------------------------------------


def test_many_are_written_with_one_event_or_not_at_all(kpi: Kpi, lena: User) -> None:
    good = [NewReading(the_day(day), day) for day in (1, 2, 3)]
    done = add_readings(kpi.initiative_id, kpi.pk, [*good, good[0]], act(lena), on(TODAY))
    assert (done.new, len(done.readings)) == (3, 4)
    assert events(kpi.initiative) == ["readings.added"]
    bad = [
        NewReading(the_day(4), 4),
        NewReading(the_day(4), 5),
        NewReading(the_day(1), 9),
        NewReading(None, 1),
    ]
    with pytest.raises(Invalid) as refused:
        add_readings(kpi.initiative_id, kpi.pk, bad, act(lena), on(TODAY))
    assert errors(refused) == [
        ("readings.1.on", "day_has_reading"),
        ("readings.2.on", "day_has_reading"),
        ("readings.3.on", "required"),
    ]
    assert len(standing(kpi)) == 3


def test_none_is_not_many(kpi: Kpi, lena: User) -> None:
    with pytest.raises(Invalid) as refused:
        add_readings(kpi.initiative_id, kpi.pk, [], act(lena), on(TODAY))
    assert errors(refused) == [("readings", "required")]


# --- Withdrawing --------------------------------------------------------------------------------------------------


def test_a_withdrawn_reading_leaves_its_trace_and_frees_its_day(kpi: Kpi, lena: User) -> None:
    reading = add(kpi, lena, 1, 31).readings[0]
    with pytest.raises(Invalid) as refused:
        withdraw_reading(kpi.initiative_id, reading.pk, "  ", act(lena), on(TODAY))
    assert errors(refused) == [("reason", "required")]
    withdraw_reading(kpi.initiative_id, reading.pk, " Miscounted. ", act(lena), on(TODAY))
    reading.refresh_from_db()
    assert (reading.withdrawn_at, reading.withdrawn_by, reading.withdrawn_reason) == (
        on(TODAY), lena, "Miscounted.",
    )  # fmt: skip
    add(kpi, lena, 1, 32)
    assert standing(kpi) == [(the_day(1), "32")]
    assert events(kpi.initiative) == ["reading.added", "reading.withdrawn", "reading.added"]


def test_a_second_withdrawal_changes_nothing(kpi: Kpi, lena: User) -> None:
    reading = add(kpi, lena, 1, 31).readings[0]
    for reason in ("Miscounted.", "Something else."):
        withdraw_reading(kpi.initiative_id, reading.pk, reason, act(lena), on(TODAY))
    reading.refresh_from_db()
    assert reading.withdrawn_reason == "Miscounted."
    assert events(kpi.initiative) == ["reading.added", "reading.withdrawn"]


def test_a_reading_of_elsewhere_is_not_there(kpi: Kpi, lena: User, omar: User) -> None:
    other = create(omar, on(0))
    reading = add(kpi, lena, 1, 31).readings[0]
    with pytest.raises(NotFound):
        withdraw_reading(other.pk, reading.pk, "No.", act(omar), on(TODAY))
    with pytest.raises(NotFound):
        add_reading(other.pk, kpi.pk, NewReading(the_day(1), 5), act(omar), on(TODAY))


# --- From a file --------------------------------------------------------------------------------------------------


def test_a_file_is_taken_over_whole_with_one_event(kpi: Kpi, lena: User) -> None:
    add(kpi, lena, 1, 3)
    done = take(kpi, lena, "date;value;note\n3.3.2026;3\n4.3.2026;3,5;half\n2026-03-05;-4\n")
    assert (done.new, len(done.readings)) == (2, 3)
    assert standing(kpi) == [(the_day(1), "3"), (the_day(2), "3.5"), (the_day(3), "-4")]
    assert Reading.objects.get(on=the_day(2)).source == "file"
    event = Event.objects.filter(initiative=kpi.initiative).latest("seq")
    assert (event.verb, event.data["count"], event.data["file"]) == ("readings.added", 2, "weeks.csv")


def test_the_same_file_again_changes_nothing(kpi: Kpi, lena: User) -> None:
    for _ in range(2):
        done = take(kpi, lena, "date,value\n2026-03-03,3\n2026-03-04,4\n")
    assert done.new == 0
    assert events(kpi.initiative) == ["readings.added"]


def many_lines(count: int = LINES) -> list[str]:
    first = the_day(TODAY) - timedelta(days=count)
    return ["date,value", *(f"{first + timedelta(days=number)},{number % 90}" for number in range(count))]


def test_one_bad_line_among_5000_and_nothing_is_taken_over_and_every_bad_line_is_named(
    kpi: Kpi, lena: User
) -> None:
    lines = many_lines()
    lines[2500] = "yesterday,5"
    with pytest.raises(Invalid) as refused:
        take(kpi, lena, "\n".join(lines))
    assert errors(refused) == [("lines.2501.on", "wrong_type")]
    lines[10] = lines[9].replace(",", ",9")
    lines[20] = f"{the_day(TODAY + 1)},5"
    lines[30] = lines[30] + ",5"
    lines[LINES] = f"{the_day(TODAY)},"
    with pytest.raises(Invalid) as refused:
        take(kpi, lena, "\n".join(lines))
    assert sorted(errors(refused)) == [
        ("lines.11.on", "day_has_reading"),
        ("lines.21.on", "in_the_future"),
        ("lines.2501.on", "wrong_type"),
        ("lines.31", "too_many"),
        ("lines.5001.value", "wrong_type"),
    ]
    assert not Reading.objects.exists()
    assert events(kpi.initiative) == []


def test_5000_lines_take_as_many_queries_as_one_but_for_the_blocks_in_which_they_are_written(
    pilot: Initiative, lena: User, query_count: Callable[[Callable[[], Any]], int]
) -> None:
    one, many = (kpi_of(pilot, lena, name=name) for name in ("One", "Many"))
    few = query_count(lambda: take(one, lena, "\n".join(many_lines(1))))
    counted = query_count(lambda: take(many, lena, "\n".join(many_lines())))
    assert many.readings.count() == LINES
    per_block = connection.features.max_query_params or LINES * 20
    blocks = -(-LINES // (per_block // len(Reading._meta.concrete_fields)))
    assert counted - few <= blocks


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n", "empty_file"),
        (b"date,value\n", "empty_file"),
        (b"value\n5\n", "required"),
        (b"date,value,value\n2026-03-03,5,5\n", "named_twice"),
        (b"date,value,colour\n2026-03-03,5,red\n", "unknown_field"),
        (b"PK\x03\x04 and so on", "unknown_field"),
        (b"date,value\n" + b"2026-03-03,5\n" * 20_001, "too_many"),
        (b"date,value\n" + b" " * 2 * 1024 * 1024, "file_too_large"),
    ],
    ids=["empty", "blank", "header", "no date", "twice", "unknown", "archive", "many", "large"],
)
def test_a_file_that_is_none_says_so(kpi: Kpi, lena: User, data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        take(kpi, lena, data)
    assert {error.field for error in refused.value.errors} == {"file"}
    assert refused.value.errors[0].code == code
