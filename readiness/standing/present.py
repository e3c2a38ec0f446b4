"""Which of the tables that most initiatives have nothing in hold rows of these: asked once for all of them.

A table without a row of theirs costs its query all the same, and most of that is spent on building it. One statement
asks for all of them; those that have nothing are not asked again.
"""

from collections.abc import Collection, Set
from typing import Any

from django.db import connection
from django.db.models import Model

from gates.models import ExitCriterion, Hold, Kpi, Roadmap, Stakeholder, Submission, Waiver

Present = Set[type[Model]]

_OF_INITIATIVES: tuple[type[Model], ...] = (Hold, Kpi, ExitCriterion, Roadmap, Stakeholder)
_OF_PASSAGES: tuple[type[Model], ...] = (Waiver, Submission)
ASKED_UP_TO = 500
"""A statement takes some ten thousand keys at most, and of so many one has a row nearly everywhere anyway."""
_ASKED = (*_OF_INITIATIVES, *_OF_PASSAGES)


def present_of(initiatives: Collection[int], passages: Collection[int]) -> Present:
    """Those of the tables in which there may be a row of one of these initiatives, or of one of these passages."""
    if not initiatives or not passages:
        return frozenset()
    if len(initiatives) > ASKED_UP_TO:
        return frozenset(_ASKED)
    found = [_exists(model, "initiative_id", initiatives) for model in _OF_INITIATIVES]
    found += [_exists(model, "passage_id", passages) for model in _OF_PASSAGES]
    params: list[Any] = [*initiatives] * len(_OF_INITIATIVES) + [*passages] * len(_OF_PASSAGES)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(found)}", params)
        row = cursor.fetchone()
    return frozenset(model for model, there in zip(_ASKED, row, strict=True) if there)


def _exists(model: type[Model], column: str, keys: Collection[int]) -> str:
    table = connection.ops.quote_name(model._meta.db_table)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {column} IN ({', '.join(['%s'] * len(keys))}))"  # noqa: S608
