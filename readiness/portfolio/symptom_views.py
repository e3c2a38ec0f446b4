"""The pages of the symptoms: all of them with their figures, and everything behind one."""

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gates.models import Initiative
from gates.stages import Stage
from readiness.accounts.current import organisation_of
from readiness.accounts.models import User
from readiness.clock import now
from readiness.portfolio.charts import listing_url, money
from readiness.portfolio.questions import units_of
from readiness.portfolio.symptoms.answers import Code, State, Symptom
from readiness.portfolio.symptoms.board import Shown, UnitSymptoms, board, one_symptom
from readiness.portfolio.symptoms.words import DEFINITIONS, STATE_WORDS, figure_words, rate
from readiness.standing.definitions import root_causes
from readiness.standing.links import initiative_url
from readiness.standing.words import STAGE_WORDS, Word
from readiness.ui.parts import Link

PAGE_SIZE = 50
STATES = {
    State.PRESENT: Word(STATE_WORDS[State.PRESENT], "warning", "warning"),
    State.CANNOT_TELL: Word(STATE_WORDS[State.CANNOT_TELL], "muted", "unanswered"),
    State.ABSENT: Word(STATE_WORDS[State.ABSENT], "good", "check"),
}
"""In the order in which the page shows them: what shows comes first."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One symptom of one unit, in a cell."""

    label: str
    state: Word
    figure: str


@require_safe
def symptom_board(request: HttpRequest) -> HttpResponse:
    organisation = organisation_of(request)
    at = now()
    visible = Initiative.objects.visible_to(cast(User, request.user))
    units, unit = units_of(visible, request.GET.get("unit", ""))
    found = board(visible, organisation, organisation.day_of(at), unit)
    context = {
        "at": at,
        "zone": organisation.time_zone,
        "unit": unit,
        "unit_name": dict(units).get(unit, ""),
        "units": units,
        "board": found,
        "cards": [_card(one, unit) for state in STATES for one in found.shown if one.symptom.state == state],
        "counts": [(word, _count(found.shown, state)) for state, word in STATES.items()],
        "columns": [DEFINITIONS[code].short for code in Code],
        "rows": [_row(one) for one in found.units],
        "crumbs": [Link(label="Portfolio", href=_at("portfolio", unit)), Link(label="Symptoms")],
    }
    return render(request, "portfolio/symptoms.html", context)


@require_safe
def symptom(request: HttpRequest, code: str) -> HttpResponse:
    """Everything behind one symptom, in pages."""
    if code not in {one.value for one in Code}:
        raise Http404
    organisation = organisation_of(request)
    at = now()
    visible = Initiative.objects.visible_to(cast(User, request.user))
    units, unit = units_of(visible, request.GET.get("unit", ""))
    found = one_symptom(visible, organisation, organisation.day_of(at), Code(code), unit)
    page = Paginator(found.keys, PAGE_SIZE).get_page(request.GET.get("page"))
    names = visible.in_bulk(list(page.object_list))
    definition = DEFINITIONS[found.code]
    context = {
        "at": at,
        "symptom": found,
        "state": STATES[found.state],
        "definition": definition,
        "cause": root_causes()[definition.root_cause],
        "figure": figure_words(found),
        "unit_name": dict(units).get(unit, ""),
        "page": page,
        "rows": [_behind(names[key]) for key in page.object_list if key in names],
        "crumbs": [
            Link(label="Portfolio", href=_at("portfolio", unit)),
            Link(label="Symptoms", href=_at("symptoms", unit)),
            Link(label=definition.short),
        ],
    }
    return render(request, "portfolio/symptom.html", context)


def _card(shown: Shown, unit: str) -> dict[str, object]:
    found = shown.symptom
    return {
        "code": found.code.value,
        "state": STATES[found.state],
        "shows": found.state == State.PRESENT,
        "figure": figure_words(found),
        "counted": shown.definition.counted,
        "sentence": found.sentence,
        "title": shown.definition.title,
        "what_to_do": shown.definition.what_to_do,
        "behind": shown.definition.behind,
        "cause": shown.cause,
        "initiatives": [(initiative_url(one.ref), one.name) for one in shown.behind],
        "count": len(found.keys),
        "more": shown.more > 0,
        "url": _at("symptom", unit, found.code.value),
        "points": [rate(figure) for figure in found.series] if found.code == Code.FALLING_ACTIVITY else [],
    }


def _row(found: UnitSymptoms) -> dict[str, object]:
    return {
        "unit": found.unit,
        "url": _at("symptoms", found.unit_key) if found.unit_key else "",
        "initiatives": found.initiatives,
        "list_url": listing_url(unit=found.unit_key) if found.unit_key else "",
        "marks": [_mark(one) for one in found.symptoms],
    }


def _mark(found: Symptom) -> Mark:
    return Mark(DEFINITIONS[found.code].short, STATES[found.state], figure_words(found))


def _behind(initiative: Initiative) -> dict[str, object]:
    spent = initiative.budget_spent
    return {
        "initiative": initiative,
        "url": initiative_url(initiative.ref),
        "stage": STAGE_WORDS[Stage(initiative.stage)],
        "spent": money(spent, initiative.currency) if spent is not None else "",
    }


def _count(shown: list[Shown], state: State) -> int:
    return sum(one.symptom.state == state for one in shown)


def _at(name: str, unit: str, *parts: str) -> str:
    url = reverse(name, args=parts)
    return f"{url}?{urlencode({'unit': unit})}" if unit else url
