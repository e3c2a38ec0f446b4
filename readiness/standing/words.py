"""How what is computed is said and shown: one word, tone and icon for each value, used by every page."""

from dataclasses import dataclass
from decimal import Decimal

from checklists.scoring import ANSWER_LABELS, AnswerValue
from gates.promises import plain
from gates.rules import GateStatus
from gates.stages import Stage
from readiness.standing.flags.thresholds import Unit
from readiness.standing.models import Severity
from readiness.standing.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Word:
    """``tone`` and ``icon`` as the components take them; ``hint`` explains in one sentence."""

    label: str
    tone: str
    icon: str = "auto"
    hint: str = ""


GATE_WORDS = {
    GateStatus.LOCKED: Word(
        "Locked", "muted", "lock", "An earlier gate is not passed yet; answer its items all the same."
    ),
    GateStatus.OPEN: Word("Open", "neutral", "unanswered", "Its criteria do not hold yet."),
    GateStatus.ELIGIBLE: Word(
        "Ready to submit", "accent", "arrow-right", "Its criteria hold: submit it for review."
    ),
    GateStatus.IN_REVIEW: Word("In review", "info", "clock", "Submitted; a reviewer decides."),
    GateStatus.RETURNED: Word("Returned", "warning", "history", "The reviewer sent it back."),
    GateStatus.PASSED: Word("Passed", "good", "check"),
    GateStatus.PASSED_WITH_CONDITIONS: Word(
        "Passed with conditions", "good", "partial", "A condition is not confirmed."
    ),
    GateStatus.LAPSED: Word("Lapsed", "critical", "warning", "It was passed, and no longer holds."),
    GateStatus.STOPPED: Word("Stopped", "critical", "stop"),
}
VERDICT_WORDS = {
    Verdict.READY: Word("Ready", "good", "check", "Every gate is passed."),
    Verdict.CONDITIONAL: Word("Conditional", "warning", "partial", "Ready, under conditions or waivers."),
    Verdict.NOT_READY: Word(
        "Not ready", "neutral", "minus", "Something still stands in the way of production."
    ),
}
SEVERITY_WORDS = {
    Severity.INFO: Word("Info", "info", "info"),
    Severity.WARNING: Word("Warning", "warning", "warning"),
    Severity.CRITICAL: Word("Critical", "critical", "critical"),
}
ANSWER_WORDS = {
    AnswerValue.MET: Word(ANSWER_LABELS[AnswerValue.MET], "good", "check"),
    AnswerValue.PARTIAL: Word(ANSWER_LABELS[AnswerValue.PARTIAL], "warning", "partial"),
    AnswerValue.NOT_MET: Word(ANSWER_LABELS[AnswerValue.NOT_MET], "critical", "cross"),
    AnswerValue.UNANSWERED: Word(ANSWER_LABELS[AnswerValue.UNANSWERED], "muted", "unanswered"),
}
STAGE_WORDS = {
    Stage.INTAKE: Word("Intake", "neutral", "inbox"),
    Stage.POC: Word("PoC", "neutral", "search"),
    Stage.PILOT: Word("Pilot", "info", "users"),
    Stage.ROLLOUT: Word("Rollout", "accent", "rocket"),
    Stage.LIVE: Word("Live", "good", "check"),
    Stage.RETIRED: Word("Retired", "muted", "minus"),
    Stage.STOPPED: Word("Stopped", "muted", "stop"),
}

UNITS = {Unit.DAYS: "days", Unit.PERCENT: "%", Unit.COUNT: ""}


def threshold_in_words(value: Decimal, unit: Unit) -> str:
    """21 days, 1 day, 30 %, × 1.5, 3."""
    if unit == Unit.DAYS and value == 1:
        return "1 day"
    if unit == Unit.SHARE:
        return f"× {plain(value)}"
    return f"{plain(value)} {UNITS[unit]}".strip()
