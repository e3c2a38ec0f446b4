"""The page of the library. A fixed number of queries, whatever it finds."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from gates.lessons import KINDS, WORKED, library, narrowed, taught, technologies
from gates.models import Initiative, Lesson, LessonOutcome, WhatWorked
from readiness.accounts.models import User
from readiness.portfolio.questions import units_of
from readiness.standing.definitions import root_causes
from readiness.standing.links import lesson_url
from readiness.ui.lazily import gettext_lazy
from readiness.ui.saying import content
from readiness.workbench.finding import person_of
from readiness.workbench.initiatives.listing import NUL, Filter

PAGE_SIZE = 20
NEWEST = "newest"
ORDERS = {
    NEWEST: (gettext_lazy("Newest first"), ("-learned_at", "-pk")),
    "oldest": (gettext_lazy("Oldest first"), ("learned_at", "pk")),
    "name": (gettext_lazy("By name"), ("name_key", "pk")),
    "unit": (gettext_lazy("By unit"), ("business_unit_key", "name_key", "pk")),
}
KIND_TONES = {
    LessonOutcome.AGREED_CRITERIA.value: ("good", "target"),
    LessonOutcome.DECIDED.value: ("neutral", "stop"),
    LessonOutcome.FADED_OUT.value: ("muted", "moon"),
    WORKED: ("accent", "rocket"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One initiative and what it left. ``kind`` is in words; ``cause`` is "" where none was named."""

    initiative: Initiative
    lesson: Lesson | None
    what_worked: WhatWorked | None
    kind: str
    tone: str
    icon: str
    cause: str
    url: str


@require_safe
def lessons(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    filters = _filters(person_of(request), asked)
    words = asked.get("q", "").replace(NUL, "")
    page = _page(person_of(request), words, filters, asked)
    chosen = sum(1 for one in filters if one.chosen and one.name != "order")
    context = {
        "page": page,
        "entries": [_entry(initiative) for initiative in page.object_list],
        "filters": filters,
        "active": chosen,
        "ordered": any(one.name == "order" and one.chosen not in ("", NEWEST) for one in filters),
        "narrowed": bool(words.strip()) or chosen > 0,
    }
    return render(request, "workbench/lessons/list.html", context)


def _filters(person: User, asked: Mapping[str, str]) -> list[Filter]:
    rows = taught(person)
    units, unit = units_of(rows, asked.get("unit", ""))
    spelt = technologies(rows)
    causes = [(cause.slug, content(cause.name)) for cause in root_causes().values()]

    def known(name: str, label: str, options: list[tuple[str, str]], none: str = "") -> Filter:
        value = asked.get(name, "")
        return Filter(name, label, options, value if value in dict(options) else "", none or _("Any"))

    return [
        known("kind", _("Kind"), [(kind, str(label)) for kind, label in KINDS.items()], _("All")),
        known("cause", _("Root cause"), causes),
        Filter("unit", pgettext("of an organisation", "Unit"), units, unit),
        known("technology", _("Technology"), [(key, names[0]) for key, names in spelt.items()]),
        known(
            "order",
            _("Order"),
            [(key, label) for key, (label, _) in ORDERS.items() if key != NEWEST],
            ORDERS[NEWEST][0],
        ),
    ]


def _page(person: User, words: str, filters: list[Filter], asked: Mapping[str, str]) -> Page:
    chosen = {one.name: one.chosen for one in filters}
    rows = narrowed(
        library(person),
        text=words,
        root_cause=chosen["cause"],
        unit=chosen["unit"],
        technology=chosen["technology"],
        kind=chosen["kind"],
    )
    _label, order = ORDERS[chosen["order"] or NEWEST]
    return Paginator(rows.order_by(*order), PAGE_SIZE).get_page(asked.get("page"))


def _entry(initiative: Initiative) -> Entry:
    lesson: Lesson | None = getattr(initiative, "lesson", None)
    worked: WhatWorked | None = getattr(initiative, "what_worked", None)
    kind = lesson.outcome if lesson else WORKED
    tone, icon = KIND_TONES[kind]
    cause = root_causes().get(lesson.root_cause) if lesson else None
    return Entry(
        initiative=initiative,
        lesson=lesson,
        what_worked=worked,
        kind=str(KINDS[kind]),
        tone=tone,
        icon=icon,
        cause=content(cause.name) if cause else "",
        url=lesson_url(initiative.ref, kind),
    )
