"""The figures of the portfolio: each defined once, over what a person may see, in a fixed number of queries.

Everything is read from stored columns, right from the commit on. *Running* is every initiative that has not ended.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal

from django.db.models import Case, Count, Exists, F, IntegerField, Max, Min, OuterRef, Q, Value, When
from django.utils.translation import gettext as _

from gates.models import Initiative, LessonOutcome, StageEntry, Submission, TeamRole
from gates.querysets import InitiativeQuerySet
from gates.rules import PASSED_STATUSES, GateStatus
from gates.stages import ENDED as ENDED_STAGES
from gates.stages import LADDER, Stage
from readiness.portfolio.currency import Rates
from readiness.portfolio.money import spent_running
from readiness.portfolio.questions import past_intake, waiting_submissions
from readiness.portfolio.whom import whom_to_ask
from readiness.standing.definitions import flag_rules
from readiness.standing.flags.calendar import counted_days
from readiness.standing.flags.facts import Period
from readiness.standing.models import FOUND_CAUSE, Flag, GateStanding
from readiness.standing.verdict import Verdict

FUNNEL = LADDER[:5]
ENDED = [stage.value for stage in ENDED_STAGES]
UNITS_SHOWN = 12
STALLED_SHOWN = 12
REVIEWS_SHOWN = 10
SEVERITY_RANK = Case(When(severity="critical", then=0), When(severity="warning", then=1), default=2)


@dataclass(frozen=True, slots=True)
class Headline:
    """``spent`` and ``spent_stalled`` in the organisation's currency.

    ``ready`` and ``conditional`` count running ones in every stage; of them ``ready_live`` and ``conditional_live`` are
    live already. ``unconverted``: so many running initiatives are in neither, as a rate of their currency is missing.
    """

    total: int
    running: int
    ready: int
    ready_live: int
    conditional: int
    conditional_live: int
    stalled: int
    live: int
    spent: Decimal
    spent_stalled: Decimal
    currency: str
    unconverted: int

    @property
    def ready_ahead(self) -> int:
        """Those that could go to production: ready, and not there yet."""
        return self.ready - self.ready_live

    @property
    def conditional_ahead(self) -> int:
        return self.conditional - self.conditional_live


@dataclass(frozen=True, slots=True)
class Basis:
    """What the figures speak of: how many initiatives, and what is older than today.

    ``imported`` of them speak of the day of their file, from ``first_day`` to ``last_day``, until a person edits them.
    """

    total: int
    imported: int
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class FunnelStage:
    """How many ever reached a stage (or went past it), and how many are in it now."""

    stage: Stage
    reached: int
    now: int


@dataclass(frozen=True, slots=True)
class GateCell:
    """Of a unit's running initiatives past intake: how many passed this gate, how many lapsed, how many wait."""

    gate: str
    name: str
    total: int
    passed: int
    lapsed: int
    in_review: int


@dataclass(frozen=True, slots=True)
class UnitRow:
    unit: str
    unit_key: str
    initiatives: int
    cells: tuple[GateCell, ...]


@dataclass(frozen=True, slots=True)
class Stalled:
    """One stalled initiative with the flags that stall it, the worst first.

    ``days`` in its stage, days on hold not counted. ``since`` the oldest of them was opened. ``who``: its sponsor, else
    its technical lead, else its business owner; None where it has none of them.
    """

    initiative: Initiative
    days: int | None
    flags: tuple[Flag, ...]
    who: TeamRole | None

    @property
    def cause(self) -> str:
        """The root cause of the gravest flag: confirmed, else suspected."""
        return (self.flags[0].confirmed_cause or self.flags[0].root_cause) if self.flags else ""

    @property
    def is_confirmed(self) -> bool:
        """Whether a person confirmed that cause."""
        return bool(self.flags) and bool(self.flags[0].confirmed_cause)

    @property
    def reasons(self) -> tuple[str, ...]:
        rules = flag_rules()
        return tuple(rules[flag.code].title for flag in self.flags)

    @property
    def since(self) -> date | None:
        return min((flag.opened_on for flag in self.flags), default=None)


@dataclass(frozen=True, slots=True)
class CauseCount:
    """A root cause, and on how many ``initiatives`` a flag of it is open.

    The cause of a flag is what a person confirmed, else the suspected one; on ``confirmed`` of them a person did.
    """

    root_cause: str
    initiatives: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """One submission that waits for a decision; ``days`` counts as the rules do: neither holds nor lapses."""

    submission: Submission
    initiative: Initiative
    days: int


@dataclass(frozen=True, slots=True)
class Reviews:
    """Submissions that wait for a decision which can be taken: how many, on how many ``initiatives``, the oldest."""

    count: int
    initiatives: int
    oldest: Sequence[Waiting]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """``launched``: those that are live, and of those retired the ones that ever were."""

    live: int
    retired: int
    launched: int
    stopped_on_criteria: int
    stopped_by_decision: int
    faded_out: int

    @property
    def succeeded(self) -> int:
        """What went live, and what was stopped on the criteria agreed for it: both are what the process is for."""
        return self.launched + self.stopped_on_criteria

    @property
    def total(self) -> int:
        stopped = self.stopped_on_criteria + self.stopped_by_decision + self.faded_out
        return self.live + self.retired + stopped


def basis(rows: InitiativeQuerySet, today: date) -> Basis:
    earlier = Q(as_of__lt=today)
    found = rows.aggregate(
        total=Count("pk"),
        imported=Count("pk", filter=earlier),
        first_day=Min("as_of", filter=earlier),
        last_day=Max("as_of", filter=earlier),
    )
    return Basis(**found)


def headline(rows: InitiativeQuerySet, rates: Rates) -> Headline:
    running, live = ~Q(stage__in=ENDED), Q(stage=Stage.LIVE.value)
    ready = Q(standing__verdict=Verdict.READY.value)
    conditional = Q(standing__verdict=Verdict.CONDITIONAL.value)
    found = rows.aggregate(
        total=Count("pk"),
        running=Count("pk", filter=running),
        ready=Count("pk", filter=running & ready),
        ready_live=Count("pk", filter=live & ready),
        conditional=Count("pk", filter=running & conditional),
        conditional_live=Count("pk", filter=live & conditional),
        stalled=Count("pk", filter=Q(standing__stalled=True)),
        live=Count("pk", filter=live),
    )
    spent, stalled = spent_running(rows, rates)
    return Headline(
        **found,
        spent=spent.amount,
        spent_stalled=stalled.amount,
        currency=rates.into,
        unconverted=spent.left_out,
    )


def funnel(rows: InitiativeQuerySet) -> list[FunnelStage]:
    """By the furthest stage each has ever entered; ended ones count up to where they got.

    Retired is no stage of the way: a file may tell of what was given up in its PoC, and calls that retired.
    """
    place = Case(
        *[When(stage_entries__stage=stage.value, then=Value(number)) for number, stage in enumerate(FUNNEL)],
        default=Value(0),
        output_field=IntegerField(),
    )
    each = rows.order_by().values_list("pk", "stage").annotate(furthest=Max(place))
    reached, now = Counter[int](), Counter[str]()
    for _pk, stage, furthest in each:
        reached[furthest] += 1
        now[stage] += 1
    return [
        FunnelStage(stage, sum(count for got, count in reached.items() if got >= number), now[stage.value])
        for number, stage in enumerate(FUNNEL)
    ]


def heat_map(rows: InitiativeQuerySet) -> list[UnitRow]:
    """The largest units first, their running initiatives past intake; the rest is one row at the end."""
    under_way = past_intake(rows)
    sizes = list(
        under_way.order_by()
        .values_list("business_unit_key")
        .annotate(count=Count("pk"), unit=Max("business_unit"))
    )
    sizes.sort(key=lambda row: (-row[1], row[0]))
    shown = {key: unit for key, _, unit in sizes[:UNITS_SHOWN]}
    counts: dict[tuple[str, str], Counter[str]] = {}
    labels: dict[str, dict[str, str]] = {}
    sizes_of: Counter[str] = Counter()
    standings = GateStanding.objects.filter(
        initiative__in=under_way, framework=F("initiative__standing__framework")
    ).exclude(status="")
    grouped = standings.order_by().values_list("initiative__business_unit_key", "framework", "gate", "status")
    for key, framework, gate, status, name, _place, count in grouped.annotate(
        label=Max("name"), place=Max("position"), count=Count("pk")
    ).order_by("place"):
        labels.setdefault(framework, {}).setdefault(gate, name)
        sizes_of[framework] += count
        counts.setdefault((key if key in shown else OTHERS, gate), Counter())[status] += count
    # The gates of the framework that most are computed on come first; one of the same slug is one column.
    ranked = sorted(labels, key=lambda framework: (-sizes_of[framework], framework))
    names = {gate: name for framework in reversed(ranked) for gate, name in labels[framework].items()}
    names = {gate: names[gate] for framework in ranked for gate in labels[framework]}
    units = [(key, unit or _("No unit named"), size) for key, size, unit in sizes[:UNITS_SHOWN]]
    rest = sum(size for _, size, _ in sizes[UNITS_SHOWN:])
    if rest:
        units.append((OTHERS, _("%(count)s further units") % {"count": len(sizes) - UNITS_SHOWN}, rest))
    return [
        UnitRow(
            unit,
            key,
            size,
            tuple(gate_cell(gate, name, counts.get((key, gate), Counter())) for gate, name in names.items()),
        )
        for key, unit, size in units
    ]


OTHERS = "\x00others"


def gate_cell(gate: str, name: str, by_status: Counter[str]) -> GateCell:
    return GateCell(
        gate=gate,
        name=name,
        total=sum(by_status.values()),
        passed=sum(count for status, count in by_status.items() if GateStatus(status) in PASSED_STATUSES),
        lapsed=by_status[GateStatus.LAPSED.value],
        in_review=by_status[GateStatus.IN_REVIEW.value],
    )


def stalled(rows: InitiativeQuerySet, today: date, limit: int = STALLED_SHOWN) -> list[Stalled]:
    """The stalled ones that cost most, then those longest in their stage: one more where that is all of them."""
    found = list(
        rows.stalled()
        .with_place()
        .prefetch_related("holds")
        .order_by(F("budget_spent").desc(nulls_last=True), F("stage_since").asc(nulls_last=True), "pk")[
            : limit + 2
        ]
    )
    found = found if len(found) <= limit + 1 else found[:limit]
    reasons: dict[int, list[Flag]] = {}
    flags = Flag.objects.filter(
        initiative__in=[one.pk for one in found], resolved_at__isnull=True, stalls=True
    )
    for flag in flags.order_by(SEVERITY_RANK, "opened_on", "pk"):
        reasons.setdefault(flag.initiative_id, []).append(flag)
    whom = whom_to_ask(found)
    return [
        Stalled(one, days_in_stage(one, today), tuple(reasons.get(one.pk, ())), whom.get(one.pk))
        for one in found
    ]


def days_in_stage(initiative: Initiative, today: date) -> int | None:
    """Days in its stage, days on hold not counted; None where that is not known, or where it has ended.

    What was imported and not edited since counts to the day of its file. Its holds are at hand (prefetched).
    """
    if initiative.stage_since is None or initiative.has_ended:
        return None
    return counted_days(initiative.stage_since, counting_day(initiative, today), holds_of(initiative))


def counting_day(initiative: Initiative, today: date) -> date:
    """The day up to which its days are counted."""
    return min(initiative.as_of or today, today)


def holds_of(initiative: Initiative) -> list[Period]:
    return [Period(hold.since, hold.lifted_on) for hold in initiative.holds.all()]


def flags_by_root_cause(rows: InitiativeQuerySet) -> list[CauseCount]:
    """On how many initiatives a flag of a root cause is open, the most first."""
    flags = Flag.objects.filter(initiative__in=rows, resolved_at__isnull=True).annotate(
        found_cause=FOUND_CAUSE
    )
    counted = flags.order_by().values_list("found_cause")
    by_person = Count("initiative", distinct=True, filter=~Q(confirmed_cause=""))
    found = counted.annotate(count=Count("initiative", distinct=True), by_person=by_person)
    return sorted((CauseCount(*row) for row in found), key=lambda one: (-one.initiatives, one.root_cause))


def reviews_waiting(
    rows: InitiativeQuerySet, today: date, zone: tzinfo, first: Collection[int] = ()
) -> Reviews:
    """``first``: the primary keys of submissions that stand before older ones."""
    waiting = waiting_submissions(rows)
    counts = waiting.aggregate(count=Count("pk"), initiatives=Count("passage__initiative", distinct=True))
    oldest = waiting.select_related("gate__framework", "passage__initiative__hold", "by").prefetch_related(
        "passage__initiative__holds"
    )
    place = Case(When(pk__in=first, then=0), default=1) if first else Value(1)
    shown = oldest.order_by(place, "at", "pk")[:REVIEWS_SHOWN]
    return Reviews(counts["count"], counts["initiatives"], [_waiting(one, today, zone) for one in shown])


def _waiting(submission: Submission, today: date, zone: tzinfo) -> Waiting:
    initiative = submission.passage.initiative
    since = submission.at.astimezone(zone).date()
    days = counted_days(since, today, holds_of(initiative)) - submission.days_locked
    return Waiting(submission, initiative, max(days, 0))


def outcomes(rows: InitiativeQuerySet) -> Outcomes:
    """How initiatives ended, or that they are live. A stop on agreed criteria is a success of the process."""
    was_live = StageEntry.objects.filter(initiative=OuterRef("pk"), stage=Stage.LIVE.value)
    live, retired = Q(stage=Stage.LIVE.value), Q(stage=Stage.RETIRED.value)
    found = rows.aggregate(
        live=Count("pk", filter=live),
        retired=Count("pk", filter=retired),
        launched=Count("pk", filter=live | retired & Q(Exists(was_live))),
        stopped_on_criteria=Count("pk", filter=Q(lesson__outcome=LessonOutcome.AGREED_CRITERIA)),
        stopped_by_decision=Count("pk", filter=Q(lesson__outcome=LessonOutcome.DECIDED)),
        faded_out=Count("pk", filter=Q(lesson__outcome=LessonOutcome.FADED_OUT)),
    )
    return Outcomes(**found)
