"""The pages of a person's own account and those of the admins, which several doors serve."""

from django.urls import reverse
from django.utils.translation import gettext as _

from readiness.ui.parts import Link


def account_tabs(current: str) -> list[Link]:
    """``current``: the name of the address of the page that is shown."""
    pages = {
        "account": _("Profile"),
        "account-notifications": _("Notifications"),
        "account-password": _("Password"),
        "account-two-factor": _("Second factor"),
        "account-tokens": _("Tokens"),
    }
    return [Link(label=label, href=reverse(name), current=name == current) for name, label in pages.items()]


def admin_tabs(current: str) -> list[Link]:
    """``current``: the name of the address of the page that is shown."""
    pages = {
        "people": _("People"),
        "organisation": _("Organisation"),
        "thresholds": _("Thresholds"),
        "frameworks": _("Frameworks"),
        "limits": _("Parallel limits"),
        "rates": _("Exchange rates"),
        "webhooks": _("Webhooks"),
        "imports": _("Imports"),
    }
    return [Link(label=label, href=reverse(name), current=name == current) for name, label in pages.items()]
