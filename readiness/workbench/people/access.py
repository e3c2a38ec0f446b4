"""Pages of the admins."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from readiness.accounts.models import User
from readiness.accounts.policy import Act, allows
from readiness.ui.parts import Link
from readiness.workbench.refusals import View, answering_refusals


def for_admins(view: View) -> View:
    """403 for everybody else: that these pages exist is no secret."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not isinstance(request.user, User) or not allows(request.user, Act.ADMINISTER):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(answering_refusals(guarded))


def tabs(current: str) -> list[Link]:
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
