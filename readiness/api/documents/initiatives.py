"""Initiatives, alone and in lists: a list takes a fixed number of queries, however long it is."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from gates.models import NAMED_ROLES, Initiative, Passage, Role, TeamRole
from readiness.actions.stakeholders import stakeholders_of
from readiness.actions.versions import Prospect
from readiness.api import shapes
from readiness.api.documents.readiness import moment, readiness
from readiness.standing.models import Flag, GateStanding
from readiness.standing.outcome import Outcome


def initiative(row: Initiative, outcome: Outcome) -> shapes.Initiative:
    """One initiative with where it stands now; two queries."""
    return _document(row, outcome, _people([row])[row.pk], _frameworks([row])[row.pk])


def initiatives(rows: Sequence[Initiative]) -> list[shapes.Initiative]:
    """Many, as they are stored; each row came ``with_place()``. Four queries."""
    outcomes, people, frameworks = stored_outcomes(rows), _people(rows), _frameworks(rows)
    return [_document(row, outcomes[row.pk], people[row.pk], frameworks[row.pk]) for row in rows]


def version_move(found: Prospect) -> shapes.VersionMove:
    """What a move to a later version of a framework would do; no query."""
    items = found.compared
    return {
        "framework": found.before.slug,
        "from": found.before.version,
        "to": found.after.version,
        "kept": [item.code for item in items.kept],
        "reworded": [item.code for item in items.reworded],
        "new": [item.code for item in items.new],
        "gone": [item.code for item in items.gone],
        "lapsing": list(found.lapsing),
        "waivers_ending": list(found.waivers_ending),
        "waiting": list(found.waiting),
    }


def stakeholders(row: Initiative) -> shapes.Stakeholders:
    """Every function that has to be involved, whether anything was noted or not; one query."""
    return {
        "stakeholders": [
            {
                "function": one.function,
                "contact": one.contact,
                "involved_on": _day(one.involved_on),
                "needed": one.needed,
            }
            for one in stakeholders_of(row)
        ]
    }


def stored_outcomes(rows: Sequence[Initiative], *, flags: bool = True) -> dict[int, Outcome]:
    """Where each stands, as stored; two queries, one without flags."""
    outcomes = {row.pk: Outcome(row.standing, [], []) for row in rows}
    gates = GateStanding.objects.filter(initiative__in=outcomes).defer("criteria")
    for gate in gates.order_by("position"):
        outcomes[gate.initiative_id].gates.append(gate)
    if flags:
        is_open = Flag.objects.filter(initiative__in=outcomes, resolved_at__isnull=True)
        for flag in is_open.order_by("opened_at", "pk"):
            outcomes[flag.initiative_id].flags.append(flag)
    return outcomes


def _people(rows: Sequence[Initiative]) -> dict[int, shapes.People]:
    found: dict[int, dict[str, str]] = {row.pk: {} for row in rows}
    members: dict[int, list[str]] = defaultdict(list)
    places = TeamRole.objects.filter(initiative__in=found, until__isnull=True).order_by("user__username")
    for pk, role, username in places.values_list("initiative_id", "role", "user__username"):
        if role == Role.MEMBER:
            members[pk].append(username)
        else:
            found[pk][role] = username
    business_owner, executive_sponsor, technical_lead, deputy = NAMED_ROLES
    return {
        pk: {
            "business_owner": named.get(business_owner),
            "executive_sponsor": named.get(executive_sponsor),
            "technical_lead": named.get(technical_lead),
            "deputy": named.get(deputy),
            "members": members[pk],
        }
        for pk, named in found.items()
    }


def _frameworks(rows: Sequence[Initiative]) -> dict[int, list[shapes.FrameworkVersion]]:
    found: dict[int, list[shapes.FrameworkVersion]] = {row.pk: [] for row in rows}
    passages = Passage.objects.filter(initiative__in=found).order_by("position")
    columns = ("initiative_id", "framework_slug", "assessment__framework__version")
    for pk, slug, version in passages.values_list(*columns):
        found[pk].append({"slug": slug, "version": version})
    return found


def _document(
    row: Initiative, outcome: Outcome, people: shapes.People, frameworks: list[shapes.FrameworkVersion]
) -> shapes.Initiative:
    return {
        "id": row.ref,
        "name": row.name,
        "business_problem": row.business_problem,
        "business_unit": row.business_unit,
        "stage": row.stage,
        "stage_since": _day(row.stage_since),
        "on_hold": _hold(row),
        "technology": row.technology,
        "vendor": row.vendor,
        "approach": row.approach or None,
        "visibility": row.visibility,
        "priority": row.priority,
        "taken_over": row.taken_over,
        "as_of": _day(row.as_of),
        "people": people,
        "plan": {
            "intake_days": row.intake_days,
            "poc_days": row.poc_days,
            "pilot_days": row.pilot_days,
            "rollout_days": row.rollout_days,
            "decision_on": _day(row.decision_on),
        },
        "budget": {
            "planned": _money(row.budget_planned),
            "spent": _money(row.budget_spent),
            "currency": row.currency or None,
            "data_share": row.data_share,
            "change_share": row.change_share,
            "estimate_build": _money(row.estimate_build),
            "estimate_run": _money(row.estimate_run),
        },
        "tags": row.tags,
        "frameworks": frameworks,
        "created_at": moment(row.created_at),
        "updated_at": moment(row.updated_at),
        "readiness": readiness(row.ref, outcome),
    }


def _hold(row: Initiative) -> shapes.Hold | None:
    if row.hold is None:
        return None
    return {
        "since": row.hold.since.isoformat(),
        "reason": row.hold.reason,
        "review_on": row.hold.review_on.isoformat(),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
