"""Money: what initiatives burn a month, for any number of them in a fixed number of queries, and all about one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gates.budget import (
    BANDS,
    Burn,
    Kind,
    Place,
    Spent,
    burn,
    by_kind,
    by_month,
    cost_of_the_pilot,
    place_of,
    share,
    times,
    total,
)
from gates.models import Approach, Initiative, Spending, StageEntry
from gates.stages import Stage
from readiness.standing.definitions import Quoted, root_causes


def spending_of(initiative_ids: Iterable[int]) -> dict[int, list[Spent]]:
    """The entries of each of these initiatives, oldest first; one query."""
    found: dict[int, list[Spent]] = defaultdict(list)
    for row in Spending.objects.filter(initiative__in=list(initiative_ids)):
        found[row.initiative_id].append(row.facts)
    return found


def burns(initiatives: Iterable[Initiative], today: date) -> dict[int, Burn]:
    """What each of them burns a month, by primary key; two queries.

    Left out is one that has ended, and one of which too little is known. An imported one counts to the day of its file.
    """
    running = [one for one in initiatives if not one.has_ended]
    keys = [one.pk for one in running]
    entries, starts = spending_of(keys), _starts(keys)
    found = {}
    for one in running:
        last_day = min(one.as_of or today, today)
        rate = burn(entries.get(one.pk, ()), one.budget_spent, starts.get(one.pk), last_day)
        if rate is not None:
            found[one.pk] = rate
    return found


def _starts(keys: list[int]) -> dict[int, date | None]:
    """The day on which each entered its first stage; None where an import does not say."""
    first: dict[int, date | None] = {}
    stays = StageEntry.objects.filter(initiative__in=keys).order_by("pk")
    for pk, entered_on in stays.values_list("initiative_id", "entered_on"):
        first.setdefault(pk, entered_on)
    return first


@dataclass(frozen=True, slots=True)
class Advice:
    """A share of the budget beside what is usual: as planned and as spent, in percent, each with where it lies."""

    kind: Kind
    band: tuple[int, int]
    planned: int | None
    planned_lies: Place | None
    spent: Decimal | None
    spent_lies: Place | None
    quoted: Quoted | None


@dataclass(frozen=True, slots=True)
class Production:
    """What production would cost beside what the pilot did. ``times``: the one in the other."""

    build: Decimal | None
    run: Decimal | None
    estimate: Decimal | None
    pilot_cost: Decimal | None
    times: Decimal | None
    quoted: Quoted | None


@dataclass(frozen=True, slots=True)
class Money:
    """Everything about the money of one initiative, as its page and the API show it."""

    entries: list[Spent]
    burn: Burn | None
    advice: list[Advice]
    production: Production

    @property
    def months(self) -> dict[date, dict[Kind, Decimal]]:
        return by_month(self.entries)

    @property
    def kinds(self) -> dict[Kind, Decimal]:
        return by_kind(self.entries)

    @property
    def total(self) -> Decimal:
        return total(self.entries)


def money_of(initiative: Initiative, today: date) -> Money:
    """Of one initiative; four queries."""
    entries = spending_of([initiative.pk]).get(initiative.pk, [])
    return Money(
        entries=entries,
        burn=burns([initiative], today).get(initiative.pk),
        advice=_advice(initiative, entries),
        production=_production(initiative, entries),
    )


_CAUSES = {Kind.DATA: "data_quality", Kind.CHANGE: "change_management"}


def _advice(initiative: Initiative, entries: list[Spent]) -> list[Advice]:
    """For data and for change; bought AI has its data prepared elsewhere, and only the second is looked at."""
    planned = {Kind.DATA: initiative.data_share, Kind.CHANGE: initiative.change_share}
    spent, whole = by_kind(entries), total(entries)
    return [
        Advice(
            kind=kind,
            band=band,
            planned=planned[kind],
            planned_lies=_planned_lies(planned[kind], kind),
            spent=share(spent[kind], whole),
            spent_lies=place_of(spent[kind], whole, kind),
            quoted=root_causes()[_CAUSES[kind]].rule_of_thumb,
        )
        for kind, band in BANDS.items()
        if kind != Kind.DATA or initiative.approach != Approach.BUY
    ]


def _planned_lies(percent: int | None, kind: Kind) -> Place | None:
    return None if percent is None else place_of(Decimal(percent), Decimal(100), kind)


def _production(initiative: Initiative, entries: list[Spent]) -> Production:
    build, run = initiative.estimate_build, initiative.estimate_run
    known = [one for one in (build, run) if one is not None]
    estimate = sum(known, Decimal(0)) if known else None
    stays = StageEntry.objects.filter(initiative=initiative, stage=Stage.PILOT.value).order_by("pk")
    left_on = stays.values_list("left_on", flat=True).last()
    past_it = Stage(initiative.stage) in (Stage.ROLLOUT, Stage.LIVE, Stage.RETIRED)
    cost = cost_of_the_pilot(entries, initiative.budget_spent, left_on, past_it)
    return Production(
        build, run, estimate, cost, times(estimate, cost), root_causes()["infrastructure"].research
    )
