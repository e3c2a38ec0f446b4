"""The pages of the symptoms: all of them with their figures, and everything behind one."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from checklists.said import Said
from gates.models import Initiative
from gates.stages import Stage
from readiness.portfolio.charts import money
from readiness.portfolio.frame import frame_of
from readiness.portfolio.scope import Scope
from readiness.portfolio.symptoms.answers import Code, State, Symptom
from readiness.portfolio.symptoms.behind import listing
from readiness.portfolio.symptoms.board import Shown, UnitSymptoms, board, one_symptom
from readiness.portfolio.symptoms.window import window
from readiness.portfolio.symptoms.words import DEFINITIONS, STATE_WORDS, figure_words, rate
from readiness.portfolio.trend_charts import Figure
from readiness.standing.definitions import root_causes
from readiness.standing.links import initiative_url
from readiness.standing.words import STAGE_WORDS, Word
from readiness.ui.parts import Link
from readiness.ui.saying import content, say, say_lazily

PAGE_SIZE = 50
STATES = {
    State.PRESENT: Word(say_lazily(STATE_WORDS[State.PRESENT]), "warning", "warning"),
    State.CANNOT_TELL: Word(say_lazily(STATE_WORDS[State.CANNOT_TELL]), "muted", "unanswered"),
    State.ABSENT: Word(say_lazily(STATE_WORDS[State.ABSENT]), "good", "check"),
}
"""In the order in which the page shows them: what shows comes first."""
NUMBERS = {"some": "counted", "all": "basis"}
"""The numbers of a figure in words, and the list of each."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One symptom of one unit, in a cell."""

    label: str
    state: Word
    figure: list[Figure]


@require_safe
def symptom_board(request: HttpRequest) -> HttpResponse:
    """All of them. The units stand beside each other whichever of them is chosen, through the other filters."""
    frame = frame_of(request, "symptoms")
    scope = frame.scope
    rows = scope.without("unit").of(frame.visible)
    found = board(rows, frame.organisation, frame.today, scope.unit or None, narrowed=scope.narrows_units)
    context = {
        "frame": frame,
        "board": found,
        "cards": [_card(one, scope) for state in STATES for one in found.shown if one.symptom.state == state],
        "counts": [(word, _count(found.shown, state)) for state, word in STATES.items()],
        "columns": [say(DEFINITIONS[code].short) for code in Code],
        "rows": [_row(one, scope) for one in found.units],
    }
    return render(request, "portfolio/symptoms.html", context)


@require_safe
def symptom(request: HttpRequest, code: str) -> HttpResponse:
    """Everything behind one symptom, in pages."""
    if code not in {one.value for one in Code}:
        raise Http404
    frame = frame_of(request, "symptoms", reverse("symptom", args=[code]))
    scope = frame.scope
    found = one_symptom(frame.rows, frame.organisation, frame.today, Code(code), narrowed=scope.narrows_units)
    page = Paginator(found.keys, PAGE_SIZE).get_page(request.GET.get("page"))
    names = frame.rows.in_bulk(list(page.object_list))
    definition = DEFINITIONS[found.code]
    context = {
        "frame": frame,
        "days": window(frame.today),
        "card": _words(found, scope),
        "heading": say(definition.title),
        "further": _("Search and order them in the list of initiatives.") if found.keys else "",
        "page": page,
        "rows": [_behind(names[key]) for key in page.object_list if key in names],
        "crumbs": [
            Link(label=_("Portfolio"), href=scope.address(reverse("portfolio"))),
            Link(label=_("Symptoms"), href=scope.address(reverse("symptoms"))),
            Link(label=say(definition.short)),
        ],
    }
    return render(request, "portfolio/symptom.html", context)


def _words(found: Symptom, scope: Scope) -> dict[str, object]:
    """One symptom in words; ``listing`` is the list of everything behind it, "" where there is nothing.

    ``figure``: its pieces, of which the numbers lead to what they count.
    """
    definition = DEFINITIONS[found.code]
    cause = root_causes()[definition.root_cause]
    return {
        "state": STATES[found.state],
        "figure": _pieces(found, scope),
        "is_known": bool(found.figure.denominator),
        "counted": say(definition.counted),
        "sentence": say(found.sentence),
        "title": say(definition.title),
        "what_to_do": say(definition.what_to_do),
        "behind": say(definition.behind),
        "cause": content(cause.name),
        "ask": content(cause.ask),
        "count": len(found.keys),
        "listing": listing(found, scope),
    }


def _card(shown: Shown, scope: Scope) -> dict[str, object]:
    found = shown.symptom
    code = found.code.value
    return _words(found, scope) | {
        "code": code,
        "shows": found.state == State.PRESENT,
        "initiatives": [(initiative_url(one.ref), one.name) for one in shown.behind],
        "more": shown.more > 0,
        "url": scope.address(reverse("symptom", args=[code])),
        "points": [rate(figure) for figure in found.series] if found.code == Code.FALLING_ACTIVITY else [],
    }


def _row(found: UnitSymptoms, scope: Scope) -> dict[str, object]:
    of_unit = found.unit_key
    here = Scope(**{name: getattr(scope, name) for name in scope.asked} | {"unit": of_unit})
    return {
        "unit": say(found.unit),
        "url": here.address(reverse("symptoms")) if of_unit else "",
        "initiatives": found.initiatives,
        "list_url": here.listing() if of_unit else "",
        "marks": [_mark(one, here if of_unit else None) for one in found.symptoms],
    }


def _mark(found: Symptom, scope: Scope | None) -> Mark:
    """No list shows those that name no unit alone."""
    figure = _pieces(found, scope) if scope is not None else [Figure(say(figure_words(found)))]
    return Mark(say(DEFINITIONS[found.code].short), STATES[found.state], figure)


def _pieces(found: Symptom, scope: Scope) -> list[Figure]:
    """The figure in words, cut where one of its numbers begins or ends; what is one number alone leads to its basis."""
    words = figure_words(found)
    lists = {
        name: which for name, which in NUMBERS.items() if isinstance(words, Said) and name in words.parts
    }
    if not isinstance(words, Said) or not lists:
        return [Figure(say(words), listing(found, scope, "basis"))]
    marks = {name: f"\x01{name}\x01" for name in lists}
    cut = say(Said(words.template, {**words.parts, **marks})).split("\x01")
    return [
        Figure(say(words.parts[piece]), listing(found, scope, lists[piece]))
        if piece in lists
        else Figure(piece)
        for piece in cut
        if piece
    ]


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
