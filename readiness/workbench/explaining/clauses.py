"""The verdict clause by clause: what holds, what does not, where that is mended and by whom."""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checklists.scoring import MET, ItemState
from gates.criteria import INITIATIVE_HAS_ENDED, IS_ON_HOLD, BlockerCode
from gates.models import Initiative
from gates.refusals import not_passed_message
from gates.rules import GateState, GateStatus, overdue_message
from readiness.accounts.policy import Act
from readiness.standing.facts import PassageFacts
from readiness.standing.judgement import Judgement
from readiness.standing.links import blocker_url, checklist_url, exits_url, gate_url, hold_url
from readiness.standing.verdict import Readiness, Verdict
from readiness.standing.words import GATE_WORDS, Word
from readiness.ui.saying import content, say

TITLES = {
    Verdict.READY: gettext_lazy("Why it is ready"),
    Verdict.CONDITIONAL: gettext_lazy("Why it is ready under conditions"),
    Verdict.NOT_READY: gettext_lazy("Why it is not ready"),
}
TEAM = gettext_lazy("the team")
REVIEWER = gettext_lazy("a reviewer who is not on the team")
_BY_STATUS: dict[GateStatus, str | Promise] = {
    GateStatus.IN_REVIEW: REVIEWER,
    GateStatus.ELIGIBLE: gettext_lazy("the team, who submit it"),
    GateStatus.LAPSED: gettext_lazy("the team, and where an act made it lapse a reviewer"),
    GateStatus.LOCKED: gettext_lazy("whoever mends the gates before it"),
    GateStatus.STOPPED: gettext_lazy("nobody: it was decided with a stop"),
}


@dataclass(frozen=True, slots=True)
class ShownClause:
    """One clause: whether it holds, in words. ``url`` mends it, ``whom`` can, ``counts`` says what counts and why.

    ``under``: it holds, under a condition or a waiver.
    """

    holds: bool
    message: str
    url: str = ""
    whom: str | Promise = ""
    counts: str = ""
    under: bool = False


@dataclass(frozen=True, slots=True)
class ShownGate:
    """One gate with the clauses of its criteria; ``said`` is why it is not passed, "" where it is.

    Its clauses name whom only where that is somebody else than the team.
    """

    slug: str
    name: str
    url: str
    status: Word
    passed: bool
    said: str
    whom: str | Promise
    clauses: list[ShownClause]

    @property
    def failing(self) -> list[ShownClause]:
        return [clause for clause in self.clauses if not clause.holds]

    @property
    def holding(self) -> list[ShownClause]:
        return [clause for clause in self.clauses if clause.holds]


@dataclass(frozen=True, slots=True)
class Explanation:
    """``clauses`` are those of the verdict, in order; ``gates`` what stands behind the one about gates."""

    title: str | Promise
    clauses: list[ShownClause]
    gates: list[ShownGate]


def explanation(initiative: Initiative, judgement: Judgement, acts: Set[Act]) -> Explanation:
    """Why the verdict is what it is, to somebody who may do these acts here."""
    found, ref = judgement.readiness, initiative.ref
    clauses = [
        *_running(initiative, acts),
        *_exits(ref, judgement),
        _gates(found),
        *_beside(found),
        _critical(ref, found),
        _threshold(ref, found),
        *_under(ref, found),
    ]
    by_gate = {state.gate.slug: passage for passage, states in judgement.passages for state in states}
    gates = [_gate(ref, state, by_gate[state.gate.slug]) for state in found.every_gate]
    return Explanation(TITLES[found.verdict], clauses, gates)


def _running(initiative: Initiative, acts: Set[Act]) -> list[ShownClause]:
    """It does not move the verdict, yet keeps every step from being taken."""
    if initiative.has_ended:
        return [ShownClause(False, say(INITIATIVE_HAS_ENDED.message))]
    if initiative.hold is not None:
        whom, url = _("the team, or an executive"), hold_url(initiative.ref) if Act.HOLD in acts else ""
        return [ShownClause(False, say(IS_ON_HOLD.message), url, whom)]
    return [ShownClause(True, _("It is under way: neither ended nor on hold."))]


def _exits(ref: str, judgement: Judgement) -> list[ShownClause]:
    waiting = [one for one in judgement.exits if one.undecided]
    if not waiting:
        return [ShownClause(True, _("No exit criterion waits for a decision."))]
    return [
        ShownClause(
            False,
            say(one.undecided),
            exits_url(ref),
            _("%(person)s, or an executive") % {"person": one.criterion.decider},
        )
        for one in waiting
    ]


def _gates(found: Readiness) -> ShownClause:
    passed = sum(1 for gate in found.gates if gate.passed)
    message = _("Every gate is passed: %(passed)s of %(total)s are.") % {
        "passed": passed,
        "total": len(found.gates),
    }
    first = next((gate.gate.slug for gate in found.gates if not gate.passed), "")
    return ShownClause(passed == len(found.gates), message, f"#gate-{first}" if first else "")


def _beside(found: Readiness) -> list[ShownClause]:
    """What guards the step to rollout beside the framework that is counted: one clause each."""
    clauses = []
    for one in found.beside:
        open_gates = [state.gate.slug for state in one.gates if not state.passed]
        message = _(
            "%(framework)s guards the step to rollout too: %(passed)s of its %(total)s are passed."
        ) % {
            "framework": content(one.framework.name),
            "passed": len(one.gates) - len(open_gates),
            "total": len(one.gates),
        }
        clauses.append(ShownClause(not open_gates, message, f"#gate-{open_gates[0]}" if open_gates else ""))
    return clauses


def _critical(ref: str, found: Readiness) -> ShownClause:
    critical = [state for gate in found.gates for state in gate.items if state.item.critical]
    short = [state for state in critical if state.effective.value != MET]
    message = _("Every critical item is Met: %(met)s of %(total)s are.") % {
        "met": len(critical) - len(short),
        "total": len(critical),
    }
    url = checklist_url(ref, short[0].item.gate, short[0].item.code) if short else ""
    return ShownClause(not short, message, url, TEAM if short else "")


def _threshold(ref: str, found: Readiness) -> ShownClause:
    counts = found.tally
    message = _("At least %(needed)s items are Met: %(met)s of %(total)s are.") % {
        "needed": found.required_met,
        "met": counts.met,
        "total": counts.total,
    }
    if found.threshold_met:
        return ShownClause(True, message)
    short = next((s for gate in found.gates for s in gate.items if s.effective.value != MET), None)
    url = checklist_url(ref, short.item.gate, short.item.code) if short else ""
    return ShownClause(False, message, url, TEAM, _counted(found))


def _counted(found: Readiness) -> str:
    gap = [s for gate in found.gates for s in gate.items if s.declared == MET and s.effective.value != MET]
    if not gap:
        return ""
    return ngettext(
        "%(count)s more is declared Met and counts for less.",
        "%(count)s more are declared Met and count for less.",
        len(gap),
    ) % {"count": len(gap)}


def _under(ref: str, found: Readiness) -> list[ShownClause]:
    """What makes a good verdict conditional."""
    if found.verdict != Verdict.CONDITIONAL:
        return []
    clauses = []
    for gate in found.every_gate:
        name = content(gate.gate.name)
        if gate.status == GateStatus.PASSED_WITH_CONDITIONS:
            message = _("%(gate)s is passed with conditions that are not confirmed yet.") % {"gate": name}
            url = f"{gate_url(ref, gate.gate.slug)}#conditions"
            clauses.append(ShownClause(True, message, url, REVIEWER, under=True))
        if gate.waived:
            message = _("%(gate)s is passed with a waiver: %(items)s.") % {
                "gate": name,
                "items": ", ".join(gate.waived),
            }
            clauses.append(ShownClause(True, message, gate_url(ref, gate.gate.slug), TEAM, under=True))
    return clauses


def _gate(ref: str, state: GateState, passage: PassageFacts) -> ShownGate:
    status = GateStatus(state.status or GateStatus.OPEN)
    return ShownGate(
        slug=state.gate.slug,
        name=content(state.gate.name),
        url=gate_url(ref, state.gate.slug),
        status=GATE_WORDS[status],
        passed=state.passed,
        said=say(not_passed_message(state)),
        whom="" if state.passed else _BY_STATUS.get(status, TEAM),
        clauses=[*_criteria(ref, state), *_overdue(ref, state, passage)],
    )


def _criteria(ref: str, state: GateState) -> Iterable[ShownClause]:
    items = {one.item.code: one for one in state.items}
    for clause in state.criteria.clauses:
        blocker = {"code": clause.code, "gate": state.gate.slug, "item": clause.item}
        yield ShownClause(
            holds=clause.holds,
            message=say(clause.message),
            url="" if clause.holds else blocker_url(ref, blocker),
            counts=_why(items.get(clause.item or "")),
        )


def _why(item: ItemState | None) -> str:
    return say(item.effective.why) if item is not None else ""


def _overdue(ref: str, state: GateState, passage: PassageFacts) -> Iterable[ShownClause]:
    decision = passage.last_decision(state.gate.slug)
    owners = {one.text: one.owner for one in decision.conditions.all()} if decision is not None else {}
    for condition in state.overdue:
        owner = owners.get(condition.text)
        blocker = {"code": BlockerCode.CONDITION_OVERDUE, "gate": state.gate.slug, "item": None}
        yield ShownClause(
            holds=False,
            message=say(overdue_message(condition)),
            url=f"{blocker_url(ref, blocker)}#conditions",
            whom=_("%(person)s, or the team") % {"person": owner} if owner else "",
        )
