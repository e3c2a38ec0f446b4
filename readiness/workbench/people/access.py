"""Pages of the admins."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from readiness.accounts.models import User
from readiness.accounts.policy import Act, allows
from readiness.workbench.refusals import Response, answering_refusals


def for_admins(view: Callable[..., Response]) -> Callable[..., Response | HttpResponse]:
    """403 for everybody else: that these pages exist is no secret."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> Response:
        if not isinstance(request.user, User) or not allows(request.user, Act.ADMINISTER):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(answering_refusals(guarded))
