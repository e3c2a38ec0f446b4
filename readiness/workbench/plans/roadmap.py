"""The roadmap of an initiative: drawn, written, and its phases begun."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gates.models import Initiative
from gates.roadmap import Lack, Phase, PhaseFacts, Standing, begin_refusal, default_plan
from gates.stages import Stage
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict, Invalid, Stale
from readiness.actions.roadmaps import begin_phase, set_roadmap, take_back_phase
from readiness.clock import now
from readiness.standing.recompute import fresh_outcome
from readiness.standing.roadmaps import PhaseToday, RoadmapToday, overlap_words, roadmap_today
from readiness.standing.words import Word
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import day_of_month, short_day
from readiness.ui.saying import say
from readiness.ui.schedules import Span
from readiness.workbench.checklists.forms import replaced
from readiness.workbench.finding import actor_of, acts_of, find_initiative, organisation_of
from readiness.workbench.header import ROADMAP, header_of
from readiness.workbench.initiatives.forms import sent
from readiness.workbench.plans.forms import BeginForm, LayoutForm, RoadmapForm, roadmap_initial
from readiness.workbench.refusals import must

STANDING_WORDS = {
    Standing.DONE: Word(gettext_lazy("Behind it"), "good", "check"),
    Standing.CURRENT: Word(gettext_lazy("It is here"), "accent", "play"),
    Standing.OVERDUE: Word(gettext_lazy("Should have begun"), "warning", "clock"),
    Standing.AHEAD: Word(gettext_lazy("Ahead"), "neutral", "dot"),
}
LACK_WORDS = {
    Lack.DATES: gettext_lazy("Days for every phase"),
    Lack.PEOPLE: gettext_lazy("Who is committed"),
    Lack.BUDGET: gettext_lazy("The money"),
}


@dataclass(slots=True)
class Shown:
    """What the page shows beside the roadmap itself: forms as they came back, and how an act was refused."""

    form: RoadmapForm | None = None
    begin: BeginForm | None = None
    refusal: str = ""
    moved: bool = False
    status: int = 200


@require_http_methods(["GET", "HEAD", "POST"])
def roadmap(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    if request.method != "POST":
        return _page(request, initiative, Shown())
    must(Act.EDIT, acts_of(request, initiative))
    form = RoadmapForm(sent(request))
    shown = Shown(form, status=422)
    if form.is_valid():
        try:
            set_roadmap(initiative.pk, form.facts(), actor_of(request), now(), form.cleaned_data["version"])
        except Invalid as refused:
            form.take_errors(refused)
        except Stale:
            shown.moved, shown.status = True, 409
        except Conflict as refused:
            shown.refusal, shown.status = refused.message, 409
        else:
            messages.success(request, _("The roadmap is saved."))
            return _back(initiative)
    return _page(request, initiative, shown)


@require_POST
def phase_begin(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    initiative, phase = _place(request, ref, kind)
    form = BeginForm(sent(request))
    if "on" not in request.POST:
        form = BeginForm({"on": organisation_of(request).day_of(now())})

    def carry_out() -> None:
        begin_phase(initiative.pk, phase.value, form.cleaned_data["on"], actor_of(request), now())

    return _done(
        request, initiative, form, carry_out, _("“%(phase)s” has begun.") % {"phase": say(phase.label)}
    )


@require_POST
def phase_take_back(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    initiative, phase = _place(request, ref, kind)

    def carry_out() -> None:
        take_back_phase(initiative.pk, phase.value, actor_of(request), now())

    return _done(
        request,
        initiative,
        None,
        carry_out,
        _("“%(phase)s” has not begun after all.") % {"phase": say(phase.label)},
    )


def _place(request: HttpRequest, ref: str, kind: str) -> tuple[Initiative, Phase]:
    initiative = find_initiative(request, ref)
    if kind not in set(Phase):
        raise Http404
    must(Act.EDIT, acts_of(request, initiative))
    return initiative, Phase(kind)


def _done(
    request: HttpRequest, initiative: Initiative, form: BeginForm | None, act: Callable[[], None], said: str
) -> HttpResponse:
    """Carry the act out and go back to the roadmap, or show there why it was refused."""
    shown = Shown(begin=form, status=422)
    if form is None or form.is_valid():
        try:
            act()
        except Invalid as refused:
            if form is not None:
                form.take_errors(refused)
        except Conflict as refused:
            shown.refusal, shown.status = refused.message, 409
        else:
            messages.success(request, said)
            return _back(initiative)
    return _page(request, initiative, shown)


def _back(initiative: Initiative) -> HttpResponse:
    return redirect(reverse("initiative-roadmap", args=[initiative.ref]))


def _page(request: HttpRequest, initiative: Initiative, shown: Shown) -> HttpResponse:
    at = now()
    today = organisation_of(request).day_of(at)
    found = roadmap_today(initiative, today)
    may_edit = Act.EDIT in acts_of(request, initiative) and not initiative.has_ended
    layout, plan = _layout(request, initiative, found, today)
    last_day = _last_day(initiative, today)
    context: dict[str, Any] = {
        "initiative": initiative,
        "header": header_of(initiative, fresh_outcome(initiative.pk, at), crumb=ROADMAP),
        "roadmap": found,
        "spans": spans(found, last_day),
        "today": last_day,
        "lacks": [(LACK_WORDS[lack], lack not in found.lacking.what) for lack in Lack],
        "overlaps": [say(overlap_words(*pair)) for pair in found.overlaps],
        "rules": [one for one in found.phases if one.entry_rule or one.pause_rule],
        "may_edit": may_edit,
        "refusal": shown.refusal,
        "moved": shown.moved,
    }
    if may_edit:
        context |= _next_phase(initiative, found, shown.begin, today)
        context |= {"layout": layout, "laid_out": layout.is_bound and layout.is_valid()}
        form = shown.form or RoadmapForm(initial=roadmap_initial(found, plan))
        if shown.moved:
            # The newer version is sent with the next try, which says so beside what stands now.
            form.data = replaced(form.data, "version", str(found.version))
        context |= {"form": form, "suggested": found.row is None and not form.is_bound}
    return render(request, "workbench/plans/roadmap.html", context, status=shown.status)


def _layout(
    request: HttpRequest, initiative: Initiative, found: RoadmapToday, today: date
) -> tuple[LayoutForm, tuple[PhaseFacts, ...]]:
    """The form that lays the phases out, and the days that the roadmap's form is to show.

    Those that were asked for; else those that stand; while nobody has written a roadmap, the usual ones.
    """
    start = max(initiative.decision_on or today, today)
    asked = LayoutForm(request.GET if "start" in request.GET else None, initial={"start": start})
    if asked.is_bound and asked.is_valid():
        return asked, default_plan(asked.cleaned_data["start"], asked.weeks())
    return asked, default_plan(start) if found.row is None else found.plan


def _last_day(initiative: Initiative, today: date) -> date:
    """The day on which the drawing stands still: that of the end, or of the file it came from."""
    if initiative.has_ended and initiative.stage_since is not None:
        return min(initiative.stage_since, today)
    return min(initiative.as_of or today, today)


def _next_phase(
    initiative: Initiative, found: RoadmapToday, form: BeginForm | None, today: date
) -> dict[str, Any]:
    """The phase that comes next, the form that begins it, and why it cannot begin yet."""
    waiting = [one for one in found.plan if one.began_on is None]
    if not waiting:
        return {"following": None}
    phase = waiting[0].phase
    refusal = begin_refusal(found.plan, phase, Stage(initiative.stage))
    held = _("It is on hold: no phase begins until the hold is lifted.") if initiative.hold else ""
    begin = form or BeginForm(initial={"on": today})
    begin.fields["on"].widget.attrs["max"] = today.isoformat()
    return {"following": phase, "begin": begin, "not_yet": held or (say(refusal.message) if refusal else "")}


def spans(found: RoadmapToday, last_day: date) -> list[Span]:
    """The six phases as the drawing takes them; each that is behind it ran until the next one began."""
    begun = [one.began_on for one in found.plan if one.began_on is not None]
    return [_span(one, _until(one, begun), last_day) for one in found.phases]


def _until(one: PhaseToday, begun: list[date]) -> date | None:
    began_on = one.facts.began_on
    if began_on is None:
        return None
    if one.facts.phase == Phase.OLD_PROCESS_ENDS:
        return began_on
    later = begun[begun.index(began_on) + 1 :] if one.standing == Standing.DONE else []
    return max(began_on, later[0] - timedelta(days=1)) if later else None


def _span(one: PhaseToday, until: date | None, last_day: date) -> Span:
    word, facts = STANDING_WORDS[one.standing], one.facts
    status = word.label
    if one.standing == Standing.CURRENT and facts.began_on:
        status = _("Since %(began_on)s") % {"began_on": _short(facts.began_on, last_day)}
    elif one.standing == Standing.OVERDUE and facts.starts_on:
        status = _("Should have begun on %(starts_on)s") % {"starts_on": _short(facts.starts_on, last_day)}
    elif one.standing == Standing.AHEAD and not facts.dated:
        status = (
            _("No days yet") if facts.starts_on is None and facts.ends_on is None else _("One day is missing")
        )
    return Span(
        label=say(facts.phase.label),
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        began_on=facts.began_on,
        until=until,
        status=status,
        tone=word.tone,
        icon=word.icon,
    )


def _short(day: date, today: date) -> str:
    """Without the year where it is this one."""
    return day_of_month(day) if day.year == today.year else short_day(day)
