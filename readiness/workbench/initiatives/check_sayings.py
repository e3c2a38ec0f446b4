"""Events about automated checks in words."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from readiness.standing.words import ANSWER_WORDS
from readiness.workbench.checklists.words import RESULT_WORDS
from readiness.workbench.initiatives.telling import Data, Saying, change_words


def _received(data: Data) -> Saying:
    word = RESULT_WORDS[data["result"]]
    title = _("Automated check of %(item)s: %(result)s") % {"item": data["item"], "result": word.label}
    told = f"{data['check']}: {data['summary']}" if data.get("summary") else data["check"]
    return Saying(title, "\n".join([told, *_measured(data)]), word.tone, word.icon)


def _bound(data: Data) -> Saying:
    before, after = data["check"]
    title = _("%(item)s is measured by %(check)s") % {"item": data["item"], "check": after}
    lines = [change_words(_("Automated check"), before, after)] if before else []
    return Saying(title, "\n".join([*lines, *_measured(data), *_reason(data)]), "info", "checklist")


def _unbound(data: Data) -> Saying:
    title = _("No check measures %(item)s any more") % {"item": data["item"]}
    lines = [data["check"][0], *_measured(data), *_reason(data)]
    return Saying(title, "\n".join(lines), "warning", "checklist")


def _measured(data: Data) -> list[str]:
    before, after = data.get("measured", (None, None))
    if before == after:
        return []
    words = (str(ANSWER_WORDS[value].label) if value else "" for value in (before, after))
    return [change_words(_("Measured"), *words)]


def _reason(data: Data) -> list[str]:
    return [data["reason"]] if data.get("reason") else []


CHECKS: Mapping[str, Callable[[Data], Saying]] = {
    "check.received": _received,
    "check.bound": _bound,
    "check.unbound": _unbound,
}
