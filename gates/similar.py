"""Which initiatives are like this one: by the meaningful words that they share, and by their unit."""

import re
from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat

from gates.lessons import ALIKE_WORDS, SHORTEST_ALIKE, telling_words
from gates.models import Initiative
from gates.querysets import Viewer, normalised
from gates.stages import Stage

MOST = 4
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Similar:
    """An initiative that is like what was asked about; ``shared`` are the words that they have in common."""

    ref: str
    name: str
    business_problem: str
    business_unit: str
    stage: Stage
    shared: tuple[str, ...]
    same_unit: bool


def similar_to(
    text: str, unit: str, user: Viewer, *, besides: int | None = None, most: int = MOST
) -> list[Similar]:
    """Those this person may know of that share the most words with a text, the likest first; one query.

    At least two words must be shared, or the only one there is; to be of the same unit counts as one more and is not
    enough alone. ``besides``: the key of one that is left out.
    """
    words = _beginnings(text)
    if not words:
        return []
    shared: Combinable = Value(0)
    for word in words:
        shared = shared + _one_if(Q(padded__contains=f" {word}"))
    key = normalised(unit)
    same_unit = _one_if(Q(business_unit_key=key) if key else Q(pk__in=[]))
    rows = (
        Initiative.objects.visible_to(user)
        .exclude(pk=besides)
        .alias(padded=Concat(Value(" "), "search_key", output_field=TextField()))
        .annotate(shared=shared, same_unit=same_unit)
        .filter(shared__gte=min(2, len(words)))
        .order_by((F("shared") + F("same_unit")).desc(), "-updated_at", "-pk")
    )
    return [_similar(row, words, key) for row in rows[:most]]


def _beginnings(text: str) -> list[str]:
    """The words of a text that say something, each once, in lower case; the end of a plural is left off."""
    words = [word for word in _WORD.findall(normalised(text)) if telling_words(word)]
    stems = (word[:-1] if word.endswith("s") and len(word) > SHORTEST_ALIKE else word for word in words)
    return list(dict.fromkeys(stems))[:ALIKE_WORDS]


def _one_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _similar(row: Initiative, words: list[str], unit_key: str) -> Similar:
    padded = f" {row.search_key}"
    return Similar(
        ref=row.ref,
        name=row.name,
        business_problem=row.business_problem,
        business_unit=row.business_unit,
        stage=Stage(row.stage),
        shared=tuple(word for word in words if f" {word}" in padded),
        same_unit=bool(unit_key) and row.business_unit_key == unit_key,
    )
