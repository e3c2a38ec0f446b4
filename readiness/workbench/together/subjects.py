"""What a comment speaks of: the initiative as a whole, one of its gates, or one item. ``?about=`` names it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.utils.translation import gettext as _

from checklists.models import FrameworkKind, Item
from gates.models import Comment, Initiative
from readiness.standing.links import checklist_url, comments_url, gate_url
from readiness.ui.saying import content

WHOLE = "initiative"
"""The word for the initiative as a whole; gates go by their slug, items by their code."""


@dataclass(frozen=True, slots=True)
class Subject:
    """``gate`` and ``item`` as a comment names them, "" where it speaks of none. ``href`` leads to it."""

    word: str
    label: str
    gate: str = ""
    item: str = ""
    href: str = ""


class Subjects:
    """Everything of one initiative that can be spoken of; one query."""

    def __init__(self, initiative: Initiative) -> None:
        self.ref = initiative.ref
        items = Item.objects.filter(gate__framework__assessments__passage__initiative=initiative)
        self._items = {
            item.code: item
            for item in items.select_related("gate__framework").order_by(
                "gate__framework__assessments__passage__position", "gate__position", "position"
            )
        }

    @cached_property
    def all(self) -> list[Subject]:
        """The initiative, then each gate followed by its items."""
        found = {WHOLE: Subject(WHOLE, _("The initiative as a whole"))}
        for item in self._items.values():
            gate = item.gate
            if gate.slug not in found:
                profile = gate.framework.kind == FrameworkKind.PROFILE
                href = checklist_url(self.ref, gate.slug) if profile else gate_url(self.ref, gate.slug)
                found[gate.slug] = Subject(gate.slug, content(gate.name), gate.slug, "", href)
            href = checklist_url(self.ref, gate.slug, item.code)
            label = f"{item.code} {content(item.title)}"
            found[item.code] = Subject(item.code, label, gate.slug, item.code, href)
        return list(found.values())

    @cached_property
    def _by_word(self) -> Mapping[str, Subject]:
        return {subject.word: subject for subject in self.all}

    def named(self, word: str) -> Subject | None:
        """The subject of ``?about=``; None where none is named. 404 for what the initiative does not have."""
        if not word:
            return None
        if word not in self._by_word:
            raise Http404
        return self._by_word[word]

    def of(self, comment: Comment) -> Subject:
        """What a comment speaks of; an item that its framework no longer has goes by its code alone."""
        word = comment.item or comment.gate or WHOLE
        return self._by_word.get(word) or Subject(word, word, comment.gate, comment.item)

    def choices(self, spoken_of: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """What a list can be narrowed to: the gates and items (``gate``, ``item``) that are spoken of."""
        words = {WHOLE}
        for gate, item in spoken_of:
            words |= {gate, item} if gate else {WHOLE}
        return [(one.word, one.label) for one in self.all if one.word in words]


def thread_url(ref: str, word: str) -> str:
    """The comments about one subject, as a page of their own and as the fragment that others take in."""
    return f"{comments_url(ref)}?about={word}"
