"""What an admin uploads to be imported."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from checklists.documents import DocumentRefused
from readiness.importing import mapping_file
from readiness.ui.saying import say

OWN = ""
MAPPING_MAX = 256 * 1024


class ImportForm(forms.Form):
    """A spreadsheet, and how it is to be read: a mapping that ships, or one's own."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("CSV or XLSX, one initiative a row."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    mapping = forms.ChoiceField(
        label=_("Mapping"),
        required=False,
        help_text=_("It says which column means what. Your own: choose its file below."),
    )
    mapping_file = forms.FileField(
        label=_("Your own mapping"),
        required=False,
        help_text=_("A YAML file; docs/importing.md says what stands in it."),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(name, name) for name in mapping_file.shipped_names()]
        self.fields["mapping"].choices = [(OWN, _("My own, from a file")), *names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """With ``mapping_name`` and ``mapping_text`` ("" for one that ships); a mistake names its line."""
        found = dict(super().clean() or {})
        own, chosen = found.get("mapping_file"), found.get("mapping", OWN)
        found |= {"mapping_name": chosen, "mapping_text": ""}
        if chosen != OWN or "mapping_file" in self.errors:
            return found
        if own is None:
            self.add_error("mapping_file", _("Choose a mapping, or the file of your own."))
            return found
        if own.size > MAPPING_MAX:
            self.add_error("mapping_file", _("A mapping has at most 256 kB."))
            return found
        data = own.read()
        try:
            mapping_file.parse(data, own.name)
        except DocumentRefused as refused:
            self.add_error("mapping_file", say(refused.sentence))
            return found
        return found | {"mapping_name": own.name[:200], "mapping_text": data.decode("utf-8-sig")}
