"""Answers, evidence, submissions, decisions, conditions, waivers and the end of a hold in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklists.scoring import ANSWER_LABELS, AnswerValue
from gates.criteria import GateKind
from readiness.standing.flags.case import listed
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import number, within
from readiness.ui.saying import content, say
from readiness.workbench.checklists.words import decision_word
from readiness.workbench.initiatives.telling import (
    Data,
    Saying,
    day_words,
    gate_words,
    item_words,
    names_of,
    quoted,
    until_words,
)

ONE_BY_ONE = 3
"""Up to so many answers of one event are told each with its item, its evidence and its note."""


def _items(codes: list[str]) -> str:
    return str(say(listed(codes, 6)))


def _answered(data: Data) -> Saying:
    """Item by item where it were few, else gathered by answer."""
    answers = data.get("answers", [])
    answered = sum(1 for one in answers if "answer" in one)
    with_evidence = [one["item"] for one in answers if one.get("evidence")]
    if answered:
        title = ngettext("Answered %(count)s item", "Answered %(count)s items", answered) % {
            "count": number(f"{answered:,}")
        }
    else:
        title = _("Evidence added") if with_evidence else _("Note written")
    if len(answers) <= ONE_BY_ONE:
        body = "\n".join(_answer(data, one) for one in answers)
    else:
        body = " ".join(_gathered(answers, with_evidence))
    return Saying(title, body, "neutral", "checklist" if answered else "file")


def _answer(data: Data, one: Data) -> str:
    """ "DATA-1 Source quality proven: Partial to Met. Evidence: “Report of May”. Note: Soon." """
    parts = [f"{item_words(data, one['item'])}:"]
    if "answer" in one:
        before, after = (say(ANSWER_LABELS[AnswerValue(value)]) for value in one["answer"])
        parts.append(_("%(before)s to %(after)s.") % {"before": before, "after": after})
    if one.get("evidence"):
        titles = ", ".join(_titled(piece["title"]) for piece in one["evidence"])
        parts.append(_("Evidence: %(titles)s.") % {"titles": titles})
    if one.get("note"):
        parts.append(_("Note: %(note)s") % {"note": quoted(one["note"])})
    elif "note" in one:
        parts.append(_("The note was taken away."))
    return " ".join(parts)


def _gathered(answers: Sequence[Data], with_evidence: list[str]) -> Iterator[str]:
    by_value: dict[str, list[str]] = {}
    for answer in answers:
        if "answer" in answer:
            by_value.setdefault(answer["answer"][1], []).append(answer["item"])
    for value, codes in by_value.items():
        words = {"answer": say(ANSWER_LABELS[AnswerValue(value)]), "items": _items(codes)}
        yield _("%(answer)s: %(items)s.") % words
    if with_evidence:
        yield _("Evidence for %(items)s.") % {"items": _items(with_evidence)}
    noted = [answer["item"] for answer in answers if answer.keys() == {"item", "note"}]
    if noted:
        yield _("Note on %(items)s.") % {"items": _items(noted)}


def _titled(title: str) -> str:
    return _("“%(title)s”") % {"title": quoted(title)}


def _withdrawn(data: Data) -> Saying:
    body = f"{item_words(data, data['item'])}: {_titled(data.get('title', ''))}"
    return Saying(_("Evidence withdrawn"), body, "warning", "file")


def _condition(title: str, tone: str, icon: str) -> Callable[[Data], Saying]:
    """What was promised, of which gate, and what was said of it."""

    def tell(data: Data) -> Saying:
        of = gate_words(data)
        text = _("%(gate)s: %(text)s") % {"gate": of, "text": data["text"]} if of else data["text"]
        return Saying(str(title), "\n".join(part for part in (text, data.get("said")) if part), tone, icon)

    return tell


def _lifted(data: Data) -> Saying:
    since = (
        _("It was on hold since %(day)s.") % {"day": day_words(data["since"])} if data.get("since") else ""
    )
    return Saying(_("Hold lifted"), since, "good", "play")


def _place(data: Data) -> str:
    is_checkpoint = data.get("kind") == GateKind.CHECKPOINT.value
    name = {"name": content(data["name"])}
    return (_("Checkpoint “%(name)s”") if is_checkpoint else _("%(name)s gate")) % name


def _submitted(data: Data) -> Saying:
    title = _("%(gate)s submitted for review") % {"gate": _place(data)}
    return Saying(title, quoted(data.get("note", "")), "info", "inbox")


def _promised(data: Data, condition: Data | str) -> str:
    """A condition with who keeps it and by when; events of earlier installations hold its text alone."""
    if isinstance(condition, str):
        return condition
    who = names_of(data).people.get(condition.get("owner", ""), condition.get("owner"))
    if not who or not condition.get("due"):
        return str(condition["text"])
    words = {"text": condition["text"], "name": who, "day": day_words(condition["due"])}
    return _("%(text)s (%(name)s, until %(day)s)") % words


def _decided(data: Data) -> Saying:
    word = decision_word(GateKind(data["kind"]), data["decision"])
    conditions = [
        _("Condition: %(words)s") % {"words": _promised(data, one)} for one in data.get("conditions", [])
    ]
    body = "\n".join([data.get("rationale", ""), *conditions])
    return Saying(f"{_place(data)}: {within(word.label)}", body, word.tone, word.icon)


def _given(data: Data) -> Saying:
    title = _("Condition given to %(person)s") % {"person": data["owner_name"]}
    return Saying(title, data["text"], "info", "user")


def _waived(data: Data) -> Saying:
    body = "\n".join([data["reason"], until_words(data["expires_on"])])
    return Saying(
        _("Waiver for %(item)s") % {"item": item_words(data, data["item"])}, body, "warning", "shield"
    )


REVIEWS: Mapping[str, Callable[[Data], Saying]] = {
    "answer.recorded": _answered,
    "evidence.withdrawn": _withdrawn,
    "gate.submitted": _submitted,
    "gate.decided": _decided,
    "hold.lifted": _lifted,
    "condition.kept": _condition(gettext_lazy("Condition said to be kept"), "info", "check"),
    "condition.given": _given,
    "condition.confirmed": _condition(gettext_lazy("Condition confirmed"), "good", "check-circle"),
    "condition.reopened": _condition(gettext_lazy("Condition reopened"), "warning", "return"),
    "waiver.granted": _waived,
}
