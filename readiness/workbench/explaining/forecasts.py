"""The forecast in words, and as a picture: what was met over the days, what is needed, and how it may go on."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gates.models import Initiative
from readiness.portfolio.figures import counting_day
from readiness.portfolio.forecast_words import without_forecast
from readiness.standing.models import HistoryPoint, Standing
from readiness.ui.burn_ups import Fan
from readiness.ui.local import long_day

POINTS = 200


@dataclass(frozen=True, slots=True)
class ShownForecast:
    """The sentence, and what the burn-up is drawn from: points of (day, met), how many are needed, and are in all."""

    sentence: str
    points: list[tuple[date, int]]
    need: int
    scope: int
    fan: Fan | None


def forecast_sentence(standing: Standing) -> str:
    """When enough is met at the present pace, or why that cannot be said; "" where nobody asks any more."""
    if standing.forecast_on is not None and standing.forecast_from is not None:
        words = {
            "needed": standing.required_met,
            "day": long_day(standing.forecast_on),
            "early": long_day(standing.forecast_from),
        }
        if standing.forecast_to is None:
            return (
                _(
                    "At today’s pace %(needed)s are met around %(day)s, hardly before %(early)s; "
                    "it may well take more than two years."
                )
                % words
            )
        words["late"] = long_day(standing.forecast_to)
        return _("At today’s pace %(needed)s are met around %(day)s, between %(early)s and %(late)s.") % words
    return without_forecast(standing.forecast_none, standing.required_met, standing.met)


def shown_forecast(initiative: Initiative, standing: Standing, today: date) -> ShownForecast:
    """With the days on which the number of items met changed, the newest two hundred of them, and today."""
    rows = HistoryPoint.objects.filter(initiative=initiative).order_by("-on").values_list("on", "met")
    points = list(rows[:POINTS])[::-1]
    last_day = counting_day(initiative, today)
    if points and points[-1][0] < last_day and not initiative.has_ended:
        points.append((last_day, standing.met))
    fan = None
    if standing.forecast_on is not None and standing.forecast_from is not None:
        fan = Fan(early=standing.forecast_from, middle=standing.forecast_on, late=standing.forecast_to)
    return ShownForecast(
        sentence=forecast_sentence(standing),
        points=_turns(points) if len(points) > 1 else [],
        need=standing.required_met,
        scope=standing.total,
        fan=fan,
    )


def _turns(points: list[tuple[date, int]]) -> list[tuple[date, int]]:
    """The first, the last, and those at which the number changed: what a line of steps needs."""
    inner = [point for before, point in zip(points[:-2], points[1:-1], strict=True) if point[1] != before[1]]
    return [points[0], *inner, points[-1]]
