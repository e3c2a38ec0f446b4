"""What an admin types about people and the organisation."""

import zoneinfo
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms

from gates.limits import LIMITED
from readiness.accounts.models import Function, SystemRole
from readiness.actions.limits import MOST_MAX
from readiness.actions.organisation import NAME_MAX as ORGANISATION_NAME_MAX
from readiness.actions.people import EMAIL_MAX, NAME_MAX, UNIT_MAX, USERNAME_MAX, Profile
from readiness.standing.flags.thresholds import ANY_STAGE, FlagRule, Thresholds

ROLES = {
    SystemRole.LEAD: "Lead: enters initiatives and answers for their own",
    SystemRole.REVIEWER: "Reviewer: decides gates where they are not on the team",
    SystemRole.EXECUTIVE: "Executive: sees everything, moves stages, holds and stops",
    SystemRole.AUDITOR: "Auditor: sees everything and changes nothing, also on a team",
    SystemRole.ADMIN: "Admin: people, thresholds, the organisation",
}


class PersonForm(forms.Form):
    """What is known of a person. ``version`` is the one that was shown."""

    name = forms.CharField(label="Full name", max_length=NAME_MAX, help_text="As colleagues know them.")
    email = forms.EmailField(
        label="E-mail", max_length=EMAIL_MAX, required=False, help_text="For mails, and to sign in with."
    )
    unit = forms.CharField(
        label="Unit",
        max_length=UNIT_MAX,
        required=False,
        help_text="As initiatives name it, such as Finance.",
    )
    function = forms.ChoiceField(
        label="Function",
        choices=Function.choices,
        initial=Function.BUSINESS,
        help_text="Which side they speak for.",
    )
    roles = forms.MultipleChoiceField(
        label="Roles",
        required=False,
        choices=[(role.value, words) for role, words in ROLES.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text="Any number. Without one, a person sees only the initiatives they work on.",
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
        label="Username",
        max_length=USERNAME_MAX,
        help_text="Short, such as lena. It stays for good.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    invite = forms.BooleanField(
        label="Invite them to sign in",
        required=False,
        initial=True,
        help_text="Makes a link with which they set their password; it is mailed if there is an e-mail. "
        "A person can also be named on initiatives without ever signing in.",
    )
    field_order = ("name", "username", "email", "unit", "function", "roles", "invite")


class OrganisationForm(forms.Form):
    name = forms.CharField(label="Name", max_length=ORGANISATION_NAME_MAX)
    time_zone = forms.ChoiceField(
        label="Time zone",
        help_text="Days begin and end here: what is overdue, expired or stalled is told by it.",
    )
    currency = forms.CharField(label="Currency", max_length=3, help_text="Three letters, such as EUR.")

    def __init__(self, *args: Any, current_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zone_choices(current_zone)  # type: ignore[attr-defined]


@cache
def zone_choices(current: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Time zones by region, "UTC" and the one in use first."""
    names = sorted(zoneinfo.available_timezones())
    regions: dict[str, list[tuple[str, str]]] = {
        "In use": [(name, name) for name in dict.fromkeys((current, "UTC"))]
    }
    for name in names:
        region, _, place = name.partition("/")
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
                    label=definition.label,
                    initial=None if override is None else plain(override),
                    max_digits=8,
                    decimal_places=2,
                    min_value=Decimal(0),
                    widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
                )

    def values(self) -> dict[tuple[str, str], Decimal | None]:
        return {place: self.cleaned_data[name] for name, place in self.places.items()}


class LimitForm(forms.Form):
    """A parallel limit. An empty unit is every unit without one of its own."""

    stage = forms.ChoiceField(label="Stage", choices=[(stage.value, stage.label) for stage in LIMITED])
    business_unit = forms.CharField(
        label="Business unit",
        required=False,
        help_text="Left empty, it holds for each unit that has none of its own.",
        widget=forms.TextInput({"list": "units", "autocomplete": "off"}),
    )
    most = forms.IntegerField(
        label="At most",
        help_text="So many at once in one unit.",
        widget=forms.NumberInput({"inputmode": "numeric", "min": 1, "max": MOST_MAX}),
    )


def stages_of(rule: FlagRule, key: str) -> list[str]:
    """The stages ("" is all of them) for which this threshold can be set on its own."""
    definition = rule.thresholds[key]
    if isinstance(definition.default, Decimal):
        return [ANY_STAGE, *(rule.stages if len(rule.stages) > 1 else ())]
    return list(rule.stages)


def plain(value: Decimal) -> str:
    """Without a tail of zeros: 21.00 is 21, 1.50 is 1.5."""
    return f"{value.normalize():f}"
