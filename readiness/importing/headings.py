"""A spreadsheet without a mapping: its headings say what its columns are, in English or German.

Pure. A heading is known whatever its case, spaces, hyphens and the like; what is not known is not used, and said.
Nothing is guessed: without a name and a stage there is no mapping.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from checklists.said import joined, said
from gates.stages import LADDER, Stage
from readiness.importing.dates import SPELLINGS
from readiness.importing.mapping import (
    NOT_STATED,
    DateRule,
    DateRules,
    FieldRule,
    Mapping,
    StageRule,
    TagRule,
)
from readiness.importing.naming import ROLES
from readiness.importing.reading import SourceRefused, labels_of
from readiness.importing.wording import Spellings, folded

BY_HEADINGS = "by-headings"
"""The name under which such initiatives are known again: by their names, whatever the file is called."""
NEAR = 0.75

# The first is how the template calls it in English, the second in German; people write the others.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": (
        "Name", "Name", "Initiative", "Initiative name", "AI initiative", "Project", "Project name", "Use case",
        "Use case name", "Title", "Name der Initiative", "KI-Initiative", "Projekt", "Projektname", "Vorhaben",
        "Anwendungsfall", "Bezeichnung", "Titel",
    ),
    "business_problem": (
        "Problem", "Fachliches Problem", "Business problem", "Problem statement", "Purpose", "Description",
        "Geschäftsproblem", "Problemstellung", "Zweck", "Beschreibung",
    ),
    "business_unit": (
        "Unit", "Bereich", "Business unit", "Department", "Division", "Abteilung", "Fachbereich", "Geschäftsbereich",
        "Einheit", "Organisationseinheit",
    ),
    "technology": ("Technology", "Technologie", "Technique", "Tech stack", "Tech", "Technik"),
    "vendor": ("Vendor", "Anbieter", "Supplier", "Provider", "Hersteller", "Lieferant"),
    "approach": ("Approach", "Vorgehen", "Build or buy", "Build/Buy", "Sourcing", "Eigenbau oder Kauf"),
    "tag": ("Topic", "Thema", "Tag", "Category", "Schlagwort", "Kategorie"),
    "stage": ("Stage", "Phase", "Status", "State", "Stufe", "Stand"),
    "begun": (
        "Begun on", "Begonnen am", "Begun", "Start", "Start date", "Started", "Started on", "Beginn", "Startdatum",
    ),
    "since": (
        "In stage since", "In der Phase seit", "Stage since", "Since", "Phase seit", "Seit", "Status seit",
        "Status since",
    ),
    "business_owner": (
        "Business owner", "Fachverantwortung", "Owner", "Process owner", "Product owner", "Fachverantwortliche",
        "Fachverantwortlicher", "Fachliche Leitung", "Verantwortlich",
    ),
    "executive_sponsor": ("Executive sponsor", "Sponsor", "Business sponsor", "Sponsorin", "Auftraggeber"),
    "technical_lead": (
        "Technical lead", "Technische Leitung", "Tech lead", "Lead", "Project lead", "Project manager",
        "Projektleitung", "Projektleiter", "Projektleiterin",
    ),
    "deputy": ("Deputy", "Stellvertretung", "Stand-in", "Vertretung", "Stellvertreter", "Stellvertreterin"),
    "members": (
        "Members", "Mitglieder", "Team members", "Project team", "Teammitglieder", "Projektteam", "Beteiligte",
    ),
}  # fmt: skip

STAGES: dict[str, tuple[str, ...]] = {
    Stage.INTAKE.value: ("Intake", "Aufnahme", "Idea", "Idee", "Planned", "Geplant", "New", "Neu", "Backlog"),
    Stage.POC.value: (
        "PoC", "PoC", "Proof of concept", "Prototype", "Prototyp", "Trial", "Experiment", "Erprobung",
        "Machbarkeitsnachweis",
    ),
    Stage.PILOT.value: ("Pilot", "Pilot", "Piloting", "In pilot", "Pilotbetrieb", "Pilotierung", "Pilotphase"),
    Stage.ROLLOUT.value: ("Rollout", "Rollout", "Roll-out", "Rolling out", "Einführung", "Ausrollen"),
    Stage.LIVE.value: (
        "Live", "Live", "In use", "In production", "Production", "Productive", "Operation", "In operation", "Produktiv",
        "In Produktion", "In Betrieb", "Betrieb", "Im Einsatz",
    ),
    Stage.RETIRED.value: ("Retired", "Stillgelegt", "Switched off", "Decommissioned", "Abgeschaltet", "Außer Betrieb"),
}  # fmt: skip

APPROACHES: dict[str, tuple[str, ...]] = {
    "build": (
        "Build",
        "Selbst entwickeln",
        "Built",
        "In-house",
        "Us",
        "Eigenentwicklung",
        "Eigenbau",
        "Intern",
    ),
    "buy": ("Buy", "Kaufen", "Bought", "Vendor", "Kauf", "Gekauft", "Zukauf", "Extern"),
    "partner": ("Partner", "Mit Partner", "Partnership", "Both", "Partnerschaft", "Beides"),
}

EMPTY_WORDS = ("N/A", "n. a.", "k. A.", "None", "TBD", "-", "?", "keine", "offen", "unbekannt", "unknown")
DAYS = ("YYYY-MM-DD", "D.M.YYYY", "YYYY/M/D", "D MMM YYYY", "MMM D, YYYY", "YYYY-MM")
"""Those that can be read in one way only: 3/4/2026 is a day in March or in April."""
FIELDS = ("name", "business_problem", "business_unit", "technology", "vendor", "approach")


class NotRecognised(SourceRefused):
    """The headings do not say where what an initiative needs stands. ``sentences``: one for each thing."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(joined(sentences, "\n"))
        self.sentences = tuple(sentences)


@dataclass(frozen=True, slots=True)
class _Found:
    """Which column of the header is what, by the code of ``HEADINGS``."""

    columns: dict[str, str]

    def field(self, code: str) -> FieldRule:
        spellings = spellings_of(APPROACHES) if code == "approach" else None
        return FieldRule(self.columns[code], spellings, NOT_STATED if code == "business_problem" else "")

    def dates(self) -> DateRules:
        rules = []
        if "begun" in self.columns:
            rules.append(DateRule("begun", self.columns["begun"], Stage.INTAKE))
        if "since" in self.columns:
            own = {stage: stage for stage in LADDER}
            rules.append(DateRule("since", self.columns["since"], Stage.INTAKE, own))
        return DateRules(tuple(SPELLINGS[name] for name in DAYS), columns=tuple(rules))


def recognised(header: Sequence[str], as_of: date) -> Mapping:
    """The mapping that the headings themselves make, speaking of ``as_of``. Raises NotRecognised."""
    found = _Found(columns_of(header))
    missing = [_lacking(code, header) for code in ("name", "stage") if code not in found.columns]
    if missing:
        raise NotRecognised(missing)
    return Mapping(
        name=BY_HEADINGS,
        title="a spreadsheet, by its headings",
        as_of=as_of,
        as_of_given=False,
        key=(found.columns["name"],),
        plan={},
        stage=StageRule(found.columns["stage"], spellings_of(STAGES)),
        fields={code: found.field(code) for code in FIELDS if code in found.columns},
        tags=(TagRule(found.columns["tag"]),) if "tag" in found.columns else (),
        people={role: found.columns[role] for role in ROLES if role in found.columns},
        empty_words=frozenset(folded(word) for word in EMPTY_WORDS),
        dates=found.dates(),
    )


def columns_of(header: Sequence[str]) -> dict[str, str]:
    """Which column is what: of two that could be the same, the one whose heading stands earlier in ``HEADINGS``."""
    labels = labels_of(tuple(header))
    places: dict[str, str] = {}
    for heading, label in zip(header, labels, strict=True):
        places.setdefault(_plain(heading), label)
    found: dict[str, str] = {}
    for code, names in HEADINGS.items():
        here = next((places[_plain(name)] for name in names if _plain(name) in places), None)
        if here is not None:
            found[code] = here
    return found


def spellings_of(words: dict[str, tuple[str, ...]]) -> Spellings:
    """The table of values in which each of the spellings stands for its word."""
    return Spellings.of((spelling, word) for word, known in words.items() for spelling in known)


def _plain(heading: str) -> str:
    for sign in "_-/.:*?":
        heading = heading.replace(sign, " ")
    return folded(heading)


def _lacking(code: str, header: Sequence[str]) -> str:
    english, german = HEADINGS[code][:2]
    names = english if english == german else f"{english} / {german}"
    known = [_plain(name) for name in HEADINGS[code]]
    near = next((one for one in header if get_close_matches(_plain(one), known, n=1, cutoff=NEAR)), None)
    if near is not None:
        return said("No column is called {names}; is {heading} meant?", names=names, heading=repr(near))
    return said(
        "No column is called {names}, and without it no initiative can be made of a row.", names=names
    )
