"""How the tiles of the overview differ from a month ago, in words: where the history knows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from readiness.portfolio.figures import Headline
from readiness.portfolio.past.marks import Counted, Mark
from readiness.ui.markup import figure


@dataclass(frozen=True, slots=True)
class Delta:
    """``words`` say it whole; ``tone`` only repeats whether it is for the better."""

    words: str
    tone: str = "neutral"


def since_then(then: Counted, headline: Headline) -> Mapping[str, Delta]:
    """By tile. ``then``: the day a month ago, of the same initiatives.

    Without what the history does not know: all of it where nothing ran then, and what depends on readiness where that
    of some was not recorded.
    """
    if not then.of(Mark.RUNNING):
        return {}
    found = {"running": _delta(then.of(Mark.RUNNING), headline.running)}
    if then.of(Mark.UNRECORDED):
        return found
    return found | {
        "ready": _delta(then.of(Mark.READY_AHEAD), headline.ready_ahead, "good", "warning"),
        "conditional": _delta(then.of(Mark.CONDITIONAL_AHEAD), headline.conditional_ahead),
        "stalled": _delta(then.of(Mark.STALLED), headline.stalled, "critical", "good"),
    }


def _delta(then: int, now: int, more: str = "neutral", fewer: str = "neutral") -> Delta:
    count = abs(now - then)
    words = {"count": figure(count)}
    if now > then:
        return Delta(
            ngettext("%(count)s more than a month ago", "%(count)s more than a month ago", count) % words,
            more,
        )
    if now < then:
        return Delta(
            ngettext("%(count)s fewer than a month ago", "%(count)s fewer than a month ago", count) % words,
            fewer,
        )
    return Delta(_("as many as a month ago"))
