"""How a person wants to be told."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from readiness.notices.models import Delivery, Kind, Preference


class DeliveryField(forms.ChoiceField):
    """One of the ways to be told."""

    widget = forms.RadioSelect


class PreferenceForm(forms.Form):
    """One field a kind, each named like it."""

    mine = DeliveryField(
        label=_("What is asked of me by name"),
        help_text=_("A mention, an item assigned to me, an exit criterion to decide."),
        choices=Delivery.choices,
    )
    reviews = DeliveryField(
        label=_("Decisions that wait for reviewers"),
        help_text=_("A gate was submitted, or has waited for too long. For reviewers."),
        choices=Delivery.choices,
    )
    team = DeliveryField(
        label=_("News of my initiatives"),
        help_text=_("A decision, a gate that lapsed, a new flag: where I am on the team."),
        choices=Delivery.choices,
    )

    @classmethod
    def showing(cls, preference: Preference) -> "PreferenceForm":
        return cls(initial={kind.value: preference.wants(kind).value for kind in Kind})

    def chosen(self) -> Mapping[Kind, Delivery]:
        """What was chosen, once the form is valid."""
        return {kind: Delivery(self.cleaned_data[kind.value]) for kind in Kind}
