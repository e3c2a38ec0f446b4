"""The profile between a PoC and production: drawn on the overview, and answered whole on one page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from checklists.models import Answer, Framework, FrameworkKind, Item
from checklists.scoring import MET, NOT_MET, PARTIAL, UNANSWERED
from gates.definitions import loaded_framework
from gates.models import Initiative, Passage
from readiness.accounts.policy import Act
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.errors import Conflict, Stale
from readiness.clock import now
from readiness.standing.facts import PassageFacts, gate_facts
from readiness.standing.links import checklist_url, initiative_url
from readiness.standing.recompute import fresh_outcome
from readiness.ui.parts import Choice
from readiness.ui.profiles import Rung
from readiness.ui.saying import content
from readiness.workbench.checklists.forms import replaced, version_field
from readiness.workbench.checklists.places import tabs_of
from readiness.workbench.checklists.words import answer_words
from readiness.workbench.finding import actor_of, acts_of, find_initiative, organisation_of
from readiness.workbench.header import CHECKLIST, header_of
from readiness.workbench.initiatives.forms import choose, sent
from readiness.workbench.refusals import must

STEPS = (NOT_MET, PARTIAL, MET)
"""The scale from a PoC to production."""


@dataclass(frozen=True, slots=True)
class Row:
    """One dimension as the page asks for it."""

    item: Item
    choices: list[Choice]
    answer: forms.BoundField
    version: forms.BoundField
    note: str
    moved: str
    href: str


class ProfileForm(forms.Form):
    """One choice a dimension, and the version of it that the person saw."""

    def __init__(self, *args: Any, items: Sequence[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in items:
            self.fields[f"{item.code}-answer"] = forms.ChoiceField(
                label=item.statement, required=False, widget=forms.RadioSelect
            )
            choose(self, f"{item.code}-answer", [(step.value, step.value) for step in STEPS])
            self.fields[f"{item.code}-version"] = version_field()

    def changes(self, items: Iterable[Item], answers: dict[str, Answer]) -> list[AnswerChange]:
        """Those dimensions for which another answer was chosen than stands there."""
        found = []
        for item in items:
            chosen, answer = self.cleaned_data[f"{item.code}-answer"], answers.get(item.code)
            if chosen and chosen != (answer.declared if answer else None):
                version = self.cleaned_data[f"{item.code}-version"]
                found.append(AnswerChange(item.code, chosen, version=version))
        return found


@dataclass(frozen=True, slots=True)
class _Place:
    """A profile of one initiative: its framework, its items in order, and what was answered by code."""

    initiative: Initiative
    passage: Passage
    items: list[Item]
    answers: dict[str, Answer]

    @property
    def framework(self) -> Framework:
        return self.passage.assessment.framework


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, ref: str, framework: str) -> HttpResponse:
    """All dimensions on one page, saved with one press."""
    initiative = find_initiative(request, ref)
    place = _place(initiative, framework)
    if request.method != "POST":
        return _page(request, place, None)
    must(Act.ANSWER, acts_of(request, initiative))
    form = ProfileForm(sent(request), items=place.items)
    if not form.is_valid():
        return _page(request, place, form, status=422)
    try:
        record_answers(
            initiative.pk, form.changes(place.items, place.answers), actor_of(request), now(), framework
        )
    except Stale as refused:
        return _page(request, _place(initiative, framework), form, moved=str(refused.current), status=409)
    except Conflict as refused:
        return _page(request, place, form, refusal=refused.message, status=409)
    messages.success(request, _("Saved: %(framework)s.") % {"framework": content(place.framework.name)})
    return redirect(f"{initiative_url(initiative.ref)}#{framework}")


def profile_url(ref: str, framework: str) -> str:
    return reverse("profile", args=[ref, framework])


def _place(initiative: Initiative, slug: str) -> _Place:
    """Raises Http404 where the initiative has no such profile."""
    passages = initiative.passages.select_related("assessment__framework")
    passage = passages.filter(framework_slug=slug, assessment__framework__kind=FrameworkKind.PROFILE).first()
    if passage is None:
        raise Http404
    items = Item.objects.filter(gate__framework=passage.assessment.framework).select_related("gate")
    answers = Answer.objects.filter(assessment=passage.assessment).select_related("item")
    return _Place(
        initiative,
        passage,
        list(items.order_by("gate__position", "position")),
        {answer.item.code: answer for answer in answers},
    )


def _page(
    request: HttpRequest,
    place: _Place,
    form: ProfileForm | None,
    *,
    refusal: str = "",
    moved: str = "",
    status: int = 200,
) -> HttpResponse:
    at = now()
    initiative, organisation = place.initiative, organisation_of(request)
    if form is None:
        form = ProfileForm(initial=_initial(place), items=place.items)
    elif moved:
        # The newer version is sent with the next try, which says so beside what stands now.
        answer = place.answers.get(moved)
        version = str(answer.version if answer else 0)
        form.data = replaced(form.data, f"{moved}-version", version)
    rungs = rungs_of(initiative, place.passage, organisation.day_of(at), organisation.zone)
    outcome = fresh_outcome(initiative.pk, at)
    frameworks = initiative.passages.values_list("framework_slug", "assessment__framework__name")
    context = {
        "initiative": initiative,
        "header": header_of(initiative, outcome, crumb=content(place.framework.name), section=CHECKLIST),
        "tabs": tabs_of(initiative, outcome, dict(frameworks), place.passage.framework_slug),
        "framework": place.framework,
        "form": form,
        "rows": _rows(place, form, moved),
        "rungs": rungs,
        "scale": scale_of(place.framework),
        "said": sum(1 for rung in rungs if rung.at is not None),
        "may_answer": Act.ANSWER in acts_of(request, initiative) and not initiative.has_ended,
        "refusal": refusal,
        "moved": moved,
        "checklist_url": checklist_url(initiative.ref, place.items[0].gate.slug),
    }
    return render(request, "workbench/plans/profile.html", context, status=status)


def _initial(place: _Place) -> dict[str, Any]:
    initial: dict[str, Any] = {}
    for item in place.items:
        answer = place.answers.get(item.code)
        initial[f"{item.code}-answer"] = answer.declared if answer else ""
        initial[f"{item.code}-version"] = answer.version if answer else 0
    return initial


def _rows(place: _Place, form: ProfileForm, moved: str) -> list[Row]:
    words = answer_words(place.framework)
    return [
        Row(
            item=item,
            choices=[
                Choice(
                    value=step.value,
                    label=words[step].label,
                    hint=content(text),
                    tone="accent",
                    icon=words[step].icon,
                )
                for step, text in zip(
                    STEPS, (item.when_not_met, item.when_partial, item.when_met), strict=True
                )
            ],
            answer=form[f"{item.code}-answer"],
            version=form[f"{item.code}-version"],
            note=answer.note if (answer := place.answers.get(item.code)) else "",
            moved=_declared(place, item.code) if item.code == moved else "",
            href=checklist_url(place.initiative.ref, item.gate.slug, item.code),
        )
        for item in place.items
    ]


def _declared(place: _Place, code: str) -> str:
    """What stands there now, in a word."""
    answer, words = place.answers.get(code), answer_words(place.framework)
    return words[next((step for step in STEPS if answer and answer.declared == step), UNANSWERED)].label


def scale_of(framework: Framework) -> list[str]:
    """The words of the scale, from one end to the other."""
    words = answer_words(framework)
    return [words[step].label for step in STEPS]


def rungs_of(initiative: Initiative, passage: Passage, today: date, zone: tzinfo) -> list[Rung]:
    """Where each dimension stands, by its effective answer; one query, where the passage came with its framework."""
    framework = passage.assessment.framework
    loaded = loaded_framework(framework.pk, framework.checksum)
    facts = PassageFacts(loaded, passage.pk, passage.assessment_id)
    for answer in Answer.objects.filter(assessment=passage.assessment_id):
        if answer.item_id in loaded.items:
            facts.answers[loaded.items[answer.item_id]] = answer
    words = answer_words(framework)
    url = profile_url(initiative.ref, framework.slug)
    found = []
    for gate in gate_facts(facts, min(initiative.as_of or today, today), zone):
        for state in gate.items:
            value = state.effective.value
            word = words[value]
            found.append(
                Rung(
                    label=content(loaded.titles[state.item.code]),
                    said=word.label,
                    at=STEPS.index(value) if value in STEPS else None,
                    tone=word.tone,
                    icon=word.icon,
                    href=f"{url}#{state.item.code}",
                )
            )
    return found
