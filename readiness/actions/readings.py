"""Readings: what a KPI was measured to be on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.said import said
from gates.models import Kpi, Reading, ReadingSource
from gates.promises import plain
from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin
from readiness.actions.errors import FieldError, Invalid, NotFound
from readiness.actions.kpis import SHARES, share_errors, standing_kpi
from readiness.actions.numbers import value_of
from readiness.actions.reading_files import parsed
from readiness.actions.texts import past_day_errors, text_errors
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome

NOTE_MAX = 500
FILE_NAME_MAX = 255


@dataclass(frozen=True, slots=True)
class NewReading:
    """A reading as it is given; ``value`` as text or number."""

    on: date | None
    value: Any
    note: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What stands now for each reading that was given, in its order, and how many of them are new."""

    readings: tuple[Reading, ...]
    new: int
    outcome: Outcome


def add_reading(initiative_id: int, kpi_id: int, given: NewReading, by: Actor, at: datetime) -> Written:
    """Write one reading. The same value for the same day again is one reading, and changes nothing.

    Raises NotFound, NotAllowed, Conflict ``initiative_ended``, or Invalid at ``on``, ``value`` or ``note``.
    """
    return add_readings(initiative_id, kpi_id, [given], by, at, path="")


@transaction.atomic
def add_readings(
    initiative_id: int,
    kpi_id: int,
    given: Sequence[NewReading],
    by: Actor,
    at: datetime,
    *,
    path: str = "readings.{position}.",
) -> Written:
    """Write several readings of one KPI: all of them, or none with every error listed.

    ``path`` prefixes the fields of errors.
    """
    work = begin(initiative_id, Act.EDIT, by, at)
    kpi = standing_kpi(work, kpi_id)
    if not given:
        raise Invalid([FieldError("readings", "required", _("Name at least one reading."))])
    source = ReadingSource.API if by.token_name else ReadingSource.TYPED
    placed = [(path.format(position=number), one) for number, one in enumerate(given)]
    return _write(work, kpi, placed, source)


@transaction.atomic
def import_readings(
    initiative_id: int, kpi_id: int, data: bytes, file_name: str, by: Actor, at: datetime
) -> Written:
    """Write every reading of a CSV file: all of them, or none with every bad line named.

    Raises NotFound, NotAllowed, Conflict ``initiative_ended``, or Invalid: what is wrong with line 17 is at
    ``lines.17.on``, ``lines.17.value``, ``lines.17.note`` or ``lines.17``, what is wrong with the file at ``file``.
    """
    work = begin(initiative_id, Act.EDIT, by, at)
    kpi = standing_kpi(work, kpi_id)
    lines, errors = parsed(data)
    placed = [(f"lines.{one.number}.", NewReading(one.on, one.value, one.note)) for one in lines]
    return _write(work, kpi, placed, ReadingSource.FILE, errors, file_name[:FILE_NAME_MAX])


@transaction.atomic
def withdraw_reading(
    initiative_id: int, reading_id: int, reason: str, by: Actor, at: datetime
) -> tuple[Reading, Outcome]:
    """Withdraw a reading with a reason; it leaves its trace. One that is withdrawn already stays as it is.

    Raises NotFound, NotAllowed, Conflict ``initiative_ended``, or Invalid at ``reason``.
    """
    work = begin(initiative_id, Act.EDIT, by, at)
    rows = Reading.objects.filter(
        kpi__initiative=work.initiative, pk=reading_id, kpi__removed_at__isnull=True
    )
    reading = rows.select_related("kpi").first()
    if reading is None:
        raise NotFound
    errors = text_errors("reason", reason)
    if errors:
        raise Invalid(errors)
    if reading.withdrawn_at is not None:
        return reading, work.before
    reading.withdrawn_at, reading.withdrawn_by, reading.withdrawn_reason = at, by.user, reason.strip()
    reading.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    data = _told(reading.kpi) | {"on": reading.on, "value": plain(reading.value), "reason": reason.strip()}
    return reading, work.finish("reading.withdrawn", data, activity=True)


def _write(
    work: Work,
    kpi: Kpi,
    placed: Sequence[tuple[str, NewReading]],
    source: ReadingSource,
    errors: Sequence[FieldError] = (),
    file_name: str = "",
) -> Written:
    """Write what is new of these; each comes with the prefix of its errors' fields. ``errors`` are known already."""
    standing = _standing(kpi, [one.on for _, one in placed if one.on is not None])
    by_day, found = dict(standing), list(errors)
    for prefix, given in placed:
        reading, wrong = _checked(work, kpi, given, source)
        if reading is not None:
            wrong = _day_errors(reading, by_day, is_standing=reading.on in standing)
            by_day.setdefault(reading.on, reading)
        found += [FieldError(prefix + one.field, one.code, one.message) for one in wrong]
    if found:
        raise Invalid(found)
    made = Reading.objects.bulk_create(one for day, one in by_day.items() if day not in standing)
    outcome = _finish(work, kpi, made, file_name) if made else work.before
    return Written(tuple(by_day[one.on] for _, one in placed if one.on is not None), len(made), outcome)


def _finish(work: Work, kpi: Kpi, made: Sequence[Reading], file_name: str) -> Outcome:
    """One event for whatever came together."""
    data = _told(kpi)
    if len(made) == 1 and not file_name:
        data |= {"on": made[0].on, "value": plain(made[0].value), "note": made[0].note}
        return work.finish("reading.added", data, activity=True)
    days = [one.on for one in made]
    data |= {"count": len(made), "first_on": min(days), "last_on": max(days), "file": file_name}
    return work.finish("readings.added", data, activity=True)


def _told(kpi: Kpi) -> dict[str, Any]:
    return {"kpi": kpi.pk, "name": kpi.name, "unit": kpi.unit}


def _standing(kpi: Kpi, days: Sequence[date]) -> dict[date, Reading]:
    """The readings that stand on these days and between them, by day."""
    if not days:
        return {}
    rows = kpi.readings.filter(withdrawn_at__isnull=True, on__gte=min(days), on__lte=max(days))
    return {one.on: one for one in rows}


def _checked(
    work: Work, kpi: Kpi, given: NewReading, source: ReadingSource
) -> tuple[Reading | None, list[FieldError]]:
    """The reading as it would be kept, None where something is wrong with it in itself."""
    value, errors = value_of("value", given.value)
    if value is None and not errors:
        errors = [FieldError("value", "required", _("Name the value that was measured."))]
    if kpi.signal in SHARES and not errors:
        errors = share_errors("value", value)
    errors = [*_when_errors(given.on, work.today), *errors]
    errors += text_errors("note", given.note, NOTE_MAX, required=False)
    if errors or given.on is None or value is None:
        return None, errors
    note, by = given.note.strip(), work.actor.user
    made = Reading(kpi=kpi, on=given.on, value=value, note=note, source=source, by=by, received_at=work.at)
    return made, []


def _when_errors(on: date | None, today: date) -> list[FieldError]:
    if on is None:
        return [FieldError("on", "required", _("Name the day it was measured."))]
    return past_day_errors("on", on, today)


def _day_errors(reading: Reading, by_day: dict[date, Reading], *, is_standing: bool) -> list[FieldError]:
    """One reading a day: what is wrong where another value is known for it already."""
    other = by_day.get(reading.on)
    if other is None or other.value == reading.value:
        return []
    value = plain(other.value)
    message = said("On {day} it reads {value}. Withdraw that reading first.", day=reading.on, value=value)
    if not is_standing:
        message = said("{day} is named twice, the first time with {value}.", day=reading.on, value=value)
    return [FieldError("on", "day_has_reading", message)]
