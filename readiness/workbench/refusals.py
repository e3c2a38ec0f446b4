"""How pages answer what an act refused."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from gates.models import Initiative
from readiness.accounts.policy import Act
from readiness.actions.errors import NotAllowed, NotFound
from readiness.standing.links import initiative_url

View = Callable[..., HttpResponse]
Response = TypeVar("Response", bound=HttpResponseBase)


def must(act: Act, acts: frozenset[Act]) -> None:
    """403 for who may look but not touch."""
    if act not in acts:
        raise PermissionDenied(f"You may not {act.value} here.")


def answering_refusals(view: Callable[..., Response]) -> Callable[..., Response]:
    """What an act refuses to everybody's page alike: 404 for what is not there, 403 for what is not allowed."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> Response:
        try:
            return view(request, *args, **kwargs)
        except NotFound as refused:
            raise Http404 from refused
        except NotAllowed as refused:
            raise PermissionDenied(refused.message) from refused

    return answer


def gone_by(request: HttpRequest, initiative: Initiative) -> HttpResponse:
    """Back to the page of an initiative that has ended: no form is offered that could only be refused."""
    messages.info(request, f"This initiative has ended ({initiative.stage_label.lower()}).")
    return redirect(initiative_url(initiative.ref))
