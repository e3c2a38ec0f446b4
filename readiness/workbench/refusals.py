"""How pages answer what an act refused."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gates.models import Initiative
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from readiness.standing.links import initiative_url
from readiness.ui.local import within
from readiness.ui.saying import say

OK, CONFLICT, UNPROCESSABLE = 200, 409, 422

View = Callable[..., HttpResponse]
Response = TypeVar("Response", bound=HttpResponseBase)


def must(act: Act, acts: frozenset[Act]) -> None:
    """403 for who may look but not touch."""
    if act not in acts:
        raise PermissionDenied(_("You may not %(act)s here.") % {"act": act.words})


def answering_refusals(view: Callable[..., Response]) -> Callable[..., Response | HttpResponse]:
    """What an act refuses to everybody's page alike, where the page has no better answer: 404, 403, 409."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> Response | HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound as refused:
            raise Http404 from refused
        except NotAllowed as refused:
            raise PermissionDenied(refused.message) from refused
        except Conflict as refused:
            return render(request, "409.html", {"reason": refused.message}, status=409)

    return answer


def tell(form: BaseForm, refused: Refused) -> int:
    """Put what is wrong at its fields, or above the form. Returns the status of the page that shows it.

    What ``answering_refusals`` answers with a page of its own is raised again.
    """
    if isinstance(refused, NotFound | NotAllowed):
        raise refused
    if not isinstance(refused, Invalid):
        form.add_error(None, refused.message)
        return CONFLICT
    for error in refused.errors:
        form.add_error(error.field if error.field in form.fields else None, error.message)
    return UNPROCESSABLE


def gone_by(request: HttpRequest, initiative: Initiative) -> HttpResponse:
    """Back to the page of an initiative that has ended: no form is offered that could only be refused."""
    messages.info(
        request,
        _("This initiative has ended (%(stage_label)s).")
        % {"stage_label": within(say(initiative.stage_label))},
    )
    return redirect(initiative_url(initiative.ref))
