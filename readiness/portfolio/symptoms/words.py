"""How symptoms are said: what each is about, its suspected root cause, what helps. Standard library only.

Every text is said (``checklists.said``): English, and translated where it is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from checklists.said import Said, said, said_of
from checklists.said import figure as written
from readiness.portfolio.symptoms.answers import Code, Figure, State, Symptom
from readiness.ui.rounding import half_up


@dataclass(frozen=True, slots=True)
class Definition:
    """``short`` heads a column, ``counted`` follows the figure, ``basis`` says of what it counts these.

    ``behind`` names what its list holds. ``root_cause``: a slug of root-causes.yaml.
    """

    title: str
    short: str
    counted: str
    what_to_do: str
    root_cause: str
    behind: str
    basis: str


DEFINITIONS: Mapping[Code, Definition] = {
    Code.PILOTS_WITHOUT_LAUNCH: Definition(
        said("Many pilots, none in production"),
        said("Launches"),
        said("went live"),
        said(
            "Choose the one pilot closest to production, give it the people of the others until it is live, and start "
            "no further pilot before."
        ),
        "no_path_to_production",
        said("Pilots that started"),
        said("Pilots that started"),
    ),
    Code.SCATTERED_TECHNOLOGY: Definition(
        said("Every pilot on another technology"),
        said("Technology"),
        said("combinations of technology and vendor"),
        said(
            "Agree on what to build on before the next pilot starts, and reuse what one of them has brought to work."
        ),
        "scattered_effort",
        said("Pilots that started"),
        said("Pilots that started and name a technology"),
    ),
    Code.SUCCESS_WITHOUT_USERS: Definition(
        said("Successful on paper, without users"),
        said("Users"),
        said("successful, without users"),
        said(
            "Ask the teams who uses it in their daily work. Give every pilot a limit for the share of weekly users."
        ),
        "change_management",
        said("Reported successful, and nobody was seen to use it"),
        said("Reported successful"),
    ),
    Code.STUCK_BEFORE_INTEGRATION: Definition(
        said("Architecture passed, Integration never"),
        said("Integration"),
        said("stuck before Integration"),
        said(
            "Bring the owners of the systems it has to be connected to onto the team, and set a date for the first "
            "call with live data."
        ),
        "integration",
        said("Waiting for Integration"),
        said("Passed Architecture, and had their time for Integration"),
    ),
    Code.MONEY_WITHOUT_VALUE: Definition(
        said("Money spent, no value measured"),
        said("Value"),
        said("without a measured value"),
        said(
            "Name a business KPI and somebody who reads it for each of these, and read it this month: also what falls "
            "short is worth knowing."
        ),
        "value",
        said("Money spent, and no business reading"),
        said("Money spent"),
    ),
    Code.FALLING_ACTIVITY: Definition(
        said("Less is done from quarter to quarter"),
        said("Activity"),
        said("in the last three months"),
        said(
            "Ask each team what it waits for. Decide together what is stopped, so that the rest has the people it "
            "needs."
        ),
        "momentum",
        said("Less was done than in the quarter before"),
        said("Active in the last three months"),
    ),
    Code.OVER_THE_LIMIT: Definition(
        said("More in parallel than was agreed"),
        said("Limits"),
        said("beyond their limit"),
        said("Finish or stop one before the next enters, or set the limit to what the people can carry."),
        "scattered_effort",
        said("In stages above their limit"),
        said("In stages with a limit"),
    ),
    Code.FADING_OUT: Definition(
        said("More goes silent than is decided"),
        said("Endings"),
        said("ended by a decision"),
        said(
            "Set a day on which each silent one is stopped or goes on. A stop on agreed criteria is a success: its "
            "lesson helps the next ones."
        ),
        "decision_discipline",
        said("Faded out, or silent"),
        said("Stopped by decision, faded out, or silent"),
    ),
}

STATE_WORDS: Mapping[State, str] = {
    State.PRESENT: said("Seen here"),
    State.ABSENT: said("Not seen"),
    State.CANNOT_TELL: said("Cannot tell yet"),
}


def figure_words(symptom: Symptom) -> str:
    """ "1 of 6 pilots", "2.4 acts each"; "–" where there is nothing to count."""
    found = symptom.figure
    if not found.denominator:
        return "–"
    if symptom.code == Code.FALLING_ACTIVITY:
        return said("{rate} acts each", rate=written(f"{half_up(rate(found))}"))
    parts = {"some": whole(found.numerator), "all": whole(found.denominator)}
    match found.unit:
        case "pilots":
            return said("{some} of {all} pilots", **parts)
        case "initiatives":
            return said("{some} of {all} initiatives", **parts)
    return said("{some} of {all} {currency}", **parts, currency=found.unit)


def list_words(symptom: Symptom, which: str) -> str:
    """What one of its lists holds."""
    definition = DEFINITIONS[symptom.code]
    return {"keys": definition.behind, "counted": definition.counted, "basis": definition.basis}[which]


def rate(figure: Figure) -> float:
    """How much comes to one; 0 where there is none."""
    return float(figure.numerator / figure.denominator) if figure.denominator else 0.0


def whole(count: int | Decimal) -> Said:
    """ "1,204"."""
    return written(f"{half_up(count, 0):,}")


def pilots_said(count: int) -> Said:
    return said_of("{shown} pilot", "{shown} pilots", count, shown=whole(count))


def initiatives_said(count: int) -> Said:
    return said_of("{shown} initiative", "{shown} initiatives", count, shown=whole(count))
