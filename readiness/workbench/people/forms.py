"""What an admin types about people and the organisation."""

import zoneinfo
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext

from gates.limits import LIMITED
from readiness.accounts.choices import TwoFactorFor
from readiness.accounts.models import Function, SystemRole
from readiness.actions.limits import MOST_MAX
from readiness.actions.organisation import NAME_MAX as ORGANISATION_NAME_MAX
from readiness.actions.people import EMAIL_MAX, NAME_MAX, UNIT_MAX, USERNAME_MAX, Profile
from readiness.standing.flags.thresholds import ANY_STAGE, FlagRule, Thresholds
from readiness.standing.words import STAGE_WORDS
from readiness.ui.lazily import gettext_lazy as _
from readiness.ui.lazily import pgettext_lazy
from readiness.ui.saying import content
from readiness.workbench.initiatives.forms import day_field
from readiness.workbench.promises.forms import value_field

ROLES = {
    SystemRole.LEAD: _("Lead: enters initiatives and answers for their own"),
    SystemRole.REVIEWER: _("Reviewer: decides gates where they are not on the team"),
    SystemRole.EXECUTIVE: _("Executive: sees everything, moves stages, holds and stops"),
    SystemRole.AUDITOR: _("Auditor: sees everything and changes nothing, also on a team"),
    SystemRole.ADMIN: _("Admin: people, thresholds, the organisation"),
}


class PersonForm(forms.Form):
    """What is known of a person. ``version`` is the one that was shown."""

    name = forms.CharField(label=_("Full name"), max_length=NAME_MAX, help_text=_("As colleagues know them."))
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=EMAIL_MAX,
        required=False,
        help_text=_("For mails, and to sign in with."),
        error_messages={"invalid": _("An e-mail address such as name@example.org.")},
    )
    unit = forms.CharField(
        label=pgettext_lazy("of an organisation", "Unit"),
        max_length=UNIT_MAX,
        required=False,
        help_text=_("As initiatives name it, such as Finance."),
        widget=forms.TextInput({"list": "units", "autocomplete": "off"}),
    )
    function = forms.ChoiceField(
        label=_("Function"),
        choices=Function.choices,
        initial=Function.BUSINESS,
        help_text=_("Which side they speak for."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        required=False,
        choices=[(role.value, words) for role, words in ROLES.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Any number. Without one, a person sees only the initiatives they work on."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)

    def profile(self) -> Profile:
        given = self.cleaned_data
        roles = frozenset(SystemRole(word) for word in given["roles"])
        return Profile(given["name"], given["email"], given["unit"], given["function"], roles)

    @staticmethod
    def shown(profile: Profile, version: int) -> dict[str, Any]:
        """The initial values for a person as they stand."""
        return {
            "name": profile.name,
            "email": profile.email,
            "unit": profile.unit,
            "function": profile.function,
            "roles": [role.value for role in profile.roles],
            "version": version,
        }


class NewPersonForm(PersonForm):
    username = forms.CharField(
        label=_("Username"),
        max_length=USERNAME_MAX,
        help_text=_("Short, such as lena. It stays for good."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    invite = forms.BooleanField(
        label=_("Invite them to sign in"),
        required=False,
        initial=True,
        help_text=_(
            "Makes a link with which they set their password; it is mailed if there is an e-mail. "
            "A person can also be named on initiatives without ever signing in."
        ),
    )
    field_order = ("name", "username", "email", "unit", "function", "roles", "invite")


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=ORGANISATION_NAME_MAX)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Days begin and end here: what is overdue, expired or stalled is told by it."),
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, help_text=_("Three letters, such as EUR."))
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        help_text=_("Of mails, and of the pages before the sign-in, where nobody chose one."),
    )
    two_factor_for = forms.ChoiceField(
        label=_("Who must sign in with two factors?"),
        choices=TwoFactorFor.choices,
        required=False,
        help_text=_(
            "With the password, and a code of an app on their phone. Who has no app yet is signed out, and sets it up "
            "at the next sign-in. Programs with tokens go on."
        ),
    )

    def __init__(self, *args: Any, current_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zone_choices(current_zone)  # type: ignore[attr-defined]
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]


@cache
def zone_choices(current: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Time zones by region, "UTC" and the one in use first."""
    names = sorted(zoneinfo.available_timezones())
    regions: dict[str, list[tuple[str, str]]] = {
        "In use": [(name, name) for name in dict.fromkeys((current, "UTC"))]
    }
    for name in names:
        region, _slash, place = name.partition("/")
        if place and region not in ("Etc", "SystemV", "posix", "right") and name != current:
            regions.setdefault(region, []).append((name, place.replace("_", " ").replace("/", ", ")))
    return list(regions.items())


class ThresholdForm(forms.Form):
    """One rule's thresholds: a field for all stages where the default is the same in all, and one for each stage.

    An empty field is the default.
    """

    def __init__(self, rule: FlagRule, thresholds: Thresholds, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places: dict[str, tuple[str, str]] = {}
        for key, definition in rule.thresholds.items():
            for stage in stages_of(rule, key):
                name = f"{stage or 'any'}-{key}"
                override = thresholds.overrides.get((rule.code, stage, key))
                self.places[name] = (stage, key)
                self.fields[name] = forms.DecimalField(
                    required=False,
                    label=content(definition.label),
                    initial=None if override is None else plain(override),
                    max_digits=8,
                    decimal_places=2,
                    min_value=Decimal(0),
                    widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
                )

    def values(self) -> dict[tuple[str, str], Decimal | None]:
        return {place: self.cleaned_data[name] for name, place in self.places.items()}


class LimitForm(forms.Form):
    """A parallel limit. An empty unit is every unit without one of its own.

    A unit that no initiative has (``is_known``) is asked for once more, as it may be misspelled: ``all_the_same`` names
    the unit that is meant all the same.
    """

    stage = forms.ChoiceField(
        label=_("Stage"), choices=[(stage.value, STAGE_WORDS[stage].label) for stage in LIMITED]
    )
    business_unit = forms.CharField(
        label=_("Business unit"),
        required=False,
        help_text=_("Left empty, it holds for each unit that has none of its own."),
        widget=forms.TextInput({"list": "units", "autocomplete": "off"}),
    )
    most = forms.IntegerField(
        label=_("At most"),
        help_text=_("So many at once in one unit."),
        widget=forms.NumberInput({"inputmode": "numeric", "min": 1, "max": MOST_MAX}),
    )
    asks_again = False

    def __init__(self, data: Any = None, *, is_known: Callable[[str], bool]) -> None:
        super().__init__(data)
        self.is_known = is_known

    def clean(self) -> None:
        unit = self.cleaned_data.get("business_unit", "")
        meant = self.data.get("all_the_same", "").strip() == unit
        if self.errors or not unit or meant or len(unit) > UNIT_MAX or self.is_known(unit):
            return
        self.asks_again = True
        question = _("No initiative has this unit. Set it all the same?")
        self.add_error("business_unit", forms.ValidationError(question, code="unknown_unit"))


class RateForm(forms.Form):
    """What a currency is worth in the organisation's, from a day on. What it must be is the action's."""

    currency = forms.CharField(
        label=_("Currency"),
        help_text=_("Three letters, such as CHF."),
        widget=forms.TextInput({"maxlength": 3, "autocomplete": "off", "autocapitalize": "characters"}),
    )
    rate = value_field(_("Rate"), required=True)
    on = day_field(
        pgettext_lazy("a day on which something begins to count", "From"),
        _(
            "It counts for amounts of this day and later, until the next one. For older ones enter an older day."
        ),
    )

    def __init__(self, data: Any = None, *, initial: dict[str, str], into: str) -> None:
        super().__init__(data, initial=initial)
        words = gettext("How many %(into)s one unit of it is worth.")
        self.fields["rate"].help_text = words % {"into": into}


def stages_of(rule: FlagRule, key: str) -> list[str]:
    """The stages ("" is all of them) for which this threshold can be set on its own."""
    definition = rule.thresholds[key]
    if isinstance(definition.default, Decimal):
        return [ANY_STAGE, *(rule.stages if len(rule.stages) > 1 else ())]
    return list(rule.stages)


def plain(value: Decimal) -> str:
    """Without a tail of zeros: 21.00 is 21, 1.50 is 1.5."""
    return f"{value.normalize():f}"
