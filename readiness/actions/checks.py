"""Automated checks: what a pipeline reports of an item, and which check measures an item.

Every result becomes evidence. Where the item is bound to the check it also sets the measured answer, and what people
declared stays as it is. One live piece of evidence stands for one check at one item: the same result again renews it,
another one withdraws it and puts a new piece in its place.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.models import (
    CHECK_NAME_MAX,
    CHECK_SUMMARY_MAX,
    Answer,
    CheckOutcome,
    CheckResult,
    DeclaredValue,
    Evidence,
    EvidenceKind,
    Item,
)
from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin, same_version
from readiness.actions.answers import answer_at, note_writing, places_in, touch, unknown_item
from readiness.actions.errors import FieldError, Invalid, NotFound
from readiness.actions.lines import line_errors
from readiness.actions.pieces import TITLE_MAX, URL_MAX, is_web_address
from readiness.actions.texts import FIRST_YEAR, text_errors, word_errors
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome

SKEW = timedelta(minutes=5)
"""So far the clock of a pipeline may be ahead of this one."""
MEASURES = {
    CheckOutcome.PASS.value: DeclaredValue.MET.value,
    CheckOutcome.WARN.value: DeclaredValue.PARTIAL.value,
    CheckOutcome.FAIL.value: DeclaredValue.NOT_MET.value,
}


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found of the item ``item`` (its code) at a moment; after ``expires_at`` it says less."""

    item: str
    check: str
    result: str
    observed_at: datetime
    summary: str = ""
    url: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """``result`` is what stands of this check at this item, ``new`` whether it is the one just reported."""

    result: CheckResult
    new: bool
    outcome: Outcome


@transaction.atomic
def report_check(initiative_id: int, report: Report, by: Actor, at: datetime) -> Taken:
    """Take a result in. One older than the newest seen, or the same once more, changes nothing.

    Raises NotFound, NotAllowed, Conflict ``initiative_ended``, or Invalid at a field of the report.
    """
    work = begin(initiative_id, Act.ANSWER, by, at)
    place = places_in(work.frameworks(), [report.item]).get(report.item)
    errors = _report_errors(report, at)
    if place is None:
        errors = unknown_item("item", report.item) + errors
    if errors or place is None:
        raise Invalid(errors)
    assessment_id, item, name = place.passage.assessment_id, place.item, report.check.strip()
    newest = newest_result(assessment_id, item.pk, name)
    if newest is not None and _is_known(report, newest):
        return Taken(newest, new=False, outcome=work.before)
    row = _result(report, assessment_id, item, work)
    row.evidence = _evidence(row, newest, work)
    row.save()
    answer = answer_at.one(assessment_id, item.pk)
    data = {
        "item": item.code,
        "check": name,
        "result": report.result,
        "summary": row.summary,
        "observed_at": report.observed_at,
        "evidence": row.evidence.pk,
    }
    if answer is not None and answer.check_name == name:
        data["measured"] = [answer.measured, MEASURES[report.result]]
        _measure(answer, row)
        answer.save(update_fields=["measured", "measured_expires_at", "measured_by"])
    note_writing(assessment_id, item, work)
    return Taken(row, new=True, outcome=work.finish("check.received", data))


@transaction.atomic
def bind_check(
    initiative_id: int,
    code: str,
    check: str,
    reason: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Outcome:
    """Let ``check`` measure the item from now on, beginning with what it last reported; "" lets no check measure it.

    Whoever takes away a measured answer says why. Raises NotFound, NotAllowed, Conflict ``initiative_ended``, Stale
    (with the item's code), or Invalid at ``check`` or ``reason``.
    """
    work = begin(initiative_id, Act.ANSWER, by, at)
    place = places_in(work.frameworks(), [code]).get(code)
    if place is None:
        raise NotFound
    assessment_id, item, name = place.passage.assessment_id, place.item, check.strip()
    answer = answer_at.one(assessment_id, item.pk) or Answer(
        assessment_id=assessment_id, item=item, version=0
    )
    same_version(version, answer.version, code)
    if name == answer.check_name:
        return work.before
    errors = _binding_errors(name, reason, answer)
    if name and not _is_measured(work, code):
        errors.append(
            FieldError(
                "check", "not_measured_here", _("This checklist counts what is declared, and no check.")
            )
        )
    if errors:
        raise Invalid(errors)
    data: dict[str, Any] = {"item": code, "check": [answer.check_name, name], "reason": reason.strip()}
    was = answer.measured
    answer.check_name = name
    _measure(answer, newest_result(assessment_id, item.pk, name) if name else None)
    data["measured"] = [was, answer.measured]
    touch(assessment_id, item, work, answer)
    return work.finish("check.bound" if name else "check.unbound", data)


def newest_result(assessment_id: int, item_id: int, name: str) -> CheckResult | None:
    """What a check last saw of an item; of two of one moment that which came last."""
    rows = CheckResult.objects.filter(assessment_id=assessment_id, item_id=item_id, name=name)
    return rows.select_related("evidence").order_by("-observed_at", "-pk").first()


def _report_errors(report: Report, at: datetime) -> list[FieldError]:
    errors = _name_errors(report.check) + word_errors("result", report.result, CheckOutcome.values)
    errors += text_errors("summary", report.summary, CHECK_SUMMARY_MAX, required=False)
    errors += text_errors("url", report.url, URL_MAX, required=False)
    if report.url and not is_web_address(report.url):
        message = _("An address that begins with https:// or http://.")
        errors.append(FieldError("url", "not_a_web_address", message))
    if report.observed_at > at + SKEW:
        message = _("A check cannot have seen what is still to come.")
        errors.append(FieldError("observed_at", "in_the_future", message))
    if report.observed_at.year < FIRST_YEAR:
        message = _("A day from %(first_year)s on.") % {"first_year": FIRST_YEAR}
        errors.append(FieldError("observed_at", "out_of_range", message))
    if report.expires_at is not None and report.expires_at <= report.observed_at:
        message = _("It cannot expire before it was observed.")
        errors.append(FieldError("expires_at", "before_effective_date", message))
    return errors


def _name_errors(name: str) -> list[FieldError]:
    return line_errors("check", name, CHECK_NAME_MAX)


def _binding_errors(name: str, reason: str, answer: Answer) -> list[FieldError]:
    errors = _name_errors(name) if name else []
    return errors + text_errors("reason", reason, CHECK_SUMMARY_MAX, required=answer.measured is not None)


def _is_measured(work: Work, code: str) -> bool:
    """Whether the item's framework counts more than what is declared."""
    gates = (gate for _, loaded in work.frameworks() for gate in loaded.definition.gates)
    return any(item.evidence_required for gate in gates for item in gate.items if item.code == code)


def _is_known(report: Report, newest: CheckResult) -> bool:
    """Whether something later was seen already, or this very result."""
    if report.observed_at != newest.observed_at:
        return report.observed_at < newest.observed_at
    said = (report.result, report.summary.strip(), report.url, report.expires_at)
    of_this_moment = CheckResult.objects.filter(
        assessment_id=newest.assessment_id,
        item_id=newest.item_id,
        name=newest.name,
        observed_at=newest.observed_at,
    )
    return any(said == (one.result, one.summary, one.url, one.expires_at) for one in of_this_moment)


def _result(report: Report, assessment_id: int, item: Item, work: Work) -> CheckResult:
    return CheckResult(
        assessment_id=assessment_id,
        item=item,
        name=report.check.strip(),
        result=report.result,
        summary=report.summary.strip(),
        url=report.url,
        observed_at=report.observed_at,
        expires_at=report.expires_at,
        received_at=work.at,
        by=work.actor.user,
        token_name=work.actor.token_name,
    )


def _evidence(row: CheckResult, newest: CheckResult | None, work: Work) -> Evidence:
    """The piece that the result becomes: the one that stands, renewed, or a new one in its place."""
    standing = newest.evidence if newest is not None and newest.evidence.withdrawn_at is None else None
    if standing is not None and standing.check_result != row.result:
        standing.withdrawn_at, standing.withdrawn_by = work.at, work.actor.user
        standing.save(update_fields=["withdrawn_at", "withdrawn_by"])
        standing = None
    piece = standing or Evidence(
        assessment_id=row.assessment_id, item=row.item, kind=EvidenceKind.CHECK, check_result=row.result
    )
    piece.title = (f"{row.name}: {row.summary}" if row.summary else row.name)[:TITLE_MAX]
    piece.url = row.url
    # What a clock that is ahead has seen tomorrow was seen today: a piece of tomorrow is no evidence yet.
    piece.effective_on = work.organisation.day_of(min(row.observed_at, work.at))
    piece.expires_on = work.organisation.day_of(row.expires_at) if row.expires_at else None
    piece.received_at, piece.added_by = work.at, work.actor.user
    told = f"{EvidenceKind.CHECK.value}\n{row.name}: {row.result}\n{piece.effective_on}"
    piece.fingerprint = hashlib.sha256(told.encode()).hexdigest()
    piece.save()
    return piece


def _measure(answer: Answer, row: CheckResult | None) -> None:
    answer.measured_by = row
    answer.measured = MEASURES[row.result] if row else None
    answer.measured_expires_at = row.expires_at if row else None
