"""Every rule by its code, in the order in which flags are shown."""

from collections.abc import Callable, Mapping

from readiness.standing.flags.case import Answer, Case
from readiness.standing.flags.rules_decisions import checkpoint_overdue, decision_overdue, review_overdue
from readiness.standing.flags.rules_gates import (
    clean_data_only,
    condition_overdue,
    evidence_expired,
    gate_lapsed,
    mocked_integration,
    one_gate_behind,
)
from readiness.standing.flags.rules_money import budget_overrun, budget_shape
from readiness.standing.flags.rules_people import (
    late_stakeholders,
    no_business_owner,
    no_sponsor,
    owner_left,
    single_person,
    sponsor_silent,
)
from readiness.standing.flags.rules_promises import (
    exit_triggered,
    no_business_kpi,
    no_exit_criteria,
    promise_amended,
    success_without_roadmap,
    technical_metrics_only,
)
from readiness.standing.flags.rules_time import hold_expired, no_activity, score_flat, stage_overrun
from readiness.standing.flags.rules_value import low_usage, value_shortfall, value_unmeasured

Rule = Callable[[Case], Answer]

RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        stage_overrun,
        no_activity,
        score_flat,
        hold_expired,
        decision_overdue,
        checkpoint_overdue,
        no_exit_criteria,
        exit_triggered,
        no_business_owner,
        single_person,
        owner_left,
        no_sponsor,
        sponsor_silent,
        no_business_kpi,
        technical_metrics_only,
        promise_amended,
        success_without_roadmap,
        clean_data_only,
        mocked_integration,
        one_gate_behind,
        late_stakeholders,
        low_usage,
        budget_shape,
        budget_overrun,
        evidence_expired,
        condition_overdue,
        gate_lapsed,
        review_overdue,
        value_unmeasured,
        value_shortfall,
    )
}
