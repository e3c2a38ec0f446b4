"""The facts of a batch of initiatives, read in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from operator import attrgetter

from django.db.models import prefetch_related_objects

from checklists.models import Answer, Evidence
from gates.asking import Prepared
from gates.definitions import passages_of
from gates.models import (
    Amendment,
    Decision,
    ExitCriterion,
    ExitTrigger,
    Hold,
    Initiative,
    Kpi,
    Roadmap,
    Stakeholder,
    Submission,
    TeamRole,
    Waiver,
)
from readiness.standing.facts import InitiativeFacts, Known, PassageFacts
from readiness.standing.judgement import Setting
from readiness.standing.looking_back import load_levels, load_readings
from readiness.standing.present import Present, present_of

_key = attrgetter("pk")

_initiatives = Prepared(lambda keys: Initiative.objects.select_related("hold").filter(pk__in=keys).order_by())
_answers = Prepared(lambda keys: Answer.objects.filter(assessment__in=keys).order_by())
_evidence = Prepared(lambda keys: Evidence.objects.filter(assessment__in=keys))  # the newest first
_team = Prepared(
    lambda keys: (
        TeamRole.objects.filter(initiative__in=keys, until__isnull=True).select_related("user").order_by()
    )
)
_holds = Prepared(lambda keys: Hold.objects.filter(initiative__in=keys))
_kpis = Prepared(lambda keys: Kpi.objects.filter(initiative__in=keys).order_by("pk"))
_criteria = Prepared(
    lambda keys: ExitCriterion.objects.filter(initiative__in=keys).select_related("decider").order_by("pk")
)
_triggers = Prepared(
    lambda keys: ExitTrigger.objects.filter(criterion__in=keys).select_related("by").order_by("pk")
)
_amendments = Prepared(
    lambda keys: (
        Amendment.objects.filter(initiative__in=keys).select_related("by", "acknowledged_by").order_by("pk")
    )
)
_stakeholders = Prepared(lambda keys: Stakeholder.objects.filter(initiative__in=keys).order_by("pk"))
_decisions = Prepared(
    lambda keys: Decision.objects.filter(passage__in=keys).select_related("lapse").order_by("pk")
)
_waivers = Prepared(lambda keys: Waiver.objects.filter(passage__in=keys))
_submissions = Prepared(lambda keys: Submission.objects.filter(passage__in=keys).order_by("pk"))


def load_facts(
    initiative_ids: Iterable[int], setting: Setting, known: Sequence[Known] = ()
) -> dict[int, InitiativeFacts]:
    """The facts by which these initiatives are judged in this setting; what is known is not read.

    In twenty-three queries at most, whatever their number; what is asked at every act has its SQL built once.
    """
    initiatives = _initiatives_of(set(initiative_ids), known)
    facts = {initiative.pk: InitiativeFacts(initiative) for initiative in sorted(initiatives, key=_key)}
    passages = _load_passages(facts, known)
    present = present_of(facts, passages)
    by_assessment = {passage.assessment_id: passage for passage in passages.values()}
    for answer in _answers(*by_assessment):
        passage = by_assessment[answer.assessment_id]
        if (
            answer.item_id in passage.framework.items
        ):  # else it was said of an item that its version no longer has
            passage.answers[passage.framework.items[answer.item_id]] = answer
    for evidence in _evidence(*by_assessment):
        passage = by_assessment[evidence.assessment_id]
        if evidence.item_id in passage.framework.items:
            passage.evidence.setdefault(passage.framework.items[evidence.item_id], []).append(evidence)
    _load_reviews(passages, present)
    for place in _team(*facts):
        facts[place.initiative_id].team.append(place)
    if Hold in present:
        for hold in _holds(*facts):
            facts[hold.initiative_id].holds.append(hold)
    _load_promises(facts, present)
    _load_plans(facts, present)
    load_readings(facts, setting)
    load_levels(facts, setting)
    return facts


def _initiatives_of(wanted: set[int], known: Sequence[Known]) -> list[Initiative]:
    found = [one.initiative for one in known if one.initiative.pk in wanted]
    unread = wanted - {one.pk for one in found}
    return [*found, *_initiatives(*unread)]


def _load_promises(facts: dict[int, InitiativeFacts], present: Present) -> None:
    """KPIs and exit criteria with what came of them. What hangs on them is asked for only where there are any."""
    kpis: dict[int, Kpi] = {}
    if Kpi in present:
        kpis = {kpi.pk: kpi for kpi in _kpis(*facts)}
    for kpi in kpis.values():
        if kpi.removed_at is None:
            facts[kpi.initiative_id].kpis.append(kpi)
    criteria: dict[int, ExitCriterion] = {}
    if ExitCriterion in present:
        criteria = {criterion.pk: criterion for criterion in _criteria(*facts)}
    for criterion in criteria.values():
        criterion.kpi = kpis[criterion.kpi_id]
        if criterion.removed_at is None:
            facts[criterion.initiative_id].criteria.append(criterion)
    if criteria:
        _load_triggers(facts, criteria)
    if kpis or criteria:
        _load_amendments(facts, kpis, criteria)


def _load_plans(facts: dict[int, InitiativeFacts], present: Present) -> None:
    if Roadmap in present:
        for roadmap in Roadmap.objects.filter(initiative__in=facts).prefetch_related("phases"):
            facts[roadmap.initiative_id].roadmap = roadmap
    if Stakeholder in present:
        for stakeholder in _stakeholders(*facts):
            facts[stakeholder.initiative_id].stakeholders.append(stakeholder)


def _load_triggers(facts: dict[int, InitiativeFacts], criteria: dict[int, ExitCriterion]) -> None:
    for trigger in _triggers(*criteria):
        trigger.criterion = criteria[trigger.criterion_id]
        of = facts[trigger.criterion.initiative_id]
        of.triggers.setdefault(trigger.criterion_id, []).append(trigger)


def _load_amendments(
    facts: dict[int, InitiativeFacts], kpis: dict[int, Kpi], criteria: dict[int, ExitCriterion]
) -> None:
    for amendment in _amendments(*facts):
        if amendment.kpi_id is not None:
            amendment.kpi = kpis[amendment.kpi_id]
        if amendment.criterion_id is not None:
            amendment.criterion = criteria[amendment.criterion_id]
        facts[amendment.initiative_id].amendments.append(amendment)


def _load_passages(facts: dict[int, InitiativeFacts], known: Sequence[Known]) -> dict[int, PassageFacts]:
    read = [pair for one in known if one.initiative.pk in facts and one.passages for pair in one.passages]
    unread = facts.keys() - {passage.initiative_id for passage, _ in read}
    passages: dict[int, PassageFacts] = {}
    for passage, framework in [*read, *passages_of(*unread)]:
        passages[passage.pk] = PassageFacts(framework, passage.pk, passage.assessment_id)
        facts[passage.initiative_id].passages.append(passages[passage.pk])
    return passages


def _load_reviews(passages: dict[int, PassageFacts], present: Present) -> None:
    if Waiver in present:
        for waiver in _waivers(*passages):
            if waiver.item_id in passages[waiver.passage_id].framework.items:
                passages[waiver.passage_id].waivers.append(waiver)
    if Submission not in present:  # and so no decision, which is about one
        return
    for submission in _submissions(*passages):
        passage = passages[submission.passage_id]
        slug = passage.framework.slug_of(submission.gate_id)
        passage.first_submitted.setdefault(slug, submission.at)
        if submission.decided_at is None:
            passage.waiting[slug] = submission
    decisions = _decisions(*passages)
    prefetch_related_objects(decisions, "conditions__owner")
    for decision in decisions:
        passage = passages[decision.passage_id]
        passage.decisions.setdefault(passage.framework.slug_of(decision.gate_id), []).append(decision)
