"""What is typed when somebody signs in, sets a password, or makes a token."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from readiness.accounts.models import Scope, User
from readiness.actions.passwords import PASSWORD_MAX
from readiness.actions.tokens import NAME_MAX
from readiness.ui.lazily import gettext_lazy

LINE_MAX = 254
NO_END = "no end"
LIVES = {
    "30": gettext_lazy("30 days"),
    "90": gettext_lazy("90 days"),
    "365": gettext_lazy("One year"),
    NO_END: gettext_lazy("No end"),
}


def password_field(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=PASSWORD_MAX,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class SignInForm(forms.Form):
    username = forms.CharField(
        label=gettext_lazy("Username or e-mail"),
        max_length=LINE_MAX,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )
    password = password_field(gettext_lazy("Password"), "current-password")


CODE_MAX = 60


def code_field(label: str, help_text: str = "", *, letters: bool = False) -> forms.CharField:
    """A code of the app, or with ``letters`` a recovery code, for which a phone shows all its keys."""
    attrs = {"autocomplete": "off" if letters else "one-time-code", "spellcheck": "false"}
    attrs |= {"autocapitalize": "none"} if letters else {"inputmode": "numeric"}
    return forms.CharField(
        label=label, max_length=CODE_MAX, help_text=help_text, widget=forms.TextInput(attrs=attrs)
    )


class CodeForm(forms.Form):
    code = code_field(
        gettext_lazy("Code"), gettext_lazy("The six digits that your authenticator app shows now.")
    )


class RecoveryCodeForm(forms.Form):
    code = code_field(
        gettext_lazy("Recovery code"),
        gettext_lazy("One of the ten that you kept when you set up the app. Each works once."),
        letters=True,
    )


class SetUpForm(CodeForm):
    current = password_field(gettext_lazy("Current password"), "current-password")
    proposal = forms.CharField(widget=forms.HiddenInput, max_length=300)
    field_order = ("code", "current", "proposal")


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=LINE_MAX,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
        error_messages={"invalid": gettext_lazy("An e-mail address such as name@example.org.")},
    )


class NewPasswordForm(forms.Form):
    password = password_field(
        gettext_lazy("New password"),
        "new-password",
        gettext_lazy(
            "At least 12 characters. A sentence is easier to remember than a puzzle, and harder to guess."
        ),
    )
    repeated = password_field(gettext_lazy("The same once more"), "new-password")

    def clean_repeated(self) -> str:
        repeated: str = self.cleaned_data["repeated"]
        if "password" in self.cleaned_data and repeated != self.cleaned_data["password"]:
            raise forms.ValidationError(_("The two passwords differ."), code="differ")
        return repeated


class ChangePasswordForm(NewPasswordForm):
    current = password_field(gettext_lazy("Current password"), "current-password")
    field_order = ("current", "password", "repeated")


class LanguageForm(forms.Form):
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        help_text=gettext_lazy("Of the pages, and of the mails you get."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            ("", _("As my browser asks for it")),
            *settings.LANGUAGES,
        ]


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=NAME_MAX,
        help_text=gettext_lazy("Such as: BI export."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What may it do?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Never more than you may do yourself."),
    )
    lasts = forms.ChoiceField(
        label=gettext_lazy("How long is it to work?"), choices=list(LIVES.items()), initial="90"
    )

    def __init__(self, *args: object, owner: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        useful = set(Scope) - (set() if owner.is_admin else {Scope.ADMIN})
        useful -= set() if owner.is_reviewer else {Scope.REVIEW}
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (scope.value, f"{scope.value}: {scope.label}") for scope in Scope if scope in useful
        ]

    def life(self) -> timedelta | None:
        lasts = self.cleaned_data["lasts"]
        return None if lasts == NO_END else timedelta(days=int(lasts))
