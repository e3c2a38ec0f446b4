"""Moving an initiative to a later version of a framework: first what it would do, then the act."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from checklists.frameworks import ParsedItem
from checklists.models import Framework
from gates.definitions import loaded_framework
from gates.models import Initiative, Passage
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict, Invalid, NotFound, Stale
from readiness.actions.versions import Prospect, move_version, prospect
from readiness.clock import now
from readiness.standing.links import initiative_url
from readiness.standing.recompute import fresh_outcome
from readiness.standing.verdict import GOOD_VERDICTS
from readiness.ui.saying import content
from readiness.workbench.finding import actor_of, acts_of, find_initiative
from readiness.workbench.header import OVERVIEW, header_of
from readiness.workbench.refusals import CONFLICT, OK, gone_by, must


@dataclass(frozen=True, slots=True)
class Newer:
    """A framework of the initiative with a later version to move to."""

    name: str
    own: str
    newest: str
    url: str


def newer_versions(initiative: Initiative, passages: dict[str, Passage]) -> list[Newer]:
    """Of its frameworks those with a later version, in their order; one query."""
    current = {row.slug: row for row in Framework.objects.current().filter(slug__in=passages)}
    found = []
    for slug, passage in passages.items():
        own, newest = passage.assessment.framework, current.get(slug)
        if newest is not None and newest.pk > own.pk:
            url = reverse("initiative-version", args=[initiative.ref, slug])
            found.append(Newer(content(own.name), own.version, newest.version, url))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_version(request: HttpRequest, ref: str, slug: str) -> HttpResponse:
    """What a move to the newest version would do; once it was seen, the move to that version and no other."""
    initiative = find_initiative(request, ref)
    must(Act.EDIT, acts_of(request, initiative))
    if initiative.has_ended and request.method != "POST":
        return gone_by(request, initiative)
    refusal, status = "", OK
    if request.method == "POST":
        seen, to = request.POST.get("version", ""), request.POST.get("to", "")
        version = int(seen) if seen.isdecimal() and len(seen) < 10 else None
        try:
            move_version(initiative.pk, slug, actor_of(request), now(), to, version)
        except NotFound:
            raise Http404 from None
        except Stale:
            refusal = _("The initiative was changed meanwhile. Look again at what the move does.")
        except (Conflict, Invalid) as refused:
            refusal = refused.message
        else:
            messages.success(request, _("Moved to version %(version)s.") % {"version": to})
            return redirect(initiative_url(initiative.ref))
        status = CONFLICT
        initiative.refresh_from_db()
    return _page(request, initiative, slug, refusal, status)


def _page(request: HttpRequest, initiative: Initiative, slug: str, refusal: str, status: int) -> HttpResponse:
    found: Prospect | None = None
    try:
        found = prospect(initiative, slug)
    except NotFound:
        raise Http404 from None
    except Invalid as refused:
        refusal = refusal or refused.message
    heading = _("Move to a newer version")
    outcome = fresh_outcome(initiative.pk, now())
    context = {
        "initiative": initiative,
        "heading": heading,
        "header": header_of(initiative, outcome, crumb=heading, section=OVERVIEW),
        "ready_no_more": found and _decides(found) and outcome.standing.verdict in GOOD_VERDICTS,
        "found": found,
        "parts": _parts(found) if found else [],
        "lapsing": _names(found) if found else [],
        "gone": [content(one) for one in found.gone] if found else [],
        "refusal": refusal,
    }
    return render(request, "workbench/initiatives/version.html", context, status=status)


def _decides(found: Prospect) -> bool:
    """Readiness is computed on it, or it holds beside what readiness is computed on."""
    return loaded_framework(found.before.pk, found.before.checksum).decides_readiness


def _parts(found: Prospect) -> list[tuple[str, str, list[ParsedItem]]]:
    """What becomes of the items: a heading, what it means, and the items, those that ask for something first."""
    compared = found.compared
    parts = [
        (_("New items"), _("Nobody has answered them yet."), compared.new),
        (
            _("Items that read differently"),
            _("Their answers and evidence carry over. Read them again: they were given to another wording."),
            compared.reworded,
        ),
        (
            _("Items that are gone"),
            _("Their answers and evidence stay in the history and count no more."),
            compared.gone,
        ),
        (_("Items that stay as they are"), _("Their answers and evidence carry over."), compared.kept),
    ]
    return [(title, told, list(items)) for title, told, items in parts if items]


def _names(found: Prospect) -> list[str]:
    names = {gate.slug: gate.name for gate in found.after.gates.all()}
    return [content(names[slug]) for slug in found.lapsing]
