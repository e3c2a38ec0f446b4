"""Short ways to set up what the pure rules take, and the calendar the walks use."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction

from checklists.scoring import AnswerValue, Effective, ItemDefinition, ItemFacts, ItemState, item_state
from gates.criteria import GateDefinition, GateKind
from gates.rules import FrameworkDefinition, GateFacts, GateState, statuses

MET, PARTIAL, NOT_MET, UNANSWERED = AnswerValue
ALL_VALUES = tuple(AnswerValue)
TODAY = date(2028, 2, 20)  # nine days before a leap day

# How good an answer is where only order matters: nobody is better off for not having answered.
WORTH = {UNANSWERED: 0, NOT_MET: 0, PARTIAL: 1, MET: 2}


def days(number: int) -> timedelta:
    return timedelta(days=number)


def item(code: str = "X-1", *, critical: bool = False, max_age: int | None = None, required: bool = True):
    gate = code.split("-")[0].lower()
    return ItemDefinition(code, gate, f"Title of {code}", critical, required, max_age)


def gate_of(
    slug: str = "data",
    *,
    critical: Iterable[int] = (),
    size: int = 4,
    min_met: int | None = 3,
    share: Fraction | None = None,
    kind: GateKind = GateKind.GATE,
    framework: str = "five-gate",
    position: int = 0,
) -> GateDefinition:
    """A gate whose items are SLUG-1 to SLUG-n; `critical` counts from 0."""
    marked = set(critical)
    items = tuple(
        ItemDefinition(f"{slug.upper()}-{n + 1}", slug, f"Title of {slug.upper()}-{n + 1}", n in marked)
        for n in range(size)
    )
    return GateDefinition(framework, slug, slug.capitalize(), kind, position, items, min_met, share)


def checkpoint_of(slug: str = "checkpoint-0", *, critical: Iterable[int] = (), size: int = 7, **options):
    return gate_of(
        slug,
        critical=critical,
        size=size,
        min_met=None,
        share=Fraction(2, 3),
        kind=GateKind.CHECKPOINT,
        framework="poc-checkpoints",
        **options,
    )


def states_of(gate: GateDefinition, values: Iterable[AnswerValue]) -> tuple[ItemState, ...]:
    """Items whose effective answer is the declared one."""
    return tuple(
        ItemState(definition, value, Effective(value))
        for definition, value in zip(gate.items, values, strict=True)
    )


def by_code(gate: GateDefinition, values: Iterable[AnswerValue]) -> Mapping[str, AnswerValue]:
    return {definition.code: value for definition, value in zip(gate.items, values, strict=True)}


def framework_of(*gates: GateDefinition, sequential: bool = True, required_met: int | None = None):
    return FrameworkDefinition(gates[0].framework, "The framework", sequential, gates, required_met)


def state_of(
    facts: GateFacts, today: date = TODAY, *, ended: bool = False, on_hold: bool = False
) -> GateState:
    """The state of one gate alone."""
    alone = framework_of(facts.gate, sequential=False)
    return statuses(alone, [facts], today, ended=ended, on_hold=on_hold)[0]


def from_facts(gate: GateDefinition, answers: Mapping[str, ItemFacts], today: date) -> tuple[ItemState, ...]:
    """The items of a gate with what is known about some of them; the others are unanswered."""
    return tuple(item_state(answers.get(one.code, ItemFacts(one)), today) for one in gate.items)
