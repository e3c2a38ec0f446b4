"""What is done to an initiative as a whole: stage, hold, stop, frameworks, material changes, flags."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from gates.models import Initiative
from gates.stages import LADDER, Move, Stage
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict, Invalid
from readiness.actions.flags import acknowledge_flag, snooze_flag
from readiness.actions.frameworks import attach_framework
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.material_changes import declare_material_change
from readiness.actions.stages import blockers_of, move_stage
from readiness.clock import now
from readiness.standing.definitions import flag_rules
from readiness.standing.links import initiative_url
from readiness.standing.models import Flag
from readiness.standing.recompute import Outcome, fresh_outcome, judge_now
from readiness.standing.words import STAGE_WORDS
from readiness.ui.parts import Choice
from readiness.workbench.finding import actor_of, acts_of, find_initiative
from readiness.workbench.header import header_of
from readiness.workbench.initiatives.blockers import grouped
from readiness.workbench.initiatives.forms import (
    ActionForm,
    HoldForm,
    LessonForm,
    MaterialChangeForm,
    SnoozeForm,
    StageForm,
)
from readiness.workbench.refusals import must

Submit = Callable[[], object]


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_stage(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    must(Act.MOVE_STAGE, acts_of(request, initiative))
    form = StageForm(request.POST or None, stages=_neighbours(initiative))

    def submit() -> Outcome:
        given = form.cleaned_data
        return move_stage(initiative.pk, given["to"], actor_of(request), now(), given["reason"])

    context = {"choices": _choices(initiative), "heading": "Move to another stage"}
    return _act(request, initiative, form, submit, "stage", context, "Moved.")


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_stop(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    must(Act.STOP, acts_of(request, initiative))
    form = LessonForm(request.POST or None)

    def submit() -> Outcome:
        return move_stage(initiative.pk, Stage.STOPPED, actor_of(request), now(), "", form.cleaned_data)

    return _act(
        request,
        initiative,
        form,
        submit,
        "stop",
        {"heading": "Stop with a lesson"},
        "Stopped. The lesson is kept.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_hold(request: HttpRequest, ref: str) -> HttpResponse:
    """Put on hold; or, where it is on hold, lift it."""
    initiative = find_initiative(request, ref)
    must(Act.HOLD, acts_of(request, initiative))
    if initiative.hold is not None:
        form: ActionForm = ActionForm(request.POST or None)
        context = {"heading": "Lift the hold"}
        return _act(
            request,
            initiative,
            form,
            lambda: lift_hold(initiative.pk, actor_of(request), now()),
            "hold",
            context,
            "The hold is lifted.",
        )
    form = HoldForm(request.POST or None)

    def submit() -> Outcome:
        given = form.cleaned_data
        return set_hold(initiative.pk, given["reason"], given["review_on"], actor_of(request), now())

    return _act(
        request,
        initiative,
        form,
        submit,
        "hold",
        {"heading": "Put on hold"},
        "On hold. Its days count in no rule.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def material_change(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    must(Act.DECLARE_CHANGE, acts_of(request, initiative))
    gates = [(gate.gate, gate.name) for gate in fresh_outcome(initiative.pk, now()).gates if gate.status]
    form = MaterialChangeForm(request.POST or None, gates=gates)

    def submit() -> object:
        given = form.cleaned_data
        return declare_material_change(
            initiative.pk, given["kind"], given["note"], given["gates"], actor_of(request), now()
        )

    context = {"heading": "Declare a material change"}
    return _act(
        request,
        initiative,
        form,
        submit,
        "material_change",
        context,
        "Declared. Passed gates it touches have lapsed.",
    )


@require_POST
def initiative_frameworks(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    must(Act.EDIT, acts_of(request, initiative))
    try:
        attach_framework(initiative.pk, request.POST.get("framework", ""), actor_of(request), now())
    except (Conflict, Invalid) as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "Attached. Its items stand beside the five gates and never in their count.")
    return redirect(initiative_url(initiative.ref))


@require_POST
def flag_acknowledge(request: HttpRequest, flag_id: int) -> HttpResponse:
    flag = _flag(request, flag_id)
    must(Act.QUIET_FLAG, acts_of(request, flag.initiative))
    try:
        acknowledge_flag(flag.pk, actor_of(request), now())
    except Conflict as refused:
        messages.info(request, refused.message)
    else:
        messages.success(request, "Acknowledged.")
    return redirect(initiative_url(flag.initiative.ref) + "#flags")


@require_http_methods(["GET", "HEAD", "POST"])
def flag_snooze(request: HttpRequest, flag_id: int) -> HttpResponse:
    flag = _flag(request, flag_id)
    must(Act.QUIET_FLAG, acts_of(request, flag.initiative))
    form = SnoozeForm(request.POST or None)

    def submit() -> Outcome:
        return snooze_flag(
            flag.pk, form.cleaned_data["until"], form.cleaned_data["reason"], actor_of(request), now()
        )

    context = {"heading": "Snooze a flag", "flag": flag, "flag_title": flag_rules()[flag.code].title}
    return _act(
        request, flag.initiative, form, submit, "snooze", context, "Quiet until then. It still counts."
    )


def _act(
    request: HttpRequest,
    initiative: Initiative,
    form: ActionForm,
    submit: Submit,
    template: str,
    context: dict[str, Any],
    done: str,
) -> HttpResponse:
    """Show the form; on a valid one carry the act out and go back, or show why it was refused."""
    blockers: Sequence[Any] = ()
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            submit()
        except Invalid as refused:
            form.take_errors(refused)
        except Conflict as refused:
            refusal, blockers = refused.message, refused.blockers
        else:
            messages.success(request, done)
            return redirect(initiative_url(initiative.ref))
    initiative.refresh_from_db()
    outcome = fresh_outcome(initiative.pk, now())
    status = 409 if refusal else 422 if form.is_bound else 200
    page = {
        "initiative": initiative,
        "form": form,
        "header": header_of(initiative, outcome, crumb=context["heading"]),
        "refusal": refusal,
        "blocker_count": len(blockers),
        "blocker_groups": grouped(initiative, outcome.gates, [asdict(one) for one in blockers]),
    }
    return render(request, f"workbench/initiatives/{template}.html", page | context, status=status)


def _neighbours(initiative: Initiative) -> list[tuple[str, str]]:
    """The stages one step away, and those a longer jump would be refused for: all but the present one."""
    return [(stage.value, stage.label) for stage in LADDER if stage != initiative.stage]


def _choices(initiative: Initiative) -> list[Choice]:
    """Each other stage, with what is in the way of it."""
    judgement = judge_now(initiative.pk, now())
    source = Stage(initiative.stage)
    choices = []
    for stage in LADDER:
        if stage != source:
            move = Move(source, stage, initiative.hold is not None, "given", True)
            count = len(blockers_of(move, judgement))
            hint = f"{count} thing{'s' if count > 1 else ''} in the way" if count else "Open"
            word = STAGE_WORDS[stage]
            choices.append(Choice(value=stage.value, label=word.label, hint=hint, icon=word.icon))
    return choices


def _flag(request: HttpRequest, flag_id: int) -> Flag:
    """The flag, if this person may know of its initiative."""
    flags = Flag.objects.filter(initiative__in=Initiative.objects.visible_to(request.user))
    flag = flags.select_related("initiative__hold").filter(pk=flag_id).first()
    if flag is None:
        raise Http404
    return flag
