"""The symptoms as the page and the API show them: of all, or of one unit, and the units beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from checklists.said import said
from gates.models import Initiative
from gates.querysets import InitiativeQuerySet
from readiness.accounts.models import Organisation
from readiness.portfolio.symptoms.answers import Code, Symptom
from readiness.portfolio.symptoms.facts import Facts
from readiness.portfolio.symptoms.loading import load
from readiness.portfolio.symptoms.rules import symptoms
from readiness.portfolio.symptoms.window import Days, window
from readiness.portfolio.symptoms.words import DEFINITIONS, Definition
from readiness.standing.definitions import RootCause, root_causes

UNITS_SHOWN = 24
"""So many units are compared, the largest first."""
BEHIND_SHOWN = 6
"""So many of the initiatives behind a symptom stand on its card."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A symptom with its words. ``behind``: the first of its initiatives."""

    symptom: Symptom
    definition: Definition
    cause: RootCause
    behind: Sequence[Initiative]

    @property
    def more(self) -> int:
        return len(self.symptom.keys) - len(self.behind)


@dataclass(frozen=True, slots=True)
class UnitSymptoms:
    unit: str
    unit_key: str
    initiatives: int
    symptoms: tuple[Symptom, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """``counted``: how many initiatives it speaks of; ``units_in_all``: of how many units there are those shown."""

    days: Days
    counted: int
    shown: list[Shown]
    units: list[UnitSymptoms]
    units_in_all: int


def board(
    visible: InitiativeQuerySet,
    organisation: Organisation,
    today: date,
    unit: str | None = None,
    behind: int = BEHIND_SHOWN,
    *,
    narrowed: bool = False,
) -> Board:
    """``visible``: all that the person may see; ``unit``: the key of the one to show alone, "" where none is named;
    None for all.

    ``narrowed``: filters left some initiatives of their units out. A fixed number of queries: the facts, and the names
    of those that are shown.
    """
    loaded = load(visible, organisation, today, narrowed=narrowed)
    by_unit = loaded.facts.by_unit()
    facts = by_unit.get(unit, _nothing(loaded.facts)) if unit is not None else loaded.facts
    found = symptoms(facts, today)
    names = _named(visible, {key for one in found for key in one.keys[:behind]})
    largest = sorted(by_unit, key=lambda key: (-len(by_unit[key].cases), key))
    return Board(
        days=window(today),
        counted=len(facts.cases),
        shown=[_shown(one, [names[key] for key in one.keys[:behind] if key in names]) for one in found],
        units=[
            UnitSymptoms(
                loaded.units[key] or said("No unit named"),
                key,
                len(by_unit[key].cases),
                symptoms(by_unit[key], today),
            )
            for key in largest[:UNITS_SHOWN]
        ],
        units_in_all=len(by_unit),
    )


def one_symptom(
    visible: InitiativeQuerySet,
    organisation: Organisation,
    today: date,
    code: Code,
    unit: str = "",
    *,
    narrowed: bool = False,
) -> Symptom:
    """One of them, with the keys of everything behind it."""
    facts = load(visible, organisation, today, narrowed=narrowed).facts
    if unit:
        facts = facts.by_unit().get(unit, _nothing(facts))
    return next(one for one in symptoms(facts, today) if one.code == code)


def _nothing(facts: Facts) -> Facts:
    """Of a unit that has no initiative."""
    return Facts(currency=facts.currency, limits=facts.limits, narrowed=facts.narrowed)


def _shown(symptom: Symptom, behind: Sequence[Initiative]) -> Shown:
    definition = DEFINITIONS[symptom.code]
    return Shown(symptom, definition, root_causes()[definition.root_cause], behind)


def _named(visible: InitiativeQuerySet, keys: set[int]) -> dict[int, Initiative]:
    """Those of a handful of keys: at most as many as fit on the cards."""
    return visible.in_bulk(sorted(keys))
