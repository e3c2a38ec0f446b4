"""What automated checks reported, and which of them measures an item."""

from collections.abc import Mapping
from datetime import tzinfo

from checklists.models import Answer, CheckOutcome, CheckResult
from readiness.api import shapes
from readiness.api.documents.readiness import moment, moment_or_none
from readiness.standing.facts import PassageFacts


def check_result(row: CheckResult) -> shapes.CheckResult:
    return {
        "id": row.pk,
        "item": row.item.code,
        "check": row.name,
        "result": row.result,
        "summary": row.summary,
        "url": row.url,
        "observed_at": moment(row.observed_at),
        "expires_at": moment_or_none(row.expires_at),
        "received_at": moment(row.received_at),
        "by": row.by.username if row.by else None,
        "token": row.token_name,
        "evidence": row.evidence_id,
    }


def measuring(passage: PassageFacts) -> Mapping[int, CheckResult]:
    """The results that measure items of this framework, by key; no query where none is measured."""
    keys = {answer.measured_by_id for answer in passage.answers.values()} - {None}
    return CheckResult.objects.select_related("item", "by").in_bulk(keys) if keys else {}


def bound_check(
    answer: Answer | None, results: Mapping[int, CheckResult], zone: tzinfo
) -> shapes.BoundCheck | None:
    """The check that an item is bound to, with what it last reported."""
    if answer is None or not answer.check_name:
        return None
    last = results[answer.measured_by_id] if answer.measured_by_id else None
    ends_at = last.expires_at if last is not None and last.result == CheckOutcome.PASS else None
    return {
        "name": answer.check_name,
        "last": check_result(last) if last else None,
        "good_through": ends_at.astimezone(zone).date().isoformat() if ends_at else None,
    }
