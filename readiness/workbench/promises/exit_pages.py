"""Agreeing on exit criteria, amending and removing them, and deciding one that was reached."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gates.models import GO_ON, ExitCriterion, Initiative, Kpi
from gates.promises import Comparator, Direction, ExitAction, reached_by_improving
from readiness.accounts.models import Organisation
from readiness.accounts.policy import Act, relation_to
from readiness.actions.errors import Conflict, Invalid
from readiness.actions.exits import (
    add_criterion,
    checkpoints_of,
    decide_exit,
    edit_criterion,
    remove_criterion,
)
from readiness.actions.lessons import agreed_before
from readiness.actions.promises import promises_locked
from readiness.clock import now
from readiness.standing.exits import ExitState
from readiness.standing.links import exit_url, exits_url, initiative_url
from readiness.standing.recompute import fresh_outcome, judge_to_show
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import within
from readiness.ui.saying import content
from readiness.workbench.choosing.places import Place, candidates_at
from readiness.workbench.finding import actor_of, acts_of, find_initiative, person_of
from readiness.workbench.initiatives.forms import sent
from readiness.workbench.initiatives.found_cause import found_cause
from readiness.workbench.promises.attempts import attempt, status_of
from readiness.workbench.promises.exit_forms import (
    ACTION_WORDS,
    DECISION_WORDS,
    CriterionForm,
    ExitDecisionSheet,
    initial_criterion,
)
from readiness.workbench.promises.exits import may_decide, readings_words
from readiness.workbench.promises.views import kpi_header
from readiness.workbench.refusals import gone_by, must
from readiness.workbench.reviews.review import DecisionCard

_HINTS = {
    "stop": gettext_lazy(
        "The initiative ends here, on agreed criteria. That is a success of the process. It leaves its lesson."
    ),
    "hold": gettext_lazy(
        "Nothing moves until a day you name. What is measured from tomorrow on counts afresh."
    ),
    "rework": gettext_lazy(
        "The team changes something and goes on. What is measured from tomorrow on counts afresh."
    ),
    GO_ON: gettext_lazy(
        "You answer for going on, with a reason and a last day. After it, what was measured counts again."
    ),
}
_STOP_BY_DECISION = gettext_lazy(
    "The initiative ends here, by decision: this limit was not locked before it was reached. It leaves its lesson."
)
_LOOKS = {
    "stop": ("critical", "stop"),
    "hold": ("warning", "pause"),
    "rework": ("info", "return"),
    GO_ON: ("accent", "play"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def exit_new(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    must(Act.EDIT, acts_of(request, initiative))
    late = promises_locked(initiative)
    form = _form(request, initiative, late=late, added=True)
    if initiative.has_ended and not form.is_bound:
        return gone_by(request, initiative)
    context: dict[str, Any] = {"late": late}
    if form.is_bound and form.is_valid():
        given, by, reason = form.facts(), actor_of(request), form.cleaned_data.get("reason", "")
        made, said = attempt(form, lambda: add_criterion(initiative.pk, given, by, now(), reason))
        if made is not None:
            messages.success(request, _("The exit criterion is agreed."))
            _warn(request, made[0])
            return redirect(exit_url(initiative.ref, made[0].pk))
        context |= said
    return _form_page(request, initiative, form, _("Agree on an exit criterion"), context)


@require_http_methods(["GET", "HEAD", "POST"])
def exit_edit(request: HttpRequest, ref: str, criterion_id: int) -> HttpResponse:
    initiative = find_initiative(request, ref)
    criterion = _criterion(initiative, criterion_id)
    must(Act.EDIT, acts_of(request, initiative))
    form = _form(request, initiative, criterion, late=criterion.locked_at is not None)
    if initiative.has_ended and not form.is_bound:
        return gone_by(request, initiative)
    context: dict[str, Any] = {"criterion": criterion}
    if form.is_bound and form.is_valid():
        given, by = form.facts(), actor_of(request)
        reason, version = form.cleaned_data.get("reason", ""), form.cleaned_data["version"]
        saved, said = attempt(
            form,
            lambda: edit_criterion(initiative.pk, criterion.pk, given, by, now(), reason, version),
        )
        if saved is not None:
            messages.success(request, _("Saved."))
            _warn(request, _criterion(initiative, criterion.pk))
            return redirect(exit_url(initiative.ref, criterion.pk))
        context |= said
    return _form_page(request, initiative, form, _("Change an exit criterion"), context)


def _warn(request: HttpRequest, criterion: ExitCriterion) -> None:
    """Say so where it would be reached by getting better: seldom meant, and no mistake in itself."""
    kpi = criterion.kpi
    if not reached_by_improving(Direction(kpi.direction), Comparator(criterion.comparator)):
        return
    sentence = (
        _(
            "Of “%(kpi)s” higher is better: this limit is reached as it improves. Change it if that is not meant."
        )
        if kpi.direction == Direction.UP
        else _(
            "Of “%(kpi)s” lower is better: this limit is reached as it improves. Change it if that is not meant."
        )
    )
    messages.warning(request, sentence % {"kpi": kpi.name})


@require_http_methods(["GET", "HEAD", "POST"])
def exit_remove(request: HttpRequest, ref: str, criterion_id: int) -> HttpResponse:
    """Ask once, then remove."""
    initiative = find_initiative(request, ref)
    criterion = _criterion(initiative, criterion_id)
    must(Act.EDIT, acts_of(request, initiative))
    if initiative.has_ended and request.method != "POST":
        return gone_by(request, initiative)
    at, refusal = now(), ""
    if request.method == "POST":
        try:
            remove_criterion(initiative.pk, criterion.pk, actor_of(request), at)
        except Conflict as refused:
            refusal = refused.message
        else:
            messages.success(request, _("The exit criterion is removed."))
            return redirect(exits_url(initiative.ref))
    context = {
        "initiative": initiative,
        "state": _state(initiative, criterion_id, at),
        "header": kpi_header(initiative, _("Remove an exit criterion"), at),
        "back": exits_url(initiative.ref),
        "refusal": refusal,
    }
    return render(request, "workbench/promises/exit_remove.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def exit_decide(request: HttpRequest, ref: str, criterion_id: int) -> HttpResponse:
    at, initiative = now(), find_initiative(request, ref)
    criterion = _criterion(initiative, criterion_id)
    fresh_outcome(initiative.pk, at)
    state = _state(initiative, criterion_id, at)
    acts = may_decide(person_of(request), relation_to(person_of(request), initiative), state)
    if not acts:
        raise PermissionDenied(_("%(decider)s decides this, or an executive.") % {"decider": state.decider})
    if request.method != "POST" and initiative.has_ended:
        return gone_by(request, initiative)
    if request.method != "POST" and state.open is None:
        messages.info(request, _("This exit criterion does not wait for a decision."))
        return redirect(exit_url(ref, criterion.pk))
    sheet = ExitDecisionSheet(
        state.open.pk if state.open else 0,
        found_cause(initiative),
        request.POST if request.method == "POST" else None,
    )
    refusal = ""
    if sheet.is_asked and sheet.is_valid():
        try:
            decide_exit(initiative.pk, criterion.pk, sheet.decision, actor_of(request), at, **sheet.given)
        except Invalid as refused:
            sheet.take_errors(refused)
        except Conflict as refused:
            refusal = refused.message
        else:
            messages.success(
                request, _("Decided: %(lower)s.") % {"lower": within(DECISION_WORDS[sheet.decision])}
            )
            return redirect(
                initiative_url(ref) if sheet.decision in ("stop", "hold") else exit_url(ref, criterion.pk)
            )
    status = 409 if refusal else 422 if sheet.is_asked else 200
    context = _decision_context(initiative, state, acts, sheet, refusal, at)
    return render(request, "workbench/promises/exit_decide.html", context, status=status)


def _decision_context(
    initiative: Initiative,
    state: ExitState,
    acts: frozenset[Act],
    sheet: ExitDecisionSheet,
    refusal: str,
    at: datetime,
) -> dict[str, Any]:
    if refusal:
        # What stands now: somebody may have decided it, and it may have been reached anew.
        initiative.refresh_from_db()
        state = _state(initiative, state.criterion.pk, at)
        sheet.show_trigger(state.open.pk if state.open else 0)
    as_agreed = state.open is not None and agreed_before(state.open, Organisation.get())
    return {
        "initiative": initiative,
        "header": kpi_header(initiative, _("Decide an exit criterion"), at),
        "heading": _("Decide an exit criterion"),
        "state": state,
        "action": ACTION_WORDS[state.criterion.action],
        "readings": readings_words(state.open, state.criterion.kpi.unit) if state.open else "",
        "as_agreed": as_agreed,
        "cards": _cards(state, acts, as_agreed=as_agreed),
        "sheet": sheet,
        "refusal": refusal,
        "back": exit_url(initiative.ref, state.criterion.pk),
    }


def _cards(state: ExitState, acts: frozenset[Act], *, as_agreed: bool) -> list[DecisionCard]:
    """The decisions, the agreed one first; one that is not this person's says whose it is.

    ``as_agreed``: a stop is one on agreed criteria.
    """
    agreed = state.criterion.action
    order = sorted(DECISION_WORDS, key=lambda word: word != agreed)
    cards = []
    for word in order:
        act = Act.GO_ON if word == GO_ON else Act.DECIDE_EXIT
        label = (
            _("%(word)s, as agreed") % {"word": DECISION_WORDS[word]}
            if word == agreed
            else DECISION_WORDS[word]
        )
        refusal = "" if act in acts else _whose(act, state)
        hint = _HINTS[word] if word != ExitAction.STOP or as_agreed else _STOP_BY_DECISION
        cards.append(DecisionCard(word, label, *_LOOKS[word], hint, refusal))
    return cards


def _whose(act: Act, state: ExitState) -> str:
    if act == Act.DECIDE_EXIT:
        return _("Only %(decider)s or an executive decides this.") % {"decider": state.decider}
    decider = state.criterion.decider
    if decider.is_executive and decider.is_active:
        return _("Only %(decider)s may decide to go on, and not from the team.") % {"decider": state.decider}
    return _("Only an executive who is not on the team may decide to go on.")


def _form(
    request: HttpRequest,
    initiative: Initiative,
    criterion: ExitCriterion | None = None,
    *,
    late: bool,
    added: bool = False,
) -> CriterionForm:
    held = [criterion.decider.username] if criterion else []
    return CriterionForm(
        sent(request),
        initial=initial_criterion(criterion) if criterion else None,
        kpis=Kpi.objects.filter(initiative=initiative, removed_at__isnull=True),
        checkpoints=[(slug, content(name)) for slug, name in checkpoints_of(initiative)],
        people=candidates_at(Place.DECIDER, initiative, person_of(request), held=held),
        late=late,
        added=added,
    )


def _form_page(
    request: HttpRequest, initiative: Initiative, form: CriterionForm, heading: str, context: dict[str, Any]
) -> HttpResponse:
    page = {
        "initiative": initiative,
        "form": form,
        "heading": heading,
        "header": kpi_header(initiative, heading, now()),
        "back": exits_url(initiative.ref),
        "has_kpis": len(form.fields["kpi"].choices) > 1,  # type: ignore[attr-defined]
    }
    template = "workbench/promises/exit_form.html"
    return render(request, template, page | context, status=status_of(form, context))


def _criterion(initiative: Initiative, criterion_id: int) -> ExitCriterion:
    """A criterion of this initiative that is not removed; else 404."""
    rows = ExitCriterion.objects.filter(initiative=initiative, pk=criterion_id, removed_at__isnull=True)
    found = rows.select_related("kpi", "decider").first()
    if found is None:
        raise Http404
    return found


def _state(initiative: Initiative, criterion_id: int, at: datetime) -> ExitState:
    """The same as it is judged at this moment."""
    exits = judge_to_show(initiative.pk, at).exits
    return next(one for one in exits if one.criterion.pk == criterion_id)
