"""How answers, decisions and kinds of AI are said: by the framework's own words where it has some."""

from checklists.models import CheckOutcome, EvidenceKind, Framework, FrameworkKind
from checklists.scoring import AnswerValue
from gates.criteria import GateKind
from gates.rules import ConditionState, DecisionKind
from readiness.standing.words import ANSWER_WORDS, HOLD, Word, decision_labels
from readiness.ui.lazily import gettext_lazy, pgettext_lazy
from readiness.ui.saying import content

ANSWER_ORDER = (AnswerValue.MET, AnswerValue.PARTIAL, AnswerValue.NOT_MET, AnswerValue.UNANSWERED)
PROFILE_ORDER = (AnswerValue.NOT_MET, AnswerValue.PARTIAL, AnswerValue.MET, AnswerValue.UNANSWERED)
# A gap is no fault while a profile is drawn: no word of alarm, no red.
_PROFILE_TONES = {
    AnswerValue.NOT_MET: ("neutral", "dot"),
    AnswerValue.PARTIAL: ("info", "partial"),
    AnswerValue.MET: ("good", "check"),
    AnswerValue.UNANSWERED: ("muted", "unanswered"),
}

DECISION_TONES = {
    DecisionKind.PASS.value: ("good", "check"),
    DecisionKind.PASS_WITH_CONDITIONS.value: ("good", "partial"),
    DecisionKind.RETURN.value: ("warning", "return"),
    HOLD: ("warning", "pause"),
    DecisionKind.STOP.value: ("critical", "stop"),
}
CONDITION_WORDS = {
    ConditionState.OPEN: Word(pgettext_lazy("a condition", "Open"), "warning", "clock"),
    ConditionState.KEPT: Word(pgettext_lazy("a condition", "Kept, to be confirmed"), "info", "check"),
    ConditionState.CONFIRMED: Word(pgettext_lazy("a condition", "Confirmed"), "good", "check-circle"),
}
EVIDENCE_ICONS = {
    EvidenceKind.LINK: "link",
    EvidenceKind.STATEMENT: "quote",
    EvidenceKind.FILE: "file",
    EvidenceKind.CHECK: "checklist",
}
EVIDENCE_KINDS = {
    EvidenceKind.LINK: gettext_lazy("Link"),
    EvidenceKind.STATEMENT: gettext_lazy("Statement"),
    EvidenceKind.FILE: gettext_lazy("File"),
    EvidenceKind.CHECK: gettext_lazy("Automated check"),
}
RESULT_WORDS = {
    CheckOutcome.PASS.value: Word(pgettext_lazy("an automated check", "Passed"), "good", "check-circle"),
    CheckOutcome.WARN.value: Word(pgettext_lazy("an automated check", "Warned"), "warning", "warning"),
    CheckOutcome.FAIL.value: Word(pgettext_lazy("an automated check", "Failed"), "critical", "critical"),
}
KINDS_OF_AI = {
    "classic_ml": gettext_lazy("A trained model"),
    "generative": gettext_lazy("Generative AI and agents"),
    "bought": gettext_lazy("AI inside bought software"),
}


def answer_words(framework: Framework) -> dict[AnswerValue, Word]:
    """The words for answers in the order in which they are offered."""
    if framework.kind == FrameworkKind.PROFILE:
        return {value: _profile_word(framework, value) for value in PROFILE_ORDER}
    return {value: _word(framework, value) for value in ANSWER_ORDER}


def _word(framework: Framework, value: AnswerValue) -> Word:
    usual = ANSWER_WORDS[value]
    own = framework.answer_labels.get(value.value)
    return Word(_capitalised(content(own)), usual.tone, usual.icon) if own else usual


def _profile_word(framework: Framework, value: AnswerValue) -> Word:
    own = framework.answer_labels.get(value.value)
    label = _capitalised(content(own)) if own else ANSWER_WORDS[value].label
    return Word(label, *_PROFILE_TONES[value])


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def decision_word(kind: GateKind, decision: str) -> Word:
    tone, icon = DECISION_TONES[decision]
    return Word(decision_labels(kind)[decision], tone, icon)
