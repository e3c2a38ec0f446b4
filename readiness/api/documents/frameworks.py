"""Frameworks, people and events, as they are read."""

from collections.abc import Collection

from checklists import models
from gates.models import Initiative
from readiness.accounts.models import User
from readiness.actions.starting import starting_slugs
from readiness.api import shapes
from readiness.api.documents.readiness import moment
from readiness.audit.models import Event


def starting_frameworks() -> shapes.StartingFrameworks:
    return {"frameworks": list(starting_slugs())}


def framework_brief(row: models.Framework, begun: Collection[str]) -> shapes.FrameworkBrief:
    """``begun``: the slugs of those that new initiatives begin with."""
    return {
        "slug": row.slug,
        "version": row.version,
        "name": row.name,
        "kind": row.kind,
        "order": row.order,
        "evidence_required": row.evidence_required,
        "required_met": row.required_met,
        "guards": [
            {"from_stage": guard["from"], "to_stage": guard["to"], "gate": guard.get("gate")}
            for guard in row.guards
        ],
        "from_creation": row.slug in begun,
    }


def framework(row: models.Framework) -> shapes.Framework:
    """With its gates and items; the row came ``with_content()``."""
    return {**framework_brief(row, starting_slugs()), "gates": [_gate(gate) for gate in row.gates.all()]}


def _gate(row: models.Gate) -> shapes.FrameworkGate:
    return {
        "gate": row.slug,
        "name": row.name,
        "purpose": row.purpose,
        "key_questions": row.key_questions,
        "pass_criteria": row.pass_criteria,
        "min_met": row.min_met,
        "min_share_met": row.min_share_met or None,
        "items": [_item(item) for item in row.items.all()],
    }


def _item(row: models.Item) -> shapes.FrameworkItem:
    return {
        "code": row.code,
        "title": row.title,
        "critical": row.critical,
        "statement": row.statement,
        "help": row.help,
        "when_met": row.when_met,
        "when_partial": row.when_partial,
        "when_not_met": row.when_not_met,
        "example_evidence": row.example_evidence,
        "reviewer_check": row.reviewer_check,
        "evidence_max_age_days": row.evidence_max_age_days,
        "root_cause": row.root_cause,
    }


def user(row: User) -> shapes.User:
    return {"username": row.username, "name": row.name, "unit": row.unit, "function": row.function}


def event(row: Event) -> shapes.Event:
    """The row came with its actor."""
    return {
        "seq": row.seq,
        "at": moment(row.at),
        "actor": {
            "kind": row.actor_kind,
            "username": row.actor.username if row.actor else None,
            "token": row.token_name or None,
        },
        "verb": row.verb,
        "initiative": Initiative(pk=row.initiative_id).ref if row.initiative_id else None,
        "data": row.data,
        "previous_hash": row.previous_hash,
        "hash": row.hash,
    }
