"""Publishing a framework; attaching a further one to an initiative, and taking it away again."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils.translation import gettext as _

from checklists.documents import DocumentRefused
from checklists.frameworks import ParsedFramework, parse_framework
from checklists.loading import FrameworkStands, GuardLost, Loaded, load_framework
from checklists.models import Answer, Assessment, CheckResult, Evidence, Framework, Gate, Item, Writing
from gates.models import Assignment, Comment, Decision, ExitCriterion, Passage, Snapshot, Submission, Waiver
from readiness.accounts.policy import Act
from readiness.actions.acting import begin
from readiness.actions.administering import begin_administration
from readiness.actions.errors import Conflict, FieldError, Invalid, NotFound, invalid
from readiness.actions.starting import refuse_as_start
from readiness.actions.texts import askable
from readiness.audit.recording import Actor, record
from readiness.standing.definitions import root_causes
from readiness.standing.outcome import Outcome
from readiness.standing.proposals import RULES


@transaction.atomic
def publish_framework(data: bytes, source: str, by: Actor, at: datetime) -> Loaded:
    """Publish the framework in ``data`` (YAML); initiatives that begin from then on are assessed with it.

    A version that stands with the same content is left alone. ``source`` names the file in messages. Raises
    NotAllowed, Invalid with every mistake at ``line.<number>`` (at ``items.<code>`` for a root cause or fact that
    nobody knows), or Conflict ``framework_stands``, ``guard_lost`` or ``not_beside_the_start``.
    """
    begin_administration(by)
    try:
        parsed = parse_framework(data, source)
    except DocumentRefused as refused:
        raise Invalid(
            [FieldError(f"line.{each.line}", "mistake", each.reason) for each in refused.mistakes]
        ) from None
    unknown = [*unknown_words(parsed)]
    if unknown:
        raise Invalid(unknown)
    try:
        loaded = load_framework(parsed, at)
    except FrameworkStands as refused:
        raise Conflict("framework_stands", refused.sentence) from None
    except GuardLost as refused:
        raise Conflict("guard_lost", refused.sentence) from None
    if loaded.published:
        refuse_as_start(parsed.slug)
        told = {"framework": parsed.slug, "version": parsed.version, "checksum": parsed.checksum}
        record(by, "framework.published", told, at)
    return loaded


def unknown_words(framework: ParsedFramework) -> Iterator[FieldError]:
    """The root causes and facts that nobody knows, each at ``items.<code>``."""
    for item in framework.items:
        if item.root_cause not in root_causes():
            message = _("%(code)s: there is no root cause %(word)s.")
            told = {"code": item.code, "word": item.root_cause}
            yield FieldError(f"items.{item.code}", "unknown_root_cause", message % told)
        if item.fact and item.fact not in RULES:
            message = _("%(code)s: there is no fact %(word)s.")
            told = {"code": item.code, "word": item.fact}
            yield FieldError(f"items.{item.code}", "unknown_fact", message % told)


@transaction.atomic
def attach_framework(initiative_id: int, slug: str, by: Actor, at: datetime) -> Outcome:
    """Attach the newest version of a framework.

    Raises Invalid for an unknown one, Conflict ``already_attached`` or ``codes_collide``: item codes and gate slugs
    are unique within one initiative.
    """
    work = begin(initiative_id, Act.EDIT, by, at)
    framework = Framework.objects.current().with_content().filter(slug__in=askable([slug])).first()
    if framework is None:
        raise invalid(
            "framework", "unknown_framework", _("There is no framework %(slug)s.") % {"slug": slug[:60]}
        )
    passages = Passage.objects.filter(initiative_id=initiative_id).select_related("assessment")
    if any(passage.framework_slug == slug for passage in passages):
        raise Conflict(
            "already_attached", _("%(framework)s is attached already.") % {"framework": framework.name}
        )
    refuse_collisions(framework, initiative_id)
    Passage.objects.create(
        initiative=work.initiative,
        assessment=Assessment.objects.create(framework=framework, created_at=at),
        framework_slug=slug,
        position=1 + max((passage.position for passage in passages), default=-1),
        attached_at=at,
    )
    return work.finish("framework.attached", {"framework": slug, "version": framework.version}, own=True)


@transaction.atomic
def detach_framework(initiative_id: int, slug: str, by: Actor, at: datetime) -> Outcome:
    """Take a framework away that was attached and in which nothing was done yet.

    Raises NotFound where the initiative has none of this name, Conflict ``begun_with`` for one that it began with, or
    Conflict ``in_use`` where something was answered, gathered, asked, remarked, submitted, waived or agreed in it.
    """
    work = begin(initiative_id, Act.EDIT, by, at)
    passages = Passage.objects.filter(initiative=initiative_id).select_related("assessment__framework")
    passage = passages.filter(framework_slug__in=askable([slug])).first()
    if passage is None:
        raise NotFound
    framework = passage.assessment.framework
    named = {"framework": framework.name}
    if passage.attached_at is None:
        raise Conflict("begun_with", _("The initiative began with %(framework)s, which stays.") % named)
    if used_in(initiative_id)[slug]:
        raise Conflict("in_use", _("Something was done in %(framework)s already, so it stays.") % named)
    assessment = passage.assessment
    passage.delete()
    assessment.delete()
    return work.finish("framework.detached", {"framework": slug, "version": framework.version}, own=True)


def used_in(initiative_id: int) -> dict[str, bool]:
    """By slug of each framework of an initiative whether anything was done in it, withdrawn things too; one query."""
    rows = Passage.objects.filter(initiative=initiative_id)
    answers, reviews = {"assessment": OuterRef("assessment")}, {"passage": OuterRef("pk")}
    gates = Gate.objects.filter(framework__slug=OuterRef(OuterRef("framework_slug"))).values("slug")
    here = {"initiative": OuterRef("initiative")}
    done = [
        *(kind.objects.filter(**answers) for kind in (Answer, Evidence, CheckResult, Writing)),
        *(kind.objects.filter(**reviews) for kind in (Submission, Decision, Snapshot, Waiver, Assignment)),
        ExitCriterion.objects.filter(**here, checkpoint__in=gates),
        Comment.objects.filter(**here, gate__in=gates),
    ]
    any_of_it = Q()
    for one in done:
        any_of_it |= Q(Exists(one))
    used = rows.annotate(used=ExpressionWrapper(any_of_it, output_field=BooleanField()))
    return dict(used.values_list("framework_slug", "used"))


def refuse_collisions(framework: Framework, initiative_id: int) -> None:
    """Raise Conflict ``codes_collide`` where another framework of the initiative has one of its codes or gates.

    The framework came ``with_content()``.
    """
    present = Item.objects.filter(gate__framework__assessments__passage__initiative_id=initiative_id)
    others = present.exclude(gate__framework__slug=framework.slug)
    codes = {item.code for gate in framework.gates.all() for item in gate.items.all()}
    slugs = {gate.slug for gate in framework.gates.all()}
    colliding = {*others.filter(code__in=codes).values_list("code", flat=True)}
    colliding |= {*others.filter(gate__slug__in=slugs).values_list("gate__slug", flat=True)}
    if colliding:
        raise Conflict(
            "codes_collide",
            _("Used already by another framework here: %(words)s.") % {"words": ", ".join(sorted(colliding))},
        )
