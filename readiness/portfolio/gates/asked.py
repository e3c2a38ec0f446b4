"""What the page of the gates is asked for: its order, and which groups are folded, as they stand in an address."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from gates.querysets import normalised
from readiness.portfolio.questions import UNIT_MAX
from readiness.portfolio.scope import Scope

UNIT, NAME, SCORE, DAYS = "unit", "name", "score", "days"
SORTS = (UNIT, NAME, SCORE, DAYS)
GATE = "gate."
EVERY = "*"
UNNAMED = " "
"""The unit without a name, in an address: no normalised name is a space."""
FOLDS_MOST = 200


def gate_sort(gate: str) -> str:
    """The order by the state of a gate: where it hurts first."""
    return f"{GATE}{gate}"


@dataclass(frozen=True, slots=True)
class Folding:
    """``every``: all groups are folded but those named in ``keys``; else those in ``keys`` are."""

    every: bool = False
    keys: tuple[str, ...] = ()

    def folds(self, key: str) -> bool:
        return (key in self.keys) != self.every

    @property
    def any(self) -> bool:
        return self.every or bool(self.keys)

    def turned(self, key: str) -> "Folding":
        """The same with this group the other way round."""
        kept = tuple(one for one in self.keys if one != key)
        return Folding(self.every, kept if key in self.keys else (*self.keys, key))

    @property
    def asked(self) -> list[tuple[str, str]]:
        names = [(("open" if self.every else "fold"), key or UNNAMED) for key in self.keys]
        return [("fold", EVERY), *names] if self.every else names


def folding_of(query: QueryDict) -> Folding:
    """``fold=claims&fold=sales``, or ``fold=*&open=claims``."""
    every = EVERY in query.getlist("fold")
    asked = query.getlist("open" if every else "fold")[:FOLDS_MOST]
    keys = dict.fromkeys(normalised(key.replace("\x00", "")[: UNIT_MAX * 3]) for key in asked if key)
    return Folding(every, tuple(keys))


@dataclass(frozen=True, slots=True)
class Order:
    """``name`` is one of SORTS or that of a gate; ``down`` turns it round."""

    name: str = UNIT
    down: bool = False

    @property
    def gate(self) -> str:
        """The gate whose state is asked for, or ""."""
        return self.name.removeprefix(GATE) if self.name.startswith(GATE) else ""

    @property
    def grouped(self) -> bool:
        return self.name == UNIT

    @property
    def asked(self) -> str:
        """As it stands in an address; "" is the order that is there without asking."""
        found = f"-{self.name}" if self.down else self.name
        return "" if found == UNIT else found


def order_of(query: QueryDict, gates: Sequence[str]) -> Order:
    """What is no order, or that of a gate that is not there, is the order by units."""
    asked = query.get("sort", "")
    name = asked.removeprefix("-")
    if name in SORTS or name in {gate_sort(gate) for gate in gates}:
        return Order(name, asked.startswith("-"))
    return Order()


def address(path: str, scope: Scope, order: Order, folding: Folding, page: int = 1) -> str:
    """The page of the gates with these filters, in this order."""
    asked = list(scope.asked.items())
    if order.asked:
        asked.append(("sort", order.asked))
    asked += folding.asked
    if page > 1:
        asked.append(("page", str(page)))
    return f"{path}?{urlencode(asked)}" if asked else path
