"""What there was before: initiatives that are like one, and the lessons that may help it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from gates.lessons import LessonLike, lessons_like
from gates.models import Initiative
from gates.similar import Similar, similar_to
from readiness.accounts.models import User
from readiness.standing.definitions import root_causes
from readiness.standing.links import initiative_url
from readiness.standing.words import STAGE_WORDS, Word
from readiness.ui.saying import content

TEXT_MAX = 5000


@dataclass(frozen=True, slots=True)
class ShownSimilar:
    similar: Similar
    stage: Word
    url: str
    why: str


@dataclass(frozen=True, slots=True)
class ShownLesson:
    """``cause``: the name of its root cause, "" where it was not clear."""

    lesson: LessonLike
    url: str
    cause: str


@dataclass(frozen=True, slots=True)
class Alike:
    """``asked``: there were words to compare."""

    asked: bool
    initiatives: list[ShownSimilar]
    lessons: list[ShownLesson]


def alike_to(text: str, unit: str, person: User, besides: int | None = None) -> Alike:
    """At most three queries, whatever there is."""
    text, unit = (given.replace("\x00", "")[:TEXT_MAX] for given in (text, unit))
    if not text.strip():
        return Alike(False, [], [])
    return Alike(
        asked=True,
        initiatives=[_similar(one) for one in similar_to(text, unit, person, besides=besides)],
        lessons=[_lesson(one) for one in lessons_like(user=person, text=text, unit=unit, besides=besides)],
    )


def alike_to_initiative(initiative: Initiative, person: User) -> Alike:
    text = " ".join((initiative.name, initiative.business_problem, initiative.technology, initiative.vendor))
    return alike_to(text, initiative.business_unit, person, besides=initiative.pk)


def _similar(one: Similar) -> ShownSimilar:
    said = [_("shares %(words)s") % {"words": ", ".join(one.shared)}]
    if one.same_unit:
        said.append(_("same unit"))
    return ShownSimilar(one, STAGE_WORDS[one.stage], initiative_url(one.ref), "; ".join(said))


def _lesson(one: LessonLike) -> ShownLesson:
    cause = root_causes().get(one.root_cause)
    return ShownLesson(one, initiative_url(one.ref), content(cause.name) if cause else "")
