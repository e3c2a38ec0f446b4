"""The list, the page of one initiative, and its facts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from checklists.said import restored
from gates.criteria import BlockerCode
from gates.stages import Stage
from readiness.accounts.policy import Act, allows
from readiness.actions.errors import Conflict, Invalid, Stale
from readiness.actions.initiatives import PEOPLE_FACTS, edit_initiative
from readiness.actions.teaching import TEACHING
from readiness.actions.team import people_of
from readiness.clock import now
from readiness.portfolio.saved import LIST, canonical, views_of
from readiness.standing.definitions import root_causes
from readiness.standing.links import exits_url, initiative_url
from readiness.standing.outcome import Outcome
from readiness.standing.recompute import fresh_outcome
from readiness.ui.saying import say
from readiness.workbench.choosing.places import Place, candidates_at
from readiness.workbench.explaining.forecasts import forecast_sentence
from readiness.workbench.finding import (
    actor_of,
    acts_here,
    acts_of,
    find_initiative,
    organisation_of,
    person_of,
)
from readiness.workbench.header import HISTORY, OVERVIEW, first_checklist_url, header_of
from readiness.workbench.initiatives import history, page
from readiness.workbench.initiatives.attaching import overlays
from readiness.workbench.initiatives.blockers import grouped, way_words
from readiness.workbench.initiatives.entering import offered_units
from readiness.workbench.initiatives.facts_form import (
    FactsForm,
    differences,
    holders,
    initial_facts,
)
from readiness.workbench.initiatives.forms import sent
from readiness.workbench.initiatives.listing import listing
from readiness.workbench.initiatives.next_steps import NextSteps, next_steps
from readiness.workbench.initiatives.shown_flags import shown_flags
from readiness.workbench.initiatives.versions import newer_versions
from readiness.workbench.promises.cards import sparks_of
from readiness.workbench.refusals import gone_by

RECENT = 8
HISTORY_PAGE = 50
OWN_PAGES = frozenset(
    {Act.ANSWER, Act.EDIT, Act.EDIT_PEOPLE, Act.MOVE_STAGE, Act.HOLD, Act.STOP, Act.DECLARE_CHANGE}
)
"""What is offered as a button of its own on the page of an initiative."""
PEOPLE_FIELDS = frozenset(name for name in FactsForm.base_fields if name.startswith("people_")) | PEOPLE_FACTS


@require_safe
def initiative_list(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    found = listing(person, request.GET, organisation_of(request).day_of(now()))
    context = {
        "listing": found,
        "may_create": allows(person, Act.CREATE),
        "views": views_of(person),
        "view_query": canonical(LIST, request.GET),
    }
    return render(request, "workbench/initiatives/list.html", context)


@require_safe
def initiative_page(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    at = now()
    organisation = organisation_of(request)
    today = organisation.day_of(at)
    outcome = fresh_outcome(initiative.pk, at, today)
    acts = frozenset() if initiative.has_ended else acts_here(request, initiative)
    passages = page.passages_of(initiative)
    prefetch_related_objects([initiative], "stage_entries")
    lesson = getattr(initiative, "lesson", None)
    steps = next_steps(initiative, outcome, acts)
    context = {
        "initiative": initiative,
        "today": today,
        "header": header_of(initiative, outcome),
        "standing": outcome.standing,
        "exits_undecided": _exits_undecided(outcome, steps),
        "exits_url": exits_url(initiative.ref),
        "framework": passages[outcome.standing.framework].assessment.framework,
        "steps": steps,
        "forecast": forecast_sentence(outcome.standing),
        "blocker_groups": grouped(initiative, outcome.gates, outcome.standing.blockers),
        "in_the_way": way_words(outcome.standing.blockers),
        "flags": shown_flags(initiative, outcome.flags, today, person_of(request)),
        "never_passed": page.never_passed_words(initiative, passages),
        "others": page.other_frameworks(initiative, outcome, passages, today, organisation.zone),
        "places": page.places_of(initiative),
        "stays": page.stays_of(initiative, today),
        "planned": page.planned_days(initiative),
        "budget": page.budget_of(initiative),
        "chart_series": page.score_series(initiative, outcome, today),
        "sparks": sparks_of(initiative, today),
        "checklist_url": first_checklist_url(initiative, outcome),
        "history": history.entries(initiative, history.recent(initiative, RECENT)),
        "acts": {act.name.lower() for act in acts},
        "may_act": bool(acts & OWN_PAGES),
        "overlays": overlays(passages.values()) if Act.EDIT in acts else [],
        "newer": newer_versions(initiative, passages) if Act.EDIT in acts else [],
        "lesson": lesson,
        "what_worked": getattr(initiative, "what_worked", None),
        "may_teach": Stage(initiative.stage) in TEACHING and Act.TEACH in acts_of(request, initiative),
        "lesson_cause": root_causes().get(lesson.root_cause) if lesson else None,
    }
    return render(request, "workbench/initiatives/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_edit(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    acts = acts_of(request, initiative)
    if not acts & {Act.EDIT, Act.EDIT_PEOPLE}:
        raise PermissionDenied(_("Only the team edits an initiative; an admin may change its people."))
    if initiative.has_ended and request.method != "POST":
        return gone_by(request, initiative)
    only = None if Act.EDIT in acts else PEOPLE_FIELDS
    people = people_of(initiative)
    named = candidates_at(Place.PEOPLE, initiative, person_of(request), held=holders(people))
    form = FactsForm(sent(request), initial=initial_facts(initiative, people), people=named, only=only)
    context: dict[str, object] = {"version": _version(request) or initiative.version}
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            edit_initiative(initiative.pk, form.facts(), actor_of(request), now(), _version(request))
        except Invalid as refused:
            form.take_errors(refused)
        except Stale as refused:
            # The newer version is sent with the next try, which says so beside what stands now.
            status = 409
            context |= {"version": refused.current.version, "moved": history.recent(initiative, 1)}
            context["differences"] = differences(form)
        except Conflict as refused:
            status = 409
            context["refusal"] = refused.message
        else:
            messages.success(request, _("Saved."))
            return redirect(initiative_url(initiative.ref))
    context |= {
        "initiative": initiative,
        "form": form,
        "units": offered_units(request),
        "header": header_of(
            initiative, fresh_outcome(initiative.pk, now()), crumb=_("Edit"), section=OVERVIEW
        ),
    }
    return render(request, "workbench/initiatives/edit.html", context, status=status)


@require_safe
def initiative_history(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    before = history.sequence_number(request.GET.get("before", ""))
    events = history.recent(initiative, HISTORY_PAGE + 1, before)
    older = events[HISTORY_PAGE - 1].seq if len(events) > HISTORY_PAGE else None
    context = {
        "initiative": initiative,
        "header": header_of(initiative, fresh_outcome(initiative.pk, now()), crumb=HISTORY),
        "entries": history.entries(initiative, events[:HISTORY_PAGE]),
        "older": f"?before={older}" if older else "",
        "newest": "" if before is None else "?",
    }
    return render(request, "workbench/initiatives/history.html", context)


def _exits_undecided(outcome: Outcome, steps: NextSteps | None) -> list[str]:
    """The exit criteria that wait for a decision, in the words of their blockers.

    What the next best action says already is not said twice on the page.
    """
    code = BlockerCode.EXIT_UNDECIDED.value
    said_below = {step.message for step in (steps.first, steps.own) if step} if steps else set()
    messages = [
        say(restored(one["message"], one.get("said")))
        for one in outcome.standing.blockers
        if one["code"] == code
    ]
    return [message for message in messages if message not in said_below]


def _version(request: HttpRequest) -> int | None:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else None
