"""The initiatives of the demo, as ``catalogue.yaml`` tells them."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import yaml

from readiness.demo.cast import CURRENCY

FILE = Path(__file__).with_name("catalogue.yaml")
THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Subject:
    """``team``: lead, business owner, deputy ("" = nobody). ``money``: planned and spent, in thousands."""

    story: str
    name: str
    problem: str
    unit: str
    team: tuple[str, str, str]
    technology: str = ""
    vendor: str = ""
    approach: str = ""
    money: tuple[int, int] | None = None
    currency: str = CURRENCY
    shares: tuple[int, int] | None = None
    priority: str = "normal"
    tags: tuple[str, ...] = ()

    @property
    def planned(self) -> Decimal | None:
        return Decimal(self.money[0] * THOUSAND) if self.money else None

    @property
    def spent(self) -> Decimal | None:
        return Decimal(self.money[1] * THOUSAND) if self.money else None


def subjects() -> list[Subject]:
    """Every initiative of the demo, in the order of the file."""
    return [Subject(**entry) for entry in yaml.safe_load(FILE.read_text(encoding="utf-8"))]
