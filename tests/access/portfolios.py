"""Four portfolios in one installation, each with everything that a figure counts, and who may see which of them.

What one may not see is as rich as what one may: a figure that counted a stranger's initiative would be another.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F

from gates.models import Initiative, Kpi, Lesson, Reading, TeamRole
from gates.querysets import normalised, tags_key
from readiness.accounts.models import Organisation, Rate, SavedView, User
from readiness.actions.exits import add_criterion
from readiness.actions.gates import submit_gate
from readiness.actions.kpis import create_kpi
from readiness.actions.readings import NewReading, add_reading
from readiness.actions.stages import move_stage
from readiness.audit.recording import IMPORTED, Actor, Ledger
from readiness.portfolio.imported import RUN
from readiness.standing.models import Flag, Standing
from readiness.work.models import LongWork, State
from tests.access.cast import ON_THE_TEAM, Cast, close_the_door, gather
from tests.access.hanging import take_away
from tests.access.world import agreed_before, undone
from tests.fixtures import answer_all, create, make_ready
from tests.integration.portfolio.past_rows import Past
from tests.integration.workbench.initiatives.scenes import held, overrun

AT = datetime(2026, 3, 31, 12, tzinfo=UTC)
"""The moment at which everything is asked."""
TODAY = AT.date()
OPEN, OWN, OMARS, OTHERS = PORTFOLIOS = ("open", "own", "omars", "others")
"""Of the organisation; of lena's team; of omar alone; of tess alone, who is nobody in the matrix."""

SEES: dict[str, frozenset[str]] = dict.fromkeys(
    ("rita", "abel", "adam", "ravi", "elsa", "iris", "ada"), frozenset(PORTFOLIOS)
) | {
    "lena": frozenset({OPEN, OWN}),
    "mia": frozenset({OWN}),
    "omar": frozenset({OPEN, OMARS}),
    "nils": frozenset(),
    "nobody": frozenset(),
    "gone": frozenset(),
}
"""By hand from the table of rights: roles that see all, leads what is the organisation's, teams their own."""

LEADS = {OPEN: "tess", OWN: "lena", OMARS: "omar", OTHERS: "tess"}
SPONSORS = {OPEN: "elsa", OWN: "iris", OMARS: "rita", OTHERS: "ada"}
LIVES = 64
IMPORTED_BY = 7001
SEED = 9


@dataclass
class Portfolios:
    """``of``: the keys of the initiatives of each portfolio; ``view``: a view that tess shares with all."""

    cast: Cast
    of: dict[str, list[int]]
    view: int

    def hidden_from(self, who: str) -> list[int]:
        return self.keys(set(PORTFOLIOS) - SEES[who])

    def keys(self, portfolios: Iterable[str]) -> list[int]:
        return [key for name in portfolios for key in self.of[name]]


def found() -> Portfolios:
    """Everybody and everything, as of ``AT``, which is to be the present moment."""
    cast = gather()
    people = cast.people
    Organisation.objects.update(currency="EUR")
    for currency, days in (("USD", 400), ("USD", 20), ("CHF", 60)):
        on = TODAY - timedelta(days=days)
        Rate.objects.create(currency=currency, into="EUR", on=on, rate=Decimal("1.25"), entered_at=AT)
    of: dict[str, list[int]] = {name: [] for name in PORTFOLIOS}
    Past(SEED, TODAY, Organisation.get().zone, people["tess"], people["ravi"]).lives(LIVES)
    # Dealt out like cards, so that each has some in every stage.
    for place, row in enumerate(
        Initiative.objects.order_by("stage", F("stage_since").asc(nulls_last=True), "pk")
    ):
        name = PORTFOLIOS[place % len(PORTFOLIOS)]
        belongs(row, name, place // len(PORTFOLIOS), people)
        of[name].append(row.pk)
    for name in PORTFOLIOS:
        of[name] += [row.pk for row in under_way(name, people)]
        brings_value(Initiative.objects.filter(pk__in=of[name]))
    brought_in([key for keys in of.values() for key in keys], people["ada"])
    view = SavedView.objects.create(
        owner=people["tess"], name="Of all", name_key="of all", page="portfolio-money", shared=True, created_at=AT,
    )  # fmt: skip
    close_the_door(cast)
    return Portfolios(cast, of, view.pk)


def brought_in(initiatives: Iterable[int], by: User) -> None:
    """As by one import, which is the work with the number IMPORTED_BY."""
    LongWork.objects.create(
        pk=IMPORTED_BY, kind=RUN, title="list.csv", by=by, state=State.DONE.value, asked_at=AT, beat_at=AT, ended_at=AT
    )  # fmt: skip
    ledger = Ledger(AT)
    for key in initiatives:
        ledger.append(Actor.person(by), IMPORTED, {}, initiative_id=key)
    ledger.close()


@contextmanager
def without(initiatives: Iterable[int]) -> Iterator[None]:
    """The same installation in which these initiatives never were."""
    with undone():
        take_away(list(initiatives))
        yield


def belongs(row: Initiative, name: str, number: int, people: dict[str, User]) -> None:
    """A life at random becomes one of this portfolio, with its team; each second is of a unit of its own."""
    row.visibility = "organisation" if name == OPEN else "team"
    row.vendor = row.vendor.strip()
    if number % 2:
        row.business_unit, row.technology = f"Unit {number} of {name}", f"Technology of {name}"
        row.vendor, row.tags = f"Vendor of {name}", [f"tag of {name}"]
    row.business_unit_key, row.technology_key, row.vendor_key = map(
        normalised, (row.business_unit, row.technology, row.vendor)
    )
    row.tags_key = tags_key(row.tags)
    row.budget_planned = Decimal(1000 + 7 * number)
    row.pilot_days = 30 if number % 2 else None
    row.currency = ("EUR", "USD", "CHF", "GBP")[number % 4] if row.budget_spent else "EUR"
    row.as_of = TODAY - timedelta(days=20 + number) if number % 4 == 1 else None
    row.save()
    team = [(LEADS[name], "technical_lead", None), (SPONSORS[name], "executive_sponsor", None)]
    if name == OWN:
        team += [(member, "member", None) for member in (*ON_THE_TEAM[1:], "gone")]
    else:  # who was on the team once is not on it any more
        team += [(member, "member", AT) for member in ("mia", "nils", "omar")]
    TeamRole.objects.bulk_create(
        TeamRole(initiative=row, user=people[who], role=role, since=AT - timedelta(days=90), until=until)
        for who, role, until in team
    )
    for flag in Flag.objects.filter(initiative=row, resolved_at=None)[: number % 2]:
        flag.confirmed_cause, flag.confirmed_at = "ownership", AT
        flag.save()
    if row.stage == "rollout":
        Standing.objects.filter(initiative=row).update(verdict="conditional")
    Lesson.objects.filter(initiative=row).update(root_cause=("integration", "", "ownership")[number % 3])


def under_way(name: str, people: dict[str, User]) -> Iterator[Initiative]:
    """What waits for a decision of every kind, through the product's own acts."""
    lead = people[LEADS[name]]
    by = Actor.person(lead)
    members = [*ON_THE_TEAM[1:], "gone"] if name == OWN else []
    facts: dict[str, Any] = {
        "over_limit_reason": "It is asked for.",
        "visibility": "organisation" if name == OPEN else "team",
        "people": {"members": members, "executive_sponsor": SPONSORS[name]},
    }
    yield overrun(lead, name=f"Overrun of {name}", **facts)
    yield held(lead, name=f"Held of {name}", **facts)
    ready = create(lead, name=f"Ready of {name}", stage="pilot", budget={"spent": "900"}, **facts)
    make_ready(ready, lead, people["ravi"])
    saved, _ = create_kpi(ready.pk, {"name": "Hours saved", "go_limit": 1}, by, AT)
    add_reading(ready.pk, saved.pk, NewReading(TODAY, 5), by, AT)
    yield ready
    faded = create(lead, name=f"Faded of {name}", stage="poc", budget={"spent": "700"}, **facts)
    lesson = {
        "tried": "To ask.",
        "did_not_work": "Nobody answered.",
        "outcome": "faded_out",
        "root_cause": "integration",
    }
    move_stage(faded.pk, "stopped", by, AT, "Nobody asks for it.", lesson)
    yield faded
    waits = create(lead, name=f"Waits of {name}", stage="poc", **facts)
    answer_all(waits, lead, gates=["data"])
    submit_gate(waits.pk, "data", "Please look.", by, AT)
    kpi, _ = create_kpi(waits.pk, {"name": "watched", "kind": "technical"}, by, AT)
    given = {"kpi": kpi.pk, "comparator": "under", "limit": "5", "action": "stop", "decider": lead.username}
    add_criterion(waits.pk, given | {"window_days": 14}, by, AT)
    agreed_before(waits, AT - timedelta(days=20))
    for days in (15, 8, 1):
        add_reading(waits.pk, kpi.pk, NewReading(TODAY - timedelta(days=days), 3), by, AT)
    yield waits


def brings_value(rows: models.QuerySet[Initiative]) -> None:
    """Two of the live ones promise money a month; one of them is measured."""
    live = rows.filter(stage="live", stage_since__isnull=False).order_by("pk")[:2]
    assert len(live) == 2
    for number, row in enumerate(live):
        kpi = Kpi.objects.create(
            initiative=row, name="Savings", kind="business", signal="value", unit="EUR", direction="up",
            target=Decimal(100 + number), created_at=AT,
        )  # fmt: skip
        if number == 0 and row.stage_since:
            on = row.stage_since + timedelta(days=1)
            Reading.objects.create(kpi=kpi, on=on, value=40, source="typed", received_at=AT)
