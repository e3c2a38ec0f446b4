"""How what is computed is said and shown: one word, tone and icon for each value, used by every page."""

from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from django.utils.translation import gettext as _

from checklists.scoring import ANSWER_LABELS, AnswerValue
from gates.budget import Kind
from gates.criteria import GateKind
from gates.models import DECISIONS
from gates.rules import DecisionKind, GateStatus
from gates.stages import Stage
from readiness.standing.flags.thresholds import Unit
from readiness.standing.models import Severity
from readiness.standing.verdict import Verdict
from readiness.ui.lazily import gettext_lazy, pgettext_lazy
from readiness.ui.local import number
from readiness.ui.saying import content, say_lazily


@dataclass(frozen=True, slots=True)
class Word:
    """``tone`` and ``icon`` as the components take them; ``hint`` explains in one sentence."""

    label: str
    tone: str
    icon: str = "auto"
    hint: str = ""


GATE_WORDS = {
    GateStatus.LOCKED: Word(
        gettext_lazy("Locked"),
        "muted",
        "lock",
        gettext_lazy("An earlier gate is not passed yet; answer its items all the same."),
    ),
    GateStatus.OPEN: Word(
        gettext_lazy("Open"), "neutral", "unanswered", gettext_lazy("Its criteria do not hold yet.")
    ),
    GateStatus.ELIGIBLE: Word(
        gettext_lazy("Ready to submit"),
        "accent",
        "arrow-right",
        gettext_lazy("Its criteria hold: submit it for review."),
    ),
    GateStatus.IN_REVIEW: Word(
        gettext_lazy("In review"), "info", "clock", gettext_lazy("Submitted; a reviewer decides.")
    ),
    GateStatus.RETURNED: Word(
        gettext_lazy("Returned"), "warning", "history", gettext_lazy("The reviewer sent it back.")
    ),
    GateStatus.PASSED: Word(gettext_lazy("Passed"), "good", "check"),
    GateStatus.PASSED_WITH_CONDITIONS: Word(
        gettext_lazy("Passed with conditions"),
        "good",
        "partial",
        gettext_lazy("A condition is not confirmed."),
    ),
    GateStatus.LAPSED: Word(
        gettext_lazy("Lapsed"), "critical", "warning", gettext_lazy("It was passed, and no longer holds.")
    ),
    GateStatus.STOPPED: Word(gettext_lazy("Stopped"), "critical", "stop"),
}
HOLD = "hold"
"""The fifth card of a checkpoint: a return together with a hold."""

_GATE_DECISIONS: dict[str, str] = {value: cast(str, label) for value, label in DECISIONS}
_CHECKPOINT_DECISIONS = {
    DecisionKind.PASS.value: pgettext_lazy("a decision", "Go"),
    DecisionKind.PASS_WITH_CONDITIONS.value: pgettext_lazy("a decision", "Go with conditions"),
    DecisionKind.RETURN.value: pgettext_lazy("a decision", "Rework"),
    HOLD: pgettext_lazy("a decision", "Hold"),
    DecisionKind.STOP.value: pgettext_lazy("a decision", "Stop"),
}
VERDICT_WORDS = {
    Verdict.READY: Word(gettext_lazy("Ready"), "good", "check", gettext_lazy("Every gate is passed.")),
    Verdict.CONDITIONAL: Word(
        gettext_lazy("Conditional"), "warning", "partial", gettext_lazy("Ready, under conditions or waivers.")
    ),
    Verdict.NOT_READY: Word(
        gettext_lazy("Not ready"),
        "neutral",
        "minus",
        gettext_lazy("Something still stands in the way of production."),
    ),
}
SEVERITY_WORDS = {
    Severity.INFO: Word(gettext_lazy("Info"), "info", "info"),
    Severity.WARNING: Word(gettext_lazy("Warning"), "warning", "warning"),
    Severity.CRITICAL: Word(gettext_lazy("Critical"), "critical", "critical"),
}
ANSWER_WORDS = {
    AnswerValue.MET: Word(say_lazily(ANSWER_LABELS[AnswerValue.MET]), "good", "check"),
    AnswerValue.PARTIAL: Word(say_lazily(ANSWER_LABELS[AnswerValue.PARTIAL]), "warning", "partial"),
    AnswerValue.NOT_MET: Word(say_lazily(ANSWER_LABELS[AnswerValue.NOT_MET]), "critical", "cross"),
    AnswerValue.UNANSWERED: Word(say_lazily(ANSWER_LABELS[AnswerValue.UNANSWERED]), "muted", "unanswered"),
}
SPENDING_WORDS = {
    Kind.DATA: pgettext_lazy("money spent on", "Data"),
    Kind.INFRASTRUCTURE: pgettext_lazy("money spent on", "Infrastructure"),
    Kind.INTEGRATION: pgettext_lazy("money spent on", "Integration"),
    Kind.CHANGE: pgettext_lazy("money spent on", "Change"),
    Kind.OTHER: pgettext_lazy("money spent on", "Other"),
}
STAGE_WORDS = {
    Stage.INTAKE: Word(gettext_lazy("Intake"), "neutral", "inbox"),
    Stage.POC: Word(gettext_lazy("PoC"), "neutral", "search"),
    Stage.PILOT: Word(gettext_lazy("Pilot"), "info", "users"),
    Stage.ROLLOUT: Word(gettext_lazy("Rollout"), "accent", "rocket"),
    Stage.LIVE: Word(gettext_lazy("Live"), "good", "check"),
    Stage.RETIRED: Word(gettext_lazy("Retired"), "muted", "minus"),
    Stage.STOPPED: Word(gettext_lazy("Stopped"), "muted", "stop"),
}


def threshold_in_words(value: Decimal, unit: Unit) -> str:
    """21 days, 1 day, 30 %, × 1.5, 3."""
    if unit == Unit.DAYS and value == 1:
        return _("1 day")
    if unit == Unit.SHARE:
        return f"× {_number(value)}"
    if unit == Unit.DAYS:
        return _("%(days)s days") % {"days": _number(value)}
    return f"{_number(value)} %" if unit == Unit.PERCENT else _number(value)


def _number(value: Decimal) -> str:
    """As the reader writes it, without a tail of zeros: 21, 1.5 or 1,5, 10,000 or 10.000."""
    return number(f"{value.normalize():,f}")


def gate_name(slug: str) -> str:
    """A gate as a sentence names it where only its slug is known: its shipped name in the reader's language."""
    return str(content(slug.replace("-", " ").capitalize()))


def decision_labels(kind: GateKind) -> dict[str, str]:
    """What can be decided, in the words of a gate or of a checkpoint, in the order in which it is offered."""
    return _CHECKPOINT_DECISIONS if kind == GateKind.CHECKPOINT else _GATE_DECISIONS
