"""What an admin types about a webhook, and how its events are called."""

from typing import Any

from django import forms

from readiness.actions.webhooks import DESCRIPTION_MAX
from readiness.ui.lazily import gettext_lazy as _
from readiness.webhooks.addresses import URL_MAX
from readiness.webhooks.events import PING, Kind

WORDS = {
    Kind.READINESS_CHANGED: _("The verdict, the score or a gate’s state changed"),
    Kind.GATE_SUBMITTED: _("A gate was submitted"),
    Kind.GATE_DECIDED: _("A gate was decided"),
    Kind.STAGE_CHANGED: _("An initiative entered another stage"),
    Kind.FLAG_OPENED: _("A flag was raised"),
    Kind.FLAG_RESOLVED: _("A flag was resolved"),
    Kind.EXIT_TRIGGERED: _("An exit criterion was reached"),
}
TRIED = _("Sent to try it")
TICKED_AT_FIRST = (Kind.GATE_DECIDED, Kind.STAGE_CHANGED, Kind.FLAG_OPENED)
"""What most receivers want to hear; all of it would be many messages a day."""


def words_of(kind: str) -> str:
    return str(TRIED if kind == PING else WORDS[Kind(kind)])


class WebhookForm(forms.Form):
    """Where messages go, and which. What an address must be is the action's."""

    url = forms.CharField(
        label=_("Address"),
        max_length=URL_MAX,
        help_text=_("Begins with https:// and is public, unless the operator lists its host."),
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        choices=[(kind.value, words) for kind, words in WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    description = forms.CharField(
        label=_("What is it for?"),
        required=False,
        max_length=DESCRIPTION_MAX,
        help_text=_("Such as: the delivery pipeline."),
    )

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("url", "events", "description")}
