"""What made a live initiative work, told by its team."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gates.lessons import WORKED
from gates.models import WhatWorked
from gates.stages import Stage
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict, Invalid
from readiness.actions.teaching import TEACHING, TEXTS, leave_what_worked
from readiness.clock import now
from readiness.standing.links import initiative_url, lesson_url
from readiness.standing.recompute import fresh_outcome
from readiness.workbench.continuity.forms import WhatWorkedForm
from readiness.workbench.finding import actor_of, acts_of, find_initiative
from readiness.workbench.header import OVERVIEW, header_of
from readiness.workbench.initiatives.forms import sent
from readiness.workbench.refusals import must


@require_http_methods(["GET", "HEAD", "POST"])
def what_worked(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    must(Act.TEACH, acts_of(request, initiative))
    if request.method != "POST" and Stage(initiative.stage) not in TEACHING:
        messages.info(request, _("What worked is told once it is live."))
        return redirect(initiative_url(ref))
    stands = WhatWorked.objects.filter(initiative=initiative).first()
    form = WhatWorkedForm(sent(request), initial={name: getattr(stands, name, "") for name in TEXTS})
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            leave_what_worked(initiative.pk, form.cleaned_data, actor_of(request), now())
        except Invalid as refused:
            form.take_errors(refused)
        except Conflict as refused:
            refusal = refused.message
        else:
            messages.success(request, _("Thank you. It stands in the library of lessons now."))
            return redirect(lesson_url(ref, WORKED))
    context = {
        "initiative": initiative,
        "header": header_of(
            initiative, fresh_outcome(initiative.pk, now()), crumb=_("What worked"), section=OVERVIEW
        ),
        "form": form,
        "stands": stands,
        "refusal": refusal,
    }
    status = 409 if refusal else 422 if form.is_bound else 200
    return render(request, "workbench/continuity/what_worked.html", context, status=status)
