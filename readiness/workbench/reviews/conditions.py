"""What becomes of a promise: said to be kept, given to another, confirmed, opened again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gates.models import Condition, Initiative
from readiness.accounts.policy import Act, allowed_acts, relation_to
from readiness.actions.conditions import (
    confirm_condition,
    give_condition,
    keep_condition,
    reopen_condition,
)
from readiness.actions.errors import Conflict, Invalid
from readiness.audit.recording import Actor
from readiness.clock import now
from readiness.standing.links import gate_url
from readiness.standing.outcome import Outcome
from readiness.standing.recompute import fresh_outcome
from readiness.ui.lazily import gettext_lazy as _
from readiness.workbench.checklists.forms import ConfirmForm, KeepForm, ReopenForm
from readiness.workbench.choosing.places import Place, candidates_at
from readiness.workbench.finding import actor_of, find_initiative, person_of
from readiness.workbench.header import CHECKLIST, header_of
from readiness.workbench.initiatives.forms import ActionForm, sent
from readiness.workbench.refusals import gone_by, must
from readiness.workbench.reviews.forms import GiveForm


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that can be done to a condition, and how the page asks for it."""

    act: Act
    form: type[ActionForm]
    carry_out: Callable[[Initiative, Condition, ActionForm, Actor, datetime], Outcome]
    heading: str
    explanation: str
    submit: str
    done: str


KEEP = Deed(
    Act.KEEP_CONDITION,
    KeepForm,
    lambda initiative, condition, form, by, at: keep_condition(
        initiative.pk, condition.pk, form.cleaned_data["note"], by, at
    ),
    _("Mark as kept"),
    _("A reviewer who is not on the team looks at it and confirms it, or opens it again."),
    _("It is kept"),
    _("Marked as kept. A reviewer confirms it."),
)
GIVE = Deed(
    Act.GIVE_CONDITION,
    GiveForm,
    lambda initiative, condition, form, by, at: give_condition(
        initiative.pk, condition.pk, form.cleaned_data["owner"], by, at
    ),
    _("Give it to somebody else"),
    _("The day stays. Whoever gets it is told."),
    _("Give it away"),
    _("It is theirs now."),
)
CONFIRM = Deed(
    Act.CONFIRM_CONDITION,
    ConfirmForm,
    lambda initiative, condition, form, by, at: confirm_condition(initiative.pk, condition.pk, by, at),
    _("Confirm that it is kept"),
    _("Once every condition is confirmed, the pass has no conditions any more."),
    _("Confirm"),
    _("Confirmed."),
)
REOPEN = Deed(
    Act.CONFIRM_CONDITION,
    ReopenForm,
    lambda initiative, condition, form, by, at: reopen_condition(
        initiative.pk, condition.pk, form.cleaned_data["reason"], by, at
    ),
    _("Open it again"),
    _("It is open until it is kept. Past its day, an open condition makes the pass lapse."),
    _("Open it again"),
    _("Opened again."),
)


@require_http_methods(["GET", "HEAD", "POST"])
def condition_keep(request: HttpRequest, ref: str, condition_id: int) -> HttpResponse:
    return _condition(request, ref, condition_id, KEEP)


@require_http_methods(["GET", "HEAD", "POST"])
def condition_give(request: HttpRequest, ref: str, condition_id: int) -> HttpResponse:
    return _condition(request, ref, condition_id, GIVE)


@require_http_methods(["GET", "HEAD", "POST"])
def condition_confirm(request: HttpRequest, ref: str, condition_id: int) -> HttpResponse:
    return _condition(request, ref, condition_id, CONFIRM)


@require_http_methods(["GET", "HEAD", "POST"])
def condition_reopen(request: HttpRequest, ref: str, condition_id: int) -> HttpResponse:
    return _condition(request, ref, condition_id, REOPEN)


def _condition(request: HttpRequest, ref: str, condition_id: int, deed: Deed) -> HttpResponse:
    initiative = find_initiative(request, ref)
    condition = _condition_of(initiative, condition_id)
    person = person_of(request)
    must(deed.act, allowed_acts(person, relation_to(person, initiative, condition.owner_id)))
    form = _form(deed, initiative, condition, request)
    if initiative.has_ended and not form.is_bound:
        return gone_by(request, initiative)
    at, refusal = now(), ""
    if form.is_bound and form.is_valid():
        try:
            deed.carry_out(initiative, condition, form, actor_of(request), at)
        except Invalid as refused:
            form.take_errors(refused)
        except Conflict as refused:
            refusal = refused.message
        else:
            messages.success(request, deed.done)
            return redirect(gate_url(ref, condition.decision.gate.slug) + "#conditions")
    condition.refresh_from_db(fields=["state", "kept_note", "kept_at", "confirmed_at", "reopened_reason"])
    context = {
        "initiative": initiative,
        "condition": condition,
        "deed": deed,
        "form": form,
        "refusal": refusal,
        "header": header_of(
            initiative, fresh_outcome(initiative.pk, at), crumb=deed.heading, section=CHECKLIST
        ),
        "back": gate_url(ref, condition.decision.gate.slug),
    }
    status = 409 if refusal else 422 if form.is_bound else 200
    return render(request, "workbench/gates/condition.html", context, status=status)


def _form(deed: Deed, initiative: Initiative, condition: Condition, request: HttpRequest) -> ActionForm:
    if deed.form is not GiveForm:
        return deed.form(sent(request))
    people = candidates_at(Place.NEXT_KEEPER, initiative, person_of(request))
    return GiveForm(sent(request), people=people.without(condition.owner.username))


def _condition_of(initiative: Initiative, condition_id: int) -> Condition:
    """A condition of this initiative; else 404."""
    rows = Condition.objects.filter(decision__passage__initiative=initiative, pk=condition_id)
    condition = rows.select_related("decision__gate", "owner", "kept_by").first()
    if condition is None:
        raise Http404
    return condition
