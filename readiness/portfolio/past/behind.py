"""The lists behind figures of a day, and behind what changed between two: "was:2026-10-31.stalled"."""

from datetime import date

from django.utils.translation import gettext as _

from gates.querysets import InitiativeQuerySet
from gates.stages import Stage
from readiness.accounts.models import Organisation
from readiness.portfolio.changes import LISTS, changes_of
from readiness.portfolio.found import Found
from readiness.portfolio.past.days import Life
from readiness.portfolio.past.loading import lives
from readiness.portfolio.past.marks import BANDS, MARKS, Mark, band_mark, flag_mark, marks_of, stage_mark
from readiness.standing.models import Severity
from readiness.standing.verdict import Verdict
from readiness.standing.words import SEVERITY_WORDS, STAGE_WORDS, VERDICT_WORDS
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import short_day

CHANGE_WORDS = {
    "went_live": gettext_lazy("Went live"),
    "became_ready": gettext_lazy("Became ready"),
    "passed_a_gate": gettext_lazy("Passed a gate"),
    "moved_on": gettext_lazy("Moved on"),
    "came_in": gettext_lazy("Came in"),
    "became_stalled": gettext_lazy("Became stalled"),
    "mended": gettext_lazy("Stalled no longer"),
    "no_longer_ready": gettext_lazy("Ready no longer"),
    "moved_back": gettext_lazy("Moved back"),
    "stopped": gettext_lazy("Stopped"),
    "retired": gettext_lazy("Retired"),
}
_MARK_WORDS = {
    Mark.RUNNING.value: gettext_lazy("Running"),
    Mark.RECORDED.value: gettext_lazy("Running, readiness recorded"),
    Mark.UNRECORDED.value: gettext_lazy("Readiness not recorded"),
    Mark.STALLED.value: gettext_lazy("Stalled"),
    Mark.READY_AHEAD.value: gettext_lazy("Ready for production, not yet live"),
    Mark.CONDITIONAL_AHEAD.value: gettext_lazy("Conditional, not yet live"),
}


def mark_words(mark: str) -> str:
    """What it is called in a list and beside a figure."""
    words = dict(_MARK_WORDS)
    words |= {stage_mark(stage): STAGE_WORDS[stage].label for stage in Stage}
    words |= {verdict.value: VERDICT_WORDS[verdict].label for verdict in Verdict}
    words |= {
        band_mark(low): _("Score %(low)s to %(high)s") % {"low": low, "high": highest(low)}
        for low, _high in BANDS
    }
    words |= {
        flag_mark(severity.value): _("With an open flag: %(severity)s")
        % {"severity": SEVERITY_WORDS[severity].label}
        for severity in Severity
    }
    return str(words[mark])


def highest(low: int) -> int:
    """The highest whole score of a band."""
    high = dict(BANDS)[low]
    return high if high == BANDS[-1][1] else high - 1


def was(rows: InitiativeQuerySet, argument: str, today: date) -> Found | None:
    """Those that stood in a mark at the end of a day: "2026-10-31.stalled"; without a unit: "….stalled.sales"."""
    when, _dot, further = argument.partition(".")
    mark, _dot, without = further.partition(".")
    day = _day(when)
    if day is None or day > today or mark not in MARKS:
        return None
    rows = rows.exclude(business_unit_key=without) if without else rows
    known = lives(rows, day, day, Organisation.get().zone)
    keys = [life.key for life in known if mark in marks_of(life, day)]
    return Found(rows.filter(pk__in=keys), _("%(what)s on %(day)s") % _said(mark_words(mark), day))


def changed(rows: InitiativeQuerySet, argument: str, today: date) -> Found | None:
    """Those of one list of what changed: "2026-10-31.2026-11-30.went_live"."""
    first, _dot, further = argument.partition(".")
    last, _dot, name = further.partition(".")
    since, until = _day(first), _day(last)
    if since is None or until is None or not since <= until <= today or name not in LISTS:
        return None
    known: list[Life] = lives(rows, since, until, Organisation.get().zone)
    keys = [one.pk for one in changes_of(known, since, until).list_of(name)]
    return Found(rows.filter(pk__in=keys), _("%(what)s since %(day)s") % _said(CHANGE_WORDS[name], since))


def was_behind(mark: str, day: date, without: str = "") -> str:
    """As it stands in an address."""
    return f"was:{day.isoformat()}.{mark}" + (f".{without}" if without else "")


def changed_behind(name: str, since: date, until: date) -> str:
    return f"changed:{since.isoformat()}.{until.isoformat()}.{name}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _said(what: str, day: date) -> dict[str, str]:
    return {"what": str(what), "day": short_day(day)}
