"""What the gates and their items say: real data, live systems, the gate that is behind, what no longer holds."""

from itertools import takewhile
from textwrap import shorten

from checklists.said import content, joined, said
from checklists.scoring import MET, UNANSWERED, day_after
from gates.criteria import GateKind
from gates.rules import ConditionState
from readiness.standing.flags.calendar import days_later
from readiness.standing.flags.case import SILENT, Answer, Case, Details, listed
from readiness.standing.flags.facts import SignalItem
from readiness.standing.flags.thresholds import Severity

SHOWN = 120
"""How much of a condition's text, in characters, a sentence shows; the details hold all of it."""


def clean_data_only(case: Case) -> Answer:
    """In the pilot for half its plan, and what signals production data is not Met."""
    return _not_met_by_half(case, "production_data")


def mocked_integration(case: Case) -> Answer:
    """In the pilot for half its plan, and what signals a live connection is not Met."""
    return _not_met_by_half(case, "live_integration")


def _not_met_by_half(case: Case, signal: str) -> Answer:
    since = case.facts.stage_since
    items = sorted(
        (item for item in case.facts.signals if item.signal == signal and _known_not_met(case, item)),
        key=lambda item: item.code,
    )
    if since is None or not items:
        return SILENT
    plan = case.stage_plan()
    half = plan.share(case.share("share_of_plan"))
    half_on = case.reaches(since, half)
    changes_on = case.next_of(half_on)
    if half_on is None or case.counted(since) < half:
        return Answer(changes_on=changes_on)
    message = case.rule.say(
        "one" if len(items) == 1 else "many",
        items=listed([said("{code} ({title})", code=item.code, title=content(item.title)) for item in items]),
        half_on=half_on,
    )
    details: Details = {
        **case.counting_from(since),
        "plan_days": plan.days,
        "planned": plan.planned,
        "threshold_days": half,
        "items": [{"code": item.code, "title": item.title, "effective": item.effective} for item in items],
    }
    return Answer(case.find(message, details), changes_on)


def _known_not_met(case: Case, item: SignalItem) -> bool:
    """To have left it unanswered is an answer of a team, but not of an imported file, which may just not ask."""
    if item.effective == UNANSWERED:
        return case.facts.as_of is None
    return item.effective != MET


def one_gate_behind(case: Case) -> Answer:
    """Every gate before it is passed, and this one is not, for a while since the latest of those passes.

    Speaks of the gates that its definition names a cause for. A gate that was passed and lapsed is not behind:
    ``gate_lapsed`` speaks of it.
    """
    gates = case.facts.gates_of(case.facts.framework)
    before = list(takewhile(lambda gate: gate.passed, gates))
    missing = gates[len(before)] if len(before) < len(gates) else None
    if missing is None or missing.lapsed_because or missing.slug not in case.rule.root_causes:
        return SILENT
    passes = [gate.passed_on for gate in before if gate.passed_on is not None]
    if not passes or len(passes) < len(before):
        return SILENT
    since = max(passes)
    details: Details = {"gate": missing.slug, "name": missing.name, "passed": [gate.name for gate in before]}
    message = case.rule.say("default", gate=content(missing.name), since=since)
    return case.for_days("days", since, message, details, root_cause=case.rule.root_causes[missing.slug])


def gate_lapsed(case: Case) -> Answer:
    """A passed gate no longer holds; critical in rollout and live, where people already rely on it."""
    lapsed = sorted(
        (gate for gate in case.facts.gates if gate.lapsed_because),
        key=lambda gate: (gate.framework, gate.position),
    )
    if not lapsed:
        return SILENT
    sentences = [
        case.rule.say(
            "checkpoint" if gate.kind == GateKind.CHECKPOINT else "gate",
            name=content(gate.name),
            reason=gate.lapsed_because,
        )
        for gate in lapsed
    ]
    details: Details = {
        "gates": [{"gate": gate.slug, "name": gate.name, "because": gate.lapsed_because} for gate in lapsed]
    }
    severity = Severity.CRITICAL if case.facts.stage in case.rule.critical_in else None
    return Answer(case.find(joined(sentences), details, severity))


def evidence_expired(case: Case) -> Answer:
    """Evidence behind an answer declared Met is past its age, or soon will be. Its last good day is still good.

    What a check renews by itself is no news before it has run out.
    """
    notice = case.days("notice_days_before")
    evidence = sorted(case.facts.evidence, key=lambda one: (one.last_good_on, one.code))
    expired = [one for one in evidence if case.today > one.last_good_on]
    expiring = [
        one
        for one in evidence
        if case.today <= one.last_good_on
        and (one.last_good_on - case.today).days <= notice
        and not one.by_check
    ]
    changes_on = case.next_of(
        *(
            day
            for one in evidence
            for day in (days_later(one.last_good_on, -notice), day_after(one.last_good_on))
        )
    )
    sentences = [
        case.rule.say(
            wording,
            items=listed(
                [said("{code} (last good day {day})", code=one.code, day=one.last_good_on) for one in some]
            ),
        )
        for wording, some in (("expired", expired), ("expiring", expiring))
        if some
    ]
    if not sentences:
        return Answer(changes_on=changes_on)
    details: Details = {
        "notice_days": notice,
        "items": [
            {
                "code": one.code,
                "title": one.title,
                "last_good_on": one.last_good_on.isoformat(),
                "state": "expired" if one in expired else "expiring",
            }
            for one in [*expired, *expiring]
        ],
    }
    return Answer(case.find(joined(sentences), details), changes_on)


def condition_overdue(case: Case) -> Answer:
    """A condition of a pass is past its date and still open. A promised day does not move with a hold."""
    promised = sorted(
        (one for one in case.facts.conditions if one.state == ConditionState.OPEN),
        key=lambda one: (one.due, one.gate_name, one.text),
    )
    changes_on = case.next_of(*(day_after(one.due) for one in promised))
    late = [one for one in promised if case.today > one.due]
    if not late:
        return Answer(changes_on=changes_on)
    message = case.rule.say(
        "one" if len(late) == 1 else "many",
        conditions=listed(
            [
                said(
                    "“{text}” ({owner}, due {day})",
                    text=shorten(one.text, SHOWN),
                    owner=one.owner,
                    day=one.due,
                )
                for one in late
            ]
        ),
    )
    details: Details = {
        "conditions": [
            {"text": one.text, "due": one.due.isoformat(), "gate": one.gate_name, "owner": one.owner}
            for one in late
        ]
    }
    return Answer(case.find(message, details), changes_on)
