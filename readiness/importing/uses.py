"""What a column becomes, in words."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from gates.stages import Stage
from readiness.importing.headings import HEADINGS, STAGES
from readiness.standing.words import STAGE_WORDS
from readiness.ui.lazily import gettext_lazy

_WORDS = {
    "name": gettext_lazy("Name"),
    "business_problem": gettext_lazy("Business problem"),
    "business_unit": gettext_lazy("Business unit"),
    "technology": gettext_lazy("Technology"),
    "vendor": gettext_lazy("Vendor"),
    "approach": gettext_lazy("Approach"),
    "stage": gettext_lazy("Stage"),
    "tag": gettext_lazy("A tag"),
    "day": gettext_lazy("The day since which it is in its stage"),
    "stated_by": gettext_lazy("Who states what the file says"),
    "business_owner": gettext_lazy("Business owner"),
    "executive_sponsor": gettext_lazy("Executive sponsor"),
    "technical_lead": gettext_lazy("Technical lead"),
    "deputy": gettext_lazy("Deputy"),
    "members": gettext_lazy("Members"),
    "key": gettext_lazy("By this a row is known again"),
}


def columns_in_words(uses: Iterable[Sequence[str]]) -> list[tuple[str, list[str]]]:
    """Each heading with everything that its column becomes; that a row is known again by it comes last."""
    found: dict[str, list[str]] = {}
    for heading, use in sorted(uses, key=lambda pair: pair[1] == "key"):
        found.setdefault(heading, []).append(words_of(use))
    return list(found.items())


def recognised_headings() -> list[tuple[str, str]]:
    """What is recognised without a mapping: the words of a field, and the headings that stand for it."""
    fields = {"begun": f"day:{Stage.INTAKE.value}", "since": "day"}
    return [(words_of(fields.get(code, code)), _listed(names)) for code, names in HEADINGS.items()]


def recognised_stages() -> list[tuple[str, str]]:
    """Each stage with the words for it."""
    return [(str(STAGE_WORDS[Stage(word)].label), _listed(names)) for word, names in STAGES.items()]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def words_of(use: str) -> str:
    """A use as ``Mapping.uses`` names it."""
    kind, _colon, more = use.partition(":")
    if kind == "fact":
        return _("What is stated: %(fact)s") % {"fact": more}
    if kind == "day" and more:
        return _("The day on which it entered %(stage)s") % {"stage": STAGE_WORDS[Stage(more)].label}
    return str(_WORDS[more if kind == "person" else kind])
