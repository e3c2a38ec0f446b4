"""How symptoms are said: what each is about, its suspected root cause, what helps. Standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass

from readiness.portfolio.symptoms.answers import Code, Figure, State, Symptom


@dataclass(frozen=True, slots=True)
class Definition:
    """``short`` heads a column, ``counted`` follows the figure, ``behind`` names what its list holds.

    ``root_cause``: a slug of root-causes.yaml.
    """

    title: str
    short: str
    counted: str
    what_to_do: str
    root_cause: str
    behind: str


DEFINITIONS: Mapping[Code, Definition] = {
    Code.PILOTS_WITHOUT_LAUNCH: Definition(
        "Many pilots, none in production",
        "Launches",
        "went live",
        "Choose the one pilot closest to production, give it the people of the others until it is live, and start no "
        "further pilot before.",
        "no_path_to_production",
        "Pilots that started",
    ),
    Code.SCATTERED_TECHNOLOGY: Definition(
        "Every pilot on another technology",
        "Technology",
        "combinations of technology and vendor",
        "Agree on what to build on before the next pilot starts, and reuse what one of them has brought to work.",
        "scattered_effort",
        "Pilots that started",
    ),
    Code.SUCCESS_WITHOUT_USERS: Definition(
        "Successful on paper, without users",
        "Users",
        "successful, without users",
        "Ask the teams who uses it in their daily work. Give every pilot a limit for the share of weekly users.",
        "change_management",
        "Reported successful, and nobody was seen to use it",
    ),
    Code.STUCK_BEFORE_INTEGRATION: Definition(
        "Architecture passed, Integration never",
        "Integration",
        "stuck before Integration",
        "Bring the owners of the systems it has to be connected to onto the team, and set a date for the first call "
        "with live data.",
        "integration",
        "Waiting for Integration",
    ),
    Code.MONEY_WITHOUT_VALUE: Definition(
        "Money spent, no value measured",
        "Value",
        "without a measured value",
        "Name a business KPI and somebody who reads it for each of these, and read it this month: also what falls "
        "short is worth knowing.",
        "value",
        "Money spent, and no business reading",
    ),
    Code.FALLING_ACTIVITY: Definition(
        "Less is done from quarter to quarter",
        "Activity",
        "in the last three months",
        "Ask each team what it waits for. Decide together what is stopped, so that the rest has the people it needs.",
        "momentum",
        "Less was done than in the quarter before",
    ),
    Code.OVER_THE_LIMIT: Definition(
        "More in parallel than was agreed",
        "Limits",
        "beyond their limit",
        "Finish or stop one before the next enters, or set the limit to what the people can carry.",
        "scattered_effort",
        "In stages above their limit",
    ),
    Code.FADING_OUT: Definition(
        "More goes silent than is decided",
        "Endings",
        "ended by a decision",
        "Set a day on which each silent one is stopped or goes on. A stop on agreed criteria is a success: its lesson "
        "helps the next ones.",
        "decision_discipline",
        "Faded out, or silent",
    ),
}

STATE_WORDS: Mapping[State, str] = {
    State.PRESENT: "It shows",
    State.ABSENT: "Not seen",
    State.CANNOT_TELL: "Cannot tell yet",
}


def figure_words(symptom: Symptom) -> str:
    """ "1 of 6 pilots", "2.4 acts each"; "–" where there is nothing to count."""
    figure = symptom.figure
    if not figure.denominator:
        return "–"
    if symptom.code == Code.FALLING_ACTIVITY:
        return f"{rate(figure):.1f} acts each"
    return f"{figure.numerator:,.0f} of {figure.denominator:,.0f} {figure.unit}"


def rate(figure: Figure) -> float:
    """How much comes to one; 0 where there is none."""
    return float(figure.numerator / figure.denominator) if figure.denominator else 0.0


def many(count: int, noun: str, plural: str = "") -> str:
    """ "1 pilot", "1,204 pilots"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
