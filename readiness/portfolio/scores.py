"""How the readiness scores of a portfolio are spread."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count

from checklists.models import Framework
from gates.querysets import InitiativeQuerySet
from readiness.ui.local import number

BIN = 10


@dataclass(frozen=True, slots=True)
class ScoreBin:
    """Running initiatives with ``low <= score < high``; the last bin includes 100."""

    low: int
    high: int
    count: int


def score_bins(rows: InitiativeQuerySet) -> list[ScoreBin]:
    """Readiness scores of running initiatives, in tens."""
    scores = rows.running().filter(standing__isnull=False).order_by().values_list("standing__score")
    counted: Counter[int] = Counter()
    for score, count in scores.annotate(count=Count("pk")):
        counted[min(int(score) // BIN, 100 // BIN - 1)] += count
    return [ScoreBin(number * BIN, (number + 1) * BIN, counted[number]) for number in range(100 // BIN)]


@dataclass(frozen=True, slots=True)
class Threshold:
    """What running initiatives are asked for in all: ``needed`` of ``total`` items.

    Both are None, and ``score`` too, where they are not all asked for the same, or for no number. ``names``: the
    frameworks that they are computed on, where these are several.
    """

    needed: int | None
    total: int | None
    names: list[str]

    @property
    def score(self) -> float | None:
        """What that many points come to, rounded half up to one decimal as every score is."""
        if not self.needed or not self.total:
            return None
        return float((Decimal(100 * self.needed) / self.total).quantize(Decimal("0.1"), ROUND_HALF_UP))

    @property
    def score_words(self) -> str:
        """With a decimal only where it has one."""
        score = self.score
        return "" if score is None else number(f"{score:g}")


def threshold(rows: InitiativeQuerySet) -> Threshold:
    """One query, and one for the names where there are several frameworks."""
    columns = ("standing__framework", "standing__required_met", "standing__total")
    found = set(rows.running().filter(standing__isnull=False).order_by().values_list(*columns).distinct())
    needed, total = next(((one[1], one[2]) for one in found), (None, None))
    if len({one[1:] for one in found}) > 1:
        needed, total = None, None
    return Threshold(needed or None, total if needed else None, framework_names({one[0] for one in found}))


def framework_names(slugs: Collection[str]) -> list[str]:
    """What several frameworks are called in their newest versions, in the order of their slugs; none of fewer than two.

    One query where there are two.
    """
    if len(slugs) < 2:
        return []
    names = dict(Framework.objects.filter(slug__in=slugs).order_by("pk").values_list("slug", "name"))
    return [names.get(slug, slug) for slug in sorted(slugs)]
