"""The pages of a person's own account, which several doors serve."""

from django.urls import reverse
from django.utils.translation import gettext as _

from readiness.ui.parts import Link


def account_tabs(current: str) -> list[Link]:
    """``current``: the name of the address of the page that is shown."""
    pages = {
        "account": _("Profile"),
        "account-notifications": _("Notifications"),
        "account-password": _("Password"),
        "account-tokens": _("Tokens"),
    }
    return [Link(label=label, href=reverse(name), current=name == current) for name, label in pages.items()]
