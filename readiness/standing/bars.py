"""Separation of duties at one gate or at many: who is separated from them by what, in five queries."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from checklists.models import Gate
from checklists.models import Writing as WritingRow
from gates.models import Decision, Submission, TeamRole
from gates.separation import BAR_MESSAGES, Bar, Place, Writing, bars
from readiness.accounts.models import User
from readiness.ui.saying import say

GateKey = tuple[int, int]
"""A passage and a gate, by their keys."""
_Named = tuple[int, str]
"""A passage and a gate by its slug: the same in every version of the framework."""


def barred_at(user: User, keys: Collection[GateKey]) -> dict[GateKey, str]:
    """Why this person may neither decide nor confirm at each of these gates; "" where nothing separates them."""
    return {
        key: " ".join(say(BAR_MESSAGES[bar]) for bar in found) for key, found in bars_at(user, keys).items()
    }


def bars_at(user: User, keys: Collection[GateKey]) -> dict[GateKey, tuple[Bar, ...]]:
    """What separates this person from each of these gates."""
    passages = {passage for passage, _gate in keys}
    decided = _last_decisions(passages)
    submitters = _submitters(passages)
    writings = _writings(user, passages)
    places = _places(user, passages)
    slugs = dict(Gate.objects.filter(pk__in={gate for _passage, gate in keys}).values_list("pk", "slug"))
    return {
        (passage, gate): bars(
            user.pk,
            last_decision_at=decided.get((passage, slugs[gate])),
            submitted_by=submitters.get((passage, slugs[gate])),
            writings=writings[passage, slugs[gate]],
            places=places[passage],
        )
        for passage, gate in keys
    }


def _last_decisions(passages: Collection[int]) -> dict[_Named, datetime]:
    """The last one is the one written last: clocks may differ."""
    rows = Decision.objects.filter(passage__in=passages).order_by("pk")
    return {(passage, gate): at for passage, gate, at in rows.values_list("passage_id", "gate__slug", "at")}


def _submitters(passages: Collection[int]) -> dict[_Named, int]:
    rows = Submission.objects.filter(passage__in=passages, decided_at__isnull=True)
    return {
        (passage, gate): by for passage, gate, by in rows.values_list("passage_id", "gate__slug", "by_id")
    }


def _writings(user: User, passages: Collection[int]) -> dict[_Named, list[Writing]]:
    rows = WritingRow.objects.filter(assessment__passage__in=passages, by=user)
    found: dict[_Named, list[Writing]] = defaultdict(list)
    for passage, gate, at in rows.values_list("assessment__passage", "gate__slug", "last_at"):
        found[passage, gate].append(Writing(user.pk, at))
    return found


def _places(user: User, passages: Collection[int]) -> dict[int, list[Place]]:
    """By passage: the person's places on the team of its initiative."""
    rows = TeamRole.objects.filter(initiative__passages__in=passages, user=user)
    found: dict[int, list[Place]] = defaultdict(list)
    for passage, since, until in rows.values_list("initiative__passages", "since", "until"):
        found[passage].append(Place(user.pk, since, until))
    return found
