"""Forms of an initiative's KPIs and readings. They check shapes only; rules are the actions'."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from gates.models import LIMIT_FIELDS, Kpi, KpiDue, KpiKind, KpiSignal
from readiness.accounts.models import User
from readiness.actions.errors import Invalid
from readiness.actions.kpis import NAME_MAX, UNIT_MAX
from readiness.actions.reading_files import BYTES_MAX
from readiness.actions.readings import NOTE_MAX
from readiness.workbench.checklists.forms import version_field
from readiness.workbench.initiatives.forms import ActionForm, choose, day_field, long_text
from readiness.workbench.promises.words import DIRECTION_WORDS, LIMIT_NAMES, figure

MEGABYTE = 1024 * 1024
_SPACES = re.compile(r"[ \u00a0\u202f]")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,(?!\d{3}$)\d+", re.ASCII)


def value_field(label: str, help_text: str = "", *, required: bool = False) -> forms.CharField:
    """A decimal as it is typed; what it must be is the action's."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )


class KpiForm(ActionForm):
    """One KPI. ``late``: the promises are locked, so that it, or a change of it, needs a reason."""

    name = forms.CharField(
        label="Name", help_text="What is measured, such as: handling time of an invoice.",
        widget=forms.TextInput({"maxlength": NAME_MAX}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="Kind", choices=KpiKind.choices, initial=KpiKind.BUSINESS.value,
        help_text="Business: somebody outside the project notices it. At most three.",
    )  # fmt: skip
    unit = forms.CharField(
        label="Unit", required=False, help_text="Such as %, minutes, EUR a month.",
        widget=forms.TextInput({"maxlength": UNIT_MAX, "autocomplete": "off"}),
    )  # fmt: skip
    direction = forms.ChoiceField(label="Direction", choices=list(DIRECTION_WORDS.items()), initial="up")
    baseline = value_field(LIMIT_NAMES["baseline"], "What it is today, without the initiative.")
    target = value_field(LIMIT_NAMES["target"], "What it is meant to reach in the end.")
    go_limit = value_field(LIMIT_NAMES["go_limit"], "From here on it is worth going on.")
    stop_limit = value_field(LIMIT_NAMES["stop_limit"], "From here on it is better to stop.")
    owner = forms.ChoiceField(label="Owner", required=False, help_text="Who measures it and answers for it.")
    due = forms.ChoiceField(label="To be shown", required=False, choices=[("", "Not said"), *KpiDue.choices])
    signal = forms.ChoiceField(
        label="What it tells the rules", required=False,
        choices=[("", "Nothing in particular"), *KpiSignal.choices],
        help_text="Usage and value are watched by rules of their own.",
    )  # fmt: skip
    reason = long_text("Why it changes", required=False, rows=2)
    version = version_field()

    def __init__(
        self, *args: Any, people: Iterable[User], late: bool = False, added: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "owner", [("", "Nobody yet"), *((one.username, _named(one)) for one in people)])
        if not late:
            del self.fields["reason"]
        elif added:
            self.fields["reason"].label = "Why it is added now"
            self.fields["reason"].required = True
        else:
            self.fields["reason"].help_text = "Needed where anything but name, owner or day changes."

    @property
    def limits(self) -> list[forms.BoundField]:
        return [self[name] for name in LIMIT_FIELDS]

    def facts(self) -> dict[str, Any]:
        """What was given, in the words of the REST contract. A comma before the decimals is understood."""
        given = {
            name: value for name, value in self.cleaned_data.items() if name not in ("reason", "version")
        }
        return given | {name: decimal(given[name]) for name in LIMIT_FIELDS}


def _named(person: User) -> str:
    return f"{person.name}, {person.unit}" if person.unit else person.name


def decimal(typed: str) -> str | None:
    """A number as it was typed: spaces between its thousands, a comma or a point before its decimals.

    A comma before just three digits could be either, and is left for the rules to refuse.
    """
    text = _SPACES.sub("", typed)
    if _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    return text or None


def initial_kpi(kpi: Kpi) -> dict[str, Any]:
    """The form's values for a KPI as it stands."""
    initial = {name: getattr(kpi, name) for name in ("name", "kind", "unit", "direction", "due", "signal")}
    initial |= {name: _typed(getattr(kpi, name)) for name in LIMIT_FIELDS}
    owner = kpi.owner.username if kpi.owner else ""
    return initial | {"owner": owner, "version": kpi.version}


def _typed(value: Any) -> str:
    return "" if value is None else figure(value).replace(",", "")


class ReadingForm(ActionForm):
    """A reading that a person types."""

    on = day_field("Day", "When it was measured.")
    value = value_field("Value", required=True)
    note = forms.CharField(
        label="Note", required=False, help_text="Where it comes from, if that needs saying.",
        widget=forms.TextInput({"maxlength": NOTE_MAX}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, today: date, unit: str) -> None:
        super().__init__(data, initial={"on": today}, auto_id="reading-%s")
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        self.fields["value"].label = f"Value, {unit}" if unit else "Value"


class ReadingFileForm(ActionForm):
    """Readings out of a CSV file. What is wrong with its lines is kept in ``wrong_lines``: (line, sentence)."""

    file = forms.FileField(
        label="CSV file",
        allow_empty_file=True,
        help_text="A header with date and value, and note if you like; then one line a day.",
        widget=forms.FileInput({"accept": ".csv,text/csv,text/plain"}),
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="file-%s")
        self.wrong_lines: list[tuple[int, str]] = []

    def refuse_large(self) -> None:
        self.add_error(
            "file", forms.ValidationError(f"At most {BYTES_MAX // MEGABYTE} MB.", code="too_large")
        )

    def take_errors(self, refused: Invalid) -> None:
        """Errors of lines make a list of their own, in the order of the file; one sentence at the field counts them."""
        for error in refused.errors:
            place, _, rest = error.field.partition(".")
            if place == "lines":
                self.wrong_lines.append((int(rest.partition(".")[0]), error.message))
            else:
                self.add_error("file", forms.ValidationError(error.message, code=error.code))
        self.wrong_lines.sort(key=lambda one: one[0])
        count = len({number for number, _ in self.wrong_lines})
        if count:
            words = "One line is" if count == 1 else f"{count:,} lines are"
            message = f"{words} wrong, so nothing was taken over. They are listed below."
            self.add_error("file", forms.ValidationError(message, code="invalid"))


class WithdrawForm(ActionForm):
    reason = long_text("Why it is withdrawn", "It stays on record with this reason.")
