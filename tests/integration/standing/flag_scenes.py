"""One initiative a flag, made so that the flag opens so many days later: what ``test_flag_boundaries`` sweeps over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from gates.models import Amendment, ExitCriterion, Initiative, Kpi, Reading
from readiness.accounts.models import Organisation, User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.gates import Promise, submit_gate
from readiness.actions.holds import set_hold
from readiness.actions.people import deactivate_person
from readiness.actions.pieces import Piece
from readiness.audit.recording import COMMAND, Actor
from readiness.standing.recompute import recompute_batch
from tests.fixtures import answer_all, create, pass_gate


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays, and when it begins. ``lead`` leads, ``admin`` takes over what is live already."""

    lead: User
    reviewer: User
    admin: User
    at: datetime

    def day(self, number: int) -> Any:
        return Organisation.get().day_of(self.at) + timedelta(days=number)

    def pilot(self, **facts: Any) -> Initiative:
        return create(self.lead, self.at, **{"stage": "pilot", **facts})

    def live(self) -> Initiative:
        return create(self.admin, self.at, stage="live")


Scene = Callable[[Cast], Initiative]


def _poc(cast: Cast) -> Initiative:
    return cast.pilot(stage="poc", plan={"poc_days": 10})


def _intake(cast: Cast) -> Initiative:
    return cast.pilot(stage="intake")


def _short_pilot(cast: Cast) -> Initiative:
    return cast.pilot(plan={"pilot_days": 10})


def _on_hold(cast: Cast) -> Initiative:
    one = cast.pilot()
    set_hold(one.pk, "A contract.", cast.day(5), Actor.person(cast.lead), cast.at)
    return one


def _submitted(cast: Cast) -> Initiative:
    one = cast.pilot()
    answer_all(one, cast.lead, gates=["data"], at=cast.at)
    submit_gate(one.pk, "data", "", Actor.person(cast.lead), cast.at)
    return one


def _two_gates(cast: Cast) -> Initiative:
    one = cast.pilot()
    answer_all(one, cast.lead, gates=["data", "architecture"], at=cast.at)
    for gate in ("data", "architecture"):
        pass_gate(one, gate, cast.lead, cast.reviewer, cast.at)
    return one


def _under_a_condition(cast: Cast) -> Initiative:
    one = cast.pilot()
    answer_all(one, cast.lead, gates=["data"], at=cast.at)
    due = [Promise("Write the runbook.", cast.lead.username, cast.day(9))]
    pass_gate(one, "data", cast.lead, cast.reviewer, cast.at, due)
    return one


def _expiring(cast: Cast) -> Initiative:
    one = cast.pilot()
    piece = Piece("link", cast.day(0), "Review", "https://wiki.example.com/r", expires_on=cast.day(20))
    change = AnswerChange("GOVN-1", "met", evidence=(piece,))
    record_answers(one.pk, [change], Actor.person(cast.lead), cast.at)
    return one


def _sponsored(cast: Cast) -> Initiative:
    return cast.pilot(people={"executive_sponsor": cast.reviewer.username})


def _owner_gone(cast: Cast) -> Initiative:
    one = cast.pilot(people={"business_owner": cast.reviewer.username})
    deactivate_person(cast.reviewer.username, COMMAND, cast.at)
    recompute_batch([one.pk], cast.at)
    return one


def measured(cast: Cast, one: Initiative, *read: tuple[int, int], **facts: Any) -> Kpi:
    """A business KPI with limits, read on these days: (day, value). Computed afresh."""
    given = {"kind": "business", "baseline": 40, "go_limit": 60, "target": 80, "stop_limit": 45, "unit": "%"}
    kpi = Kpi.objects.create(initiative=one, name="Sorted", created_at=cast.at, **{**given, **facts})
    for day, value in read:
        Reading.objects.create(
            kpi=kpi, value=Decimal(value), on=cast.day(day), source="typed", received_at=cast.at
        )
    recompute_batch([one.pk], cast.at)
    return kpi


def _technical(cast: Cast) -> Initiative:
    one = _poc(cast)
    measured(cast, one, (0, 12), kind="technical")
    return one


def _unsaid_decision(cast: Cast) -> Initiative:
    one = cast.pilot()
    kpi = measured(cast, one, (0, 44), (7, 40), (13, 41))
    ExitCriterion.objects.create(
        initiative=one, kpi=kpi, comparator="under", limit=45, window_days=14, action="stop",
        decider=cast.admin, created_at=cast.at - timedelta(days=1),
    )  # fmt: skip
    recompute_batch([one.pk], cast.at)
    return one


def _launched(cast: Cast) -> Initiative:
    one = cast.live()
    measured(cast, one, (1, 70))
    return one


def _successful(cast: Cast) -> Initiative:
    one = cast.pilot()
    measured(cast, one, (0, 60))
    return one


def _unused(cast: Cast) -> Initiative:
    one = cast.pilot()
    measured(cast, one, (-7, 12), (0, 9), signal="weekly_active_share", target=None, go_limit=None)
    return one


def _amended(cast: Cast) -> Initiative:
    one = cast.pilot()
    kpi = measured(cast, one, (0, 50))
    Amendment.objects.create(
        initiative=one, kpi=kpi, changes={"target": ["80", "70"]}, reason="The market.", after_reading=True,
        at=cast.at, on=cast.day(0),
    )  # fmt: skip
    recompute_batch([one.pk], cast.at)
    return one


def _spent(cast: Cast) -> Initiative:
    return cast.pilot(
        budget={"planned": "100.00", "spent": "95.00", "currency": "EUR", "data_share": 1, "change_share": 1}
    )


# code -> after how many days it opens, and what for
BY_DAY: dict[str, tuple[int, Scene]] = {
    "stage_overrun": (11, _short_pilot),
    "no_activity": (21, Cast.pilot),
    "score_flat": (42, Cast.pilot),
    "hold_expired": (6, _on_hold),
    "decision_overdue": (14, _submitted),
    "checkpoint_overdue": (6, _poc),
    "exit_triggered": (14, _unsaid_decision),
    "no_business_owner": (14, _intake),
    "no_sponsor": (14, _intake),
    "sponsor_silent": (60, _sponsored),
    "technical_metrics_only": (5, _technical),
    "clean_data_only": (5, _short_pilot),
    "mocked_integration": (5, _short_pilot),
    "one_gate_behind": (45, _two_gates),
    "late_stakeholders": (3, _short_pilot),
    "evidence_expired": (6, _expiring),
    "condition_overdue": (10, _under_a_condition),
    "gate_lapsed": (10, _under_a_condition),
    "review_overdue": (92, Cast.live),
    "value_unmeasured": (45, Cast.live),
    "value_shortfall": (90, _launched),
}

AT_ONCE: dict[str, Scene] = {
    "no_exit_criteria": Cast.pilot,
    "single_person": Cast.pilot,
    "owner_left": _owner_gone,
    "no_business_kpi": Cast.pilot,
    "promise_amended": _amended,
    "success_without_roadmap": _successful,
    "low_usage": _unused,
    "budget_shape": _spent,
    "budget_overrun": _spent,
}
