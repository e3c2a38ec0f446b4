"""Taking all proposals of a checkpoint at once: each becomes an answer like any other."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from readiness.accounts.policy import Act
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.errors import Conflict, Invalid, Stale
from readiness.clock import now
from readiness.standing.links import canvas_url, checklist_url
from readiness.workbench.checklists.written import by_htmx
from readiness.workbench.finding import actor_of, acts_of, find_initiative
from readiness.workbench.refusals import must

# What the page showed of one item: its code, the proposed answer, the version that it was proposed for.
_SHOWN = re.compile(r"([\w-]{1,30}):(met|partial|not_met):(\d{1,9})", re.ASCII)


@require_http_methods(["GET", "HEAD", "POST"])
def proposals_take(request: HttpRequest, ref: str, gate: str) -> HttpResponse:
    """Take what was shown, nothing else: where an item moved meanwhile nothing is taken."""
    initiative = find_initiative(request, ref)
    back = canvas_url(ref) if request.POST.get("back") == "canvas" else checklist_url(ref, gate)
    if request.method == "POST":
        must(Act.ANSWER, acts_of(request, initiative))
        _take(request, initiative.pk)
        if by_htmx(request):
            return HttpResponse(status=204, headers={"HX-Redirect": back})
    return redirect(back)


def _take(request: HttpRequest, initiative_id: int) -> None:
    shown = [match for text in request.POST.getlist("take") if (match := _SHOWN.fullmatch(text))]
    changes = [AnswerChange(match[1], match[2], version=int(match[3])) for match in shown]
    if not changes:
        messages.info(request, _("There was nothing to take."))
        return
    try:
        record_answers(initiative_id, changes, actor_of(request), now())
    except Stale as refused:
        said = _("%(code)s was answered in the meantime. Nothing was taken: look again.")
        messages.warning(request, said % {"code": refused.current})
    except (Conflict, Invalid) as refused:
        messages.warning(request, refused.message)
    else:
        count = len(changes)
        said = ngettext("%(count)s proposed answer taken.", "%(count)s proposed answers taken.", count)
        messages.success(request, said % {"count": count})
