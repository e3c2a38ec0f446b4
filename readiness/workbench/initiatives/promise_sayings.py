"""Events about KPIs, readings and exit criteria in words."""

from collections.abc import Callable, Mapping

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
        body = f"{data['name']}, after the promises were locked: {data['reason']}"
        return Saying("KPI added late", body, "warning", "plus")
    return Saying("KPI added", data["name"], "info", "plus")


def _kpi_amended(data: Data) -> Saying:
    body = "\n".join([data["name"], *changes_words(data), data["reason"]])
    return Saying("Locked promise amended", body, "warning", "edit")


def _read(data: Data) -> Saying:
    value = f"{data['value']} {data['unit']}".strip()
    body = f"{data['name']}: {value} on {day_words(data['on'])}"
    return Saying(
        "Reading entered", "\n".join(part for part in (body, data.get("note")) if part), icon="trend"
    )


def _read_many(data: Data) -> Saying:
    body = f"{data['name']}, from {day_words(data['first_on'])} to {day_words(data['last_on'])}"
    title = f"{data['count']:,} readings entered"
    return Saying(title, " · ".join(part for part in (body, data.get("file")) if part), icon="trend")


def _reading_withdrawn(data: Data) -> Saying:
    said = _read(data)
    return Saying("Reading withdrawn", f"{said.body}\n{data['reason']}", "warning", "return")


def _exit_added(data: Data) -> Saying:
    late = bool(data.get("reason"))
    body = f"{data['words']}, after the promises were locked: {data['reason']}" if late else data["words"]
    return Saying(
        f"Exit criterion agreed{' late' if late else ''}", body, "warning" if late else "info", "target"
    )


def _exit_amended(data: Data) -> Saying:
    body = "\n".join([data["words"], *changes_words(data), data["reason"]])
    return Saying("Locked exit criterion amended", body, "warning", "edit")


def _exit_decided(data: Data) -> Saying:
    title, tone, icon = _EXIT_DECISIONS[data["decision"]]
    until = {"hold": "To be looked at again by", "go_on": "Through"}.get(data["decision"], "")
    day = data.get("review_on") or data.get("expires_on")
    parts = [f"{data['words']}.", data["reason"], f"{until} {day_words(day)}." if until and day else ""]
    return Saying(f"Exit criterion decided: {title}", "\n".join(part for part in parts if part), tone, icon)


_EXIT_DECISIONS = {
    "stop": ("stop", "critical", "stop"),
    "hold": ("put it on hold", "warning", "pause"),
    "rework": ("rework it", "info", "return"),
    "go_on": ("go on all the same", "warning", "play"),
}

PROMISES: Mapping[str, Callable[[Data], Saying]] = {
    "kpi.added": _kpi_added,
    "kpi.edited": fields_changed("KPI edited", "name"),
    "kpi.amended": _kpi_amended,
    "kpi.removed": named("KPI removed", "name", tone="warning", icon="trash"),
    "amendment.acknowledged": named("Amended promise acknowledged", "promise", tone="good", icon="check"),
    "reading.added": _read,
    "readings.added": _read_many,
    "reading.withdrawn": _reading_withdrawn,
    "exit_criterion.added": _exit_added,
    "exit_criterion.edited": fields_changed("Exit criterion changed", "words"),
    "exit_criterion.amended": _exit_amended,
    "exit_criterion.removed": named("Exit criterion removed", "words", tone="warning", icon="trash"),
    "exit.decided": _exit_decided,
}
