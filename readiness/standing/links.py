"""Where to mend what stands in the way: the addresses of pages, as absolute paths. Pure string building.

The pages' own routes are held against it by a test, so that no link of the API or of a mail leads nowhere.
"""

from collections.abc import Mapping
from typing import Any

from gates.criteria import BlockerCode
from gates.lessons import WORKED
from readiness.standing.next_actions import ActionCode

_MENDED_AT_THE_GATE = frozenset(
    {
        BlockerCode.GATE_STOPPED,
        BlockerCode.GATE_NOT_PASSED,
        BlockerCode.CHECKPOINT_NOT_PASSED,
        BlockerCode.CONDITION_OVERDUE,
        BlockerCode.NOT_MET_WHEN_SUBMITTED,
    }
)

_EXITS = "promises/#exits"
_DONE_BELOW = {
    ActionCode.MOVE_STAGE: "stage/",
    ActionCode.LIFT_HOLD: "hold/",
    ActionCode.DECIDE_EXIT: _EXITS,
    ActionCode.MEND_FLAG: "#flags",
}

_FLAGS_MENDED_BELOW = {
    "owner_left": "people/",
    "no_exit_criteria": _EXITS,
    "exit_triggered": _EXITS,
    "sponsor_silent": "comments/",
    "no_business_kpi": "promises/",
    "technical_metrics_only": "promises/",
    "promise_amended": "promises/",
    "success_without_roadmap": "roadmap/",
    "late_stakeholders": "canvas/",
    "low_usage": "promises/",
    "value_unmeasured": "promises/",
    "value_shortfall": "promises/",
}


def initiative_url(ref: str) -> str:
    """The initiative's page; ``ref`` such as AI-0042."""
    return f"/initiatives/{ref}/"


def hold_url(ref: str) -> str:
    """Where it is put on hold, and a hold is lifted."""
    return f"{initiative_url(ref)}hold/"


def why_url(ref: str) -> str:
    """Why it is ready or not, clause by clause, and what would be if."""
    return f"/initiatives/{ref}/why/"


def people_url(ref: str) -> str:
    """Who holds which place, and what is handed over."""
    return f"/initiatives/{ref}/people/"


def comments_url(ref: str) -> str:
    return f"/initiatives/{ref}/comments/"


def lesson_url(ref: str, kind: str) -> str:
    """What an initiative left, on its page; ``kind`` is a word of ``gates.lessons.KINDS``."""
    return f"/initiatives/{ref}/#{'what-worked' if kind == WORKED else 'lesson'}"


def canvas_url(ref: str, section: str = "") -> str:
    """The canvas, at one of its sections where one is named."""
    anchor = f"#{section}" if section else ""
    return f"/initiatives/{ref}/canvas/{anchor}"


def checklist_url(ref: str, gate: str, item: str | None = None) -> str:
    """The checklist of one gate (its slug), at one item (its code) where one is named."""
    anchor = f"#{item}" if item else ""
    return f"/initiatives/{ref}/checklist/{gate}/{anchor}"


def renewal_url(ref: str, gate: str, item: str) -> str:
    """The form of an item's evidence in its checklist, filled with what the last piece says."""
    return f"{initiative_url(ref)}checklist/{gate}/?renew={item}#{item}-add"


def gate_url(ref: str, gate: str) -> str:
    """The page on which a gate is submitted and decided."""
    return f"/initiatives/{ref}/gates/{gate}/"


def exits_url(ref: str) -> str:
    """The exit criteria of an initiative, where those that were reached are decided."""
    return initiative_url(ref) + _EXITS


def exit_url(ref: str, criterion: int) -> str:
    """One exit criterion among them."""
    return f"/initiatives/{ref}/promises/#exit-{criterion}"


def exit_decision_url(ref: str, criterion: int) -> str:
    """The page on which an exit criterion that was reached is decided."""
    return f"/initiatives/{ref}/promises/exits/{criterion}/decision/"


def blocker_url(ref: str, blocker: Mapping[str, Any]) -> str:
    """Where a blocker (``code``, ``gate``, ``item``) is mended."""
    gate, item = blocker.get("gate"), blocker.get("item")
    if blocker["code"] == BlockerCode.EXIT_UNDECIDED:
        return exits_url(ref)
    if not gate:
        return initiative_url(ref)
    if item is None and blocker["code"] in _MENDED_AT_THE_GATE:
        return gate_url(ref, gate)
    return checklist_url(ref, gate, item)


def flag_url(ref: str, code: str) -> str:
    """Where a flag is mended; "" where no one page mends it."""
    return initiative_url(ref) + _FLAGS_MENDED_BELOW[code] if code in _FLAGS_MENDED_BELOW else ""


def action_url(ref: str, action: Mapping[str, Any]) -> str:
    """Where a next action (``code``, ``gate``, ``item``, ``flag``) is done."""
    gate, item = action.get("gate"), action.get("item")
    mended = flag_url(ref, action.get("flag") or "")
    if mended:
        return mended
    if not gate:
        return initiative_url(ref) + _DONE_BELOW.get(ActionCode(action["code"]), "")
    if item and action["code"] == ActionCode.RENEW_EVIDENCE:
        return renewal_url(ref, gate, item)
    return checklist_url(ref, gate, item) if item else gate_url(ref, gate)
