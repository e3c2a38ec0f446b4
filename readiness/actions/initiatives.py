"""Creating an initiative and editing its facts and people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.models import Assessment
from gates.definitions import passages_of
from gates.models import Initiative, Passage, StageEntry
from gates.stages import Stage
from gates.taking_over import checkpoints_behind
from readiness.accounts.models import Organisation
from readiness.accounts.policy import Act, allows
from readiness.actions.acting import begin, same_version
from readiness.actions.errors import FieldError, Invalid, NotAllowed
from readiness.actions.fields import apply_facts, fingerprint, flattened, index, plan_errors
from readiness.actions.limits import REASON_FIELD, lock_limit, reason_errors, reason_over
from readiness.actions.own_reasons import TAKEN_OVER
from readiness.actions.spending import spent_errors
from readiness.actions.starting import starting_frameworks
from readiness.actions.teaching import reindex_what_worked
from readiness.actions.team import first_people_errors, named_in, people_of, set_people
from readiness.actions.texts import past_day_errors
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome
from readiness.standing.recompute import Deed, recompute

TAKE_OVER_STAGES = (Stage.INTAKE, Stage.POC, Stage.PILOT, Stage.ROLLOUT, Stage.LIVE)
LATE_STAGES = (Stage.ROLLOUT, Stage.LIVE)
PEOPLE_FACTS = frozenset({"visibility"})


@dataclass(frozen=True, slots=True)
class Seen:
    """Which facts and people somebody was shown, and their ``fields.fingerprint`` as they stood then."""

    names: tuple[str, ...]
    print: str


@transaction.atomic
def create_initiative(facts: Mapping[str, Any], by: Actor, at: datetime) -> tuple[Initiative, Outcome]:
    """Create one from facts in the words of the REST contract.

    ``name`` and ``business_problem`` are required. ``stage`` and ``stage_since`` take over one that is already under
    way, ``over_limit_reason`` into one whose parallel limit is reached. The creator becomes technical lead unless
    ``people`` names one, and is a member in any case. Raises NotAllowed, Invalid with an error for every field that is
    wrong, or LimitReached.
    """
    if by.user is not None and not allows(by.user, Act.CREATE):
        raise NotAllowed("not_allowed", _("You may not %(create)s.") % {"create": Act.CREATE.words})
    organisation = Organisation.get()
    today = organisation.day_of(at)
    initiative = Initiative(created_by=by.user, created_at=at, updated_at=at, currency=organisation.currency)
    required = {"name": facts.get("name"), "business_problem": facts.get("business_problem")}
    changed, errors = apply_facts(initiative, {**facts, **required})
    stage, since, stage_errors = _taken_over_at(facts, by, today)
    initiative.stage, initiative.stage_since = stage.value, since
    people = _first_people(facts, by)
    reason = str(facts.get(REASON_FIELD) or "")
    errors += [*plan_errors(initiative, changed), *stage_errors, *first_people_errors(people)]
    errors += reason_errors(reason)
    if errors:
        raise Invalid(errors)
    over = reason_over(lock_limit(stage, initiative.business_unit_key), initiative, by, reason)
    initiative.taken_over = stage != Stage.INTAKE
    initiative.save()
    index(initiative)
    initiative.save(update_fields=["search_key"])
    set_people(initiative, people, at)
    StageEntry.objects.create(
        initiative=initiative, stage=stage.value, entered_on=since, by=by.user, recorded_at=at,
        reason=TAKEN_OVER if initiative.taken_over else "", over_limit=over,
    )  # fmt: skip
    give_passages([initiative], at)
    data: dict[str, Any] = {
        "name": initiative.name,
        "stage": stage.value,
        "taken_over": initiative.taken_over,
    }
    if initiative.taken_over:
        frameworks = [loaded for _passage, loaded in passages_of(initiative.pk)]
        data["not_passed"] = [gate.name for gate in checkpoints_behind(stage, frameworks)]
    if over:
        data["over_limit"] = over
    outcome = recompute([initiative.pk], at, Deed(by, "initiative.created", data))[initiative.pk]
    return initiative, outcome


@transaction.atomic
def edit_initiative(
    initiative_id: int,
    facts: Mapping[str, Any],
    by: Actor,
    at: datetime,
    version: int | None = None,
    *,
    seen: Seen | None = None,
) -> tuple[Initiative, Outcome]:
    """Change the facts and people that are given; the rest stays.

    What the person saw, or None: ``version`` of the whole initiative, ``seen`` of some facts only.

    Raises NotFound, NotAllowed, Conflict ``initiative_ended``, Stale or Invalid.
    """
    wanted = flattened(facts)
    concerns_people = "people" in facts or bool(wanted.keys() & PEOPLE_FACTS)
    concerns_facts = bool(wanted.keys() - PEOPLE_FACTS) or not concerns_people
    people = facts.get("people") or {}
    act = Act.EDIT if concerns_facts else Act.EDIT_PEOPLE
    work = begin(initiative_id, act, by, at, naming=named_in(people))
    initiative = work.initiative
    same_version(version, initiative.version, initiative)
    if seen is not None:
        same_version(seen.print, fingerprint(initiative, people_of(initiative), seen.names), initiative)
    changed, errors = apply_facts(initiative, facts)
    errors += plan_errors(initiative, changed)
    errors += spent_errors(initiative, changed)
    people_changed, people_errors = set_people(initiative, people, at)
    if errors or people_errors:
        raise Invalid([*errors, *people_errors])
    changed |= people_changed
    if not changed:
        return initiative, work.before
    if people_changed:
        initiative.people_known = True
    reindex_what_worked(initiative)
    outcome = work.finish("initiative.edited", {"changed": changed}, own=True)
    return initiative, outcome


def give_passages(initiatives: list[Initiative], at: datetime) -> None:
    """Begin the newest version of the frameworks that every initiative has from its creation.

    The one way: by hand, by REST, by import and in the demo.
    """
    frameworks = starting_frameworks()
    assessments = Assessment.objects.bulk_create(
        Assessment(framework=framework, created_at=at) for _ in initiatives for framework in frameworks
    )
    pairs = [(initiative, position) for initiative in initiatives for position in range(len(frameworks))]
    Passage.objects.bulk_create(
        Passage(
            initiative=initiative,
            assessment=assessment,
            framework_slug=assessment.framework.slug,
            position=position,
        )
        for (initiative, position), assessment in zip(pairs, assessments, strict=True)
    )


def _taken_over_at(facts: Mapping[str, Any], by: Actor, today: date) -> tuple[Stage, date, list[FieldError]]:
    word = facts.get("stage") or Stage.INTAKE.value
    since = facts.get("stage_since") or today
    allowed = [stage.value for stage in TAKE_OVER_STAGES]
    if word not in allowed:
        message = _("An initiative begins in one of %(stages)s.") % {"stages": ", ".join(allowed)}
        return Stage.INTAKE, today, [FieldError("stage", "unknown_word", message)]
    stage = Stage(word)
    if stage in LATE_STAGES and by.user is not None and not allows(by.user, Act.TAKE_OVER_LATE):
        raise NotAllowed("not_allowed", _("Only an admin takes over an initiative in rollout or live."))
    if errors := past_day_errors("stage_since", since, today):
        return stage, today, errors
    return stage, since, []


def _first_people(facts: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """Whom the facts name, with the creator: technical lead unless they name one, and a member in any case."""
    people = dict(facts.get("people") or {})
    if by.user is not None:
        username = by.user.username
        people["technical_lead"] = people.get("technical_lead") or username
        members = people.get("members") or []
        people["members"] = members if username in members else [*members, username]
    return people
