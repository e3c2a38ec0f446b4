"""What another version of a framework asks: what stays, what reads differently, what is new and what is gone.

Pure. Items are the same where their codes are; which of their words carry their meaning stands in ``MEANING``.
"""

from dataclasses import dataclass

from checklists.frameworks import ParsedFramework, ParsedGate, ParsedItem

MEANING = (
    "title",
    "statement",
    "when_met",
    "when_partial",
    "when_not_met",
    "critical",
    "evidence_max_age_days",
)
"""What an answer was given to. Help, examples and cross-references may be mended without asking anybody again."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of one framework, items in the order of the version they are of.

    ``kept`` and ``reworded`` are items of both versions, as the later one has them; ``new`` only the later one has,
    ``gone`` only the earlier. ``gates_changed`` are the slugs of gates in both that ask for something else, in order.
    """

    kept: tuple[ParsedItem, ...]
    reworded: tuple[ParsedItem, ...]
    new: tuple[ParsedItem, ...]
    gone: tuple[ParsedItem, ...]
    gates_changed: tuple[str, ...]


def compared(before: ParsedFramework, after: ParsedFramework) -> Compared:
    """What ``after`` asks beside what ``before`` asked."""
    was = {item.code: item for item in before.items}
    now = {item.code for item in after.items}
    shared = [item for item in after.items if item.code in was]
    gates = {gate.slug: gate for gate in before.gates}
    asked_otherwise = before.evidence_required != after.evidence_required or _judged_otherwise(before, after)
    return Compared(
        kept=tuple(item for item in shared if means_the_same(was[item.code], item)),
        reworded=tuple(item for item in shared if not means_the_same(was[item.code], item)),
        new=tuple(item for item in after.items if item.code not in was),
        gone=tuple(item for item in before.items if item.code not in now),
        gates_changed=tuple(
            gate.slug
            for gate in after.gates
            if gate.slug in gates and (asked_otherwise or _asks_something_else(gates[gate.slug], gate))
        ),
    )


def means_the_same(before: ParsedItem, after: ParsedItem) -> bool:
    """Whether an answer to the one is an answer to the other."""
    return all(getattr(before, name) == getattr(after, name) for name in MEANING)


def _judged_otherwise(before: ParsedFramework, after: ParsedFramework) -> bool:
    """A gate asks of every item what a checkpoint leaves open. A profile judges nothing."""
    were, are = (one.kind == "checkpoints" for one in (before, after))
    return were != are and after.kind != "profile"


def _asks_something_else(before: ParsedGate, after: ParsedGate) -> bool:
    return _asked(before) != _asked(after)


def _asked(gate: ParsedGate) -> tuple[object, ...]:
    items = {item.code: tuple(getattr(item, name) for name in MEANING) for item in gate.items}
    return gate.min_met, gate.min_share_met, gate.pass_criteria, items
