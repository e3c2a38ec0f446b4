"""Publishing a framework, and attaching a further one to an initiative."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.documents import DocumentRefused
from checklists.frameworks import ParsedFramework, parse_framework
from checklists.loading import FrameworkStands, GuardLost, Loaded, load_framework
from checklists.models import Assessment, Framework, Item
from gates.models import Passage
from readiness.accounts.policy import Act
from readiness.actions.acting import begin
from readiness.actions.administering import begin_administration
from readiness.actions.errors import Conflict, FieldError, Invalid, invalid
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
    nobody knows), or Conflict ``framework_stands`` or ``guard_lost``.
    """
    begin_administration(by)
    try:
        parsed = parse_framework(data, source)
    except DocumentRefused as refused:
        raise Invalid(
            [FieldError(f"line.{each.line}", "mistake", each.reason) for each in refused.mistakes]
        ) from None
    unknown = [*_unknown_words(parsed)]
    if unknown:
        raise Invalid(unknown)
    try:
        loaded = load_framework(parsed, at)
    except FrameworkStands as refused:
        raise Conflict("framework_stands", refused.sentence) from None
    except GuardLost as refused:
        raise Conflict("guard_lost", refused.sentence) from None
    if loaded.published:
        told = {"framework": parsed.slug, "version": parsed.version, "checksum": parsed.checksum}
        record(by, "framework.published", told, at)
    return loaded


def _unknown_words(framework: ParsedFramework) -> Iterator[FieldError]:
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
    present = Item.objects.filter(gate__framework__assessments__passage__initiative_id=initiative_id)
    codes = {item.code for gate in framework.gates.all() for item in gate.items.all()}
    slugs = {gate.slug for gate in framework.gates.all()}
    colliding = {*present.filter(code__in=codes).values_list("code", flat=True)}
    colliding |= {*present.filter(gate__slug__in=slugs).values_list("gate__slug", flat=True)}
    if colliding:
        raise Conflict(
            "codes_collide",
            _("Used already by another framework here: %(words)s.") % {"words": ", ".join(sorted(colliding))},
        )
    Passage.objects.create(
        initiative=work.initiative,
        assessment=Assessment.objects.create(framework=framework, created_at=at),
        framework_slug=slug,
        position=len(passages),
    )
    return work.finish("framework.attached", {"framework": slug, "version": framework.version}, own=True)
