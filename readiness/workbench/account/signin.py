"""The front door: in and out."""

import logging
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from readiness import clock
from readiness.accounts import throttle
from readiness.accounts.addresses import address_of
from readiness.accounts.backend import person_named
from readiness.accounts.models import Organisation, User
from readiness.accounts.two_factor import DUE, has_authenticator, is_demanded
from readiness.ui.lazily import gettext_lazy
from readiness.workbench.account.forms import SignInForm
from readiness.workbench.refusals import OK, UNPROCESSABLE

log = logging.getLogger(__name__)

TOO_MANY = 429
WAITING = "waits_for_second_factor"
"""In the session of who gave the right password: who it was, when, and what their session hash was."""
WRONG = gettext_lazy("This username and password do not go together, or the account is not active.")
DEMO_PEOPLE = {
    "lena": gettext_lazy("Project lead: fills in checklists, submits gates"),
    "ravi": gettext_lazy("Reviewer: decides gates"),
    "elsa": gettext_lazy("Executive: sees the portfolio"),
    "omar": gettext_lazy("Lead of another unit"),
    "iris": gettext_lazy("Auditor: reads everything"),
    "ada": gettext_lazy("Admin: people, thresholds, the organisation"),
}


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. Who is signed in already goes on to where they wanted to go."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(onward(request))
        return _page(request, SignInForm(), OK)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, form, UNPROCESSABLE)
    at, typed = clock.now(), form.cleaned_data["username"]
    account, address = _account(typed), address_of(request)
    wait = throttle.take(throttle.SIGN_IN, account, address, at)
    if wait:
        log.warning("sign-in refused: too many tries from %s", address)
        return too_many(request, "registration/login.html", _context(request, form), wait)
    user = authenticate(request, username=typed, password=form.cleaned_data["password"])
    if user is None:
        log.warning("sign-in failed from %s", address)
        form.add_error(None, WRONG)
        return _page(request, form, UNPROCESSABLE)
    throttle.forgive(throttle.SIGN_IN, account, address)
    if has_authenticator(user):
        return ask_for_code(request, user, at)
    return begin_session(request, user, at)


@login_not_required
@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("login")


def ask_for_code(request: HttpRequest, user: Any, at: datetime) -> HttpResponse:
    """The password was right, and nobody is signed in yet: the code of the app is next."""
    request.session.flush()
    request.session[WAITING] = [user.pk, int(at.timestamp()), user.get_session_auth_hash()]
    return HttpResponseRedirect(with_next("login-code", request))


def begin_session(request: HttpRequest, user: Any, at: datetime) -> HttpResponse:
    """Sign in under a new session key, and go on. The session ends at a fixed moment, however busy it is."""
    login(request, user)
    request.session.pop(WAITING, None)
    request.session.set_expiry(at + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    log.info("signed in: person %s", user.pk)
    if is_demanded(user) and not has_authenticator(user):
        request.session[DUE] = True
        return HttpResponseRedirect(with_next("account-two-factor", request))
    return HttpResponseRedirect(onward(request))


def with_next(name: str, request: HttpRequest) -> str:
    """The address of a page on the way to where one wanted to go, which it takes along."""
    wanted = wanted_next(request)
    return reverse(name) + (f"?{urlencode({'next': wanted})}" if wanted else "")


def onward(request: HttpRequest) -> str:
    """Where to go after signing in: ``next`` if it is an address of ours, else the start."""
    wanted = wanted_next(request)
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else settings.LOGIN_REDIRECT_URL


def wanted_next(request: HttpRequest) -> str:
    """As it was sent: not yet known to be an address of ours."""
    return request.POST.get("next") or request.GET.get("next", "")


def too_many(request: HttpRequest, template: str, context: dict[str, Any], wait: int) -> HttpResponse:
    """The same page again, with a plain word and ``Retry-After`` in seconds."""
    minutes = -(-wait // 60)
    context["wait"] = ngettext("a minute", "%(count)s minutes", minutes) % {"count": minutes}
    response = render(request, template, context, status=TOO_MANY)
    response["Retry-After"] = str(wait)
    return response


def _account(typed: str) -> str:
    """Whose tries are counted: one count for a person, by whichever of their names they try."""
    person = person_named(typed)
    return f"person {person.pk}" if person is not None else f"nobody {typed}"


def _page(request: HttpRequest, form: SignInForm, status: int) -> HttpResponse:
    return render(request, "registration/login.html", _context(request, form), status=status)


def _context(request: HttpRequest, form: SignInForm) -> dict[str, Any]:
    organisation = Organisation.get()
    return {
        "form": form,
        "next": wanted_next(request),
        "organisation": organisation,
        "demo_people": _demo_people() if organisation.demo else [],
        "needs_admin": not organisation.demo
        and not User.objects.admins().able_to_sign_in(organisation).exists(),
    }


def _demo_people() -> list[dict[str, str]]:
    people = User.objects.active().filter(is_demo=True, username__in=DEMO_PEOPLE)
    names = dict(people.values_list("username", "name"))
    return [
        {"username": username, "name": names[username], "does": does}
        for username, does in DEMO_PEOPLE.items()
        if username in names
    ]
