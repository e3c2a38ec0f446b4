"""The next best actions as a person sees them: what is theirs to do, and what is for others."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from checklists.said import restored
from gates.models import Initiative, TeamRole
from readiness.accounts.policy import Act
from readiness.standing.links import action_url, people_url
from readiness.standing.next_actions import ActionCode, ForRole
from readiness.standing.outcome import Outcome
from readiness.ui.lazily import gettext_lazy
from readiness.ui.saying import say

SHOWN = 8

_ACTS = {
    ActionCode.LIFT_HOLD: (Act.HOLD, gettext_lazy("Look at the hold")),
    ActionCode.MOVE_STAGE: (Act.MOVE_STAGE, gettext_lazy("Move it on")),
    ActionCode.KEEP_CONDITION: (Act.KEEP_CONDITION, gettext_lazy("Open the gate")),
    ActionCode.SUBMIT_GATE: (Act.SUBMIT, gettext_lazy("Submit it")),
    ActionCode.DECIDE_EXIT: (Act.DECIDE_EXIT, gettext_lazy("Decide")),
    ActionCode.ADD_EVIDENCE: (Act.ANSWER, gettext_lazy("Add evidence")),
    ActionCode.RENEW_EVIDENCE: (Act.ANSWER, gettext_lazy("Renew the evidence")),
    ActionCode.MEND_CHECK: (Act.ANSWER, gettext_lazy("Open the item")),
    ActionCode.ANSWER_ITEM: (Act.ANSWER, gettext_lazy("Answer it")),
    ActionCode.RAISE_ITEM: (Act.ANSWER, gettext_lazy("Open the item")),
    ActionCode.DECIDE_GATE: (Act.DECIDE, gettext_lazy("Review it")),
    ActionCode.CONFIRM_CONDITION: (Act.CONFIRM_CONDITION, gettext_lazy("Look at it")),
    ActionCode.MEND_FLAG: (Act.EDIT, gettext_lazy("See the flag")),
}
_WHOM = {
    ForRole.LEAD: gettext_lazy("the team"),
    ForRole.REVIEWER: gettext_lazy("a reviewer"),
    ForRole.EXECUTIVE: gettext_lazy("an executive"),
}
# Their pages are open only to those who may carry them out; everybody may look at a gate, an item or a flag.
_CLOSED_PAGES = frozenset({ActionCode.LIFT_HOLD, ActionCode.MOVE_STAGE})


@dataclass(frozen=True, slots=True)
class NextStep:
    """One action. ``mine``: this person may carry it out. ``url`` is "" where the place is closed to them.

    ``people_url``: of one that is the team's where nobody is on the team, the page on which somebody is named; else "".
    """

    message: str
    url: str
    button: str
    whom: str
    mine: bool
    people_url: str = ""


@dataclass(frozen=True, slots=True)
class NextSteps:
    """``first`` is everybody's first; ``own`` the first that is this person's, where that is another one."""

    first: NextStep
    own: NextStep | None
    further: list[NextStep]
    count: int


def next_steps(initiative: Initiative, outcome: Outcome, acts: Collection[Act]) -> NextSteps | None:
    """None where nothing is to be done."""
    actions = outcome.standing.next_actions
    if not actions:
        return None
    # Whoever may answer is on the team: no need to ask.
    manned = Act.ANSWER in acts or TeamRole.objects.filter(initiative=initiative, until__isnull=True).exists()
    steps = [_step(initiative, action, acts, manned=manned) for action in actions]
    own = next((step for step in steps if step.mine), None)
    return NextSteps(
        first=steps[0],
        own=own if own is not steps[0] else None,
        further=steps[1 : SHOWN + 1],
        count=len(steps) - 1,
    )


def _step(initiative: Initiative, action: dict[str, Any], acts: Collection[Act], *, manned: bool) -> NextStep:
    code, role = ActionCode(action["code"]), ForRole(action["for_role"])
    act, button = _ACTS[code]
    mine = act in acts
    return NextStep(
        message=say(restored(action["message"], action.get("said"))),
        url=action_url(initiative.ref, action) if mine or code not in _CLOSED_PAGES else "",
        button=button if mine else _("Look at it"),
        whom=_WHOM[role],
        mine=mine,
        people_url="" if manned or role != ForRole.LEAD else people_url(initiative.ref),
    )
