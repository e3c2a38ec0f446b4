"""The rules once more, read from their text and written otherwise than the code: what the tests hold it against."""

from tests.unit.rule_builders import MET, NOT_MET, PARTIAL, UNANSWERED, WORTH, days


def piece_allows(piece, max_age, today):
    in_force = True
    if max_age is not None and today > piece.effective_on + days(max_age):
        in_force = False
    if piece.expires_on is not None and today > piece.expires_on:
        in_force = False
    if in_force:
        return PARTIAL if piece.withdrawn or not piece.passed else MET
    if max_age is None or today <= piece.effective_on + days(2 * max_age):
        return PARTIAL
    return NOT_MET


def lowest(values):
    return min(values, key=WORTH.__getitem__)


def best(values):
    return max(values, key=WORTH.__getitem__)


def expected_answer(facts, today):
    if not facts.item.evidence_required:
        return facts.declared
    measured = facts.measured
    if measured is not None and facts.measured_until is not None and today > facts.measured_until:
        measured = NOT_MET if measured == NOT_MET else PARTIAL
    declared = facts.declared
    if declared == UNANSWERED:
        if measured is None:
            return UNANSWERED
        declared = measured
    allowed = PARTIAL
    if facts.pieces:
        allowed = best([piece_allows(one, facts.item.evidence_max_age_days, today) for one in facts.pieces])
    return lowest([declared, allowed] + ([] if measured is None else [measured]))


def gate_asks(gate, values, waived):
    """The failing clauses of a gate as (code, item), read from the text."""
    failing = []
    rows = list(zip(gate.items, values, strict=True))
    failing += [("critical_not_met", one.code) for one, value in rows if one.critical and value != "met"]
    for word, code in (("not_met", "item_not_met"), ("unanswered", "item_unanswered")):
        for one, value in rows:
            if not one.critical and value == word and one.code not in waived:
                failing.append((code, one.code))
    if len([value for value in values if value == "met"]) < gate.min_met:
        failing.append(("too_few_met", None))
    return failing


def read_from_the_table(decision, holds_criteria, waiting, lapse, conditions, locked):
    """The first row of the status table that applies. `conditions`: of open, overdue, kept, late, confirmed."""
    passed = decision in ("pass", "pass_with_conditions")
    still = passed and holds_criteria and not lapse and "overdue" not in conditions
    if decision == "stop":
        return "stopped"
    if locked:
        return "locked"
    if waiting and not still:
        return "in_review"
    if passed and not still:
        return "lapsed"
    if still:
        return "passed_with_conditions" if conditions & {"open", "kept"} else "passed"
    if decision == "return":
        return "returned"
    return "eligible" if holds_criteria else "open"
