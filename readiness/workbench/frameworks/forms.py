"""What an admin uploads to be published."""

from django import forms

from checklists.documents import MAX_BYTES
from readiness.ui.lazily import gettext_lazy as _


class FrameworkForm(forms.Form):
    file = forms.FileField(
        label=_("Framework file"),
        help_text=_("YAML. Take the file of a framework from here, change it, and give it a new version."),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
    )

    def content(self) -> bytes:
        """As much of the file as shows that it is too large."""
        read: bytes = self.cleaned_data["file"].read(MAX_BYTES + 1)
        return read
