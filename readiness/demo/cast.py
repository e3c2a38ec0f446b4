"""The people of a made-up insurer. Six of them can sign in; the others only appear by name."""

from dataclasses import dataclass

from readiness.accounts.models import Function, SystemRole

ORGANISATION = "Alderfinch Insurance"
TIME_ZONE = "Europe/Berlin"
CURRENCY = "EUR"
PASSWORD = "demo"  # noqa: S105 (public on purpose; refused outside demo mode)
DOMAIN = "alderfinch.example"

LEAD, REVIEWER, EXECUTIVE = SystemRole.LEAD, SystemRole.REVIEWER, SystemRole.EXECUTIVE
AUDITOR, ADMIN = SystemRole.AUDITOR, SystemRole.ADMIN
BUSINESS, IT = Function.BUSINESS, Function.IT
INNOVATION, DATA_SCIENCE = Function.INNOVATION, Function.DATA_SCIENCE

CLAIMS, SALES, SERVICE, FINANCE = "Claims", "Sales", "Customer Service", "Finance"
HR, UNDERWRITING, OPERATIONS, LEGAL = "Human Resources", "Underwriting", "Operations", "Legal"
TECHNOLOGY, RISK, LAB = "Technology", "Risk & Compliance", "Innovation Lab"


@dataclass(frozen=True, slots=True)
class Player:
    username: str
    name: str
    unit: str
    function: Function
    roles: tuple[SystemRole, ...] = ()
    signs_in: bool = False


CAST = (
    Player("ada", "Ada Keller", TECHNOLOGY, IT, (ADMIN,), signs_in=True),
    Player("lena", "Lena Brandt", CLAIMS, DATA_SCIENCE, (LEAD,), signs_in=True),
    Player("ravi", "Ravi Menon", RISK, BUSINESS, (REVIEWER,), signs_in=True),
    Player("elsa", "Elsa Norén", CLAIMS, BUSINESS, (EXECUTIVE,), signs_in=True),
    Player("omar", "Omar Haddad", SALES, DATA_SCIENCE, (LEAD,), signs_in=True),
    Player("iris", "Iris Valdez", "Internal Audit", BUSINESS, (AUDITOR,), signs_in=True),
    Player("mona", "Mona Fischer", "Data Office", DATA_SCIENCE, (REVIEWER,)),
    Player("tomas", "Tomas Ilves", "IT Security", IT, (REVIEWER,)),
    Player("viktor", "Viktor Lang", SALES, BUSINESS, (EXECUTIVE,)),
    Player("grace", "Grace Okafor", SERVICE, BUSINESS, (EXECUTIVE,)),
    Player("henrik", "Henrik Dahl", FINANCE, BUSINESS, (EXECUTIVE,)),
    Player("sofia", "Sofia Conti", HR, BUSINESS, (EXECUTIVE,)),
    Player("pierre", "Pierre Laurent", UNDERWRITING, BUSINESS, (EXECUTIVE,)),
    Player("nadia", "Nadia Petrova", OPERATIONS, BUSINESS, (EXECUTIVE,)),
    Player("marcus", "Marcus Weiß", TECHNOLOGY, IT, (EXECUTIVE,)),
    Player("yuki", "Yuki Tanaka", TECHNOLOGY, DATA_SCIENCE, (LEAD,)),
    Player("daniel", "Daniel Roth", UNDERWRITING, DATA_SCIENCE, (LEAD,)),
    Player("fatima", "Fatima Zahra", FINANCE, DATA_SCIENCE, (LEAD,)),
    Player("leon", "Leon Becker", LAB, INNOVATION, (LEAD,)),
    Player("ines", "Inês Duarte", SERVICE, BUSINESS, (LEAD,)),
    Player("paul", "Paul Sørensen", OPERATIONS, IT, (LEAD,)),
    Player("chloe", "Chloé Martin", HR, BUSINESS, (LEAD,)),
    Player("anton", "Anton Virtanen", TECHNOLOGY, IT),
    Player("maya", "Maya Singh", LAB, DATA_SCIENCE),
    Player("jonas", "Jonas Huber", CLAIMS, BUSINESS),
    Player("petra", "Petra Novák", CLAIMS, BUSINESS),
    Player("samuel", "Samuel Adeyemi", SALES, BUSINESS),
    Player("karin", "Karin Lindgren", SERVICE, BUSINESS),
    Player("bruno", "Bruno Ricci", FINANCE, BUSINESS),
    Player("helen", "Helen Walsh", UNDERWRITING, BUSINESS),
    Player("igor", "Igor Kovač", OPERATIONS, BUSINESS),
    Player("laura", "Laura Jansen", HR, BUSINESS),
    Player("david", "David Cohen", LEGAL, BUSINESS),
    Player("greta", "Greta Lund", UNDERWRITING, BUSINESS),
    Player("tim", "Tim Oduya", HR, IT),
    Player("rolf", "Rolf Engel", CLAIMS, BUSINESS),
    Player("ruth", "Ruth Meier", SERVICE, BUSINESS),
)

SPONSORS = {
    CLAIMS: "elsa",
    SALES: "viktor",
    SERVICE: "grace",
    FINANCE: "henrik",
    HR: "sofia",
    UNDERWRITING: "pierre",
    OPERATIONS: "nadia",
    TECHNOLOGY: "marcus",
    LEGAL: "henrik",
}
REVIEWERS = ("ravi", "mona", "tomas")
