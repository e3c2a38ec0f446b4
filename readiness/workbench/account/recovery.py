"""A forgotten password, and the links that set a new one."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from kombu.exceptions import OperationalError

from readiness import clock
from readiness.accounts import throttle
from readiness.accounts.addresses import address_of
from readiness.accounts.password_links import holder_of
from readiness.accounts.tasks import mail_reset_link
from readiness.actions.errors import NotFound, Refused
from readiness.actions.passwords import set_password_by_link
from readiness.ui.lazily import gettext_lazy
from readiness.workbench.account.forms import ForgottenForm, NewPasswordForm
from readiness.workbench.account.signin import too_many
from readiness.workbench.refusals import OK, UNPROCESSABLE, tell

log = logging.getLogger(__name__)

KEPT_KEY = "password_link"
GONE, UNAVAILABLE = 410, 503
NO_MAIL = gettext_lazy("Mail cannot be sent at the moment. Please try again in a few minutes.")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. The answer, and the time it takes, are the same whether or not there is an account."""
    template, form = "registration/password_reset_form.html", ForgottenForm(request.POST or None)
    if request.method != "POST":
        return render(request, template, {"form": form})
    if not form.is_valid():
        return render(request, template, {"form": form}, status=UNPROCESSABLE)
    email = form.cleaned_data["email"]
    wait = throttle.take(throttle.RESET, email, address_of(request), clock.now())
    if wait:
        return too_many(request, template, {"form": form}, wait)
    try:
        mail_reset_link.delay(email)
    except (OperationalError, OSError):
        log.exception("no broker: a link to reset a password was not sent")
        form.add_error(None, NO_MAIL)
        return render(request, template, {"form": form}, status=UNAVAILABLE)
    return redirect("password_reset_done")


@login_not_required
@require_safe
def forgotten_done(request: HttpRequest) -> HttpResponse:
    return render(request, "registration/password_reset_done.html")


@login_not_required
@never_cache
@require_safe
def open_link(request: HttpRequest, key: str) -> HttpResponse:
    """Take the key out of the address, where histories and logs keep it, into the session. It is not used up yet."""
    if holder_of(key, clock.now()) is None:
        return _void(request)
    request.session[KEPT_KEY] = key
    return redirect("password_set")


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: HttpRequest) -> HttpResponse:
    """Choose a password with the link that was opened."""
    key, at = request.session.get(KEPT_KEY, ""), clock.now()
    holder = holder_of(key, at)
    if holder is None:
        return _void(request)
    form, status = NewPasswordForm(request.POST or None), OK
    if request.method == "POST" and form.is_valid():
        try:
            set_password_by_link(key, form.cleaned_data["password"], at)
        except NotFound:
            return _void(request)
        except Refused as refused:
            status = tell(form, refused)
        else:
            request.session.pop(KEPT_KEY, None)
            messages.success(request, _("Your password is set. Sign in with it."))
            return redirect("login")
    elif request.method == "POST":
        status = UNPROCESSABLE
    context = {"form": form, "holder": holder}
    return render(request, "registration/password_reset_confirm.html", context, status=status)


def _void(request: HttpRequest) -> HttpResponse:
    request.session.pop(KEPT_KEY, None)
    return render(request, "registration/password_link_void.html", status=GONE)
