"""What an admin uploads to be imported."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from checklists.documents import DocumentRefused
from readiness.importing import mapping_file
from readiness.importing.headings import BY_HEADINGS, NotRecognised, recognised
from readiness.importing.kept import Kept
from readiness.importing.mapping import Mapping
from readiness.importing.reading import SourceRefused, header_of
from readiness.ui.saying import say

NONE = ""
MAPPING_MAX = 256 * 1024
ENDINGS = (".csv", ".xlsx")


class ImportForm(forms.Form):
    """A spreadsheet, and how it is to be read: by its headings, by a mapping that ships, or by one's own.

    ``kept``: the spreadsheet of an earlier try, which is taken where no other is chosen.
    """

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("CSV or XLSX, one initiative a row."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ENDINGS)}),
    )
    mapping = forms.ChoiceField(
        label=_("Mapping"),
        required=False,
        help_text=_("It says which column means what. Most lists need none."),
    )
    mapping_file = forms.FileField(
        label=_("Your own mapping"),
        required=False,
        help_text=_("A YAML file. Where you choose one, it is used."),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
    )

    def __init__(self, *args: Any, kept: Kept | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        if kept is not None:
            self.fields["file"].required = False
        names = [(name, name) for name in mapping_file.shipped_names()]
        self.fields["mapping"].choices = [(NONE, _("None: the headings say it")), *names]  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile | None:
        upload: UploadedFile | None = self.cleaned_data["file"]
        if upload is not None and not (upload.name or "").lower().endswith(ENDINGS):
            raise ValidationError(_now("A spreadsheet ends in .csv or .xlsx."))
        return upload

    def clean(self) -> dict[str, Any]:
        """With ``mapping_name`` and ``mapping_text`` ("" for one that is not one's own); a mistake names its line."""
        found = dict(super().clean() or {})
        found |= {"mapping_name": found.get("mapping") or BY_HEADINGS, "mapping_text": ""}
        if "mapping_file" in self.errors:
            return found
        if found.get("mapping_file") is not None:
            found |= self._own(found["mapping_file"])
        if "mapping_file" not in self.errors and "file" not in self.errors:
            self._hold_together(found)
        return found

    def _own(self, own: UploadedFile) -> dict[str, str]:
        if (own.size or 0) > MAPPING_MAX:
            self.add_error("mapping_file", _now("A mapping has at most 256 kB."))
        else:
            data, name = own.read(), (own.name or "")[:200]
            if self._parsed(data, name) is not None:
                return {"mapping_name": name, "mapping_text": data.decode("utf-8-sig")}
        return {}

    def _parsed(self, data: bytes, name: str, header: tuple[str, ...] | None = None) -> Mapping | None:
        """The mapping; None where it has mistakes, each of which is an error of its own."""
        try:
            return mapping_file.parse(data, name, header)
        except DocumentRefused as refused:
            self.add_error("mapping_file", [ValidationError(say(one)) for one in refused.sentences])
            return None

    def _hold_together(self, found: dict[str, Any]) -> None:
        """Whether the spreadsheet has the columns that the mapping names: asked before anything is checked."""
        data = self._spreadsheet(found.get("file"))
        try:
            if found["mapping_name"] == BY_HEADINGS and not found["mapping_text"]:
                recognised(header_of(data), date.min)
                return
            text, name = mapping_file.given(found["mapping_name"], found["mapping_text"])
            mapping = self._parsed(text, name)
            if mapping is None:
                return
            how = {"encoding": mapping.encoding, "sheet": mapping.sheet}
            self._parsed(text, name, header_of(data, header_row=mapping.header_row, **how))
        except NotRecognised as refused:
            self.add_error("file", [ValidationError(say(one)) for one in refused.sentences])
        except SourceRefused as refused:
            self.add_error("file", say(refused.message))

    def _spreadsheet(self, upload: UploadedFile | None) -> bytes:
        if upload is None:
            return self.kept.read() if self.kept is not None else b""
        data: bytes = upload.read()
        upload.seek(0)
        return data
