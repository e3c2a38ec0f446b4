"""Symptoms that the pilots show. Pure: standard library only. In plain words: docs/rules.md, "Symptoms"."""

from datetime import date

from checklists.said import joined, said, said_of
from gates.stages import Stage
from readiness.portfolio.symptoms.answers import Code, State, Symptom, of
from readiness.portfolio.symptoms.facts import Facts, GatePass, PilotKpi, Stay
from readiness.portfolio.symptoms.window import Days, window
from readiness.portfolio.symptoms.words import initiatives_said, pilots_said, whole
from readiness.standing.flags.calendar import counted_days
from readiness.standing.flags.facts import Period

PILOTS_WITHOUT_LAUNCH = 3
"""More pilots than this started within the window, and none went live in it. Counted: initiatives that entered the
stage on a day of the window, each once."""
PILOTS_TO_COMPARE = 3
"""From so many pilots on, started within the window, technology and vendor are compared: two tell little."""
INTEGRATION_DAYS = 45
"""So many days, those on hold left out, Integration may take after Architecture was first passed within the window.
From that day on, one that never passed Integration is stuck."""


def pilots_without_launch(facts: Facts, today: date) -> Symptom:
    """More than so many pilots started and none went live, both within the window."""
    days = window(today)
    started, perhaps_started = entered(facts, Stage.PILOT, days)
    launched, perhaps_launched = entered(facts, Stage.LIVE, days)
    told: str = said(
        "{pilots} started in these twelve months, and {launched} went live.",
        pilots=pilots_said(len(started)),
        launched=whole(len(launched)),
    )
    if launched or len(started | perhaps_started) <= PILOTS_WITHOUT_LAUNCH:
        state = State.ABSENT
    elif perhaps_launched or len(started) <= PILOTS_WITHOUT_LAUNCH:
        state = State.CANNOT_TELL
        unknown = initiatives_said(len(perhaps_started | perhaps_launched))
        missing = said(
            "Of {initiatives} the day is missing on which it entered the pilot or went live.",
            initiatives=unknown,
        )
        told = joined([told, missing])
    else:
        state = State.PRESENT
    figure = of(len(launched), len(started), "pilots")
    keys = tuple(sorted(started))
    return Symptom(
        Code.PILOTS_WITHOUT_LAUNCH, state, figure, told, keys, counted=tuple(sorted(launched)), basis=keys
    )


def scattered_technology(facts: Facts, today: date) -> Symptom:
    """No two of the pilots that started within the window have technology and vendor in common."""
    started, perhaps_started = entered(facts, Stage.PILOT, window(today))
    kinds = {case.key: _kind(case.technology, case.vendor) for case in facts.cases if case.key in started}
    named = {key: kind for key, kind in kinds.items() if kind[0]}
    different = len(set(named.values()))
    unnamed = len(kinds) - len(named)
    told: list[str] = [
        said(
            "The {pilots} that started in these twelve months and name a technology make {combinations} of technology "
            "and vendor.",
            pilots=pilots_said(len(named)),
            combinations=said_of(
                "{shown} combination", "{shown} combinations", different, shown=whole(different)
            ),
        )
    ]
    state = State.PRESENT
    if different < len(named) or len(started | perhaps_started) < PILOTS_TO_COMPARE:
        state = State.ABSENT
    elif unnamed or perhaps_started:
        state = State.CANNOT_TELL
        if unnamed:
            told.append(
                said_of(
                    "{shown} further one names none.",
                    "{shown} further ones name none.",
                    unnamed,
                    shown=whole(unnamed),
                )
            )
        if perhaps_started:
            unknown = initiatives_said(len(perhaps_started))
            told.append(said("Of {initiatives} the first day of the pilot is missing.", initiatives=unknown))
    figure = of(different, len(named), "pilots")
    return Symptom(
        Code.SCATTERED_TECHNOLOGY,
        state,
        figure,
        joined(told),
        tuple(sorted(kinds)),
        basis=tuple(sorted(named)),
    )


def success_without_users(facts: Facts, today: date) -> Symptom:
    """In pilot within the window every business KPI with a go limit reached it, and nobody was seen to use it."""
    days = window(today)
    pilots = {stay.key for stay in facts.stays if stay.stage == Stage.PILOT and overlaps(stay, days)}
    of_pilot: dict[int, list[PilotKpi]] = {}
    for kpi in facts.kpis:
        if kpi.key in pilots:
            of_pilot.setdefault(kpi.key, []).append(kpi)
    with_limit = {key for key, kpis in of_pilot.items() if any(map(_has_limit, kpis))}
    reported = {key for key in with_limit if all(map(_reached, filter(_has_limit, of_pilot[key])))}
    counting = {key for key in reported if any(kpi.counts_users for kpi in of_pilot[key])}
    used = {key for key in counting if any(kpi.counts_users and kpi.used for kpi in of_pilot[key])}
    without, blind = counting - used, reported - counting
    told: list[str] = [
        said(
            "Of {initiatives} in pilot in these twelve months {reported} reached every go limit; in {without} of them "
            "nobody was seen to use it.",
            initiatives=initiatives_said(len(pilots)),
            reported=whole(len(reported)),
            without=whole(len(without)),
        )
    ]
    state = State.PRESENT if without else State.ABSENT
    if not without and (blind or (pilots and not with_limit)):
        state = State.CANNOT_TELL
    if blind:
        told.append(
            said_of(
                "{shown} other has no KPI for the share of weekly users.",
                "{shown} others have no KPI for the share of weekly users.",
                len(blind),
                shown=whole(len(blind)),
            )
        )
    elif state == State.CANNOT_TELL:
        told.append(said("None has a business KPI with a go limit."))
    figure = of(len(without), len(reported), "pilots")
    return Symptom(
        Code.SUCCESS_WITHOUT_USERS,
        state,
        figure,
        joined(told),
        tuple(sorted(without or blind)),
        counted=tuple(sorted(without)),
        basis=tuple(sorted(reported)),
    )


def stuck_before_integration(facts: Facts, today: date) -> Symptom:
    """More than half of those that passed Architecture within the window, and had their time, never passed Integration.

    What has ended counts up to its end.
    """
    ended = {case.key: case.ended_on for case in facts.cases}
    holds: dict[int, list[Period]] = {}
    for pause in facts.pauses:
        holds.setdefault(pause.key, []).append(Period(pause.since, pause.until))

    def had_time(one: GatePass) -> bool:
        until = min(ended.get(one.key) or today, today)
        return counted_days(one.architecture_on, until, holds.get(one.key, [])) >= INTEGRATION_DAYS

    days = window(today)
    passed = [one for one in facts.passes if one.architecture_on in days]
    judged = [one for one in passed if one.integration or had_time(one)]
    stuck = sorted(one.key for one in judged if not one.integration)
    told = said(
        "Of {initiatives} that passed Architecture in these twelve months, {stuck} had {days} days and more for "
        "Integration and never passed it.",
        initiatives=initiatives_said(len(judged)),
        stuck=whole(len(stuck)),
        days=INTEGRATION_DAYS,
    )
    state = State.PRESENT if 2 * len(stuck) > len(judged) else State.ABSENT
    figure = of(len(stuck), len(judged), "initiatives")
    return Symptom(
        Code.STUCK_BEFORE_INTEGRATION,
        state,
        figure,
        told,
        tuple(stuck),
        counted=tuple(stuck),
        basis=tuple(sorted(one.key for one in judged)),
    )


def entered(facts: Facts, stage: Stage, days: Days) -> tuple[set[int], set[int]]:
    """Who entered the stage within these days, and who perhaps did: the day is missing and it did not leave before."""
    stays = [stay for stay in facts.stays if stay.stage == stage]
    known = {stay.key for stay in stays if stay.entered_on is not None and stay.entered_on in days}
    perhaps = {
        stay.key
        for stay in stays
        if stay.entered_on is None and (stay.left_on is None or stay.left_on >= days.first)
    }
    return known, perhaps - known


def overlaps(stay: Stay, days: Days) -> bool:
    """Whether it was there on one of these days; a day that is not known rules nothing out."""
    entered_on, left_on = stay.entered_on, stay.left_on
    return (entered_on is None or entered_on <= days.last) and (left_on is None or left_on >= days.first)


def _kind(technology: str, vendor: str) -> tuple[str, str]:
    return " ".join(technology.casefold().split()), " ".join(vendor.casefold().split())


def _has_limit(kpi: PilotKpi) -> bool:
    return kpi.business and kpi.limits.go_limit is not None


def _reached(kpi: PilotKpi) -> bool:
    return kpi.latest is not None and bool(kpi.limits.goes(kpi.latest))
