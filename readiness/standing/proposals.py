"""Answers that the product proposes from what it already knows: one rule for each fact that an item may name.

Pure: standard library only, no database, no clock. In plain words: docs/rules.md, "Proposed answers". A proposal is
never an answer: a person takes it or not. What nobody can read from a record (that the owner agrees, that the sponsor
has confirmed) holds a proposal at Partial, and the sentence says what is left to ask.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from checklists.said import joined, listed, said, said_of
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
        return Proposal(NOT_MET, said("No problem is written down."))
    sentences = len([part for part in _SENTENCE_END.split(problem) if part.strip()])
    if sentences > 1:
        return Proposal(
            PARTIAL,
            said_of(
                "The problem takes {count} sentence; one is asked for.",
                "The problem takes {count} sentences; one is asked for.",
                sentences,
            ),
            held=True,
        )
    return Proposal(
        PARTIAL,
        said(
            "The problem is written in one sentence. Only you know whether it names what it costs, and whether the "
            "business owner agrees."
        ),
        held=True,
    )


def kpis_complete(asked: Question) -> Proposal | None:
    kpis = asked.known.kpis
    business = [kpi for kpi in kpis if kpi.business]
    if not business:
        why = said("Every measure is technical.") if kpis else said("No measure is entered yet.")
        return Proposal(NOT_MET, why)
    if all(kpi.goal.go_limit is None for kpi in business):
        return Proposal(NOT_MET, said("No business measure has a go limit yet."))
    if len(business) > MOST_BUSINESS_KPIS:
        return Proposal(
            PARTIAL,
            said_of(
                "There is {count} business measure; one to {most} are asked for.",
                "There are {count} business measures; one to {most} are asked for.",
                len(business),
                most=MOST_BUSINESS_KPIS,
            ),
        )
    missing = [
        said("{name} ({lacks})", name=kpi.name, lacks=listed(lacks))
        for kpi in business
        if (lacks := _lacks(kpi))
    ]
    if missing:
        return Proposal(PARTIAL, said("Still missing: {what}.", what=joined(missing, "; ")))
    return Proposal(
        PARTIAL,
        said(
            "Every business measure has its baseline, limits and due point. Only you know whether the business owner "
            "agreed to them."
        ),
        held=True,
    )


def _lacks(kpi: KpiKnown) -> list[str]:
    parts = {
        said("baseline"): kpi.goal.baseline is not None,
        said("go limit"): kpi.goal.go_limit is not None,
        said("stop limit"): kpi.goal.stop_limit is not None,
        said("due point"): kpi.has_due,
    }
    return [name for name, there in parts.items() if not there]


def executive_sponsor(asked: Question) -> Proposal | None:
    """The units are compared, not a list of departments."""
    known = asked.known
    sponsor = known.people.executive_sponsor
    if not known.people.known:
        return None
    if sponsor is None:
        return Proposal(NOT_MET, said("No executive sponsor is named."))
    if not sponsor.active:
        return Proposal(
            NOT_MET, said("{person} is named as sponsor and is no longer active.", person=sponsor.name)
        )
    if sponsor.unit_key and known.business_unit_key and sponsor.unit_key != known.business_unit_key:
        why = said(
            "{person} is of {unit}; {benefits} benefits.",
            person=sponsor.name,
            unit=sponsor.unit,
            benefits=known.business_unit,
        )
        return Proposal(NOT_MET, why)
    if not sponsor.unit_key or not known.business_unit_key:
        why = (
            said("{person} is named; their unit is not known.", person=sponsor.name)
            if known.business_unit_key
            else said("{person} is named; the unit that benefits is not known.", person=sponsor.name)
        )
        return Proposal(PARTIAL, why, held=True)
    return Proposal(
        PARTIAL,
        said(
            "{person} of {unit} is named. Only you know whether they confirmed and can decide on the budget.",
            person=sponsor.name,
            unit=sponsor.unit,
        ),
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
            said(
                "{person} is the business owner. Only you know whether they have time set aside.",
                person=owner.name,
            ),
            held=True,
        )
    helper = next((one for one in known.at_work if one.active and _is_of(one, known)), None)
    if helper is not None:
        return Proposal(
            PARTIAL,
            said(
                "{person} of {unit} is on the team. Only you know whether they have time set aside and report to the "
                "business owner.",
                person=helper.name,
                unit=helper.unit,
            ),
            held=True,
        )
    if owner is None:
        return Proposal(
            NOT_MET, said("No business owner is named, and nobody of the business unit is on the team.")
        )
    if not owner.active:
        return Proposal(
            NOT_MET, said("{person}, the business owner, is no longer active.", person=owner.name)
        )
    return Proposal(
        NOT_MET,
        said(
            "{person} is of {unit}, and nobody of {benefits} is on the team.",
            person=owner.name,
            unit=owner.unit,
            benefits=known.business_unit,
        ),
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
            said(
                "Building and a year of running are estimated. Only you know whether the assumptions are written down "
                "and the sponsor has seen them."
            ),
            held=True,
        )
    if build or run:
        why = (
            said("Building is estimated; a year of running is not.")
            if build
            else said("A year of running is estimated; building is not.")
        )
        return Proposal(PARTIAL, why)
    return Proposal(NOT_MET, said("Neither building for production nor a year of running is estimated."))


def plan_dates(asked: Question) -> Proposal | None:
    """Met where all four have a date and an exit criterion names who decides."""
    known = asked.known
    if known.plan.poc_days is None:
        return Proposal(NOT_MET, said("The PoC has no planned length, and so no end."))
    parts = {
        said("the length of the pilot"): known.plan.pilot_days is not None,
        said("the day of the decision"): known.plan.decision_on is not None,
        said("the dates for preparing production"): known.prepares_until,
        said("an exit criterion that names who decides"): bool(known.exits),
    }
    missing = [name for name, there in parts.items() if not there]
    if missing:
        return Proposal(PARTIAL, said("The PoC has an end. Still missing: {what}.", what=listed(missing)))
    return Proposal(
        MET,
        said(
            "PoC, pilot, decision and preparation are dated, and {person} decides.",
            person=known.exits[0].decider,
        ),
    )


def kpi_readings(asked: Question) -> Proposal | None:
    read = {kpi.business for kpi in asked.known.kpis if kpi.read}
    if read == {True, False}:
        return Proposal(MET, said("A technical and a business measure have been read since the start."))
    if read == {True}:
        return Proposal(PARTIAL, said("A business measure has been read, and no technical one."))
    if read == {False}:
        return Proposal(PARTIAL, said("A technical measure has been read, and no business one."))
    return Proposal(NOT_MET, said("No measure has been read since the start."))


def go_reached(asked: Question) -> Proposal | None:
    """Only measures due at the end of the PoC count; where none is, nothing is proposed."""
    due = [kpi for kpi in asked.known.kpis if kpi.due_now]
    if not due:
        return None
    unread = [kpi.name for kpi in due if kpi.latest is None]
    if unread:
        return Proposal(NOT_MET, said("Due by now and not read: {names}.", names=listed(unread)))
    stopped = [kpi.name for kpi in due if kpi.latest and kpi.goal.stops(kpi.latest.value)]
    if stopped:
        return Proposal(NOT_MET, said("At the stop limit or beyond it: {names}.", names=listed(stopped)))
    short = [kpi.name for kpi in due if kpi.latest and not kpi.goal.goes(kpi.latest.value)]
    if short:
        return Proposal(PARTIAL, said("Not at a go limit: {names}.", names=listed(short)))
    return Proposal(MET, said("At the go limit or better: {names}.", names=listed(kpi.name for kpi in due)))


def exits_evaluated(asked: Question) -> Proposal | None:
    """Checked is a criterion whose measure was read. What a proposal names, nobody can read from a record."""
    locked = [one for one in asked.known.exits if one.locked]
    if not locked:
        return Proposal(NOT_MET, said("No exit criterion was fixed before the start."))
    due = [one for one in locked if not one.checkpoint or one.checkpoint in asked.through]
    unread = [one.words for one in due if not one.read]
    if unread:
        return Proposal(
            NOT_MET, said("Not checked, as its measure has no reading: {names}.", names=joined(unread, "; "))
        )
    return Proposal(
        PARTIAL,
        said(
            "Every exit criterion that is due was checked. Only you know whether the proposal names them with their "
            "results."
        ),
        held=True,
    )


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
