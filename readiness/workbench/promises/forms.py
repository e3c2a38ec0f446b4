"""Forms of an initiative's KPIs and readings. They check shapes only; rules are the actions'."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from gates.models import LIMIT_FIELDS, Kpi, KpiDue, KpiKind, KpiSignal
from readiness.actions.errors import Invalid
from readiness.actions.kpis import NAME_MAX, UNIT_MAX
from readiness.actions.reading_files import BYTES_MAX
from readiness.actions.readings import NOTE_MAX
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import number
from readiness.workbench.checklists.forms import version_field
from readiness.workbench.choosing.candidates import Candidates
from readiness.workbench.choosing.fields import PersonField, ask
from readiness.workbench.initiatives.forms import ActionForm, day_field, long_text
from readiness.workbench.promises.words import DIRECTION_WORDS, LIMIT_NAMES

MEGABYTE = 1024 * 1024
_SPACES = re.compile(r"[ \u00a0\u202f]")
_ANY_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_GROUPED_BY_POINTS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", re.ASCII)
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
        label=gettext_lazy("Name"), help_text=gettext_lazy("What is measured, such as: handling time of an invoice."),
        widget=forms.TextInput({"maxlength": NAME_MAX}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=KpiKind.choices, initial=KpiKind.BUSINESS.value,
        help_text=gettext_lazy("Business: somebody outside the project notices it. At most three."),
    )  # fmt: skip
    unit = forms.CharField(
        label=gettext_lazy("Unit"), required=False, help_text=gettext_lazy("Such as %, minutes, EUR a month."),
        widget=forms.TextInput({"maxlength": UNIT_MAX, "autocomplete": "off"}),
    )  # fmt: skip
    direction = forms.ChoiceField(
        label=gettext_lazy("Direction"), choices=list(DIRECTION_WORDS.items()), initial="up"
    )
    baseline = value_field(LIMIT_NAMES["baseline"], gettext_lazy("What it is today, without the initiative."))
    target = value_field(LIMIT_NAMES["target"], gettext_lazy("What it is meant to reach in the end."))
    go_limit = value_field(LIMIT_NAMES["go_limit"], gettext_lazy("From here on it is worth going on."))
    stop_limit = value_field(LIMIT_NAMES["stop_limit"], gettext_lazy("From here on it is better to stop."))
    owner = PersonField(
        label=gettext_lazy("Owner"),
        required=False,
        help_text=gettext_lazy("Who measures it and answers for it."),
    )
    due = forms.ChoiceField(
        label=gettext_lazy("To be shown"),
        required=False,
        choices=[("", gettext_lazy("Not said")), *KpiDue.choices],
    )
    signal = forms.ChoiceField(
        label=gettext_lazy("What it tells the rules"), required=False,
        choices=[("", gettext_lazy("Nothing in particular")), *KpiSignal.choices],
        help_text=gettext_lazy("Usage and value are watched by rules of their own."),
    )  # fmt: skip
    reason = long_text(gettext_lazy("Why it changes"), required=False, rows=2)
    version = version_field()

    def __init__(
        self, *args: Any, people: Candidates, late: bool = False, added: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "owner", people)
        if not late:
            del self.fields["reason"]
        elif added:
            self.fields["reason"].label = _("Why it is added now")
            self.fields["reason"].required = True
        else:
            self.fields["reason"].help_text = _("Needed where anything but name, owner or day changes.")

    @property
    def limits(self) -> list[forms.BoundField]:
        return [self[name] for name in LIMIT_FIELDS]

    def facts(self) -> dict[str, Any]:
        """What was given, in the words of the REST contract. A comma before the decimals is understood."""
        given = {
            name: value for name, value in self.cleaned_data.items() if name not in ("reason", "version")
        }
        return given | {name: decimal(given[name]) for name in LIMIT_FIELDS}


def decimal(given: str) -> str | None:
    """A number as it was typed: spaces between its thousands, a comma or a point before its decimals.

    Where the reader's language writes a comma before decimals, points between thousands are understood as well, and a
    comma is that of the decimals. Elsewhere a comma before just three digits could be either, and is left for the rules
    to refuse.
    """
    text = _SPACES.sub("", given)
    comma_is_decimal = get_format("DECIMAL_SEPARATOR") == ","
    if comma_is_decimal and _GROUPED_BY_POINTS.fullmatch(text):
        text = text.replace(".", "")
    if (_ANY_COMMA if comma_is_decimal else _DECIMAL_COMMA).fullmatch(text):
        text = text.replace(",", ".")
    return text or None


def initial_kpi(kpi: Kpi) -> dict[str, Any]:
    """The form's values for a KPI as it stands."""
    initial = {name: getattr(kpi, name) for name in ("name", "kind", "unit", "direction", "due", "signal")}
    initial |= {name: typed(getattr(kpi, name)) for name in LIMIT_FIELDS}
    owner = kpi.owner.username if kpi.owner else ""
    return initial | {"owner": owner, "version": kpi.version}


def typed(value: Any) -> str:
    return "" if value is None else number(f"{value.normalize() + 0:f}")


class ReadingForm(ActionForm):
    """A reading that a person types."""

    on = day_field(gettext_lazy("Day"), gettext_lazy("When it was measured."))
    value = value_field(gettext_lazy("Value"), required=True)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False,
        help_text=gettext_lazy("Where it comes from, if that needs saying."),
        widget=forms.TextInput({"maxlength": NOTE_MAX}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, today: date, unit: str) -> None:
        super().__init__(data, initial={"on": today}, auto_id="reading-%s")
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        self.fields["value"].label = _("Value, %(unit)s") % {"unit": unit} if unit else _("Value")


class ReadingFileForm(ActionForm):
    """Readings out of a CSV file. What is wrong with its lines is kept in ``wrong_lines``: (line, sentence)."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        allow_empty_file=True,
        help_text=gettext_lazy("A header with date and value, and note if you like; then one line a day."),
        widget=forms.FileInput({"accept": ".csv,text/csv,text/plain"}),
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="file-%s")
        self.wrong_lines: list[tuple[int, str]] = []

    def refuse_large(self) -> None:
        self.add_error(
            "file",
            forms.ValidationError(
                _("At most %(megabytes)s MB.") % {"megabytes": BYTES_MAX // MEGABYTE}, code="too_large"
            ),
        )

    def take_errors(self, refused: Invalid) -> None:
        """Errors of lines make a list of their own, in the order of the file; one sentence at the field counts them."""
        for error in refused.errors:
            place, _dot, rest = error.field.partition(".")
            if place == "lines":
                self.wrong_lines.append((int(rest.partition(".")[0]), error.message))
            else:
                self.add_error("file", forms.ValidationError(error.message, code=error.code))
        self.wrong_lines.sort(key=lambda one: one[0])
        count = len({number for number, _ in self.wrong_lines})
        if count:
            words = (
                _("One line is") if count == 1 else _("%(count)s lines are") % {"count": number(f"{count:,}")}
            )
            message = _("%(words)s wrong, so nothing was taken over. They are listed below.") % {
                "words": words
            }
            self.add_error("file", forms.ValidationError(message, code="invalid"))


class WithdrawForm(ActionForm):
    reason = long_text(
        gettext_lazy("Why it is withdrawn"), gettext_lazy("It stays on record with this reason.")
    )
