"""Gates and checkpoints, and what was submitted, decided and frozen there."""

from collections.abc import Iterable

from checklists.models import Gate as GateRow
from gates import models
from gates.criteria import GateKind
from gates.rules import ConditionState, GateState
from readiness.accounts.models import User
from readiness.actions.differences import ItemDifference, differences
from readiness.api import shapes
from readiness.api.documents.readiness import moment
from readiness.standing.facts import PassageFacts
from readiness.standing.judgement import Judgement


def gates(judgement: Judgement) -> list[shapes.Gate]:
    """Every gate and checkpoint in order; profiles are drawn, not decided, and left out. Two queries."""
    found = [
        (passage, state)
        for passage, states in judgement.passages
        for state in states
        if state.gate.kind != GateKind.PROFILE
    ]
    return _documents(found)


def gate(judgement: Judgement, slug: str) -> shapes.Gate:
    """One gate that is known to be there."""
    found = judgement.gate(slug)
    return _documents([found] if found else [])[0]


def _documents(found: list[tuple[PassageFacts, GateState]]) -> list[shapes.Gate]:
    submissions = _last_submissions({passage.passage_id for passage, _ in found})
    usernames = _usernames(found, submissions.values())
    documents = []
    for passage, state in found:
        submission = submissions.get((passage.passage_id, state.gate.slug))
        documents.append(_document(passage, state, submission, usernames))
    return documents


def _last_submissions(passages: set[int]) -> dict[tuple[int, str], models.Submission]:
    rows = models.Submission.objects.filter(passage__in=passages).select_related("gate")
    return {(row.passage_id, row.gate.slug): row for row in rows.order_by("at", "pk")}


def _usernames(
    found: list[tuple[PassageFacts, GateState]], submissions: Iterable[models.Submission]
) -> dict[int, str]:
    people = {submission.by_id for submission in submissions}
    for passage, state in found:
        decision = passage.last_decision(state.gate.slug)
        if decision is not None:
            people.add(decision.by_id)
            people |= {one.kept_by_id for one in decision.conditions.all() if one.kept_by_id is not None}
    return dict(User.objects.filter(pk__in=people).values_list("pk", "username"))


def _document(
    passage: PassageFacts,
    state: GateState,
    submission: models.Submission | None,
    usernames: dict[int, str],
) -> shapes.Gate:
    decision = passage.last_decision(state.gate.slug)
    waiting = submission is not None and submission.decided_at is None
    return {
        "framework": state.gate.framework,
        "gate": state.gate.slug,
        "name": state.gate.name,
        "kind": state.gate.kind.value,
        "status": state.status.value if state.status else "",
        "can_submit": state.can_submit,
        "review_pending": state.review_pending,
        "lapsed_because": state.lapsed_because.reason if state.lapsed_because else None,
        "met": state.met,
        "total": state.total,
        "min_met": state.gate.required,
        "criteria": [
            {"code": one.code.value, "holds": one.holds, "message": one.message, "item": one.item}
            for one in state.criteria.clauses
        ],
        "recommendation": (submission.recommendation or None) if submission and waiting else None,
        "submission": _submission(submission, usernames) if submission else None,
        "decision": _decision(decision, usernames) if decision else None,
        "conditions": [condition(one, usernames) for one in decision.conditions.all()] if decision else [],
    }


def _submission(row: models.Submission, usernames: dict[int, str]) -> shapes.Submission:
    return {"id": row.pk, "by": usernames[row.by_id], "at": moment(row.at), "note": row.note}


def _decision(row: models.Decision, usernames: dict[int, str]) -> shapes.Decision:
    return {
        "id": row.pk,
        "decision": row.decision,
        "by": usernames[row.by_id],
        "at": moment(row.at),
        "rationale": row.rationale,
    }


def condition(row: models.Condition, usernames: dict[int, str]) -> shapes.Condition:
    """How it was kept is told as long as that stands."""
    kept = row.state != ConditionState.OPEN
    return {
        "id": row.pk,
        "text": row.text,
        "owner": row.owner.username,
        "due": row.due.isoformat(),
        "state": row.state,
        "kept_by": usernames[row.kept_by_id] if kept and row.kept_by_id else None,
        "kept_at": moment(row.kept_at) if kept and row.kept_at else None,
        "kept_note": row.kept_note if kept else "",
    }


def condition_outcome(
    key: int, row: models.Condition | None, state: str | None, problem: shapes.Problem | None
) -> shapes.ConditionOutcome:
    """``row``: None where there is none that the person may know of."""
    return {
        "condition": key,
        "initiative": row.decision.passage.initiative.ref if row else None,
        "gate": row.decision.gate.slug if row else None,
        "state": state,
        "refusal": problem,
    }


def snapshot(row: models.Snapshot) -> shapes.Snapshot:
    gate_row: GateRow = row.gate
    content = row.content
    return {
        "id": row.pk,
        "framework": content["framework"],
        "version": content["version"],
        "gate": gate_row.slug,
        "occasion": row.occasion,
        "taken_at": moment(row.taken_at),
        "criteria_hold": content["criteria_hold"],
        "met": content["met"],
        "total": content["total"],
        "items": content["items"],
    }


def snapshot_diff(before: models.Snapshot, after: models.Snapshot) -> shapes.SnapshotDiff:
    """What is different in ``after``, over the items that both have."""
    old = {item["code"]: item for item in before.content["items"]}
    new = {item["code"]: item for item in after.content["items"]}
    both = [item for code, item in new.items() if code in old]
    found = differences(before.content, {"items": both})
    return {
        "from": _snapshot_link(before),
        "to": _snapshot_link(after),
        "compared": len(both),
        "items": [_item_diff(one, new[code]["evidence"]) for code, one in found.items()],
        "only_in_from": [code for code in old if code not in new],
        "only_in_to": [code for code in new if code not in old],
    }


def _snapshot_link(row: models.Snapshot) -> shapes.SnapshotLink:
    gate_row: GateRow = row.gate
    return {
        "id": row.pk,
        "version": row.content["version"],
        "gate": gate_row.slug,
        "occasion": row.occasion,
        "taken_at": moment(row.taken_at),
    }


def _item_diff(found: ItemDifference, pieces: list[shapes.FrozenEvidence]) -> shapes.ItemDiff:
    return {
        "code": found.code,
        "answer": {"before": found.answer[0], "after": found.answer[1]} if found.answer else None,
        "measured": {"before": found.measured[0], "after": found.measured[1]} if found.measured else None,
        "effective": {"before": found.effective[0], "after": found.effective[1]} if found.effective else None,
        "note": {"before": found.note[0], "after": found.note[1]} if found.note else None,
        "evidence_added": [piece for piece in pieces if piece["id"] in found.added],
        "evidence_withdrawn": [piece for piece in pieces if piece["id"] in found.withdrawn],
    }
