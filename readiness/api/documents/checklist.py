"""The items of one framework of one initiative, with what was said, what counts, and the evidence behind it."""

from collections.abc import Iterable
from datetime import UTC, date

from checklists.models import Evidence, EvidenceKind
from checklists.scoring import ItemState
from gates.models import Waiver
from readiness.accounts.models import Organisation, User
from readiness.api import shapes
from readiness.api.documents.checks import bound_check, measuring
from readiness.api.documents.readiness import moment, moment_or_none
from readiness.api.etags import item_etag
from readiness.standing.facts import PassageFacts
from readiness.standing.judgement import Judgement
from readiness.standing.proposal_facts import proposals_of
from readiness.standing.proposals import Proposal


def checklist(ref: str, judgement: Judgement, framework: str) -> shapes.Checklist | None:
    """The whole framework in its order; None where the initiative has none of this name."""
    for passage, states in judgement.passages:
        if passage.framework.slug == framework:
            found = [item for state in states for item in state.items]
            version = passage.framework.version
            return {
                "framework": {"slug": framework, "version": version},
                "items": items(ref, judgement, passage, found),
            }
    return None


def items_by_code(ref: str, judgement: Judgement, codes: Iterable[str]) -> dict[str, shapes.Item]:
    """Some items, whichever framework they are of (codes are unique within an initiative)."""
    wanted = set(codes)
    found: dict[str, shapes.Item] = {}
    for passage, states in judgement.passages:
        own = [item for state in states for item in state.items if item.item.code in wanted]
        if own:
            found |= {item["code"]: item for item in items(ref, judgement, passage, own)}
    return found


def items(
    ref: str, judgement: Judgement, passage: PassageFacts, states: Iterable[ItemState]
) -> list[shapes.Item]:
    usernames, proposals = _usernames(passage), proposals_of(judgement)
    results = measuring(passage)
    zone = Organisation.get().zone if results else UTC
    found = []
    for state in states:
        item = _item(ref, judgement, passage, state, usernames, proposals.get(state.item.code))
        item["check"] = bound_check(passage.answers.get(state.item.code), results, zone)
        found.append(item)
    return found


def _proposal(found: Proposal | None) -> shapes.Proposal | None:
    return {"answer": found.answer.value, "why": found.why} if found else None


def _usernames(passage: PassageFacts) -> dict[int | None, str]:
    people = {answer.answered_by_id for answer in passage.answers.values()}
    people |= {waiver.approver_id for waiver in passage.waivers}
    return dict(User.objects.filter(pk__in=people - {None}).values_list("pk", "username"))


def _item(
    ref: str,
    judgement: Judgement,
    passage: PassageFacts,
    state: ItemState,
    usernames: dict[int | None, str],
    proposal: Proposal | None,
) -> shapes.Item:
    code = state.item.code
    answer = passage.answers.get(code)
    kept = [piece for piece in passage.evidence.get(code, ()) if piece.withdrawn_at is None]
    return {
        "code": code,
        "gate": state.item.gate,
        "title": state.item.title,
        "critical": state.item.critical,
        "answer": state.declared.value,
        "measured": answer.measured if answer else None,
        "check": None,
        "effective": state.effective.value.value,
        "why": state.effective.why,
        "note": answer.note if answer else "",
        "evidence": [evidence(ref, piece) for piece in kept],
        "waiver": _waiver_in_force(passage, code, judgement.as_of, usernames),
        "etag": item_etag(code, answer.version if answer else 0),
        "answered_by": usernames.get(answer.answered_by_id) if answer else None,
        "answered_at": moment_or_none(answer.answered_at) if answer else None,
        "proposal": _proposal(proposal),
    }


def evidence(ref: str, piece: Evidence) -> shapes.Evidence:
    is_file = piece.kind == EvidenceKind.FILE
    return {
        "id": piece.pk,
        "kind": piece.kind,
        "title": piece.title,
        "url": download_url(ref, piece.pk) if is_file else piece.url,
        "stated_by": piece.stated_by,
        "effective_on": piece.effective_on.isoformat(),
        "received_at": moment(piece.received_at),
        "expires_on": piece.expires_on.isoformat() if piece.expires_on else None,
        "file": _file(piece) if is_file else None,
        "check_result": piece.check_result or None,
    }


def evidence_detail(ref: str, piece: Evidence) -> shapes.EvidenceDetail:
    return {
        **evidence(ref, piece),
        "item": piece.item.code,
        "withdrawn_at": moment_or_none(piece.withdrawn_at),
    }


def download_url(ref: str, evidence_id: int) -> str:
    """Where a file is downloaded, as an absolute path."""
    return f"/api/v1/initiatives/{ref}/evidence/{evidence_id}/file/"


def _file(piece: Evidence) -> shapes.EvidenceFile:
    return {
        "name": piece.file_name,
        "media_type": piece.file_type,
        "size": piece.file_size or 0,
        "sha256": piece.file_sha256,
    }


def waiver(row: Waiver, code: str, approver: str, today: date) -> shapes.Waiver:
    return {
        "id": row.pk,
        "item": code,
        "reason": row.reason,
        "approver": approver,
        "granted_at": moment(row.granted_at),
        "expires_on": row.expires_on.isoformat(),
        "in_force": today <= row.expires_on,
    }


def _waiver_in_force(
    passage: PassageFacts, code: str, today: date, usernames: dict[int | None, str]
) -> shapes.Waiver | None:
    """The one that lasts longest, where several are in force."""
    found = [
        row
        for row in passage.waivers
        if passage.framework.items[row.item_id] == code and today <= row.expires_on
    ]
    if not found:
        return None
    last = max(found, key=lambda row: (row.expires_on, row.pk))
    return waiver(last, code, usernames[last.approver_id], today)
