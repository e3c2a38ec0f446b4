"""Days and numbers as the reader's language writes them.

For pages and mails. What programs read (values of inputs, CSV, JSON, coordinates of a drawing) is never written by it.
"""

from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format, get_format
from django.utils.timezone import localtime
from django.utils.translation import get_language


def number(english: str) -> str:
    """An English figure in the reader's writing: "84,000.5" is "84.000,5" in German."""
    separators = {",": get_format("THOUSAND_SEPARATOR"), ".": get_format("DECIMAL_SEPARATOR")}
    return english.translate(str.maketrans(separators))


def amount(value: Decimal, currency: str = "") -> str:
    """Money to the cent, where there are any cents: "1,250.50 EUR", "1.250,50 EUR"."""
    return f"{number(f'{value:,.2f}'.removesuffix('.00'))} {currency}".rstrip()


def long_day(day: date) -> str:
    """A day within a sentence: 3 May 2026, 3. Mai 2026."""
    return date_format(day, "DATE_FORMAT")


def short_day(day: date) -> str:
    """A day in a table: 20 Nov 2026, 20. Nov. 2026."""
    return date_format(day, "SHORT_DATE_FORMAT")


def short_moment(at: datetime) -> str:
    """A moment in the current zone: 20 Nov 2026, 14:05."""
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")


def month(day: date) -> str:
    """The month of a day: November 2026."""
    return date_format(day, "YEAR_MONTH_FORMAT")


def day_of_month(day: date) -> str:
    """A day where its year is known: 20 Nov, 20. Nov."""
    return date_format(day, "MONTH_DAY_FORMAT")


def short_month(day: date, *, with_year: bool = False) -> str:
    """The mark of a month on an axis: Nov or Nov 2026, Nov. or Nov. 2026."""
    # N is the month as it is cut short in prose, M its first three letters: which one, the language's formats say.
    letter = "N" if "N" in get_format("MONTH_DAY_FORMAT") else "M"
    return date_format(day, f"{letter} Y" if with_year else letter)


def within(label: object) -> str:
    """A label as it stands within a sentence: English begins it small, German keeps the capitals of its nouns."""
    text = str(label)
    return text.lower() if (get_language() or "en").startswith("en") else text
