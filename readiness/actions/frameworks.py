"""Attaching a further framework to an initiative."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.models import Assessment, Framework, Item
from gates.models import Passage
from readiness.accounts.policy import Act
from readiness.actions.acting import begin
from readiness.actions.errors import Conflict, invalid
from readiness.actions.texts import askable
from readiness.audit.recording import Actor
from readiness.standing.recompute import Outcome


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
