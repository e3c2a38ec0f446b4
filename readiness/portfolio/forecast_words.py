"""Why there is no forecast, in words: the same on an initiative's page and over the portfolio."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from readiness.standing.forecast import WEEKS_NEEDED, NoForecast
from readiness.ui.lazily import gettext_lazy

WHY_NOT: Mapping[NoForecast, str] = {
    NoForecast.ENDED: gettext_lazy("ended"),
    NoForecast.LAUNCHED: gettext_lazy("in rollout or live"),
    NoForecast.REACHED: gettext_lazy("enough is met"),
    NoForecast.ON_HOLD: gettext_lazy("on hold"),
    NoForecast.TOO_SHORT: gettext_lazy("the history is too short"),
    NoForecast.NOT_AT_THIS_PACE: gettext_lazy("not at this pace"),
}
"""In a few words, as they stand beside a figure."""


def without_forecast(why: str, needed: int | None, met: int | None = None) -> str:
    """A sentence; "" where nobody asks any more. None: of several initiatives at once, which differ in it."""
    words = {"needed": needed, "met": met, "weeks": WEEKS_NEEDED}
    match why:
        case NoForecast.REACHED:
            return "" if met is None else _("%(met)s are met; %(needed)s are needed.") % words
        case NoForecast.ON_HOLD:
            return _("No forecast while it is on hold.")
        case NoForecast.TOO_SHORT:
            return (
                _("No forecast yet: it takes %(weeks)s whole weeks, from Monday to Sunday, to see a pace.")
                % words
            )
        case NoForecast.NOT_AT_THIS_PACE:
            return (
                ""
                if needed is None
                else (
                    _("Not at this pace: as the last weeks went, %(needed)s are not met within two years.")
                    % words
                )
            )
    return ""
