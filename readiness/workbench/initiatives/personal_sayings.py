"""What a person chose for themselves or took along, in words."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from gates.stages import Stage
from readiness.audit.verbs import verb_words
from readiness.portfolio.scope import FILTERS
from readiness.standing.words import STAGE_WORDS
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import month, short_moment
from readiness.ui.markup import figure
from readiness.workbench.initiatives.telling import Data, Saying, day_words, fields_changed, named

# The words of the notifications' own page, which is another door; a test holds the two together.
KINDS = {
    "mine": gettext_lazy("What is asked of me by name"),
    "reviews": gettext_lazy("Decisions that wait for reviewers"),
    "team": gettext_lazy("News of my initiatives"),
}
DELIVERIES = {
    "at_once": gettext_lazy("By mail at once"),
    "daily": gettext_lazy("In one mail a day"),
    "app": gettext_lazy("Only under the bell"),
}
# As above, of the page of reports.
FORMATS = {
    "pdf": gettext_lazy("Board report (PDF)"),
    "xlsx": gettext_lazy("Workbook (XLSX)"),
    "csv": gettext_lazy("Table of the initiatives (CSV)"),
    "figs": gettext_lazy("Table of the figures (CSV)"),
}


def delivery_chosen(data: Data) -> Saying:
    """How a person wants to be told: each kind of notice with its new way and the one before."""
    changed = data["changed"]
    lines = [
        _("%(kind)s: “%(after)s”, before “%(before)s”.")
        % {"kind": words, "after": DELIVERIES[after], "before": DELIVERIES[before]}
        for kind, words in KINDS.items()
        if kind in changed
        for before, after in [changed[kind]]
    ]
    return Saying(_("Notifications chosen"), "\n".join([data["username"], *lines]), "neutral", "bell")


def _report(title: str, icon: str) -> Callable[[Data], Saying]:
    """A report as a file: of what kind it is, and what it speaks of."""

    def say(data: Data) -> Saying:
        kind = str(FORMATS.get(data["format"], data["format"]))
        return Saying(str(title), "\n".join([kind, *_filters(data["filters"])]), "neutral", icon)

    return say


def _filters(asked: Mapping[str, str]) -> list[str]:
    """What a report speaks of, a filter a line, in the order of the form."""
    lines = [f"{label}: {_value(name, asked[name])}" for name, label in FILTERS.items() if name in asked]
    return lines or [_("The whole portfolio")]


def _value(name: str, value: str) -> str:
    if name == "stage":
        return str(STAGE_WORDS[Stage(value)].label)
    return day_words(value) if name in ("since", "until") else value


# As above, of the page of the trail.
TRAIL_FILTERS = {
    "words": gettext_lazy("Words"),
    "verb": gettext_lazy("Event"),
    "actor": gettext_lazy("Person"),
    "initiative": gettext_lazy("Initiative"),
    "since": gettext_lazy("From"),
    "until": gettext_lazy("Before"),
}


def _trail_taken(data: Data) -> Saying:
    """The trail as a file: of what kind, how far it reaches, and what it was narrowed to."""
    words = {"format": data["format"].upper(), "last": figure(data["up_to"])}
    asked = data["filters"]
    lines = [
        f"{label}: {_trail_value(name, asked[name])}"
        for name, label in TRAIL_FILTERS.items()
        if name in asked
    ]
    body = [_("%(format)s, up to event %(last)s") % words, *(lines or [_("Every event")])]
    return Saying(_("Audit trail downloaded"), "; ".join(body), "neutral", "download")


def _trail_value(name: str, value: str) -> str:
    if name == "verb":
        return verb_words(value)
    return short_moment(datetime.fromisoformat(value)) if name in ("since", "until") else value


def _monthly_wanted(data: Data) -> Saying:
    return Saying(_("Monthly report ordered"), "\n".join(_filters(data["filters"])), "neutral", "mail")


def _monthly_ended(data: Data) -> Saying:
    body = _("By the link of a mail, without a sign-in.") if data.get("by_link") else ""
    return Saying(_("Monthly report ended"), body, "neutral", "mail")


def _mailed(data: Data) -> Saying:
    words = {"username": data["username"], "month": month(date.fromisoformat(f"{data['month']}-01"))}
    to = _("To %(username)s, for %(month)s.") % words
    return Saying(_("Report sent by mail"), "\n".join([to, *_filters(data["filters"])]), "neutral", "mail")


PERSONAL: Mapping[str, Callable[[Data], Saying]] = {
    "notifications.chosen": delivery_chosen,
    "language.chosen": fields_changed(gettext_lazy("Language chosen"), "username"),
    "view.saved": named(gettext_lazy("View saved"), "name", icon="eye"),
    "view.changed": fields_changed(gettext_lazy("View changed"), "name"),
    "view.deleted": named(gettext_lazy("View deleted"), "name", tone="warning", icon="eye"),
    "view.start": fields_changed(gettext_lazy("Start page chosen")),
    "report.ordered": _report(gettext_lazy("Report ordered"), "file"),
    "report.downloaded": _report(gettext_lazy("Report downloaded"), "download"),
    "report.monthly_wanted": _monthly_wanted,
    "report.monthly_ended": _monthly_ended,
    "report.mailed": _mailed,
    "trail.downloaded": _trail_taken,
    "two_factor.set_up": named(gettext_lazy("Second factor set up"), "username", tone="good", icon="key"),
    "two_factor.turned_off": named(
        gettext_lazy("Second factor turned off"), "username", tone="warning", icon="key"
    ),
    "two_factor.reset": named(gettext_lazy("Second factor reset"), "username", tone="warning", icon="key"),
    "two_factor.recovery_codes_made": named(gettext_lazy("Recovery codes made anew"), "username", icon="key"),
    "two_factor.recovery_code_used": named(
        gettext_lazy("Signed in with a recovery code"), "username", "left", tone="warning", icon="key"
    ),
}
