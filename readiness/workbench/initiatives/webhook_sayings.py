"""Events about webhooks in words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from readiness.ui.lazily import gettext_lazy
from readiness.workbench.initiatives.telling import Data, Saying, change_words, named


def _added(data: Data) -> Saying:
    body = "\n".join([_whose(data), ", ".join(data["events"])])
    return Saying(_("Webhook added"), body, "neutral", "link")


def _edited(data: Data) -> Saying:
    words = {"url": _("Address"), "description": _("What is it for?"), "events": _("Events")}
    changed = data.get("changed", {})
    lines = [change_words(label, *changed[name]) for name, label in words.items() if name in changed]
    if "active" in changed:
        lines.append(_("Switched on.") if changed["active"][1] else _("Switched off."))
    return Saying(_("Webhook changed"), "\n".join([_whose(data), *lines]), "neutral", "edit")


def _turned_off(data: Data) -> Saying:
    told = _("Number %(webhook)s: the receiver answered 410, it is gone.") % {"webhook": data["webhook"]}
    return Saying(_("Webhook switched off"), told, "warning", "stop")


def _whose(data: Data) -> str:
    facts: dict[str, Any] = {"webhook": data["webhook"], "origin": data["origin"]}
    return _("Number %(webhook)s, %(origin)s") % facts


WEBHOOKS: Mapping[str, Callable[[Data], Saying]] = {
    "webhook.added": _added,
    "webhook.edited": _edited,
    "webhook.removed": named(gettext_lazy("Webhook removed"), "origin", tone="warning", icon="trash"),
    "webhook.secret_changed": named(gettext_lazy("Secret of a webhook changed"), "origin", icon="key"),
    "webhook.tried": named(gettext_lazy("Webhook tried"), "origin", "message", icon="play"),
    "webhook.replayed": named(gettext_lazy("Delivery sent again"), "origin", "message", icon="return"),
    "webhook.turned_off": _turned_off,
}
