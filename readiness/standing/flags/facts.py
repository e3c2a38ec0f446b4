"""What the rules know of one initiative. Plain values only: whoever loads them reads the database, no rule does.

A fact that is not known is ``None`` (or stays out of its tuple), and raises no flag unless the rule is about its
absence. The order within a tuple does not matter: rules sort what they name.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from checklists.scoring import AnswerValue
from gates.criteria import GateKind
from gates.promises import Limits, Measured
from gates.rules import ConditionState
from gates.stages import Stage


class Role(StrEnum):
    """The four named roles of a team, in the order in which they are named."""

    BUSINESS_OWNER = "business_owner"
    EXECUTIVE_SPONSOR = "executive_sponsor"
    TECHNICAL_LEAD = "technical_lead"
    DEPUTY = "deputy"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``since`` up to, not including, ``until``; still running while ``until`` is ``None``."""

    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """Planned whole days per stage, and the planned decision date. ``None``: nothing was planned."""

    intake_days: int | None = None
    poc_days: int | None = None
    pilot_days: int | None = None
    rollout_days: int | None = None
    decision_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingSubmission:
    """A submission that waits for its decision; ``gate`` is the gate's slug, ``name`` its name.

    ``locked_since``: the day from which it waits behind a lapsed gate now, else ``None``. ``days_locked``: the days
    it waited behind one earlier, each counted with ``calendar.counted_days`` so that no day on hold is among them.
    """

    gate: str
    name: str
    kind: GateKind
    submitted_on: date
    days_locked: int = 0
    locked_since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateToday:
    """One gate or checkpoint as it stands today.

    ``framework``: slug. ``position``: any number that grows in the framework's order.
    ``passed``: its status is passed, with or without conditions. ``passed_on``: day of the pass that stands.
    ``lapsed_because``: why its last decision, a pass, no longer holds, in whole sentences and whatever else its
    status shows (``gates.rules.GateState.lapsed_because``); "" where it holds or was no pass.
    ``last_decided_on``: day of its last decision of any kind.
    """

    framework: str
    kind: GateKind
    position: int
    slug: str
    name: str
    passed: bool = False
    passed_on: date | None = None
    lapsed_because: str = ""
    last_decided_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalItem:
    """An item that carries a signal (a tag of its framework, such as ``production_data``), and its effective answer."""

    signal: str
    code: str
    title: str
    effective: AnswerValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in a role. ``unit_key`` is the unit with its case folded and white space collapsed; "" is unknown."""

    username: str
    name: str
    unit: str = ""
    unit_key: str = ""
    function: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFacts:
    """Who holds which role. ``known`` is false while an import said nothing about people: unknown is not missing."""

    business_owner: Person | None = None
    executive_sponsor: Person | None = None
    technical_lead: Person | None = None
    deputy: Person | None = None
    known: bool = True

    def holding(self, role: Role) -> Person | None:
        return {
            Role.BUSINESS_OWNER: self.business_owner,
            Role.EXECUTIVE_SPONSOR: self.executive_sponsor,
            Role.TECHNICAL_LEAD: self.technical_lead,
            Role.DEPUTY: self.deputy,
        }[role]


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetFacts:
    """Money in ``currency`` (three letters, or ""); shares in percent of the planned budget."""

    planned: Decimal | None = None
    spent: Decimal | None = None
    currency: str = ""
    data_share: int | None = None
    change_share: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFacts:
    """The evidence behind one answer declared Met: the last day on which its best piece is in force.

    ``by_check``: that piece is an automated check's, which renews itself as long as the check runs.
    """

    code: str
    title: str
    last_good_on: date
    by_check: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionFacts:
    """A condition of a decision that stands. ``due`` is its last good day; ``owner`` a person's name."""

    text: str
    due: date
    state: ConditionState
    gate_name: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiFacts:
    """A KPI with what it reads. ``limits`` as they stand, ``promised`` as they were locked; ``readings`` oldest first.

    ``signal``: ``weekly_active_share``, ``bypass_rate``, ``value`` or "".
    """

    name: str
    business: bool
    limits: Limits
    promised: Limits
    unit: str = ""
    signal: str = ""
    readings: tuple[Measured, ...] = ()

    @property
    def latest(self) -> Measured | None:
        return self.readings[-1] if self.readings else None

    def latest_after(self, day: date) -> Measured | None:
        """The last reading of a later day."""
        return self.latest if self.latest is not None and self.latest.on > day else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitFacts:
    """An exit criterion in words. ``reached_on``: it triggered on this day and nobody has decided, else None."""

    words: str
    decider: str
    reached_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentFacts:
    """A change of a locked promise (``promise`` in words), and whether a reviewer has acknowledged it."""

    promise: str
    on: date
    after_reading: bool
    acknowledged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadmapFacts:
    """What is committed for production. ``dated``: every phase has its first and last day."""

    dated: bool = False
    people: bool = False
    budget: bool = False

    @property
    def complete(self) -> bool:
        return self.dated and self.people and self.budget


@dataclass(frozen=True, slots=True, kw_only=True)
class StakeholderFacts:
    """A function as a sentence names it ("IT"), and the day it was involved."""

    function: str
    involved_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagFacts:
    """Everything the rules need about one initiative.

    Dates are calendar days in the organisation's zone.

    - ``stage_since``: the day from which its days in the stage count, earlier stays in it included; ``None`` where an
      import does not say.
    - ``created_on``: the day it was entered here.
    - ``as_of``: for an imported initiative that no person has edited yet, the day its file speaks of. Its flags count
      to that day, and what its file cannot say (reviews, checkpoints, answers) is unknown. Otherwise ``None``.
    - ``framework``: slug of the framework readiness is computed on; ``production_ready``: the verdict on it is
      ready or conditional.
    - ``bought``: the approach is to buy.
    - ``holds``: every hold, ended ones too; ``hold_review_on``: review date of the hold in force.
    - ``last_activity_on``: last answer, evidence, reading, comment, decision or submission by a person (a machine's
      work is none).
    - ``last_rise_on``: last day on which an effective answer rose by an act of a person or a check.
    - ``submissions``: those that wait; ``evidence``: one per item declared Met that has evidence with an end.
    - ``stakeholders``: IT, operations, legal and security, one each, in this order.
    - ``sponsor_heard_on``: when the sponsor last acted on the initiative, at least the day they became its sponsor.
    - ``open_codes``: codes of the flags that are open now. On hold most rules may keep a flag, but open none.
    """

    stage: Stage
    stage_since: date | None
    created_on: date
    as_of: date | None = None
    taken_over: bool = False
    business_unit: str = ""
    business_unit_key: str = ""
    framework: str = "five-gate"
    production_ready: bool = False
    bought: bool = False
    plan: PlanFacts = PlanFacts()
    holds: tuple[Period, ...] = ()
    hold_review_on: date | None = None
    last_activity_on: date | None = None
    last_rise_on: date | None = None
    submissions: tuple[WaitingSubmission, ...] = ()
    gates: tuple[GateToday, ...] = ()
    signals: tuple[SignalItem, ...] = ()
    people: PeopleFacts = PeopleFacts()
    budget: BudgetFacts = BudgetFacts()
    evidence: tuple[EvidenceFacts, ...] = ()
    conditions: tuple[ConditionFacts, ...] = ()
    kpis: tuple[KpiFacts, ...] = ()
    exits: tuple[ExitFacts, ...] = ()
    amendments: tuple[AmendmentFacts, ...] = ()
    roadmap: RoadmapFacts = RoadmapFacts()
    stakeholders: tuple[StakeholderFacts, ...] = ()
    sponsor_heard_on: date | None = None
    open_codes: frozenset[str] = frozenset()

    @property
    def business_kpis(self) -> tuple[KpiFacts, ...]:
        return tuple(sorted((kpi for kpi in self.kpis if kpi.business), key=lambda kpi: kpi.name))

    def gates_of(self, framework: str) -> tuple[GateToday, ...]:
        """The gates of one framework, in its order."""
        return tuple(
            sorted(
                (gate for gate in self.gates if gate.framework == framework), key=lambda gate: gate.position
            )
        )

    @property
    def on_hold(self) -> bool:
        return any(hold.until is None for hold in self.holds)
