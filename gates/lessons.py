"""The named questions people ask about lessons: what stopped initiatives leave, and what made live ones work.

``words`` are searched as ``gates.words`` says. Everything asks for whom: nobody finds a lesson of an initiative that
they may not know of.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, RowNumber
from django.utils.translation import gettext_lazy as _

from gates.models import Initiative, Lesson, LessonOutcome, WhatWorked
from gates.querysets import InitiativeQuerySet, Viewer, normalised, sort_key
from gates.words import HoldsWords, word_key, words_of

WORKED = "worked"
KINDS = {**dict(LessonOutcome.choices), WORKED: _("What worked")}
"""How an initiative came to leave something, and how that is called."""

ALIKE_WORDS = 12
"""So many words of a text are compared; the first ones say most."""
SHORTEST_ALIKE = 4
_SAY_NOTHING = frozenset(
    words_of(
        "about after because before being could does each every from have into less made make more most need needs "
        "only other over should some such take takes than that their them then there these they this those very "
        "want were what when where which while will with without would your"
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonLike:
    """A lesson that may help. ``kind`` is a word of ``KINDS``; ``root_cause`` a slug or ""."""

    ref: str
    name: str
    business_unit: str
    kind: str
    root_cause: str
    gist: str
    advice: str
    at: datetime

    @property
    def kind_label(self) -> str:
        return str(KINDS[self.kind])


def lesson_key(row: Lesson) -> str:
    """The words by which a lesson is found: its own, and those of its initiative."""
    return word_key(
        [
            row.initiative.search_key,
            row.tried,
            row.did_not_work,
            row.technical_constraint,
            row.organisational_barrier,
            row.advice,
            row.root_cause,
        ]
    )


def what_worked_key(row: WhatWorked) -> str:
    """The words by which what worked is found: its own, and those of its initiative."""
    return word_key([row.initiative.search_key, row.made_it_work, row.reusable, row.advice])


# --- The library ----------------------------------------------------------------------------------------------


def taught(user: Viewer) -> InitiativeQuerySet:
    """The initiatives this person may see that left a lesson of either kind."""
    visible: InitiativeQuerySet = Initiative.objects.visible_to(user)
    found: InitiativeQuerySet = visible.filter(Q(lesson__isnull=False) | Q(what_worked__isnull=False))
    return found


def library(user: Viewer) -> InitiativeQuerySet:
    """The same with both kinds and ``learned_at``. One that went back from live and was stopped has left both."""
    found: InitiativeQuerySet = (
        taught(user)
        .select_related("lesson__by", "what_worked__by")
        .annotate(learned_at=Coalesce("lesson__at", "what_worked__at"))
    )
    return found


def holding(rows: InitiativeQuerySet, text: str) -> InitiativeQuerySet:
    """Those whose lessons hold every word of a text, or words that begin with these. No word at all finds nothing."""
    words = tuple(words_of(text))
    if not words:
        return rows.none() if text.strip() else rows
    holds = HoldsWords("search_key", words)
    found: InitiativeQuerySet = rows.filter(
        Q(pk__in=Lesson.objects.filter(holds).values("initiative"))
        | Q(pk__in=WhatWorked.objects.filter(holds).values("initiative"))
    )
    return found


def narrowed(
    rows: InitiativeQuerySet,
    *,
    text: str = "",
    root_cause: str = "",
    unit: str = "",
    technology: str = "",
    kind: str = "",
) -> InitiativeQuerySet:
    """Those of a library that pass every filter given; unit and technology in any case and spacing.

    A unit or technology of nothing but spaces is that of those which name none.
    """
    found = holding(rows, text)
    if root_cause:
        found = found.filter(lesson__root_cause=root_cause)
    if unit:
        found = found.filter(business_unit_key=normalised(unit))
    if technology:
        key = normalised(technology)
        found = found.filter(technology__in=technologies(rows).get(key, []) if key else [""])
    if kind == WORKED:
        found = found.filter(what_worked__isnull=False)
    elif kind:
        found = found.filter(lesson__outcome=kind)
    return found


def technologies(rows: InitiativeQuerySet) -> dict[str, list[str]]:
    """Every technology of a library, normalised, with its spellings; in the order people expect."""
    spelt = rows.exclude(technology="").order_by("technology").values_list("technology", flat=True).distinct()
    found: dict[str, list[str]] = {}
    for spelling in spelt:
        found.setdefault(normalised(spelling), []).append(spelling)
    return dict(sorted(found.items(), key=lambda one: sort_key(one[0])))


# --- Lessons that may help ------------------------------------------------------------------------------------


def lessons_like(
    *,
    user: Viewer,
    cause: str = "",
    text: str = "",
    unit: str = "",
    besides: int | None = None,
    most: int = 3,
) -> list[LessonLike]:
    """The lessons most like this, the likest first; at most two queries, whatever there is.

    ``cause``: the slug of a root cause; only lessons of that one. ``text``: words in common count one each.
    ``unit``: of the same business unit counts one. Without a cause at least two things must agree, or the one that
    was given. ``besides``: the key of an initiative whose own lesson is none for it.
    """
    words = telling_words(text)
    given = len(words) + bool(normalised(unit))
    if not cause and not given:
        return []
    least = 0 if cause else min(2, given)
    found = _likest(Lesson.objects.filter(root_cause=cause) if cause else Lesson.objects.all(),
                    user, words, unit, besides, least, most)  # fmt: skip
    if not cause:
        found += _likest(WhatWorked.objects.all(), user, words, unit, besides, least, most)
    found.sort(key=lambda one: (one[0], one[1].at), reverse=True)
    return [lesson for _, lesson in found[:most]]


def lessons_of_causes(
    causes: Collection[str], *, user: Viewer, unit: str = "", besides: int | None = None, most: int = 2
) -> dict[str, list[LessonLike]]:
    """For each of these root causes the lessons of stopped initiatives, of the same unit and newest first; one query.

    A cause without a lesson is left out. ``most`` is a cause's.
    """
    if not causes:
        return {}
    rows = _visible(Lesson.objects.filter(root_cause__in=causes), user, besides)
    place = Window(RowNumber(), partition_by=F("root_cause"),
                   order_by=[_same_unit(unit).desc(), F("at").desc(), F("pk").desc()])  # fmt: skip
    found: dict[str, list[LessonLike]] = {}
    for row in rows.annotate(place=place).filter(place__lte=most).order_by("root_cause", "place"):
        found.setdefault(row.root_cause, []).append(_stopped(row))
    return found


def _visible(rows: QuerySet, user: Viewer, besides: int | None) -> QuerySet:
    return (
        rows.filter(initiative__in=Initiative.objects.visible_to(user))
        .exclude(initiative=besides)
        .select_related("initiative")
    )


def _likest(
    rows: QuerySet,
    user: Viewer,
    words: Sequence[str],
    unit: str,
    besides: int | None,
    least: int,
    most: int,
) -> list[tuple[int, LessonLike]]:
    likeness: Combinable = _same_unit(unit)
    for word in words:
        likeness = likeness + _one_if(HoldsWords("search_key", (word,)))
    ranked = _visible(rows, user, besides).annotate(likeness=likeness).filter(likeness__gte=least)
    return [(row.likeness, _told(row)) for row in ranked.order_by("-likeness", "-at", "-pk")[:most]]


def _same_unit(unit: str) -> Case:
    key = normalised(unit)
    return _one_if(Q(initiative__business_unit_key=key) if key else Q(pk__in=[]))


def _one_if(condition: Q | HoldsWords) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def telling_words(text: str) -> list[str]:
    """The words of a text that say something, each once; a plural's end is left off, as words are begun, not held."""
    words = [word for word in words_of(text) if len(word) >= SHORTEST_ALIKE and word not in _SAY_NOTHING]
    stems = (word[:-1] if word.endswith("s") and len(word) > SHORTEST_ALIKE else word for word in words)
    return list(dict.fromkeys(stems))[:ALIKE_WORDS]


def _told(row: Lesson | WhatWorked) -> LessonLike:
    return _stopped(row) if isinstance(row, Lesson) else _worked(row)


def _stopped(row: Lesson) -> LessonLike:
    of = row.initiative
    return LessonLike(
        ref=of.ref, name=of.name, business_unit=of.business_unit, kind=row.outcome, root_cause=row.root_cause,
        gist=row.did_not_work, advice=row.advice, at=row.at,
    )  # fmt: skip


def _worked(row: WhatWorked) -> LessonLike:
    of = row.initiative
    return LessonLike(
        ref=of.ref, name=of.name, business_unit=of.business_unit, kind=WORKED, root_cause="",
        gist=row.made_it_work, advice=row.advice, at=row.at,
    )  # fmt: skip
