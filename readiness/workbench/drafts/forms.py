"""What an admin types about each part of a framework. A draft may be saved with mistakes: little is required."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, cast

from django import forms

from checklists.drafting import Wrong
from checklists.frameworks import ANSWERS, PROFILE_ANSWERS, STAGES
from checklists.writing import Document
from readiness.standing.definitions import root_causes
from readiness.standing.proposals import RULES
from readiness.standing.words import STAGE_WORDS
from readiness.ui.lazily import gettext_lazy as _
from readiness.ui.saying import content, say
from readiness.workbench.checklists.words import KINDS_OF_AI
from readiness.workbench.drafts.shapes import FLAG, IDS, LINES, NUMBER, TEXT, Shape, typed_text
from readiness.workbench.drafts.words import EVIDENCE, KINDS, ORDERS


class BeginForm(forms.Form):
    """A framework that is none yet: how it is called."""

    name = forms.CharField(label=_("Name"), help_text=_("As people read it, such as “Model handover”."))
    slug = forms.CharField(
        label=_("Short name"),
        help_text=_(
            "For addresses and files: lower-case letters, digits and hyphens. It stays for all versions."
        ),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class EmptyForm(BeginForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()))


class PartForm(forms.Form):
    """Fields of one part of a draft. A field stands for a key of the part; ``a__b`` for the key b below a.

    ``seen`` is the version of the draft that was shown.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: Any, document: Document, part: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(document, part)

    def offer(self, document: Document, part: Document) -> None:
        """What can be chosen here, where that depends on the draft."""

    def shown(self, part: Document) -> dict[str, Any]:
        """What the fields show of a part, by their names."""
        return {
            name: _shape(field).shown(_value(part, self.path(name)))
            for name, field in self.fields.items()
            if name != "seen"
        }

    def values(self, part: Document) -> dict[str, Any]:
        """What the keys of the part become. A field that shows what it showed leaves its value as it is."""
        shown = self.shown(part)
        values: dict[str, Any] = {}
        for name, was in shown.items():
            field = self.fields[name]
            typed = self.cleaned_data.get(name)
            text = typed_text(typed) if isinstance(typed, str) else _shape(field).shown(typed)
            if text == typed_text(was):
                continue
            first, *below = self.path(name)
            value = _shape(field).read(text)
            if below:
                inner = dict(values.get(first, part.get(first)) or {})
                inner.pop(below[0], None)
                value = (inner if value is None else {**inner, below[0]: value}) or None
            values[first] = value
        return values

    def path(self, name: str) -> tuple[str, ...]:
        """The key in the document, and the one below it."""
        return tuple(name.split("__"))

    def field_for(self, key: str) -> str | None:
        """The field that stands for a key as a mistake names it; None where it is none of these."""
        wanted = tuple(key.split("."))
        names = [name for name in self.fields if name != "seen"]
        whole = (name for name in names if self.path(name) == wanted)
        return next(whole, next((name for name in names if self.path(name) == wanted[:1]), None))

    def place(self, key: str) -> int:
        """Where on the page the field of a mistake stands, from the top; 0 for none."""
        name = self.field_for(key)
        return list(self.fields).index(name) if name else 0

    def tell(self, wrong: Iterable[Wrong]) -> None:
        """Put mistakes at their fields, from the top of the page. The form is bound."""
        if self.is_valid():
            for each in sorted(wrong, key=lambda one: self.place(one.field)):
                self.add_error(self.field_for(each.field), str(say(each.reason)))


def _text(label: str, help_text: str = "", shape: Shape = TEXT, **attrs: Any) -> forms.CharField:
    field = forms.CharField(
        label=label, help_text=help_text, required=False, widget=forms.TextInput(attrs), strip=True
    )
    return _shaped(field, shape)


def _long(label: str, help_text: str = "", shape: Shape = TEXT, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea({"rows": rows})
    return _shaped(forms.CharField(label=label, help_text=help_text, required=False, widget=widget), shape)


def _number(label: str, help_text: str = "") -> forms.CharField:
    return _text(label, help_text, NUMBER, inputmode="numeric", autocomplete="off")


def _name(label: str, help_text: str = "") -> forms.CharField:
    return _text(label, help_text, autocomplete="off", autocapitalize="none", spellcheck="false")


def _choice(label: str, words: Mapping[str, str], help_text: str = "") -> forms.ChoiceField:
    field = forms.ChoiceField(label=label, help_text=help_text, required=False, choices=[*words.items()])
    return _shaped(field, TEXT)


def _shaped(field: Any, shape: Shape) -> Any:
    field.shape = shape
    return field


def _shape(field: Any) -> Shape:
    shape: Shape = field.shape
    return shape


def _value(part: Document, path: tuple[str, ...]) -> Any:
    value: Any = part
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


class BasicsForm(PartForm):
    name = _text(_("Name"))
    slug = _name(_("Short name"), _("The same in every version. Another one makes it another framework."))
    version = _name(_("Version"), _("Such as 1.1. A version that is published never changes."))
    kind = _choice(_("Kind"), KINDS)
    order = _choice(_("Order"), ORDERS)
    evidence = _choice(_("Evidence"), EVIDENCE)
    required_met = _number(
        _("Must be met in all"),
        _("How many items of all gates together; left empty, the gates alone decide."),
    )


class AnswersForm(PartForm):
    """Other words for the answers, and what they mean here in general."""

    answer_labels__met = _text(_("Another word for “Met”"))
    answer_rule__met = _long(_("What “Met” means"))
    answer_labels__partial = _text(_("Another word for “Partial”"))
    answer_rule__partial = _long(_("What “Partial” means"))
    answer_labels__not_met = _text(_("Another word for “Not met”"))
    answer_rule__not_met = _long(_("What “Not met” means"))


class ExplanationsForm(PartForm):
    """What is told to people as it stands, and when a checkpoint recommends to stop."""

    reading = _long(_("How to read it"))
    required_met_meaning = _long(_("Why so many must be met"))
    critical_meaning = _long(_("What “critical” means"))
    evidence_age_meaning = _long(_("What the age of evidence means"))
    pass_criteria_meaning = _long(_("What the pass criteria mean"))
    recommend_stop_over = _name(
        _("Recommend to stop above"),
        _("A share such as 1/2: where more of the items are not met or unanswered when it is submitted."),
    )
    recommend_stop_when = _long(_("The same in words"))
    recommend_stop_text = _long(_("What the reviewer is told then"))
    applies_to_meaning = _long(_("What the readings by kind of AI mean"))
    signals_meaning = _long(_("What the signals mean"))
    essential_meaning = _long(_("What “essential” means"))
    fact_meaning = _long(_("What a known fact means"))
    crosswalk_meaning = _long(_("What the references mean"))
    crosswalk_reading = _long(_("How to read the references"))
    crosswalk_checked_on = _name(_("References last checked on"), _("A day such as 2026-11-20."))


class GuardsForm(PartForm):
    """Which stage moves ask for it: for each move the whole framework, single gates of it, or nothing."""

    def offer(self, document: Document, part: Document) -> None:
        gates = {str(gate["slug"]): str(gate.get("name") or gate["slug"]) for gate in _with_slug(document)}
        gone = {gate: gate for _move, gate in _guards(part) if gate not in (WHOLE, *gates)}
        choices = [(WHOLE, _("The whole framework")), *gates.items(), *gone.items()]
        words = {stage.value: word.label for stage, word in STAGE_WORDS.items()}
        for before, after in pairwise(STAGES):
            self.fields[f"{before}__{after}"] = forms.MultipleChoiceField(
                label=f"{words[before]} → {words[after]}",
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def shown(self, part: Document) -> dict[str, Any]:
        found = _guards(part)
        return {
            name: [gate for move, gate in found if move == self.path(name)]
            for name in self.fields
            if name != "seen"
        }

    def values(self, part: Document) -> dict[str, Any]:
        """Those that stay keep their order, for it is part of what the file says."""
        wanted = [
            (self.path(name), gate)
            for name in self.fields
            if name != "seen"
            for gate in self.cleaned_data.get(name, ())
        ]
        before = _guards(part)
        if set(before) == set(wanted):
            return {}
        after = [*(one for one in before if one in wanted), *(one for one in wanted if one not in before)]
        return {"guards": [_guard(*one) for one in after] or None}

    def field_for(self, key: str) -> str | None:
        return None


WHOLE = "*"
Guard = tuple[tuple[str, ...], str]


def _guards(part: Document) -> list[Guard]:
    return [
        ((guard.get("from", ""), guard.get("to", "")), guard.get("gate") or WHOLE)
        for guard in part.get("guards") or ()
    ]


def _guard(move: tuple[str, ...], gate: str) -> Document:
    step = {"from": move[0], "to": move[1]}
    return step if gate == WHOLE else step | {"gate": gate}


def _with_slug(document: Document) -> list[Document]:
    return [gate for gate in document["gates"] if gate.get("slug")]


class GateForm(PartForm):
    name = _text(_("Name"))
    slug = _name(_("Short name"), _("Lower-case letters, digits and hyphens; once in a framework."))
    purpose = _long(_("Purpose"), _("One question that it answers."), rows=2)
    key_questions = _long(_("Key questions"), _("One on each line."), LINES, rows=4)
    pass_criteria = _long(
        _("Pass criteria"), _("One on each line: what it looks like when all is done."), LINES, 4
    )
    how_it_passes = _long(
        _("How it passes"),
        _("The rule in words. It decides nothing: keep it true to the minimum below."),
        rows=2,
    )
    min_met = _number(_("Items that must be met"), _("A count, 0 for none. Give either this or a share."))
    min_share_met = _name(_("Or a share of them"), _("Such as 2/3; the count is rounded up."))


class ItemForm(PartForm):
    """One item. In a profile the three answers are told under other keys."""

    code = _text(
        _("Code"),
        _("Capital letters, digits and hyphens, such as DATA-1. Answers carry over to a new version by it."),
        autocomplete="off",
        autocapitalize="characters",
        spellcheck="false",
    )
    title = _text(_("Title"))
    critical = _shaped(
        forms.BooleanField(
            label=_("Critical"), required=False, help_text=_("It must be met, and cannot be waived.")
        ),
        FLAG,
    )
    statement = _long(_("Statement"), _("What is true when it is met."))
    help = _long(_("In everyday words"), rows=2)
    met = _long(_("When it is met"))
    partial = _long(_("When it is partly met"))
    not_met = _long(_("When it is not met"))
    reviewer_check = _long(_("The reviewer looks at"), rows=2)
    example_evidence = _long(_("Evidence that helps"), rows=2)
    evidence_max_age_days = _number(
        _("Evidence may be so many days old"), _("Left empty, a piece ends only by its own expiry.")
    )
    root_cause = _choice(_("Guards against"), {})
    fact = _choice(_("Known fact"), {}, _("The product proposes the answer by it; a person takes it or not."))
    automation = _long(
        _("Automated check"), _("Which one could answer it, and when it passes, warns and fails.")
    )
    signals = _long(_("Signals"), _("One on each line, such as live_use. Flags look for them."), LINES, 2)
    applies_to__classic_ml = _long(KINDS_OF_AI["classic_ml"], _("How to read the item for it."), rows=2)
    applies_to__generative = _long(KINDS_OF_AI["generative"], _("How to read the item for it."), rows=2)
    applies_to__bought = _long(KINDS_OF_AI["bought"], _("How to read the item for it."), rows=2)
    crosswalk = _long(_("References"), _("One on each line, the list first: some_list: 1.2"), IDS)
    crosswalk_note = _long(_("What to know about the references"), rows=2)

    PROFILE_LABELS = (_("How it looks in production"), _("On the way"), _("In a PoC"))

    def offer(self, document: Document, part: Document) -> None:
        profile = document.get("kind") == "profile"
        self.keys = dict(zip(ANSWERS, PROFILE_ANSWERS if profile else ANSWERS, strict=True))
        if profile:
            for name, label in zip(ANSWERS, self.PROFILE_LABELS, strict=True):
                self.fields[name].label = label
        causes = {slug: content(cause.name) for slug, cause in root_causes().items()}
        self._offer("root_cause", causes, part)
        self._offer("fact", {fact: fact for fact in RULES}, part)

    def path(self, name: str) -> tuple[str, ...]:
        return (self.keys[name],) if name in self.keys else super().path(name)

    def _offer(self, name: str, words: Mapping[str, str], part: Document) -> None:
        """The words, none, and what stands there although it is none of them."""
        stands = str(part.get(name) or "")
        unknown = {} if stands in words or not stands else {stands: stands}
        offered = [("", _("None")), *words.items(), *unknown.items()]
        cast("forms.ChoiceField", self.fields[name]).choices = offered
