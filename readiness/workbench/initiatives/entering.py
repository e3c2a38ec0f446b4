"""Entering an initiative: a name and its problem are enough, and what is like it is shown beside."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gates.models import Initiative, ParallelLimit
from readiness.accounts.models import User
from readiness.accounts.policy import Act, allows
from readiness.actions.errors import Invalid, NotAllowed
from readiness.actions.initiatives import create_initiative
from readiness.actions.limits import LimitReached
from readiness.clock import now
from readiness.portfolio.questions import UNITS_OFFERED
from readiness.standing.links import canvas_url
from readiness.ui.parts import Link
from readiness.workbench.finding import actor_of, person_of
from readiness.workbench.initiatives.alike import Alike, alike_to
from readiness.workbench.initiatives.facts_form import NewInitiativeForm

COMPARED = ("name", "business_problem")
LOOK = "look"
"""The button that looks for similar ones and enters nothing."""


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_new(request: HttpRequest) -> HttpResponse:
    person = _must_create(request)
    looks = LOOK in request.POST
    limited = ParallelLimit.objects.exists()
    if request.method == "POST" and not looks:
        form = NewInitiativeForm(request.POST, limited=limited)
    else:
        first = request.POST.dict() if looks else {"business_unit": person.unit}
        form = NewInitiativeForm(initial=first, limited=limited)
    reached: LimitReached | None = None
    if form.is_bound and form.is_valid():
        try:
            initiative, _outcome = create_initiative(form.cleaned_data, actor_of(request), now())
        except Invalid as refused:
            form.take_errors(refused)
        except NotAllowed as refused:
            form.add_error("stage", refused.message)
        except LimitReached as refused:
            reached = refused
        else:
            messages.success(
                request,
                _("%(initiative)s is entered. The canvas shows what is still missing.")
                % {"initiative": initiative.name},
            )
            return redirect(canvas_url(initiative.ref))
    context = {
        "form": form,
        "crumbs": [Link(label=_("Initiatives"), href="/initiatives/"), Link(label=_("New"))],
        "units": offered_units(request),
        "reached": reached,
        "alike": _alike(request) if request.method == "POST" else None,
    }
    status = 409 if reached else 422 if form.is_bound else 200
    return render(request, "workbench/initiatives/new.html", context, status=status)


@require_POST
def initiative_similar(request: HttpRequest) -> HttpResponse:
    """What is like the initiative that is being typed. It writes nothing; a problem is too long for an address."""
    _must_create(request)
    return render(request, "workbench/initiatives/_alike.html", {"alike": _alike(request)})


def offered_units(request: HttpRequest) -> list[str]:
    """The units that are named already, so that a unit is spelled one way."""
    named = Initiative.objects.visible_to(person_of(request)).units()
    return [name for _, name in named[:UNITS_OFFERED]]


def _alike(request: HttpRequest) -> Alike:
    text = " ".join(request.POST.get(name, "") for name in COMPARED)
    return alike_to(text, request.POST.get("business_unit", ""), person_of(request))


def _must_create(request: HttpRequest) -> User:
    person = person_of(request)
    if not allows(person, Act.CREATE):
        raise PermissionDenied(_("Initiatives are created by leads, executives and admins."))
    return person
