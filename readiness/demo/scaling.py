"""Many initiatives at once, for measuring: plain rows in bulk, the standing by the one recompute."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from checklists.models import Answer, Evidence, EvidenceKind, Item
from gates.models import (
    ExitCriterion,
    Initiative,
    Kpi,
    KpiSignal,
    Reading,
    ReadingSource,
    StageEntry,
    TeamRole,
)
from gates.promises import Comparator, ExitAction
from gates.stages import Stage
from readiness.accounts.models import User
from readiness.actions.fields import index
from readiness.actions.initiatives import give_passages
from readiness.actions.pieces import Piece
from readiness.actions.promises import agreed, limits_said
from readiness.audit.recording import COMMAND, record
from readiness.demo import cast
from readiness.demo.catalogue import Subject, subjects
from readiness.demo.seeding import (
    EIGHTEEN_MONTHS,
    SEED,
    make_people,
    refuse_unless_empty,
    set_up_organisation,
)
from readiness.planner import refresh_statistics
from readiness.standing import sweeping

CHUNK = 500
ANSWERED = 14
VALUES = ("met", "met", "met", "partial", "not_met")
SHARES = (
    ("Cases closed without a hand", "", (10, 60, 45, 25)),
    ("People who use it in a week", KpiSignal.WEEKLY_ACTIVE_SHARE.value, (0, 70, 50, 30)),
)
"""Name, signal, and baseline, target, go limit and stop limit in percent."""
READ = 8
"""So many weekly readings a KPI."""
RUNNING = (Stage.INTAKE, Stage.POC, Stage.PILOT, Stage.PILOT, Stage.ROLLOUT, Stage.LIVE)


def seed_many(count: int, at: datetime) -> int:
    """Make ``count`` initiatives from a fixed seed. Returns how many.

    Each has some 14 answers with evidence and, past intake, KPIs with readings and an exit criterion.
    """
    refuse_unless_empty()
    with transaction.atomic():
        set_up_organisation(at - EIGHTEEN_MONTHS)
        make_people(at - EIGHTEEN_MONTHS)
    chance = random.Random(SEED)  # noqa: S311 (repeatable, not secret)
    items = list(Item.objects.filter(gate__framework__slug="five-gate"))
    for start in range(0, count, CHUNK):
        keys = _chunk(range(start, min(start + CHUNK, count)), items, chance, at)
        sweeping.recompute_these(keys, at)
    with transaction.atomic():
        record(COMMAND, "demo.scaled", {"initiatives": count}, at)
    refresh_statistics()
    return count


@transaction.atomic
def _chunk(numbers: range, items: list[Item], chance: random.Random, at: datetime) -> list[int]:
    told = subjects()
    rows = [_initiative(number, told[number % len(told)], chance, at) for number in numbers]
    Initiative.objects.bulk_create(rows)
    for row in rows:
        index(row)
    Initiative.objects.bulk_update(rows, ["search_key"])
    StageEntry.objects.bulk_create(
        StageEntry(initiative=row, stage=row.stage, entered_on=row.stage_since, recorded_at=at)
        for row in rows
    )
    leads = list(User.objects.filter(is_lead=True).order_by("pk"))
    TeamRole.objects.bulk_create(
        TeamRole(initiative=row, user=leads[row.pk % len(leads)], role="technical_lead", since=row.created_at)
        for row in rows
    )
    give_passages(rows, at)
    _answers(rows, items, chance, at)
    _promises([row for row in rows if row.stage != Stage.INTAKE], chance, at)
    return [row.pk for row in rows]


def _initiative(number: int, subject: Subject, chance: random.Random, at: datetime) -> Initiative:
    days = chance.randint(5, 400)
    row = Initiative(
        name=f"{subject.name} {number + 1}",
        business_problem=subject.problem,
        business_unit=subject.unit,
        technology=subject.technology,
        vendor=subject.vendor,
        approach=subject.approach,
        stage=RUNNING[number % len(RUNNING)].value,
        stage_since=(at - timedelta(days=days)).date(),
        taken_over=True,
        budget_planned=subject.planned,
        budget_spent=subject.spent,
        currency=subject.currency,
        last_activity_on=(at - timedelta(days=chance.randint(0, days))).date(),
        created_at=at - timedelta(days=days),
        updated_at=at,
    )
    index(row)
    return row


def _answers(rows: list[Initiative], items: list[Item], chance: random.Random, at: datetime) -> None:
    by = User.objects.get(username="lena")
    answers, evidence = [], []
    for row in Initiative.objects.filter(pk__in=[row.pk for row in rows]).prefetch_related("passages"):
        passage = next(passage for passage in row.passages.all() if passage.framework_slug == "five-gate")
        for item in chance.sample(items, ANSWERED):
            value = chance.choice(VALUES)
            answers.append(
                Answer(
                    assessment_id=passage.assessment_id,
                    item=item,
                    declared=value,
                    answered_by=by,
                    answered_at=at,
                )
            )
            if value == "met":
                day = (at - timedelta(days=chance.randint(1, 200))).date()
                piece = Piece(
                    "link", day, f"Record of {item.code}", f"https://wiki.{cast.DOMAIN}/{row.pk}/{item.code}"
                )
                evidence.append(
                    Evidence(
                        assessment_id=passage.assessment_id, item=item, kind=EvidenceKind.LINK, title=piece.title,
                        url=piece.url, effective_on=day, received_at=at, added_by=by, fingerprint=piece.fingerprint,
                    )
                )  # fmt: skip
    Answer.objects.bulk_create(answers)
    Evidence.objects.bulk_create(evidence)


def _promises(rows: list[Initiative], chance: random.Random, at: datetime) -> None:
    """Locked KPIs, their readings of the last weeks, and a limit under which each is put on hold."""
    kpis = Kpi.objects.bulk_create(
        _kpi(row, name, signal, limits, at) for row in rows for name, signal, limits in SHARES
    )
    levels = {kpi.pk: chance.randint(15, 75) for kpi in kpis}
    Reading.objects.bulk_create(
        Reading(
            kpi=kpi,
            value=Decimal(levels[kpi.pk] + chance.randint(-5, 5)),
            on=(at - timedelta(days=7 * week + 1)).date(),
            source=ReadingSource.API,
            received_at=at,
        )
        for kpi in kpis
        for week in range(READ)
    )
    decider = User.objects.get(username="elsa")
    ExitCriterion.objects.bulk_create(
        _criterion(kpi, decider) for kpi in kpis if kpi.signal == KpiSignal.WEEKLY_ACTIVE_SHARE
    )


def _kpi(row: Initiative, name: str, signal: str, limits: tuple[int, ...], at: datetime) -> Kpi:
    baseline, target, go_limit, stop_limit = (Decimal(limit) for limit in limits)
    kpi = Kpi(
        initiative=row, name=name, unit="%", signal=signal, baseline=baseline, target=target, go_limit=go_limit,
        stop_limit=stop_limit, created_at=row.created_at, locked_at=at,
    )  # fmt: skip
    kpi.promised = limits_said(kpi)
    return kpi


def _criterion(kpi: Kpi, decider: User) -> ExitCriterion:
    criterion = ExitCriterion(
        initiative=kpi.initiative, kpi=kpi, comparator=Comparator.UNDER.value, limit=Decimal(30), window_days=28,
        action=ExitAction.HOLD.value, decider=decider, created_at=kpi.created_at, locked_at=kpi.created_at,
    )  # fmt: skip
    criterion.promised = agreed(criterion)
    return criterion
