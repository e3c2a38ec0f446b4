"""Frameworks of an organisation's own: some gates of some items, and a copy of a shipped one under another name."""

from collections.abc import Sequence

from checklists.frameworks import parse_framework
from checklists.loading import load_framework, stored_framework
from checklists.models import Framework
from checklists.writing import framework_yaml
from readiness import clock

WHOLE = "guards: [{from: pilot, to: rollout}]"
SHAPE = (("idea", 3), ("build", 2), ("run", 2))
"""Three gates with seven items in all; the first item of each is critical."""
HEAD = """\
slug: {slug}
version: '{version}'
name: {name}
kind: {kind}
order: {order}
evidence: {evidence}
{more}
gates:
"""
GATE = """\
- slug: {gate}
  name: {name}
  purpose: Why it is there
  min_met: {least}
  items:
"""
ITEM = """\
  - {{code: {code}, title: Of {code}, critical: {critical}, statement: It is so, met: All, partial: Half,
     not_met: Nothing, root_cause: ownership}}
"""


def own_text(
    slug: str = "house",
    name: str = "House gates",
    *,
    shape: Sequence[tuple[str, int]] = SHAPE,
    required: int | None = 5,
    more: str = WHOLE,
    kind: str = "gates",
    evidence: str = "optional",
    version: str = "1.0",
) -> str:
    """As YAML; of each gate all items but one must be met. ``required``: of all of them together, None for no count."""
    more += f"\nrequired_met: {required}" if required else ""
    order = "any" if kind in ("overlay", "profile") else "sequential"
    text = HEAD.format(
        slug=slug, version=version, name=name, kind=kind, order=order, evidence=evidence, more=more
    )
    for gate, count in shape:
        text += GATE.format(gate=gate, name=gate.capitalize(), least=max(count - 1, 1))
        for number in range(1, count + 1):
            critical = "true" if number == 1 else "false"
            text += ITEM.format(code=f"{gate.upper()}-{number}", critical=critical)
    return text


def copy_text(slug: str = "our-gates", name: str = "Our gates", of: str = "five-gate") -> str:
    """The newest version of a framework, word for word, under another slug and name."""
    row = Framework.objects.current().with_content().get(slug=of)
    text = framework_yaml(stored_framework(row))
    assert text.count(f"slug: {of}\n") == 1
    assert text.count(f"name: {row.name}\n") == 1
    return text.replace(f"slug: {of}\n", f"slug: {slug}\n").replace(f"name: {row.name}\n", f"name: {name}\n")


def published(text: str) -> Framework:
    return load_framework(parse_framework(text.encode(), "own.yaml"), clock.now()).framework
