"""Symptoms that money, work and endings show. Pure: standard library only; in plain words: docs/rules.md."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from checklists.said import Part, joined, said, said_of, together
from checklists.said import figure as written
from gates.limits import EVERY_UNIT, LIMITED, limit_for
from gates.stages import Stage
from readiness.portfolio.symptoms.answers import Code, Figure, State, Symptom, of
from readiness.portfolio.symptoms.facts import Case, Facts
from readiness.portfolio.symptoms.pilots import overlaps
from readiness.portfolio.symptoms.window import Days, quarters, window
from readiness.portfolio.symptoms.words import initiatives_said, whole
from readiness.standing.flags.calendar import days_within
from readiness.standing.flags.facts import Period
from readiness.ui.rounding import half_up

SILENT_DAYS = 90
"""A running initiative has gone silent when its flag about silence has been open for more days than this."""
PAST_INTAKE = frozenset({Stage.POC, Stage.PILOT, Stage.ROLLOUT, Stage.LIVE})
DECIDED = frozenset({"agreed_criteria", "decided"})
"""Outcomes of a lesson by which somebody decided. Both count alike here."""
FADED = "faded_out"
NO_CURRENCY = said("(no currency named)")


def money_without_value(facts: Facts, today: date) -> Symptom:
    """More than half of the money lies on initiatives without a measured value, in one currency at least.

    Counted: what was spent in all on initiatives that were past intake on a day of the window. A value is measured
    by a business reading on a day of the window; once it was launched, by one after that day.
    """
    days = window(today)
    stays = [stay for stay in facts.stays if stay.stage in PAST_INTAKE and overlaps(stay, days)]
    under_way = {stay.key for stay in stays}
    launches = [(stay.entered_on, stay.key) for stay in stays if stay.stage == Stage.LIVE and stay.entered_on]
    launched = {key: on for on, key in sorted(launches)}
    cases = [case for case in facts.cases if case.key in under_way]
    paid = [case for case in cases if case.spent]
    bare = [case for case in paid if not _measured(facts.read_on.get(case.key), launched.get(case.key))]
    figures = _by_currency(paid, bare, facts.currency)
    unknown = sum(case.spent is None for case in cases)
    state = State.ABSENT
    if any(2 * figure.numerator > figure.denominator for figure in figures):
        state = State.PRESENT
    elif not figures and unknown:
        state = State.CANNOT_TELL
    figure = figures[0] if figures else of(0, 0, facts.currency)
    told: str = together("{told}.", told=joined((_without_value(one) for one in figures or (figure,)), "; "))
    if unknown:
        missing = said(
            "Of {initiatives} it is not known what was spent.", initiatives=initiatives_said(unknown)
        )
        told = joined([told, missing])
    keys = tuple(case.key for case in sorted(bare, key=lambda case: (-(case.spent or 0), case.key)))
    counted, basis = _of_currency(bare, figure.unit), _of_currency(paid, figure.unit)
    return Symptom(Code.MONEY_WITHOUT_VALUE, state, figure, told, keys, figures, counted, basis)


def falling_activity(facts: Facts, today: date) -> Symptom:
    """What people did for each active initiative fell in each of the last three quarters, against the one before.

    An initiative is active in a quarter with a day on which it was in the product, had not ended and was not on hold.
    """
    parts = quarters(today)
    holds: dict[int, list[Period]] = {}
    for pause in facts.pauses:
        holds.setdefault(pause.key, []).append(Period(pause.since, pause.until))
    active = [
        {case.key for case in facts.cases if _is_active(case, part, holds.get(case.key, []))}
        for part in parts
    ]
    nothing = (0,) * len(parts)
    acts = [sum(facts.acts.get(key, nothing)[number] for key in keys) for number, keys in enumerate(active)]
    series = tuple(of(done, len(keys), "acts") for done, keys in zip(acts, active, strict=True))
    rates = [Fraction(done, len(keys)) for done, keys in zip(acts, active, strict=True) if keys]
    words: dict[str, Part] = {
        "things": said_of("{shown} thing", "{shown} things", acts[-1], shown=whole(acts[-1])),
        "initiatives": said_of(
            "{shown} active initiative",
            "{shown} active initiatives",
            len(active[-1]),
            shown=whole(len(active[-1])),
        ),
    }
    if len(rates) < len(parts):
        state = State.CANNOT_TELL
        told = said(
            "{things} done on {initiatives} in the last three months. Of the last four quarters {comparable} can be "
            "compared: in the others nothing was active here.",
            **words,
            comparable=len(rates),
        )
    else:
        falls = all(earlier > later for earlier, later in zip(rates, rates[1:], strict=False))
        state = State.PRESENT if falls else State.ABSENT
        told = said(
            "{things} done on {initiatives} in the last three months; for each, from quarter to quarter: {rates}.",
            **words,
            rates=joined((written(f"{half_up(rate)}") for rate in rates), ", "),
        )
    basis = tuple(sorted(active[-1]))
    return Symptom(
        Code.FALLING_ACTIVITY, state, series[-1], told, _fallen(facts, active), series, basis=basis
    )


def over_the_limit(facts: Facts, today: date) -> Symptom:
    """More initiatives of a unit are in a stage today than its limit allows. Those on hold keep their place."""
    places: dict[tuple[str, str], list[int]] = {}
    for case in facts.cases:
        if case.stage in LIMITED:
            places.setdefault((case.stage, case.unit_key), []).append(case.key)
    units = {case.unit_key for case in facts.cases} | {EVERY_UNIT}
    if not any(limit.unit_key in units for limit in facts.limits):
        return _no_limit(said("No parallel limit is set for what is counted here."))
    if facts.narrowed:
        return _no_limit(
            said("A limit counts all of a unit: take away the other filters to see whether it is kept.")
        )
    there, beyond, keys = list[int](), 0, list[int]()
    for (stage, unit_key), found in sorted(places.items()):
        limit = limit_for(facts.limits, stage, unit_key)
        if limit is not None:
            there += found
            beyond += max(len(found) - limit.most, 0)
            keys += found if len(found) > limit.most else []
    told = said_of(
        "Of {initiatives} in stages with a limit, {beyond} is more than it allows.",
        "Of {initiatives} in stages with a limit, {beyond} are more than it allows.",
        beyond,
        initiatives=initiatives_said(len(there)),
        beyond=whole(beyond),
    )
    state = State.PRESENT if beyond else State.ABSENT
    figure = of(beyond, len(there), "initiatives")
    behind, basis = tuple(sorted(keys)), tuple(sorted(there))
    return Symptom(Code.OVER_THE_LIMIT, state, figure, told, behind, basis=basis)


def fading_out(facts: Facts, today: date) -> Symptom:
    """More went silent than were stopped by a decision, on agreed criteria or otherwise.

    Counted: what was stopped within the window, by the outcome of its lesson, and what runs and has gone silent.
    """
    days = window(today)
    stopped = [case for case in facts.cases if case.stage == Stage.STOPPED]
    lately = [case for case in stopped if case.ended_on is not None and case.ended_on in days]
    decided = [case for case in lately if case.outcome in DECIDED]
    silent = [case.key for case in lately if case.outcome == FADED]
    silent += [case.key for case in facts.cases if _is_silent(case, today)]
    unknown = sum(not case.outcome for case in lately) + sum(case.ended_on is None for case in stopped)
    agreed = sum(case.outcome == "agreed_criteria" for case in decided)
    told: str = said(
        "{decided} stopped by decision, {agreed} of these on agreed criteria, {silent} went silent.",
        decided=whole(len(decided)),
        agreed=whole(agreed),
        silent=whole(len(silent)),
    )
    state = State.CANNOT_TELL
    if len(silent) > len(decided) + unknown:
        state = State.PRESENT
    elif len(silent) + unknown <= len(decided):
        state = State.ABSENT
    if unknown:
        missing = said_of(
            "Of {shown} other that stopped it is not known how or when.",
            "Of {shown} others that stopped it is not known how or when.",
            unknown,
            shown=whole(unknown),
        )
        told = joined([told, missing])
    figure = of(len(decided), len(decided) + len(silent), "initiatives")
    by_decision = [case.key for case in decided]
    return Symptom(
        Code.FADING_OUT,
        state,
        figure,
        told,
        tuple(sorted(silent)),
        counted=tuple(sorted(by_decision)),
        basis=tuple(sorted(by_decision + silent)),
    )


def _without_value(found: Figure) -> str:
    return said(
        "{idle} of {spent} {currency} spent without a measured value",
        idle=whole(found.numerator),
        spent=whole(found.denominator),
        currency=found.unit,
    )


def _no_limit(why: str) -> Symptom:
    return Symptom(Code.OVER_THE_LIMIT, State.CANNOT_TELL, of(0, 0, "initiatives"), why)


def _measured(read_on: date | None, launched_on: date | None) -> bool:
    return read_on is not None and (launched_on is None or read_on > launched_on)


def _by_currency(paid: Sequence[Case], bare: Sequence[Case], first: str) -> tuple[Figure, ...]:
    """Money without value, of all money: a figure a currency, never mixed; the organisation's own first."""
    spent, idle = _summed(paid), _summed(bare)
    cases = Counter(case.currency for case in paid)
    order = sorted(spent, key=lambda currency: (currency != first, not currency, -cases[currency], currency))
    return tuple(
        of(idle.get(currency, Decimal(0)), spent[currency], currency or NO_CURRENCY) for currency in order
    )


def _of_currency(cases: Sequence[Case], currency: str) -> tuple[int, ...]:
    return tuple(sorted(case.key for case in cases if (case.currency or NO_CURRENCY) == currency))


def _summed(cases: Sequence[Case]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for case in cases:
        sums[case.currency] = sums.get(case.currency, Decimal(0)) + (case.spent or 0)
    return sums


def _is_active(case: Case, part: Days, holds: Sequence[Period]) -> bool:
    if case.stage.has_ended and case.ended_on is None:
        return False
    first = max(case.entered_on, part.first)
    beyond = min(case.ended_on or part.last, part.last) + timedelta(days=1)
    return first < beyond and days_within(first, beyond, holds) < (beyond - first).days


def _fallen(facts: Facts, active: Sequence[set[int]]) -> tuple[int, ...]:
    """Those active in the last two quarters on which less was done in the last one; the deepest fall first."""
    falls = {
        key: facts.acts[key][-2] - facts.acts[key][-1] for key in active[-1] & active[-2] & set(facts.acts)
    }
    return tuple(sorted((key for key, fall in falls.items() if fall > 0), key=lambda key: (-falls[key], key)))


def _is_silent(case: Case, today: date) -> bool:
    since = case.silent_since
    return since is not None and not case.stage.has_ended and (today - since).days > SILENT_DAYS
