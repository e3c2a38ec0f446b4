"""What an event changed in the standing, one sentence each."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from gates.promises import criterion_read
from gates.rules import GateStatus
from readiness.standing.definitions import flag_rules
from readiness.standing.models import Severity
from readiness.standing.verdict import Verdict
from readiness.standing.words import GATE_WORDS, SEVERITY_WORDS, VERDICT_WORDS, gate_name
from readiness.ui.local import number, within
from readiness.ui.saying import content, say


def consequences(changed: Mapping[str, Any]) -> list[str]:
    """The gravest first. ``changed`` as a recompute writes it into the event."""
    found = [
        _("Exit criterion reached: %(words)s.") % {"words": say(criterion_read(one["words"]))}
        for one in changed.get("exits_triggered", [])
    ]
    if "verdict" in changed:
        before, after = (within(VERDICT_WORDS[Verdict(word)].label) for word in changed["verdict"])
        found.append(_("Verdict from %(before)s to %(after)s.") % {"before": before, "after": after})
    found += [_gate(slug, *statuses) for slug, statuses in changed.get("gates", {}).items() if all(statuses)]
    if "score" in changed:
        found.append(
            _("Score from %(value)s to %(value2)s.")
            % {"value": number(str(changed["score"][0])), "value2": number(str(changed["score"][1]))}
        )
    if "stalled" in changed:
        found.append(_("Now stalled.") if changed["stalled"][1] else _("No longer stalled."))
    found += [
        _("Flag opened: %(code)s.") % {"code": _title(flag["code"])}
        for flag in changed.get("flags_opened", [])
    ]
    found += [
        _("No longer snoozed: %(code)s.") % {"code": _title(flag["code"])}
        for flag in changed.get("flags_back", [])
    ]
    found += [
        _("Flag brought up to date: %(code)s (%(severity)s).")
        % {"code": _title(flag["code"]), "severity": _severity(flag["severity"])}
        for flag in changed.get("flags_changed", [])
    ]
    found += [
        _("Flag resolved: %(code)s.") % {"code": _title(code)} for code in changed.get("flags_resolved", [])
    ]
    return found


def _gate(slug: str, before: str, after: str) -> str:
    return _("%(name)s: %(before)s to %(after)s.") % {
        "name": gate_name(slug),
        "before": _status(before),
        "after": _status(after),
    }


def _status(word: str) -> str:
    return within(GATE_WORDS[GateStatus(word)].label)


def _severity(word: str) -> str:
    return within(SEVERITY_WORDS[Severity(word)].label)


def _title(code: str) -> str:
    rule = flag_rules().get(code)
    return within(content(rule.title)) if rule else code
