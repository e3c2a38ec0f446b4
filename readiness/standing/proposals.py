"""Answers that the product proposes from what it already knows: one rule for each fact that an item may name.

Pure: standard library only, no database, no clock. In plain words: docs/rules.md, "Proposed answers". A proposal is
never an answer: a person takes it or not. What nobody can read from a record (that the owner agrees, that the sponsor
has confirmed) holds a proposal at Partial, and the sentence says what is left to ask.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from checklists.scoring import MET, NOT_MET, PARTIAL, AnswerValue
from gates.promises import Limits, Measured
from readiness.standing.flags.facts import PeopleFacts, Person, PlanFacts

MOST_BUSINESS_KPIS = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed answer and one sentence why.

    ``held``: it is held at Partial by what only a person can know, so that Met does not contradict it.
    """

    answer: AnswerValue
    why: str
    held: bool = False

    def says_more_than(self, declared: AnswerValue) -> bool:
        """Whether it is worth showing beside what was declared."""
        if self.answer == declared:
            return False
        return not (self.held and declared == MET)


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiKnown:
    """A KPI. ``goal``: the limits it is held against; ``due_now``: it is due by the end of the PoC.

    ``read``: it has a reading since the start; ``latest``: the last of all.
    """

    name: str
    business: bool
    goal: Limits
    has_due: bool = False
    due_now: bool = False
    read: bool = False
    latest: Measured | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitKnown:
    """An exit criterion in words. ``checkpoint``: the slug of the gate it looks at, "" where it has a window."""

    words: str
    decider: str
    locked: bool = False
    checkpoint: str = ""
    read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the rules know of one initiative.

    ``at_work``: everyone on its team but the sponsor. ``prepares_until``: the day by which production is to be
    prepared is planned.
    """

    problem: str = ""
    business_unit: str = ""
    business_unit_key: str = ""
    people: PeopleFacts = PeopleFacts()
    at_work: tuple[Person, ...] = ()
    kpis: tuple[KpiKnown, ...] = ()
    estimates_build: bool = False
    estimates_run: bool = False
    plan: PlanFacts = PlanFacts()
    prepares_until: bool = False
    exits: tuple[ExitKnown, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is known, and the slugs of the gates of the item's framework up to and with its own."""

    known: Known
    through: frozenset[str] = frozenset()


Rule = Callable[[Question], Proposal | None]


def propose(fact: str, known: Known, through: frozenset[str] = frozenset()) -> Proposal | None:
    """The proposed answer to an item that names this fact; None where nothing is known, or there is no such rule."""
    rule = RULES.get(fact)
    return rule(Question(known, through)) if rule else None


_SENTENCE_END = re.compile(r"[.!?。！？]+(?=\s|\Z)")


def business_problem(asked: Question) -> Proposal | None:
    """Whether it names the cost, and the owner agrees, nobody can read from a text."""
    problem = asked.known.problem.strip()
    if not problem:
        return Proposal(NOT_MET, "No problem is written down.")
    sentences = len([part for part in _SENTENCE_END.split(problem) if part.strip()])
    if sentences > 1:
        return Proposal(PARTIAL, f"The problem takes {sentences} sentences; one is asked for.", held=True)
    return Proposal(
        PARTIAL,
        "The problem is written in one sentence. Only you know whether it names what it costs, and whether the "
        "business owner agrees.",
        held=True,
    )


def kpis_complete(asked: Question) -> Proposal | None:
    kpis = asked.known.kpis
    business = [kpi for kpi in kpis if kpi.business]
    if not business:
        why = "Every measure is technical." if kpis else "No measure is entered yet."
        return Proposal(NOT_MET, why)
    if all(kpi.goal.go_limit is None for kpi in business):
        return Proposal(NOT_MET, "No business measure has a go limit yet.")
    if len(business) > MOST_BUSINESS_KPIS:
        return Proposal(
            PARTIAL,
            f"There are {len(business)} business measures; one to {MOST_BUSINESS_KPIS} are asked for.",
        )
    missing = [f"{kpi.name} ({_and(lacks)})" for kpi in business if (lacks := _lacks(kpi))]
    if missing:
        return Proposal(PARTIAL, f"Still missing: {'; '.join(missing)}.")
    return Proposal(
        PARTIAL,
        "Every business measure has its baseline, limits and due point. Only you know whether the business owner "
        "agreed to them.",
        held=True,
    )


def _lacks(kpi: KpiKnown) -> list[str]:
    parts = {
        "baseline": kpi.goal.baseline is not None,
        "go limit": kpi.goal.go_limit is not None,
        "stop limit": kpi.goal.stop_limit is not None,
        "due point": kpi.has_due,
    }
    return [name for name, there in parts.items() if not there]


def executive_sponsor(asked: Question) -> Proposal | None:
    """The units are compared, not a list of departments."""
    known = asked.known
    sponsor = known.people.executive_sponsor
    if not known.people.known:
        return None
    if sponsor is None:
        return Proposal(NOT_MET, "No executive sponsor is named.")
    if not sponsor.active:
        return Proposal(NOT_MET, f"{sponsor.name} is named as sponsor and is no longer active.")
    if sponsor.unit_key and known.business_unit_key and sponsor.unit_key != known.business_unit_key:
        return Proposal(NOT_MET, f"{sponsor.name} is of {sponsor.unit}; {known.business_unit} benefits.")
    if not sponsor.unit_key or not known.business_unit_key:
        whose = f"the unit of {sponsor.name}" if known.business_unit_key else "the unit that benefits"
        return Proposal(PARTIAL, f"{sponsor.name} is named; {whose} is not known.", held=True)
    return Proposal(
        PARTIAL,
        f"{sponsor.name} of {sponsor.unit} is named. Only you know whether they confirmed and can decide on the "
        "budget.",
        held=True,
    )


def business_owner(asked: Question) -> Proposal | None:
    """Somebody of the unit that benefits works on the team."""
    known = asked.known
    owner = known.people.business_owner
    if not known.people.known:
        return None
    if owner is not None and owner.active and _may_be_of(owner, known):
        return Proposal(
            PARTIAL,
            f"{owner.name} is the business owner. Only you know whether they have time set aside.",
            held=True,
        )
    helper = next((one for one in known.at_work if one.active and _is_of(one, known)), None)
    if helper is not None:
        return Proposal(
            PARTIAL,
            f"{helper.name} of {helper.unit} is on the team. Only you know whether they have time set aside and "
            "report to the business owner.",
            held=True,
        )
    if owner is None:
        return Proposal(
            NOT_MET, "No business owner is named, and nobody of the business unit is on the team."
        )
    if not owner.active:
        return Proposal(NOT_MET, f"{owner.name}, the business owner, is no longer active.")
    return Proposal(
        NOT_MET, f"{owner.name} is of {owner.unit}, and nobody of {known.business_unit} is on the team."
    )


def _is_of(person: Person, known: Known) -> bool:
    return bool(known.business_unit_key) and person.unit_key == known.business_unit_key


def _may_be_of(person: Person, known: Known) -> bool:
    return not person.unit_key or not known.business_unit_key or person.unit_key == known.business_unit_key


def production_estimate(asked: Question) -> Proposal | None:
    build, run = asked.known.estimates_build, asked.known.estimates_run
    if build and run:
        return Proposal(
            PARTIAL,
            "Building and a year of running are estimated. Only you know whether the assumptions are written down "
            "and the sponsor has seen them.",
            held=True,
        )
    if build or run:
        there, missing = ("Building", "a year of running") if build else ("A year of running", "building")
        return Proposal(PARTIAL, f"{there} is estimated; {missing} is not.")
    return Proposal(NOT_MET, "Neither building for production nor a year of running is estimated.")


def plan_dates(asked: Question) -> Proposal | None:
    """Met where all four have a date and an exit criterion names who decides."""
    known = asked.known
    if known.plan.poc_days is None:
        return Proposal(NOT_MET, "The PoC has no planned length, and so no end.")
    parts = {
        "the length of the pilot": known.plan.pilot_days is not None,
        "the day of the decision": known.plan.decision_on is not None,
        "the dates for preparing production": known.prepares_until,
        "an exit criterion that names who decides": bool(known.exits),
    }
    missing = [name for name, there in parts.items() if not there]
    if missing:
        return Proposal(PARTIAL, f"The PoC has an end. Still missing: {_and(missing)}.")
    return Proposal(
        MET, f"PoC, pilot, decision and preparation are dated, and {known.exits[0].decider} decides."
    )


def kpi_readings(asked: Question) -> Proposal | None:
    read = {kpi.business for kpi in asked.known.kpis if kpi.read}
    if read == {True, False}:
        return Proposal(MET, "A technical and a business measure have been read since the start.")
    if read == {True}:
        return Proposal(PARTIAL, "A business measure has been read, and no technical one.")
    if read == {False}:
        return Proposal(PARTIAL, "A technical measure has been read, and no business one.")
    return Proposal(NOT_MET, "No measure has been read since the start.")


def go_reached(asked: Question) -> Proposal | None:
    """Only measures due at the end of the PoC count; where none is, nothing is proposed."""
    due = [kpi for kpi in asked.known.kpis if kpi.due_now]
    if not due:
        return None
    unread = [kpi.name for kpi in due if kpi.latest is None]
    if unread:
        return Proposal(NOT_MET, f"Due by now and not read: {_and(unread)}.")
    stopped = [kpi.name for kpi in due if kpi.latest and kpi.goal.stops(kpi.latest.value)]
    if stopped:
        return Proposal(NOT_MET, f"At the stop limit or beyond it: {_and(stopped)}.")
    short = [kpi.name for kpi in due if kpi.latest and not kpi.goal.goes(kpi.latest.value)]
    if short:
        return Proposal(PARTIAL, f"Not at a go limit: {_and(short)}.")
    return Proposal(MET, f"At the go limit or better: {_and([kpi.name for kpi in due])}.")


def exits_evaluated(asked: Question) -> Proposal | None:
    """Checked is a criterion whose measure was read. What a proposal names, nobody can read from a record."""
    locked = [one for one in asked.known.exits if one.locked]
    if not locked:
        return Proposal(NOT_MET, "No exit criterion was fixed before the start.")
    due = [one for one in locked if not one.checkpoint or one.checkpoint in asked.through]
    unread = [one.words for one in due if not one.read]
    if unread:
        return Proposal(NOT_MET, f"Not checked, as its measure has no reading: {'; '.join(unread)}.")
    return Proposal(
        PARTIAL,
        "Every exit criterion that is due was checked. Only you know whether the proposal names them with their "
        "results.",
        held=True,
    )


def _and(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


RULES: Mapping[str, Rule] = {
    "initiative.business_problem": business_problem,
    "kpis.complete": kpis_complete,
    "people.executive_sponsor": executive_sponsor,
    "people.business_owner": business_owner,
    "budget.production_estimate": production_estimate,
    "plan.dates": plan_dates,
    "kpis.readings": kpi_readings,
    "kpis.go_reached": go_reached,
    "exit_criteria.evaluated": exits_evaluated,
}
"""Every fact that an item of a framework may name."""
