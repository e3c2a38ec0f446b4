"""How figures are rounded wherever they are shown. Pure: standard library only."""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

_CONTEXT = Context(prec=400, rounding=ROUND_HALF_UP)
"""Every binary fraction finds room in it."""


def half_up(value: float | Decimal | Fraction, digits: int = 1) -> Decimal:
    """To so many decimals, a half away from zero: 148.25 is 148.3, and -0.5 without decimals is -1.

    A binary fraction counts as it is written: 0.15 is a half, whatever stands behind it.
    """
    exact = (
        Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(str(value))
    )
    # Plus turns a negative zero into zero.
    return _CONTEXT.plus(exact.quantize(Decimal(1).scaleb(-digits), context=_CONTEXT))
