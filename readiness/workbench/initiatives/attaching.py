"""Frameworks beside those that an initiative began with: what each would do is said before it is attached, and what was
attached by mistake is taken away again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from checklists.models import Framework, FrameworkKind
from checklists.said import listed
from gates.definitions import LoadedFramework, loaded_framework, passages_of
from gates.models import Initiative, Passage
from gates.stages import is_readiness_guard
from gates.starting import Step, shared_words
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict, Invalid
from readiness.actions.frameworks import attach_framework, detach_framework, used_in
from readiness.clock import now
from readiness.standing.links import initiative_url
from readiness.standing.recompute import fresh_outcome
from readiness.standing.words import STAGE_WORDS
from readiness.ui.lazily import gettext_lazy
from readiness.ui.saying import content, say
from readiness.workbench.finding import actor_of, acts_of, find_initiative
from readiness.workbench.header import OVERVIEW, header_of
from readiness.workbench.refusals import gone_by, must

SHOWN_CODES = 3
_UNGUARDED = {
    FrameworkKind.GATES.value: gettext_lazy(
        "Its gates are submitted and decided; no stage move waits for them."
    ),
    FrameworkKind.CHECKPOINTS.value: gettext_lazy(
        "Its checkpoints are submitted and decided; no stage move waits for them."
    ),
    FrameworkKind.OVERLAY.value: gettext_lazy("Its items stand beside the gates and never in their count."),
    FrameworkKind.PROFILE.value: gettext_lazy("A picture that is drawn; nothing of it is submitted."),
}


@dataclass(frozen=True, slots=True)
class Attachable:
    """A published framework that the initiative does not have. ``told``: what it would do; ``obstacle``: why it cannot
    be attached, "" where it can; ``holds``: a stage move would wait for it."""

    framework: LoadedFramework
    told: list[str]
    obstacle: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Attached:
    """A framework that was attached. ``stays``: why it is not taken away any more, "" where it can be."""

    slug: str
    name: str
    version: str
    stays: str


def attachable(present: Sequence[LoadedFramework]) -> list[Attachable]:
    """What could be attached beside these, those first that can be; one query once the frameworks were read."""
    rows = Framework.objects.current().filter(published_at__isnull=False).order_by("pk")
    others = rows.exclude(slug__in=[one.slug for one in present])
    found = [_attachable(loaded_framework(row.pk, row.checksum), present) for row in others]
    return sorted(found, key=lambda one: bool(one.obstacle))


def overlays(present: Iterable[Passage]) -> list[LoadedFramework]:
    """Those that can be attached in one press on the page: overlays for which no stage move would wait.

    The passages came with their frameworks.
    """
    own = [one.assessment.framework for one in present]
    return [
        one.framework
        for one in attachable([loaded_framework(row.pk, row.checksum) for row in own])
        if one.framework.kind == FrameworkKind.OVERLAY and not one.obstacle and not one.holds
    ]


def guarding_words(one: LoadedFramework) -> list[str]:
    """What waits for this framework, a sentence each: the moves that it guards as a whole, and those by one gate."""
    names = {gate.slug: content(gate.name) for gate in one.definition.gates}
    whole = ", ".join(_move(guard.step) for guard in one.guards if guard.gate is None)
    words = [_("The move %(moves)s waits until all of it is passed.") % {"moves": whole}] if whole else []
    by_step: dict[Step, list[str]] = {}
    for guard in one.guards:
        if guard.gate is not None:
            by_step.setdefault(guard.step, []).append(names[guard.gate])
    for step, gates in by_step.items():
        told = {"moves": _move(step), "gates": say(listed([f"“{name}”" for name in gates]))}
        words.append(_("The move %(moves)s waits for %(gates)s.") % told)
    return words


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_frameworks(request: HttpRequest, ref: str) -> HttpResponse:
    """What the initiative is answered on and what could be attached; a POST attaches one."""
    initiative = find_initiative(request, ref)
    must(Act.EDIT, acts_of(request, initiative))
    if request.method == "POST":
        return _attach(request, initiative)
    if initiative.has_ended:
        return gone_by(request, initiative)
    heading = _("Frameworks")
    context = {
        "initiative": initiative,
        "heading": heading,
        "header": header_of(initiative, fresh_outcome(initiative.pk, now()), crumb=heading, section=OVERVIEW),
        "attached": _attached(initiative),
        "offered": attachable([framework for _passage, framework in passages_of(initiative.pk)]),
    }
    return render(request, "workbench/initiatives/frameworks.html", context)


@require_POST
def framework_detach(request: HttpRequest, ref: str, slug: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    must(Act.EDIT, acts_of(request, initiative))
    try:
        detach_framework(initiative.pk, slug, actor_of(request), now())
    except Conflict as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Taken away. Nothing had been done in it."))
    return redirect("initiative-frameworks", ref=initiative.ref)


def _attach(request: HttpRequest, initiative: Initiative) -> HttpResponse:
    try:
        attach_framework(initiative.pk, request.POST.get("framework", ""), actor_of(request), now())
    except (Conflict, Invalid) as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Attached. Its items are in the checklist."))
    return redirect(initiative_url(initiative.ref))


def _attachable(one: LoadedFramework, present: Sequence[LoadedFramework]) -> Attachable:
    for other in present:
        if shared := shared_words(one, other):
            words = ", ".join(shared[:SHOWN_CODES]) + (" …" if len(shared) > SHOWN_CODES else "")
            named = {"framework": content(other.name), "words": words}
            obstacle = _("%(framework)s uses the same codes here: %(words)s") % named
            return Attachable(one, [], obstacle, False)
    told = [*_guarding(one, present)] or [str(_UNGUARDED[one.kind])]
    if any(item.evidence_required for gate in one.definition.gates for item in gate.items):
        told.append(_("An answer in it counts only as far as its evidence allows."))
    return Attachable(one, told, "", bool(one.guards))


def _guarding(one: LoadedFramework, present: Sequence[LoadedFramework]) -> list[str]:
    words = guarding_words(one)
    computed = next((other for other in present if other.decides_readiness), None)
    if computed is not None and any(is_readiness_guard(guard) for guard in one.guards):
        told = {"framework": content(computed.name)}
        words.append(_("It holds beside %(framework)s, on which the score stays computed.") % told)
    return words


def _attached(initiative: Initiative) -> list[Attached]:
    rows = Passage.objects.filter(initiative=initiative).select_related("assessment__framework")
    used = used_in(initiative.pk)
    found = []
    for row in rows.order_by("position"):
        framework, stays = row.assessment.framework, ""
        if row.attached_at is None:
            stays = _("The initiative began with it.")
        elif used[row.framework_slug]:
            stays = _("Something was done in it already.")
        found.append(Attached(row.framework_slug, content(framework.name), framework.version, stays))
    return found


def _move(step: Step) -> str:
    return f"{STAGE_WORDS[step[0]].label} → {STAGE_WORDS[step[1]].label}"
