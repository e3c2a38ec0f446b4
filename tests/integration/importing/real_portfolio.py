"""What the portfolio must say of the real 2024 inventory, counted straight from its CSV and without the product."""

import csv
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

AS_OF = date(2024, 12, 16)
EARLIEST = date(1990, 1, 1)
WAY = ["intake", "poc", "pilot", "rollout", "live", "retired"]
STAGES = {
    "Planned": "intake", "Ideation": "intake", "Initiated": "intake", "Acquisition and/or Development": "poc",
    "Implementation and Assessment": "pilot", "Operation and Maintenance": "live", "In production": "live",
    "In mission": "live", "Retired": "retired", "Research or Administrative Action Complete": "retired",
}  # fmt: skip
COLUMNS = [
    ("Date Initiated", "intake"),
    ("Date when Acquisition and/or Development began", "poc"),
    ("Date Implemented", "live"),
    ("Date Retired", "retired"),
]
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


class UseCase(NamedTuple):
    """A row with a stage, and the days on which it entered some."""

    agency: str
    stage: str
    days: dict[str, date]


def day_in(cell: str) -> date | None:
    """M/D/YYYY, YYYY-MM-DD, YYYY-MM, 24-Nov; a remark in brackets behind it says nothing here."""
    text = re.sub(r"\s*\([^()]*\)$", "", " ".join(cell.split()))
    numbers = None
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text, re.ASCII):
        numbers = int(found[3]), int(found[1]), int(found[2])
    elif found := re.fullmatch(r"(\d{4})-(\d{1,2})(?:-(\d{1,2})(?:[T ]00:00:00Z?)?)?", text, re.ASCII):
        numbers = int(found[1]), int(found[2]), int(found[3] or 1)
    elif (found := re.fullmatch(r"(\d{2})-([A-Za-z]{3})", text, re.ASCII)) and found[2].lower() in MONTHS:
        numbers = 2000 + int(found[1]), MONTHS.index(found[2].lower()) + 1, 1
    try:
        return date(*numbers) if numbers else None
    except ValueError:
        return None


def use_cases(path: Path) -> list[UseCase]:
    with path.open(encoding="cp1252", newline="") as file:
        header, *rows = list(csv.reader(file))
    places = {" ".join(name.split()): number for number, name in reversed(list(enumerate(header)))}
    found = []
    for row in rows:
        stage = STAGES.get(" ".join(row[places["Stage of Development"]].split()))
        if stage is None:
            continue
        days: dict[str, date] = {}
        last = EARLIEST
        for name, enters in COLUMNS:
            day = day_in(row[places[name]])
            entered = "pilot" if enters == "live" and stage == "pilot" else enters
            if day and last <= day <= AS_OF and WAY.index(entered) <= WAY.index(stage):
                days.setdefault(entered, day)
                last = day
        found.append(UseCase(" ".join(row[places["Agency"]].split()), stage, days))
    return found


def funnel(cases: Sequence[UseCase]) -> list[tuple[int, int]]:
    """(ever reached, in it now) of intake, PoC, pilot, rollout, live: what was retired came as far as its days tell."""
    places = [
        max((WAY.index(stage) for stage in {one.stage, *one.days} - {"retired"}), default=0) for one in cases
    ]
    return [
        (sum(place >= number for place in places), sum(one.stage == stage for one in cases))
        for number, stage in enumerate(WAY[:5])
    ]


def spells(cases: Sequence[UseCase]) -> tuple[list[tuple[int, str]], Counter[str]]:
    """(days from the initiation, outcome) of those whose days are known, and how many lack which day."""
    timed, missing = [], Counter[str]()
    for one in cases:
        launched = one.stage == "live" or "live" in one.days
        outcome = "live" if launched else "ended" if one.stage == "retired" else "running"
        end = {"live": one.days.get("live"), "ended": one.days.get("retired"), "running": AS_OF}[outcome]
        if "intake" not in one.days:
            missing["no_start"] += 1
        elif end is None:
            missing["no_end"] += 1
        else:
            timed.append(((end - one.days["intake"]).days, outcome))
    return timed, missing


def incidence(timed: Sequence[tuple[int, str]], outcome: str) -> dict[int, float]:
    left, share, found = Fraction(1), Fraction(0), {}
    for day in sorted({days for days, of in timed if of != "running"}):
        watched = sum(days >= day for days, _ in timed)
        ends = [of for days, of in timed if days == day and of != "running"]
        share += left * Fraction(ends.count(outcome), watched)
        left *= Fraction(watched - len(ends), watched)
        found[day] = float(share)
    return found


def days_in(cases: Sequence[UseCase], stage: str) -> list[int]:
    return [(AS_OF - one.days[stage]).days for one in cases if one.stage == stage and stage in one.days]


def quartiles(days: Sequence[int]) -> list[float]:
    return statistics.quantiles(days, n=4, method="inclusive")


def stalled(cases: Sequence[UseCase]) -> Counter[tuple[str, int]]:
    """(agency, days) of what is in development or assessment for more than one and a half times its planned year."""
    return Counter(
        (one.agency, (AS_OF - one.days[one.stage]).days)
        for one in cases
        if one.stage in ("poc", "pilot")
        and one.stage in one.days
        and (AS_OF - one.days[one.stage]).days > 548
    )
