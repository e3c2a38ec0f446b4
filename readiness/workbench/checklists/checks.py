"""The page on which an item is bound to the automated check that measures it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from checklists.models import Answer, CheckResult, Item
from gates.models import Initiative
from readiness.accounts.policy import Act
from readiness.actions.checks import bind_check
from readiness.actions.errors import Conflict, Invalid, Stale, invalid
from readiness.clock import now
from readiness.standing.links import checklist_url
from readiness.standing.recompute import fresh_outcome
from readiness.workbench.checklists.forms import CheckForm
from readiness.workbench.checklists.words import RESULT_WORDS
from readiness.workbench.checklists.written import item_of
from readiness.workbench.finding import actor_of, acts_of, find_initiative
from readiness.workbench.header import CHECKLIST, header_of
from readiness.workbench.initiatives.forms import sent
from readiness.workbench.refusals import gone_by, must

SHOWN_MAX = 20


@require_http_methods(["GET", "HEAD", "POST"])
def item_check(request: HttpRequest, ref: str, code: str) -> HttpResponse:
    """What was reported of the item, and by which check it is measured; sent, it is bound or set free."""
    initiative = find_initiative(request, ref)
    item = item_of(initiative, code)
    must(Act.ANSWER, acts_of(request, initiative))
    if initiative.has_ended and request.method != "POST":
        return gone_by(request, initiative)
    answer = Answer.objects.filter(assessment__passage__initiative=initiative, item=item).first()
    form = CheckForm.of(answer, sent(request))
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            bound = _bind(request, initiative, code, form)
        except Invalid as refused:
            form.take_errors(refused)
        except (Conflict, Stale) as refused:
            refusal, status = refused.message, 409
        else:
            done = _("%(check)s measures %(item)s.") if bound else _("No check measures %(item)s any more.")
            messages.success(request, done % {"check": bound, "item": code})
            return redirect(checklist_url(initiative.ref, item.gate.slug, code))
    context = _context(initiative, item, answer) | {"form": form, "refusal": refusal}
    return render(request, "workbench/checklist/check.html", context, status=status)


def _bind(request: HttpRequest, initiative: Initiative, code: str, form: CheckForm) -> str:
    """Do it; returns the name of the check, "" where none measures the item from now on."""
    given = form.cleaned_data
    name: str = "" if "unbind" in request.POST else given["check"].strip()
    if not name and "unbind" not in request.POST:
        raise invalid("check", "required", _("Name the check."))
    bind_check(initiative.pk, code, name, given["reason"], actor_of(request), now(), given["version"])
    return name


def _context(initiative: Initiative, item: Item, answer: Answer | None) -> dict[str, object]:
    results = CheckResult.objects.filter(assessment__passage__initiative=initiative, item=item)
    names = results.order_by("name").values_list("name", flat=True).distinct()[:SHOWN_MAX]
    heading = _("Automated check of %(code)s") % {"code": item.code}
    rows = results.select_related("by").order_by("-pk")[:SHOWN_MAX]
    return {
        "initiative": initiative,
        "item": item,
        "bound": answer.check_name if answer else "",
        "measured": bool(answer and answer.measured),
        "names": list(names),
        "results": [(row, RESULT_WORDS[row.result]) for row in rows],
        "header": header_of(
            initiative, fresh_outcome(initiative.pk, now()), crumb=heading, section=CHECKLIST
        ),
        "back": checklist_url(initiative.ref, item.gate.slug, item.code),
    }
