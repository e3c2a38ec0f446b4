"""What a person supposes, as it stands in the address of the page: ``?DATA-1=met&passed=data``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.scoring import ItemDefinition
from gates.rules import FrameworkDefinition
from readiness.standing.supposing import Supposal

PASSED = "passed"
SAID_AT_MOST, WORD_AT_MOST = 5, 40
LABELS = {
    Supposal.MET_WITH_EVIDENCE: gettext_lazy("Met, with new evidence"),
    Supposal.RENEWED: gettext_lazy("As it is, with new evidence"),
    Supposal.MET: gettext_lazy("Met"),
    Supposal.PARTIAL: gettext_lazy("Partial"),
    Supposal.NOT_MET: gettext_lazy("Not met"),
}
_WITHOUT_EVIDENCE = (Supposal.MET, Supposal.PARTIAL, Supposal.NOT_MET)


@dataclass(frozen=True, slots=True)
class Choices:
    """What is supposed: answers by item code, and the gates that are passed. ``wrong`` says what was left out."""

    answers: Mapping[str, Supposal] = field(default_factory=dict)
    passed: frozenset[str] = frozenset()
    wrong: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.answers or self.passed)

    def query(self, **more: Supposal) -> str:
        """The address that says the same, and ``more`` answers; "" where nothing is supposed."""
        pairs = [(code, value.value) for code, value in {**self.answers, **more}.items()]
        pairs += [(PASSED, slug) for slug in sorted(self.passed)]
        return f"?{urlencode(pairs)}" if pairs else ""


def offered(item: ItemDefinition) -> tuple[Supposal, ...]:
    """What can be supposed of an item: evidence only where it is asked for."""
    return tuple(Supposal) if item.evidence_required else _WITHOUT_EVIDENCE


def choices_of(asked: QueryDict, framework: FrameworkDefinition) -> Choices:
    """Nothing is refused: what the framework does not have, or nobody can suppose, is left out and said.

    An empty value supposes nothing. Of a name that stands there twice, the last counts.
    """
    items = {item.code: item for gate in framework.gates for item in gate.items}
    gates = {gate.slug for gate in framework.gates}
    answers: dict[str, Supposal] = {}
    wrong: list[str] = []
    for name in asked:
        value = str(asked[name])
        if name == PASSED or not value:
            continue
        if name not in items:
            wrong.append(_("There is no item %(code)s here.") % {"code": _short(name)})
        elif value not in {one.value for one in offered(items[name])}:
            wrong.append(_("%(code)s cannot be %(answer)s.") % {"code": name, "answer": _short(value)})
        else:
            answers[name] = Supposal(value)
    passed = [slug for slug in asked.getlist(PASSED) if slug]
    wrong += [
        _("There is no gate %(gate)s here.") % {"gate": _short(slug)} for slug in passed if slug not in gates
    ]
    in_order = {code: answers[code] for code in items if code in answers}
    return Choices(in_order, frozenset(passed) & gates, tuple(wrong[:SAID_AT_MOST]))


def _short(word: str) -> str:
    shown = f"{word[:WORD_AT_MOST]}…" if len(word) > WORD_AT_MOST else word
    return _("“%(title)s”") % {"title": shown}
