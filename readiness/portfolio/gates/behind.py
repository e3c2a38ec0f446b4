"""The lists behind the figures of the gates: ``gates:five-gate/data/passed`` and those of no unit."""

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from checklists.models import Framework, Gate
from gates.querysets import InitiativeQuerySet
from gates.rules import PASSED_STATUSES, GateStatus
from readiness.portfolio.found import Found
from readiness.portfolio.gates.figures import at_gate, computed_on
from readiness.standing.words import GATE_WORDS
from readiness.ui.saying import content

NO_UNIT = "no-unit"
STATES: Mapping[str, frozenset[GateStatus]] = {
    "passed": PASSED_STATUSES,
    "lapsed": frozenset({GateStatus.LAPSED}),
    "in_review": frozenset({GateStatus.IN_REVIEW}),
}


def asks(framework: str, gate: str = "", state: str = "", *, unnamed: bool = False) -> str:
    """As an address asks: all on this framework, or those whose gate is in this state; ``unnamed``: of no unit."""
    parts = [framework, gate, state, NO_UNIT] if unnamed else [framework, gate, state]
    return f"gates:{'/'.join(parts).rstrip('/')}"


def behind_gates(rows: InitiativeQuerySet, argument: str, today: date) -> Found | None:
    framework, gate, state, unit, *more = argument.split("/") + [""] * (3 - argument.count("/"))
    if more or unit not in ("", NO_UNIT) or bool(gate) != bool(state):
        return None
    named = Framework.objects.filter(slug=framework).order_by("-pk").values_list("name", flat=True).first()
    if named is None or (state and state not in STATES):
        return None
    words = _("Gates of %(framework)s") % {"framework": content(named)}
    if unit:
        rows = rows.filter(business_unit_key="")
    if not gate:
        return Found(computed_on(rows, framework), words)
    name = _gate_name(framework, gate)
    if name is None:
        return None
    said = _("%(gate)s: %(state)s") % {"gate": content(name), "state": _STATE_WORDS[state]()}
    return Found(at_gate(rows, framework, gate, STATES[state]), said)


def _gate_name(framework: str, gate: str) -> str | None:
    gates = Gate.objects.filter(framework__slug=framework, slug=gate).order_by("-framework_id")
    return gates.values_list("name", flat=True).first()


_STATE_WORDS: Mapping[str, Callable[[], str]] = {
    "passed": lambda: _("passed"),
    "lapsed": lambda: str(GATE_WORDS[GateStatus.LAPSED].label),
    "in_review": lambda: str(GATE_WORDS[GateStatus.IN_REVIEW].label),
}
