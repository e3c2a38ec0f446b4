"""What is done to an initiative as a whole: stage, hold, stop, material changes, flags."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gates.models import Initiative
from gates.rules import GateStatus
from gates.stages import LADDER, Move, Stage, neighbours_of, next_stage
from readiness.accounts.models import User
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict, Invalid
from readiness.actions.flags import acknowledge_flag, confirm_cause, snooze_flag
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.lessons import may_say_as_agreed
from readiness.actions.limits import LimitReached, limits_reached
from readiness.actions.material_changes import declare_material_change
from readiness.actions.stages import blockers_of, move_stage
from readiness.clock import now
from readiness.standing.definitions import flag_rules, root_causes
from readiness.standing.links import initiative_url
from readiness.standing.models import Flag, GateStanding
from readiness.standing.recompute import fresh_outcome, judge_to_show
from readiness.standing.verdict import count_in_the_way
from readiness.standing.words import GATE_WORDS, STAGE_WORDS
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import within
from readiness.ui.parts import Choice
from readiness.ui.saying import content
from readiness.workbench.finding import actor_of, acts_of, find_initiative, person_of
from readiness.workbench.header import OVERVIEW, header_of
from readiness.workbench.initiatives.blockers import grouped, way_words
from readiness.workbench.initiatives.forms import (
    ActionForm,
    CauseForm,
    HoldForm,
    LessonForm,
    MaterialChangeForm,
    SnoozeForm,
    StageForm,
    sent,
)
from readiness.workbench.initiatives.found_cause import found_cause
from readiness.workbench.refusals import gone_by, must

ENDINGS = (
    Choice(
        value="agreed_criteria",
        label=gettext_lazy("Stopped on agreed criteria"),
        hint=gettext_lazy(
            "A limit agreed before the start was reached, and ended it. A success of the process, counted as one."
        ),
        icon="target",
    ),
    Choice(
        value="decided",
        label=gettext_lazy("Stopped by decision"),
        hint=gettext_lazy("Somebody decided it for another reason: money, strategy, a better way."),
        icon="stop",
    ),
    Choice(
        value="faded_out",
        label=gettext_lazy("Faded out"),
        hint=gettext_lazy(
            "It went silent, and nobody decided anything. To say so is honest, and shows where decisions are missing."
        ),
        icon="moon",
    ),
)


def endings_of(initiative: Initiative, by: User) -> tuple[Choice, ...]:
    """How this person can say that it ended; *on agreed criteria* only where one that they decide was reached."""
    return ENDINGS if may_say_as_agreed(initiative, by) else ENDINGS[1:]


@dataclass(frozen=True, slots=True)
class Deed:
    """One act on its own page: its form, what carries it out, and what is said when it is done."""

    heading: str
    template: str
    form: ActionForm
    carry_out: Callable[[], object]
    done: str
    context: dict[str, Any] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_stage(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    must(Act.MOVE_STAGE, acts_of(request, initiative))
    source = Stage(initiative.stage)
    form = StageForm(
        sent(request),
        stages=[(stage.value, STAGE_WORDS[stage].label) for stage in LADDER if stage != source],
        before=[stage.value for stage in neighbours_of(source)[1:]],
    )

    def carry_out() -> None:
        given = form.cleaned_data
        over_limit = given["over_limit_reason"]
        move_stage(
            initiative.pk, given["to"], actor_of(request), now(), given["reason"], over_limit=over_limit
        )

    reached = {} if initiative.has_ended else limits_reached(initiative)
    context = {
        **({} if initiative.has_ended else _moves(initiative, reached)),
        "limited": bool(reached) or bool(form["over_limit_reason"].value()),
    }
    return _answer(
        request, initiative, Deed(_("Move to another stage"), "stage", form, carry_out, _("Moved."), context)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_stop(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    must(Act.STOP, acts_of(request, initiative))
    by = person_of(request)
    fresh_outcome(initiative.pk, now())
    form = LessonForm(sent(request), initial={"root_cause": found_cause(initiative)})

    def carry_out() -> None:
        move_stage(initiative.pk, Stage.STOPPED, actor_of(request), now(), "", form.cleaned_data)

    done = _("Stopped. The lesson is kept for the next ones.")
    return _answer(
        request,
        initiative,
        Deed(_("Stop with a lesson"), "stop", form, carry_out, done, {"endings": endings_of(initiative, by)}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_hold(request: HttpRequest, ref: str) -> HttpResponse:
    """Put on hold; or, where it is on hold, lift it. What is sent says which: it may have changed meanwhile."""
    initiative = find_initiative(request, ref)
    must(Act.HOLD, acts_of(request, initiative))
    lifting = "lift" in request.POST if request.method == "POST" else initiative.hold is not None
    return _answer(request, initiative, _lift(request, initiative) if lifting else _hold(request, initiative))


def _lift(request: HttpRequest, initiative: Initiative) -> Deed:
    def carry_out() -> None:
        lift_hold(initiative.pk, actor_of(request), now())

    done = _("The hold is lifted. From today on its days count again.")
    return Deed(_("Lift the hold"), "hold", ActionForm(sent(request)), carry_out, done, {"lifting": True})


def _hold(request: HttpRequest, initiative: Initiative) -> Deed:
    form = HoldForm(sent(request))

    def carry_out() -> None:
        given = form.cleaned_data
        set_hold(initiative.pk, given["reason"], given["review_on"], actor_of(request), now())

    return Deed(_("Put on hold"), "hold", form, carry_out, _("On hold. Its days count in no rule."))


@require_http_methods(["GET", "HEAD", "POST"])
def material_change(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    must(Act.DECLARE_CHANGE, acts_of(request, initiative))
    gates = [gate for gate in fresh_outcome(initiative.pk, now()).gates if gate.status]
    form = MaterialChangeForm(sent(request), gates=[(gate.gate, _gate_words(gate)) for gate in gates])

    def carry_out() -> None:
        given = form.cleaned_data
        declare_material_change(
            initiative.pk, given["kind"], given["note"], given["gates"], actor_of(request), now()
        )

    done = _("Declared. What was passed of these has lapsed, and waits for a new decision.")
    return _answer(
        request,
        initiative,
        Deed(_("Declare a material change"), "material_change", form, carry_out, done),
    )


def _gate_words(gate: GateStanding) -> str:
    words = _("%(gate)s (%(status)s)") if gate.kind == "gate" else _("Checkpoint: %(gate)s (%(status)s)")
    status = within(GATE_WORDS[GateStatus(gate.status)].label)
    return words % {"gate": content(gate.name), "status": status}


@require_POST
def flag_acknowledge(request: HttpRequest, flag_id: int) -> HttpResponse:
    flag = _flag(request, flag_id)
    must(Act.QUIET_FLAG, acts_of(request, flag.initiative))
    try:
        acknowledge_flag(flag.pk, actor_of(request), now())
    except Conflict as refused:
        messages.info(request, refused.message)
    else:
        messages.success(request, _("Acknowledged."))
    return redirect(initiative_url(flag.initiative.ref) + "#flags")


@require_http_methods(["GET", "HEAD", "POST"])
def flag_snooze(request: HttpRequest, flag_id: int) -> HttpResponse:
    flag = _flag(request, flag_id)
    must(Act.QUIET_FLAG, acts_of(request, flag.initiative))
    form = SnoozeForm(sent(request))

    def carry_out() -> None:
        given = form.cleaned_data
        snooze_flag(flag.pk, given["until"], given["reason"], actor_of(request), now())

    context = {"flag": flag, "flag_title": content(flag_rules()[flag.code].title)}
    deed = Deed(
        _("Snooze a flag"), "snooze", form, carry_out, _("Quiet until then. It still counts."), context
    )
    return _answer(request, flag.initiative, deed)


@require_http_methods(["GET", "HEAD", "POST"])
def flag_cause(request: HttpRequest, flag_id: int) -> HttpResponse:
    """Confirm the suspected cause, or name another."""
    flag = _flag(request, flag_id)
    must(Act.CONFIRM_CAUSE, acts_of(request, flag.initiative))
    form = CauseForm(sent(request), initial={"root_cause": flag.cause})

    def carry_out() -> None:
        given = form.cleaned_data
        confirm_cause(flag.pk, given["root_cause"], actor_of(request), now(), given["note"])

    context = {
        "flag": flag,
        "flag_title": content(flag_rules()[flag.code].title),
        "suspected": root_causes()[flag.root_cause],
        "causes": [
            Choice(value=cause.slug, label=content(cause.name), hint=content(cause.sentence))
            for cause in root_causes().values()
        ],
    }
    deed = Deed(
        _("Say what the cause is"), "cause", form, carry_out, _("Noted. It counts from now on."), context
    )
    return _answer(request, flag.initiative, deed)


def _answer(request: HttpRequest, initiative: Initiative, deed: Deed) -> HttpResponse:
    """Show the form; on a valid one carry the act out and go back, or show why it was refused."""
    form, refusal = deed.form, ""
    blockers: Sequence[Any] = ()
    reached: LimitReached | None = None
    if initiative.has_ended and not form.is_bound:
        return gone_by(request, initiative)
    if form.is_bound and form.is_valid():
        try:
            deed.carry_out()
        except Invalid as refused:
            form.take_errors(refused)
        except LimitReached as refused:
            reached = refused
        except Conflict as refused:
            refusal, blockers = refused.message, refused.blockers
        else:
            messages.success(request, deed.done)
            return redirect(initiative_url(initiative.ref))
    initiative.refresh_from_db()
    outcome = fresh_outcome(initiative.pk, now())
    page = {
        "initiative": initiative,
        "form": form,
        "heading": deed.heading,
        "header": header_of(initiative, outcome, crumb=deed.heading, section=OVERVIEW),
        "refusal": refusal,
        "reached": reached,
        "blocker_count": count_in_the_way(blockers),
        "blocker_groups": grouped(initiative, outcome.gates, [asdict(one) for one in blockers]),
    }
    status = 409 if refusal or reached else 422 if form.is_bound else 200
    return render(request, f"workbench/initiatives/{deed.template}.html", page | deed.context, status=status)


def _moves(initiative: Initiative, reached: Mapping[Stage, int]) -> dict[str, Any]:
    """The stages one step from here, the next one first, and all that stands in the way of the next one.

    ``leads_back``: one of them lies before; ``only_blocked``: there is but the next one, and it is not free.
    """
    outcome = fresh_outcome(initiative.pk, now())
    judgement = judge_to_show(initiative.pk, now())
    source = Stage(initiative.stage)
    choices, in_the_way = [], []
    for stage in neighbours_of(source):
        blockers = blockers_of(Move(source, stage, initiative.hold is not None, "given", True), judgement)
        is_next, word = stage == next_stage(source), STAGE_WORDS[stage]
        step = _("The next stage.") if is_next else _("One step back, with a reason.")
        choices.append(
            Choice(
                value=stage.value,
                label=word.label,
                hint=f"{step} {way_words(blockers)}{_limit_words(reached.get(stage))}",
                tone="neutral" if blockers else "accent",
                icon=word.icon,
            )
        )
        if is_next:
            in_the_way = grouped(initiative, outcome.gates, [asdict(one) for one in blockers])
    return {
        "choices": choices,
        "next_stage": choices[0].label,
        "next_groups": in_the_way,
        "leads_back": any(one.value != next_stage(source) for one in choices),
        "only_blocked": len(choices) == 1 and bool(in_the_way),
    }


def _limit_words(most: int | None) -> str:
    if most is None:
        return ""
    return _(
        " Its unit has as many there as its limit allows (%(most)s): to enter all the same needs a reason."
    ) % {"most": most}


def _flag(request: HttpRequest, flag_id: int) -> Flag:
    """The flag, if this person may know of its initiative."""
    flags = Flag.objects.filter(initiative__in=Initiative.objects.visible_to(person_of(request)))
    flag = flags.select_related("initiative__hold").filter(pk=flag_id).first()
    if flag is None:
        raise Http404
    return flag
