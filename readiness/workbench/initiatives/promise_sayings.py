"""Events about KPIs, readings and exit criteria in words."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from gates.promises import criterion_read
from readiness.actions.own_reasons import reason_given
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import number
from readiness.ui.saying import say
from readiness.workbench.initiatives.telling import (
    Data,
    Saying,
    changes_words,
    day_words,
    fields_changed,
    named,
)


def _kpi_added(data: Data) -> Saying:
    if data.get("reason"):
        body = _("%(name)s, after the promises were locked: %(reason)s") % {
            "name": data["name"],
            "reason": data["reason"],
        }
        return Saying(_("KPI added late"), body, "warning", "plus")
    return Saying(_("KPI added"), data["name"], "info", "plus")


def _kpi_amended(data: Data) -> Saying:
    body = "\n".join([data["name"], *changes_words(data), data["reason"]])
    return Saying(_("Locked promise amended"), body, "warning", "edit")


def _read(data: Data) -> Saying:
    value = f"{number(str(data['value']))} {data['unit']}".strip()
    body = _("%(name)s: %(value)s on %(on)s") % {
        "name": data["name"],
        "value": value,
        "on": day_words(data["on"]),
    }
    return Saying(
        _("Reading entered"), "\n".join(part for part in (body, data.get("note")) if part), icon="trend"
    )


def _read_many(data: Data) -> Saying:
    body = _("%(name)s, from %(first_on)s to %(last_on)s") % {
        "name": data["name"],
        "first_on": day_words(data["first_on"]),
        "last_on": day_words(data["last_on"]),
    }
    title = _("%(count)s readings entered") % {"count": number(f"{data['count']:,}")}
    return Saying(title, " · ".join(part for part in (body, data.get("file")) if part), icon="trend")


def _reading_withdrawn(data: Data) -> Saying:
    said = _read(data)
    return Saying(_("Reading withdrawn"), f"{said.body}\n{data['reason']}", "warning", "return")


def _criterion(data: Data) -> str:
    """The criterion of the event, whose words are stored as a text alone."""
    return str(say(criterion_read(data["words"])))


def _with_criterion(told: Callable[[Data], Saying]) -> Callable[[Data], Saying]:
    return lambda data: told({**data, "words": _criterion(data)} if "words" in data else data)


def _exit_added(data: Data) -> Saying:
    late = bool(data.get("reason"))
    body = (
        _("%(words)s, after the promises were locked: %(reason)s")
        % {"words": _criterion(data), "reason": data["reason"]}
        if late
        else _criterion(data)
    )
    return Saying(
        _("Exit criterion agreed late") if late else _("Exit criterion agreed"),
        body,
        "warning" if late else "info",
        "target",
    )


def _exit_amended(data: Data) -> Saying:
    body = "\n".join([_criterion(data), *changes_words(data), data["reason"]])
    return Saying(_("Locked exit criterion amended"), body, "warning", "edit")


def _exit_decided(data: Data) -> Saying:
    title, tone, icon = _EXIT_DECISIONS[data["decision"]]
    until = {"hold": _("To be looked at again by"), "go_on": _("Through")}.get(data["decision"], "")
    day = data.get("review_on") or data.get("expires_on")
    reason = say(reason_given(data["reason"]))
    parts = [f"{_criterion(data)}.", reason, f"{until} {day_words(day)}." if until and day else ""]
    return Saying(
        _("Exit criterion decided: %(title)s") % {"title": title},
        "\n".join(part for part in parts if part),
        tone,
        icon,
    )


_EXIT_DECISIONS = {
    "stop": (gettext_lazy("stop"), "critical", "stop"),
    "hold": (gettext_lazy("put it on hold"), "warning", "pause"),
    "rework": (gettext_lazy("rework it"), "info", "return"),
    "go_on": (gettext_lazy("go on all the same"), "warning", "play"),
}

PROMISES: Mapping[str, Callable[[Data], Saying]] = {
    "kpi.added": _kpi_added,
    "kpi.edited": fields_changed(gettext_lazy("KPI edited"), "name"),
    "kpi.amended": _kpi_amended,
    "kpi.removed": named(gettext_lazy("KPI removed"), "name", tone="warning", icon="trash"),
    "amendment.acknowledged": named(
        gettext_lazy("Amended promise acknowledged"), "promise", tone="good", icon="check"
    ),
    "reading.added": _read,
    "readings.added": _read_many,
    "reading.withdrawn": _reading_withdrawn,
    "exit_criterion.added": _exit_added,
    "exit_criterion.edited": _with_criterion(fields_changed(gettext_lazy("Exit criterion changed"), "words")),
    "exit_criterion.amended": _exit_amended,
    "exit_criterion.removed": _with_criterion(
        named(gettext_lazy("Exit criterion removed"), "words", tone="warning", icon="trash")
    ),
    "exit.decided": _exit_decided,
}
