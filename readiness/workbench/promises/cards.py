"""What a page shows of one KPI."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from gates.models import LIMIT_FIELDS, Amendment, Initiative, Kpi, KpiSignal, Reading
from gates.promises import ValueCheck
from readiness.portfolio.value import currency_of
from readiness.standing.kpis import KpiState, kpi_states, standing_kpis
from readiness.standing.words import Word
from readiness.ui.levels import Level
from readiness.ui.local import within
from readiness.workbench.promises import words

CHART_READINGS = 200
"""So many of the latest readings are drawn."""
SPARK_READINGS = 24
_LEVELS = {
    "baseline": ("neutral", 1),
    "target": ("info", 0),
    "go_limit": ("good", 2),
    "stop_limit": ("critical", 3),
}
"""{limit: (tone, dash)}"""


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One limit as it stands; ``promised`` is what was locked where that is something else, else ""."""

    name: str
    now: str
    promised: str


@dataclass(frozen=True, slots=True)
class ReadingShown:
    row: Reading
    value: str


def shown(readings: Iterable[Reading], unit: str) -> list[ReadingShown]:
    """Readings with their values as people read them."""
    return [ReadingShown(one, words.amount(one.value, unit)) for one in readings]


@dataclass(frozen=True, slots=True)
class AmendmentShown:
    row: Amendment
    changes: list[str]


@dataclass(frozen=True, slots=True)
class CheckRow:
    """The value so many days after the launch: what was measured and what was promised, with units."""

    mark: int
    due_on: date
    measured: str
    promised: str
    word: Word


@dataclass(frozen=True, slots=True)
class MoneyBrought:
    """The value that is measured beside the one that was promised, a month and in money."""

    measured: str
    promised: str
    percent: int | None


@dataclass(frozen=True, slots=True)
class KpiCard:
    """One KPI and what is around it. ``drawn``: (day, number) pairs; ``in_use``: an exit criterion stands on it."""

    kpi: Kpi
    latest: str
    against: Word | None
    drawn: list[tuple[date, float]]
    levels: list[Level]
    count: int
    rows: list[LimitRow]
    promised_otherwise: list[str]
    amendments: list[AmendmentShown]
    due: str
    signal: str
    checks: list[CheckRow]
    money: MoneyBrought | None
    in_use: bool

    @property
    def removable(self) -> bool:
        return self.kpi.locked_at is None and not self.in_use

    @property
    def is_amended(self) -> bool:
        return any(row.promised for row in self.rows)


@dataclass(frozen=True, slots=True)
class KpiSpark:
    """One KPI at a glance."""

    kpi: Kpi
    latest: str
    against: Word | None
    drawn: list[tuple[date, float]]


def cards_of(initiative: Initiative, today: date, kpis: Iterable[Kpi] | None = None) -> list[KpiCard]:
    """The KPIs that stand, business ones first, or only these; in a fixed number of queries."""
    chosen = standing_kpis(initiative) if kpis is None else list(kpis)
    used = set(
        initiative.exit_criteria.filter(kpi__in=chosen, removed_at__isnull=True).values_list(
            "kpi_id", flat=True
        )
    )
    states = kpi_states(initiative, chosen, today, CHART_READINGS)
    return [_card(state, in_use=state.kpi.pk in used) for state in states]


def sparks_of(initiative: Initiative, today: date) -> list[KpiSpark]:
    """Every KPI at a glance, for the initiative's own page."""
    states = kpi_states(initiative, standing_kpis(initiative), today, SPARK_READINGS)
    return [
        KpiSpark(
            kpi=state.kpi,
            latest=words.reading_words(state.latest, state.kpi.unit) if state.latest else "",
            against=words.against_word(state),
            drawn=drawn(state),
        )
        for state in states
    ]


def _card(state: KpiState, *, in_use: bool) -> KpiCard:
    kpi = state.kpi
    return KpiCard(
        kpi=kpi,
        latest=words.reading_words(state.latest, kpi.unit) if state.latest else "",
        against=words.against_word(state),
        drawn=drawn(state),
        levels=_levels(kpi),
        count=state.count,
        rows=_rows(kpi),
        promised_otherwise=_promised_otherwise(kpi),
        amendments=[_amendment(one, kpi.unit) for one in state.amendments],
        due=words.due_words(kpi),
        signal=words.signal_words(kpi),
        checks=[_check(check, kpi.unit) for check in state.checks],
        money=_money(state),
        in_use=in_use,
    )


def drawn(state: KpiState) -> list[tuple[date, float]]:
    return [(one.on, float(one.value)) for one in state.recent]


def _levels(kpi: Kpi) -> list[Level]:
    found = []
    for field, (tone, dash) in _LEVELS.items():
        value = getattr(kpi, field)
        if value is not None:
            found.append(Level(name=words.LIMIT_NAMES[field], value=float(value), tone=tone, dash=dash))
    return found


def _rows(kpi: Kpi) -> list[LimitRow]:
    """Every limit; of a locked one beside it what was promised, where that was something else."""
    rows = []
    promised = kpi.promised_limits
    unit = str(kpi.promised.get("unit", kpi.unit))
    for field in LIMIT_FIELDS:
        now = words.amount(getattr(kpi, field), kpi.unit)
        then = words.amount(getattr(promised, field), unit)
        differs = kpi.locked_at is not None and then != now
        rows.append(LimitRow(words.LIMIT_NAMES[field], now, (then or "none") if differs else ""))
    return rows


def _promised_otherwise(kpi: Kpi) -> list[str]:
    """What else was promised otherwise: the direction."""
    then = str(kpi.promised.get("direction", kpi.direction))
    if kpi.locked_at is None or then == kpi.direction:
        return []
    return [_("Promised as “%(lower)s”.") % {"lower": within(words.DIRECTION_WORDS[then])}]


def _amendment(row: Amendment, unit: str) -> AmendmentShown:
    order = {field: place for place, field in enumerate(words.FIELD_NAMES)}
    changes = sorted(row.changes.items(), key=lambda one: order[one[0]])
    return AmendmentShown(
        row, [words.change_words(field, before, after, unit) for field, (before, after) in changes]
    )


def _check(check: ValueCheck, unit: str) -> CheckRow:
    measured = ""
    if check.reading is not None:
        measured = words.reading_words(check.reading, unit)
    return CheckRow(
        mark=check.mark,
        due_on=check.due_on,
        measured=measured,
        promised=words.amount(check.promised, unit),
        word=words.VALUE_WORDS[check.status],
    )


def _money(state: KpiState) -> MoneyBrought | None:
    """The last measured month of a KPI whose signal is money, beside what was promised for it."""
    measured = [(check.reading.value, check.promised) for check in state.checks if check.reading]
    if state.kpi.signal != KpiSignal.VALUE or not measured:
        return None
    value, promised = measured[-1]
    return MoneyBrought(
        measured=_a_month(value, state.kpi),
        promised=_a_month(promised, state.kpi),
        percent=int(100 * value / promised) if promised else None,
    )


def _a_month(value: Decimal | None, kpi: Kpi) -> str:
    return (
        "" if value is None else _("%(amount)s a month") % {"amount": words.amount(value, currency_of(kpi))}
    )
