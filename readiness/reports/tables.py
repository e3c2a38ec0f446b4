"""What tables of a report are made of."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

Plain = str | int | Decimal | date | None
"""What stands in a cell; None is not known, and stays empty."""
Row = tuple[str, str, Plain, str, str]
"""A figure: its part of the report, its name, its value, what that counts in, and its list within the product."""


class Column(NamedTuple):
    name: str
    width: int
