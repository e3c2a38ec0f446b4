"""The admin's pages about the organisation and the thresholds of the flags."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gates.stages import Stage
from readiness import clock
from readiness.accounts.models import Organisation
from readiness.accounts.tabs import admin_tabs
from readiness.actions.errors import Conflict, Invalid, Refused
from readiness.actions.organisation import edit_organisation, end_demo, reset_thresholds, set_thresholds
from readiness.standing.definitions import flag_rules, root_causes
from readiness.standing.flags.registry import RULES
from readiness.standing.flags.thresholds import ANY_STAGE, FlagRule, ThresholdDefinition, Thresholds, Unit
from readiness.standing.thresholds import current_thresholds
from readiness.standing.words import STAGE_WORDS, threshold_in_words
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import number
from readiness.ui.parts import Link
from readiness.ui.saying import content
from readiness.workbench.finding import actor_of
from readiness.workbench.people.access import for_admins
from readiness.workbench.people.forms import OrganisationForm, ThresholdForm, plain, stages_of
from readiness.workbench.refusals import OK, UNPROCESSABLE, tell

SCALES = {
    Unit.DAYS: gettext_lazy("Days"),
    Unit.PERCENT: gettext_lazy("Percent"),
    Unit.SHARE: gettext_lazy("A part or a multiple: 0.5 is half, 2 is twice"),
    Unit.COUNT: gettext_lazy("A number"),
}


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    stands, status = Organisation.get(), OK
    shown = {"name": stands.name, "time_zone": stands.time_zone, "currency": stands.currency}
    shown |= {"language": stands.language, "two_factor_for": stands.two_factor_for}
    form = OrganisationForm(request.POST or None, initial=shown, current_zone=stands.time_zone)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            edit_organisation(
                given["name"],
                given["time_zone"],
                given["currency"],
                actor_of(request),
                clock.now(),
                language=given["language"] or None,
                two_factor_for=given["two_factor_for"] or None,
            )
        except Refused as refused:
            status = tell(form, refused)
        else:
            messages.success(request, _("The organisation is saved."))
            return redirect("organisation")
    elif request.method == "POST":
        status = UNPROCESSABLE
    context = {"form": form, "organisation": stands, "now": clock.now(), "tabs": admin_tabs("organisation")}
    return render(request, "workbench/people/organisation.html", context, status=status)


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_end_demo(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            end_demo(actor_of(request), clock.now())
        except Conflict as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("The demo has ended. Its accounts cannot sign in any more."))
        return redirect("organisation")
    if not Organisation.get().demo:
        raise Http404
    return render(request, "workbench/people/end_demo.html")


@for_admins
@require_safe
def thresholds(request: HttpRequest) -> HttpResponse:
    """Every rule with its thresholds: the default of each stage, and what the organisation set instead."""
    current = current_thresholds()
    rules = [
        {"rule": rule, "cause": content(root_causes()[rule.root_cause].name), "rows": _rows(rule, current)}
        for rule in _rules()
    ]
    context = {"rules": rules, "tabs": admin_tabs("thresholds")}
    return render(request, "workbench/people/thresholds.html", context)


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def threshold_edit(request: HttpRequest, code: str) -> HttpResponse:
    rule, current, status = _rule(code), current_thresholds(), OK
    form = ThresholdForm(rule, current, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_thresholds(code, form.values(), actor_of(request), clock.now())
        except Invalid as refused:
            status = _tell_places(form, refused)
        except Refused as refused:
            status = tell(form, refused)
        else:
            messages.success(
                request,
                _("The thresholds of “%(rule)s” are saved. What they concern is recomputed.")
                % {"rule": content(rule.title)},
            )
            return redirect("thresholds")
    elif request.method == "POST":
        status = UNPROCESSABLE
    context = {
        "form": form,
        "rule": rule,
        "sections": _sections(form, rule),
        "crumbs": [Link(label=_("Thresholds"), href=reverse("thresholds"))],
        "overridden": any(named == code for named, _stage, _values in current.overrides),
    }
    return render(request, "workbench/people/threshold_edit.html", context, status=status)


@for_admins
@require_POST
def threshold_reset(request: HttpRequest, code: str) -> HttpResponse:
    rule = _rule(code)
    reset_thresholds(code, actor_of(request), clock.now())
    messages.success(request, _("“%(rule)s” is back to its defaults.") % {"rule": content(rule.title)})
    return redirect("thresholds")


def _rules() -> list[FlagRule]:
    return [flag_rules()[code] for code in RULES]


def _rule(code: str) -> FlagRule:
    if code not in RULES or not flag_rules()[code].thresholds:
        raise Http404
    return flag_rules()[code]


def _rows(rule: FlagRule, current: Thresholds) -> list[dict[str, Any]]:
    """One row a threshold: its values by stage, told once where they are all the same."""
    return [_row(rule, definition, current) for definition in rule.thresholds.values()]


def _row(rule: FlagRule, definition: ThresholdDefinition, current: Thresholds) -> dict[str, Any]:
    values = {stage: current.value(rule.code, stage, definition.key) for stage in rule.stages}
    defaults = {stage: definition.default_in(stage) for stage in rule.stages}
    changed = any(values[stage] != defaults[stage] for stage in rule.stages)
    return {
        "label": content(definition.label),
        "defaults": _told(defaults, definition.unit),
        "values": _told(values, definition.unit) if changed else [],
    }


def _told(values: Mapping[str, Decimal], unit: Unit) -> list[tuple[str, str]]:
    """(stage, value) in words; the stage is empty where one value holds in all."""
    if len(set(values.values())) == 1:
        return [("", threshold_in_words(next(iter(values.values())), unit))]
    return [
        (str(STAGE_WORDS[Stage(stage)].label), threshold_in_words(value, unit))
        for stage, value in values.items()
    ]


def _sections(form: ThresholdForm, rule: FlagRule) -> list[dict[str, Any]]:
    """The fields of the form, threshold by threshold; where one default holds in all stages, the single ones apart."""
    sections = []
    for key, definition in rule.thresholds.items():
        stages = stages_of(rule, key)
        fields = [_field(form, definition, stage) for stage in stages]
        apart = fields[1:] if stages[0] == ANY_STAGE else []
        sections.append(
            {
                "label": content(definition.label),
                "unit": SCALES[definition.unit],
                "fields": fields[: len(fields) - len(apart)],
                "by_stage": apart,
                "open": any(field["bound"].value() or field["bound"].errors for field in apart),
            }
        )
    return sections


def _field(form: ThresholdForm, definition: ThresholdDefinition, stage: str) -> dict[str, Any]:
    bound = form[f"{stage or 'any'}-{definition.key}"]
    return {
        "bound": bound,
        "widget": bound.as_widget(attrs={"placeholder": _default(definition, stage)}),
        "label": _("All stages") if stage == ANY_STAGE else STAGE_WORDS[Stage(stage)].label,
    }


def _default(definition: ThresholdDefinition, stage: str) -> str:
    """What an empty field stands for."""
    if isinstance(definition.default, Decimal):
        return number(plain(definition.default)) if stage == ANY_STAGE else _("the same")
    return number(plain(definition.default[stage]))


def _tell_places(form: ThresholdForm, refused: Invalid) -> int:
    """Errors name a place as "stage/key"; the form's fields are named "stage-key"."""
    for error in refused.errors:
        name = error.field.replace("*/", "any-").replace("/", "-")
        form.add_error(name if name in form.fields else None, error.message)
    return UNPROCESSABLE
