"""How pages answer what an act refused."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from readiness.accounts.policy import Act
from readiness.actions.errors import NotAllowed, NotFound

View = Callable[..., HttpResponse]


def must(act: Act, acts: frozenset[Act]) -> None:
    """403 for who may look but not touch."""
    if act not in acts:
        raise PermissionDenied(f"You may not {act.value} here.")


def answering_refusals(view: View) -> View:
    """What an act refuses to everybody's page alike: 404 for what is not there, 403 for what is not allowed."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound as refused:
            raise Http404 from refused
        except NotAllowed as refused:
            raise PermissionDenied(refused.message) from refused

    return answer
