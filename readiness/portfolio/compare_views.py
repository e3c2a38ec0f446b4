"""The page of the comparison: two days of the same initiatives, and two units of today."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gates.querysets import normalised
from readiness.portfolio import compare_charts as charts
from readiness.portfolio.books import rates_of
from readiness.portfolio.compare import computed_between, two_days, two_units
from readiness.portfolio.frame import Frame, frame_of
from readiness.portfolio.questions import UNIT_MAX, UNITS_OFFERED
from readiness.portfolio.symptoms.window import months_before
from readiness.ui.local import short_day

Options = list[tuple[str, str]]
FIRST_DAY = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """``unit_b`` "" is everything but ``unit_a``; ``unit_a`` "" where there is no unit at all."""

    on: date
    against: date
    unit_a: str
    unit_b: str
    problems: tuple[str, ...]


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    frame = frame_of(request, "portfolio-compare")
    units = frame.visible.units()
    asked = asked_of(request.GET, frame, units)
    zone, rates = frame.organisation.zone, rates_of(frame.organisation, frame.today)
    days = two_days(frame.rows, asked.on, asked.against, zone, rates)
    context = {
        "frame": frame,
        "asked": asked,
        **charts.days_shown(days, frame.scope),
        "computed": computed_between(frame.rows, asked.on, asked.against),
        "kept": [(name, value) for name, value in frame.scope.asked.items()],
        "earliest": FIRST_DAY,
        "units": _offered(units, asked),
    }
    if asked.unit_a:
        everywhere = frame.scope.without("unit")
        found = two_units(everywhere.of(frame.visible), asked.unit_a, asked.unit_b, zone, rates)
        one = charts.listed_on(everywhere, unit=asked.unit_a)
        other = (
            charts.listed_on(everywhere, unit=asked.unit_b)
            if asked.unit_b
            else charts.listed_on(everywhere, without=asked.unit_a)
        )
        names = dict(units)
        context |= {
            "unit_unconverted": found.one.spent.left_out + found.other.spent.left_out,
            "unit_rows": charts.unit_rows(found, one, other),
            "unit_heads": [
                names.get(asked.unit_a, asked.unit_a),
                names.get(asked.unit_b) or _("All the rest"),
            ],
        }
    return render(request, "portfolio/compare.html", context)


def asked_of(query: QueryDict, frame: Frame, units: Options) -> Asked:
    """The two days and the two units of an address. What cannot be understood is left out, and said so."""
    problems: list[str] = []
    on = _day(query.get("on", ""), frame.today, problems) or months_before(frame.today, 1)
    against = _day(query.get("against", ""), frame.today, problems) or frame.today
    if on > against:
        on, against = against, on
        problems.append(_("The first day was after the second one; they were exchanged."))
    unit_a = _unit(query.get("unit_a", ""), units, problems) or frame.scope.unit or _first(units)
    unit_b = _unit(query.get("unit_b", ""), units, problems)
    if unit_a and unit_a == unit_b:
        problems.append(_("A unit cannot be compared with itself; it stands beside all the rest."))
        unit_b = ""
    return Asked(on, against, unit_a, unit_b, tuple(problems))


def _day(text: str, today: date, problems: list[str]) -> date | None:
    text = text.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        problems.append(
            _("“%(text)s” is not a day such as 2026-11-30; it was left out.") % {"text": text[:40]}
        )
        return None
    if not FIRST_DAY <= day <= today:
        problems.append(
            _("%(day)s has not been, or is too long ago; it was left out.") % {"day": short_day(day)}
        )
        return None
    return day


def _unit(text: str, units: Options, problems: list[str]) -> str:
    unit = normalised(text.replace("\x00", "")[:UNIT_MAX])
    if unit and unit not in dict(units):
        problems.append(
            _("No unit that you may see is called “%(text)s”; it was left out.") % {"text": text[:40]}
        )
        return ""
    return unit


def _first(units: Options) -> str:
    return units[0][0] if units else ""


def _offered(units: Options, asked: Asked) -> Options:
    """However many units there are, only so many are offered; what is asked for is among them in any case."""
    offered = units[:UNITS_OFFERED]
    return [*offered, *(one for one in units[UNITS_OFFERED:] if one[0] in (asked.unit_a, asked.unit_b))]
