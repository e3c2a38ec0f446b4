"""What a page shows of an initiative's exit criteria."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from gates.models import GO_ON, Amendment, ExitTrigger, Initiative
from gates.promises import ExitAction, criterion_read
from gates.stages import Stage
from readiness.accounts.models import User
from readiness.accounts.policy import Act, Relation, allows, at_exit, relation_to
from readiness.actions.own_reasons import reason_given
from readiness.standing.exits import WATCHED, ExitState, ExitStatus
from readiness.standing.links import exit_decision_url
from readiness.standing.recompute import judge_to_show
from readiness.standing.words import Word
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import long_day, number
from readiness.ui.saying import say
from readiness.workbench.finding import person_of
from readiness.workbench.promises.cards import AmendmentShown
from readiness.workbench.promises.exit_forms import ACTION_WORDS, COMPARATOR_WORDS, DECISION_WORDS

STATUS_WORDS = {
    ExitStatus.ARMED: Word(gettext_lazy("Watched"), "info", "clock"),
    ExitStatus.TRIGGERED: Word(gettext_lazy("Reached: to be decided"), "critical", "warning"),
    ExitStatus.QUIET: Word(gettext_lazy("Quiet"), "warning", "pause"),
}
NOT_WATCHED = Word(gettext_lazy("Not watched in this stage"), "muted", "clock")
DECIDED_TONES = {
    ExitAction.STOP.value: "critical",
    ExitAction.HOLD.value: "warning",
    ExitAction.REWORK.value: "info",
    GO_ON: "accent",
}
_FIELDS = {
    "kpi": gettext_lazy("KPI"),
    "unit": gettext_lazy("Unit"),
    "comparator": gettext_lazy("Comparison"),
    "limit": gettext_lazy("Limit"),
    "window_days": gettext_lazy("Days"),
    "checkpoint": gettext_lazy("Checkpoint"),
    "action": gettext_lazy("What is done"),
    "decider": gettext_lazy("Who decides"),
}
_VALUES = {"comparator": COMPARATOR_WORDS, "action": ACTION_WORDS}


@dataclass(frozen=True, slots=True)
class DecidedShown:
    """A trigger of the past with what was decided, in words."""

    row: ExitTrigger
    words: str
    reason: str
    readings: str
    decision: str
    tone: str


@dataclass(frozen=True, slots=True)
class ExitCard:
    """One exit criterion. ``decide_url``: where this person decides it, "" where they may not or nothing waits."""

    state: ExitState
    word: Word
    action: str
    readings: str
    decided: list[DecidedShown]
    amendments: list[AmendmentShown]
    decide_url: str

    @property
    def is_reached(self) -> bool:
        return self.state.open is not None

    @property
    def promised(self) -> str:
        """What was locked, where that is something else than what stands."""
        return self.state.promised if self.state.promised != self.state.words else ""


def context_for(
    request: HttpRequest, initiative: Initiative, acts: Collection[Act], at: datetime
) -> dict[str, Any]:
    """What the section of exit criteria shows; every name begins with ``exit``. What is due is computed before."""
    cards = exit_cards(person_of(request), initiative, at)
    return {
        "exits": sorted(cards, key=lambda card: not card.is_reached),
        "exits_reached": sum(card.is_reached for card in cards),
        "exits_may_edit": Act.EDIT in acts,
        "exits_watched": Stage(initiative.stage) in WATCHED,
    }


def exit_cards(person: User, initiative: Initiative, at: datetime) -> list[ExitCard]:
    """All of them as they are judged now."""
    relation = relation_to(person, initiative)
    return [_card(person, relation, initiative, state) for state in judge_to_show(initiative.pk, at).exits]


def may_decide(person: User, relation: Relation, state: ExitState) -> frozenset[Act]:
    """Which of the two kinds of decision this person may take on this criterion."""
    here = at_exit(relation, person, state.criterion.decider)
    return frozenset(act for act in (Act.DECIDE_EXIT, Act.GO_ON) if allows(person, act, here))


def _card(person: User, relation: Relation, initiative: Initiative, state: ExitState) -> ExitCard:
    word = STATUS_WORDS[state.status]
    if state.status == ExitStatus.ARMED and not state.watched:
        word = NOT_WATCHED
    decides = state.open is not None and bool(may_decide(person, relation, state))
    return ExitCard(
        state=state,
        word=word,
        action=ACTION_WORDS[state.criterion.action],
        readings=readings_words(state.open, state.criterion.kpi.unit) if state.open else "",
        decided=[_decided(one, state.criterion.kpi.unit) for one in reversed(state.decided)],
        amendments=[AmendmentShown(one, amendment_words(one)) for one in state.amendments],
        decide_url=exit_decision_url(initiative.ref, state.criterion.pk) if decides else "",
    )


def _decided(row: ExitTrigger, unit: str) -> DecidedShown:
    decision = DECISION_WORDS[row.decision]
    if row.expires_on is not None:
        decision = _("%(decision)s, through %(expires_on)s") % {
            "decision": decision,
            "expires_on": long_day(row.expires_on),
        }
    reason = say(reason_given(row.reason))
    words = say(criterion_read(row.words))
    return DecidedShown(row, words, reason, readings_words(row, unit), decision, DECIDED_TONES[row.decision])


def readings_words(trigger: ExitTrigger, unit: str) -> str:
    """The readings that it rests on: "20 % on 2 March 2026, and 19 % on 30 March 2026"."""
    said = [
        _("%(amount)s on %(day)s")
        % {
            "amount": f"{number(str(one['value']))} {unit}".strip(),
            "day": long_day(date.fromisoformat(one["on"])),
        }
        for one in trigger.readings
    ]
    return _(", and ").join(said)


def amendment_words(row: Amendment) -> list[str]:
    """What was changed, a sentence a field, in the order of the form."""
    if "added" in row.changes:
        return [_("Added after the promises were locked.")]
    return [
        _("%(label)s: %(before)s to %(after)s.")
        % {
            "label": label,
            "before": _value(name, row.changes[name][0]),
            "after": _value(name, row.changes[name][1]),
        }
        for name, label in _FIELDS.items()
        if name in row.changes
    ]


def _value(name: str, text: str | None) -> str:
    return _("nothing") if text is None else _VALUES.get(name, {}).get(text, text)
